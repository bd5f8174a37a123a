"""Places of sketches that people made, or that are out of reach."""

import math

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
    noise,
)
from bot.backends.sketch.brush.colors import Color, mix, toned
from bot.backends.sketch.scenery.stage import Ground, Stage, dim, layer, mist, sky, stars
from bot.backends.sketch.scenery.waters import water


def city(stage: Stage) -> Ground:
    sky(stage)
    h = stage.horizon
    lit = {"night": 0.5, "dusk": 0.35, "grey": 0.2}.get(stage.hour, 0.04)
    if stage.scene.style == "neon":
        lit = 0.5
    for index, depth in enumerate((0.14, 0.34, 0.6)):
        color = toned(
            mix(
                stage.palette.haze,
                mix(stage.palette.ground, stage.palette.sky[0], 0.6),
                depth + 0.2,
            ),
            chroma=0.9,
        )
        _skyline(stage, h + 0.08 + index * 0.06, 0.5 - index * 0.12, color, lit * (0.25 + depth))
        mist(stage, h - 0.06 + index * 0.06, h + 0.16 + index * 0.05, 0.35)
    street = toned(mix(stage.palette.ground, stage.palette.sky[0], 0.5), light=-0.05)
    first = round(0.84 * stage.height)
    if "rain" in stage.scene.weather or stage.scene.style == "neon" or not stage.scene.subjects:
        water(stage, 0.84, mirror=0.6)
    else:
        size = (stage.width, stage.height - first)
        stage.image.paste(
            gradient(size, [(0.0, toned(street, light=0.08)), (1.0, toned(street, light=-0.04))]),
            (0, first),
        )
        _kerb(stage, first, street)
    return Ground(base=0.92, far=0.87, air=0.3)


def _skyline(stage: Stage, base: float, height: float, color: Color, lit: float) -> None:
    """Towers from left to right, higher in the middle."""
    rng, draw = stage.rng, ImageDraw.Draw(stage.image)
    x = -0.03
    while x < 1.02:  # noqa: PLR2004  (beyond the right edge)
        wide = rng.uniform(0.045, 0.12) * stage.unit / stage.width
        top = base - height * rng.uniform(0.3, 1.0) * (1.1 - 0.85 * abs(x - 0.5))
        left, up = stage.px(x, top)
        right = (x + wide) * stage.width
        tint = toned(color, light=round(rng.uniform(-0.03, 0.03), 3))
        draw.rectangle((left, up, right, stage.height), fill=tint)
        edge = (right - left) * rng.uniform(0.22, 0.34)
        dark = (
            (right - edge, up, right, stage.height)
            if stage.light_from_left
            else (left, up, left + edge, stage.height)
        )
        draw.rectangle(dark, fill=toned(tint, light=-0.035))
        _roof(stage, draw, left, right, up, tint)
        _windows(stage, draw, (left, up, right), tint, lit * rng.uniform(0.15, 1.5))
        x += wide * rng.uniform(0.8, 1.1)


def _windows(
    stage: Stage,
    draw: ImageDraw.ImageDraw,
    wall: tuple[float, float, float],
    tint: Color,
    lit: float,
) -> None:
    rng = stage.rng
    left, up, right = wall
    wide, tall = stage.unit * rng.uniform(0.004, 0.008), stage.unit * rng.uniform(0.005, 0.011)
    columns = max(1, int((right - left) / (wide * 2.1)) - 1)
    gap = (right - left) / (columns + 0.5)
    if gap < 2:  # noqa: PLR2004  (too small to see)
        return
    glass = toned(tint, light=0.045)
    warm = [
        mix(tint, mix(stage.palette.light, stage.palette.accent, round(share, 1)), 0.85)
        for share in (0.0, 0.3, 0.5)
    ]
    y = up + tall * 1.6
    while y < stage.height * 0.86:
        storey = lit * rng.choice((0.2, 1, 1, 1.6))
        for column in range(columns):
            x = left + gap * (column + 0.75) - wide / 2
            if (dice := rng.random()) < storey or dice > 0.72:  # noqa: PLR2004  (some reflect the sky)
                draw.rectangle(
                    (x, y, x + wide, y + tall), fill=rng.choice(warm) if dice < storey else glass
                )
        y += tall * 1.9


def _roof(
    stage: Stage, draw: ImageDraw.ImageDraw, left: float, right: float, top: float, tint: Color
) -> None:
    wide = right - left
    kind = stage.rng.choice(("step", "gable", "slope", "flat", "flat", "flat"))
    if kind == "step":
        draw.rectangle((left + wide * 0.2, top - wide * 0.25, right - wide * 0.2, top), fill=tint)
        mast, x = max(1, stage.unit // 400), left + wide / 2
        draw.line((x, top - wide * 0.25, x, top - wide * 0.9), fill=tint, width=mast)
    elif kind == "gable":
        peak = (left + wide / 2, top - wide * 0.6)
        draw.polygon([(left, top + 1), peak, (right, top + 1)], fill=tint)
    elif kind == "slope":
        draw.polygon([(left, top + 1), (right, top - wide * 0.5), (right, top + 1)], fill=tint)


def _kerb(stage: Stage, first: int, street: Color) -> None:
    draw = ImageDraw.Draw(stage.image)
    thick = max(1, stage.unit // 160)
    draw.rectangle((0, first, stage.width, first + thick), fill=toned(street, light=0.2))
    y = first + (stage.height - first) * 0.6
    for step in range(-1, 9):
        x = stage.width * (step / 8 + 0.02)
        draw.polygon(
            [
                (x, y),
                (x + stage.width * 0.06, y),
                (x + stage.width * 0.055, y + thick * 1.6),
                (x - stage.width * 0.008, y + thick * 1.6),
            ],
            fill=mix(street, stage.palette.light, 0.5),
        )


def space(stage: Stage) -> Ground:
    one, two, three, _ = stage.palette.sky
    image, rng = stage.image, stage.rng
    image.paste(gradient(image.size, [(0.0, one), (0.6, two), (1.0, toned(two, light=-0.02))]))
    stage.horizon = 1.0
    for tint, low in ((three, 118), (stage.palette.sky[3], 132), (stage.palette.accent, 150)):
        cells = (max(2, 3 * stage.width // stage.unit), max(2, 3 * stage.height // stage.unit))
        veil = curve(clouds(image.size, cells, rng, octaves=5), low, low + 95)
        lit = Image.composite(
            Image.new("RGB", image.size, dim(tint, 0.75)), Image.new("RGB", image.size), veil
        )
        image.paste(ImageChops.screen(image, lit))
    dust = curve(clouds(image.size, (4, 4), rng, octaves=5), 125, 215)
    image.paste(one, (0, 0), dimmed(dust, 0.6))
    stars(stage, 2.6)
    for _ in range(rng.choice((1, 2))):
        _globe(
            stage,
            stage.px(rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.5)),
            stage.unit * rng.uniform(0.03, 0.09),
        )
    return Ground(base=0.9, far=0.86, air=0.46)


def _globe(stage: Stage, at: Point, radius: float) -> None:
    tint = toned(stage.palette.accent, turn=stage.rng.uniform(-50, 50), chroma=0.8)
    glow(stage.image, at, radius * 2.2, dim(tint, 0.3))
    disc(stage.image, at, radius, tint)
    side = -1 if stage.light_from_left else 1
    size = math.ceil(radius) * 2 + 2
    shade = Image.new("L", (size * FINE, size * FINE))
    draw = ImageDraw.Draw(shade)
    r, c = radius * FINE, size * FINE / 2
    draw.ellipse((c - r, c - r, c + r, c + r), fill=200)
    draw.ellipse(
        (c - r * 1.15 + side * r * 0.5, c - r * 1.3, c + r * 1.15 + side * r * 0.5, c + r), fill=0
    )
    stage.image.paste(
        stage.palette.sky[0],
        (round(at[0] - size / 2), round(at[1] - size / 2)),
        shade.reduce(FINE).filter(ImageFilter.GaussianBlur(radius * 0.12)),
    )


def moonscape(stage: Stage) -> None:
    """The round edge of a small world, for those who stand in space."""
    wide, high, rng = stage.width, stage.height, stage.rng
    ground = toned(mix(stage.palette.accent, stage.palette.haze, 0.45), light=-0.05)
    line = [
        (wide * step / 48, high * (0.84 + 0.09 * (2 * step / 48 - 1) ** 2)) for step in range(49)
    ]
    glow(stage.image, (wide / 2, high * 1.15), wide * 0.75, dim(toned(ground, light=0.1), 0.5))
    layer(stage, line, toned(ground, light=0.08), toned(ground, light=-0.18))
    draw = ImageDraw.Draw(stage.image)
    for _ in range(14):
        t = rng.random() ** 0.7
        x, y = rng.random() * wide, high * (0.895 + 0.1 * t)
        rx = stage.unit * rng.uniform(0.012, 0.05) * (0.4 + t)
        draw.ellipse(
            (x - rx, y - rx * 0.22, x + rx, y + rx * 0.22), fill=toned(ground, light=-0.12)
        )
        draw.ellipse(
            (x - rx * 0.9, y - rx * 0.1, x + rx * 0.94, y + rx * 0.25),
            fill=toned(ground, light=-0.05),
        )


def studio(stage: Stage) -> Ground:
    one, two, three, four = stage.palette.sky
    image, rng = stage.image, stage.rng
    image.paste(gradient(image.size, [(0.0, two), (0.5, one), (0.74, three), (1.0, four)]))
    stage.light = (rng.choice((0.2, 0.8)), 0.16)
    glow(image, stage.px(stage.light[0], 0.2), stage.unit * 0.95, dim(stage.palette.light, 0.3))
    _window_light(stage)
    edge = 0.74
    top = toned(stage.palette.ground, light=0.07)
    first = round(edge * stage.height)
    size = (stage.width, stage.height - first)
    image.paste(
        gradient(
            size,
            [
                (0.0, top),
                (0.25, stage.palette.ground),
                (1.0, toned(stage.palette.ground, light=-0.12)),
            ],
        ),
        (0, first),
    )
    grain = curve(noise(size, (3, 70), rng), 90, 230)
    image.paste(toned(stage.palette.ground, light=-0.1), (0, first), dimmed(grain, 0.35))
    glow(
        image,
        (stage.light[0] * stage.width, first + size[1] * 0.3),
        stage.unit * 0.6,
        dim(stage.palette.light, 0.2),
    )
    return Ground(base=0.86, far=0.8, air=0.4)


def _window_light(stage: Stage) -> None:
    """A window's slanted panes on the wall."""
    mask = Image.new("L", stage.image.size)
    draw = ImageDraw.Draw(mask)
    lean = 0.12 if stage.light_from_left else -0.12
    x0 = 0.5 + lean
    for row in range(2):
        for column in range(2):
            left, top = x0 - 0.15 + column * 0.16, 0.1 + row * 0.24
            corners = [
                (left, top),
                (left + 0.14, top),
                (left + 0.14, top + 0.21),
                (left, top + 0.21),
            ]
            draw.polygon([stage.px(x + lean * (y - 0.2), y) for x, y in corners], fill=90)
    mask = mask.filter(ImageFilter.GaussianBlur(stage.unit / 60))
    stage.image.paste(stage.palette.light, (0, 0), dimmed(mask, 0.8))


def above_clouds(stage: Stage) -> Ground:
    stage.horizon = 0.95
    sky(stage)
    for index, base in enumerate((0.78, 0.87, 0.96)):
        _cumulus(stage, base, 0.3 + index * 0.3)
    return Ground(base=0.86, far=0.8, air=0.45)


def _cumulus(stage: Stage, base: float, near: float) -> None:
    """A row of heaped clouds."""
    rng = stage.rng
    wide, high = stage.image.size
    mask = Image.new("L", (wide, high))
    draw = ImageDraw.Draw(mask)
    for _ in range(26):
        x, r = rng.random() * wide, stage.unit * rng.uniform(0.04, 0.1) * (0.6 + near)
        y = base * high + rng.uniform(-0.3, 0.5) * r
        draw.ellipse((x - r, y - r, x + r, y + r), fill=255)
    draw.rectangle((0, base * high, wide, high), fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(stage.unit / 220))
    lit = mix(
        stage.palette.sky[3],
        (255, 255, 255) if not stage.palette.dark else stage.palette.light,
        0.5,
    )
    shade = mix(stage.palette.sky[2], stage.palette.sky[1], 0.35)
    top = max(0.0, base - 0.14)
    paint = gradient(
        stage.image.size, [(0.0, lit), (top, lit), (min(1.0, base + 0.1), shade), (1.0, shade)]
    )
    stage.image.paste(paint, (0, 0), dimmed(mask, 0.65 + 0.3 * near))
