"""Who is in the picture and where: a scene's nouns take their places on a stage."""

import math
import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.backends import (
    sketch_animals,
    sketch_buildings,
    sketch_machines,
    sketch_people,
    sketch_plants,
    sketch_things,
    sketch_wings,
)
from bot.backends.sketch_canvas import Point, glow, ramp
from bot.backends.sketch_colors import Color, mix
from bot.backends.sketch_pen import GLYPHS, Glyph, Pen, tones
from bot.backends.sketch_stage import Ground, Stage, dim
from bot.backends.sketch_words import Scene, Subject

# Importing them fills GLYPHS.
SHAPES = (
    sketch_animals,
    sketch_buildings,
    sketch_machines,
    sketch_people,
    sketch_plants,
    sketch_things,
    sketch_wings,
)

# How much of the air's colour everything takes, by the hour.
AIR = {"day": 0.05, "dawn": 0.16, "dusk": 0.36, "night": 0.5, "grey": 0.2, "dream": 0.18}
PLACE_AIR = {"space": 0.1, "deep": 0.3, "studio": 0.03}
# How strongly lamps shine.
SHINE = {"night": 0.75, "dusk": 0.5, "grey": 0.35, "dream": 0.25, "dawn": 0.2, "day": 0.06}


@dataclass(frozen=True, slots=True)
class Role:
    """One thing in its place: the middle of its feet in pixels, and its height."""

    noun: str
    glyph: Glyph
    color: Color | None
    at: Point
    height: float
    floats: bool = False
    flies: bool = False
    rock: bool = False
    sunk: float = 0.0  # the share of it that is under water


def cast(stage: Stage, ground: Ground, place: str) -> list[Role]:
    """Roles from back to front."""
    walkers: list[Subject] = []
    flyers: list[Subject] = []
    for subject in stage.scene.subjects:
        (flyers if _airy(stage.scene, subject, place) else walkers).extend(
            [subject] * subject.count
        )
    roles = [*_fly(stage, ground, flyers), *_stand(stage, ground, walkers)]
    return sorted(roles, key=lambda role: role.at[1])


def _airy(scene: Scene, subject: Subject, place: str) -> bool:
    """Whether it hangs free: by its nature, in the water, or without weight."""
    habit = GLYPHS[subject.noun].habit
    if place == "space":
        return habit in ("fly", "swim") or all(
            one.noun in ("astronaut", "person") for one in scene.subjects
        )
    return habit == "fly" or place == "sky" or (habit == "swim" and place == "deep")


def _size(stage: Stage, subject: Subject, among: int) -> float:
    """A height in pixels, for one `among` so many."""
    size = GLYPHS[subject.noun].size * subject.size * stage.unit
    size *= min(1.15, max(1.0, math.sqrt(math.sqrt(stage.width / stage.unit))))
    size /= math.sqrt(math.sqrt(subject.count))
    return size * (1.12 if among == 1 else 0.92)


def _stand(stage: Stage, ground: Ground, subjects: list[Subject]) -> list[Role]:
    """Side by side, none quite on one line."""
    rng, alone = stage.rng, len(subjects) == 1
    heights = [
        _size(stage, subject, len(subjects)) * rng.uniform(0.92, 1.08) for subject in subjects
    ]
    widths = [
        height * GLYPHS[subject.noun].aspect
        for height, subject in zip(heights, subjects, strict=True)
    ]
    room = stage.width * 0.86
    squeeze = min(1.0, room / max(1.0, sum(widths) * 1.06))
    slack = room - sum(widths) * squeeze
    order = list(range(len(subjects)))
    rng.shuffle(order)
    x = stage.width * 0.07
    roles = []
    for turn, index in enumerate(order):
        gap = slack * (_third(stage) if alone else rng.uniform(0.5, 1.0) / len(subjects))
        x += gap
        wide, height = widths[index] * squeeze, heights[index] * squeeze
        roles.append(_role(stage, ground, subjects[index], (x + wide / 2, height), turn))
        x += wide
        slack -= gap
    return roles


def _third(stage: Stage) -> float:
    """Where one alone stands: a third from the edge, away from the light."""
    side = 0.66 if stage.light_from_left else 0.34
    return stage.rng.choice((side, side, 0.5)) + stage.rng.uniform(-0.06, 0.06)


def _role(
    stage: Stage, ground: Ground, subject: Subject, place: tuple[float, float], turn: int
) -> Role:
    x, height = place
    glyph = GLYPHS[subject.noun]
    floats = glyph.habit in ("float", "swim") and ground.water is not None
    rises = glyph.habit == "rise" and ground.rocks
    if ground.water is not None and (floats or rises):
        spread = (1 - ground.water) * 0.3
        y = ground.water + stage.rng.uniform(-0.3, 0.6) * spread
    else:
        y = ground.base if turn % 2 == 0 else (ground.base + ground.far) / 2
        y += stage.rng.uniform(-0.012, 0.02)
    return Role(
        subject.noun,
        glyph,
        subject.color,
        (x, y * stage.height),
        height,
        floats=floats,
        rock=rises,
        sunk=0.3 if floats and glyph.habit == "swim" else 0.03 if floats else 0.0,
    )


def _fly(stage: Stage, ground: Ground, subjects: list[Subject]) -> list[Role]:
    rng, roles = stage.rng, []
    taken: list[Point] = []
    for subject in subjects:
        alone = len(subjects) == 1 and subject.count == 1
        height = _size(stage, subject, len(subjects)) * (1.0 if alone else rng.uniform(0.65, 1.0))
        best, free = (0.5, ground.air), -1.0
        for _ in range(14):
            x = rng.uniform(0.3, 0.7) if alone else rng.uniform(0.14, 0.86)
            at = (x, ground.air + rng.uniform(-0.2, 0.16) * (0.5 if alone else 1.0))
            nearest = min((math.dist(at, other) for other in [*taken, stage.light]), default=1.0)
            if nearest > free:
                best, free = at, nearest
        taken.append(best)
        top = max(0.03 * stage.height, best[1] * stage.height - height / 2)
        half = height * GLYPHS[subject.noun].aspect / 2
        x = min(stage.width - half * 0.9, max(half * 0.9, best[0] * stage.width))
        roles.append(
            Role(
                subject.noun,
                GLYPHS[subject.noun],
                subject.color,
                (x, top + height),
                height,
                flies=True,
            )
        )
    return roles


def perform(stage: Stage, role: Role, place: str) -> None:
    """Paint one role with its shadow, its mirror image and its light."""
    sprite, lamps = _sprite(stage, role, place)
    line = round(role.at[1])
    lift = round(role.height * 0.1) if role.rock else 0
    left, top = (
        round(role.at[0] - sprite.width / 2),
        line - lift - round(sprite.height * (1 - role.sunk)),
    )
    if role.floats:
        sprite = sprite.crop((0, 0, sprite.width, max(1, line - top)))
    if role.floats or role.rock:
        _mirror(stage, sprite, left, line + lift)
    elif not role.flies:
        _shadow(stage, role, sprite.width)
    if role.rock:
        _rock(stage, role, line)
    if role.noun == "lighthouse":
        _beams(stage, (left + sprite.width / 2, top + sprite.height * 0.18))
    stage.image.paste(sprite, (left, top), sprite)
    for x, y, reach in lamps:
        shine = SHINE.get(stage.hour, 0.3)
        glow(
            stage.image,
            (left + x * role.height, top + y * role.height),
            reach * role.height,
            dim(stage.palette.light, shine),
        )


def _sprite(
    stage: Stage, role: Role, place: str
) -> tuple[Image.Image, list[tuple[float, float, float]]]:
    palette, glyph = stage.palette, role.glyph
    share = PLACE_AIR.get(place, AIR[stage.hour]) * (0.45 if glyph.clear else 1.0)
    ambient = (
        mix(palette.deep, palette.sky[1], 0.4) if stage.hour in ("dusk", "night") else palette.haze
    )
    if place == "deep":
        ambient = palette.water
    body = role.color or glyph.color or palette.accent
    accent = glyph.accent or (
        mix(palette.accent, (40, 34, 48), 0.55) if role.color or not glyph.color else palette.accent
    )
    glows = stage.hour in ("dusk", "night", "grey") or place in ("space", "deep", "studio")
    lit = mix(palette.light, (255, 214, 130), 0.5)
    if not glows:
        lit = (
            mix((74, 92, 116), palette.sky[2], 0.25)
            if glyph.habit in ("stand", "rise") and glyph.home != "forest"
            else lit
        )
    rng = random.Random(stage.rng.random())  # noqa: S311  (a picture, no secret)
    pen = Pen(
        max(6, round(role.height)),
        glyph.aspect,
        tones(body, accent, ambient=ambient, share=share, glow=lit),
        rng,
    )
    glyph.draw(pen)
    mirrored = stage.chance(0.5)
    sprite = pen.picture(
        light_from_left=stage.light_from_left, rim=palette.light, mirrored=mirrored
    )
    lamps = [((glyph.aspect - x) if mirrored else x, y, reach) for x, y, reach in pen.lamps]
    return sprite, lamps


def _shadow(stage: Stage, role: Role, wide: int) -> None:
    """Where it touches the ground, drawn out away from the light."""
    long = {"dusk": 1.5, "dawn": 1.4, "day": 0.7}.get(stage.hour, 0.9)
    half, flat = wide * 0.55, max(2.0, wide * 0.075)
    size = (round(half * 4), round(flat * 8))
    mask = Image.new("L", size)
    middle = size[0] / 2 + (half * 0.35 * long if stage.light_from_left else -half * 0.35 * long)
    ImageDraw.Draw(mask).ellipse(
        (
            middle - half * (0.8 + 0.2 * long),
            size[1] / 2 - flat,
            middle + half * (0.8 + 0.2 * long),
            size[1] / 2 + flat,
        ),
        fill=150,
    )
    mask = mask.filter(ImageFilter.GaussianBlur(max(1.0, flat * 0.6)))
    stage.image.paste(
        stage.palette.deep, (round(role.at[0] - size[0] / 2), round(role.at[1] - size[1] / 2)), mask
    )


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
    """What a lighthouse needs in the sea."""
    wide, high = role.height * role.glyph.aspect, max(8, round(role.height * 0.2))
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
    for share, dx, up in ((1.3, -0.7, 0.55), (1.2, 0.75, 0.45), (1.9, 0.0, 1.0)):
        size = (round(max(wide, role.height * 0.3) * share), max(2, round(high * up)))
        piece = stone.resize(size, Image.Resampling.LANCZOS)
        left = round(role.at[0] + dx * wide - piece.width / 2)
        _mirror(stage, piece, left, line)
        stage.image.paste(piece, (left, line - piece.height + 1), piece)


def _beams(stage: Stage, lamp: Point) -> None:
    """A lighthouse's two beams in dim air."""
    if stage.hour not in ("dusk", "night", "grey"):
        return
    small = (stage.width // 2, stage.height // 2)
    mask = Image.new("L", small)
    draw = ImageDraw.Draw(mask)
    x, y = lamp[0] / 2, lamp[1] / 2
    reach = max(small) * 1.2
    tilt = stage.rng.uniform(-0.1, 0.06)
    for direction in (tilt, math.pi + tilt):
        for half, fill in ((0.085, 46), (0.05, 40)):
            ends = [
                (x + reach * math.cos(direction + t), y + reach * math.sin(direction + t))
                for t in (-half, half)
            ]
            layer = Image.new("L", small)
            ImageDraw.Draw(layer).polygon([(x, y), *ends], fill=fill)
            mask = ImageChops.add(mask, layer)
    del draw
    fade = ImageChops.invert(Image.radial_gradient("L")).resize((stage.unit * 2, stage.unit * 2))
    veil = Image.new("L", small)
    veil.paste(fade, (round(x - fade.width / 2), round(y - fade.height / 2)))
    mask = ImageChops.multiply(mask.filter(ImageFilter.GaussianBlur(small[1] / 160)), veil).resize(
        stage.image.size, Image.Resampling.BILINEAR
    )
    lit = Image.composite(
        Image.new("RGB", stage.image.size, stage.palette.light),
        Image.new("RGB", stage.image.size),
        mask,
    )
    stage.image.paste(ImageChops.screen(stage.image, lit))
