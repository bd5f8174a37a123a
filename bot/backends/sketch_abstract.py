"""For words that have no shape: motifs that only a word's own hash decides, in one composition."""

import hashlib
import math
import random
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.backends.sketch_canvas import FINE, Point, clouds, curve, dimmed, gradient, ramp, smooth
from bot.backends.sketch_colors import Color, mix, toned
from bot.backends.sketch_palette import Palette

Draw = ImageDraw.ImageDraw
# A motif draws into a square of the given side around its middle, white on black.
Motif = Callable[[Draw, float, random.Random], None]


def composition(
    image: Image.Image, words: tuple[str, ...], palette: Palette, rng: random.Random
) -> None:
    """One large motif and smaller ones around it, translucent, over a soft field."""
    one, two, three, four = palette.sky
    image.paste(gradient(image.size, [(0.0, mix(one, two, 0.4)), (0.55, three), (1.0, four)]))
    _field(image, palette, rng)
    inks = [
        palette.accent,
        palette.ground,
        toned(palette.accent, turn=140, chroma=0.8),
        palette.light,
        palette.water,
        palette.deep,
    ]
    places = _places(max(3, len(words) + 2), image.size, rng)
    for index, (middle, side) in enumerate(places):
        word = words[index % len(words)] if words else str(index)
        own = random.Random(  # noqa: S311  (a picture, no secret)
            hashlib.sha256(f"{word}:{index // max(1, len(words))}".encode()).digest()
        )
        motif = own.choice(MOTIFS) if index else own.choice(MOTIFS[:6])
        ink = inks[(own.randrange(len(inks)) + index) % len(inks)]
        opacity = 0.92 if index == 0 else own.uniform(0.5, 0.88)
        _stamp(image, palette, (middle, side), motif, ink, opacity, own)


def _field(image: Image.Image, palette: Palette, rng: random.Random) -> None:
    veil = curve(clouds(image.size, (3, 3), rng, octaves=3), 90, 200)
    image.paste(mix(palette.sky[1], palette.sky[2], 0.5), (0, 0), dimmed(veil, 0.45))
    # One edge that cuts the field: a horizon of sorts.
    x, y = image.size
    tilt, base = rng.uniform(-0.1, 0.1), rng.uniform(0.58, 0.78)
    line = smooth(
        [
            (x * t / 4, y * (base + tilt * (t / 4 - 0.5) + rng.uniform(-0.04, 0.04)))
            for t in range(5)
        ],
        closed=False,
    )
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).polygon([(0, y), *line, (x, y)], fill=235)
    image.paste(
        gradient(
            image.size,
            [
                (0.0, palette.ground),
                (base, mix(palette.ground, palette.haze, 0.25)),
                (1.0, palette.deep),
            ],
        ),
        (0, 0),
        mask.filter(ImageFilter.GaussianBlur(0.8)),
    )


def _places(count: int, size: tuple[int, int], rng: random.Random) -> list[tuple[Point, float]]:
    """The first is the hero; the others keep a distance from each other."""
    unit = min(size)
    hero = (size[0] * rng.uniform(0.38, 0.62), size[1] * rng.uniform(0.4, 0.55))
    found: list[tuple[Point, float]] = [(hero, unit * rng.uniform(0.56, 0.68))]
    for index in range(1, min(count, 9)):
        side = unit * rng.uniform(0.14, 0.34) * (1.1 - index * 0.05)
        best, distance = hero, -1.0
        for _ in range(12):
            at = (size[0] * rng.uniform(0.1, 0.9), size[1] * rng.uniform(0.1, 0.9))
            nearest = min(math.dist(at, other) - (reach + side) * 0.36 for other, reach in found)
            if nearest > distance:
                best, distance = at, nearest
        found.append((best, side))
    return found


def _stamp(
    image: Image.Image,
    palette: Palette,
    place: tuple[Point, float],
    motif: Motif,
    ink: Color,
    opacity: float,
    rng: random.Random,
) -> None:
    middle, side = place
    edge = max(8, round(side * 1.1))
    mask = Image.new("L", (edge * FINE, edge * FINE))
    motif(ImageDraw.Draw(mask), edge * FINE, rng)
    mask = mask.reduce(FINE)
    corner = (round(middle[0] - edge / 2), round(middle[1] - edge / 2))
    shadow = mask.filter(ImageFilter.GaussianBlur(edge / 22))
    image.paste(
        palette.deep, (corner[0] + edge // 40, corner[1] + edge // 28), dimmed(shadow, 0.28)
    )
    wash = curve(clouds(mask.size, (3, 3), rng, octaves=4), 60, 200)
    paint = gradient(mask.size, [(0.0, toned(ink, light=0.07)), (1.0, toned(ink, light=-0.06))])
    paint.paste(toned(ink, light=0.06, turn=12), (0, 0), dimmed(wash, 0.5))
    image.paste(paint, corner, dimmed(mask, opacity))
    rim = ImageChops.subtract(
        mask, ImageChops.offset(mask, max(1, edge // 160), max(1, edge // 160))
    )
    image.paste(
        palette.light, corner, dimmed(ImageChops.multiply(rim, ramp(mask.size, (255, 120))), 0.45)
    )


def _rings(draw: Draw, side: float, rng: random.Random) -> None:
    count = rng.randrange(3, 7)
    for ring in range(count, 0, -1):
        r = side * 0.48 * ring / count
        draw.ellipse(
            (side / 2 - r, side / 2 - r, side / 2 + r, side / 2 + r),
            fill=255 if (count - ring) % 2 == 0 else 70,
        )


def _sun(draw: Draw, side: float, rng: random.Random) -> None:
    rays, half = rng.choice((12, 16, 24)), side / 2
    for ray in range(rays):
        angle = ray * math.tau / rays
        reach = half * (0.97 if ray % 2 else 0.8)
        spread = math.pi / rays * 0.55
        draw.polygon(
            [
                (half + half * 0.56 * math.cos(angle + t), half + half * 0.56 * math.sin(angle + t))
                for t in (-spread, spread)
            ]
            + [(half + reach * math.cos(angle), half + reach * math.sin(angle))],
            fill=255,
        )
    r = half * 0.48
    draw.ellipse((half - r, half - r, half + r, half + r), fill=255)


def _petals(draw: Draw, side: float, rng: random.Random) -> None:
    count, half = rng.randrange(5, 13), side / 2
    wide = half * rng.uniform(0.16, 0.3)
    for petal in range(count):
        angle = petal * math.tau / count
        nx, ny = math.cos(angle), math.sin(angle)
        leaf = [(0.1, 0.0), (0.45, 1.0), (0.8, 0.75), (0.98, 0.0), (0.8, -0.75), (0.45, -1.0)]
        draw.polygon(
            smooth(
                [
                    (half + nx * u * half - ny * v * wide, half + ny * u * half + nx * v * wide)
                    for u, v in leaf
                ]
            ),
            fill=255 if petal % 2 else 175,
        )


def _blob(draw: Draw, side: float, rng: random.Random) -> None:
    half, count = side / 2, rng.randrange(5, 9)
    points = []
    for step in range(count):
        angle, reach = step * math.tau / count, half * rng.uniform(0.58, 0.95)
        points.append((half + reach * math.cos(angle), half + reach * math.sin(angle)))
    draw.polygon(smooth(points), fill=255)
    r = half * rng.uniform(0.1, 0.22)
    x, y = half + rng.uniform(-0.25, 0.25) * half, half + rng.uniform(-0.25, 0.25) * half
    draw.ellipse((x - r, y - r, x + r, y + r), fill=60)


def _arches(draw: Draw, side: float, rng: random.Random) -> None:
    count = rng.randrange(3, 6)
    for arch in range(count, 0, -1):
        r = side * 0.46 * arch / count
        fill = 255 if (count - arch) % 2 == 0 else 0
        draw.pieslice(
            (side / 2 - r, side * 0.5 - r, side / 2 + r, side * 0.5 + r), 180, 360, fill=fill
        )
        draw.rectangle((side / 2 - r, side * 0.499, side / 2 + r, side * 0.94), fill=fill)


def _facets(draw: Draw, side: float, rng: random.Random) -> None:
    half, count = side / 2, rng.randrange(5, 9)
    rim = [
        (
            half + half * rng.uniform(0.75, 0.97) * math.cos(k * math.tau / count),
            half + half * rng.uniform(0.75, 0.97) * math.sin(k * math.tau / count),
        )
        for k in range(count)
    ]
    heart = (half + rng.uniform(-0.2, 0.2) * half, half + rng.uniform(-0.25, 0.1) * half)
    for index, (one, other) in enumerate(zip(rim, [*rim[1:], rim[0]], strict=True)):
        draw.polygon([heart, one, other], fill=(255, 190, 225, 150)[index % 4])


def _spiral(draw: Draw, side: float, rng: random.Random) -> None:
    turns, half = rng.uniform(2.2, 4.0), side / 2
    path = []
    for step in range(120):
        t = step / 119
        angle, reach = t * turns * math.tau, half * 0.92 * t
        path.append((half + reach * math.cos(angle), half + reach * math.sin(angle)))
    draw.line(path, fill=255, width=round(side * 0.035), joint="curve")


def _waves(draw: Draw, side: float, rng: random.Random) -> None:
    often, high = rng.uniform(1.5, 3.0), side * 0.045
    for row in range(5):
        y = side * (0.2 + row * 0.15)
        path = [
            (side * (0.06 + 0.88 * t / 40), y + high * math.sin(often * math.tau * t / 40 + row))
            for t in range(41)
        ]
        draw.line(path, fill=255 - row * 25, width=round(side * 0.035), joint="curve")


def _dots(draw: Draw, side: float, rng: random.Random) -> None:
    count = rng.randrange(4, 8)
    for row in range(count):
        for column in range(count):
            x, y = side * (column + 0.5) / count, side * (row + 0.5) / count
            fade = 1 - math.dist((x, y), (side / 2, side / 2)) / (side * 0.72)
            r = side / count * 0.42 * max(0.0, fade)
            draw.ellipse((x - r, y - r, x + r, y + r), fill=255)


def _stems(draw: Draw, side: float, rng: random.Random) -> None:
    for _ in range(rng.randrange(3, 6)):
        x, sway = side * rng.uniform(0.25, 0.75), side * rng.uniform(-0.15, 0.15)
        path = smooth(
            [
                (side / 2, side * 0.97),
                ((x + side / 2) / 2, side * 0.6),
                (x + sway, side * rng.uniform(0.08, 0.3)),
            ],
            closed=False,
        )
        draw.line(path, fill=255, width=max(2, round(side * 0.014)), joint="curve")
        for index, (px, py) in enumerate(path[3:-1:2]):
            r = side * 0.045
            dx = r if index % 2 else -r
            draw.ellipse((px + dx - r, py - r * 0.5, px + dx + r, py + r * 0.5), fill=225)


def _orbit(draw: Draw, side: float, rng: random.Random) -> None:
    half = side / 2
    for ring in (0.92, 0.68, 0.44):
        r = half * ring
        draw.ellipse(
            (half - r, half - r, half + r, half + r), outline=210, width=max(2, round(side * 0.008))
        )
        angle = rng.uniform(0, math.tau)
        x, y, dot = (
            half + r * math.cos(angle),
            half + r * math.sin(angle),
            side * rng.uniform(0.02, 0.05),
        )
        draw.ellipse((x - dot, y - dot, x + dot, y + dot), fill=255)
    r = half * 0.2
    draw.ellipse((half - r, half - r, half + r, half + r), fill=255)


# The first six are heavy enough to be a hero.
MOTIFS: tuple[Motif, ...] = (
    _rings,
    _sun,
    _petals,
    _blob,
    _arches,
    _facets,
    _spiral,
    _waves,
    _dots,
    _stems,
    _orbit,
)
