"""Shapes of animals that walk."""

import math

from bot.backends.sketch.brush.pen import Pen, glyph, rows


@glyph("cat", aspect=0.78, size=0.42, home="meadow")
def cat(p: Pen) -> None:
    p.taper("shade", 0.075, 0.045, "56,93 72,90 74,70 66,58 70,48", soft=True)
    p.curve("body", "20,99 17,74 22,50 34,40 46,48 58,66 64,88 56,99")
    p.curve("shade", "40,99 42,80 54,70 64,88 58,99")
    p.poly("body", "15,27 15,3 31,16")
    p.poly("body", "37,16 52,3 52,27")
    p.poly("accent", "18,20 18,9 26,16")
    p.poly("accent", "42,16 49,9 49,20")
    p.oval("body", 0.335, 0.3, 0.2, 0.165)
    p.curve("pale", "33.5,46 41,56 36,72 30,72 25,56")
    p.oval("pale", 0.335, 0.365, 0.085, 0.06)
    for x in (0.25, 0.42):
        p.oval("glow", x, 0.285, 0.036, 0.04)
        p.oval("dark", x, 0.285, 0.014, 0.034)
    p.poly("accent", "31.2,33.5 35.8,33.5 33.5,36")
    for dy in (-0.015, 0.015):
        p.line("pale", 0.005, (0.27, 0.365 + dy * 0.4), (0.09, 0.355 + dy * 2))
        p.line("pale", 0.005, (0.4, 0.365 + dy * 0.4), (0.58, 0.355 + dy * 2))
    for x in (0.26, 0.39):
        p.rect("body", x - 0.045, 0.7, x + 0.045, 1, round_=0.045)
        p.oval("pale", x, 0.97, 0.05, 0.03)


@glyph("dog", aspect=0.85, size=0.42, body="b9814f", accent="7a4b2e")
def dog(p: Pen) -> None:
    p.taper("body", 0.06, 0.03, "62,90 76,82 80,66", soft=True)
    p.curve("body", "20,100 19,70 26,46 42,42 56,60 70,84 64,100")
    p.curve("shade", "44,100 46,80 58,70 70,84 66,100")
    p.curve("pale", "28,50 38,50 38,72 30,78 23,66")
    p.oval("body", 0.34, 0.27, 0.19, 0.18)
    p.curve("accent", "17,14 23,12 21,30 14,42 7,34 10,20")
    p.curve("accent", "51,14 45,12 47,30 54,42 61,34 58,20")
    p.oval("pale", 0.34, 0.35, 0.1, 0.085)
    p.oval("dark", 0.34, 0.305, 0.04, 0.03)
    p.line("dark", 0.008, "34,33 34,37 29,39.5", soft=True)
    p.line("dark", 0.008, "34,37 39,39.5")
    for x in (0.265, 0.415):
        p.eye(x, 0.245, 0.026)
    p.rect("accent", 0.22, 0.435, 0.46, 0.475, round_=0.02)
    p.oval("glow", 0.34, 0.49, 0.024)
    for x in (0.27, 0.41):
        p.rect("body", x - 0.05, 0.72, x + 0.05, 1, round_=0.045)
        p.oval("pale", x, 0.975, 0.055, 0.028)


@glyph("fox", aspect=1.15, size=0.36, body="d9702e", accent="f5ecdc", home="forest")
def fox(p: Pen) -> None:
    p.curve("body", "62,92 80,95 102,86 112,60 104,42 92,50 86,70 70,78")
    p.curve("accent", "110,62 112,50 104,40 95,46 97,58 104,54")
    p.curve("body", "20,100 20,74 30,50 44,46 60,64 72,86 66,100")
    p.curve("accent", "26,56 38,52 40,76 33,84 24,74")
    p.poly("body", "14,30 12,2 30,16")
    p.poly("body", "38,16 56,2 54,30")
    p.poly("dark", "15.5,20 14.5,8 23,15")
    p.poly("dark", "45,15 53.5,8 52.5,20")
    p.curve("body", "10,34 20,15 34,13 48,15 58,34 46,44 34,55 22,44")
    p.curve("accent", "9,34.5 22,34 33,46 34,54.5 22,45")
    p.curve("accent", "59,34.5 46,34 35,46 34,54.5 46,45")
    p.oval("dark", 0.34, 0.525, 0.03, 0.025)
    for x in (0.245, 0.435):
        p.eye(x, 0.315, 0.026)
    for x in (0.28, 0.42):
        p.rect("body", x - 0.045, 0.74, x + 0.045, 0.98, round_=0.03)
        p.rect("dark", x - 0.045, 0.9, x + 0.045, 1, round_=0.035)


@glyph("wolf", aspect=0.85, size=0.46, body="6f7885", accent="c9ced4", home="mountains")
def wolf(p: Pen) -> None:
    p.taper("shade", 0.09, 0.03, "62,90 76,93 83,78", soft=True)
    p.curve("body", "24,100 24,76 20,56 30,42 50,46 64,70 70,88 64,100")
    p.curve("body", "20,60 22,40 24,28 14,2 22,3 34,22 46,30 52,50 40,62")
    p.poly("body", "33,26 48,14 48,36")
    p.curve("accent", "22,56 22,42 27,36 36,56 30,78 25,70")
    p.curve("accent", "15.5,5 18,7 25,25 23.5,27")
    p.oval("dark", 0.155, 0.03, 0.026, 0.022)
    p.line("dark", 0.012, "28,24 31,25.5")
    for x in (0.29, 0.41):
        p.rect("body", x - 0.042, 0.72, x + 0.042, 1, round_=0.035)
    p.curve("shade", "48,100 48,82 60,72 70,88 66,100")


@glyph("lion", aspect=0.9, size=0.46, body="d9a253", accent="8a4a22", home="desert")
def lion(p: Pen) -> None:
    p.taper("body", 0.05, 0.04, "64,92 80,88 84,68 78,56", soft=True)
    p.oval("accent", 0.77, 0.54, 0.055, 0.065)
    p.curve("body", "24,100 22,76 28,52 44,46 60,62 72,86 66,100")
    p.curve("shade", "46,100 48,82 60,72 72,88 68,100")
    for spike in range(16):
        angle = spike * math.pi / 8
        x, y = 0.39 + 0.24 * math.cos(angle), 0.3 + 0.23 * math.sin(angle)
        p.oval("accent" if spike % 2 else "accent_shade", x, y, 0.085)
    p.oval("accent", 0.39, 0.3, 0.24, 0.23)
    for x in (0.24, 0.54):
        p.oval("body", x, 0.15, 0.058)
    p.oval("body", 0.39, 0.3, 0.17, 0.165)
    p.oval("pale", 0.39, 0.375, 0.085, 0.065)
    for x in (0.315, 0.465):
        p.eye(x, 0.27, 0.024)
    p.poly("dark", "35.5,32.5 42.5,32.5 39,36.5")
    p.line("dark", 0.008, "39,36 39,39 35,41", soft=True)
    p.line("dark", 0.008, "39,39 43,41")
    for x in (0.31, 0.46):
        p.rect("body", x - 0.055, 0.72, x + 0.055, 1, round_=0.045)
        p.oval("pale", x, 0.975, 0.058, 0.028)


@glyph("frog", aspect=1.25, size=0.26, body="5f9f4a", accent="d9e4a0", home="lake")
def frog(p: Pen) -> None:
    p.curve("shade", "14,98 6,74 20,56 40,60 44,86 36,100")
    p.curve("shade", "111,98 119,74 105,56 85,60 81,86 89,100")
    p.curve("body", "22,60 40,36 62.5,30 85,36 103,60 96,88 62.5,98 29,88")
    p.curve("accent", "34,72 62.5,64 91,72 86,90 62.5,96 39,90")
    for x in (0.42, 0.83):
        p.oval("body", x, 0.27, 0.125)
        p.oval("pale", x, 0.26, 0.085)
        p.eye(x, 0.26, 0.055)
    p.line("dark", 0.02, "34,54 48,62 77,62 91,54", soft=True)
    for x in (0.36, 0.89):
        p.oval("body", x, 0.97, 0.11, 0.035)


@glyph("pig", aspect=1.35, size=0.32, body="eba9a6", accent="d98a8c")
def pig(p: Pen) -> None:
    p.line("accent", 0.022, "118,46 126,40 123,34 130,30", soft=True)
    for x in (0.46, 0.96):
        p.rect("shade", x, 0.7, x + 0.13, 1, round_=0.03)
    p.curve("body", "30,62 40,36 76,28 110,36 120,62 108,84 76,90 42,84")
    for x in (0.56, 0.84):
        p.rect("body", x, 0.68, x + 0.13, 1, round_=0.03)
        p.rect("dark", x, 0.95, x + 0.13, 1, round_=0.02)
    p.oval("body", 0.34, 0.46, 0.24, 0.24)
    p.poly("accent", "17,32 19,12 34,25")
    p.poly("accent", "42,24 56,12 55,34")
    p.oval("accent", 0.25, 0.52, 0.115, 0.09)
    for x in (0.21, 0.29):
        p.oval("dark", x, 0.52, 0.018, 0.026)
    for x in (0.24, 0.43):
        p.eye(x, 0.39, 0.026)
    p.line("accent", 0.014, "26,65 34,68 42,64", soft=True)


@glyph("rabbit", aspect=0.72, size=0.36, body="d9cbb8", accent="e9a6a6")
def rabbit(p: Pen) -> None:
    p.oval("pale", 0.62, 0.86, 0.075)
    p.curve("body", "18,100 16,78 26,60 44,60 60,74 64,92 56,100")
    for x, lean in ((0.24, -0.06), (0.4, 0.05)):
        p.curve(
            "body",
            (x - 0.055, 0.36),
            (x - 0.065 + lean, 0.14),
            (x + lean, 0.0),
            (x + 0.06 + lean, 0.14),
            (x + 0.05, 0.36),
        )
        p.curve(
            "accent",
            (x - 0.02, 0.32),
            (x - 0.03 + lean, 0.15),
            (x + lean, 0.06),
            (x + 0.028 + lean, 0.15),
            (x + 0.02, 0.32),
        )
    p.oval("body", 0.32, 0.46, 0.18, 0.16)
    for x in (0.24, 0.4):
        p.eye(x, 0.435, 0.026)
    p.oval("pale", 0.32, 0.525, 0.08, 0.05)
    p.poly("accent", "30,49 34,49 32,51.2")
    p.oval("shade", 0.5, 0.88, 0.13, 0.12)
    for x in (0.25, 0.39):
        p.oval("pale", x, 0.965, 0.065, 0.035)


@glyph("horse", aspect=1.2, size=0.48, body="7a4f35", accent="33241f")
def horse(p: Pen) -> None:
    for x, knee, hoof in ((0.34, 0.4, 0.36), (0.84, 0.9, 0.86)):
        p.taper("shade", 0.085, 0.045, (x, 0.6), (knee, 0.78), (hoof, 0.97), soft=True)
    p.curve("accent", "96,44 110,46 114,66 110,82 106,62 98,54")
    p.curve("body", "30,44 50,42 76,42 96,42 102,54 94,68 72,66 50,70 34,64 27,54")
    p.curve("body", "29,60 22,42 20,28 26,12 34,10 40,24 54,44 46,62")
    p.curve("body", "30,8 36,16 24,24 10,36 3,35 2,28 14,16")
    p.poly("body", "26,12 29,0 34,10")
    p.curve("accent", "30,5 38,8 46,22 58,42 52,44 42,32 36,20")
    p.eye(0.2, 0.19, 0.016)
    p.oval("dark", 0.06, 0.3, 0.012)
    for x, knee, hoof in ((0.42, 0.36, 0.41), (0.94, 1.0, 0.95)):
        p.taper("body", 0.1, 0.05, (x, 0.58), (knee, 0.78), (hoof, 0.97), soft=True)
    for x in (0.355, 0.41, 0.86, 0.95):
        p.rect("accent", x - 0.032, 0.955, x + 0.032, 1, round_=0.01)


@glyph("deer", aspect=0.95, size=0.54, body="a9713f", accent="efe2c8", home="forest")
def deer(p: Pen) -> None:
    for side in (-1, 1):
        x = 0.27 + side * 0.03
        p.taper(
            "dark",
            0.022,
            0.012,
            (x, 0.25),
            (x + side * 0.1, 0.16),
            (x + side * 0.12, 0.02),
            soft=True,
        )
        for t, reach in ((0.16, 0.07), (0.1, 0.06)):
            p.taper("dark", 0.016, 0.008, (x + side * 0.1, t), (x + side * (0.1 + reach), t - 0.08))
    for x in (0.36, 0.74):
        p.taper("shade", 0.055, 0.028, (x + 0.03, 0.66), (x + 0.02, 0.98))
    p.curve("body", "30,50 50,50 74,48 86,56 82,70 62,69 42,72 31,64")
    p.curve("body", "30,62 24,46 25,34 34,32 40,44 48,56")
    p.curve("body", "24,25 34,25 35,36 24,42 14,46 11,40 18,32")
    p.curve("body", "33,28 44,23 42,31")
    p.curve("accent", "27,48 32,48 38,66 32,68")
    p.curve("accent", "84,54 90,50 90,60 85,64")
    p.oval("dark", 0.12, 0.42, 0.022, 0.018)
    p.eye(0.24, 0.33, 0.018)
    for x, y in rows("56,54 64,55 72,53 60,59 68,59"):
        p.oval("accent", x, y, 0.012)
    for x in (0.4, 0.79):
        p.taper("body", 0.065, 0.03, (x, 0.64), (x - 0.01, 0.98))


@glyph("bear", aspect=0.95, size=0.46, body="6b4a35", accent="a97f5c", home="forest")
def bear(p: Pen) -> None:
    p.curve("body", "16,98 10,74 24,48 48,42 72,48 86,74 80,98 48,100")
    p.oval("accent", 0.48, 0.76, 0.2, 0.19)
    for x in (0.27, 0.69):
        p.oval("body", x, 0.13, 0.085)
        p.oval("accent", x, 0.135, 0.048)
    p.oval("body", 0.48, 0.29, 0.26, 0.23)
    p.oval("accent", 0.48, 0.37, 0.12, 0.095)
    p.oval("dark", 0.48, 0.325, 0.045, 0.032)
    p.line("dark", 0.01, "48,35 48,40 43,42", soft=True)
    p.line("dark", 0.01, "48,40 53,42")
    for x in (0.38, 0.58):
        p.eye(x, 0.25, 0.024)
    p.curve("shade", "14,60 26,56 32,74 28,88 16,84")
    p.curve("shade", "82,60 70,56 64,74 68,88 80,84")
    for x in (0.28, 0.68):
        p.oval("shade", x, 0.95, 0.12, 0.06)
        p.oval("accent", x, 0.955, 0.06, 0.035)


@glyph("elephant", aspect=1.3, size=0.5, body="8d939e", accent="b9a9ab", home="desert")
def elephant(p: Pen) -> None:
    p.taper("shade", 0.03, 0.015, "118,42 126,60 124,72", soft=True)
    for x in (0.62, 0.96):
        p.rect("shade", x, 0.6, x + 0.15, 1, round_=0.03)
    p.curve("body", "42,40 60,16 86,10 110,20 122,46 118,72 80,80 50,70")
    for x in (0.5, 1.03):
        p.rect("body", x, 0.58, x + 0.17, 1, round_=0.03)
        for toe in (0.03, 0.085, 0.14):
            p.oval("pale", x + toe, 0.98, 0.02, 0.018)
    p.taper("body", 0.15, 0.06, "24,42 14,62 14,84 5,92", soft=True)
    p.oval("body", 0.34, 0.36, 0.21, 0.21)
    p.taper("pale", 0.04, 0.012, "24,52 22,66 10,70", soft=True)
    p.curve("shade", "40,20 56,16 70,30 68,50 54,62 44,50 42,34")
    p.curve("accent", "44,26 56,22 64,33 62,48 54,55 48,46")
    p.eye(0.27, 0.32, 0.02)


@glyph("giraffe", aspect=0.7, size=0.64, body="e0b062", accent="a0622f", home="desert")
def giraffe(p: Pen) -> None:
    for x in (0.34, 0.58):
        p.taper("shade", 0.05, 0.028, (x + 0.02, 0.68), (x + 0.02, 0.99))
    p.curve("body", "26,56 44,53 64,58 67,68 56,72 36,72 26,68")
    p.taper("body", 0.15, 0.07, "34,62 26,40 22,12", soft=True)
    p.curve("body", "20,7 28,7 27,14 14,19 6,19 7,14")
    for x in (0.22, 0.26):
        p.line("accent", 0.012, (x, 0.08), (x + 0.01, 0.02))
        p.oval("dark", x + 0.01, 0.02, 0.013)
    p.curve("body", "26,9 35,8 30,12")
    for x, y, r in rows(
        "23,24,2 26,32,2.5 25,40,2.5 30,44,2.8 29,53,3 36,60,3.2 "
        "44,57,3 43,66,3 53,60,3.2 53,68,2.4 61,64,2.6"
    ):
        p.poly(
            "accent",
            *[
                (x + r * (0.8 + 0.3 * (k % 2)) * math.cos(k * 1.05), y + r * math.sin(k * 1.05))
                for k in range(6)
            ],
        )
    p.eye(0.19, 0.11, 0.013)
    for x in (0.3, 0.6):
        p.taper("body", 0.06, 0.03, (x, 0.66), (x - 0.01, 0.99))
    p.taper("accent", 0.016, 0.016, "66,60 69,76")


@glyph("sheep", aspect=1.2, size=0.3, body="efe8da", accent="4a4044")
def sheep(p: Pen) -> None:
    for x in (0.42, 0.58, 0.82, 0.96):
        p.rect("accent", x - 0.03, 0.7, x + 0.03, 1, round_=0.02)
    for x, y, r in rows("42,50,20 60,40,22 82,40,22 98,52,19 86,64,20 56,65,20 70,55,24"):
        p.oval("body", x, y, r, r * 0.92)
    for x, y in rows("52,40 70,50 88,44 62,66 82,66"):
        p.arc("shade", 0.014, (x - 0.07, y - 0.06, x + 0.07, y + 0.06), 20, 200)
    p.curve("accent", "20,30 34,28 38,42 30,58 18,60 12,46")
    p.curve("accent", "36,32 48,34 40,42")
    p.oval("body", 0.3, 0.28, 0.12, 0.09)
    p.oval("pale", 0.21, 0.41, 0.022)


@glyph("mouse", aspect=1.3, size=0.24, body="a39a98", accent="e9b3ad")
def mouse(p: Pen) -> None:
    p.taper("accent", 0.04, 0.012, "100,88 120,80 122,58 112,50", soft=True)
    p.curve("body", "10,80 28,52 60,36 92,50 104,84 90,97 30,97")
    p.oval("shade", 0.5, 0.36, 0.15)
    p.oval("body", 0.36, 0.38, 0.16)
    p.oval("accent", 0.36, 0.38, 0.1)
    p.eye(0.25, 0.66, 0.03)
    p.oval("accent", 0.09, 0.8, 0.04)
    for x in (0.36, 0.8):
        p.oval("accent", x, 0.96, 0.08, 0.035)
