import asyncio
import io
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.backends.sketch.backend import SketchBackend
from bot.backends.sketch.brush.canvas import gradient
from bot.backends.sketch.brush.colors import color, lightness, mix, toned
from bot.backends.sketch.brush.palette import choose
from bot.backends.sketch.brush.pen import GLYPHS
from bot.backends.sketch.brush.styles import STYLES as MANNERS
from bot.backends.sketch.order import SketchOrder
from bot.backends.sketch.painter import blended, label, sketch
from bot.backends.sketch.prompt.prompt_reader import Subject, read
from bot.backends.sketch.prompt.vocabulary import HOURS, NOUNS, PLACES, STYLES, WEATHERS
from bot.backends.sketch.scenery.places import PLACES as PAINTERS
from bot.backends.sketch.scenery.stage import Stage
from bot.backends.sketch.subjects import Role, cast
from bot.errors import BackendRejected
from bot.images.result import ImageResult, PictureType
from bot.images.worker_pool import PictureWorker
from bot.request.image_request import ImageRequest


@pytest.fixture
async def worker() -> AsyncIterator[PictureWorker]:
    worker = PictureWorker()
    yield worker
    await worker.close()


def request(prompt: str = "a lighthouse at dusk", **fields: object) -> ImageRequest:
    values = {"width": 256, "height": 256, "seed": 42, "num_inference_steps": 10} | fields
    return ImageRequest.model_validate({"prompt": prompt, **values})


def order(prompt: str = "a lighthouse at dusk", **fields: object) -> SketchOrder:
    values: dict[str, object] = {
        "negative": "",
        "width_px": 256,
        "height_px": 256,
        "seed": 42,
        "guidance": 7.5,
        "strength": 0.8,
    }
    return SketchOrder(prompt=prompt, **(values | fields))  # type: ignore[arg-type]


def drawn(prompt: str = "a lighthouse at dusk", **fields: object) -> Image.Image:
    image = Image.open(io.BytesIO(sketch(order(prompt, **fields), lambda _: None)))
    image.load()
    return image


def cast_of(
    prompt: str, place: str, size: tuple[int, int] = (512, 512), seed: int = 1
) -> list[Role]:
    rng = random.Random(seed)
    scene, palette = read(prompt), choose("day", (), "", rng)
    stage = Stage(Image.new("RGB", size), scene, palette, rng, "day", (0.2, 0.2), 0.5)
    return cast(stage, PAINTERS[place](stage), place)


def difference(one: Image.Image, other: Image.Image) -> float:
    """How far apart two pictures are on average, 0 to 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


async def draw(backend: SketchBackend, wanted: ImageRequest) -> ImageResult:
    return await backend.draw(wanted, lambda _: None, address=backend.address())


# The backend


async def test_it_draws_as_many_as_asked_in_the_asked_size(
    worker: PictureWorker, tmp_path: Path
) -> None:
    backend = SketchBackend(worker, tmp_path)
    result = await draw(backend, request(num_images=4, width=384, height=256))

    assert len(result.pictures) == 4
    assert len({picture.sha256 for picture in result.pictures}) == 4
    for picture in result.pictures:
        assert picture.type is PictureType.PNG
        with Image.open(picture.path) as image:
            assert image.size == (384, 256) == (picture.width_px, picture.height_px)
    assert (result.seed, result.model, result.cost_micros) == (42, "sketch", 0)


async def test_the_same_request_gives_the_same_bytes(worker: PictureWorker, tmp_path: Path) -> None:
    backend = SketchBackend(worker, tmp_path)
    one = await draw(backend, request(num_images=2))
    other = await draw(backend, request(num_images=2))

    assert [p.sha256 for p in one.pictures] == [p.sha256 for p in other.pictures]
    assert one.pictures[0].path.read_bytes() == sketch(order(), lambda _: None)


async def test_picture_two_is_the_first_one_of_the_next_seed(
    worker: PictureWorker, tmp_path: Path
) -> None:
    backend = SketchBackend(worker, tmp_path)
    two = await draw(backend, request(seed=42, num_images=2))
    next_ = await draw(backend, request(seed=43))

    assert two.pictures[1].sha256 == next_.pictures[0].sha256


async def test_the_worker_processes_load_nothing_heavy(
    worker: PictureWorker, tmp_path: Path
) -> None:
    await draw(SketchBackend(worker, tmp_path), request(num_images=2))
    heavy = (
        "[name for name in ('pydantic', 'httpx', 'asyncio') if name in __import__('sys').modules]"
    )

    assert await worker.run(eval, heavy) == []


async def test_it_costs_nothing_and_may_be_repeated(worker: PictureWorker, tmp_path: Path) -> None:
    backend = SketchBackend(worker, tmp_path)
    assert backend.price(request(num_images=4, width=1024, height=1024)) == 0
    assert (backend.name, backend.repeatable, backend.capacity) == ("sketch", True, 2)


@pytest.mark.parametrize(("steps", "ticks"), [(1, 1), (4, 4), (10, 10), (512, 50)])
async def test_progress_has_as_many_ticks_as_there_are_steps_at_most(
    worker: PictureWorker, tmp_path: Path, steps: int, ticks: int
) -> None:
    seen: list[float] = []
    wanted = request(num_images=4, num_inference_steps=steps)
    await SketchBackend(worker, tmp_path).draw(wanted, seen.append, address="sketch")

    assert seen == sorted(set(seen))
    assert seen[-1] == 1.0
    assert len(seen) <= ticks
    assert all(
        (fraction * ticks) % 1 < 1e-6 or (fraction * ticks) % 1 > 1 - 1e-6 for fraction in seen
    )


async def test_cancelling_leaves_no_file(worker: PictureWorker, tmp_path: Path) -> None:
    backend = SketchBackend(worker, tmp_path)
    begun = asyncio.Event()
    wanted = request(num_images=4, width=1024, height=1024)
    job = asyncio.create_task(backend.draw(wanted, lambda _: begun.set(), address="sketch"))
    await begun.wait()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job

    assert names_in(tmp_path) == []
    assert (await draw(backend, request())).pictures


async def test_a_broken_starting_image_is_refused_and_leaves_no_file(
    worker: PictureWorker, tmp_path: Path
) -> None:
    broken = request(num_images=2).model_copy(
        update={"image": png(Image.new("RGB", (99, 99)))[:-30]}
    )
    with pytest.raises(BackendRejected) as refused:
        await draw(SketchBackend(worker, tmp_path), broken)

    assert refused.value.detail == "starting image: damaged"
    assert names_in(tmp_path) == []


async def test_nobody_looked_at_what_shines_through(worker: PictureWorker, tmp_path: Path) -> None:
    backend = SketchBackend(worker, tmp_path)
    start = png(Image.new("RGB", (64, 64), "teal"))

    assert (await draw(backend, request())).pictures[0].flagged is False
    assert (await draw(backend, request(image=start))).pictures[0].flagged is None


# What prompt, seed and options change


def test_another_seed_or_prompt_is_another_picture() -> None:
    assert difference(drawn(seed=1), drawn(seed=2)) > 5
    assert difference(drawn("a cat"), drawn("a castle")) > 5


def test_more_guidance_is_more_contrast() -> None:
    pale, strong = (ImageStat.Stat(drawn(guidance=g).convert("L")).stddev[0] for g in (1, 20))
    assert strong > pale * 1.1


def test_what_the_negative_prompt_names_stays_out() -> None:
    assert drawn("a boat on a lake, a red balloon", negative="balloon").tobytes() != (
        drawn("a boat on a lake, a red balloon").tobytes()
    )
    assert read("a boat and a cat at night", "cat, night") == read("a boat and a at")


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0])
def test_strength_leads_from_the_starting_image_to_the_drawing(strength: float) -> None:
    start = Image.radial_gradient("L").convert("RGB")
    plain = drawn()
    mixed = drawn(image=png(start), strength=strength)
    # The label covers the lower right corner.
    upper = (0, 0, 256, 200)
    expected = Image.blend(start, plain, strength).crop(upper)

    assert difference(mixed.crop(upper), expected) < 0.6


def test_a_starting_image_of_another_shape_is_cut_to_the_asked_one() -> None:
    start = Image.new("RGB", (300, 100), "red")
    start.paste("blue", (100, 0, 200, 100))
    fitted = blended(png(start), Image.new("RGB", (128, 128)), 0.0)

    assert fitted.size == (128, 128)
    assert fitted.getpixel((64, 64)) == (0, 0, 255)


@pytest.mark.parametrize("size", [(128, 128), (1024, 128), (128, 1024), (512, 384)])
def test_the_label_is_in_the_corner_and_nowhere_else(size: tuple[int, int]) -> None:
    plain = Image.new("RGB", size, (120, 160, 200))
    labelled = plain.copy()
    label(labelled)
    box = ImageChops.difference(plain, labelled).getbbox()

    assert box is not None
    assert box[0] > size[0] - 64
    assert box[1] > size[1] - 32
    assert (box[2], box[3]) < size


# Words


def test_a_number_a_size_and_a_colour_belong_to_the_noun_they_stand_before() -> None:
    scene = read("three red boats beside a tiny house under a golden moon at night")

    assert scene.subjects == (
        Subject("boat", 3, color("d63a34")),
        Subject("house", 1, None, 0.65),
    )
    assert (scene.hour, scene.weather) == ("dusk", frozenset({"moon"}))
    assert scene.tints == (color("e8b545"),)


@pytest.mark.parametrize(
    ("prompt", "noun", "count"),
    [
        ("Lighthouse", "lighthouse", 1),
        ("two foxes", "fox", 2),
        ("mice", "mouse", 3),
        ("butterflies", "butterfly", 3),
        ("a (lighthouse)1.3", "lighthouse", 1),
        ("lighthouse++", "lighthouse", 1),
        ("a clownfish", "fish", 1),
        ("steamboats", "boat", 3),
        ("99 balloons", "balloon", 3),
        ("7 balloons", "balloon", 7),
    ],
)
def test_nouns_are_found_in_their_forms(prompt: str, noun: str, count: int) -> None:
    assert read(prompt).subjects == (Subject(noun, count),)


def test_palm_trees_are_palms_and_a_rider_is_told_from_a_neighbour() -> None:
    assert read("two palm trees and a tree").subjects == (Subject("palm", 2), Subject("tree"))
    assert read("an astronaut riding a horse").riding
    assert not read("an astronaut and a horse").riding


def test_who_rides_sits_above_the_mount_and_an_island_lies_in_the_sea() -> None:
    astronaut, horse = cast_of("an astronaut riding a horse in a meadow", "meadow")
    assert (astronaut.noun, horse.noun) == ("astronaut", "horse")
    assert astronaut.at[0] == horse.at[0]
    assert horse.at[1] - horse.height < astronaut.at[1] < horse.at[1]

    assert [role.noun for role in cast_of("an island", "sea")] == ["atoll"]
    assert [role.noun for role in cast_of("an island", "sky")] == ["island"]


@pytest.mark.parametrize("size", [(512, 512), (1024, 128), (128, 1024)])
def test_everybody_stays_inside_the_picture(size: tuple[int, int]) -> None:
    for seed in range(8):
        roles = cast_of("seven cats, a dragon, three balloons, a castle", "meadow", size, seed)
        assert len(roles) == 12
        for role in roles:
            assert role.at[0] - role.wide / 2 >= 0
            assert role.at[0] + role.wide / 2 <= size[0]
            assert role.at[1] - role.height >= 0
            assert role.at[1] <= size[1]


def test_a_rose_is_a_flower_and_no_colour() -> None:
    assert read("a rose").tints == ()
    assert read("a rose").subjects == (Subject("flower"),)


def test_every_noun_has_a_shape_every_place_a_painter_and_every_style_a_manner() -> None:
    assert set(NOUNS) == set(GLYPHS) - {"atoll"}  # what an island is at sea
    assert set(PLACES) == set(PAINTERS)
    assert set(STYLES) == set(MANNERS)


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_can_be_drawn(noun: str) -> None:
    # Alone, at the default seed: its picture is not the one without it.
    with_it = drawn(f"{noun} in a meadow at day", width_px=128, height_px=128)
    without = drawn(f"{noun} in a meadow at day", negative=noun, width_px=128, height_px=128)
    assert with_it.size == (128, 128)
    assert difference(with_it, without) > 0.5


@pytest.mark.parametrize("word", [*PLACES, *HOURS, *WEATHERS, *STYLES])
def test_every_place_hour_weather_and_style_can_be_drawn(word: str) -> None:
    for size in ((128, 128), (256, 128), (128, 256)):
        image = drawn(f"a tree, {word}", width_px=size[0], height_px=size[1])
        assert image.size == size
        assert ImageStat.Stat(image.convert("L")).stddev[0] > 4


@pytest.mark.parametrize(
    "prompt", ["zeitgeist", "暮れの灯台", "🦊", "?", "(((", "x" * 3000, "1 2 3"]
)
def test_words_without_a_shape_are_drawn_as_motifs(prompt: str) -> None:
    assert ImageStat.Stat(drawn(prompt).convert("L")).stddev[0] > 4


# Colours


def test_colours_mix_as_the_eye_expects() -> None:
    black, white = (0, 0, 0), (255, 255, 255)
    assert mix(black, white, 0.5) == (99, 99, 99)  # halfway in lightness, not in light
    assert mix((10, 20, 30), white, 0) == (10, 20, 30)
    assert toned((200, 30, 30), chroma=0.0) == pytest.approx((111, 111, 111), abs=3)
    assert lightness(white) == pytest.approx(1.0, abs=1e-3)


def test_a_gradient_runs_from_its_first_to_its_last_colour() -> None:
    strip = gradient((4, 100), [(0.0, (0, 0, 0)), (0.5, (200, 0, 0)), (1.0, (0, 0, 200))])
    assert strip.getpixel((0, 0)) == pytest.approx((0, 0, 0), abs=8)
    assert strip.getpixel((3, 50)) == pytest.approx((200, 0, 0), abs=20)
    assert strip.getpixel((0, 99)) == pytest.approx((0, 0, 200), abs=12)
