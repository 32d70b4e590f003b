"""Plain Python rules: no I/O, no framework; time is passed in."""
