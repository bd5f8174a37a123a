"""Requests: their options, the commands, and how text is parsed into them."""
