"""Schedulers, as tables of numbers or as they are."""
