"""DMN 1.5 decisions: decision tables and literal expressions in FEEL."""
