"""The commands and their registration."""
