"""The life of one request, from the wish to the card; `studio.py` is the front door."""
