"""Stable Diffusion with step-level continuous batching: see docs/engine.md.

Lives in a process of its own. Only this folder knows torch; `runtime/options.py` and `loader.py`
can be imported without it.
"""
