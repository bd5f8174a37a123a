"""Wet places of sketches, above and below the surface."""

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.backends.sketch.brush.canvas import (
    Point,
    clouds,
    curve,
    dimmed,
    gradient,
    ramp,
    smooth,
)
from bot.backends.sketch.brush.colors import Color, mix, toned
from bot.backends.sketch.scenery.land import mountain_range, pines, shafts
from bot.backends.sketch.scenery.stage import Ground, Stage, hills, layer, peaks, sky


def sea(stage: Stage) -> Ground:
    sky(stage)
    h = stage.horizon
    if stage.chance(0.6):
        line = hills(stage, h + 0.005, 0.05, waves=1.5)
        layer(
            stage,
            line,
            mix(stage.palette.haze, stage.palette.water, 0.25),
            stage.palette.haze,
            reach=h,
        )
    water(stage, h, mirror=0.42)
    return Ground(base=0.93, far=0.9, water=h + (1 - h) * 0.42, rocks=True, air=h * 0.5)


def shore(stage: Stage) -> None:
    """Sand along the lower edge, for figures that don't swim."""
    line = hills(stage, 0.9, 0.05, waves=0.8)
    sand = mix(
        mix(stage.palette.haze, (222, 190, 140), 0.65),
        stage.palette.deep,
        0.5 if stage.palette.dark else 0.2,
    )
    foam = [(x, y - stage.unit * 0.012) for x, y in line]
    layer(stage, foam, mix(stage.palette.sky[3], (255, 255, 255), 0.5), sand)
    layer(stage, line, toned(sand, light=0.04), toned(sand, light=-0.09))


def lake(stage: Stage) -> Ground:
    sky(stage)
    h = stage.horizon
    for index, depth in enumerate((0.2, 0.45)):
        color, height = toned(stage.at(depth), chroma=0.8), 0.3 - 0.12 * index
        mountain_range(stage, peaks(stage, h, height), color, h, height, snow=not index)
    pines(stage, hills(stage, h + 0.005, 0.02, waves=2), 0.05, toned(stage.at(0.75), light=-0.06))
    water(stage, h, mirror=0.72)
    _reeds(stage)
    return Ground(base=0.94, far=0.9, water=h + (1 - h) * 0.45, rocks=True, air=h * 0.5)


def water(stage: Stage, line: float, *, mirror: float) -> None:
    """Mirror what is above `line` in the water, broken by ripples."""
    first = round(line * stage.height)
    size = (stage.width, stage.height - first)
    above = stage.image.crop((0, max(0, first - size[1]), stage.width, first))
    upside = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize(size)
    near = toned(stage.palette.water, light=-0.1)
    tint = gradient(
        size,
        [
            (0.0, mix(stage.palette.water, stage.palette.sky[3], 0.45)),
            (0.35, stage.palette.water),
            (1.0, near),
        ],
    )
    surface = Image.blend(tint, upside, mirror)
    surface = _rippled(stage, surface)
    stage.image.paste(surface, (0, first))
    _glitter(stage, first)
    _wavelets(stage, first)
    stage.image.paste(
        mix(stage.palette.light, stage.palette.sky[3], 0.6),
        (0, first - 1),
        dimmed(Image.new("L", (stage.width, max(1, stage.height // 400)), 255), 0.4),
    )


def _rippled(stage: Stage, surface: Image.Image) -> Image.Image:
    result = surface.copy()
    y, rng = 0.0, stage.rng
    while y < surface.height:
        depth = y / surface.height
        band = 1 + depth * stage.unit * 0.012
        shift = round(rng.uniform(-1, 1) * stage.unit * (0.002 + 0.012 * depth))
        strip = surface.crop((0, int(y), surface.width, int(y + band) + 1))
        result.paste(ImageChops.offset(strip, shift, 0), (0, int(y)))
        y += band
    return result.filter(ImageFilter.GaussianBlur(stage.unit / 700))


def _glitter(stage: Stage, first: int) -> None:
    """The reflection of sun or moon on the water."""
    rng = stage.rng
    if stage.hour == "grey":
        return
    middle = stage.light[0] * stage.width
    light = mix(stage.palette.light, (255, 255, 255), 0.2)
    for _ in range(150 if stage.hour == "day" else 340):
        t = rng.random() ** 1.4
        y = first + 2 + t * (stage.height - first)
        x = middle + rng.gauss(0, 1) * stage.unit * (0.03 + 0.13 * t)
        half = stage.unit * rng.uniform(0.004, 0.014) * (0.5 + 1.8 * t)
        _dash(stage, (x, y), half, light, rng.uniform(0.25, 0.85) * (1 - 0.55 * t))


def _wavelets(stage: Stage, first: int) -> None:
    rng = stage.rng
    for _ in range(170):
        t = rng.random() ** 0.8
        at = (rng.random() * stage.width, first + 2 + t * (stage.height - first))
        half = stage.unit * rng.uniform(0.008, 0.03) * (0.4 + 1.6 * t)
        tint = (
            stage.palette.sky[3] if stage.chance(0.5) else toned(stage.palette.water, light=-0.16)
        )
        _dash(stage, at, half, tint, rng.uniform(0.08, 0.26))


def _dash(stage: Stage, at: Point, half: float, tint: Color, share: float) -> None:
    (x, y), thick = at, max(0.6, half * 0.09)
    fill = mix(stage.color_at(x, y), tint, round(share, 2))
    ImageDraw.Draw(stage.image).ellipse((x - half, y - thick, x + half, y + thick), fill=fill)


def _reeds(stage: Stage) -> None:
    rng, draw = stage.rng, ImageDraw.Draw(stage.image)
    side = 1.0 if stage.light_from_left else 0.0
    for _ in range(46):
        x = abs(side - rng.random() ** 2 * 0.28)
        base, tall = stage.px(x, 1.02), rng.uniform(0.06, 0.2) * stage.height
        lean = rng.uniform(-0.2, 0.2) * tall
        shade = toned(stage.palette.deep, light=round(rng.uniform(-0.02, 0.05), 2))
        draw.line(
            (base[0], base[1], base[0] + lean, base[1] - tall),
            fill=shade,
            width=max(1, stage.unit // 360),
        )
        if stage.chance(0.3):
            r = stage.unit * 0.006
            draw.ellipse(
                (
                    base[0] + lean - r,
                    base[1] - tall - 3 * r,
                    base[0] + lean + r,
                    base[1] - tall + 3 * r,
                ),
                fill=shade,
            )


def deep(stage: Stage) -> Ground:
    one, two, three, four = stage.palette.sky
    image, rng = stage.image, stage.rng
    image.paste(gradient(image.size, [(0.0, one), (0.22, two), (0.6, three), (1.0, four)]))
    stage.light, stage.horizon = (rng.uniform(0.3, 0.7), -0.05), 0.8
    shafts(stage, 0.55)
    caustic = curve(clouds(image.size, (7, 4), rng, octaves=3), 150, 215)
    image.paste(
        stage.palette.light,
        (0, 0),
        dimmed(ImageChops.multiply(caustic, ramp(image.size, (110, 30, 0, 0))), 0.8),
    )
    for index, depth in enumerate((0.3, 0.55, 0.85)):
        line = hills(stage, 0.88 + index * 0.05, 0.1, waves=1.6)
        color = mix(three, toned(four, light=-0.03), depth)
        layer(stage, line, toned(color, light=0.03), color)
        _kelp(stage, 0.86 + index * 0.06, mix(color, (30, 90, 70), 0.35), 5 + 2 * index)
    _corals(stage)
    _bubbles(stage)
    return Ground(base=0.95, far=0.9, air=0.46)


def _kelp(stage: Stage, base: float, color: Color, count: int) -> None:
    rng = stage.rng
    mask = Image.new("L", stage.image.size)
    draw = ImageDraw.Draw(mask)
    for _ in range(count):
        x, sway = rng.random(), rng.uniform(0.01, 0.03)
        high = rng.uniform(0.1, 0.34)
        line = smooth(
            [
                stage.px(x + sway * math.sin(t * 1.7 + x * 9), base + 0.06 - high * t / 5)
                for t in range(6)
            ],
            closed=False,
            steps=4,
        )
        for index, (px, py) in enumerate(line):
            reach = stage.unit * 0.012 * (1 - index / len(line)) + 1
            side = 1 if index % 2 else -1
            draw.ellipse((px - reach * 0.5, py - reach, px + reach * 0.5, py + reach), fill=255)
            draw.ellipse(
                (
                    px + side * reach * 1.2 - reach,
                    py - reach * 0.5,
                    px + side * reach * 1.2 + reach,
                    py + reach * 0.5,
                ),
                fill=255,
            )
    stage.image.paste(color, (0, 0), dimmed(mask, 0.8))


def _corals(stage: Stage) -> None:
    rng = stage.rng
    for _ in range(9):
        tint = rng.choice(((240, 120, 110), (245, 180, 90), (210, 110, 170), (120, 200, 190)))
        tint = mix(tint, stage.palette.sky[3], 0.45)
        foot = stage.px(rng.random(), rng.uniform(0.95, 1.02))
        length, spread = stage.unit * rng.uniform(0.03, 0.055), rng.uniform(0.35, 0.6)
        # Breadth first: each branch forks into three, four times.
        growing = [(foot, -math.pi / 2, length)]
        for _ in range(4):
            growing = [
                (_branch(stage, at, angle, long, tint), angle + turn, long * 0.78)
                for at, angle, long in growing
                for turn in (-spread, 0.1, spread)
            ]


def _branch(stage: Stage, foot: Point, angle: float, long: float, tint: Color) -> Point:
    x, y = foot[0] + long * math.cos(angle), foot[1] + long * math.sin(angle)
    wide = max(1, round(long * 0.3))
    draw = ImageDraw.Draw(stage.image)
    draw.line([foot, (x, y)], fill=tint, width=wide)
    draw.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), fill=tint)
    return x, y


def _bubbles(stage: Stage) -> None:
    rng, draw = stage.rng, ImageDraw.Draw(stage.image)
    for _ in range(26):
        x, y = stage.px(rng.random(), rng.random() * 0.9)
        r = stage.unit * rng.choice((0.003, 0.005, 0.008, 0.013))
        rim = mix(stage.color_at(x, y), (255, 255, 255), 0.5)
        draw.ellipse((x - r, y - r, x + r, y + r), outline=rim, width=max(1, round(r / 5)))
        draw.ellipse((x - r * 0.5, y - r * 0.6, x - r * 0.1, y - r * 0.2), fill=rim)
