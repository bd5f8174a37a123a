"""Several pictures as one, each with its number: a pure function for a worker process."""

import math
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from bot.images.codec import bytes_of, decoded, encoded, flat_rgb
from bot.images.result import PictureType

# Of the longer side. Slack's and other clients show far less, and the originals are there as files.
# As JPEG it has at most about 6 MB, when every pixel is noise.
GRID_SIDE_MAX_PX = 2048
GAP_PX = 8
TYPE = PictureType.JPEG
# Greys that show on a light and on a dark background.
_GAP, _COVER, _LOCK = (92, 92, 96), (52, 52, 56), (128, 128, 134)
_BADGE, _DIGIT = (24, 24, 26), (255, 255, 255)
# A badge's side, of a tile's shorter side, and at least so many pixels.
_BADGE_OF_TILE, _BADGE_MIN_PX = 0.14, 12

Size = tuple[int, int]


def grid(tiles: Sequence[Path | bytes | None], size: Size) -> bytes:
    """Pictures of `size` (px) in rows, numbered from 1; None is a covered one. A JPEG.

    One picture is in memory at a time. The same `tiles` give the same bytes. Raises PictureRefused,
    OSError.
    """
    columns = _columns(len(tiles), size)
    rows = math.ceil(len(tiles) / columns)
    tile = _tile(size, columns, rows)
    whole = (_length(columns, tile[0]), _length(rows, tile[1]))
    canvas = Image.new("RGB", whole, _GAP)
    for index, source in enumerate(tiles):
        made = _covered(tile) if source is None else _fitted(source, tile)
        _number(made, index + 1)
        row, column = divmod(index, columns)
        canvas.paste(made, (column * (tile[0] + GAP_PX), row * (tile[1] + GAP_PX)))
    return encoded(canvas, TYPE)


def _columns(count: int, size: Size) -> int:
    """So that the whole is as near to a square as it gets: of two equal ones, the wider.

    No place stays empty, but the last one of three squares.
    """
    wanted = [n for n in range(count, 0, -1) if count % n == 0 or (count, n) == (3, 2)]

    def elongation(columns: int) -> float:
        ratio = columns * size[0] / (math.ceil(count / columns) * size[1])
        return round(abs(math.log(ratio)), 6)

    return min(wanted, key=elongation)


def _tile(size: Size, columns: int, rows: int) -> Size:
    """The size of one tile: as drawn, or smaller where the whole would be too large."""
    most = (GRID_SIDE_MAX_PX - (columns - 1) * GAP_PX) / columns
    highest = (GRID_SIDE_MAX_PX - (rows - 1) * GAP_PX) / rows
    scale = min(1.0, most / size[0], highest / size[1])
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def _length(count: int, side_px: int) -> int:
    return count * side_px + (count - 1) * GAP_PX


def _fitted(source: Path | bytes, tile: Size) -> Image.Image:
    image = flat_rgb(decoded(bytes_of(source))[0])
    return ImageOps.pad(image, tile, Image.Resampling.LANCZOS, color=_GAP)


def _covered(tile: Size) -> Image.Image:
    """A plain tile with a lock."""
    made = Image.new("RGB", tile, _COVER)
    draw, side = ImageDraw.Draw(made), min(tile) / 5
    x, y = tile[0] / 2, tile[1] / 2
    draw.rounded_rectangle((x - side / 2, y - side / 8, x + side / 2, y + side / 2), 4, fill=_LOCK)
    bow = (x - side / 3, y - side / 2, x + side / 3, y + side / 4)
    draw.arc(bow, 180, 360, fill=_LOCK, width=max(2, round(side / 8)))
    return made


def _number(made: Image.Image, number: int) -> None:
    """A badge in the upper left corner, with the number that buttons and menus use."""
    side = max(_BADGE_MIN_PX, round(min(made.size) * _BADGE_OF_TILE))
    at = side // 4
    draw = ImageDraw.Draw(made)
    draw.rounded_rectangle((at, at, at + side, at + side), side // 4, fill=_BADGE)
    font = ImageFont.load_default(side * 0.7)
    draw.text((at + side / 2, at + side / 2), str(number), _DIGIT, font, anchor="mm")
