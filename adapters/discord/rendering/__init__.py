"""Pure functions from values to payloads."""
