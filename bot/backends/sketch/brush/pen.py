"""A pen for small pictures of one thing: shapes in tones, shaded by where the light comes from.

A glyph draws into a box of height 1 whose base is y = 1 and whose left side is x = 0. Points are
pairs of numbers, or a text of pairs in hundredths: "20,99 17,74" is (0.2, 0.99), (0.17, 0.74).
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.backends.sketch.brush.canvas import Point, dimmed, ramp, smooth
from bot.backends.sketch.brush.colors import Color, color, mix, toned

# The name of one of the Tones below.
Tone = str
# Where a thing is placed: on the ground, on a rock in the sea, on water, in the air, under water,
# on a table, or cut off by the lower edge.
Habit = Literal["stand", "rise", "float", "fly", "swim", "table", "bust"]
Box = tuple[float, float, float, float]


def rows(text: str) -> list[tuple[float, ...]]:
    """The numbers of each word in `text`, in hundredths."""
    return [tuple(float(number) / 100 for number in word.split(",")) for word in text.split()]


def path(points: Sequence[Point | str]) -> list[Point]:
    found: list[Point] = []
    for point in points:
        found.extend([(x, y) for x, y in rows(point)] if isinstance(point, str) else [point])
    return found


@dataclass(frozen=True, slots=True)
class Tones:
    """The colours of one thing, in the light of its scene."""

    body: Color
    light: Color
    shade: Color
    dark: Color
    accent: Color
    accent_shade: Color
    pale: Color
    glow: Color


def tones(body: Color, accent: Color, *, ambient: Color, share: float, glow: Color) -> Tones:
    """Tones around `body` in air that gives everything a `share` of `ambient`."""

    def air(one: Color) -> Color:
        return mix(one, ambient, share)

    return Tones(
        body=air(body),
        light=air(toned(body, light=0.1)),
        shade=air(toned(body, light=-0.11)),
        dark=air(mix(toned(body, light=-0.35, chroma=0.7), (28, 24, 34), 0.6)),
        accent=air(accent),
        accent_shade=air(toned(accent, light=-0.1)),
        pale=air(mix(body, (250, 246, 236), 0.75)),
        glow=glow,
    )


class Pen:
    """`lamps` are places that shine at night: x, y and reach."""

    def __init__(self, height_px: int, aspect: float, tones: Tones, rng: random.Random) -> None:
        # Small shapes need finer edges.
        self.fine = 2 if height_px > 300 else 3  # noqa: PLR2004
        self.scale = height_px * self.fine
        self.tones = tones
        self.rng = rng
        self.lamps: list[tuple[float, float, float]] = []
        self.size = (max(2, round(height_px * aspect)), max(2, height_px))
        self._sheet = Image.new("RGBA", (self.size[0] * self.fine, self.size[1] * self.fine))
        self._draw = ImageDraw.Draw(self._sheet)

    def poly(self, tone: Tone, *points: Point | str) -> None:
        self._draw.polygon(self._px(path(points)), fill=self._fill(tone))

    def curve(self, tone: Tone, *points: Point | str) -> None:
        """A closed soft shape through `points`."""
        self._draw.polygon(self._px(smooth(path(points))), fill=self._fill(tone))

    def oval(self, tone: Tone, x: float, y: float, rx: float, ry: float = 0.0) -> None:
        """Around a middle; one radius makes a circle."""
        ry = ry or rx
        self._draw.ellipse(self._scaled((x - rx, y - ry, x + rx, y + ry)), fill=self._fill(tone))

    def rect(
        self,
        tone: Tone,
        left: float,
        top: float,
        right: float,
        bottom: float,
        *,
        round_: float = 0.0,
    ) -> None:
        box = self._scaled((left, top, right, bottom))
        self._draw.rounded_rectangle(box, round_ * self.scale, fill=self._fill(tone))

    def line(self, tone: Tone, width: float, *points: Point | str, soft: bool = False) -> None:
        """A stroke with round ends; `soft` bends it through its points."""
        self.taper(tone, width, width, *points, soft=soft)

    def taper(
        self, tone: Tone, first: float, last: float, *points: Point | str, soft: bool = False
    ) -> None:
        """A stroke whose width goes from `first` to `last`."""
        way = path(points)
        way = self._px(smooth(way, closed=False) if soft else way)
        fill = self._fill(tone)
        for index, (one, other) in enumerate(pairwise(way)):
            width = (first + (last - first) * index / (len(way) - 1)) * self.scale
            self._draw.line([one, other], fill=fill, width=max(1, round(width)))
            for x, y in (one, other):
                half = width / 2
                self._draw.ellipse((x - half, y - half, x + half, y + half), fill=fill)

    def arc(self, tone: Tone, width: float, box: Box, start: float, end: float) -> None:
        thick = max(1, round(width * self.scale))
        self._draw.arc(self._scaled(box), start, end, fill=self._fill(tone), width=thick)

    def pie(self, tone: Tone, box: Box, start: float, end: float) -> None:
        self._draw.pieslice(self._scaled(box), start, end, fill=self._fill(tone))

    def window(
        self, left: float, top: float, right: float, bottom: float, *, round_: float = 0.0
    ) -> None:
        """A lit window, which shines at night."""
        self.rect("glow", left, top, right, bottom, round_=round_)
        self.lamp((left + right) / 2, (top + bottom) / 2, (bottom - top) * 2)

    def lamp(self, x: float, y: float, reach: float) -> None:
        self.lamps.append((x, y, reach))

    def eye(self, x: float, y: float, radius: float) -> None:
        self.oval("dark", x, y, radius)
        self.oval("pale", x - radius * 0.3, y - radius * 0.35, radius * 0.34)

    def picture(self, *, light_from_left: bool, rim: Color, mirrored: bool = False) -> Image.Image:
        """What was drawn, with a light and a dark side."""
        drawn = self._sheet.reduce(self.fine)
        if mirrored:
            drawn = drawn.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        shape = drawn.getchannel("A")
        across = ramp((drawn.height, drawn.width), (0, 10, 70)).rotate(90, expand=True)
        across = across.resize(drawn.size)
        if not light_from_left:
            across = across.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        _lay(drawn, self.tones.dark, ImageChops.multiply(across, shape))
        down = ramp(drawn.size, (0, 0, 45))
        _lay(drawn, self.tones.dark, ImageChops.multiply(down, shape))
        edge = max(1, drawn.height // 90)
        shifted = ImageChops.offset(shape, edge if light_from_left else -edge, edge)
        border = ImageChops.subtract(shape, shifted).filter(ImageFilter.GaussianBlur(edge * 0.7))
        _lay(drawn, rim, dimmed(ImageChops.multiply(border, shape), 0.55))
        return drawn

    def _px(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def _scaled(self, box: Box) -> Box:
        left, top, right, bottom = box
        return left * self.scale, top * self.scale, right * self.scale, bottom * self.scale

    def _fill(self, tone: Tone) -> tuple[int, int, int, int]:
        return (*getattr(self.tones, tone), 255)


def _lay(image: Image.Image, paint: Color, mask: Image.Image) -> None:
    """Paint over what is there without making anything less transparent."""
    alpha = image.getchannel("A")
    image.paste((*paint, 255), (0, 0), mask)
    image.putalpha(alpha)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A noun's shape. `size` is its height as a share of the picture's shorter side."""

    draw: Callable[[Pen], None]
    aspect: float
    size: float
    habit: Habit
    color: Color | None
    accent: Color | None
    home: str
    clear: bool = field(default=False)  # keeps its colours in the dark


GLYPHS: dict[str, Glyph] = {}


def glyph(
    noun: str,
    *,
    aspect: float,
    size: float,
    habit: Habit = "stand",
    body: str = "",
    accent: str = "",
    home: str = "meadow",
    clear: bool = False,
) -> Callable[[Callable[[Pen], None]], Callable[[Pen], None]]:
    """Register the shape of `noun`; without `body` it takes the palette's accent."""

    def register(draw: Callable[[Pen], None]) -> Callable[[Pen], None]:
        GLYPHS[noun] = Glyph(
            draw,
            aspect,
            size,
            habit,
            color(body) if body else None,
            color(accent) if accent else None,
            home,
            clear,
        )
        return draw

    return register
