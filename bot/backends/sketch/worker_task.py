"""The part of a sketch that a worker process does. Imports the painter only there."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bot.images import codec
from bot.images.result import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What decides one sketch to the byte. `image` is a starting image."""

    prompt: str
    negative: str
    width_px: int
    height_px: int
    seed: int
    guidance: float
    strength: float
    image: bytes | None = None


def draw(order: Order, inbox: Path, stem: str, report: Callable[[float], None]) -> Picture:
    """Draw one sketch into a file in `inbox`. Raises PictureRefused for its starting image."""
    from bot.backends.sketch.painter import sketch  # noqa: PLC0415  (only a worker needs the painter)

    kept = codec.keep([sketch(order, report)], inbox, stem)[0]
    # Safe by construction, unless somebody's picture shines through.
    return replace(kept, flagged=False if order.image is None else None)
