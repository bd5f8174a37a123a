"""Rows of one noun a file."""
