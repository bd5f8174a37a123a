"""Bytes of pictures: formats, decoding, metadata, their worker processes, and what was drawn."""
