"""What an uploaded picture says it is, read from its first bytes.

Read by hand rather than through `Image.open`: a PNG of 10 MiB made of empty chunks keeps Pillow's
header reader busy for two seconds, and this runs on the event loop. Nothing is decoded here; that
is for a worker process.
"""

from dataclasses import dataclass

from bot.errors import InvalidValue
from bot.result import PictureType

IMAGE_MAX_BYTES = 10 * 1024 * 1024
IMAGE_MAX_SIDE_PX = 4_096
# An ICC profile takes at most 255 segments; real files have a few dozen before the frame.
_JPEG_MAX_SEGMENTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    type: PictureType
    width_px: int
    height_px: int


def sniff_image(data: bytes) -> ImageFacts:
    """Type and size of `data`, whatever it was called.

    Raises:
        InvalidValue: image_too_large, image_type or image_side.
    """
    if len(data) > IMAGE_MAX_BYTES:
        raise InvalidValue("image_too_large", {"limit": IMAGE_MAX_BYTES, "got": len(data)})
    facts = _read(data)
    if facts is None or not (facts.width_px and facts.height_px):
        raise InvalidValue("image_type", {})
    if max(facts.width_px, facts.height_px) > IMAGE_MAX_SIDE_PX:
        got = {"width": facts.width_px, "height": facts.height_px}
        raise InvalidValue("image_side", {"limit": IMAGE_MAX_SIDE_PX, **got})
    return facts


def _read(data: bytes) -> ImageFacts | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        size, kind = _png_size(data), PictureType.PNG
    elif data.startswith(b"\xff\xd8\xff"):
        size, kind = _jpeg_size(data), PictureType.JPEG
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        size, kind = _webp_size(data), PictureType.WEBP
    else:
        return None
    return ImageFacts(type=kind, width_px=size[0], height_px=size[1]) if size else None


def _png_size(data: bytes) -> tuple[int, int] | None:
    """Source: PNG 3rd edition, 5.6: IHDR comes first and is 13 bytes long."""
    if data[8:16] != b"\x00\x00\x00\rIHDR":
        return None
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Source: ITU-T T.81, B.1.1.4 and B.2.2: segments up to the first frame header."""
    at = 2
    for _ in range(_JPEG_MAX_SEGMENTS):
        marker = data[at : at + 2]
        if marker[:1] != b"\xff":
            return None
        if marker[1:] in _JPEG_FRAMES:
            frame = data[at + 5 : at + 9]
            return int.from_bytes(frame[2:], "big"), int.from_bytes(frame[:2], "big")
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


# SOF0 to SOF15 without DHT, JPG and DAC, which share the range.
_JPEG_FRAMES = frozenset(bytes([marker]) for marker in range(0xC0, 0xD0)) - {
    b"\xc4",
    b"\xc8",
    b"\xcc",
}


def _webp_size(data: bytes) -> tuple[int, int] | None:
    """Source: RFC 9649, 2.5 to 2.7: simple lossy, simple lossless and extended files."""
    chunk, body = data[12:16], data[20:30]
    if chunk == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
        return width & 0x3FFF, height & 0x3FFF
    if chunk == b"VP8L" and body[:1] == b"\x2f":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None
