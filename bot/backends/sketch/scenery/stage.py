"""The stage of a sketch: the picture so far, its light, and what every place is built from."""

import math
import random
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw

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
    ramp,
)
from bot.backends.sketch.brush.colors import Color, mix, toned
from bot.backends.sketch.brush.palette import Palette
from bot.backends.sketch.prompt.prompt_reader import Scene


@dataclass(slots=True)
class Stage:
    """Fractions of width and height become pixels by `x` and `y`, lengths by `unit`."""

    image: Image.Image
    scene: Scene
    palette: Palette
    rng: random.Random
    hour: str
    light: Point  # where sun or moon stand, in fractions
    horizon: float

    @property
    def width(self) -> int:
        return self.image.width

    @property
    def height(self) -> int:
        return self.image.height

    @property
    def unit(self) -> int:
        """The shorter side."""
        return min(self.image.size)

    @property
    def light_from_left(self) -> bool:
        return self.light[0] < 0.5  # noqa: PLR2004  (the middle)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def color_at(self, x: float, y: float) -> Color:
        """What is painted at a place in pixels, or at the nearest edge."""
        column, row = round(min(self.width - 1, max(0, x))), round(min(self.height - 1, max(0, y)))
        found = self.image.getpixel((column, row))
        assert isinstance(found, tuple)
        return found[0], found[1], found[2]

    @property
    def snowy(self) -> bool:
        return "snow" in self.scene.weather

    def px(self, x: float, y: float) -> Point:
        return x * self.width, y * self.height

    def at(self, depth: float) -> Color:
        """The ground's colour from far away (0) to close by (1)."""
        near = self.palette.ground
        if self.snowy:
            near = mix(near, toned(mix(self.palette.sky[3], (240, 246, 252), 0.7), light=0.0), 0.8)
            near = mix(near, self.palette.deep, 0.35 if self.palette.dark else 0.0)
        return mix(self.palette.haze, near, depth)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where things go in a place, as fractions of the height."""

    base: float  # the hero's feet
    far: float  # the feet of what is further away
    water: float | None = None  # the waterline
    air: float = 0.3  # the middle of what flies
    rocks: bool = False  # what rises from water needs a rock to stand on


def sky(stage: Stage) -> None:
    """Gradient, light, clouds and what hangs there, down to below the horizon."""
    palette, image = stage.palette, stage.image
    one, two, three, four = palette.sky
    h = stage.horizon
    stops = [(0.0, one), (h * 0.45, two), (h * 0.8, three), (h, four), (1.0, four)]
    image.paste(gradient(image.size, stops))
    if palette.dark or "stars" in stage.scene.weather:
        stars(stage, 1.0)
    if "aurora" in stage.scene.weather:
        _aurora(stage)
    luminary(stage)
    if "rainbow" in stage.scene.weather:
        _rainbow(stage)
    _cloud_bank(stage)
    if "comet" in stage.scene.weather:
        _comet(stage)
    if "lightning" in stage.scene.weather:
        _lightning(stage)
    if "fireworks" in stage.scene.weather:
        _fireworks(stage)


def luminary(stage: Stage) -> None:
    """Sun or moon with its light."""
    palette, at = stage.palette, stage.px(*stage.light)
    if stage.hour == "grey" and not stage.scene.weather & {"sun", "moon"}:
        glow(stage.image, at, stage.unit * 0.9, dim(palette.light, 0.28))
        return
    moon = palette.dark or ("moon" in stage.scene.weather and stage.hour != "day")
    if moon:
        glow(stage.image, at, stage.unit * 0.7, dim(palette.light, 0.28), power=2.4)
        glow(stage.image, at, stage.unit * 0.22, dim(palette.light, 0.4))
        _moon(stage, at)
        return
    low = stage.hour in ("dusk", "dawn", "dream")
    glow(stage.image, at, stage.unit * 1.15, dim(palette.light, 0.5 if low else 0.34), power=2.2)
    glow(stage.image, at, stage.unit * 0.3, dim(palette.light, 0.7))
    radius = stage.unit * (0.075 if low else 0.05)
    disc(stage.image, at, radius, mix(palette.light, (255, 255, 255), 0.35))


def _moon(stage: Stage, at: Point) -> None:
    """Full, or a crescent with the night seen through it."""
    radius = stage.unit * stage.rng.choice((0.05, 0.065, 0.08))
    if "moon" in stage.scene.weather:
        radius *= 1.4
    light = stage.palette.light
    reach = math.ceil(radius * 2)
    left, top = round(at[0]) - reach, round(at[1]) - reach
    night = stage.image.crop((left, top, left + 2 * reach, top + 2 * reach))
    disc(stage.image, at, radius, light)
    if stage.chance(0.45):
        mask = Image.new("L", (night.width * FINE, night.height * FINE))
        r, cx, cy = (
            radius * FINE * 0.95,
            (reach + radius * 0.38) * FINE,
            (reach - radius * 0.2) * FINE,
        )
        ImageDraw.Draw(mask).ellipse((cx - r, cy - r, cx + r, cy + r), fill=255)
        stage.image.paste(night, (left, top), mask.reduce(FINE))
        return
    for dx, dy, size in (
        (-0.3, -0.2, 0.22),
        (0.25, 0.1, 0.3),
        (-0.1, 0.4, 0.16),
        (0.35, -0.4, 0.12),
    ):
        crater = (at[0] + dx * radius, at[1] + dy * radius)
        disc(stage.image, crater, radius * size, toned(light, light=-0.07), opacity=0.6)


def stars(stage: Stage, share: float) -> None:
    """Many faint ones, a few that shine."""
    rng, image = stage.rng, stage.image
    draw = ImageDraw.Draw(image)
    light = mix(stage.palette.light, (255, 255, 255), 0.5)
    for _ in range(round(150 * share * max(1.0, image.width / image.height))):
        x, y = stage.px(rng.random(), rng.random() ** 1.3 * stage.horizon)
        size = stage.unit / 1000 * rng.choice((0.5, 0.6, 0.8, 1.0, 1.5))
        shade = mix(stage.color_at(x, y), light, round(rng.uniform(0.3, 0.95), 2))
        draw.ellipse((x - size, y - size, x + size, y + size), fill=shade)
    for _ in range(round(7 * share)):
        at_ = stage.px(rng.random(), rng.uniform(0.02, 0.8) * stage.horizon)
        glow(image, at_, stage.unit * 0.022, dim(light, 0.8))
        disc(image, at_, stage.unit * 0.0022, light)


def dim(light: Color, share: float) -> Color:
    """`light`, dimmed to `share` of itself."""
    return round(light[0] * share), round(light[1] * share), round(light[2] * share)


def _cloud_bank(stage: Stage) -> None:
    """Wide soft clouds, lit from the light's side."""
    weather, rng = stage.scene.weather, stage.rng
    amount = 0.9 if weather & {"cloudy", "rain", "lightning"} else rng.choice((0.35, 0.5, 0.7))
    if stage.palette.dark and not weather & {"cloudy", "rain"}:
        amount *= 0.45
    height = round(stage.horizon * stage.height)
    if height < 8:  # noqa: PLR2004  (nothing to see)
        return
    size = (stage.width, height)
    across = max(2, round(4 * stage.width / stage.unit))
    bank = clouds(size, (across, 9), rng, octaves=4)
    mask = curve(bank, 118, 205)
    fade = ramp(size, (60, 200, 255, 235, 120))
    mask = ImageChops.multiply(mask, fade)
    lit = mix(stage.palette.sky[3], stage.palette.light, 0.5)
    shade = mix(stage.palette.sky[1], stage.palette.sky[2], 0.5)
    if weather & {"rain", "lightning"}:
        lit, shade = toned(shade, light=0.04), toned(shade, light=-0.16, chroma=0.7)
    under = ImageChops.offset(mask, 0, -max(2, stage.height // 45))
    stage.image.paste(shade, (0, 0), dimmed(ImageChops.multiply(mask, under), amount * 0.9))
    stage.image.paste(lit, (0, 0), dimmed(ImageChops.subtract(mask, dimmed(under, 0.8)), amount))


def _aurora(stage: Stage) -> None:
    size = (stage.width, round(stage.horizon * stage.height))
    for tint in ((90, 240, 170), (120, 150, 255), (220, 110, 220)):
        rays = clouds(size, (14, 1), stage.rng, octaves=3)
        band = ramp(
            size, (0, stage.rng.randrange(60, 160), 255, stage.rng.randrange(60, 200), 0, 0)
        )
        mask = ImageChops.multiply(curve(rays, 120, 220), band)
        black = Image.new("RGB", size)
        lit = Image.composite(Image.new("RGB", size, dim(tint, 0.55)), black, mask)
        stage.image.paste(ImageChops.screen(stage.image.crop((0, 0, *size)), lit), (0, 0))


def _rainbow(stage: Stage) -> None:
    layer = Image.new("RGBA", (stage.width * FINE, stage.height * FINE))
    draw = ImageDraw.Draw(layer)
    middle, reach = (1 - stage.light[0]) * 0.6 + 0.2, 0.62 * stage.width * FINE
    cx, cy, band = (
        middle * stage.width * FINE,
        stage.horizon * stage.height * FINE * 1.1,
        stage.unit * 0.018 * FINE,
    )
    for index, tint in enumerate(
        (
            (230, 70, 70),
            (240, 150, 60),
            (245, 220, 90),
            (90, 190, 110),
            (80, 140, 220),
            (140, 90, 190),
        )
    ):
        r = reach - index * band
        draw.arc(
            (cx - r, cy - r, cx + r, cy + r), 180, 360, fill=(*tint, 105), width=round(band) + 1
        )
    small = layer.reduce(FINE * 2).resize(stage.image.size, Image.Resampling.BICUBIC)
    stage.image.paste(small, (0, 0), small)


def _comet(stage: Stage) -> None:
    draw = ImageDraw.Draw(stage.image)
    x, y = stage.px(stage.rng.uniform(0.2, 0.8), stage.rng.uniform(0.08, 0.3) * stage.horizon)
    side = 1 if stage.light_from_left else -1
    length = stage.unit * 0.35
    for step in range(60, 0, -1):
        t = step / 60
        px, py = x + side * t * length, y - t * length * 0.45
        r = stage.unit * 0.006 * (1 - t) + 0.5
        shade = mix(stage.color_at(px, py), stage.palette.light, round(0.8 * (1 - t), 2))
        draw.ellipse((px - r, py - r, px + r, py + r), fill=shade)
    glow(stage.image, (x, y), stage.unit * 0.07, stage.palette.light)
    disc(stage.image, (x, y), stage.unit * 0.008, (255, 255, 255))


def _lightning(stage: Stage) -> None:
    rng = stage.rng
    x, y = rng.uniform(0.2, 0.8), 0.06
    points = [stage.px(x, y)]
    while y < stage.horizon:
        x, y = x + rng.uniform(-0.035, 0.035), y + rng.uniform(0.02, 0.06)
        points.append(stage.px(x, min(y, stage.horizon)))
    for at in points[::2]:
        glow(stage.image, at, stage.unit * 0.16, dim((190, 200, 255), 0.35))
    draw = ImageDraw.Draw(stage.image)
    draw.line(points, fill=(244, 244, 255), width=max(1, stage.unit // 220), joint="curve")
    start = points[len(points) // 2]
    draw.line(
        [
            start,
            (start[0] + stage.unit * 0.05, start[1] + stage.unit * 0.06),
            (start[0] + stage.unit * 0.06, start[1] + stage.unit * 0.12),
        ],
        fill=(225, 228, 255),
        width=max(1, stage.unit // 400),
    )


def _fireworks(stage: Stage) -> None:
    rng, draw = stage.rng, ImageDraw.Draw(stage.image)
    for _ in range(5):
        x, y = stage.px(rng.uniform(0.12, 0.88), rng.uniform(0.1, 0.6) * stage.horizon)
        tint = rng.choice(
            ((255, 190, 90), (255, 110, 120), (120, 200, 255), (170, 255, 170), (240, 140, 255))
        )
        reach = stage.unit * rng.uniform(0.08, 0.17)
        glow(stage.image, (x, y), reach * 1.3, dim(tint, 0.45))
        for ray in range(28):
            angle = ray * math.tau / 28
            for step in range(4, 12):
                t = step / 11
                at = (
                    x + math.cos(angle) * reach * t,
                    y + math.sin(angle) * reach * t + reach * 0.25 * t * t,
                )
                r = stage.unit * 0.0022 * t + 0.4
                draw.ellipse(
                    (at[0] - r, at[1] - r, at[0] + r, at[1] + r),
                    fill=mix(tint, (255, 255, 255), round(1 - t, 2)),
                )


def hills(stage: Stage, base: float, height: float, *, waves: float = 2.0) -> list[Point]:
    """A soft line across the picture, in pixels."""
    rng = stage.rng
    parts = [
        (rng.uniform(0.6, 1.4) * waves * k, rng.uniform(0, math.tau), 0.6**k) for k in (1, 2, 3)
    ]
    scale = stage.width / stage.unit
    points = []
    for step in range(65):
        x = step / 64
        rise = sum(
            share * math.sin(x * scale * often * math.pi + start) for often, start, share in parts
        )
        points.append(stage.px(x, base - height * (rise + 1) / 2))
    return points


def peaks(stage: Stage, base: float, height: float, *, rough: float = 0.55) -> list[Point]:
    """A jagged line across the picture, in pixels: midpoints displaced again and again."""
    rng = stage.rng
    rises = [
        rng.uniform(0.1, 0.5),
        rng.uniform(0.55, 1.0),
        rng.uniform(0.15, 0.55),
        rng.uniform(0.5, 1.0),
        rng.uniform(0.1, 0.5),
    ]
    if stage.width < stage.height:
        rises = rises[1:4]
    spread = 0.32
    while len(rises) < 129:  # noqa: PLR2004  (as fine as the eye needs)
        between = [(a + b) / 2 + rng.uniform(-spread, spread) * 0.5 for a, b in pairwise(rises)]
        rises = [rise for pair in zip(rises, between, strict=False) for rise in pair] + [rises[-1]]
        spread *= rough
    return [
        stage.px(step / (len(rises) - 1), base - height * rise) for step, rise in enumerate(rises)
    ]


def layer(
    stage: Stage, line: list[Point], top: Color, bottom: Color, *, reach: float = 1.0
) -> Image.Image:
    """Fill everything below `line`; `reach` is where the gradient ends. Returns the mask."""
    first = max(0, int(min(y for _, y in line)) - 1)
    last = stage.height
    size = (stage.width, max(1, last - first))
    mask = polygon(size, [(0, size[1]), *((x, y - first) for x, y in line), (size[0], size[1])])
    end = max(0.05, min(1.0, (reach * stage.height - first) / size[1]))
    stage.image.paste(gradient(size, [(0.0, top), (end, bottom), (1.0, bottom)]), (0, first), mask)
    return mask


def mist(stage: Stage, top: float, bottom: float, share: float) -> None:
    """A veil between two heights, thickest in the middle."""
    first, last = round(top * stage.height), round(bottom * stage.height)
    if last - first < 2:  # noqa: PLR2004  (no room)
        return
    size = (stage.width, last - first)
    veil = ramp(size, (0, 140, 255, 140, 0))
    drift = curve(clouds(size, (4, 2), stage.rng, octaves=3), 40, 200)
    stage.image.paste(
        stage.palette.haze, (0, first), dimmed(ImageChops.multiply(veil, drift), share)
    )
