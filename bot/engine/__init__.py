"""Stable Diffusion with step-level continuous batching: see docs/engine.md.

Lives in a process of its own. Only this folder knows torch; `options.py` and `opening.py` can be
imported without it.
"""
