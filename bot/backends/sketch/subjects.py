"""Places the nouns of a scene on a stage."""

import math
from dataclasses import dataclass, replace

from bot.backends.sketch.brush.canvas import Point
from bot.backends.sketch.brush.colors import Color
from bot.backends.sketch.brush.pen import GLYPHS, Glyph
from bot.backends.sketch.glyphs import (
    animals,
    birds,
    buildings,
    machines,
    people,
    plants,
    things,
)
from bot.backends.sketch.prompt.prompt_reader import Scene, Subject
from bot.backends.sketch.scenery.stage import Ground, Stage

# Importing these modules fills GLYPHS.
SHAPES = (
    animals,
    buildings,
    machines,
    people,
    plants,
    things,
    birds,
)
# Nothing reaches higher than this share of the height.
TOP = 0.04


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
    rock: bool = False  # it needs a rock to stand on
    sunk: float = 0.0  # the share of it that is under water

    @property
    def grounded(self) -> bool:
        return not (self.flies or self.floats or self.rock)

    @property
    def wide(self) -> float:
        return self.height * self.glyph.aspect


def cast(stage: Stage, ground: Ground, place: str) -> list[Role]:
    """Roles from back to front: what flies is behind what stands."""
    subjects = list(stage.scene.subjects)
    rider = subjects.pop(0) if stage.scene.riding else None
    walkers: list[Subject] = []
    flyers: list[Subject] = []
    for subject in subjects:
        group = flyers if _airy(stage.scene, subject, place) else walkers
        group.extend([subject] * subject.count)
    flying = _fly(stage, ground, flyers, crowded=bool(walkers))
    standing = _stand(stage, ground, walkers)
    roles = [*sorted(flying, key=_depth), *sorted(standing, key=_depth)]
    return _mounted(roles, rider, subjects[0]) if rider else roles


def _depth(role: Role) -> float:
    return role.at[1]


def _airy(scene: Scene, subject: Subject, place: str) -> bool:
    """Whether it stands on nothing: it flies, swims under water, or is weightless."""
    habit = GLYPHS[subject.noun].habit
    if subject.noun == "island" and place in ("sea", "lake"):
        return False
    if place == "space":
        weightless = all(one.noun in ("astronaut", "person") for one in scene.subjects)
        return habit in ("fly", "swim") or weightless
    return habit == "fly" or place == "sky" or (habit == "swim" and place == "deep")


def _mounted(roles: list[Role], rider: Subject, mount: Subject) -> list[Role]:
    """`rider` behind the first `mount`, whose back hides the feet, or before its wings."""
    index = next(index for index, role in enumerate(roles) if role.noun == mount.noun)
    under = roles[index]
    height = under.height * (0.5 if under.flies else 0.8) * min(1.2, rider.size)
    feet = (under.at[0], under.at[1] - under.height * 0.36)
    riding = Role(rider.noun, GLYPHS[rider.noun], rider.color, feet, height, flies=True)
    behind = index + 1 if under.flies else index
    return [*roles[:behind], riding, *roles[behind:]]


def _size(stage: Stage, subject: Subject, among: int) -> float:
    """A height in pixels, for one `among` so many."""
    size = GLYPHS[subject.noun].size * subject.size * stage.unit
    size *= min(1.15, math.sqrt(math.sqrt(stage.width / stage.unit)))
    size /= math.sqrt(math.sqrt(subject.count))
    return size * (1.12 if among == 1 else 0.92)


def _stand(stage: Stage, ground: Ground, subjects: list[Subject]) -> list[Role]:
    """Side by side, none quite on one line."""
    rng, among = stage.rng, len(subjects)
    rng.shuffle(subjects)
    roles = []
    for turn, subject in enumerate(subjects):
        height = _size(stage, subject, among) * rng.uniform(0.92, 1.08)
        roles.append(_role(stage, ground, subject, height, near=turn % 2 == 0))
    room = stage.width * 0.86
    squeeze = min(1.0, room / max(1.0, sum(role.wide for role in roles) * 1.06))
    roles = [replace(role, height=role.height * squeeze) for role in roles]
    slack = room - sum(role.wide for role in roles)
    x, placed = stage.width * 0.07, []
    for role in roles:
        gap = slack * (_third(stage) if among == 1 else rng.uniform(0.5, 1.0) / among)
        placed.append(replace(role, at=(x + gap + role.wide / 2, role.at[1])))
        x, slack = x + gap + role.wide, slack - gap
    return placed


def _third(stage: Stage) -> float:
    """Where one alone stands: a third from the edge, away from the light."""
    side = 0.66 if stage.light_from_left else 0.34
    return stage.rng.choice((side, side, 0.5)) + stage.rng.uniform(-0.06, 0.06)


def _role(stage: Stage, ground: Ground, subject: Subject, height: float, *, near: bool) -> Role:
    """`subject` at its depth; how far to the left is settled later."""
    rng, line = stage.rng, ground.water
    noun = "atoll" if subject.noun == "island" and line is not None else subject.noun
    glyph = GLYPHS[noun]
    floats = glyph.habit in ("float", "swim") and line is not None
    rock = glyph.habit == "rise" and ground.rocks
    if glyph.habit == "bust":
        y = 1.01
    elif line is not None and (floats or rock):
        y = line + rng.uniform(-0.3, 0.6) * (1 - line) * 0.3
    else:
        y = ground.base if near else (ground.base + ground.far) / 2
        y += rng.uniform(-0.012, 0.02)
    return Role(
        noun,
        glyph,
        subject.color,
        (0.0, y * stage.height),
        min(height, (y - TOP) * stage.height * (0.88 if rock else 1.0)),
        floats=floats,
        rock=rock,
        sunk=0.3 if floats and glyph.habit == "swim" else 0.03 if floats else 0.0,
    )


def _fly(stage: Stage, ground: Ground, subjects: list[Subject], *, crowded: bool) -> list[Role]:
    """Apart from each other and from the light; smaller where others stand below."""
    rng, alone = stage.rng, len(subjects) == 1
    taken: list[Point] = [stage.light]
    roles = []
    for subject in subjects:
        glyph = GLYPHS[subject.noun]
        height = _size(stage, subject, len(subjects)) * (1.0 if alone else rng.uniform(0.65, 1.0))
        height = min(height * (0.72 if crowded else 1.0), stage.width * 0.9 / glyph.aspect)
        middle = ground.air * (0.75 if crowded else 1.0)
        tries = [
            (rng.uniform(0.3, 0.7), middle + rng.uniform(-0.1, 0.08))
            if alone
            else (rng.uniform(0.14, 0.86), middle + rng.uniform(-0.2, 0.16))
            for _ in range(14)
        ]
        best = max(tries, key=lambda at: min(math.dist(at, other) for other in taken))
        taken.append(best)
        half = height * glyph.aspect / 2 + stage.width * 0.02
        x = min(stage.width - half, max(half, best[0] * stage.width))
        y = max(TOP * stage.height, best[1] * stage.height - height / 2) + height
        roles.append(Role(subject.noun, glyph, subject.color, (x, y), height, flies=True))
    return roles
