"""One sketch from beginning to end: words, palette, place, cast, weather, finish, label."""

import io
import random
from collections.abc import Callable
from dataclasses import replace

from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

from bot.backends.sketch.brush import styles
from bot.backends.sketch.brush.canvas import bloom, grained, vignette
from bot.backends.sketch.brush.palette import Palette, choose
from bot.backends.sketch.brush.pen import GLYPHS
from bot.backends.sketch.order import SketchOrder
from bot.backends.sketch.prompt.prompt_reader import Scene, read
from bot.backends.sketch.scenery import abstract, weather
from bot.backends.sketch.scenery.places import PLACES
from bot.backends.sketch.scenery.space_and_deep import moonscape
from bot.backends.sketch.scenery.stage import Stage
from bot.backends.sketch.scenery.waters import shore
from bot.backends.sketch.subject_painter import perform
from bot.backends.sketch.subjects import cast
from bot.images.codec import decoded, flat_rgb

Report = Callable[[float], None]
LABEL = "sketch"
# SD 2.1's default, by its page on DeepInfra: colour and contrast stay as they were painted.
GUIDANCE_PLAIN = 7.5


def sketch(order: SketchOrder, report: Report) -> bytes:
    """A PNG. `report` hears how far it is, from 0 to 1."""
    rng = random.Random(f"{order.seed}:{order.prompt}")  # noqa: S311  (a picture, no secret)
    scene = read(order.prompt, order.negative)
    picture = _painted(
        scene, (order.width_px, order.height_px), rng, lambda share: report(share * 0.8)
    )
    picture = _guided(picture, order.guidance)
    if order.image is not None:
        picture = blended(order.image, picture, order.strength)
    label(picture)
    report(0.9)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    report(1.0)
    return buffer.getvalue()


def _painted(
    scene: Scene, size: tuple[int, int], rng: random.Random, report: Report
) -> Image.Image:
    image = Image.new("RGB", size)
    hour, place = _hour(scene, rng), _place(scene, rng)
    palette = choose(_book(hour, place), scene.tints, scene.mood, rng)
    if not place:
        abstract.composition(image, scene.unknown, palette, rng)
        report(0.7)
        return _finished(image, scene, palette, rng, report)
    palette = replace(palette, dark=palette.dark or place == "space")
    stage = Stage(image, scene, palette, rng, hour, _light(hour, rng), rng.uniform(0.5, 0.6))
    stage.horizon = 0.56 if place == "city" else stage.horizon
    ground = PLACES[place](stage)
    report(0.4)
    roles = cast(stage, ground, place)
    if any(role.grounded for role in roles):
        if place in ("sea", "lake"):
            shore(stage)
        if place == "space":
            moonscape(stage)
    for index, role in enumerate(roles, start=1):
        perform(stage, role, place)
        report(0.4 + 0.3 * index / len(roles))
    weather.fall(stage)
    return _finished(stage.image, scene, palette, rng, report)


def _finished(
    image: Image.Image,
    scene: Scene,
    palette: Palette,
    rng: random.Random,
    report: Report,
) -> Image.Image:
    image = bloom(image, 0.42)
    report(0.8)
    if scene.style:
        image = styles.STYLES[scene.style](image, rng)
    image = vignette(image, palette.deep, 0.26)
    return grained(image, rng, 0.12)


def _hour(scene: Scene, rng: random.Random) -> str:
    if scene.hour:
        return scene.hour
    if scene.weather & {"moon", "stars", "aurora", "fireworks", "fireflies", "comet"}:
        return "night"
    if scene.weather & {"rain", "lightning", "fog"}:
        return "grey"
    if "sun" in scene.weather:
        return "day"
    return rng.choice(("day", "day", "day", "dusk", "dusk", "dawn", "dream", "night"))


def _place(scene: Scene, rng: random.Random) -> str:
    """Where the scene plays; "" for nowhere in particular."""
    glyphs = [GLYPHS[subject.noun] for subject in scene.subjects]
    place, homes = scene.place, [glyph.home for glyph in glyphs]
    if glyphs and all(glyph.habit == "swim" for glyph in glyphs) and "sea" not in homes:
        return "deep" if place in ("", "studio", "sea") else place
    # In "under a blue sky" the sky is no place for what can't fly.
    if place == "sky" and any(glyph.habit != "fly" for glyph in glyphs):
        place = ""
    if place:
        return place
    if wet := [home for home in ("sea", "space", "deep", "lake") if home in homes]:
        return wet[0]
    if homes:
        return homes[0]
    if scene.weather or scene.hour:
        return rng.choice(("meadow", "mountains", "lake", "sea"))
    return ""


def _book(hour: str, place: str) -> str:
    """The name of the palettes in HOURS that fit: some places have palettes of their own."""
    if place in ("space", "deep", "studio"):
        return place
    return hour if place else "dream"


def _light(hour: str, rng: random.Random) -> tuple[float, float]:
    x = rng.choice((rng.uniform(0.14, 0.36), rng.uniform(0.64, 0.86)))
    heights = {"dusk": (0.4, 0.5), "dawn": (0.38, 0.48), "dream": (0.26, 0.46), "day": (0.1, 0.22)}
    return x, rng.uniform(*heights.get(hour, (0.12, 0.24)))


def _guided(picture: Image.Image, guidance: float) -> Image.Image:
    """`picture` with more contrast and colour the more `guidance` there is."""
    excess = (guidance - GUIDANCE_PLAIN) / 12.5
    picture = ImageEnhance.Color(picture).enhance(1 + 0.45 * excess)
    return ImageEnhance.Contrast(picture).enhance(1 + 0.2 * excess)


def blended(start: bytes, drawn: Image.Image, strength: float) -> Image.Image:
    """The starting image, cut to the asked size, with `strength` of the drawing over it."""
    image = flat_rgb(decoded(start)[0])
    fitted = ImageOps.fit(image, drawn.size, Image.Resampling.LANCZOS)
    return Image.blend(fitted, drawn, strength)


def label(picture: Image.Image) -> None:
    """Write into the lower right corner that this is a sketch."""
    size = max(9, min(picture.size) // 36)
    font = ImageFont.load_default(size)
    width = font.getlength(LABEL)
    pad, margin = size * 0.55, size * 0.7
    right, bottom = picture.width - margin, picture.height - margin
    left, top = right - width - 2 * pad, bottom - size * 1.55
    fine = 2
    mask = Image.new("L", (picture.width * fine, round(picture.height - top + 1) * fine))
    shift = int(top) - 1
    ImageDraw.Draw(mask).rounded_rectangle(
        (left * fine, (top - shift) * fine, right * fine, (bottom - shift) * fine),
        size * 0.78 * fine,
        fill=130,
    )
    picture.paste((16, 16, 22), (0, shift), mask.reduce(fine))
    ImageDraw.Draw(picture).text(
        ((left + right) / 2, (top + bottom) / 2),
        LABEL,
        fill=(250, 247, 240),
        font=font,
        anchor="mm",
    )
