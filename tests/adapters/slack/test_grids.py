"""Several pictures are one numbered grid: what it shows and covers, and when it is made anew."""

import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from adapters.slack.delivery.remote_files import Use
from adapters.slack.delivery.sheets import numbers_in
from bot.domain.remote_file import SeenBy
from bot.images.grid import GAP_PX
from bot.images.metadata import TRAINED_ALGORITHMIC_MEDIA
from bot.picture_file import File as PictureFile
from tests.adapters.slack.fake.server import acts, answers
from tests.adapters.slack.fake.world import File, Message
from tests.adapters.slack.harness import SlackHarness, job_in, slack_harness
from tests.adapters.slack.moderation_harness import moderation_harness

COVER = (52, 52, 56)


class SecondLooksIndecent:
    """Flags the second picture of each request."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    async def draw(self, request: Any, on_progress: Any, *, address: str) -> Any:
        drawn = await self._backend.draw(request, on_progress, address=address)
        first, second, *rest = drawn.pictures
        return replace(drawn, pictures=(first, replace(second, flagged=True), *rest))


def opened(file: File) -> Image.Image:
    assert file.data is not None
    return Image.open(io.BytesIO(file.data))


def covered(file: File, count: int = 4) -> list[int]:
    """The numbers of the tiles that show nothing."""
    image = opened(file)
    columns, rows = (2, 2) if count == 4 else (count, 1)
    width, height = image.width // columns, image.height // rows
    found = []
    for index in range(count):
        row, column = divmod(index, columns)
        # Beside the lock and the badge.
        at = (column * width + width * 3 // 4, row * height + height // 8)
        value = image.getpixel(at)
        assert isinstance(value, tuple)
        if max(abs(a - b) for a, b in zip(value, COVER, strict=True)) < 6:
            found.append(index + 1)
    return found


def labels(card: Message) -> list[str]:
    return [str(c["text"]["text"]) for c in card.controls if c["type"] == "button"]


async def test_four_pictures_are_one_file_and_one_block(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --images 4")
        (file,) = card.pictures
        assert [b["type"] for b in card.blocks] == ["section", "image", "context", *["actions"] * 3]
        assert len(here.fake.files) == 1
        assert labels(card)[3:7] == ["Vary 1", "Vary 2", "Vary 3", "Vary 4"]
        assert covered(file) == []
        size = here.core.backend.drawn[0].width
        assert opened(file).size == (2 * size + GAP_PX, 2 * size + GAP_PX)
        assert file.data is not None
        assert TRAINED_ALGORITHMIC_MEDIA.encode() in file.data


async def test_files_gives_the_originals(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --images 4")
        await here.does(lambda: here.fake.press(card, "Files"))
        (sent,) = here.fake.within(here.fake.direct(here.fake.ann))
        job = job_in(card)
        assert [f.name for f in sent.files] == [f"limner-{job}-{n}.png" for n in (1, 2, 3, 4)]
        assert [opened(f).size for f in sent.files] == [(16, 16)] * 4  # as they were painted


async def test_a_withheld_one_is_covered_until_it_is_approved(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path, around_backend=SecondLooksIndecent) as at:
        card = await at.here.draw("a bather --images 4")
        (before,) = card.pictures
        assert covered(before) == [2]
        assert "1 more picture is in review" in card.words
        assert labels(card)[3:6] == ["Vary 1", "Vary 3", "Vary 4"]
        await at.here.fake.until(at.cards)
        await at.decide(at.cards()[-1], "approve", by=at.mia)
        await at.here.fake.until(lambda: card.pictures != [before])
        (after,) = card.pictures
        assert covered(after) == []
        await at.here.fake.until(lambda: before.deleted)
        assert not after.deleted
        assert at.here.drawn == 1


async def test_an_approved_one_that_is_deleted_goes_before_the_new_grid_is_there(
    tmp_path: Path,
) -> None:
    """What may not be seen any more is taken from Slack even where nothing can be uploaded."""
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --images 2")
        (before,) = card.pictures
        here.fake.always("files.getUploadURLExternal", answers("fatal_error", 500))
        await here.does(lambda: here.fake.choose(card, "more:", "delete:1"))
        await here.until(lambda: before.deleted)
        here.fake.always("files.getUploadURLExternal", acts())
        await here.until(lambda: card.pictures != [before])
        (after,) = card.pictures
        assert covered(after, 2) == [1]


async def test_the_one_who_asks_sees_the_blurred_ones_in_the_grid(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path, around_backend=SecondLooksIndecent) as at:
        card = await at.here.draw("a bather --images 2")
        await at.here.fake.until(at.cards)
        await at.decide(at.cards()[-1], "blur", by=at.mia)
        await at.here.fake.until(lambda: "Show me" in card.words)
        assert covered(card.pictures[0], 2) == [2]
        await at.here.does(lambda: at.here.fake.press(card, "Show me", by=at.here.fake.bob))
        seen = at.here.fake.seen_by(at.here.fake.bob)[-1]
        assert covered(seen.pictures[0], 2) == []
        assert covered(card.pictures[0], 2) == [2]


async def test_what_an_earlier_version_uploaded_goes_with_the_next_change(tmp_path: Path) -> None:
    """It kept a file for each picture, by its number."""
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --images 2")
        old = [await uploaded_long_ago(here, number) for number in (1, 2)]
        await here.fake.until(lambda: not here.core.outbox._busy)
        keep_files(tmp_path, {"1": old[0].id, "2": old[1].id})
        await here.does(lambda: here.fake.choose(card, "more:", "delete:2"))
        await here.until(lambda: all(file.deleted for file in old))
        assert covered(card.pictures[0], 2) == [2]


async def uploaded_long_ago(here: SlackHarness, number: int) -> File:
    team = here.fake.workspace.id
    client = await here.here.clients.client_for(team)
    data = io.BytesIO()
    Image.new("RGB", (16, 16)).save(data, "PNG")
    file = PictureFile(data=data.getvalue(), name=f"limner-{number}.png", media_type="image/png")
    key, channel = card_of(here)
    use = Use(holder=f"card:{key}:{channel}", seen_by=SeenBy.EVERYONE, job=key, numbers=(number,))
    (done,) = await here.here.remote_files.upload(client, team, [(file, use)])
    return next(each for each in here.fake.files if each.id == done.file)


def card_of(here: SlackHarness) -> tuple[str, str]:
    """The job and the channel of the one card there is."""
    with closing(sqlite3.connect(here.core.settings.database_path)) as con:
        row = con.execute("SELECT job_key, address ->> 'channel' FROM card").fetchone()
    return row[0], row[1]


def keep_files(data_dir: Path, files: dict[str, str]) -> None:
    """Note them as those of the one card there is."""
    with closing(sqlite3.connect(data_dir / "limner.db")) as con, con:
        con.execute(
            "UPDATE card SET address = json_set(address, '$.files', json(?))", (json.dumps(files),)
        )


@pytest.mark.parametrize(
    ("name", "numbers"), [("2", {2}), ("1,3/4", {1, 3}), ("1,2,3,4/4", {1, 2, 3, 4})]
)
def test_a_files_name_says_what_it_shows(name: str, numbers: set[int]) -> None:
    assert numbers_in(name) == numbers
