"""Which colours a sketch has: the hour, the colour words, the mood and the seed decide."""

import random
from dataclasses import dataclass, replace

from bot.backends.sketch.brush.colors import Color, color, lightness, mix, toned

COLOR_WORDS: dict[str, Color] = {
    name: color(value)
    for name, value in (
        pair.split(":")
        for pair in [
            "red:d63a34",
            "crimson:b3202f",
            "scarlet:d92e23",
            "ruby:a8173f",
            "orange:ef8432",
            "amber:f2a93b",
            "copper:b86a3a",
            "rust:a34a24",
            "yellow:f4cf45",
            "gold:e0ac3b",
            "golden:e8b545",
            "lemon:f5e162",
            "green:4f9d58",
            "emerald:1f9a6b",
            "jade:3aa27f",
            "olive:7e8442",
            "mint:9fdcc0",
            "lime:a4cf45",
            "teal:1e8a8c",
            "turquoise:35b8b5",
            "cyan:3fc4d9",
            "aqua:54cfd2",
            "blue:3b74c9",
            "azure:3f95e0",
            "navy:203566",
            "indigo:3f3f8f",
            "cobalt:2c55b0",
            "purple:7b4aa8",
            "violet:8454c4",
            "lavender:b3a0dc",
            "lilac:c3a5d8",
            "magenta:c8378e",
            "pink:ee8fb2",
            "rose:e0708f",
            "coral:f2796b",
            "peach:f7b592",
            "brown:7d5236",
            "chocolate:5d3a26",
            "beige:dcc8a4",
            "cream:f4e8cd",
            "tan:c49c6e",
            "white:f5f3ec",
            "ivory:f3ecd9",
            "silver:b9c1ca",
            "grey:8b9097",
            "gray:8b9097",
            "black:24252b",
        ]
    )
}


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one sketch. `sky` runs from the zenith to the horizon."""

    sky: tuple[Color, Color, Color, Color]
    light: Color  # of the sun, the moon, windows at night
    haze: Color  # what far things fade into
    ground: Color  # near things without a colour of their own
    water: Color
    accent: Color  # a hero's colour
    dark: bool  # stars and windows shine

    @property
    def deep(self) -> Color:
        """The darkest shade in use; never plain black."""
        return toned(mix(self.ground, self.sky[0], 0.55), light=-0.16 if self.dark else -0.3)


def _palette(
    sky: str, light: str, haze: str, ground: str, water: str, accent: str, *, dark: bool = False
) -> Palette:
    one, two, three, four = (color(part) for part in sky.split())
    return Palette(
        (one, two, three, four),
        color(light),
        color(haze),
        color(ground),
        color(water),
        color(accent),
        dark,
    )


# Several for each hour, so that two seeds differ.
HOURS: dict[str, tuple[Palette, ...]] = {
    "dawn": (
        _palette("5b6fa8 a79bc4 f0b8b4 ffe3bd", "fff1cf", "f6cfc0", "56704f", "8fa3c2", "e07a5f"),
        _palette("7a8fb8 c6b3cf f7cdbd fff0cf", "fff4d8", "f5dcd0", "5c7a66", "a3b4cc", "d9768a"),
        _palette("4c7a8f 8fb5b5 f2d0a9 fde9c4", "fff0c2", "e8d9c0", "4f6b4a", "7fa9ac", "e2865a"),
    ),
    "day": (
        _palette("3d7fc0 76b1e0 b9dcf0 eef6ee", "fffbe6", "cfe4ea", "5d8f4e", "3f8fb5", "e0593e"),
        _palette("2f6fae 5fa6d6 a6d3e6 f6eed6", "fff8df", "c4dbe0", "74924c", "3c86a6", "d9563f"),
        _palette("4f9aa8 8cc7c4 c9e6d6 fbf4dc", "fffae0", "d3e6dc", "6f9a5b", "4d9ca3", "e8743f"),
    ),
    "dusk": (
        _palette("2b2a63 7a4685 e57368 ffc879", "ffe3a1", "d98a7c", "3b3a4f", "5d4f84", "f2a541"),
        _palette("1f3a5f 5d5a8a d98880 fbd28b", "ffe9b0", "b98a92", "334053", "4a5b86", "ef7b5a"),
        _palette("3a2352 9c3f6f ee6c4d ffb55f", "ffdf94", "c9685f", "3a2b40", "6b3d6a", "f7b84b"),
        _palette("28425c 6f7a94 e8a48c ffdca6", "fff0c4", "c8a39a", "37454c", "5a7590", "e2725b"),
    ),
    "night": (
        _palette("070c22 101d45 24386b 47608c", "f5efcf", "2c4170", "141c30", "15264d", "f0b860"),
        _palette("0b0a24 1d1848 3a2c6b 6b4f86", "f7e9d0", "41346e", "1a1733", "231d4e", "e88fa0"),
        _palette("04151f 0b2c3a 1a4f58 4a8078", "eef5d8", "1f4f58", "0d2228", "0f3541", "f2c14e"),
    ),
    "grey": (
        _palette("5f6b78 8792a0 b3bac0 d8d9d4", "f4f1e6", "bcc2c4", "4e5a52", "6b7a86", "c8553d"),
        _palette("4c5562 707a88 9ba3a8 c9c8be", "efe9d8", "a9aeae", "454f4c", "586874", "d0793f"),
    ),
    "dream": (
        _palette("6a5fb0 b58fd0 f4b6c8 ffe8c8", "fff2d6", "dcb4d4", "5b4a86", "8f86cc", "5cc9c0"),
        _palette("1f6f78 58b0a4 f0d9a0 ffb58a", "fff0c9", "a8d0b4", "2a565c", "4aa09c", "e8604f"),
        _palette("27496d 5a7fb0 e0a4b8 f9dcc0", "fff0d4", "b2a2c0", "33466b", "5a78a8", "f2c14e"),
        _palette("3c2a5e 8a4f9e f08a9b ffd0a0", "ffe9c0", "b8749c", "3f2f5c", "6a4f92", "6fd0c8"),
        _palette("0f4c5c 3f8f8f e8c07d f6e8c3", "fff4d0", "a9c4a4", "2c4f4a", "3f8890", "e36414"),
    ),
    "space": (
        _palette("05060f 0c1030 1d1f52 3a2f6e", "fff3d8", "2a2657", "15162c", "12183a", "f08a5d"),
        _palette("030a12 08202e 12404f 1f5a5e", "f4fbe8", "1a4450", "0c1a22", "0b2a38", "e0568a"),
        _palette("0a0512 210b30 4a1648 7a2a52", "ffe9d0", "4a1c4c", "1a0d22", "240f38", "5ad1c8"),
    ),
    "deep": (
        _palette("9fe6da 3fb3bd 14718f 0a3358", "e8fff4", "1f83a0", "0c3a56", "0f5f80", "f7a34f"),
        _palette("b8ecc8 55b8a4 1c7884 0b3a54", "f4ffe0", "2a8a94", "0d3f50", "167084", "f2785c"),
    ),
    "studio": (
        _palette("e9dcc6 e2cfb4 d8bf9f caa985", "fff6e0", "d9c4a6", "8a6246", "9aa7a0", "c4533a"),
        _palette("c9d6d3 b7c9c6 a2b8b6 86a3a3", "fdf7e6", "b4c6c2", "55706f", "8aa6a8", "e07a4f"),
        _palette("3a4250 333a47 2a303c 20242e", "ffeccb", "3d4552", "5c4636", "38424f", "e8a04a"),
        _palette("e6c9c4 dfb6b0 d3a09c c18884", "fff0e2", "dcb6ae", "7d4f52", "a6949c", "3f7f86"),
    ),
}  # fmt: skip
_DARK = ("night", "space")


def choose(hour: str, tints: tuple[Color, ...], mood: str, rng: random.Random) -> Palette:
    """The palette for `hour`, bent by the words that named a colour or a mood."""
    palette = replace(rng.choice(HOURS[hour]), dark=hour in _DARK)
    palette = _each(palette, turn=rng.uniform(-9, 9))
    if tints:
        palette = _tinted(palette, tints)
    return _moody(palette, mood)


def _each(
    palette: Palette, *, light: float = 0.0, chroma: float = 1.0, turn: float = 0.0
) -> Palette:
    def change(one: Color) -> Color:
        return toned(one, light=light, chroma=chroma, turn=turn)

    one, two, three, four = (change(part) for part in palette.sky)
    return replace(
        palette,
        sky=(one, two, three, four),
        haze=change(palette.haze),
        ground=change(palette.ground),
        water=change(palette.water),
        accent=change(palette.accent),
    )


def _tinted(palette: Palette, tints: tuple[Color, ...]) -> Palette:
    """Tint sky and haze with the first colour, the ground with the next; they stay as light."""
    first, last = tints[0], tints[-1]

    def toward(one: Color, tint: Color, share: float) -> Color:
        same_light = toned(tint, light=lightness(one) - lightness(tint))
        return mix(one, same_light, share)

    one, two, three, four = (
        toward(part, first, share)
        for part, share in zip(palette.sky, (0.7, 0.75, 0.65, 0.4), strict=True)
    )
    return replace(
        palette,
        sky=(one, two, three, four),
        haze=toward(palette.haze, first, 0.6),
        ground=toward(palette.ground, last, 0.55),
        water=toward(palette.water, first, 0.6),
        accent=last,
    )


def _moody(palette: Palette, mood: str) -> Palette:
    if mood == "dark":
        return _each(palette, light=-0.1, chroma=0.7)
    if mood == "soft":
        return _each(palette, light=0.06, chroma=0.72)
    if mood == "vivid":
        return _each(palette, chroma=1.35)
    if mood == "warm":
        return _each(palette, chroma=1.1, turn=-6)
    if mood == "grey":
        return _each(palette, chroma=0.0)
    return palette
