"""The environment, read once, checked, its secrets masked."""
