"""The outside world behind small interfaces, each with a fake twin."""
