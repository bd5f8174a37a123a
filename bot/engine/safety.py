"""Whether a picture is safe to show at once: the folder's checker, a classifier, or both."""

import io
from collections.abc import Sequence
from typing import Any

import torch
from PIL import Image

from bot.engine.options import Classify


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


def as_image(picture: torch.Tensor) -> Image.Image:
    """(3, H, W) from 0 to 1 as a picture of 8 bits, rounded as the stock pipelines do."""
    pixels = (picture.clamp(0, 1).permute(1, 2, 0) * 255).round().to(torch.uint8)
    height_px, width_px = pixels.shape[:2]
    return Image.frombytes("RGB", (width_px, height_px), pixels.contiguous().numpy().tobytes())


def as_png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def verdict(
    png: bytes, *, checked: bool | None, classify: Classify | None, flag_from: float
) -> bool | None:
    """True if anyone objects; None if nobody looked, or a classifier that should have couldn't.

    Unknown is never the same as safe.
    """
    verdicts: Sequence[bool | None] = [] if checked is None else [checked]
    if classify is not None:
        score = classify(png)
        verdicts = [*verdicts, None if score is None else score >= flag_from]
    if any(verdicts):
        return True
    return False if verdicts and None not in verdicts else None
