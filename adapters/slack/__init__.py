"""Limner on Slack, with slack-bolt: see docs/architecture.md for its rooms.

`app.py` connects all of it; `context.py` says who is asking.
"""
