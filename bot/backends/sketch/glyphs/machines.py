"""Shapes of machines."""

import math

from bot.backends.sketch.brush.pen import Pen, glyph, rows


@glyph("boat", aspect=0.95, size=0.34, habit="float", body="f3ead6", accent="c24f3f", home="sea")
def boat(p: Pen) -> None:
    p.line("dark", 0.016, "47,4 47,84")
    p.curve("body", "50,5 66,30 86,70 68,73.5 50,72 53,40")
    p.curve("light", "44,14 40,40 42,70 28,72 13,70 29,45")
    p.line("shade", 0.006, "50,50 72,50")
    p.poly("accent", "47,0 60,3.5 47,7")
    p.curve("accent", "6,80 30,82.5 90,79 84,90 72,100 24,100 13,92")
    p.curve("accent_shade", "12,90 50,93 85,88 72,100 24,100")
    p.line("pale", 0.014, "8,80.5 40,82.5 88,79.5", soft=True)


@glyph("ship", aspect=1.25, size=0.5, habit="float", body="6b4630", accent="efe6d2", home="sea")
def ship(p: Pen) -> None:
    for x, top in ((0.35, 0.1), (0.63, 0.02), (0.9, 0.14)):
        p.line("dark", 0.016, (x, top), (x, 0.86))
        p.poly("shade", (x, top), (x + 0.1, top + 0.02), (x, top + 0.05))
        for low, high, half in ((0.07, 0.26, 0.1), (0.28, 0.52, 0.125), (0.54, 0.72, 0.13)):
            a, b = top + low * 0.95, top + high * 0.95
            p.curve(
                "accent",
                (x - half, a),
                (x + half, a),
                (x + half * 1.25, (a + b) / 2),
                (x + half * 1.05, b),
                (x, b - 0.025),
                (x - half * 1.05, b),
                (x - half * 0.75, (a + b) / 2),
            )
            p.line("dark", 0.01, (x - half * 1.05, a), (x + half * 1.05, a))
    p.line("dark", 0.014, "98,74 122,62")
    p.poly("accent_shade", "92,30 120,62 96,68")
    p.poly("body", "6,66 24,68 28,78 94,78 110,72 100,100 18,100")
    p.poly("shade", "10,82 106,83 100,100 18,100")
    p.line("light", 0.012, "9,72 27,81.5 96,81.5 107,77")
    for x in (0.36, 0.48, 0.6, 0.72, 0.84):
        p.rect("dark", x, 0.86, x + 0.035, 0.895)
    p.window(0.12, 0.72, 0.15, 0.76)
    p.window(0.175, 0.725, 0.205, 0.765)


@glyph("car", aspect=2.0, size=0.24, home="city")
def car(p: Pen) -> None:
    p.curve("body", "6,78 8,52 42,44 66,12 100,6 134,12 156,44 186,52 195,76 180,86 100,88 20,86")
    p.curve("glow", "60,42 74,20 95,15 97,42")
    p.curve("glow", "105,42 105,15 126,19 144,42")
    p.rect("shade", 0.1, 0.66, 1.92, 0.71)
    for x in (0.46, 1.54):
        p.oval("dark", x, 0.82, 0.19, 0.18)
        p.oval("pale", x, 0.82, 0.085)
        p.oval("shade", x, 0.82, 0.035)
    p.oval("glow", 0.1, 0.6, 0.045, 0.06)
    p.lamp(0.08, 0.6, 0.5)
    p.rect("shade", 1.08, 0.5, 1.18, 0.525, round_=0.01)


@glyph("train", aspect=2.2, size=0.28, body="3d4a57", accent="b5443a", home="mountains")
def train(p: Pen) -> None:
    p.rect("body", 0.52, 0.36, 1.4, 0.72, round_=0.05)
    p.rect("shade", 0.52, 0.56, 1.4, 0.72)
    p.rect("accent", 1.38, 0.14, 1.98, 0.76)
    p.rect("dark", 1.32, 0.08, 2.04, 0.15, round_=0.02)
    for left in (1.46, 1.74):
        p.window(left, 0.24, left + 0.18, 0.44)
    p.poly("dark", "62,36 58,10 80,10 76,36")
    p.rect("accent", 0.56, 0.07, 0.82, 0.12, round_=0.02)
    p.oval("accent", 1.05, 0.34, 0.09)
    p.rect("dark", 0.46, 0.42, 0.54, 0.68)
    p.oval("glow", 0.47, 0.46, 0.05)
    p.lamp(0.44, 0.46, 0.6)
    p.rect("dark", 0.4, 0.72, 2.02, 0.8)
    p.poly("accent_shade", "42,74 42,98 20,98")
    for x, radius in rows("66,13 98,13 142,19 182,19"):
        p.oval("dark", x, 1 - radius, radius)
        p.oval("accent", x, 1 - radius, radius * 0.72)
        p.oval("dark", x, 1 - radius, radius * 0.2)
    p.rect("light", 0.66, 0.83, 1.84, 0.86)


@glyph("bicycle", aspect=1.65, size=0.28, home="city")
def bicycle(p: Pen) -> None:
    for x in (0.34, 1.3):
        p.arc("dark", 0.03, (x - 0.31, 0.37, x + 0.31, 0.99), 0, 360)
        for spoke in range(6):
            angle = spoke * math.pi / 6
            dx, dy = 0.29 * math.cos(angle), 0.29 * math.sin(angle)
            p.line("shade", 0.005, (x - dx, 0.68 - dy), (x + dx, 0.68 + dy))
    p.line("body", 0.035, "34,68 58,30 112,28 78,68 34,68")
    p.line("body", 0.035, "52,20 78,68")
    p.line("body", 0.035, "130,68 110,14")
    p.line("dark", 0.035, "110,14 100,10 124,8", soft=True)
    p.curve("dark", "38,17 52,13 68,17 54,21.5")
    p.oval("shade", 0.78, 0.68, 0.07)


@glyph("balloon", aspect=0.74, size=0.42, habit="fly", accent="f3e3bd", home="sky", clear=True)
def balloon(p: Pen) -> None:
    p.curve("body", "37,0 60,8 72,30 62,52 46,72 28,72 12,52 2,30 14,8")
    p.curve("accent", "37,0 53,8 58,30 50,55 42,72 47,30")
    p.curve("accent", "37,0 21,8 16,30 24,55 32,72 27,30")
    p.curve("shade", "8,47 37,53 66,47 60,55 37,60 14,55")
    for x, y in ((0.29, 0.32), (0.45, 0.42)):
        p.line("dark", 0.006, (x, 0.72), (y - 0.02, 0.88))
    p.rect("dark", 0.3, 0.87, 0.44, 0.99, round_=0.02)
    p.rect("shade", 0.295, 0.865, 0.445, 0.895, round_=0.01)
    p.oval("glow", 0.37, 0.78, 0.018, 0.035)
    p.lamp(0.37, 0.72, 0.3)


@glyph("plane", aspect=2.1, size=0.2, habit="fly", body="eef0f2", accent="c24f3f", home="sky")
def plane(p: Pen) -> None:
    p.poly("shade", "95,45 130,2 145,2 130,48")
    p.curve("body", "6,52 30,36 100,34 175,42 202,50 160,62 90,70 30,68")
    p.poly("accent", "166,44 190,4 206,4 196,50")
    p.poly("body", "80,58 130,100 148,100 125,56")
    p.poly("shade", "168,52 192,66 204,66 190,50")
    for step in range(9):
        p.oval("dark", 0.55 + step * 0.11, 0.47, 0.022)
    p.curve("dark", "14,50 28,41 38,42 32,50")


@glyph(
    "rocket",
    aspect=0.55,
    size=0.56,
    habit="fly",
    body="eceff2",
    accent="d2483c",
    home="space",
    clear=True,
)
def rocket(p: Pen) -> None:
    p.curve("accent", "16,52 3,68 3,84 18,74")
    p.curve("accent", "39,52 52,68 52,84 37,74")
    p.curve("glow", "20,78 35,78 36,88 27.5,100 19,88")
    p.curve("pale", "23.5,78 31.5,78 31,86 27.5,93 24,86")
    p.curve("body", "27.5,0 38,16 42,40 36,76 19,76 13,40 17,16")
    p.curve("shade", "27.5,2 38,16 42,40 36,76 30,76 34,40")
    p.curve("accent", "27.5,0 34.5,8.5 36.8,15 27.5,16.5 18.2,15 20.5,8.5")
    p.oval("dark", 0.275, 0.32, 0.075)
    p.oval("glow", 0.275, 0.32, 0.055)
    p.oval("dark", 0.275, 0.52, 0.04)
    p.rect("accent", 0.185, 0.7, 0.365, 0.77, round_=0.02)
    p.poly("accent_shade", "26.5,60 28.5,60 28.5,84 26.5,84")
    p.lamp(0.275, 0.9, 0.5)


@glyph(
    "ufo",
    aspect=2.0,
    size=0.2,
    habit="fly",
    body="aab4c0",
    accent="7fe0b0",
    home="desert",
    clear=True,
)
def ufo(p: Pen) -> None:
    p.pie("accent", (0.62, 0.02, 1.38, 0.86), 180, 360)
    p.pie("pale", (0.72, 0.1, 0.98, 0.6), 190, 270)
    p.oval("body", 1.0, 0.56, 0.96, 0.22)
    p.oval("shade", 1.0, 0.66, 0.7, 0.14)
    p.oval("light", 1.0, 0.5, 0.86, 0.1)
    for step in range(5):
        x = 0.3 + step * 0.35
        p.oval("glow", x, 0.6 + 0.05 * (2 - abs(2 - step)), 0.05, 0.04)
    p.lamp(1.0, 0.8, 1.2)


@glyph("robot", aspect=0.72, size=0.44, body="a9b8c2", accent="e2773f", home="city", clear=True)
def robot(p: Pen) -> None:
    p.line("dark", 0.012, "36,10 36,3")
    p.oval("accent", 0.36, 0.03, 0.025)
    p.lamp(0.36, 0.03, 0.12)
    for x in (0.13, 0.57):
        p.rect("shade", x - 0.02, 0.18, x + 0.04, 0.28, round_=0.02)
    p.rect("body", 0.16, 0.09, 0.56, 0.36, round_=0.07)
    p.rect("dark", 0.21, 0.15, 0.51, 0.28, round_=0.05)
    for x in (0.28, 0.44):
        p.oval("glow", x, 0.215, 0.04)
        p.lamp(x, 0.215, 0.14)
    p.line("shade", 0.012, "29,32 43,32")
    p.rect("dark", 0.31, 0.36, 0.41, 0.41)
    p.taper("shade", 0.06, 0.05, "17,46 7,58 8,70", soft=True)
    p.taper("shade", 0.06, 0.05, "55,46 65,56 62,68", soft=True)
    for x, y in ((0.08, 0.72), (0.62, 0.7)):
        p.oval("accent", x, y, 0.045)
    p.rect("body", 0.15, 0.4, 0.57, 0.76, round_=0.06)
    p.rect("light", 0.22, 0.46, 0.5, 0.62, round_=0.03)
    p.oval("accent", 0.29, 0.54, 0.03)
    for x in (0.37, 0.42, 0.47):
        p.rect("dark", x - 0.008, 0.5, x + 0.008, 0.58)
    for x in (0.24, 0.42):
        p.rect("shade", x, 0.76, x + 0.07, 0.93)
        p.rect("body", x - 0.03, 0.92, x + 0.1, 1, round_=0.025)
