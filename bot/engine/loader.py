"""Opening an engine: look the folder over, load it, wire the parts, start the threads.

torch is imported inside, so that what is missing can be said in a sentence.
"""

import importlib.util
import os
from typing import Protocol

from bot.engine.models.model_folder import inspect
from bot.engine.runtime.options import Classify, EngineOptions
from bot.errors import Misconfigured
from bot.ports import Engine

LIBRARIES = ("torch", "diffusers", "transformers", "peft", "compel", "accelerate", "safetensors")


class OpenEngine(Engine, Protocol):
    """An engine that can be closed; see engine.py."""

    def close(self) -> None:
        """Stop after the step that runs. Blocks for seconds at most; idempotent."""


def open_engine(options: EngineOptions, classify: Classify | None = None) -> OpenEngine:
    """An engine that draws with the model in `options.model`. Takes seconds to minutes; blocks.

    Raises Misconfigured with a sentence for each thing that is missing.
    """
    folder = inspect(options.model, options.name)
    _check(options)
    # Nothing is ever fetched: a part that is missing fails at once instead of after time-outs.
    os.environ["HF_HUB_OFFLINE"] = "1"
    # transformers warns at its import of parts of torch that nothing here uses.
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    try:
        from bot.engine.assembly import assemble  # noqa: PLC0415  (torch: seconds, and an extra)
    except Exception as error:  # versions that don't fit each other raise many kinds
        text = (
            f"The engine's libraries can't be imported: {type(error).__name__}: {error}. Bring "
            "them up to date: pip install --upgrade 'limner[engine]'"
        )
        raise Misconfigured((" ".join(text.split()),)) from error

    return assemble(folder, options, classify)


def _check(options: EngineOptions) -> None:
    missing = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        text = (
            f"The engine needs {', '.join(missing)}, which this Python doesn't have. "
            "Install it with: pip install 'limner[engine]' "
            "(in a checkout: .venv/bin/pip install --editable '.[engine]')"
        )
        raise Misconfigured((text,))
    if options.loras is not None and not options.loras.is_dir():
        raise Misconfigured((f"The folder of LoRA weights, {options.loras}, is not there.",))
