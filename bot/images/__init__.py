"""Pictures as bytes: formats, decoding, metadata, worker processes; and what was drawn."""
