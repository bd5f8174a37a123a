"""Prompts as embeddings: plain as the stock pipeline does it, or weighted with compel."""

from collections import OrderedDict
from typing import Any

import torch
from compel import Compel

from bot.engine.loras import Loras
from bot.errors import BackendRejected

# A prompt in float16 is 150 KB (SD 2); weighted ones may be several times as long.
KEPT = 256


class Text:
    """An encoder with the embeddings that were used last. Belongs to the step thread."""

    def __init__(self, pipe: Any, loras: Loras, device: torch.device, kept: int = KEPT) -> None:
        self._pipe, self._loras, self._device, self._kept = pipe, loras, device, kept
        self._compel = Compel(
            tokenizer=pipe.tokenizer,
            text_encoder=pipe.text_encoder,
            truncate_long_prompts=False,
            device=str(device),
        )
        self._known: OrderedDict[tuple[str, bool, str], torch.Tensor] = OrderedDict()

    def encode(
        self, prompt: str, negative: str | None, *, weighted: bool, lora: str
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """(L, D) of each, equally long. L is 77, or a multiple of it for long weighted prompts."""
        words = self._one(prompt, weighted=weighted, lora=lora)
        if negative is None:
            return words[0], None
        without = self._one(negative, weighted=weighted, lora=lora)
        if weighted:
            words, without = self._compel.pad_conditioning_tensors_to_same_length([words, without])
        return words[0], without[0]

    def _one(self, text: str, *, weighted: bool, lora: str) -> torch.Tensor:
        key = (text, weighted, lora)
        if key not in self._known:
            with self._loras.worn_by_text(lora):
                self._known[key] = self._weighted(text) if weighted else self._plain(text)
        self._known.move_to_end(key)
        while len(self._known) > self._kept:
            self._known.popitem(last=False)
        return self._known[key]

    def _weighted(self, text: str) -> torch.Tensor:
        try:
            return self._compel(text)
        except torch.OutOfMemoryError:
            raise
        except Exception:  # noqa: BLE001  (a parser's; they may quote the prompt)
            raise BackendRejected(detail="the weights in the words can't be read") from None

    def _plain(self, text: str) -> torch.Tensor:
        return self._pipe.encode_prompt(text, self._device, 1, False)[0]  # noqa: FBT003  (theirs)
