"""Dates, times and durations of FEEL (DMN 1.5 §10.3.2.3), with years far beyond Python's."""
