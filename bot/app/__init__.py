"""The composition root: it builds, starts, listens and stops; only `cli/` imports it."""
