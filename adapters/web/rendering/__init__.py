"""Pure functions from values to HTML."""
