"""Where pictures come from: the inference API, an engine on this machine, sketches."""
