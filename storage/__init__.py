"""What the bot stores: all SQL is here, and so are the files of the pictures.

The stores of jobs, cases and people have files of their own; those of cards, pending cards, the
owner and installations are in `sqlite_store.py`, presets and favourites in `people_store.py`.
"""
