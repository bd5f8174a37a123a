"""Shapes of what people built."""

from bot.backends.sketch.brush.pen import Pen, glyph, rows


@glyph(
    "lighthouse", aspect=0.42, size=0.6, habit="rise", body="f1ece0", accent="c8463c", home="sea"
)
def lighthouse(p: Pen) -> None:
    def band(tone: str, top: float, bottom: float) -> None:
        wide, wider = 0.06 + 0.055 * (top - 0.3) / 0.7, 0.06 + 0.055 * (bottom - 0.3) / 0.7
        p.poly(
            tone,
            (0.21 - wide, top),
            (0.21 + wide, top),
            (0.21 + wider, bottom),
            (0.21 - wider, bottom),
        )

    band("body", 0.26, 1)
    for top in (0.36, 0.58, 0.8):
        band("accent", top, top + 0.11)
    p.rect("shade", 0.115, 0.245, 0.305, 0.27, round_=0.008)
    p.rect("dark", 0.125, 0.205, 0.295, 0.215)
    for x in (0.13, 0.17, 0.21, 0.25, 0.288):
        p.rect("dark", x - 0.003, 0.205, x + 0.003, 0.25)
    p.rect("dark", 0.158, 0.115, 0.262, 0.245)
    p.rect("glow", 0.168, 0.125, 0.252, 0.235)
    p.rect("dark", 0.207, 0.12, 0.213, 0.24)
    p.pie("accent", (0.142, 0.045, 0.278, 0.185), 180, 360)
    p.line("accent_shade", 0.01, "21,5 21,1.5")
    p.oval("accent", 0.21, 0.015, 0.012)
    p.rect("dark", 0.185, 0.92, 0.235, 1, round_=0.02)
    p.rect("dark", 0.197, 0.5, 0.223, 0.55, round_=0.012)
    p.lamp(0.21, 0.18, 0.55)


@glyph("house", aspect=1.05, size=0.3, body="ead9b8", accent="b5523f")
def house(p: Pen) -> None:
    p.rect("shade", 0.68, 0.06, 0.78, 0.4)
    p.rect("dark", 0.665, 0.05, 0.795, 0.085)
    p.rect("body", 0.14, 0.42, 0.91, 1)
    p.poly("shade", "14,42 91,42 91,50 14,47")
    p.poly("accent", "2,46 24,10 81,10 103,46")
    for row in range(1, 5):
        y = 0.1 + row * 0.072
        p.line("accent_shade", 0.006, (0.24 - row * 0.044, y), (0.81 + row * 0.044, y))
    p.rect("dark", 0.45, 0.62, 0.6, 1, round_=0.02)
    p.rect("accent_shade", 0.465, 0.64, 0.585, 1, round_=0.02)
    p.oval("glow", 0.565, 0.82, 0.012)
    for left in (0.21, 0.68):
        p.rect("dark", left - 0.012, 0.575, left + 0.172, 0.775)
        p.window(left, 0.59, left + 0.16, 0.76)
        p.rect("dark", left + 0.075, 0.59, left + 0.085, 0.76)
        p.rect("dark", left, 0.67, left + 0.16, 0.68)


@glyph(
    "castle", aspect=1.25, size=0.46, habit="rise", body="b7aa9c", accent="b0473f", home="mountains"
)
def castle(p: Pen) -> None:
    def tower(left: float, right: float, top: float, *, flag: bool) -> None:
        middle, width = (left + right) / 2, right - left
        p.rect("body", left, top, right, 1)
        p.rect("shade", right - width * 0.3, top, right, 1)
        p.rect("shade", left - 0.02, top - 0.02, right + 0.02, top + 0.035)
        p.poly(
            "accent",
            (left - 0.035, top - 0.02),
            (middle, top - width * 1.35),
            (right + 0.035, top - 0.02),
        )
        p.poly(
            "accent_shade",
            (middle, top - width * 1.35),
            (right + 0.035, top - 0.02),
            (middle, top - 0.02),
        )
        if flag:
            peak = top - width * 1.35
            p.line("dark", 0.008, (middle, peak), (middle, peak - 0.09))
            p.poly(
                "accent",
                (middle, peak - 0.09),
                (middle + 0.09, peak - 0.065),
                (middle, peak - 0.04),
            )
        p.window(middle - 0.018, top + 0.1, middle + 0.018, top + 0.17, round_=0.016)

    tower(0.52, 0.71, 0.36, flag=True)
    tower(0.3, 0.44, 0.46, flag=False)
    tower(0.82, 0.95, 0.43, flag=True)
    p.rect("body", 0.12, 0.66, 1.13, 1)
    for step in range(13):
        left = 0.12 + step * 0.0785
        p.rect("body", left, 0.62, left + 0.045, 0.68)
    p.rect("shade", 0.12, 0.7, 1.13, 0.715)
    tower(0.04, 0.2, 0.54, flag=False)
    tower(1.05, 1.21, 0.54, flag=False)
    p.rect("dark", 0.53, 0.8, 0.7, 1, round_=0.08)
    p.rect("dark", 0.53, 0.88, 0.7, 1)
    for x in (0.32, 0.9):
        p.window(x - 0.02, 0.78, x + 0.02, 0.86, round_=0.02)


@glyph("tower", aspect=0.4, size=0.6, body="b9ad9d", accent="6b7f8f", home="mountains")
def tower(p: Pen) -> None:
    p.poly("body", "11,28 29,28 32,100 8,100")
    p.poly("shade", "22,28 29,28 32,100 24,100")
    p.rect("body", 0.075, 0.24, 0.325, 0.33)
    for left in (0.075, 0.138, 0.201, 0.264):
        p.rect("body", left, 0.205, left + 0.04, 0.26)
    p.poly("accent", "10,21.5 20,2 30,21.5")
    p.poly("accent_shade", "20,2 30,21.5 20,21.5")
    for y, x in ((0.42, 0.18), (0.58, 0.21), (0.74, 0.17)):
        p.window(x - 0.016, y, x + 0.016, y + 0.06, round_=0.015)
    p.rect("dark", 0.155, 0.88, 0.245, 1, round_=0.04)


@glyph("church", aspect=0.95, size=0.42, body="eee4d2", accent="7d4b45")
def church(p: Pen) -> None:
    p.rect("body", 0.36, 0.6, 0.9, 1)
    p.poly("accent", "31,62 44,42 83,42 95,62")
    p.rect("body", 0.12, 0.36, 0.36, 1)
    p.rect("shade", 0.3, 0.36, 0.36, 1)
    p.poly("accent", "9,37 24,9 39,37")
    p.poly("accent_shade", "24,9 39,37 24,37")
    p.line("dark", 0.012, "24,10 24,0")
    p.line("dark", 0.012, "20.5,3.5 27.5,3.5")
    p.oval("glow", 0.24, 0.5, 0.04)
    p.lamp(0.24, 0.5, 0.2)
    p.rect("dark", 0.195, 0.8, 0.285, 1, round_=0.04)
    for x in (0.46, 0.6, 0.74):
        p.window(x, 0.7, x + 0.06, 0.85, round_=0.03)


@glyph("temple", aspect=0.85, size=0.52, body="c9493c", accent="3d4a4f", home="mountains")
def temple(p: Pen) -> None:
    for level in range(4):
        half, top = 0.15 + level * 0.055, 0.12 + level * 0.2
        p.rect("body", 0.425 - half, top + 0.07, 0.425 + half, top + 0.22)
        for x in (-0.6, -0.2, 0.2, 0.6):
            p.rect(
                "dark", 0.425 + half * x - 0.006, top + 0.09, 0.425 + half * x + 0.006, top + 0.2
            )
        p.window(0.4, top + 0.1, 0.45, top + 0.18, round_=0.01)
        wing, inner = half + 0.11, half * 0.35
        right = [(inner, -0.04), (half * 0.9, 0.035), (wing, 0.055), (half, 0.085)]
        left = [(-x, y) for x, y in reversed(right)]
        p.curve("accent", *[(0.425 + x, top + y) for x, y in [*right, *left]])
    p.line("accent", 0.014, "42.5,10 42.5,0")
    for y in (0.03, 0.055):
        p.oval("accent", 0.425, y, 0.018, 0.008)
    p.rect("shade", 0.04, 0.95, 0.81, 1)


@glyph("windmill", aspect=0.9, size=0.48, body="e9dfca", accent="8c4a3c")
def windmill(p: Pen) -> None:
    p.poly("body", "36,36 54,36 63,100 27,100")
    p.poly("shade", "46,36 54,36 63,100 50,100")
    p.curve("accent", "33,38 38,26 45,22 52,26 57,38 45,39.5")
    p.rect("dark", 0.4, 0.82, 0.5, 1, round_=0.04)
    p.window(0.42, 0.52, 0.48, 0.6, round_=0.02)
    for dx, dy in rows("28,-22 22,28 -28,22 -22,-28"):
        x, y = 0.45 + dx * 1.4, 0.33 + dy * 1.15
        nx, ny = -dy * 0.28, dx * 0.28
        p.poly(
            "pale",
            (0.45 + dx * 0.25, 0.33 + dy * 0.25),
            (x, y),
            (x + nx, y + ny),
            (0.45 + dx * 0.25 + nx, 0.33 + dy * 0.25 + ny),
        )
        p.line("dark", 0.014, (0.45, 0.33), (x, y))
    p.oval("dark", 0.45, 0.33, 0.03)


@glyph("tent", aspect=1.3, size=0.24, body="d98a3f", accent="b5632f", home="mountains")
def tent(p: Pen) -> None:
    p.poly("body", "65,10 125,100 5,100")
    p.poly("shade", "65,10 125,100 90,100")
    p.poly("glow", "65,30 85,100 45,100")
    p.poly("dark", "65,42 70,100 60,100")
    p.line("dark", 0.015, "62,3 66,12")
    p.line("dark", 0.015, "69,3 64,12")
    p.lamp(0.65, 0.8, 1.1)


@glyph("pyramid", aspect=1.7, size=0.4, body="d9b77a", home="desert")
def pyramid(p: Pen) -> None:
    p.poly("light", "80,2 168,100 2,100")
    p.poly("shade", "80,2 168,100 105,100")
    for row in range(1, 14):
        y = 0.02 + row * 0.07
        share = row * 0.07 / 0.98
        p.line("body", 0.005, (0.8 - 0.78 * share, y), (0.8 + 0.25 * share, y))


@glyph("bridge", aspect=2.2, size=0.34, habit="float", body="a5604a", home="city")
def bridge(p: Pen) -> None:
    for x in (0.5, 1.7):
        p.rect("body", x - 0.05, 0.02, x - 0.015, 1)
        p.rect("shade", x + 0.015, 0.02, x + 0.05, 1)
        for y in (0.08, 0.26, 0.44):
            p.rect("body", x - 0.05, y, x + 0.05, y + 0.03)
    for start, end in ((0.5, -0.1), (0.5, 1.1), (1.7, 1.1), (1.7, 2.3)):
        line = [(start + (end - start) * t / 8, 0.61 - 0.57 * (1 - t / 8) ** 2) for t in range(9)]
        p.line("body", 0.016, *line)
        for x, y in line:
            p.line("shade", 0.006, (x, y), (x, 0.7))
    p.rect("body", -0.1, 0.68, 2.3, 0.74)
    p.rect("dark", -0.1, 0.74, 2.3, 0.76)


@glyph("lamp", aspect=0.32, size=0.46, body="3a3d46", home="city")
def lamp(p: Pen) -> None:
    p.rect("body", 0.148, 0.2, 0.172, 0.95)
    p.rect("body", 0.11, 0.94, 0.21, 1, round_=0.02)
    p.oval("shade", 0.16, 0.8, 0.028, 0.02)
    p.poly("glow", "10.5,8 21.5,8 19.5,20 12.5,20")
    p.line("dark", 0.008, "16,8 16,20")
    p.poly("body", "8.5,8.5 16,2.5 23.5,8.5")
    p.rect("body", 0.12, 0.195, 0.2, 0.215)
    p.lamp(0.16, 0.14, 0.5)


@glyph("snowman", aspect=0.75, size=0.36, body="f1f4f7", accent="c8463c", clear=True)
def snowman(p: Pen) -> None:
    p.oval("body", 0.37, 0.8, 0.24, 0.21)
    p.oval("body", 0.37, 0.5, 0.18, 0.17)
    p.oval("body", 0.37, 0.26, 0.13, 0.125)
    p.line("dark", 0.014, "21,50 6,36 2,30")
    p.line("dark", 0.014, "53,50 68,38 73,30")
    p.curve("accent", "25,35 37,39 49,35 48,40 37,44 26,40")
    p.poly("accent", "44,40 50,40 52,58 46,58")
    p.rect("dark", 0.23, 0.135, 0.51, 0.16)
    p.rect("dark", 0.28, 0.0, 0.46, 0.15)
    for x in (0.32, 0.41):
        p.oval("dark", x, 0.235, 0.015)
    p.poly("accent", "36,26.2 36,29.2 24,28.5")
    for y in (0.47, 0.55, 0.72):
        p.oval("dark", 0.37, y, 0.014)
