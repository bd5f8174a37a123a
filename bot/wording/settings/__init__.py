"""Sentences about a community's settings."""
