"""Stable Diffusion with step-level continuous batching: see docs/engine.md.

Lives in a process of its own. Only this folder knows torch; `loader.py`, `runtime/options.py`,
`models/model_folder.py` and `batching/batch_policy.py` can be imported without it.
"""
