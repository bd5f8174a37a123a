"""PNG, JPEG and WebP as containers: what a file is and how large, read from its bytes alone."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

from bot.images.result import PictureType

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_IHDR_BYTES = 13
RIFF_HEAD_BYTES = 12
_SOS = 0xDA
# Markers without a length, zero and 0xFF: none of them is valid before the first scan.
_BARE = {0x00, 0x01, *range(0xD0, 0xDA), 0xFF}
# Fill bytes before a marker: the limit keeps a hostile file from keeping the reader busy.
_FILL_MAX_BYTES = 16
# Start of frame, all kinds; DHT, JPG and DAC share the range.
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Segments or chunks before the frame: a colour profile takes 255 at most, but 10 MiB could hold two
# million.
_SEGMENTS_MAX = 1_000


class NotAPicture(ValueError):
    """Not a PNG, JPEG or WebP, or an incomplete one."""


@dataclass(frozen=True, slots=True)
class Header:
    type: PictureType
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Part:
    """A chunk or segment: `name` is its type, `data` its payload, `raw` all of its bytes."""

    name: bytes
    data: memoryview
    raw: memoryview


def sniffed(data: bytes) -> PictureType | None:
    """The type that `data` begins like, None for none."""
    if data.startswith(PNG_SIGNATURE):
        return PictureType.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return PictureType.JPEG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return PictureType.WEBP
    return None


def header_of(data: bytes) -> Header:
    """Type and size as `data` states them; cheap, nothing is decoded. Raises NotAPicture."""
    kind = sniffed(data)
    readers = {
        PictureType.PNG: _png_size,
        PictureType.JPEG: _jpeg_size,
        PictureType.WEBP: _webp_size,
    }
    if kind is None:
        raise NotAPicture("unknown format")
    try:
        width_px, height_px = readers[kind](data)
    except (struct.error, IndexError) as error:
        raise NotAPicture("breaks off") from error
    if not width_px or not height_px:
        raise NotAPicture("has no size")
    return Header(kind, width_px, height_px)


def is_animated(data: bytes) -> bool:
    """Whether a PNG or WebP says that it has several frames; cheap, nothing is decoded.

    A PNG says so among its first chunks, before the pixels.
    """
    kind = sniffed(data)
    try:
        if kind is PictureType.WEBP:
            first = next(webp_chunks(data), None)
            return first is not None and first.name == b"VP8X" and bool(first.data[0] & _ANIMATION)
        if kind is PictureType.PNG:
            named = (chunk.name for chunk in islice(png_chunks(data), _SEGMENTS_MAX))
            return b"acTL" in takewhile(lambda name: name != b"IDAT", named)
    except (NotAPicture, IndexError):
        return False
    return False


# Of the flags in a VP8X chunk: https://developers.google.com/speed/webp/docs/riff_container
_ANIMATION = 0x02


def png_chunks(data: bytes) -> Iterator[Part]:
    """All chunks up to IEND. Raises NotAPicture."""
    view, at, name = memoryview(data), len(PNG_SIGNATURE), b""
    while name != b"IEND":
        if at + 12 > len(data):
            raise NotAPicture("breaks off")
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise NotAPicture("breaks off")
        yield Part(name, view[at + 8 : end - 4], view[at:end])
        at = end


def jpeg_segments(data: bytes) -> Iterator[Part]:
    """All segments before the first scan; the last part is the scan and what follows it.

    `name` is the marker's one byte. Raises NotAPicture.
    """
    view, at = memoryview(data), 2
    while True:
        start = at
        fill = data[at : at + _FILL_MAX_BYTES]
        at += len(fill) - len(fill.lstrip(b"\xff"))
        name = data[at : at + 1]
        if at == start or not name or name[0] in _BARE:
            raise NotAPicture("breaks off")
        at += 1
        if name[0] == _SOS:
            yield Part(name, view[at:], view[start:])
            return
        end = at + int.from_bytes(data[at : at + 2], "big")
        if end < at + 2 or end > len(data):
            raise NotAPicture("breaks off")
        yield Part(name, view[at + 2 : end], view[start:end])
        at = end


def webp_chunks(data: bytes) -> Iterator[Part]:
    """All chunks inside the RIFF. Raises NotAPicture."""
    if len(data) < RIFF_HEAD_BYTES:
        raise NotAPicture("breaks off")
    view, at = memoryview(data), RIFF_HEAD_BYTES
    total = 8 + int.from_bytes(data[4:8], "little")
    if total > len(data):
        raise NotAPicture("breaks off")
    while at < total:
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        # Chunks begin at even offsets; the padding after the last one is often missing.
        end = at + 8 + length
        if end > total:
            raise NotAPicture("breaks off")
        yield Part(name, view[at + 8 : end], view[at : min(end + length % 2, total)])
        at = end + length % 2


def _png_size(data: bytes) -> tuple[int, int]:
    length, name, width_px, height_px = struct.unpack_from(">I4sII", data, 8)
    if name != b"IHDR" or length != _IHDR_BYTES:
        raise NotAPicture("does not begin with IHDR")
    return width_px, height_px


def _jpeg_size(data: bytes) -> tuple[int, int]:
    for segment in islice(jpeg_segments(data), _SEGMENTS_MAX):
        if segment.name[0] in _FRAMES:
            height_px, width_px = struct.unpack_from(">HH", segment.data, 1)
            return width_px, height_px
    raise NotAPicture("has no frame")


def _webp_size(data: bytes) -> tuple[int, int]:
    first = next(webp_chunks(data), None)
    if first is None:
        raise NotAPicture("is empty")
    return webp_canvas(first)


def webp_canvas(first: Part) -> tuple[int, int]:
    """Width and height from a WebP's first chunk, of whichever kind it is."""
    if first.name == b"VP8X":
        return (
            1 + int.from_bytes(first.data[4:7], "little"),
            1 + int.from_bytes(first.data[7:10], "little"),
        )
    if first.name == b"VP8L":
        bits = struct.unpack_from("<I", first.data, 1)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if first.name == b"VP8 ":
        width, height = struct.unpack_from("<HH", first.data, 6)
        return width & 0x3FFF, height & 0x3FFF
    raise NotAPicture("does not begin with a picture")
