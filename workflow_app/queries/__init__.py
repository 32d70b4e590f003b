"""The read side: typed rows and keyset pages."""
