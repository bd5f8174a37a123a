"""A starting image that can't be used refuses the wish, however it was given."""

import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PIL import Image

from bot.app.composition import App
from bot.app.system_clock import SystemClock
from tests.adapters.discord.fake.people import Upload
from tests.adapters.discord.fake.server import FakeDiscord
from tests.adapters.discord.fake.world import Interaction
from tests.adapters.discord.whole_bot import on_discord, set_up
from tests.support.killed_bots import rows
from tests.support.whole_bot import alive, sketching


def encoded(kind: str, **how: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (16, 16), "teal").save(file, kind, **how)
    return file.getvalue()


def animation(kind: str) -> bytes:
    return encoded(kind, save_all=True, append_images=[Image.new("RGB", (16, 16), "red")])


EMPTY, NONE, LARGE = "its file has 0 bytes", "is no PNG, JPEG or WebP", "is larger than 10 MiB"
GONE = "I couldn't fetch the starting image."
UNUSABLE = {
    "0 bytes": (Upload("a.png", b"", "image/png"), EMPTY),
    "0 bytes arrive": (Upload("a.png", encoded("PNG"), sent=b""), EMPTY),
    "half arrives": (Upload("a.png", encoded("PNG"), sent=encoded("PNG")[:-20]), "is damaged"),
    "nothing arrives": (Upload("a.png", encoded("PNG"), breaks_off=True), GONE),
    "a page arrives": (Upload("a.png", encoded("PNG"), sent=b"<html>"), NONE),
    "text": (Upload("a.png", b"meow", "image/png"), NONE),
    "no type, and text": (Upload("a.png", b"meow", ""), NONE),
    "a film": (Upload("a.mp4", b"\0\0\0\x18ftypmp42", "video/mp4"), NONE),
    "an animated GIF": (Upload("a.gif", animation("GIF")), NONE),
    "too many bytes": (Upload("a.png", encoded("PNG") + bytes(10 * 1024 * 1024)), LARGE),
    "too wide": (Upload("a.png", encoded("PNG").replace(b"\0\0\0\x10", b"\0\0\x20\0", 1)), "4096"),
}


@pytest.fixture
def fake() -> Iterator[FakeDiscord]:
    with FakeDiscord(now=SystemClock().now) as fake:
        yield fake
        assert fake.unknown == []


@pytest.fixture
async def app(fake: FakeDiscord, tmp_path: Path) -> AsyncIterator[App]:
    async with alive(sketching(tmp_path, **on_discord(fake)), SystemClock()) as (app, _):
        await fake.until(lambda: fake.connected and fake.commands)
        await set_up(fake)
        yield app


def with_the_command(fake: FakeDiscord, image: Upload) -> Interaction:
    return fake.command("imagine", {"prompt": "a cat", "image": image})


async def with_the_menu(fake: FakeDiscord, image: Upload) -> Interaction:
    opened = fake.use_on(fake.post(image), "Use as starting image")
    await fake.until(lambda: opened.answer)
    if opened.modal is None:
        return opened
    return fake.submit(opened, {"prompt": "a cat"})


async def answer_to(fake: FakeDiscord, asked: Interaction) -> str:
    """What only its asker is told; there is nothing else."""
    await fake.until(lambda: told(asked))
    assert not [m for m in fake.messages if m.pictures and m.author is fake.world.bot]
    return told(asked)


def told(asked: Interaction) -> str:
    first = [asked.original] if asked.original else []
    return "\n".join(m.text for m in [*first, *asked.followups] if m.ephemeral and m.text)


async def test_it_refuses_a_command(fake: FakeDiscord, app: App) -> None:
    for name, (upload, words) in UNUSABLE.items():
        said = await answer_to(fake, with_the_command(fake, upload))
        assert words in said, name
    assert rows(app.settings.data_dir, "SELECT 1 FROM job") == []


async def test_it_refuses_a_form(fake: FakeDiscord, app: App) -> None:
    # What Discord itself takes for no picture isn't offered as one.
    no_picture = "There is no PNG, JPEG or WebP picture in this message."
    for name, (upload, words) in UNUSABLE.items():
        said = await answer_to(fake, await with_the_menu(fake, upload))
        assert words in said or no_picture in said, name
    assert rows(app.settings.data_dir, "SELECT 1 FROM job") == []


async def test_one_whose_address_has_run_out_is_refused(fake: FakeDiscord, app: App) -> None:
    posted = fake.post(Upload("a.png", encoded("PNG")))
    opened = fake.use_on(posted, "Use as starting image")
    await fake.until(lambda: opened.modal)
    fake.change(posted.files.clear)
    fake.change(fake.world.uploads.clear)
    said = await answer_to(fake, fake.submit(opened, {"prompt": "a cat"}))
    assert GONE in said
    assert "a cat" in said


async def test_of_an_animation_the_first_frame_is_taken_and_said(
    fake: FakeDiscord, app: App
) -> None:
    words = "The starting image moves; its first frame was taken."
    asked = [
        with_the_command(fake, Upload(f"a.{kind.lower()}", animation(kind)))
        for kind in ("PNG", "WEBP")
    ]
    await fake.until(lambda: all(each.original and words in each.original.text for each in asked))
