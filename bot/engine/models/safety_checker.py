"""Whether a picture is safe to show at once: the folder's checker, a classifier, or both."""

import logging
from collections.abc import Sequence
from typing import Any

import torch

from bot.engine.runtime.failures import place_of
from bot.engine.runtime.images import as_image
from bot.engine.runtime.options import Classify

log = logging.getLogger(__name__)


class Checker:
    """diffusers' checker. It blackens what it flags, so it only ever sees a copy."""

    def __init__(self, checker: Any, extractor: Any, device: torch.device) -> None:
        self._checker, self._extractor, self._device = checker.eval(), extractor, device

    @classmethod
    def of(cls, pipe: Any, device: torch.device) -> "Checker | None":
        """The pipeline's own, where its folder has one."""
        if pipe.safety_checker is None or pipe.feature_extractor is None:
            return None
        return cls(pipe.safety_checker, pipe.feature_extractor, device)

    def flags(self, pictures: torch.Tensor) -> list[bool]:
        """One verdict for each of (n, 3, H, W) from 0 to 1."""
        seen = [as_image(picture) for picture in pictures]
        pixels = self._extractor(seen, return_tensors="pt").pixel_values
        dtype = next(self._checker.parameters()).dtype
        copies = pictures.permute(0, 2, 3, 1).contiguous().numpy().copy()
        found = self._checker(images=copies, clip_input=pixels.to(self._device, dtype))[1]
        return [bool(flag) for flag in found]


def verdict(png: bytes, *, checked: bool | None, classify: Classify | None) -> bool | None:
    """True if any of them flags it; None if there is none, or if one couldn't tell.

    Unknown is never the same as safe.
    """
    verdicts: Sequence[bool | None] = [] if checked is None else [checked]
    if classify is not None:
        verdicts = [*verdicts, _classified(classify, png)]
    if any(verdicts):
        return True
    return False if verdicts and None not in verdicts else None


def _classified(classify: Classify, png: bytes) -> bool | None:
    try:
        return classify(png)
    except Exception as error:  # noqa: BLE001  (any failure means unknown)
        log.warning("the classifier failed: %s", place_of(error))
        return None
