"""Several pictures as one, numbered: where each is, what a covered one shows, and how large."""

import io
import random
from pathlib import Path

import pytest
from PIL import Image

from bot.images.codec import PictureRefused
from bot.images.grid import GAP_PX, GRID_SIDE_MAX_PX, grid
from bot.images.worker_pool import PictureWorker

RED, GREEN, BLUE, GOLD = (200, 30, 30), (30, 160, 40), (30, 60, 200), (220, 180, 20)


def png(colour: tuple[int, int, int], size: tuple[int, int] = (256, 256)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def colour_at(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    """To the nearest ten, as JPEG is not exact."""
    value = image.getpixel((x, y))
    assert isinstance(value, tuple)
    return tuple(round(each, -1) for each in value)


def test_four_pictures_stand_in_the_order_of_their_numbers() -> None:
    made = opened(grid([png(RED), png(GREEN), png(BLUE), png(GOLD)], (256, 256)))
    assert (made.format, made.size) == ("JPEG", (512 + GAP_PX, 512 + GAP_PX))
    centres = [(128, 128), (128 + 264, 128), (128, 128 + 264), (128 + 264, 128 + 264)]
    assert [colour_at(made, *at) for at in centres] == [RED, GREEN, BLUE, GOLD]


def test_each_has_a_badge_and_no_two_badges_are_alike() -> None:
    made = opened(grid([png(RED)] * 4, (256, 256)))
    corners = [(0, 0), (264, 0), (0, 264), (264, 264)]
    badges = {made.crop((x, y, x + 48, y + 48)).tobytes() for x, y in corners}
    assert len(badges) == 4


def test_a_covered_one_shows_nothing_of_its_picture() -> None:
    """It isn't even given: its place is the same whatever was drawn there."""
    made = opened(grid([png(RED), None], (256, 256)))
    right = made.crop((256 + GAP_PX, 0, 512 + GAP_PX, 256))
    other = opened(grid([png(GREEN), None], (256, 256)))
    assert colour_at(right, 128, 240) == (50, 50, 60)
    assert colour_at(other, 128 + 264, 240) == (50, 50, 60)


@pytest.mark.parametrize(
    ("count", "size", "whole"),
    [
        (2, (100, 100), (2, 1)),
        (2, (160, 90), (1, 2)),
        (2, (90, 160), (2, 1)),
        (3, (100, 100), (2, 2)),
        (3, (160, 90), (1, 3)),
        (3, (90, 160), (3, 1)),
        (4, (160, 90), (2, 2)),
        (4, (90, 160), (2, 2)),
    ],
)
def test_the_whole_is_as_near_to_a_square_as_it_gets(
    count: int, size: tuple[int, int], whole: tuple[int, int]
) -> None:
    made = opened(grid([png(RED, size)] * count, size))
    expected = tuple(n * side + (n - 1) * GAP_PX for n, side in zip(whole, size, strict=True))
    assert made.size == expected


def test_the_largest_pictures_make_a_bounded_grid() -> None:
    """Noise is the heaviest there is."""
    file = io.BytesIO()
    side = 1536
    noise = random.Random(1).randbytes(side * side * 3)
    Image.frombytes("RGB", (side, side), noise).save(file, "PNG", compress_level=0)
    data = grid([file.getvalue()] * 4, (side, side))
    assert max(opened(data).size) <= GRID_SIDE_MAX_PX
    assert len(data) < 6_000_000


def test_the_same_pictures_make_the_same_bytes() -> None:
    tiles = [png(RED), None, png(BLUE)]
    assert grid(tiles, (256, 256)) == grid(tiles, (256, 256))


def test_one_of_another_size_is_fitted_into_its_place() -> None:
    made = opened(grid([png(RED, (64, 128)), png(GREEN)], (256, 256)))
    assert made.size == (512 + GAP_PX, 256)
    assert colour_at(made, 128, 200) == RED


async def test_a_worker_makes_it_of_files(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(RED))
    (tmp_path / "b.png").write_bytes(png(GREEN)[:-40])
    worker = PictureWorker(processes=1)
    try:
        data = await worker.run(grid, [tmp_path / "a.png", None], (256, 256))
        assert data == grid([png(RED), None], (256, 256))
        with pytest.raises(PictureRefused):
            await worker.run(grid, [tmp_path / "b.png"], (256, 256))
    finally:
        await worker.close()
