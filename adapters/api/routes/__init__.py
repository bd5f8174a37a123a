"""The routes, grouped by subject, one subject a file."""
