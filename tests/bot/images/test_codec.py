import asyncio
import base64
import io
import os
import random
import signal
import struct
import sys
import time
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.errors import Broken, QueueFull, ShuttingDown
from bot.images import codec
from bot.images.codec import PictureRefused
from bot.images.result import OnProgress, PictureType
from bot.images.worker_pool import PictureWorker

FORMATS = {PictureType.PNG: "PNG", PictureType.JPEG: "JPEG", PictureType.WEBP: "WEBP"}
ALL = tuple(PictureType)


def encoded(image: Image.Image, format_: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def noise(side_px: int) -> Image.Image:
    bytes_ = random.Random(1).randbytes(side_px**2 * 3)
    return Image.frombytes("RGB", (side_px, side_px), bytes_)


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def pixel(image: Image.Image, at: tuple[int, int]) -> tuple[int, ...]:
    value = image.getpixel(at)
    assert isinstance(value, tuple)
    return value


def png_of_size(width_px: int, height_px: int) -> bytes:
    """A small file that claims to be a large picture, all black."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width_px, height_px, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width_px + 7) // 8 + 1) * height_px, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.fixture
async def worker() -> AsyncIterator[PictureWorker]:
    worker = PictureWorker()
    yield worker
    await worker.close()


def own_pid() -> int:
    return os.getpid()


def kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(marker: Path) -> str:
    if not marker.exists():
        marker.touch()
        kill_self()
    return "the second time"


def sleep_long(started: Path) -> None:
    started.touch()
    time.sleep(600)  # longer than any test waits


def count_to(last: int, report: OnProgress) -> str:
    for number in range(1, last + 1):
        report(number / last)
    return "done"


def environment() -> set[str]:
    return set(os.environ)


def say_hello() -> str:
    print("hello")  # noqa: T201
    return "said"


class Odd(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def raise_odd() -> None:
    raise Odd(1, 2)


async def exists(path: Path) -> None:
    """Until another process has made `path`."""
    async with asyncio.timeout(120):
        while not await asyncio.to_thread(path.exists):  # noqa: ASYNC110  (nothing tells us)
            await asyncio.sleep(0.01)


# Reading


@pytest.mark.parametrize("kind", ALL)
async def test_a_picture_is_kept_as_it_is_with_its_facts(
    worker: PictureWorker, tmp_path: Path, kind: PictureType
) -> None:
    data = encoded(Image.new("RGB", (40, 30), "teal"), FORMATS[kind])
    (tmp_path / "answer").write_bytes(data)
    one, two = await worker.run(codec.keep, [data, tmp_path / "answer"], tmp_path, "x")

    assert one.path.read_bytes() == two.path.read_bytes() == data
    assert (one.type, one.width_px, one.height_px) == (kind, 40, 30)
    assert (one.size_bytes, one.flagged) == (len(data), None)
    assert one.path.suffix == kind.suffix


def test_what_a_refusal_left_behind_is_discarded_and_nothing_else(tmp_path: Path) -> None:
    good = encoded(noise(20))
    codec.keep([good], tmp_path, "other")
    with pytest.raises(PictureRefused, match="damaged"):
        codec.keep([good, good[:-200]], tmp_path, "stem")
    codec.discard(tmp_path, "stem")

    assert names_in(tmp_path) == ["other-1.png"]


def test_pictures_come_as_data_urls_and_as_bare_base64() -> None:
    data = encoded(Image.new("RGB", (4, 3)))
    bare = base64.b64encode(data).decode()

    for text in (f"data:image/jpeg;base64,{bare}", bare, bare[:40] + "\n" + bare[40:]):
        assert codec.from_base64(text) == data


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_picture"),
        ("data:image/png;base64,", "not_a_picture"),
        ("data:image/png,abc", "not_a_picture"),
        ("https://example.org/cat.png", "damaged"),
        ("aGVsbG8=", "not_a_picture"),
        ("aGVsbG8", "damaged"),
    ],
)
def test_what_is_no_encoded_picture_is_refused(text: str, code: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        codec.decoded(codec.from_base64(text))
    assert refused.value.code == code


@pytest.mark.parametrize("kind", ALL)
def test_a_truncated_picture_is_refused_wherever_it_breaks_off(kind: PictureType) -> None:
    whole = encoded(noise(32), FORMATS[kind])
    # A JPEG without its last marker has all of its pixels.
    end = len(whole) - (2 if kind is PictureType.JPEG else 0)
    for length in range(0, end, 7):
        with pytest.raises(PictureRefused):
            codec.decoded(whole[:length])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
        (encoded(Image.new("RGB", (4, 4)), "GIF"), "not_a_picture"),
        (encoded(Image.new("RGB", (4, 4)), "BMP"), "not_a_picture"),
        (png_of_size(4097, 8), "too_large"),
        (png_of_size(30_000, 30_000), "too_large"),
        (png_of_size(64, 64).replace(b"IDAT", b"IDOT"), "damaged"),
    ],
)
def test_what_cannot_be_a_picture_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        codec.decoded(data)
    assert refused.value.code == code


def test_the_largest_picture_is_still_read() -> None:
    assert codec.decoded(png_of_size(4096, 4096))[0].size == (4096, 4096)


# Starting images


def test_a_starting_image_is_turned_upright_and_loses_its_metadata() -> None:
    image = Image.new("RGB", (60, 20), "red")
    image.paste("blue", (30, 0, 60, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010F] = "Camera"
    prepared = opened(codec.prepare_starting_image(encoded(image, "JPEG", exif=exif, quality=95)))

    assert prepared.size == (20, 60)
    assert pixel(prepared, (10, 50))[2] > 200  # blue is below
    assert prepared.getexif() == {}


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16", "RGB"])
def test_every_kind_of_pixel_becomes_rgb(mode: str) -> None:
    image = Image.linear_gradient("L")
    image = (
        image.point(lambda v: v * 256, "I").convert("I;16")
        if mode == "I;16"
        else image.convert(mode)
    )
    prepared = opened(codec.prepare_starting_image(encoded(image)))

    assert (prepared.format, prepared.mode) == ("PNG", "RGB")
    assert pixel(prepared, (128, 255)) >= (240, 240, 240)
    assert pixel(prepared, (128, 0)) <= (20, 20, 20)


def test_cmyk_becomes_rgb() -> None:
    prepared = opened(
        codec.prepare_starting_image(encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"))
    )
    red, green, blue = pixel(prepared, (4, 4))
    assert red > 200
    assert max(green, blue) < 60


def test_what_is_transparent_becomes_white() -> None:
    prepared = opened(
        codec.prepare_starting_image(encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0))))
    )
    assert pixel(prepared, (4, 4)) == (255, 255, 255)


def test_a_huge_starting_image_is_made_smaller() -> None:
    prepared = opened(codec.prepare_starting_image(png_of_size(4096, 1024)))
    assert prepared.size == (2048, 512)


def test_a_broken_colour_profile_is_no_reason_to_refuse() -> None:
    data = encoded(Image.new("RGB", (8, 8), "red"), icc_profile=b"no profile")
    assert pixel(opened(codec.prepare_starting_image(data)), (0, 0)) == (255, 0, 0)


# Sheets, and files that must fit


def test_a_picture_that_fits_is_left_alone() -> None:
    data = encoded(noise(64))
    assert codec.squeeze(data, len(data), ALL) == (data, PictureType.PNG)


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ((PictureType.PNG, PictureType.WEBP, PictureType.JPEG), PictureType.WEBP),
        ((PictureType.PNG, PictureType.JPEG), PictureType.JPEG),
        ((PictureType.PNG,), PictureType.PNG),
    ],
)
def test_a_picture_that_does_not_fit_is_re_encoded_until_it_does(
    types: tuple[PictureType, ...], expected: PictureType
) -> None:
    data = encoded(noise(256))
    squeezed, kind = codec.squeeze(data, 60_000, types)

    assert kind is expected
    assert len(squeezed) <= 60_000
    assert max(opened(squeezed).size) >= 100


def test_a_limit_that_nothing_fits_is_refused() -> None:
    with pytest.raises(PictureRefused, match="too_heavy"):
        codec.squeeze(encoded(noise(64)), 10, ALL)


# The processes


async def test_processes_start_when_needed_and_are_used_again(worker: PictureWorker) -> None:
    assert worker._alive == set()
    first = await worker.run(own_pid)
    assert first != os.getpid()
    assert await worker.run(own_pid) == first


async def test_two_calls_run_side_by_side_and_a_third_waits(worker: PictureWorker) -> None:
    pids = await asyncio.gather(*(worker.run(own_pid) for _ in range(12)))
    assert len(set(pids)) == 2


async def test_progress_comes_across(worker: PictureWorker) -> None:
    seen: list[float] = []
    assert await worker.run(count_to, 4, on_progress=seen.append) == "done"
    assert seen == [0.25, 0.5, 0.75, 1.0]


async def test_what_a_function_prints_does_not_get_between_the_answers(
    worker: PictureWorker,
) -> None:
    assert await worker.run(say_hello) == "said"


async def test_workers_inherit_no_secrets(
    worker: PictureWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPINFRA_TOKEN", "sesame")
    assert "DEEPINFRA_TOKEN" not in await worker.run(environment)


async def test_a_worker_killed_while_idle_is_replaced(worker: PictureWorker) -> None:
    pid = await worker.run(own_pid)
    os.kill(pid, signal.SIGKILL)
    assert await worker.run(own_pid) != pid


async def test_a_call_whose_worker_died_is_repeated_once(
    worker: PictureWorker, tmp_path: Path
) -> None:
    assert await worker.run(die_once, tmp_path / "marker") == "the second time"


async def test_a_call_that_kills_its_workers_fails_and_the_next_one_works(
    worker: PictureWorker,
) -> None:
    with pytest.raises(Broken):
        await worker.run(kill_self)
    assert await worker.run(own_pid) > 0


async def test_a_call_that_takes_too_long_fails_and_its_worker_goes(
    worker: PictureWorker, tmp_path: Path
) -> None:
    with pytest.raises(Broken):
        await worker.run(sleep_long, tmp_path / "started", timeout_s=0.5)
    assert worker._alive == set()
    assert await worker.run(own_pid) > 0


async def test_cancelling_a_call_ends_its_worker_and_not_the_other(
    worker: PictureWorker, tmp_path: Path
) -> None:
    started = [tmp_path / "one", tmp_path / "two"]
    calls = [asyncio.create_task(worker.run(sleep_long, path)) for path in started]
    await asyncio.gather(*map(exists, started))
    calls[0].cancel()
    await asyncio.wait([calls[0]])

    assert calls[0].cancelled()
    assert not calls[1].done()
    assert len(worker._alive) == 1
    calls[1].cancel()
    await asyncio.wait(calls)


async def test_an_error_that_cannot_travel_is_still_told(worker: PictureWorker) -> None:
    with pytest.raises(RuntimeError, match="Odd: 1 and 2"):
        await worker.run(raise_odd)


async def test_an_argument_that_cannot_travel_harms_nobody(worker: PictureWorker) -> None:
    with pytest.raises(Exception, match="pickle"):
        await worker.run(own_pid, lambda: 0)
    assert await worker.run(own_pid) > 0


def decoded_without_a_look_at_its_size(data: bytes) -> int:
    """What a decoder does that believes the header."""
    Image.MAX_IMAGE_PIXELS = None
    return opened(data).convert("RGBA").width


async def test_a_bomb_ends_its_worker_and_not_the_machine(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bomb = png_of_size(30_000, 30_000)
    assert len(bomb) < 200_000  # 3.6 GB once it is decoded
    worker = PictureWorker(processes=1)
    try:
        with pytest.raises(Broken):
            await worker.run(decoded_without_a_look_at_its_size, bomb)
        assert "it needs more than 2048 MiB" in caplog.text
        assert "once more" not in caplog.text
        small = await worker.run(decoded_without_a_look_at_its_size, png_of_size(64, 64))
        assert small == 64
    finally:
        await worker.close()


@pytest.mark.parametrize("bound", [{"outstanding_max": 1}, {"wait_s": 0.2}])
async def test_who_finds_too_many_waiting_or_waits_too_long_is_refused(
    tmp_path: Path, bound: dict[str, Any]
) -> None:
    worker = PictureWorker(processes=1, **bound)
    call = asyncio.create_task(worker.run(sleep_long, tmp_path / "started"))
    await asyncio.sleep(0)
    with pytest.raises(QueueFull):
        await worker.run(own_pid)
    await worker.close()
    await asyncio.wait([call])


async def test_closing_ends_what_runs(tmp_path: Path) -> None:
    worker = PictureWorker()
    calls = [asyncio.create_task(worker.run(sleep_long, tmp_path / name)) for name in "abc"]
    await exists(tmp_path / "a")
    await worker.close()
    results = await asyncio.gather(*calls, return_exceptions=True)

    assert [type(result) for result in results] == [ShuttingDown] * 3
    assert worker._alive == set()
    with pytest.raises(ShuttingDown):
        await worker.run(own_pid)


PARENT = """
import asyncio, contextlib, sys
from pathlib import Path
from bot.images.worker_pool import PictureWorker
from tests.bot.images.test_codec import sleep_long

async def main():
    await PictureWorker().run(sleep_long, Path(sys.argv[1]))

with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(main())
"""


async def parent_with_a_busy_worker(started: Path) -> asyncio.subprocess.Process:
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, str(started)),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    await exists(started)
    return parent


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
async def test_no_worker_outlives_its_parent_or_has_last_words(
    tmp_path: Path, how: signal.Signals
) -> None:
    parent = await parent_with_a_busy_worker(tmp_path / "started")
    os.killpg(parent.pid, how)  # as a terminal does it on Ctrl-C
    # The worker has the same stderr: it ends when both are gone.
    async with asyncio.timeout(120):
        _, last_words = await parent.communicate()

    assert last_words == b""
