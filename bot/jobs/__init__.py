"""The life of one request, from the command to the card, and what comes of its result.

What people can do with pictures is in `studio.py`.
"""
