"""LoRA weights by name, from one folder, several of them in one batch.

peft's layers take a list with an adapter's name for each row. diffusers doesn't hand it through,
so a hook on each layer supplies it: the layers' interface is peft's own, the hook is ours, and a
test compares mixed batches with the stock pipeline.
"""

import logging
import warnings
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from peft.tuners.lora.layer import LoraLayer
from safetensors.torch import load_file

from bot.engine.runtime.failures import in_words
from bot.errors import BackendRejected

# Adapters kept in memory; one of rank 64 for SD 2 takes about 200 MB in float16.
LOADED_MAX = 8
NONE = "__base__"  # peft's word for a row without an adapter
SUFFIX = ".safetensors"

log = logging.getLogger(__name__)


def names_in(folder: Path | None) -> tuple[str, ...]:
    """The names that may be asked for: the files of `folder`, without their suffix."""
    if folder is None or not folder.is_dir():
        return ()
    return tuple(sorted(file.stem for file in folder.glob(f"*{SUFFIX}") if file.is_file()))


class Loras:
    """The adapters of one pipeline. For the step thread, but for `names` and `look_again`."""

    def __init__(self, pipe: Any, folder: Path | None) -> None:
        self._pipe, self._folder = pipe, folder
        self._adapters: OrderedDict[str, str] = OrderedDict()  # name → peft's name, oldest first
        self._hooks: dict[LoraLayer, Any] = {}
        self._rows: list[str] = []
        self._loads = 0
        self.names = names_in(folder)

    def look_again(self) -> tuple[str, ...]:
        """The names that are there now; reads the folder."""
        self.names = names_in(self._folder)
        return self.names

    @property
    def loaded(self) -> int:
        return len(self._adapters)

    def need(self, name: str, in_use: Collection[str]) -> None:
        """Load `name` unless it is loaded; the oldest that are not `in_use` make room.

        Raises BackendRejected for weights of another model, and leaves nothing of them behind.
        """
        if name in self._adapters:
            self._adapters.move_to_end(name)
            return
        idle = [known for known in self._adapters if known not in in_use]
        for known in idle[: max(0, len(self._adapters) - LOADED_MAX + 1)]:
            self._pipe.delete_adapters(self._adapters.pop(known))
        self._loads += 1
        # peft warns of a second adapter, which is meant here.
        warnings.filterwarnings("ignore", message="Already found a `peft_config`")
        adapter = f"lora_{self._loads}"  # peft allows fewer characters in a name than files do
        try:
            assert self._folder is not None
            weights = load_file(self._folder / f"{name}{SUFFIX}")
            self._pipe.load_lora_weights(weights, adapter_name=adapter)
        except Exception as error:  # of many kinds, with up to 9 KB of text
            log.warning("the weights %s can't be used: %s", name, in_words(error))
            why = f"The LoRA {name} doesn't fit this model, or its file is damaged."
            raise BackendRejected(detail=why) from error
        finally:
            self._hook_layers()
        self._adapters[name] = adapter

    def adapter(self, name: str) -> str:
        """The name that peft knows it by: another one whenever it was loaded again."""
        return self._adapters[name] if name else NONE

    @contextmanager
    def active(self, names: Sequence[str]) -> Iterator[None]:
        """Inside, row i of a batch uses the LoRA `names[i]`, "" for none; one name is for all."""
        self._rows = [self.adapter(name) for name in names]
        try:
            yield
        finally:
            self._rows = []

    def _hook_layers(self) -> None:
        for model in (self._pipe.unet, self._pipe.text_encoder):
            for layer in model.modules():
                if isinstance(layer, LoraLayer) and layer not in self._hooks:
                    hook = layer.register_forward_pre_hook(self._name_rows, with_kwargs=True)
                    self._hooks[layer] = hook

    def _name_rows(
        self, _: Any, args: tuple[torch.Tensor, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[torch.Tensor, ...], dict[str, Any]]:
        rows = self._rows or [NONE]
        if len(rows) != len(args[0]):
            assert len(rows) == 1
            rows = rows * len(args[0])
        return args, {**kwargs, "adapter_names": rows}
