"""The backends that draw: the inference API, an engine on this machine, sketches."""
