"""The environment, read once, checked, its secrets masked, also in the log."""
