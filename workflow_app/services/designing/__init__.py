"""The studio's use cases: drafts of processes, what is wrong with them, publishing them."""
