"""From a received body to picture files: pure functions for a worker process."""

import contextlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from bot.backends.wire import Answer, read_answer
from bot.errors import BackendGarbled, BackendUnkept
from bot.images import codec
from bot.images.codec import PictureRefused
from bot.images.result import Picture

# Pillow releases the interpreter's lock while it decodes: a batch is ready sooner by a third.
DECODED_AT_ONCE = 2
# A picture in a file, the address of one, or None for one that can't be read.
Image = Picture | str | None


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An answer and its images, one for each verdict; `answer.images` is emptied, as it would be
    megabytes between processes.
    """

    answer: Answer
    images: tuple[Image, ...]


def unpack(body: Path, inbox: Path, stem: str) -> Unpacked:
    """Read the answer in `body` and write its pictures to files in `inbox` that begin with `stem`.

    Raises BackendFailed, and may leave files of `stem` behind then; BackendUnkept, with the bill,
    when the disk has no room for them.
    """
    try:
        document = json.loads(body.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BackendGarbled(detail="HTTP 200: the answer is no JSON") from error
    answer = read_answer(document)

    def read(number: int, image: str) -> Image:
        return image if image.startswith("https://") else _inline(image, inbox, f"{stem}-{number}")

    try:
        with ThreadPoolExecutor(DECODED_AT_ONCE) as pool:
            images = tuple(pool.map(read, count(), answer.images))
    except OSError as error:
        detail = f"HTTP 200: the pictures could not be stored: {error.strerror}"
        raise BackendUnkept(billed_micros=answer.cost_micros or 0, detail=detail) from error
    return Unpacked(replace(answer, images=()), images)


def unpack_fetched(files: Mapping[int, Path], inbox: Path, stem: str) -> dict[int, Picture | None]:
    """The pictures in `files` by their number, None for a file that is no picture."""
    return {number: _kept(file, inbox, f"{stem}-{number}") for number, file in files.items()}


def _inline(image: str, inbox: Path, stem: str) -> Picture | None:
    try:
        data = codec.from_base64(image)
    except PictureRefused:
        return None
    return _kept(data, inbox, stem)


def _kept(source: bytes | Path, inbox: Path, stem: str) -> Picture | None:
    with contextlib.suppress(PictureRefused):
        return codec.keep([source], inbox, stem)[0]
    return None
