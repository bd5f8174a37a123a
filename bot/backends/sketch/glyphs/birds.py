"""Shapes of animals that fly or swim, and of dragons."""

import math

from bot.backends.sketch.brush.pen import Pen, glyph, rows


@glyph("bird", aspect=1.7, size=0.17, habit="fly", home="sky")
def bird(p: Pen) -> None:
    p.curve("shade", "86,50 100,14 134,0 162,8 136,20 114,60")
    p.curve("body", "14,60 28,50 50,52 80,42 116,56 160,74 150,86 110,82 70,90 40,78")
    p.curve("light", "72,60 66,20 82,0 106,2 98,30 106,66")
    p.poly("glow", "18,56 0,66 20,68")
    p.oval("dark", 0.3, 0.6, 0.03)
    p.curve("pale", "30,72 60,72 80,84 56,86")


@glyph("owl", aspect=0.72, size=0.4, body="8a6646", accent="e9d3a8", home="forest")
def owl(p: Pen) -> None:
    p.curve("body", "12,16 36,12 60,16 66,50 56,88 36,96 16,88 6,50")
    p.poly("body", "10,22 9,3 28,15")
    p.poly("body", "62,22 63,3 44,15")
    p.oval("accent", 0.36, 0.66, 0.2, 0.24)
    for row in range(4):
        for column in range(4 - row % 2):
            x = 0.24 + column * 0.08 + (row % 2) * 0.04
            p.arc(
                "shade",
                0.012,
                (x - 0.035, 0.52 + row * 0.085, x + 0.035, 0.58 + row * 0.085),
                10,
                170,
            )
    p.curve("shade", "8,40 18,50 20,76 12,82")
    p.curve("shade", "64,40 54,50 52,76 60,82")
    for x in (0.24, 0.48):
        p.oval("accent", x, 0.3, 0.12)
        p.oval("glow", x, 0.3, 0.08)
        p.eye(x, 0.3, 0.045)
    p.poly("glow", "33,36 39,36 36,45")
    for x in (0.28, 0.44):
        p.oval("glow", x, 0.955, 0.055, 0.025)


@glyph("duck", aspect=1.15, size=0.28, habit="float", body="f3efe4", accent="e9963a", home="lake")
def duck(p: Pen) -> None:
    p.curve("body", "20,72 36,58 70,56 98,60 114,46 108,78 90,98 40,100 24,90")
    p.taper("body", 0.18, 0.16, "36,76 30,50 32,26", soft=True)
    p.oval("body", 0.31, 0.22, 0.15, 0.14)
    p.curve("accent", "20,20 20,30 6,31 3,26")
    p.curve("shade", "52,70 76,62 100,66 90,84 66,88")
    p.curve("light", "56,70 76,65 92,69 84,78")
    p.eye(0.27, 0.19, 0.022)


@glyph("penguin", aspect=0.68, size=0.38, body="2b303c", accent="f0a63c", home="mountains")
def penguin(p: Pen) -> None:
    p.curve("body", "34,2 48,8 52,26 60,56 54,88 34,96 14,88 8,56 16,26 20,8")
    p.curve("pale", "34,30 46,40 50,64 44,86 34,91 24,86 18,64 22,40")
    for x in (0.27, 0.41):
        p.oval("pale", x, 0.18, 0.06, 0.065)
        p.eye(x, 0.18, 0.026)
    p.poly("accent", "29,22 39,22 34,29")
    p.curve("shade", "14,36 10,46 0,66 6,70 14,58")
    p.curve("shade", "54,36 58,46 68,66 62,70 54,58")
    for x in (0.24, 0.44):
        p.oval("accent", x, 0.965, 0.09, 0.035)


@glyph("butterfly", aspect=1.2, size=0.26, habit="fly", accent="f2c14e", clear=True)
def butterfly(p: Pen) -> None:
    for side in (-1, 1):
        p.curve(
            "body",
            (0.6, 0.4),
            (0.6 + side * 0.2, 0.08),
            (0.6 + side * 0.5, 0.02),
            (0.6 + side * 0.56, 0.24),
            (0.6 + side * 0.4, 0.48),
            (0.6 + side * 0.1, 0.52),
        )
        p.curve(
            "shade",
            (0.6, 0.5),
            (0.6 + side * 0.28, 0.52),
            (0.6 + side * 0.44, 0.66),
            (0.6 + side * 0.34, 0.92),
            (0.6 + side * 0.16, 0.86),
        )
        p.oval("accent", 0.6 + side * 0.38, 0.22, 0.09)
        p.oval("pale", 0.6 + side * 0.38, 0.22, 0.045)
        p.oval("accent", 0.6 + side * 0.28, 0.72, 0.06)
        p.line(
            "dark",
            0.01,
            (0.6, 0.28),
            (0.6 + side * 0.1, 0.12),
            (0.6 + side * 0.16, 0.06),
            soft=True,
        )
    p.line("dark", 0.05, "60,30 60,78")


@glyph("fish", aspect=1.6, size=0.28, habit="swim", accent="f7e3b0", home="deep", clear=True)
def fish(p: Pen) -> None:
    p.curve("shade", "110,50 136,20 154,10 146,50 154,90 136,80")
    p.curve("shade", "56,26 74,2 102,10 100,30")
    p.curve("shade", "60,78 72,98 90,94 88,76")
    p.curve("body", "4,52 30,26 66,20 100,36 124,50 100,66 66,80 30,76")
    for x, half in ((0.52, 0.27), (0.82, 0.2)):
        p.curve(
            "accent",
            (x, 0.5 - half),
            (x + 0.09, 0.5 - half + 0.03),
            (x + 0.13, 0.5),
            (x + 0.09, 0.5 + half - 0.03),
            (x, 0.5 + half),
            (x + 0.03, 0.5),
        )
    p.curve("light", "48,50 62,48 70,58 60,66")
    p.oval("pale", 0.24, 0.45, 0.07)
    p.eye(0.23, 0.45, 0.04)
    p.arc("dark", 0.014, (0.02, 0.5, 0.16, 0.64), 20, 100)


@glyph("whale", aspect=1.9, size=0.4, habit="swim", body="3f6a8a", accent="cfdde2", home="sea")
def whale(p: Pen) -> None:
    p.curve("body", "150,60 166,40 160,16 176,22 180,34 190,14 186,40 176,66 156,84")
    p.curve("body", "4,66 10,42 40,30 90,34 140,52 166,60 150,84 100,98 40,98 10,88")
    p.curve("accent", "5,72 36,76 80,72 110,86 80,98 36,97 10,88")
    for row in range(4):
        y = 0.79 + row * 0.045
        p.line(
            "shade", 0.008, (0.12, y), (0.4, y + 0.035), (0.78 - row * 0.04, y + 0.01), soft=True
        )
    p.curve("shade", "70,74 92,78 100,98 82,96")
    p.eye(0.36, 0.65, 0.024)
    for lean in (-0.12, -0.04, 0.06, 0.13):
        p.taper(
            "accent",
            0.022,
            0.01,
            (0.5, 0.28),
            (0.5 + lean * 0.6, 0.12),
            (0.5 + lean * 1.6, 0.08 + abs(lean)),
            soft=True,
        )


@glyph("shark", aspect=2.1, size=0.3, habit="swim", body="6f8494", accent="dfe6e8", home="deep")
def shark(p: Pen) -> None:
    p.poly("body", "86,36 110,0 116,40")
    p.poly("shade", "80,66 100,100 106,66")
    p.curve("body", "170,50 186,30 206,6 196,46 204,80 186,62")
    p.curve("body", "4,50 30,36 80,32 140,42 184,50 140,62 80,74 36,68")
    p.curve("accent", "8,53 50,56 120,58 160,54 120,66 70,73 34,67")
    p.eye(0.34, 0.46, 0.025)
    for x in (0.56, 0.61, 0.66):
        p.line("dark", 0.01, (x, 0.45), (x - 0.02, 0.58))
    p.line("dark", 0.012, "16,59 30,61 38,58", soft=True)


@glyph(
    "jellyfish",
    aspect=0.75,
    size=0.46,
    habit="swim",
    body="e59ac4",
    accent="f6d3e6",
    home="deep",
    clear=True,
)
def jellyfish(p: Pen) -> None:
    for index in range(7):
        x = 0.16 + index * 0.072
        sway = p.rng.uniform(-0.06, 0.06)
        p.taper(
            "accent" if index % 2 else "shade",
            0.024,
            0.006,
            (x, 0.4),
            (x + sway, 0.6),
            (x - sway, 0.78),
            (x + sway * 0.5, p.rng.uniform(0.84, 0.98)),
            soft=True,
        )
    p.curve("body", "37.5,3 58,10 70,30 68,44 53,40 37.5,45 22,40 7,44 5,30 17,10")
    p.curve("accent", "30,10 44,12 36,20 20,30 16,24")
    p.lamp(0.375, 0.26, 0.7)


@glyph(
    "octopus",
    aspect=1.1,
    size=0.44,
    habit="swim",
    body="b4526b",
    accent="e6a3a8",
    home="deep",
    clear=True,
)
def octopus(p: Pen) -> None:
    for index, (x, bend) in enumerate(rows("12,-5 28,7 44,-5 66,5 82,-7 98,5")):
        top, knee = 0.55 + (x - 0.55) * 0.35, 0.55 + (x - 0.55) * 0.85
        way = [(top, 0.5), (knee, 0.72), (x + bend, 0.88), (x - bend * 0.6, 0.97)]
        p.taper("shade" if index % 2 else "body", 0.11, 0.02, *way, soft=True)
    p.curve("body", "55,2 78,10 84,34 74,58 55,64 36,58 26,34 32,10")
    for x, y in ((0.42, 0.16), (0.54, 0.1), (0.66, 0.18)):
        p.oval("accent", x, y, 0.028)
    for x in (0.44, 0.66):
        p.oval("pale", x, 0.42, 0.065)
        p.eye(x, 0.43, 0.038)
    p.arc("dark", 0.014, (0.49, 0.46, 0.61, 0.56), 20, 160)


@glyph("turtle", aspect=1.5, size=0.3, habit="swim", body="5f8a5a", accent="a9b070", home="deep")
def turtle(p: Pen) -> None:
    p.curve("accent", "44,60 30,80 18,98 36,94 60,74")
    p.curve("accent", "110,62 130,74 142,90 124,86 100,74")
    p.oval("accent", 0.22, 0.46, 0.17, 0.13)
    p.curve("body", "30,62 44,26 80,10 114,28 134,60 80,74")
    for x, y in rows("56,42 80,32 104,44 68,58 94,58"):
        p.poly(
            "shade",
            *[
                (x + 0.1 * math.cos(k * math.pi / 3), y + 0.08 * math.sin(k * math.pi / 3))
                for k in range(6)
            ],
        )
    p.curve("light", "30,61 80,66 134,60 80,75")
    p.eye(0.17, 0.43, 0.024)


@glyph("snail", aspect=1.3, size=0.26, body="c78b5a", accent="d9cbb0")
def snail(p: Pen) -> None:
    p.curve("accent", "12,44 26,50 34,76 90,84 126,94 120,100 20,100 10,80")
    for x in (0.12, 0.24):
        p.line("accent", 0.028, (0.19, 0.52), (x, 0.24))
        p.oval("dark", x, 0.23, 0.03)
    p.oval("body", 0.74, 0.5, 0.38)
    points = [
        (
            0.74 + (0.32 - t * 0.0165) * math.cos(t * 0.6),
            0.5 + (0.32 - t * 0.0165) * math.sin(t * 0.6),
        )
        for t in range(19)
    ]
    p.line("shade", 0.04, *points, soft=True)


@glyph(
    "dragon", aspect=1.6, size=0.5, habit="fly", body="4f8a5f", accent="d9703f", home="mountains"
)
def dragon(p: Pen) -> None:
    p.curve("accent", "80,50 70,20 86,2 124,6 152,24 130,24 124,36 110,34 106,48")
    for x, y in ((0.86, 0.02), (1.24, 0.06), (1.52, 0.24)):
        p.line("shade", 0.014, (0.84, 0.46), (x, y))
    p.taper("body", 0.17, 0.015, "100,66 120,74 138,62 154,70", soft=True)
    p.poly("accent", "148,62 160,72 148,76")
    p.curve("body", "50,54 74,46 102,54 110,70 90,84 62,80")
    p.taper("body", 0.2, 0.11, "62,64 42,62 34,42 30,26", soft=True)
    p.curve("body", "36,14 38,28 24,34 8,36 5,30 16,22 24,13")
    p.poly("pale", "30,16 36,2 38,18")
    p.curve("light", "56,74 74,70 94,78 82,84 64,81")
    p.oval("glow", 0.235, 0.21, 0.022)
    for x, y in rows("42,34 47,46 58,54 98,52 112,62"):
        p.poly("accent", (x - 0.04, y + 0.04), (x + 0.02, y - 0.05), (x + 0.05, y + 0.03))
    for x in (0.66, 0.94):
        p.taper("shade", 0.08, 0.04, (x, 0.78), (x - 0.04, 0.92), (x - 0.1, 0.97))


@glyph("dinosaur", aspect=1.6, size=0.54, body="6f8f5f", accent="a9b87f", home="forest")
def dinosaur(p: Pen) -> None:
    p.taper("body", 0.2, 0.02, "100,62 126,66 144,84 158,80", soft=True)
    for x in (0.66, 0.98):
        p.rect("shade", x, 0.66, x + 0.11, 1, round_=0.03)
    p.curve("body", "44,62 60,46 86,42 110,52 114,70 90,80 60,80")
    p.taper("body", 0.22, 0.09, "60,62 40,48 36,24 26,10", soft=True)
    p.curve("body", "30,4 34,14 20,20 7,19 6,12 20,3")
    p.curve("accent", "54,74 80,70 104,74 84,81 64,81")
    for x in (0.54, 0.86):
        p.rect("body", x, 0.64, x + 0.13, 1, round_=0.03)
        for toe in (0.025, 0.065, 0.105):
            p.oval("pale", x + toe, 0.985, 0.016, 0.014)
    p.eye(0.2, 0.085, 0.018)
    for x, y in rows("70,50 82,48 94,52 76,57 88,58"):
        p.oval("shade", x, y, 0.026)
