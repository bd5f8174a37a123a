"""Limner on Slack, with slack-bolt: see docs/architecture.md for its rooms.

`app.py` puts the parts together; `context.py` says who is asking.
"""
