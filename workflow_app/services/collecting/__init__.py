"""Collections: many short answers from outside, beside the steps of a case."""
