"""Shapes of plants, and of what lies or hangs around by itself."""

import math

from bot.backends.sketch.brush.canvas import Point
from bot.backends.sketch.brush.pen import Pen, glyph, rows


@glyph("tree", aspect=0.95, size=0.52, body="5d8a4a", accent="5e4634")
def tree(p: Pen) -> None:
    p.curve("accent", "42,100 45,80 43,60 47,45 52,60 51,80 56,100")
    for x, y, w in ((0.28, 0.42, 0.03), (0.68, 0.4, 0.03), (0.5, 0.3, 0.035)):
        p.taper("accent", w, w * 0.4, (0.475, 0.7), ((0.475 + x) / 2, 0.55), (x, y), soft=True)
    _crown(p, "shade", 0.0, 0.02)
    _crown(p, "body", -0.01, -0.015)
    for _ in range(60):
        angle, reach = p.rng.uniform(0, 6.28), p.rng.random() ** 0.5
        x, y = 0.4 * reach * math.cos(angle), 0.27 * reach * math.sin(angle)
        tone = "light" if y < 0 else "shade"
        p.oval(tone, 0.475 + x, 0.34 + y, p.rng.uniform(0.012, 0.03), p.rng.uniform(0.01, 0.022))


@glyph("blossom", aspect=0.95, size=0.52, body="eba6bd", accent="5a4038", clear=True)
def blossom(p: Pen) -> None:
    tree(p)


def _crown(p: Pen, tone: str, dx: float, dy: float) -> None:
    for x, y, r in rows("20,42,16 34,25,18 56,19,18 74,34,17 48,42,22 66,48,13 30,50,12"):
        p.oval(tone, x + dx + p.rng.uniform(-0.02, 0.02), y + dy, r, r * 0.9)


@glyph("pine", aspect=0.6, size=0.5, body="2f5d4a", accent="4d3a2c", home="forest")
def pine(p: Pen) -> None:
    p.rect("accent", 0.275, 0.85, 0.325, 1)
    for tier in range(6):
        top, half = 0.02 + tier * 0.135, 0.085 + tier * 0.038
        low = top + 0.25
        points: list[Point] = [(0.3, top)]
        points += [(0.3 + half * (0.5 + p.rng.uniform(0, 0.08)), low - 0.09), (0.3 + half, low)]
        for step in range(5):
            x = 0.3 + half * (0.66 - step * 0.33)
            points.append((x, low - 0.03 + p.rng.uniform(0, 0.025)))
        points += [(0.3 - half, low), (0.3 - half * (0.5 + p.rng.uniform(0, 0.08)), low - 0.09)]
        p.poly("body" if tier % 2 else "shade", *points)
        p.poly(
            "light",
            (0.3, top + 0.02),
            (0.3 - half * 0.35, low - 0.1),
            (0.3 - half * 0.7, low - 0.02),
            (0.3 - half * 0.2, low - 0.09),
        )


@glyph("palm", aspect=0.95, size=0.56, body="4f8f55", accent="80603f", home="sea")
def palm(p: Pen) -> None:
    p.taper("accent", 0.06, 0.035, "34,100 38,72 46,46 52,30", soft=True)
    for ring in range(8):
        x, y = 0.325 + 0.02 * ring, 0.96 - 0.078 * ring
        p.line("shade", 0.008, (x, y), (x + 0.058, y - 0.008))
    for dx, dy, droop in rows(
        "-42,-2,20 -36,-20,10 -12,-26,0 18,-24,2 36,-14,12 40,4,20 -24,10,22 24,12,22"
    ):
        middle = (0.52 + dx * 0.5, 0.28 + dy - 0.04)
        end = (0.52 + dx, 0.28 + dy + droop)
        back = (0.52 + dx * 0.55, 0.28 + dy * 0.6 + 0.05)
        p.curve("body" if dx < 0 else "shade", (0.52, 0.28), middle, end, back)
        p.line("light", 0.006, (0.52, 0.28), middle, end, soft=True)
    for x, y in rows("49,33 55,34 52,36"):
        p.oval("accent", x, y, 0.028)


def _stem(p: Pen, x: float, top: float) -> None:
    p.line("accent", 0.02, (x - 0.01, 1.0), (x + 0.015, (1 + top) / 2), (x, top), soft=True)


@glyph("flower", aspect=0.7, size=0.42, body="e86f8f", accent="5f8f4a", clear=True)
def flower(p: Pen) -> None:
    _stem(p, 0.35, 0.3)
    p.curve("accent", "36,84 50,66 62,62 56,76")
    p.curve("accent_shade", "34,92 20,76 8,74 16,86")
    for ring, reach, radius, tone in (
        (0.0, 0.17, 0.105, "shade"),
        (0.39, 0.15, 0.1, "body"),
        (0.1, 0.085, 0.075, "light"),
    ):
        for petal in range(8):
            angle = ring + petal * math.pi / 4
            p.oval(tone, 0.35 + reach * math.cos(angle), 0.28 + reach * math.sin(angle), radius)
    p.oval("glow", 0.35, 0.28, 0.06)
    p.oval("accent_shade", 0.35, 0.28, 0.025)


@glyph("sunflower", aspect=0.6, size=0.5, body="f2b632", accent="5f8a3f", clear=True)
def sunflower(p: Pen) -> None:
    _stem(p, 0.3, 0.3)
    p.curve("accent", "31,80 46,60 58,62 50,74")
    p.curve("accent_shade", "29,70 16,52 3,55 12,67")
    for ring in (0, 1):
        for petal in range(16):
            angle = (petal + ring / 2) * math.pi / 8
            nx, ny = math.cos(angle), math.sin(angle)
            p.curve(
                "body" if ring else "shade",
                (0.3 + nx * 0.1 - ny * 0.035, 0.24 + ny * 0.1 + nx * 0.035),
                (0.3 + nx * 0.235, 0.24 + ny * 0.235),
                (0.3 + nx * 0.1 + ny * 0.035, 0.24 + ny * 0.1 - nx * 0.035),
            )
    p.oval("dark", 0.3, 0.24, 0.125)
    for dot in range(40):
        angle, reach = dot * 2.4, 0.017 * dot**0.5
        p.oval(
            "accent_shade" if dot % 3 else "shade",
            0.3 + reach * math.cos(angle),
            0.24 + reach * math.sin(angle),
            0.008,
        )


@glyph("tulip", aspect=0.5, size=0.4, body="d8433f", accent="5f8f4a", clear=True)
def tulip(p: Pen) -> None:
    _stem(p, 0.25, 0.3)
    p.curve("accent", "25,98 12,70 6,50 2,46 6,74")
    p.curve("accent_shade", "26,98 36,72 46,56 46,76")
    p.curve("shade", "25,2 33,14 30,36 20,36 17,14")
    p.curve("body", "11,6 22,18 26,39 16,36 9,22")
    p.curve("light", "39,6 28,18 24,39 34,36 41,22")


@glyph(
    "mushroom", aspect=0.95, size=0.34, body="c9402f", accent="f3ead6", home="forest", clear=True
)
def mushroom(p: Pen) -> None:
    p.curve("accent", "36,44 60,44 58,70 66,97 48,100 30,97 38,70")
    p.curve("accent_shade", "34,52 48,57 62,52 60,59 48,63 36,59")
    p.curve("body", "47.5,2 72,10 90,36 86,52 47.5,55 9,52 5,36 23,10")
    p.curve("shade", "9,47 47.5,49 86,47 82,53.5 47.5,55 13,53.5")
    for x, y, r in rows("30,20,5.5 52,13,5 67,28,6 46,33,7 20,38,5 78,42,3.5"):
        p.oval("pale", x, y, r, r * 0.85)


@glyph("cactus", aspect=0.7, size=0.46, body="4d8458", accent="e0708f", home="desert")
def cactus(p: Pen) -> None:
    p.line("body", 0.17, "35,98 35,13")
    p.line("body", 0.1, "35,66 13,62 12,36", soft=True)
    p.line("body", 0.1, "35,54 56,50 58,26", soft=True)
    for x in (0.3, 0.35, 0.4):
        p.line("shade", 0.01, (x, 0.98), (x, 0.12))
    p.line("shade", 0.01, "12,58 12,36")
    p.line("shade", 0.01, "58,46 58,26")
    for x, y in ((0.35, 0.04), (0.12, 0.3), (0.58, 0.2)):
        for dx in (-0.03, 0.0, 0.03):
            p.oval("accent", x + dx, y + abs(dx) * 0.4, 0.026)


@glyph("pumpkin", aspect=1.2, size=0.3, body="e07b28", accent="5f7d3c", clear=True)
def pumpkin(p: Pen) -> None:
    p.curve("accent", "54,24 56,10 50,2 62,0 66,10 66,24")
    for x, tone in ((0.2, "shade"), (1.0, "shade"), (0.38, "body"), (0.82, "body"), (0.6, "light")):
        p.oval(tone, x, 0.6, 0.21, 0.38)
    for left in (0.32, 0.7):
        p.poly("glow", (left, 0.56), (left + 0.1, 0.4), (left + 0.2, 0.56))
    p.poly("glow", "28,68 40,74 48,70 56,76 66,70 74,76 94,66 80,86 60,90 42,86")
    p.lamp(0.6, 0.65, 0.7)


@glyph("planet", aspect=1.9, size=0.42, habit="fly", accent="f0dcb0", home="space", clear=True)
def planet(p: Pen) -> None:
    ring = (0.06, 0.34, 1.84, 0.7)
    p.arc("accent_shade", 0.045, ring, 180, 360)
    p.oval("body", 0.95, 0.5, 0.46)
    for y, half, tone in (
        (0.22, 0.36, "light"),
        (0.36, 0.43, "shade"),
        (0.54, 0.45, "light"),
        (0.7, 0.4, "shade"),
        (0.84, 0.29, "light"),
    ):
        p.curve(
            tone,
            (0.95 - half, y),
            (0.95, y + 0.025),
            (0.95 + half, y),
            (0.95 + half, y + 0.05),
            (0.95, y + 0.085),
            (0.95 - half, y + 0.05),
        )
    p.arc("accent", 0.045, ring, 0, 180)
    p.arc("accent_shade", 0.02, (0.0, 0.31, 1.9, 0.74), 0, 180)


@glyph(
    "island",
    aspect=1.5,
    size=0.5,
    habit="fly",
    body="7d6a58",
    accent="6b9a50",
    home="sky",
    clear=True,
)
def island(p: Pen) -> None:
    p.poly("body", "8,40 142,40 116,60 100,62 86,86 74,100 62,80 44,70 32,56")
    p.poly("shade", "75,42 142,40 116,60 100,62 86,86 74,100 80,70")
    p.curve("accent", "3,40 20,31 60,27 110,30 147,40 120,45 75,43 30,46")
    for x, h in ((0.4, 0.24), (0.54, 0.3), (1.08, 0.22)):
        p.line("body", 0.018, (x, 0.32), (x, 0.32 - h * 0.5))
        p.oval("accent_shade", x, 0.32 - h * 0.72, h * 0.36)
        p.oval("accent", x - 0.015, 0.3 - h * 0.74, h * 0.28)
    p.poly("pale", "74,20 96,20 96,33 74,33")
    p.poly("dark", "71,21 85,8 99,21")
    p.window(0.82, 0.24, 0.88, 0.3)


@glyph("atoll", aspect=2.0, size=0.42, habit="float", body="e3c58f", accent="4f8f55", clear=True)
def atoll(p: Pen) -> None:
    """The shape that an island has at sea."""
    p.curve("body", "4,100 40,88 90,80 150,86 196,100")
    p.curve("accent", "30,92 70,82 100,76 140,82 170,93 100,90")
    for foot, lean, top in rows("88,-10,14 108,12,30"):
        x, y = foot + lean, top
        p.taper("shade", 0.04, 0.025, (foot, 0.82), (foot + lean * 0.4, 0.5), (x, y), soft=True)
        for dx, dy in rows("-30,8 -26,-6 -8,-12 12,-11 26,-4 28,10 -14,16 14,17"):
            tip, back = (x + dx, y + dy + 0.06), (x + dx * 0.55, y + dy * 0.5 + 0.05)
            p.curve("accent", (x, y), (x + dx * 0.5, y + dy - 0.03), tip, back)


@glyph("volcano", aspect=1.7, size=0.5, habit="float", body="5a4a4c", accent="ef5b2a", home="sea")
def volcano(p: Pen) -> None:
    for x, y, r in rows("85,24,10 95,18,12 78,17,10 106,13,9 90,9,8"):
        p.oval("shade", x, y, r, r * 0.7)
    p.curve("body", "2,100 30,84 56,58 70,38 82,40 90,39.5 100,38 114,58 140,84 168,100")
    p.curve("shade", "168,100 140,84 114,58 100,38 96,56 110,82")
    p.curve("accent", "71,38.5 85,41 99,38.5 94,48 98,68 92,57 86,80 82,56 76,63 77,48")
    p.oval("glow", 0.85, 0.4, 0.11, 0.02)
    p.lamp(0.85, 0.38, 0.6)


@glyph("rock", aspect=1.3, size=0.28, body="7f7d80", home="sea")
def rock(p: Pen) -> None:
    p.poly("body", "4,100 14,56 40,20 72,8 100,34 118,70 126,100")
    p.poly("light", "14,56 40,20 72,8 60,40 36,60")
    p.poly("shade", "100,34 118,70 126,100 80,100 84,60")
