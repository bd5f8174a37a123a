"""What falls, drifts and flickers in front of a sketch."""

import math

from PIL import Image, ImageDraw, ImageFilter

from bot.backends.sketch.brush.canvas import clouds, curve, dimmed, disc, glow
from bot.backends.sketch.brush.colors import mix, toned
from bot.backends.sketch.scenery.stage import Stage, dim, mist


def fall(stage: Stage) -> None:
    weather = stage.scene.weather
    if "fog" in weather:
        _fog(stage)
    if "rain" in weather:
        _rain(stage)
    if "snow" in weather:
        _snow(stage)
    if "petals" in weather:
        _drift(stage, toned(mix(stage.palette.accent, (250, 190, 205), 0.7), light=0.02), 70)
    if "leaves" in weather:
        _drift(stage, mix(stage.palette.accent, (224, 120, 40), 0.6), 46)
    if "fireflies" in weather:
        _fireflies(stage)


def _fog(stage: Stage) -> None:
    veil = curve(clouds(stage.image.size, (3, 5), stage.rng, octaves=4), 50, 210)
    stage.image.paste(stage.palette.haze, (0, 0), dimmed(veil, 0.5))
    mist(stage, stage.horizon - 0.2, 1.0, 0.6)


def _rain(stage: Stage) -> None:
    rng = stage.rng
    mask = Image.new("L", stage.image.size)
    draw = ImageDraw.Draw(mask)
    lean = rng.uniform(0.05, 0.22) * rng.choice((-1, 1))
    for _ in range(420):
        x, y = stage.px(rng.uniform(-0.1, 1.1), rng.uniform(-0.1, 1.0))
        long = stage.unit * rng.uniform(0.02, 0.07)
        draw.line(
            (x, y, x + lean * long, y + long),
            fill=rng.randrange(50, 150),
            width=max(1, stage.unit // 600),
        )
    light = mix(stage.palette.sky[3], (255, 255, 255), 0.5)
    stage.image.paste(
        light, (0, 0), dimmed(mask.filter(ImageFilter.GaussianBlur(stage.unit / 1400)), 0.75)
    )


def _snow(stage: Stage) -> None:
    rng = stage.rng
    for soft, count, sizes in (
        (stage.unit / 260, 60, (0.004, 0.009)),
        (stage.unit / 900, 230, (0.0012, 0.0032)),
    ):
        mask = Image.new("L", stage.image.size)
        draw = ImageDraw.Draw(mask)
        for _ in range(count):
            x, y = stage.px(rng.random(), rng.random())
            r = stage.unit * rng.uniform(*sizes)
            draw.ellipse((x - r, y - r, x + r, y + r), fill=rng.randrange(130, 240))
        stage.image.paste((250, 251, 255), (0, 0), mask.filter(ImageFilter.GaussianBlur(soft)))


def _drift(stage: Stage, tint: tuple[int, int, int], count: int) -> None:
    rng = stage.rng
    draw = ImageDraw.Draw(stage.image)
    for _ in range(count):
        x, y = stage.px(rng.random(), rng.random())
        r, turn = stage.unit * rng.uniform(0.004, 0.011), rng.uniform(0, math.pi)
        shade = mix(
            toned(tint, light=round(rng.uniform(-0.08, 0.08), 2)),
            stage.palette.haze,
            round(rng.uniform(0, 0.3), 1),
        )
        points = [
            (
                x + r * math.cos(turn + k * 0.9) * (1.0 if k % 2 else 0.62),
                y + r * math.sin(turn + k * 0.9) * 0.7,
            )
            for k in range(7)
        ]
        draw.polygon(points, fill=shade)


def _fireflies(stage: Stage) -> None:
    rng = stage.rng
    for _ in range(34):
        at = stage.px(rng.random(), rng.uniform(0.4, 0.97))
        glow(stage.image, at, stage.unit * rng.uniform(0.012, 0.035), dim((255, 236, 140), 0.8))
        disc(stage.image, at, stage.unit * 0.0026, (255, 252, 214))
