"""Steps of many pictures at once: who takes part, how it is run, what becomes of the latents."""
