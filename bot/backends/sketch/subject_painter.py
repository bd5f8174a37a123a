"""Paints one role: its shape with its shadow, its mirror image and its light."""

import math
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.backends.sketch.brush.canvas import Point, glow, ramp
from bot.backends.sketch.brush.colors import Color, mix
from bot.backends.sketch.brush.pen import GLYPHS, Glyph, Pen, tones
from bot.backends.sketch.scenery.stage import Stage, dim
from bot.backends.sketch.subjects import Role

# How much of the air's colour is mixed into everything, by the hour and by the place.
AIR = {"day": 0.05, "dawn": 0.16, "dusk": 0.36, "night": 0.5, "grey": 0.2, "dream": 0.18}
PLACE_AIR = {"space": 0.1, "deep": 0.3, "studio": 0.03}
# How strongly lamps shine.
SHINE = {"night": 0.75, "dusk": 0.5, "grey": 0.35, "dream": 0.25, "dawn": 0.2, "day": 0.06}


def perform(stage: Stage, role: Role, place: str) -> None:
    """Paint one role with its shadow, its mirror image and its light."""
    sprite, lamps = _sprite(stage, role, place)
    line = round(role.at[1])
    lift = round(role.height * 0.1) if role.rock else 0
    left = round(role.at[0] - sprite.width / 2)
    top = line - lift - round(sprite.height * (1 - role.sunk))
    if role.floats:
        sprite = sprite.crop((0, 0, sprite.width, max(1, line - top)))
    if role.floats or role.rock:
        _mirror(stage, sprite, left, line + lift)
    elif role.grounded and role.glyph.habit != "bust":
        _shadow(stage, role, sprite.width)
    if role.rock:
        _rock(stage, role, line)
    if role.noun == "lighthouse":
        _beams(stage, (left + sprite.width / 2, top + sprite.height * 0.18))
    stage.image.paste(sprite, (left, top), sprite)
    light = dim(stage.palette.light, SHINE.get(stage.hour, 0.3))
    for x, y, reach in lamps:
        at = (left + x * role.height, top + y * role.height)
        glow(stage.image, at, reach * role.height, light)


def _sprite(
    stage: Stage, role: Role, place: str
) -> tuple[Image.Image, list[tuple[float, float, float]]]:
    palette, glyph = stage.palette, role.glyph
    share = PLACE_AIR.get(place, AIR[stage.hour]) * (0.45 if glyph.clear else 1.0)
    plain = palette.accent if glyph.color and not role.color else _ink(palette.accent)
    inks = tones(
        role.color or glyph.color or palette.accent,
        glyph.accent or plain,
        ambient=_air(stage, place),
        share=share,
        glow=_pane(stage, glyph, place),
    )
    own = random.Random(stage.rng.random())  # noqa: S311  (a picture, no secret)
    pen = Pen(max(6, round(role.height)), glyph.aspect, inks, own)
    glyph.draw(pen)
    mirrored = stage.chance(0.5)
    sprite = pen.picture(
        light_from_left=stage.light_from_left, rim=palette.light, mirrored=mirrored
    )
    lamps = [((glyph.aspect - x) if mirrored else x, y, reach) for x, y, reach in pen.lamps]
    return sprite, lamps


def _ink(color: Color) -> Color:
    """A dark shade of the accent, for details of a thing that is in the accent's colour."""
    return mix(color, (40, 34, 48), 0.55)


def _air(stage: Stage, place: str) -> Color:
    """The air's colour, which tints what is seen through it."""
    if place == "deep":
        return stage.palette.water
    if stage.hour in ("dusk", "night"):
        return mix(stage.palette.deep, stage.palette.sky[1], 0.4)
    return stage.palette.haze


def _pane(stage: Stage, glyph: Glyph, place: str) -> Color:
    """Windows and lamps: lit when it is dim, a mirror of the sky in buildings by day."""
    dim_out = stage.hour in ("dusk", "night", "grey") or place in ("space", "deep", "studio")
    if dim_out or glyph.habit not in ("stand", "rise") or glyph.home == "forest":
        return mix(stage.palette.light, (255, 214, 130), 0.5)
    return mix((74, 92, 116), stage.palette.sky[2], 0.25)


def _shadow(stage: Stage, role: Role, wide: int) -> None:
    """The shadow on the ground, drawn out away from the light."""
    long = {"dusk": 1.5, "dawn": 1.4, "day": 0.7}.get(stage.hour, 0.9)
    half, flat = wide * 0.55, max(2.0, wide * 0.075)
    size = (round(half * 4), round(flat * 8))
    mask = Image.new("L", size)
    middle = size[0] / 2 + half * 0.35 * long * (1 if stage.light_from_left else -1)
    reach, height = half * (0.8 + 0.2 * long), size[1] / 2
    box = (middle - reach, height - flat, middle + reach, height + flat)
    ImageDraw.Draw(mask).ellipse(box, fill=150)
    mask = mask.filter(ImageFilter.GaussianBlur(max(1.0, flat * 0.6)))
    corner = (round(role.at[0] - size[0] / 2), round(role.at[1] - size[1] / 2))
    stage.image.paste(stage.palette.deep, corner, mask)


def _mirror(stage: Stage, sprite: Image.Image, left: int, line: int) -> None:
    upside = sprite.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    upside = upside.resize((upside.width, max(1, round(upside.height * 0.75))))
    rippled = Image.new("RGBA", upside.size)
    y = 0.0
    while y < upside.height:
        band = 1 + stage.unit * 0.006 * (0.3 + y / upside.height)
        shift = round(stage.rng.uniform(-1, 1) * stage.unit * 0.006 * (0.4 + y / upside.height))
        strip = upside.crop((0, int(y), upside.width, int(y + band) + 1))
        rippled.paste(strip, (shift, int(y)))
        y += band
    fade = ramp(upside.size, (150, 110, 40, 0))
    tinted = Image.blend(
        rippled.convert("RGB"), Image.new("RGB", upside.size, stage.palette.water), 0.3
    )
    stage.image.paste(tinted, (left, line - 1), ImageChops.multiply(rippled.getchannel("A"), fade))


def _rock(stage: Stage, role: Role, line: int) -> None:
    """A rock in the sea, for a thing like a lighthouse to stand on."""
    broad, high = role.wide + role.height * 0.4, max(8, round(role.height * 0.2))
    palette, rock = stage.palette, GLYPHS["rock"]
    body = mix(mix(palette.ground, (96, 92, 96), 0.55), palette.deep, 0.3)
    pen = Pen(
        high,
        rock.aspect,
        tones(body, body, ambient=palette.haze, share=0.1, glow=palette.light),
        stage.rng,
    )
    rock.draw(pen)
    stone = pen.picture(light_from_left=stage.light_from_left, rim=palette.light)
    for share, dx, up in ((0.66, -0.36, 0.55), (0.6, 0.39, 0.45), (1.0, 0.0, 1.0)):
        size = (round(broad * share), max(2, round(high * up)))
        piece = stone.resize(size, Image.Resampling.LANCZOS)
        left = round(role.at[0] + dx * broad - piece.width / 2)
        _mirror(stage, piece, left, line)
        stage.image.paste(piece, (left, line - piece.height + 1), piece)


def _beams(stage: Stage, lamp: Point) -> None:
    """A lighthouse's two beams in dim air."""
    if stage.hour not in ("dusk", "night", "grey"):
        return
    small = (stage.width // 2, stage.height // 2)
    mask = Image.new("L", small)
    x, y = lamp[0] / 2, lamp[1] / 2
    reach, tilt = max(small) * 1.2, stage.rng.uniform(-0.1, 0.06)
    for half, fill in ((0.085, 46), (0.05, 86)):
        for angle in (tilt, math.pi + tilt):
            ends = [
                (x + reach * math.cos(angle + turn), y + reach * math.sin(angle + turn))
                for turn in (-half, half)
            ]
            ImageDraw.Draw(mask).polygon([(x, y), *ends], fill=fill)
    veil = Image.new("L", small)
    fade = ImageChops.invert(Image.radial_gradient("L")).resize((stage.unit * 2, stage.unit * 2))
    veil.paste(fade, (round(x - stage.unit), round(y - stage.unit)))
    mask = ImageChops.multiply(mask.filter(ImageFilter.GaussianBlur(small[1] / 160)), veil)
    mask = mask.resize(stage.image.size, Image.Resampling.BILINEAR)
    black, lit = (
        Image.new("RGB", stage.image.size, tint) for tint in ("black", stage.palette.light)
    )
    stage.image.paste(ImageChops.screen(stage.image, Image.composite(lit, black, mask)))
