"""A value in, a payload out; pure."""
