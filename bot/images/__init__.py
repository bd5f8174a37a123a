"""Bytes of pictures: formats, decoding, metadata, and the worker processes for them."""
