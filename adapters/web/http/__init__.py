"""Requests of browsers: sessions, forms, and what is refused."""
