"""From text to syntax tree: tokens, names, grammar, and what is said of a slip (§10.3.1)."""
