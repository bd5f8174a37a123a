"""A value in, blocks out; pure."""
