"""What a backend returned: pictures as files, because four of them are 12 MB."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

# Called with a fraction from 0 to 1. Synchronous and quick; calls may be skipped.
OnProgress = Callable[[float], None]


class PictureType(StrEnum):
    """The formats that are read and written. The value is the media type."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"

    @property
    def suffix(self) -> str:
        return {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One drawn picture in a file of its own, which was checked to its last pixel.

    `flagged` is the service's own NSFW verdict; None means that nobody looked, which is never
    the same as safe. `blank` is a picture of one colour.
    """

    path: Path
    sha256: str
    type: PictureType
    size_bytes: int
    width_px: int
    height_px: int
    flagged: bool | None
    blank: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageResult:
    """The answer to one request.

    `cost_micros` is what the backend charged, in millionths of a US dollar. `model` is the model
    that really drew. There may be fewer pictures than were asked for, but at least one.
    """

    pictures: tuple[Picture, ...]
    seed: int
    model: str
    cost_micros: int
    runtime_ms: int
    request_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPicture:
    """One picture in memory, as it goes onto the wire; `flagged` as in `Picture`."""

    png: bytes
    flagged: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What the engine made of one request; picture i was drawn with `seed` + i.

    `runtime_ms` is its share of the device's time in the steps that it was part of, so that it
    costs no more when others are drawn beside it.
    """

    pictures: tuple[DrawnPicture, ...]
    seed: int
    runtime_ms: int
