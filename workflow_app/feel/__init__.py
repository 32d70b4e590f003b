"""FEEL, the expression language of DMN 1.5 §10: parsed, compiled to closures, run within a budget."""
