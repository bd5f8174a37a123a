"""The tables, grouped by subject, one subject a file."""
