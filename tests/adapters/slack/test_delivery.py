"""Exactly one result, whatever Slack does in between."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.images.result import Picture, PictureType
from tests.adapters.slack.fake.server import (
    FakeSlack,
    acts,
    acts_and_cuts,
    answers,
    cuts,
    garbles,
    limits,
)
from tests.adapters.slack.fake.world import Message
from tests.adapters.slack.harness import SlackHarness, job_in, slack_harness

CALLS = (
    "users.info",
    "chat.postMessage",
    "files.getUploadURLExternal",
    "upload",
    "files.completeUploadExternal",
    "chat.update",
)
AFTER_THE_HOLD = CALLS[2:]


def results(here: SlackHarness) -> list[Message]:
    """Everything with a picture, wherever it is."""
    return [m for m in here.fake.messages if m.pictures and not m.deleted and not m.ephemeral]


async def one_result(here: SlackHarness) -> Message:
    await here.until(lambda: results(here))
    (card,) = results(here)
    return card


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.slow
async def test_too_many_requests_are_waited_out(tmp_path: Path, method: str) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.will(method, limits(1))
        await here.does(lambda: here.fake.command("/imagine", "a cat"))
        card = await one_result(here)
        assert here.fake.within(here.fake.art) == [card]


@pytest.mark.parametrize("method", AFTER_THE_HOLD)
@pytest.mark.parametrize(
    "trouble",
    [cuts(), acts_and_cuts(), answers("fatal_error", 500), garbles(503, "upstream connect error")],
)
async def test_what_breaks_after_the_hold_is_tried_again(
    tmp_path: Path, method: str, trouble: object
) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.will(method, trouble)  # type: ignore[arg-type]
        await here.does(lambda: here.fake.command("/imagine", "a cat"))
        card = await one_result(here)
        assert here.fake.within(here.fake.art) == [card]
        assert here.drawn == 1


async def test_a_picture_that_slack_still_processes_is_waited_for(tmp_path: Path) -> None:
    fake = FakeSlack(processing=timedelta(seconds=1))
    async with slack_harness(tmp_path, fake=fake) as here:
        card = await here.draw("a cat --images 2")
        assert len(card.pictures) == 1
        assert len(here.fake.called("files.info")) > 1
        assert here.fake.within(here.fake.art) == [card]


async def test_blocks_that_are_refused_for_a_moment_are_sent_again(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, hurry=50) as here:
        here.fake.will("chat.update", answers("invalid_blocks"), answers("invalid_blocks"))
        await here.does(lambda: here.fake.command("/imagine", "a cat"))
        card = await one_result(here)
        assert here.fake.within(here.fake.art) == [card]


async def test_pictures_that_are_never_processed_come_plainly_in_the_thread(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path, fake=FakeSlack(processing=None), hurry=50) as here:
        await here.does(lambda: here.fake.command("/imagine", "a cat --images 2"))
        await here.until(lambda: len(here.fake.within(here.fake.art)) == 3)
        card, *shared = here.fake.within(here.fake.art)
        assert "The pictures are in the thread." in card.words
        assert [m.thread_ts for m in shared] == [card.ts, card.ts]
        assert [len(m.files) for m in shared] == [1, 1]


async def test_the_owner_may_have_all_pictures_shared_in_the_thread(tmp_path: Path) -> None:
    """Where not everybody sees what is in a card."""
    async with slack_harness(tmp_path, pictures_in_thread=True) as here:
        await here.does(lambda: here.fake.command("/imagine", "a cat --images 2"))
        await here.until(lambda: len(here.fake.within(here.fake.art)) == 3)
        await here.until(lambda: not here.core.outbox._busy)
        card, *shared = here.fake.within(here.fake.art)
        assert not [b for b in card.blocks if b["type"] == "image"]
        assert [m.thread_ts for m in shared] == [card.ts, card.ts]
        assert len(here.fake.files) == 2
        await here.does(lambda: here.fake.choose(card, "more:", "delete:1"))
        await here.until(lambda: shared[0].files[0].deleted)
        assert not shared[1].files[0].deleted


async def test_a_plain_share_whose_answer_is_lost_is_not_repeated(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, fake=FakeSlack(processing=None), hurry=50) as here:
        card = await here.begins()
        here.fake.will("files.completeUploadExternal", acts(), acts_and_cuts())
        here.finish()
        await here.until(lambda: len(here.fake.within(here.fake.art)) == 2)
        await here.until(lambda: not here.core.outbox._busy)
        assert len([m for m in here.fake.within(here.fake.art) if m.thread_ts]) == 1
        assert here.fake.within(here.fake.art)[0] is card


async def test_a_card_that_cannot_be_changed_any_more_is_posted_anew(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.begins()
        here.fake.lock(card)
        here.finish()
        new = await one_result(here)
        assert new is not card
        assert new.channel is here.fake.art
        assert new.metadata == card.metadata


async def test_a_new_message_whose_answer_is_lost_is_found_again(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.begins()
        here.fake.lock(card)
        here.fake.will("chat.postMessage", acts_and_cuts())
        here.finish()
        await one_result(here)
        await here.until(lambda: here.fake.called("conversations.history"))
        await here.until(lambda: not here.core.outbox._busy)
        assert len(here.fake.within(here.fake.art)) == 2


async def test_a_new_message_that_never_arrived_is_sent(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.begins()
        here.fake.lock(card)
        here.fake.will("chat.postMessage", cuts())
        here.finish()
        new = await one_result(here)
        assert here.fake.within(here.fake.art) == [card, new]


async def test_where_history_can_not_be_read_unknown_is_said(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.begins()
        here.fake.lock(card)
        here.fake.workspace.scopes -= {"channels:history"}
        here.fake.will("chat.postMessage", cuts())
        here.finish()
        ann = here.fake.direct(here.fake.ann)
        await here.until(lambda: here.fake.within(ann))
        (told,) = here.fake.within(ann)
        assert told.words.startswith("I don't know whether the result of `")
        assert "`/limner show " in told.words
        assert results(here) == []
        job = told.words.split("`")[1]
        await here.does(lambda: here.fake.command("/limner", f"show {job}"))
        assert len(here.fake.seen_by(here.fake.ann)[-1].pictures) == 1


async def test_out_of_the_channel_the_result_comes_in_private(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.begins()
        here.fake.remove_bot(here.fake.art)
        here.finish()
        new = await one_result(here)
        assert new.channel is here.fake.direct(here.fake.ann)


async def test_a_private_message_whose_answer_is_lost_is_found_again(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.begins()
        here.fake.remove_bot(here.fake.art)
        here.fake.will("chat.postMessage", acts_and_cuts())
        here.finish()
        await one_result(here)
        await here.until(lambda: here.fake.called("conversations.history"))
        await here.until(lambda: not here.core.outbox._busy)
        await one_result(here)


async def test_what_somebody_deleted_after_it_was_shown_stays_deleted(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        here.fake.remove(card)
        await here.limner(f"show {job_in(card)}")
        await here.core.studio.delete(here.asker(here.fake.ann), job_in(card))
        await here.until(lambda: not here.core.outbox._busy)
        assert here.fake.within(here.fake.art) == []
        assert results(here) == []


async def test_a_file_that_somebody_deleted_is_brought_again(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.begins()
        here.fake.will("chat.update", cuts())
        here.finish()
        await here.until(lambda: here.fake.called("chat.update"))
        here.fake.do(delete_files(here.fake))
        card = await one_result(here)
        assert not card.pictures[0].deleted


async def delete_files(fake: FakeSlack) -> None:
    """In the fake's own thread: the bot may be bringing one."""
    for file in fake.world.files.values():
        file.deleted = True


async def test_a_token_that_was_revoked_ends_the_delivery(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.begins()
        here.fake.revoke()
        here.finish()
        await here.until(lambda: here.fake.called("files.getUploadURLExternal"))
        await here.until(lambda: not here.core.outbox._busy)
        tries = len(here.fake.called("files.getUploadURLExternal"))
        for _ in range(20):
            here.core.outbox.wake()
        assert len(here.fake.called("files.getUploadURLExternal")) == tries == 1


class WebpBackend:
    """Draws what Slack doesn't show."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    async def draw(self, request: Any, on_progress: Any, *, address: str) -> Any:
        drawn = await self._backend.draw(request, on_progress, address=address)
        return replace(drawn, pictures=tuple(map(as_webp, drawn.pictures)))


def as_webp(picture: Picture) -> Picture:
    file = BytesIO()
    Image.open(picture.path).save(file, "WEBP", lossless=True)
    data = file.getvalue()
    path = picture.path.with_suffix(".webp")
    path.write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    return replace(picture, path=path, sha256=sha256, type=PictureType.WEBP, size_bytes=len(data))


async def test_a_webp_picture_is_made_one_that_slack_shows(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, around_backend=WebpBackend) as here:
        card = await here.draw()
        assert [(f.name, f.media_type) for f in card.pictures] == [
            (f"limner-{job_in(card)}-1.jpg", "image/jpeg")
        ]
        await here.does(lambda: here.fake.press(card, "Files"))
        (sent,) = here.fake.within(here.fake.direct(here.fake.ann))
        assert sent.files[0].name == f"limner-{job_in(card)}-1.webp"
