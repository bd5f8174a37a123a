"""What a sketch is made from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SketchOrder:
    """What decides one sketch to the byte. `image` is a starting image."""

    prompt: str
    negative: str
    width_px: int
    height_px: int
    seed: int
    guidance: float
    strength: float
    image: bytes | None = None
