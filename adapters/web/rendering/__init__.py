"""A value in, HTML out; pure."""
