"""Paint for sketches: gradients, clouds of noise, light, soft shapes. Pillow alone.

Positions and lengths are in pixels here; scenery and subjects use fractions.
"""

import random
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.backends.sketch.brush.colors import Color, mix

Point = tuple[float, float]
Size = tuple[int, int]
Stops = Sequence[tuple[float, Color]]

# Masks are drawn at twice the size and shrunk, which makes their edges smooth.
FINE = 2
_STEPS = 64


def gradient(size: Size, stops: Stops) -> Image.Image:
    """From top to bottom through `stops`, each a height from 0 to 1 and a colour."""
    strip = Image.new("RGB", (1, _STEPS))
    strip.putdata([_at(stops, (row + 0.5) / _STEPS) for row in range(_STEPS)])
    return strip.resize(size, Image.Resampling.BICUBIC)


def ramp(size: Size, values: Sequence[int]) -> Image.Image:
    """A mask from top to bottom through evenly spaced `values`."""
    strip = Image.new("L", (1, len(values)))
    strip.putdata(list(values))
    return strip.resize(size, Image.Resampling.BILINEAR)


def _at(stops: Stops, place: float) -> Color:
    for (low, one), (high, other) in pairwise(stops):
        if place <= high:
            share = (place - low) / (high - low) if high > low else 0.0
            return mix(one, other, round(max(0.0, share), 4))
    return stops[-1][1]


def noise(size: Size, cells: Size, rng: random.Random) -> Image.Image:
    """Soft random light and dark, `cells` blotches across and down."""
    across, down = max(2, cells[0]), max(2, cells[1])
    coarse = Image.frombytes("L", (across, down), rng.randbytes(across * down))
    return coarse.resize(size, Image.Resampling.BICUBIC)


def clouds(size: Size, cells: Size, rng: random.Random, octaves: int = 4) -> Image.Image:
    """Noise on several scales. Made at a quarter of the size: nothing in it is sharp."""
    small = (max(8, size[0] // 4), max(8, size[1] // 4))
    result = noise(small, cells, rng)
    for octave in range(1, octaves):
        finer = noise(small, (cells[0] << octave, cells[1] << octave), rng)
        result = Image.blend(result, finer, 0.5 / (octave + 0.5))
    return result.resize(size, Image.Resampling.BICUBIC)


def curve(mask: Image.Image, low: int, high: int, top: int = 255) -> Image.Image:
    """`mask` stretched so that `low` becomes 0 and `high` becomes `top`."""
    span = max(1, high - low)
    return mask.point([min(top, max(0, (value - low) * top // span)) for value in range(256)])


def dimmed(mask: Image.Image, share: float) -> Image.Image:
    return mask.point([round(value * share) for value in range(256)])


def polygon(size: Size, points: Sequence[Point]) -> Image.Image:
    """A mask with smooth edges."""
    mask = Image.new("L", (size[0] * FINE, size[1] * FINE))
    ImageDraw.Draw(mask).polygon([(x * FINE, y * FINE) for x, y in points], fill=255)
    return mask.reduce(FINE)


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 8) -> list[Point]:
    """A Catmull-Rom spline through `points`."""
    count = len(points)
    if closed:
        around = [points[-1], *points, points[0], points[1]]
        pieces = count
    else:
        around = [points[0], *points, points[-1]]
        pieces = count - 1
    result: list[Point] = []
    for index in range(pieces):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = around[index : index + 4]
        for step in range(steps):
            t = step / steps
            result.append((_spline(ax, bx, cx, dx, t), _spline(ay, by, cy, dy, t)))
    return result if closed else [*result, points[-1]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))


@lru_cache(maxsize=8)
def _spot(power: float) -> Image.Image:
    """A round light, 255 in the middle and 0 at the rim."""
    fade = [round(255 * max(0.0, 1 - value / 180) ** power) for value in range(256)]
    return Image.radial_gradient("L").point(fade)


def glow(image: Image.Image, at: Point, radius: float, light: Color, *, power: float = 2.0) -> None:
    """Add light around `at`, in place."""
    reach = max(1, round(radius))
    left, top = round(at[0]) - reach, round(at[1]) - reach
    box = (
        max(0, left),
        max(0, top),
        min(image.width, left + 2 * reach),
        min(image.height, top + 2 * reach),
    )
    if box[0] >= box[2] or box[1] >= box[3]:
        return
    spot = _spot(power).resize((2 * reach, 2 * reach), Image.Resampling.BILINEAR)
    spot = spot.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
    under = image.crop(box)
    lit = ImageChops.screen(
        under,
        Image.composite(Image.new("RGB", under.size, light), Image.new("RGB", under.size), spot),
    )
    image.paste(lit, box[:2])


def disc(
    image: Image.Image, at: Point, radius: float, fill: Color, *, opacity: float = 1.0
) -> None:
    reach = round(radius) + 2
    mask = Image.new("L", (2 * reach * FINE, 2 * reach * FINE))
    middle = reach * FINE
    span = radius * FINE
    ImageDraw.Draw(mask).ellipse(
        (middle - span, middle - span, middle + span, middle + span), fill=round(255 * opacity)
    )
    image.paste(fill, (round(at[0]) - reach, round(at[1]) - reach), mask.reduce(FINE))


def bloom(image: Image.Image, share: float) -> Image.Image:
    """`image` with light spreading from its bright places."""
    small = image.reduce(4)
    small = small.point([max(0, value - 150) * 2 for value in range(256)] * 3)
    soft = small.filter(ImageFilter.GaussianBlur(max(2, min(image.size) / 100)))
    soft = soft.point([round(value * share) for value in range(256)] * 3)
    return ImageChops.screen(image, soft.resize(image.size, Image.Resampling.BILINEAR))


def vignette(image: Image.Image, shade: Color, share: float) -> Image.Image:
    """`image` with darker corners."""
    mask = Image.radial_gradient("L").point(
        [round(255 * share * max(0.0, (value - 110) / 145) ** 1.5) for value in range(256)]
    )
    image.paste(shade, (0, 0), mask.resize(image.size, Image.Resampling.BICUBIC))
    return image


def grained(image: Image.Image, rng: random.Random, amount: float) -> Image.Image:
    """`image` with a paper's grain, which also hides the steps of soft gradients."""
    side = 256
    one, two = (Image.frombytes("L", (side, side), rng.randbytes(side * side)) for _ in range(2))
    fine = Image.blend(one, two, 0.5)
    tile = Image.blend(fine, fine.filter(ImageFilter.GaussianBlur(1.2)), 0.4)
    sheet = Image.new("L", image.size, 128)
    for top in range(0, image.height, side):
        for left in range(0, image.width, side):
            sheet.paste(tile.transpose(Image.Transpose(rng.randrange(7))), (left, top))
    spread = [round(128 + (value - 128) * amount) for value in range(256)]
    sheet = sheet.point(spread)
    return ImageChops.soft_light(image, Image.merge("RGB", (sheet, sheet, sheet)))
