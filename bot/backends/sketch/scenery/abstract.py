"""For words that have no shape: abstract compositions made from the words' hashes."""

import hashlib
import math
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.backends.sketch.brush.canvas import (
    FINE,
    Point,
    clouds,
    curve,
    dimmed,
    disc,
    glow,
    gradient,
    polygon,
    smooth,
)
from bot.backends.sketch.brush.colors import Color, lightness, mix, toned
from bot.backends.sketch.brush.palette import Palette

Box = tuple[float, float, float, float]
Draw = ImageDraw.ImageDraw


def composition(
    image: Image.Image, words: tuple[str, ...], palette: Palette, rng: random.Random
) -> None:
    """Fill `image`: the first word picks the kind of composition, each word shapes a part."""
    words = words or ("",)
    kind = rng_of(words[0]).choice((_strata, _mosaic, _orbits))
    kind(image, words, palette, rng)
    wash = curve(clouds(image.size, (4, 4), rng, octaves=5), 70, 210)
    image.paste(palette.light, (0, 0), dimmed(wash, 0.1))


def rng_of(word: str, number: int = 0) -> random.Random:
    """A random generator seeded by a word, the same in every picture."""
    digest = hashlib.sha256(f"{word}:{number}".encode("utf-8", "replace")).digest()
    return random.Random(digest)  # noqa: S311  (a picture, no secret)


def _inks(palette: Palette) -> list[Color]:
    """Six colours that go together, from light to dark."""
    inks = [
        mix(palette.light, palette.sky[3], 0.4),
        palette.accent,
        palette.sky[2],
        toned(palette.accent, turn=150, chroma=0.75),
        palette.water,
        palette.deep,
    ]
    return sorted(inks, key=lightness, reverse=True)


def _strata(image: Image.Image, words: Sequence[str], palette: Palette, rng: random.Random) -> None:
    """Layers of cut paper before a pale disc; each layer's edge is made from its word."""
    wide, high = image.size
    unit = min(image.size)
    one, two, three, four = palette.sky
    image.paste(gradient(image.size, [(0.0, mix(one, two, 0.5)), (0.5, three), (1.0, four)]))
    at = (wide * rng.uniform(0.28, 0.72), high * rng.uniform(0.24, 0.4))
    glow(image, at, unit * 0.6, mix((0, 0, 0), palette.light, 0.55))
    disc(image, at, unit * rng.uniform(0.1, 0.17), mix(palette.light, (255, 255, 255), 0.3))
    count = rng.choice((6, 7, 8))
    for index in range(count):
        own = rng_of(words[index % len(words)], index // len(words))
        share = (index + 1) / count
        top = high * (0.3 + 0.64 * share**1.1 + rng.uniform(-0.03, 0.03))
        color = mix(mix(four, palette.accent, min(1.0, share * 1.6)), palette.deep, share**2 * 0.9)
        line = _edge(own, rng, image.size, top)
        _sheet(image, line, toned(color, turn=own.uniform(-24, 24)), palette)


def _edge(own: random.Random, rng: random.Random, size: tuple[int, int], top: float) -> list[Point]:
    """A line across: waves, peaks, scallops or steps, as the word has it."""
    wide, unit = size[0], min(size)
    often, tall = own.uniform(1.2, 3.6) * wide / unit, unit * own.uniform(0.03, 0.09)
    start = rng.uniform(0, math.tau)
    kind = own.choice(("wave", "wave", "peak", "scallop", "step"))

    def rise(t: float) -> float:
        turn = t * often + start
        if kind == "wave":
            return math.sin(turn * math.pi) + 0.4 * math.sin(turn * math.pi * 2.3)
        if kind == "peak":
            return 2 * abs(turn % 1 * 2 - 1) - 1
        if kind == "scallop":
            return 2 * math.sqrt(max(0.0, 1 - (turn % 1 * 2 - 1) ** 2)) - 1
        return float(round(math.sin(turn * math.pi) * 2)) / 2

    return [(wide * step / 160, top - tall * rise(step / 160)) for step in range(161)]


def _sheet(image: Image.Image, line: list[Point], color: Color, palette: Palette) -> None:
    """One sheet of paper with its shadow on those behind it."""
    wide, high = image.size
    unit = min(image.size)
    first = max(0, round(min(y for _, y in line) - unit * 0.06))
    if first >= high:
        return
    size = (wide, high - first)
    mask = polygon(size, [(0, size[1]), *((x, y - first) for x, y in line), (wide, size[1])])
    shadow = ImageChops.offset(mask, 0, -round(unit * 0.008))
    shadow.paste(0, (0, size[1] - round(unit * 0.01), wide, size[1]))
    shadow = shadow.filter(ImageFilter.GaussianBlur(unit / 60))
    image.paste(palette.deep, (0, first), dimmed(shadow, 0.5))
    paint = gradient(size, [(0.0, toned(color, light=0.06)), (0.6, color), (1.0, color)])
    image.paste(paint, (0, first), mask)


def _mosaic(image: Image.Image, words: Sequence[str], palette: Palette, rng: random.Random) -> None:
    """A wall of tiles; each word has its own few, laid out anew by every seed."""
    unit = min(image.size)
    side = unit / rng.choice((4, 5, 6)) * FINE
    columns, lines = math.ceil(image.width * FINE / side), math.ceil(image.height * FINE / side)
    inks = _inks(palette)
    sheet = Image.new("RGB", (image.width * FINE, image.height * FINE), inks[0])
    draw = ImageDraw.Draw(sheet)
    left, top = (sheet.width - columns * side) / 2, (sheet.height - lines * side) / 2
    tiles = [(rng_of(word, turn), word) for word in words for turn in range(3)]
    patterns = [own.choice(_TILES) for own, _ in tiles]
    for row in range(lines):
        for column in range(columns):
            x, y = left + column * side, top + row * side
            ground, ink = rng.sample(inks, 2)
            draw.rectangle((x, y, x + side, y + side), fill=ground)
            rng.choice(patterns)(draw, (x, y, x + side, y + side), ink, rng)
    image.paste(sheet.reduce(FINE))
    shade = gradient(
        image.size, [(0.0, (255, 255, 255)), (1.0, mix((255, 255, 255), palette.sky[0], 0.25))]
    )
    image.paste(ImageChops.multiply(image, shade))


def _quarter(draw: Draw, box: Box, ink: Color, rng: random.Random) -> None:
    x0, y0, x1, y1 = box
    side, corner = x1 - x0, rng.randrange(4)
    cx, cy = (x0, x1, x1, x0)[corner], (y0, y0, y1, y1)[corner]
    draw.pieslice((cx - side, cy - side, cx + side, cy + side), corner * 90, corner * 90 + 90, ink)


def _leaf(draw: Draw, box: Box, ink: Color, rng: random.Random) -> None:
    x0, y0, x1, y1 = box
    bend = (x1 - x0) * 0.26
    ends = [(x0, y0), (x1, y1)] if rng.random() < 0.5 else [(x1, y0), (x0, y1)]  # noqa: PLR2004
    (ax, ay), (bx, by) = ends
    side = 1 if ax < bx else -1
    middle = ((ax + bx) / 2, (ay + by) / 2)
    out = (middle[0] + bend, middle[1] - bend * side)
    back = (middle[0] - bend, middle[1] + bend * side)
    draw.polygon(
        [
            *smooth([(ax, ay), out, (bx, by)], closed=False),
            *smooth([(bx, by), back, (ax, ay)], closed=False),
        ],
        fill=ink,
    )


def _half(draw: Draw, box: Box, ink: Color, rng: random.Random) -> None:
    start = rng.randrange(4) * 90
    draw.pieslice(box, start, start + 180, ink)


def _eye(draw: Draw, box: Box, ink: Color, rng: random.Random) -> None:
    x0, y0, x1, y1 = box
    for share in (0.12, 0.28, 0.4)[: rng.randrange(1, 4)]:
        inset = (x1 - x0) * share
        rim = max(1, round((x1 - x0) * 0.06))
        draw.ellipse((x0 + inset, y0 + inset, x1 - inset, y1 - inset), outline=ink, width=rim)


def _triangle(draw: Draw, box: Box, ink: Color, rng: random.Random) -> None:
    x0, y0, x1, y1 = box
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    corners.pop(rng.randrange(4))
    draw.polygon(corners, fill=ink)


def _stripes(draw: Draw, box: Box, ink: Color, rng: random.Random) -> None:
    x0, y0, x1, y1 = box
    step = (x1 - x0) / 7
    upright = rng.randrange(2)
    for index in range(1, 7, 2):
        a = index * step
        bar = (x0 + a, y0, x0 + a + step, y1) if upright else (x0, y0 + a, x1, y0 + a + step)
        draw.rectangle(bar, fill=ink)


def _dots(draw: Draw, box: Box, ink: Color, rng: random.Random) -> None:
    x0, y0, x1, _ = box
    count = rng.choice((2, 3, 4))
    step = (x1 - x0) / count
    for row in range(count):
        for column in range(count):
            x, y, r = x0 + (column + 0.5) * step, y0 + (row + 0.5) * step, step * 0.27
            draw.ellipse((x - r, y - r, x + r, y + r), fill=ink)


def _fan(draw: Draw, box: Box, ink: Color, rng: random.Random) -> None:
    x0, y0, x1, y1 = box
    side, corner = x1 - x0, rng.randrange(4)
    cx, cy = (x0, x1, x1, x0)[corner], (y0, y0, y1, y1)[corner]
    for share in (0.95, 0.7, 0.45, 0.2):
        r = side * share
        rim = max(1, round(side * 0.1))
        draw.arc((cx - r, cy - r, cx + r, cy + r), corner * 90, corner * 90 + 90, ink, rim)


_TILES: tuple[Callable[[Draw, Box, Color, random.Random], None], ...] = (
    _quarter,
    _leaf,
    _half,
    _eye,
    _triangle,
    _stripes,
    _dots,
    _fan,
)


def _orbits(image: Image.Image, words: Sequence[str], palette: Palette, rng: random.Random) -> None:
    """Broken rings around a centre; each word decides the gaps of its rings."""
    one, two, three, _ = palette.sky
    sheet = gradient(
        (image.width, image.height), [(0.0, one), (0.6, mix(one, two, 0.8)), (1.0, three)]
    )
    sheet = sheet.resize((image.width * FINE, image.height * FINE))
    draw = ImageDraw.Draw(sheet)
    unit = min(sheet.size)
    cx, cy = sheet.width * rng.uniform(0.36, 0.64), sheet.height * rng.uniform(0.38, 0.62)
    inks = [ink for ink in _inks(palette) if abs(lightness(ink) - lightness(two)) > 0.1]  # noqa: PLR2004
    reach = 0.78
    while reach > 0.12:  # noqa: PLR2004  (the heart's own)
        own = rng_of(rng.choice(words), int(reach * 100))
        broad = own.uniform(0.02, 0.085)
        start, sweep = rng.uniform(0, 360), own.uniform(60, 330)
        r = reach * unit
        ink = rng.choice(inks)
        box = (cx - r, cy - r, cx + r, cy + r)
        draw.arc(box, start, start + sweep, ink, max(2, round(broad * unit * 0.8)))
        fine = max(1, round(unit * 0.0022))
        draw.arc(box, start + sweep, start + 360, mix(ink, two, 0.5), fine)
        _moon(draw, (cx, cy), r - broad * unit * 0.4, math.radians(start + sweep), inks, own)
        reach -= broad + own.uniform(0.008, 0.04)
    heart = unit * rng.uniform(0.07, 0.1)
    draw.ellipse((cx - heart, cy - heart, cx + heart, cy + heart), fill=palette.light)
    image.paste(sheet.reduce(FINE))
    glow(image, (cx / FINE, cy / FINE), unit * 0.26, mix((0, 0, 0), palette.light, 0.4))


def _moon(
    draw: Draw, middle: Point, reach: float, angle: float, inks: list[Color], own: random.Random
) -> None:
    """A dot on a ring's loose end."""
    x, y = middle[0] + reach * math.cos(angle), middle[1] + reach * math.sin(angle)
    r = reach * own.uniform(0.03, 0.09) + 3
    draw.ellipse((x - r, y - r, x + r, y + r), fill=own.choice(inks))
