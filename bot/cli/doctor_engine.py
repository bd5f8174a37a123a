"""`limner doctor` looks over an engine of one's own without starting it."""

import importlib.util
import shutil
from collections.abc import Iterator, Mapping

from bot.cli.finding import Finding, bad, good, note
from bot.config.engine_settings import EngineSettings
from bot.config.settings import Settings
from bot.engine.loader import LIBRARIES
from bot.engine.models.model_folder import inspect
from bot.errors import Misconfigured

INSTALL = ".venv/bin/pip install --editable '.[engine]'"


def examine_engine(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Model, libraries, device and the other settings, for BACKEND=local."""
    assert settings.engine_model is not None
    try:
        folder = inspect(settings.engine_model, settings.model)
        EngineSettings.from_env(environ)
    except Misconfigured as error:
        for problem in error.problems:
            yield bad(f"Engine: {problem}", "limner serve --model PATH tries it by itself.")
    else:
        side_px = folder.sample_px
        yield good(
            f"Pictures: by {settings.model} on this machine, {side_px} px, from {folder.path}."
        )
    if missing := [name for name in LIBRARIES if importlib.util.find_spec(name) is None]:
        yield bad(f"Engine: {', '.join(missing)} can't be imported.", INSTALL)
    if shutil.which("nvidia-smi") is None:
        yield note(
            "Engine: no NVIDIA GPU is seen here; the processor draws, minutes for each picture.",
            "A small model, or few steps, make that bearable.",
        )
