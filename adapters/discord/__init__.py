"""Limner on Discord, with discord.py: see docs/architecture.md for its rooms.

`app.py` connects all of it; `context.py` says who is asking.
"""
