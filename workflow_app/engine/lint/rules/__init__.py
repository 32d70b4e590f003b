"""What the linter can say: one `Rule` a kind of finding, by what it is about."""
