"""Prompts as embeddings: plain as the stock pipeline does it, or weighted with compel."""

from collections import OrderedDict
from typing import Any

import torch
from compel import Compel

from bot.engine.models.loras import Loras
from bot.errors import BackendRejected

# Embeddings kept, in positions; a plain prompt has 77. In float16 for SD 2 this is 40 MB.
KEPT = 256 * 77
COMPELS_KEPT = 16


class Text:
    """An encoder with the embeddings that were used last. Belongs to the step thread.

    Everything is kept by adapter, because LoRA weights change the text encoder, too.
    """

    def __init__(self, pipe: Any, loras: Loras, device: torch.device, kept: int = KEPT) -> None:
        self._pipe, self._loras, self._device, self._kept = pipe, loras, device, kept
        self._known: OrderedDict[tuple[str, bool, str], torch.Tensor] = OrderedDict()
        self._compels: OrderedDict[str, Compel] = OrderedDict()

    def encode(
        self, prompt: str, negative: str | None, *, weighted: bool, lora: str
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """(L, D) of each, equally long. L is 77, or a multiple of it for long weighted prompts."""
        adapter = self._loras.adapter(lora)
        with self._loras.active([lora]):
            words = self._one(prompt, weighted=weighted, adapter=adapter)
            if negative is None:
                return words[0], None
            without = self._one(negative, weighted=weighted, adapter=adapter)
            if weighted:
                level = self._compel(adapter).pad_conditioning_tensors_to_same_length
                words, without = level([words, without])
        return words[0], without[0]

    def _one(self, text: str, *, weighted: bool, adapter: str) -> torch.Tensor:
        """The embedding of `text`, kept for the next time: (1, L, D)."""
        key = (text, weighted, adapter)
        if key not in self._known:
            found = self._weighted(text, adapter) if weighted else self._plain(text)
            self._known[key] = found
        self._known.move_to_end(key)
        found = self._known[key]
        while sum(known.shape[1] for known in self._known.values()) > self._kept:
            self._known.popitem(last=False)
        return found

    def _weighted(self, text: str, adapter: str) -> torch.Tensor:
        try:
            return self._compel(adapter)(text)
        except torch.OutOfMemoryError:
            raise
        except Exception:  # noqa: BLE001  (compel's errors may quote the prompt)
            raise BackendRejected(detail="the weights in the words can't be read") from None

    def _plain(self, text: str) -> torch.Tensor:
        return self._pipe.encode_prompt(text, self._device, 1, False)[0]  # noqa: FBT003  (theirs)

    def _compel(self, adapter: str) -> Compel:
        """One for each adapter, because a Compel keeps its embedding of the empty prompt."""
        if adapter not in self._compels:
            self._compels[adapter] = Compel(
                tokenizer=self._pipe.tokenizer,
                text_encoder=self._pipe.text_encoder,
                truncate_long_prompts=False,
                device=str(self._device),
            )
            while len(self._compels) > COMPELS_KEPT:
                self._compels.popitem(last=False)
        self._compels.move_to_end(adapter)
        return self._compels[adapter]
