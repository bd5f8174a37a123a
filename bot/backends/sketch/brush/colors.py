"""Colours for sketches: mixed in OKLab, where the middle between two colours looks like it.

Source: Björn Ottosson, "A perceptual color space for image processing".
"""

import math
from functools import lru_cache

Color = tuple[int, int, int]

# Below these, sRGB's curve is a straight line. Source: IEC 61966-2-1.
SRGB_KNEE = 0.04045
LINEAR_KNEE = 0.0031308


def color(text: str) -> Color:
    """(255, 136, 0) from "ff8800"."""
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:6], 16)


@lru_cache(maxsize=4096)
def mix(one: Color, other: Color, share: float) -> Color:
    """`one` with `share` (0 to 1) of `other`."""
    a, b = _to_lab(one), _to_lab(other)
    return _from_lab(*(x + (y - x) * share for x, y in zip(a, b, strict=True)))


@lru_cache(maxsize=4096)
def toned(base: Color, *, light: float = 0.0, chroma: float = 1.0, turn: float = 0.0) -> Color:
    """`base` lighter by `light` (-1 to 1), with more or less colour, its hue turned by degrees."""
    lightness, a, b = _to_lab(base)
    angle = math.atan2(b, a) + math.radians(turn)
    strength = math.hypot(a, b) * chroma
    lightness = min(1.0, max(0.0, lightness + light))
    return _from_lab(lightness, strength * math.cos(angle), strength * math.sin(angle))


def lightness(of: Color) -> float:
    """0 is black, 1 is white, as the eye judges it."""
    return _to_lab(of)[0]


def _to_lab(of: Color) -> tuple[float, float, float]:
    r, g, b = (_linear(channel / 255) for channel in of)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _from_lab(lightness: float, a: float, b: float) -> Color:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _byte(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
        _byte(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
        _byte(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short),
    )


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= SRGB_KNEE else ((channel + 0.055) / 1.055) ** 2.4


def _byte(linear: float) -> int:
    linear = min(1.0, max(0.0, linear))
    channel = 12.92 * linear if linear <= LINEAR_KNEE else 1.055 * linear ** (1 / 2.4) - 0.055
    return round(channel * 255)
