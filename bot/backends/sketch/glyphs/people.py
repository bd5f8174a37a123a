"""Shapes of people: seen from behind or afar, nobody in particular."""

from bot.backends.sketch.brush.pen import Pen, glyph, rows


@glyph("person", aspect=0.46, size=0.4, accent="2f3440")
def person(p: Pen) -> None:
    for x, foot in ((0.19, 0.16), (0.27, 0.3)):
        p.taper("accent", 0.075, 0.05, (x, 0.6), (foot, 0.96))
        p.oval("dark", foot - 0.01, 0.975, 0.045, 0.024)
    p.curve("body", "13,27 23,22.5 33,27 36,50 38,70 23,73 8,70 10,50")
    p.curve("shade", "24,25 33,27 36,50 38,70 28,72 28,46")
    p.taper("body", 0.06, 0.045, "14,29 8,44 9,56", soft=True)
    p.taper("shade", 0.06, 0.045, "32,29 39,43 37,56", soft=True)
    p.oval("pale", 0.23, 0.135, 0.068, 0.08)
    p.curve("accent", "15.5,16 15,9 23,4 31,9 30.5,17 26,20 20,20")
    p.curve("light", "15,22.5 23,20.5 31,22.5 32,26.5 23,28.5 14,26.5")
    p.poly("light", "26,26 32,26 36,42 30,43")


@glyph(
    "astronaut", aspect=0.62, size=0.44, body="eceff2", accent="e07a3f", home="space", clear=True
)
def astronaut(p: Pen) -> None:
    p.rect("shade", 0.14, 0.3, 0.48, 0.66, round_=0.05)
    for x, foot in ((0.24, 0.2), (0.38, 0.43)):
        p.taper("body", 0.12, 0.1, (x, 0.64), (foot, 0.92))
        p.oval("shade", foot, 0.96, 0.08, 0.04)
    p.taper("body", 0.1, 0.08, "18,38 7,48 6,60", soft=True)
    p.taper("body", 0.1, 0.08, "44,38 56,34 57,20", soft=True)
    p.oval("accent", 0.06, 0.62, 0.045)
    p.oval("accent", 0.57, 0.17, 0.045)
    p.rect("body", 0.18, 0.32, 0.44, 0.7, round_=0.07)
    p.oval("body", 0.31, 0.19, 0.17)
    p.oval("dark", 0.3, 0.195, 0.125, 0.11)
    p.curve("glow", "20,19 25,11.5 33,10 28,16")
    p.rect("shade", 0.23, 0.44, 0.39, 0.55, round_=0.02)
    p.oval("accent", 0.27, 0.49, 0.018)
    p.oval("glow", 0.32, 0.49, 0.018)
    p.line("accent", 0.016, "19,64.5 43,64.5")


@glyph("wizard", aspect=0.66, size=0.48, body="5a4a92", accent="d9b24a", home="forest")
def wizard(p: Pen) -> None:
    p.line("dark", 0.022, "57,24 55,100")
    p.oval("glow", 0.57, 0.2, 0.045)
    p.lamp(0.57, 0.2, 0.5)
    p.curve("body", "19,42 30,36 41,42 46,68 52,98 30,100 8,98 14,68")
    p.curve("shade", "32,42 41,42 46,68 52,98 38,100 34,70")
    p.taper("body", 0.09, 0.13, "38,44 48,50 54,50", soft=True)
    p.oval("pale", 0.555, 0.5, 0.032)
    p.oval("pale", 0.3, 0.31, 0.08, 0.075)
    p.curve("pale", "22,34 38,34 37,50 30,64 23,50")
    p.curve("body", "12,29 20,22 23,10 34,0 31,9 39,22 48,28 30,31")
    p.line("accent", 0.02, "20.5,23.5 30,25 39,23.5", soft=True)
    for x, y in rows("25,60 35,74 22,82 30,15"):
        p.oval("accent", x, y, 0.013)
    p.line("accent", 0.018, "10,97.5 30,99 50,97.5", soft=True)


@glyph("knight", aspect=0.66, size=0.46, body="9aa7b3", accent="a83a3a", home="mountains")
def knight(p: Pen) -> None:
    p.curve("accent", "20,32 42,32 54,64 56,94 30,88 10,94 12,60")
    for x, foot in ((0.24, 0.22), (0.36, 0.38)):
        p.taper("shade", 0.095, 0.075, (x, 0.66), (foot, 0.94))
        p.oval("dark", foot, 0.97, 0.06, 0.03)
    p.rect("body", 0.19, 0.32, 0.41, 0.7, round_=0.05)
    p.poly("accent", "24,40 36,40 35,72 25,72")
    for x in (0.17, 0.43):
        p.oval("light", x, 0.37, 0.065)
    p.taper("body", 0.075, 0.065, "43,40 50,50 50,60", soft=True)
    p.line("pale", 0.024, "50,62 50,98")
    p.line("dark", 0.02, "44,63 56,63")
    p.curve("light", "4,44 14,41 24,44 23,60 14,70 5,60")
    p.poly("accent", "12.5,44 15.5,44 15.5,66 12.5,66")
    p.rect("body", 0.22, 0.13, 0.38, 0.32, round_=0.06)
    p.rect("dark", 0.235, 0.205, 0.365, 0.228)
    p.line("dark", 0.006, "30,23 30,30")
    p.curve("accent", "29,13 27,4 38,2 46,10 36,9 32,14")


@glyph("portrait", aspect=0.86, size=0.9, habit="bust", accent="3a2c2a", home="studio", clear=True)
def portrait(p: Pen) -> None:
    p.curve("accent_shade", "20,34 24,14 43,5 63,14 68,36 70,62 60,72 26,72 16,60")
    p.curve("body", "2,102 6,84 24,75 43,72 62,75 80,84 84,102")
    p.curve("pale", "36,56 50,56 51,70 43,77 35,70")
    p.curve("pale", "27,36 33,19 43,15 54,19 60,36 57,52 49,63 43,65.5 37,63 30,52")
    p.line("accent_shade", 0.004, "36.5,62.5 43,66 49.5,62.5", soft=True)
    for x in (0.355, 0.51):
        p.arc("accent", 0.009, (x - 0.045, 0.345, x + 0.045, 0.41), 195, 345)
        p.oval("accent", x, 0.405, 0.022, 0.02)
        p.oval("pale", x - 0.007, 0.398, 0.006)
    p.line("light", 0.006, "44,42 45,49 43,50", soft=True)
    p.curve("body", "38.5,56 42,55 43.5,55.6 45,55 48.5,56 43.5,58.5")
    for x in (0.335, 0.535):
        p.oval("light", x, 0.48, 0.03, 0.018)
    p.curve("accent", "24,42 25,20 43,7 60,18 64,42 58,28 47,20 36,26 29,32")
    p.curve("shade", "28,80 43,86 58,80 56,85 43,92 30,85")


@glyph("royal", aspect=0.86, size=0.9, habit="bust", accent="3a2c2a", home="studio", clear=True)
def royal(p: Pen) -> None:
    portrait(p)
    p.poly("glow", "24,18 21,1 32,9 43,0 54,9 65,1 62,18")
    p.curve("shade", "24,15 43,12 62,15 62,19 43,16 24,19")
    for x, y in rows("21,1 43,0.8 65,1"):
        p.oval("body", x, y + 0.008, 0.014)
