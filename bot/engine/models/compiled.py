"""A model through torch.compile, for as long as that works."""

import logging
from collections.abc import Callable
from typing import Any

import torch

from bot.engine.runtime.failures import in_words

# Each shape (widths of a step times sizes) is a program of its own; torch allows 8 by default.
PROGRAMS_MAX = 256

log = logging.getLogger(__name__)


class Compiled:
    """Called like `model`. Where there is no compiler, or it fails, that is said once and the model
    goes on as it is. `compile_` is torch.compile.
    """

    def __init__(self, model: Any, compile_: Callable[..., Any] = torch.compile) -> None:
        config = torch._dynamo.config  # noqa: SLF001  (there is no other way)
        config.recompile_limit = max(config.recompile_limit, PROGRAMS_MAX)
        self._model = model
        self._fast = compile_(model, dynamic=False)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._fast is self._model:
            return self._model(*args, **kwargs)
        try:
            return self._fast(*args, **kwargs)
        except torch.OutOfMemoryError:
            raise
        except Exception as error:  # noqa: BLE001  (torch raises many kinds)
            return self._without(error, *args, **kwargs)

    def _without(self, error: Exception, *args: Any, **kwargs: Any) -> Any:
        """Call `model` itself; if that works, compiling is given up. Raises what `model` raises."""
        found = self._model(*args, **kwargs)
        log.warning("torch.compile can't be had, steps run without: %s", in_words(error))
        self._fast = self._model
        return found
