"""Dry places of sketches: each paints its ground and says where things stand on it."""

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.backends.sketch.brush.canvas import (
    FINE,
    Point,
    clouds,
    curve,
    dimmed,
    glow,
    gradient,
    polygon,
    ramp,
    smooth,
)
from bot.backends.sketch.brush.colors import Color, mix, toned
from bot.backends.sketch.scenery.stage import Ground, Stage, dim, hills, layer, mist, peaks, sky


def meadow(stage: Stage) -> Ground:
    sky(stage)
    h, rng = stage.horizon, stage.rng
    for index, depth in enumerate((0.16, 0.34, 0.55)):
        line = hills(stage, h + 0.02 + index * 0.055, 0.13 - index * 0.02, waves=1.2 + index * 0.4)
        color = stage.at(depth)
        layer(
            stage,
            line,
            toned(color, light=0.02),
            mix(color, stage.palette.haze, 0.5),
            reach=h + 0.2,
        )
        if index:
            _copse(stage, line, 0.02 + 0.014 * index, color)
    near = hills(stage, 0.84, 0.1, waves=0.9)
    color = stage.at(0.92)
    layer(stage, near, toned(color, light=0.07), toned(color, light=-0.09))
    sunlit(stage, near)
    grass(stage, 0.8, color)
    return Ground(base=rng.uniform(0.86, 0.9), far=0.8)


def mountains(stage: Stage) -> Ground:
    sky(stage)
    h = stage.horizon
    for index, (depth, low) in enumerate(((0.2, False), (0.42, False), (0.66, True))):
        base, height = h + 0.03 + 0.07 * index, 0.42 - 0.11 * index
        color = toned(stage.at(depth), chroma=0.75, light=-0.02)
        mountain_range(stage, peaks(stage, base, height), color, base, height, snow=not low)
        mist(stage, h - 0.1 + 0.07 * index, h + 0.14 + 0.06 * index, 0.5)
    woods = hills(stage, h + 0.2, 0.05, waves=2)
    pines(stage, woods, 0.045, toned(stage.at(0.8), light=-0.06))
    near = hills(stage, 0.88, 0.1, waves=1)
    color = stage.at(0.95)
    layer(stage, near, toned(color, light=0.04), toned(color, light=-0.1))
    sunlit(stage, near)
    grass(stage, 0.85, color)
    return Ground(base=0.9, far=0.84)


def mountain_range(
    stage: Stage, line: list[Point], color: Color, base: float, height: float, *, snow: bool
) -> None:
    """One mountain range: rock, snow above a ragged line, and the play of light on both."""
    mask = layer(stage, line, color, mix(color, stage.palette.haze, 0.75), reach=base + 0.09)
    first = stage.height - mask.height
    if snow or stage.snowy:
        _snow(stage, mask, first, min(y for _, y in line), height)
    _relief(stage, mask, first, (base + 0.04) * stage.height - first)


def _snow(stage: Stage, mask: Image.Image, first: int, top: float, height: float) -> None:
    reach = height * stage.height * (1.1 if stage.snowy else 0.5)
    falling = ramp((mask.width, max(2, round(reach))), (255, 190, 120, 50, 0))
    cover = Image.new("L", mask.size)
    cover.paste(falling, (0, round(top) - first))
    cells = (max(2, 16 * stage.width // stage.unit), 9)
    ragged = ImageChops.add(cover, clouds(mask.size, cells, stage.rng, octaves=4), scale=2)
    snow = ImageChops.multiply(curve(ragged, 112, 126), mask)
    white = mix(
        mix(stage.palette.sky[3], (255, 255, 255), 0.6),
        stage.palette.haze,
        0.6 if stage.palette.dark else 0.15,
    )
    stage.image.paste(white, (0, first), dimmed(snow, 0.88))


def _relief(stage: Stage, mask: Image.Image, first: int, foot: float) -> None:
    """Crags: a random height, lit from the light's side, lost in the haze further down."""
    cells = (max(2, 7 * stage.width // stage.unit), max(2, 7 * mask.height // stage.unit))
    crags = clouds(mask.size, cells, stage.rng, octaves=5)
    step = max(1, stage.unit // 110)
    beside = ImageChops.offset(crags, step if stage.light_from_left else -step, step)
    slope = ImageChops.subtract(crags, beside, scale=0.4, offset=128)
    fade = Image.new("L", mask.size)
    fade.paste(ramp((mask.width, max(2, min(mask.height, round(foot)))), (255, 210, 0)), (0, 0))
    mask = ImageChops.multiply(mask, fade)
    shade, light = stage.palette.sky[0], mix(stage.palette.light, stage.palette.sky[3], 0.4)
    dark = slope.point([max(0, min(255, (124 - value) * 3)) for value in range(256)])
    bright = slope.point([max(0, min(255, (value - 136) * 3)) for value in range(256)])
    stage.image.paste(shade, (0, first), dimmed(ImageChops.multiply(dark, mask), 0.42))
    stage.image.paste(light, (0, first), dimmed(ImageChops.multiply(bright, mask), 0.3))


def forest(stage: Stage) -> Ground:
    sky(stage)
    h = stage.horizon
    for index, depth in enumerate((0.12, 0.28, 0.46, 0.66)):
        line = hills(stage, h + 0.04 + index * 0.07, 0.06, waves=1.4)
        color = toned(stage.at(depth), light=-0.02)
        pines(stage, line, 0.14 + 0.05 * index, color)
        mist(stage, h - 0.06 + index * 0.07, h + 0.14 + index * 0.07, 0.55)
    shafts(stage, 0.3)
    near = hills(stage, 0.86, 0.07, waves=1)
    color = stage.at(0.95)
    layer(stage, near, toned(color, light=0.05), toned(color, light=-0.12))
    sunlit(stage, near)
    grass(stage, 0.82, color)
    _trunks(stage)
    return Ground(base=0.9, far=0.83, air=0.42)


def desert(stage: Stage) -> Ground:
    sky(stage)
    h = stage.horizon
    sand = mix(stage.palette.accent, (226, 178, 110), 0.72)
    sand = mix(
        sand,
        stage.palette.deep,
        0.6 if stage.palette.dark else 0.28 if stage.hour == "dusk" else 0.06,
    )
    mesas = peaks(stage, h + 0.02, 0.1, rough=0.35)
    layer(stage, mesas, mix(stage.palette.haze, sand, 0.4), stage.palette.haze, reach=h + 0.05)
    for index in range(4):
        base = h + 0.05 + index * 0.11
        color = mix(stage.palette.haze, sand, 0.4 + index * 0.2)
        _dune(stage, base, color)
    return Ground(base=0.88, far=0.78)


def _dune(stage: Stage, base: float, color: Color) -> None:
    """A crest in one sweep, its lee side in the shade."""
    rng = stage.rng
    start, crest = rng.uniform(-0.1, 0.3), rng.uniform(0.4, 0.85)
    if not stage.light_from_left:
        start, crest = 1 - start, 1 - crest
    high = base - rng.uniform(0.06, 0.12)
    points = sorted([(start, base), ((start + crest) / 2, (base + high) / 2 + 0.01), (crest, high)])
    left, right = (-0.05, base + 0.01), (1.05, base + 0.02)
    line = smooth([left, left, *points, right, right], closed=False, steps=12)
    pixels = [stage.px(x, y) for x, y in line]
    layer(stage, pixels, toned(color, light=0.05), toned(color, light=-0.05), reach=base + 0.2)
    side = 1 if stage.light_from_left else -1
    lee = smooth(
        [
            (crest, high),
            (crest + side * 0.05, (base + high) / 2),
            (crest - side * 0.03, base + 0.06),
            (crest + side * 0.1, base + 0.16),
        ],
        closed=False,
    )
    far = [(crest + side * 0.7, base + 0.16), (crest + side * 0.7, base + 0.02)]
    ridge = [(x, y) for x, y in line if (x > crest) == (side > 0)]
    ridge = ridge if side > 0 else list(reversed(ridge))
    shade = polygon(stage.image.size, [stage.px(x, y) for x, y in [*lee, *far, *reversed(ridge)]])
    stage.image.paste(toned(color, light=-0.09), (0, 0), dimmed(shade, 0.6))


def _copse(stage: Stage, line: list[Point], size: float, color: Color) -> None:
    """A few round trees on a far hill."""
    rng, draw = stage.rng, ImageDraw.Draw(stage.image)
    dark, lit = toned(color, light=-0.09), toned(color, light=-0.045)
    side = -1 if stage.light_from_left else 1
    for _ in range(rng.randrange(3, 6)):
        start = rng.randrange(1, len(line) - 5)
        for x, y in line[start : start + rng.randrange(2, 6)]:
            r = size * stage.unit * rng.uniform(0.45, 1.0)
            draw.line((x, y + r * 0.3, x, y - r), fill=dark, width=max(1, round(r * 0.18)))
            draw.ellipse((x - r * 0.8, y - r * 2.5, x + r * 0.8, y - r * 0.5), fill=dark)
            draw.ellipse(
                (
                    x - r * 0.55 + side * r * 0.2,
                    y - r * 2.4,
                    x + r * 0.55 + side * r * 0.2,
                    y - r * 1.1,
                ),
                fill=lit,
            )


def pines(stage: Stage, line: list[Point], size: float, color: Color) -> None:
    """A forest's edge along `line`, filled below."""
    rng = stage.rng
    first = max(0, int(min(y for _, y in line) - size * stage.unit * 1.4))
    area = (stage.width, stage.height - first)
    mask = Image.new("L", (area[0] * FINE, area[1] * FINE))
    draw = ImageDraw.Draw(mask)
    draw.polygon(
        [
            (0, area[1] * FINE),
            *((x * FINE, (y - first) * FINE) for x, y in line),
            (area[0] * FINE, area[1] * FINE),
        ],
        fill=255,
    )
    gap = size * stage.unit * 0.22
    for step in range(int(stage.width / gap) + 2):
        x = (step + rng.uniform(-0.4, 0.4)) * gap
        y = line[min(len(line) - 1, max(0, round(x / stage.width * (len(line) - 1))))][1] - first
        high = size * stage.unit * rng.uniform(0.5, 1.25)
        for tier in range(5):
            top, half = y - high * (1 - tier * 0.19), high * (0.05 + 0.036 * tier)
            draw.polygon(
                [
                    (x * FINE, top * FINE),
                    ((x + half) * FINE, (top + high * 0.27) * FINE),
                    ((x - half) * FINE, (top + high * 0.27) * FINE),
                ],
                fill=255,
            )
    paint = gradient(
        area,
        [
            (0.0, color),
            (0.25, color),
            (0.6, mix(color, stage.palette.haze, 0.4)),
            (1.0, mix(color, stage.palette.haze, 0.4)),
        ],
    )
    stage.image.paste(paint, (0, first), mask.reduce(FINE))


def sunlit(stage: Stage, line: list[Point]) -> None:
    """A warm edge on the near ground where the light comes from."""
    if stage.hour == "grey":
        return
    x = stage.light[0] * stage.width
    y = min(line, key=lambda point: abs(point[0] - x))[1]
    glow(
        stage.image,
        (x, y + stage.unit * 0.03),
        stage.unit * 0.55,
        dim(stage.palette.light, 0.1 if stage.palette.dark else 0.2),
    )


def grass(stage: Stage, top: float, color: Color) -> None:
    """Blades and a few flowers in front."""
    rng, draw = stage.rng, ImageDraw.Draw(stage.image)
    for _ in range(520):
        t = rng.random() ** 0.7
        x, y = stage.px(rng.random(), top + 0.05 + (1.02 - top) * t)
        if y >= stage.height:
            y = stage.height - 1.0
        tall = stage.unit * rng.uniform(0.008, 0.024) * (0.35 + t)
        lean = rng.uniform(-0.5, 0.5) * tall
        light = rng.uniform(-0.07, 0.09)
        draw.line(
            (x, y, x + lean, y - tall),
            fill=toned(color, light=round(light, 2)),
            width=max(1, round(stage.unit / 700 * (0.6 + t))),
        )
    if stage.snowy or stage.hour == "grey":
        return
    tints = [stage.palette.accent, stage.palette.light, toned(stage.palette.accent, turn=60)]
    for _ in range(46):
        t = rng.random()
        x, y = stage.px(rng.random(), top + 0.07 + (1 - top - 0.07) * t)
        r = stage.unit * 0.0035 * (0.4 + t)
        tint = mix(rng.choice(tints), stage.palette.deep, 0.55 if stage.palette.dark else 0.2)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=tint)


def _trunks(stage: Stage) -> None:
    """Dark trees at both sides and their leaves above frame the view."""
    rng = stage.rng
    mask = Image.new("L", stage.image.size)
    draw = ImageDraw.Draw(mask)
    for side in (0.015, 0.095, 0.925, 0.99):
        left = (side + rng.uniform(-0.02, 0.02)) * stage.width
        wide, sway = rng.uniform(0.012, 0.024) * stage.unit, rng.uniform(-0.03, 0.03) * stage.unit
        foot = stage.height * rng.uniform(0.93, 1.02)
        right_side = [
            (left + sway * t * (1 - t) * 4 + wide * (0.6 + 0.4 * t + 1.6 * t**9), foot * t)
            for t in (0, 0.2, 0.4, 0.6, 0.8, 0.92, 1)
        ]
        left_side = [
            (left + sway * t * (1 - t) * 4 - wide * (0.6 + 0.4 * t + 1.6 * t**9), foot * t)
            for t in (1, 0.92, 0.8, 0.6, 0.4, 0.2, 0)
        ]
        draw.polygon([*right_side, *left_side], fill=255)
    for _ in range(420):
        x = rng.betavariate(0.35, 0.35)
        y = rng.random() ** 2 * (0.07 + 0.3 * abs(x - 0.5))
        px, py = stage.px(x, y)
        r, turn = stage.unit * rng.uniform(0.006, 0.02), rng.uniform(0, math.pi)
        dx, dy = r * math.cos(turn), r * math.sin(turn)
        draw.polygon(
            smooth(
                [
                    (px - dx, py - dy),
                    (px - dy * 0.4, py + dx * 0.4),
                    (px + dx, py + dy),
                    (px + dy * 0.4, py - dx * 0.4),
                ],
                steps=3,
            ),
            fill=255,
        )
    stage.image.paste(
        stage.palette.deep,
        (0, 0),
        dimmed(mask.filter(ImageFilter.GaussianBlur(stage.unit / 700)), 0.9),
    )


def shafts(stage: Stage, share: float) -> None:
    """Light falling in slanted bands."""
    rng = stage.rng
    mask = Image.new("L", (stage.width // 4 + 1, stage.height // 4 + 1))
    draw = ImageDraw.Draw(mask)
    x0, y0 = (
        stage.light[0] * mask.width,
        min(stage.light[1], 0.1) * mask.height - mask.height * 0.15,
    )
    for _ in range(9):
        angle = math.pi / 2 + rng.uniform(-0.75, 0.75)
        half = rng.uniform(0.015, 0.06)
        reach = mask.height * 1.6
        draw.polygon(
            [
                (x0, y0),
                (x0 + reach * math.cos(angle - half), y0 + reach * math.sin(angle - half)),
                (x0 + reach * math.cos(angle + half), y0 + reach * math.sin(angle + half)),
            ],
            fill=rng.randrange(50, 130),
        )
    mask = mask.filter(ImageFilter.GaussianBlur(mask.height / 60))
    mask = ImageChops.multiply(mask, ramp(mask.size, (255, 190, 90, 0))).resize(
        stage.image.size, Image.Resampling.BILINEAR
    )
    stage.image.paste(stage.palette.light, (0, 0), dimmed(mask, share))
