"""Styles of painting, applied to a finished sketch when the prompt names one."""

import random
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from bot.backends.sketch.brush.canvas import clouds, curve, dimmed, gradient
from bot.backends.sketch.brush.colors import toned


def _oil(image: Image.Image, rng: random.Random) -> Image.Image:
    """Short strokes in the colours beneath them, from broad to fine."""
    result = image.copy()
    draw = ImageDraw.Draw(result)
    wide, high = image.size
    unit = min(image.size)
    flow = clouds((64, 64), (4, 4), rng, octaves=2)
    colors = image.filter(ImageFilter.GaussianBlur(unit / 300))
    for size, count in ((0.026, 1500), (0.016, 2400), (0.009, 3600)):
        for _ in range(count):
            x, y = rng.random() * wide, rng.random() * high
            angle = flow.getpixel((int(x / wide * 63), int(y / high * 63))) / 255 * 5 - 2.5  # type: ignore[operator]
            shade = colors.getpixel((int(x), int(y)))
            jitter = rng.randrange(-9, 10)
            fill = tuple(min(255, max(0, channel + jitter)) for channel in shade)  # type: ignore[union-attr]
            dx, dy = unit * size, unit * size * angle * 0.6
            draw.line(
                (x - dx / 2, y - dy / 2, x + dx / 2, y + dy / 2),
                fill=fill,
                width=max(1, round(unit * size * 0.34)),
            )
    result = Image.blend(result, image, 0.3)
    return result.filter(ImageFilter.UnsharpMask(unit / 400, 90, 2))


def _watercolor(image: Image.Image, rng: random.Random) -> Image.Image:
    """Light washes that pool at their edges, on white paper with a ragged rim."""
    unit = min(image.size)
    image = ImageEnhance.Color(image).enhance(1.5)
    small = image.resize((image.width // 2, image.height // 2))
    small = small.filter(ImageFilter.MedianFilter(3 + 2 * min(2, unit // 350)))
    wash = small.resize(image.size, Image.Resampling.BICUBIC)
    wash = Image.blend(wash, Image.new("RGB", image.size, (255, 252, 244)), 0.24)
    pool = ImageOps.invert(
        small.convert("L").filter(ImageFilter.FIND_EDGES).filter(ImageFilter.GaussianBlur(1.5))
    ).resize(image.size, Image.Resampling.BICUBIC)
    wash = Image.blend(wash, ImageChops.multiply(wash, Image.merge("RGB", (pool,) * 3)), 0.55)
    blotch = curve(clouds(image.size, (5, 5), rng, octaves=5), 70, 200)
    wash.paste((255, 252, 245), (0, 0), dimmed(blotch, 0.2))
    edge = Image.new("L", image.size)
    inset = unit * 0.045
    ImageDraw.Draw(edge).rounded_rectangle(
        (inset, inset, image.width - inset, image.height - inset), inset, fill=255
    )
    edge = edge.filter(ImageFilter.GaussianBlur(unit / 36))
    ragged = ImageChops.add(edge, clouds(image.size, (14, 14), rng, octaves=4), scale=2, offset=0)
    mask = curve(ragged, 118, 140)
    paper = Image.new("RGB", image.size, (250, 246, 237))
    paper.paste(wash, (0, 0), mask)
    return paper


def _pencil(image: Image.Image, rng: random.Random) -> Image.Image:
    """Graphite on paper: outlines and hatching in the dark parts."""
    grey = ImageOps.autocontrast(image.convert("L"))
    soft = ImageOps.invert(grey).filter(ImageFilter.GaussianBlur(min(image.size) / 60))
    lines = ImageChops.add(grey, soft)
    dodge = ImageChops.invert(ImageChops.subtract(soft, ImageOps.invert(grey), scale=0.55))
    sheet = ImageChops.multiply(lines, Image.blend(dodge, Image.new("L", image.size, 255), 0.35))
    hatch = Image.new("L", image.size, 255)
    draw = ImageDraw.Draw(hatch)
    gap = max(3, min(image.size) // 130)
    for x in range(-image.height, image.width, gap):
        sway = rng.uniform(-1, 1) * gap * 0.3
        draw.line(
            (x + sway, image.height, x + image.height + sway, 0),
            fill=rng.randrange(120, 190),
            width=1,
        )
    dark = curve(ImageOps.invert(grey), 110, 230)
    sheet = ImageChops.multiply(
        sheet, Image.composite(hatch, Image.new("L", image.size, 255), dark)
    )
    return ImageOps.colorize(sheet, (44, 42, 48), (248, 243, 232))


def _pixel(image: Image.Image, _: random.Random) -> Image.Image:
    cell = max(2, min(image.size) // 160)
    small = image.resize(
        (max(1, image.width // cell), max(1, image.height // cell)), Image.Resampling.BOX
    )
    small = (
        ImageEnhance.Color(small)
        .enhance(1.25)
        .quantize(40, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    )
    return small.convert("RGB").resize(image.size, Image.Resampling.NEAREST)


def _poster(image: Image.Image, _: random.Random) -> Image.Image:
    flat = image.resize((image.width // 2, image.height // 2)).filter(ImageFilter.MedianFilter(5))
    flat = flat.quantize(14, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    flat = flat.resize(image.size, Image.Resampling.LANCZOS)
    return ImageEnhance.Color(flat).enhance(1.15)


def _vintage(image: Image.Image, _: random.Random) -> Image.Image:
    sepia = ImageOps.colorize(image.convert("L"), (46, 30, 22), (246, 228, 192), mid=(158, 118, 82))
    faded = Image.blend(image, sepia, 0.72)
    return ImageEnhance.Contrast(faded).enhance(0.92)


def _neon(image: Image.Image, _: random.Random) -> Image.Image:
    """Cold shadows, pink and cyan lights."""
    grey = image.convert("L")
    toned_ = ImageOps.colorize(grey, (12, 8, 34), (255, 214, 240), mid=(142, 44, 150))
    wash = gradient(
        image.size,
        [(0.0, toned((40, 20, 110), light=0.0)), (0.6, (150, 30, 140)), (1.0, (10, 150, 190))],
    )
    mixed = Image.blend(Image.blend(image, toned_, 0.5), ImageChops.soft_light(image, wash), 0.4)
    shine = grey.point([max(0, value - 140) * 2 for value in range(256)]).filter(
        ImageFilter.GaussianBlur(min(image.size) / 50)
    )
    return ImageChops.screen(
        mixed,
        Image.composite(
            Image.new("RGB", image.size, (120, 30, 130)), Image.new("RGB", image.size), shine
        ),
    )


STYLES: dict[str, Callable[[Image.Image, random.Random], Image.Image]] = {
    "oil": _oil,
    "watercolor": _watercolor,
    "pencil": _pencil,
    "pixel": _pixel,
    "poster": _poster,
    "vintage": _vintage,
    "neon": _neon,
}
