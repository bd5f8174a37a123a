"""The part of a sketch that a worker process does. Imports the painter only there."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.backends.sketch.order import SketchOrder
from bot.images import codec
from bot.images.result import Picture


def draw(order: SketchOrder, inbox: Path, stem: str, report: Callable[[float], None]) -> Picture:
    """Draw one sketch into a file in `inbox`. Raises PictureRefused for its starting image."""
    from bot.backends.sketch.painter import sketch  # noqa: PLC0415  (only a worker needs the painter)

    kept = codec.keep([sketch(order, report)], inbox, stem)[0]
    # Safe by construction, unless somebody's starting picture shows through.
    return replace(kept, flagged=False if order.image is None else None)
