"""Use cases: one noun a module, verbs as functions, never a commit."""
