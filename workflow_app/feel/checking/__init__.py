"""What is wrong with a text, found without running it: types, inference, problems (§10.3.2.9)."""
