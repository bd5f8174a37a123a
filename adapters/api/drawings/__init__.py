"""Drawings: running ones, their costs, and their answers."""
