"""The compatible HTTP API in front of an engine, for `limner serve`: see docs/api.md."""
