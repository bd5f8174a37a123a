"""Shapes of things on a table."""

import math

from bot.backends.sketch.brush.canvas import smooth
from bot.backends.sketch.brush.pen import Pen, glyph, rows


@glyph("cup", aspect=1.2, size=0.34, habit="table", accent="5a3826", home="studio", clear=True)
def cup(p: Pen) -> None:
    p.oval("pale", 0.56, 0.95, 0.54, 0.05)
    p.arc("body", 0.055, (0.8, 0.48, 1.14, 0.8), -100, 110)
    p.curve("body", "20,40 56,46 92,40 90,70 76,94 36,94 22,70")
    p.oval("light", 0.56, 0.4, 0.365, 0.075)
    p.oval("accent", 0.56, 0.41, 0.32, 0.055)
    for x, lean in ((0.44, 0.04), (0.58, -0.04), (0.7, 0.03)):
        p.taper(
            "pale",
            0.012,
            0.004,
            (x, 0.34),
            (x + lean, 0.25),
            (x - lean, 0.15),
            (x + lean * 0.5, 0.05),
            soft=True,
        )


@glyph(
    "book",
    aspect=1.3,
    size=0.28,
    habit="table",
    accent="f2e8d2",
    home="studio",
    clear=True,
)
def book(p: Pen) -> None:
    p.poly("body", "3,28 65,38 127,28 127,90 65,100 3,90")
    for grow in (0.0, 0.03):
        p.curve(
            "pale" if grow else "accent_shade",
            (0.07 + grow, 0.26 - grow),
            (0.36, 0.2 - grow),
            (0.64, 0.33 - grow),
            (0.64, 0.92),
            (0.36, 0.8),
            (0.07 + grow, 0.84),
        )
        p.curve(
            "accent" if grow else "accent_shade",
            (1.23 - grow, 0.26 - grow),
            (0.94, 0.2 - grow),
            (0.66, 0.33 - grow),
            (0.66, 0.92),
            (0.94, 0.8),
            (1.23 - grow, 0.84),
        )
    for row in range(6):
        y = 0.36 + row * 0.07
        p.line("shade", 0.008, (0.16, y - 0.04), (0.36, y - 0.05), (0.56, y + 0.03), soft=True)
        p.line("shade", 0.008, (0.74, y + 0.03), (0.94, y - 0.05), (1.14, y - 0.04), soft=True)


@glyph("lantern", aspect=0.55, size=0.38, habit="table", body="4a4038", home="studio", clear=True)
def lantern(p: Pen) -> None:
    p.arc("body", 0.02, (0.14, 0.0, 0.41, 0.3), 180, 360)
    p.poly("body", "10,28 20,14 35,14 45,28")
    p.rect("glow", 0.12, 0.28, 0.43, 0.88)
    p.rect("pale", 0.25, 0.62, 0.3, 0.88)
    p.curve("pale", "27.5,44 30.5,54 27.5,62 24.5,54")
    for x in (0.11, 0.195, 0.345, 0.43):
        p.rect("body", x - 0.01, 0.28, x + 0.01, 0.9)
    p.rect("body", 0.08, 0.88, 0.47, 1, round_=0.02)
    p.lamp(0.275, 0.56, 0.8)


@glyph("candle", aspect=0.4, size=0.34, habit="table", body="f0e4cc", home="studio", clear=True)
def candle(p: Pen) -> None:
    p.oval("dark", 0.2, 0.95, 0.19, 0.045)
    p.rect("body", 0.11, 0.34, 0.29, 0.95, round_=0.02)
    p.curve("light", "11,34 20,31 29,34 28,42 26,38 20,40 14,52 12,40")
    p.line("dark", 0.014, "20,34 20,26")
    p.curve("glow", "20,2 27,16 25,25 20,28 15,25 13,16")
    p.curve("pale", "20,14 23,21 20,27 17,21")
    p.lamp(0.2, 0.18, 0.7)


@glyph(
    "apple",
    aspect=0.95,
    size=0.28,
    habit="table",
    body="cf3f35",
    accent="5f9447",
    home="studio",
    clear=True,
)
def apple(p: Pen) -> None:
    p.curve("body", "47,30 65,22 86,34 88,60 74,90 56,98 47,95 38,98 20,90 6,60 8,34 29,22")
    p.curve("light", "22,38 34,34 32,46 20,58 16,48")
    p.line("dark", 0.03, "47,33 49,18 54,8", soft=True)
    p.curve("accent", "52,18 66,5 84,7 74,20 60,22")


@glyph(
    "vase",
    aspect=0.8,
    size=0.56,
    habit="table",
    accent="e0708f",
    home="studio",
    clear=True,
)
def vase(p: Pen) -> None:
    for x, y, lean in rows("20,20,-10 40,10,0 60,20,10 30,32,-4 52,33,6"):
        p.line("shade", 0.012, (0.4 + lean * 0.3, 0.6), (x, y), soft=True)
        for petal in range(6):
            angle = petal * math.pi / 3
            p.oval(
                "accent" if petal % 2 else "accent_shade",
                x + 0.045 * math.cos(angle),
                y + 0.045 * math.sin(angle),
                0.042,
            )
        p.oval("glow", x, y, 0.026)
    p.curve("body", "32,52 48,52 46,60 60,76 52,96 28,96 20,76 34,60")
    p.oval("light", 0.4, 0.53, 0.08, 0.015)
    p.line("light", 0.014, "24,74 40,77 56,74", soft=True)


@glyph(
    "bottle",
    aspect=0.36,
    size=0.5,
    habit="table",
    body="3f6b4f",
    accent="ead9b4",
    home="studio",
    clear=True,
)
def bottle(p: Pen) -> None:
    p.rect("dark", 0.145, 0.0, 0.215, 0.08, round_=0.01)
    p.curve("body", "14.5,6 21.5,6 21.5,26 30,40 31,70 30,98 18,100 6,98 5,70 6,40 14.5,26")
    p.rect("accent", 0.055, 0.52, 0.305, 0.78)
    p.line("shade", 0.012, "10,60 26,60")
    p.line("shade", 0.012, "12,68 24,68")
    p.line("light", 0.018, "9,42 8.5,50")


@glyph("guitar", aspect=0.5, size=0.6, habit="table", body="b5713a", accent="4a2e20", home="studio")
def guitar(p: Pen) -> None:
    p.rect("accent", 0.225, 0.1, 0.275, 0.6)
    p.poly("accent", "20.5,0 29.5,0 28,11 22,11")
    p.curve("body", "25,50 38,52 37,65 46,80 40,96 25,100 10,96 4,80 13,65 12,52")
    p.oval("dark", 0.25, 0.68, 0.06)
    p.rect("accent", 0.18, 0.84, 0.32, 0.865)
    for x in (0.237, 0.25, 0.263):
        p.line("pale", 0.003, (x, 0.05), (x, 0.85))


@glyph(
    "clock",
    aspect=1.0,
    size=0.36,
    habit="table",
    accent="f6efdf",
    home="studio",
    clear=True,
)
def clock(p: Pen) -> None:
    for x in (0.26, 0.74):
        p.line("dark", 0.05, (x, 0.9), (x + (x - 0.5) * 0.3, 0.99))
        p.oval("shade", x, 0.14, 0.13, 0.1)
    p.oval("body", 0.5, 0.54, 0.42)
    p.oval("accent", 0.5, 0.54, 0.34)
    for hour in range(12):
        angle = hour * math.pi / 6
        inner = 0.27 if hour % 3 else 0.24
        p.line(
            "dark",
            0.012,
            (0.5 + inner * math.cos(angle), 0.54 + inner * math.sin(angle)),
            (0.5 + 0.3 * math.cos(angle), 0.54 + 0.3 * math.sin(angle)),
        )
    p.line("dark", 0.028, "50,54 36,43")
    p.line("dark", 0.02, "50,54 66,36")
    p.oval("body", 0.5, 0.54, 0.03)


@glyph("crystal", aspect=0.85, size=0.4, body="8fc7e8", home="mountains", clear=True)
def crystal(p: Pen) -> None:
    def shard(base: float, tip: tuple[float, float], half: float) -> None:
        x, y = tip
        neck = y + half * 1.6
        lean = (base - x) * half * 1.6 / (1 - y)
        p.poly(
            "body",
            (x, y),
            (x + half + lean, neck),
            (base + half, 1),
            (base - half, 1),
            (x - half + lean, neck),
        )
        p.poly(
            "light",
            (x, y),
            (x + lean, neck + half),
            (base - half * 0.1, 1),
            (base - half, 1),
            (x - half + lean, neck),
        )
        p.poly(
            "shade",
            (x, y),
            (x + half + lean, neck),
            (base + half, 1),
            (base + half * 0.45, 1),
            (x + half * 0.45 + lean, neck + half * 0.7),
        )

    shard(0.22, (0.08, 0.42), 0.08)
    shard(0.62, (0.76, 0.3), 0.09)
    shard(0.42, (0.4, 0.02), 0.13)
    shard(0.3, (0.22, 0.6), 0.07)
    shard(0.56, (0.58, 0.56), 0.08)
    p.lamp(0.42, 0.5, 0.6)


@glyph("heart", aspect=1.05, size=0.4, habit="fly", body="d63a4a", home="sky", clear=True)
def heart(p: Pen) -> None:
    right = [
        (0.0, 0.24),
        (0.1, 0.09),
        (0.26, 0.03),
        (0.42, 0.11),
        (0.48, 0.3),
        (0.4, 0.54),
        (0.2, 0.8),
        (0.0, 0.97),
    ]
    half = smooth(right, closed=False)
    p.poly("body", *[(0.525 + x, y) for x, y in half], *[(0.525 - x, y) for x, y in reversed(half)])
    p.curve("light", "20,20 34,14 30,26 20,40 14,32")


@glyph("umbrella", aspect=1.1, size=0.36, home="city", clear=True)
def umbrella(p: Pen) -> None:
    p.line("dark", 0.02, "55,4 55,90")
    p.arc("dark", 0.024, (0.43, 0.82, 0.56, 0.99), 0, 180)
    p.pie("body", (0.04, 0.06, 1.06, 1.02), 180, 360)
    for left, right, tone in (
        (0.04, 0.3, "shade"),
        (0.3, 0.55, "light"),
        (0.55, 0.8, "body"),
        (0.8, 1.06, "shade"),
    ):
        p.curve(
            tone,
            (left, 0.54),
            (0.5 * left + 0.275, 0.2),
            (0.55, 0.06),
            (0.5 * right + 0.275, 0.2),
            (right, 0.54),
            ((left + right) / 2, 0.47),
        )


@glyph(
    "crown",
    aspect=1.3,
    size=0.3,
    habit="table",
    body="e4b43c",
    accent="c2334a",
    home="studio",
    clear=True,
)
def crown(p: Pen) -> None:
    p.poly("body", "10,92 6,26 36,58 65,10 94,58 124,26 120,92")
    p.rect("shade", 0.1, 0.78, 1.2, 0.98, round_=0.03)
    for x, y in ((0.06, 0.24), (0.65, 0.08), (1.24, 0.24)):
        p.oval("light", x, y, 0.055)
    for x in (0.3, 0.65, 1.0):
        p.oval("accent", x, 0.88, 0.06)


@glyph("key", aspect=0.5, size=0.42, habit="table", body="d9a93f", home="studio", clear=True)
def key(p: Pen) -> None:
    p.arc("body", 0.06, (0.06, 0.02, 0.44, 0.4), 0, 360)
    p.rect("body", 0.225, 0.38, 0.275, 0.98, round_=0.02)
    for top, right in ((0.76, 0.42), (0.88, 0.38)):
        p.rect("body", 0.26, top, right, top + 0.06)
    p.oval("shade", 0.25, 0.44, 0.05, 0.03)


@glyph("sword", aspect=0.42, size=0.6, habit="table", body="c3ccd6", accent="b98a3a", clear=True)
def sword(p: Pen) -> None:
    p.poly("body", "16,30 26,30 25,92 21,100 17,92")
    p.poly("light", "16,30 21,30 21,100 17,92")
    p.line("shade", 0.008, "21,32 21,88")
    p.rect("accent", 0.04, 0.265, 0.38, 0.31, round_=0.02)
    p.rect("dark", 0.185, 0.09, 0.235, 0.27, round_=0.01)
    for y in (0.13, 0.17, 0.21):
        p.line("accent", 0.008, (0.185, y), (0.235, y + 0.02))
    p.oval("accent", 0.21, 0.06, 0.04)


@glyph(
    "cake",
    aspect=1.2,
    size=0.36,
    habit="table",
    body="f2c4c9",
    accent="8c4f3a",
    home="studio",
    clear=True,
)
def cake(p: Pen) -> None:
    p.oval("pale", 0.6, 0.95, 0.58, 0.05)
    p.rect("accent", 0.12, 0.5, 1.08, 0.94, round_=0.04)
    p.rect("pale", 0.12, 0.69, 1.08, 0.75)
    drips = [
        (0.12 + step * 0.08, 0.56 + 0.1 * (step % 3 == 1) + 0.05 * (step % 2)) for step in range(13)
    ]
    p.curve("body", (0.12, 0.46), (0.6, 0.4), (1.08, 0.46), *reversed(drips))
    for x in (0.36, 0.6, 0.84):
        p.rect("light", x - 0.018, 0.2, x + 0.018, 0.46)
        p.curve("glow", (x, 0.06), (x + 0.025, 0.14), (x, 0.19), (x - 0.025, 0.14))
        p.lamp(x, 0.13, 0.2)
