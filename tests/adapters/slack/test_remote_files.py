"""Whatever file the bot put on Slack goes with its picture, whoever has that taken away."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from adapters.slack.delivery.remote_files import ARRIVES_WITHIN
from bot.cleanup import retire
from bot.domain.case import GRACE, Category, Decision
from bot.domain.retention import Retention
from tests.adapters.slack.fake.server import acts, acts_and_cuts, answers, cuts, waits
from tests.adapters.slack.fake.world import File, Message
from tests.adapters.slack.harness import SlackHarness, job_in, slack_harness
from tests.support.clock import FakeClock

Way = Callable[[SlackHarness], Awaitable[Message]]


# How files come to Slack.


async def by_a_card(here: SlackHarness) -> Message:
    return await here.draw()


async def by_a_card_whose_answer_was_lost(here: SlackHarness) -> Message:
    here.fake.will("files.completeUploadExternal", acts_and_cuts())
    return await here.draw()


async def in_a_thread(here: SlackHarness) -> Message:
    for _ in range(4):
        here.fake.will("chat.update", answers("invalid_blocks"))
    await here.does(lambda: here.fake.command("/imagine", "a cat"))
    await here.until(lambda: any(m.thread_ts for m in here.fake.showing(here.fake.art)))
    await here.until(lambda: not here.core.outbox._busy)
    return here.fake.within(here.fake.art)[0]


async def by_files(here: SlackHarness) -> Message:
    card = await here.draw()
    await here.does(lambda: here.fake.press(card, "Files", by=here.fake.bob))
    return card


async def by_files_whose_answer_was_lost(here: SlackHarness) -> Message:
    card = await here.draw()
    here.fake.will("files.completeUploadExternal", acts_and_cuts())
    await here.does(lambda: here.fake.press(card, "Files", by=here.fake.bob))
    return card


async def by_showing_it(here: SlackHarness) -> Message:
    card = await here.draw()
    here.here.uploads.forget(card.pictures[0].id)  # as after a restart
    job = job_in(card)
    await here.does(lambda: here.fake.command("/limner", f"show {job}", by=here.fake.bob))
    return card


async def by_an_export(here: SlackHarness) -> Message:
    card = await here.draw()
    await here.does(lambda: here.fake.command("/limner", "privacy"))
    await here.does(lambda: here.fake.press(here.fake.seen_by(here.fake.ann)[-1], "Export"))
    return card


# How a picture is taken away.


async def deleted(here: SlackHarness, job: str) -> None:
    await here.core.studio.delete(here.asker(here.fake.ann), job)


async def erased(here: SlackHarness, job: str) -> None:
    await here.core.privacy.erase("slack", here.fake.ann.id)


async def too_old(here: SlackHarness, job: str) -> None:
    here.core.clock.advance(timedelta(days=31))
    keep = Retention(results=timedelta(days=30))
    await retire(here.core.store, here.core.pictures, here.core.clock, keep)


async def removed(here: SlackHarness, job: str) -> None:
    moderator = replace(here.asker(here.fake.bob), is_moderator=True)
    await here.core.reactions.report(here.asker(here.fake.gil), job, "no", Category.HATE)
    (case,) = await here.core.reviews.queue(moderator)
    await here.core.reviews.decide(moderator, case.id, Decision.REMOVE, "no")
    here.core.clock.advance(GRACE)


WAYS = (
    by_a_card,
    by_a_card_whose_answer_was_lost,
    in_a_thread,
    by_files,
    by_files_whose_answer_was_lost,
    by_showing_it,
    by_an_export,
)


def standing(here: SlackHarness) -> list[File]:
    return [each for each in here.fake.files if each.completed and not each.deleted]


@pytest.mark.parametrize("taken", [deleted, erased, too_old, removed])
@pytest.mark.parametrize("put", WAYS)
async def test_every_file_goes_with_its_picture(
    tmp_path: Path, put: Way, taken: Callable[[SlackHarness, str], Awaitable[None]]
) -> None:
    async with slack_harness(tmp_path, clock=FakeClock(runs=True)) as here:
        card = await put(here)
        assert standing(here)
        (job,) = await here.core.store.jobs.jobs_of(here.asker(here.fake.ann), None, 9)
        await taken(here, job.public_id)
        await here.until(lambda: not standing(here))
        await here.until(lambda: not card.pictures or card.deleted)


async def test_what_was_covered_goes_from_the_channel_and_stays_for_who_asked(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path, clock=FakeClock(runs=True)) as here:
        card = await by_files(here)
        (copy,) = here.fake.within(here.fake.direct(here.fake.bob))[-1].files
        moderator = replace(here.asker(here.fake.bob), is_moderator=True)
        job = job_in(card)
        await here.core.reactions.report(here.asker(here.fake.gil), job, "no", Category.HATE)
        (case,) = await here.core.reviews.queue(moderator)
        await here.core.reviews.decide(moderator, case.id, Decision.BLUR, "no")
        here.core.clock.advance(GRACE)
        await here.until(lambda: standing(here) == [copy])


async def test_what_an_upload_left_half_way_goes_once_it_can_not_arrive_any_more(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path, clock=FakeClock(runs=True)) as here:
        here.fake.will("files.completeUploadExternal", cuts())
        card = await here.draw()
        await here.core.studio.delete(here.asker(here.fake.ann), job_in(card))
        await here.until(lambda: not standing(here))
        due = partial(here.core.store.remote_files.due, "slack")
        later = here.core.clock.now() + timedelta(days=1)
        async with asyncio.timeout(20):
            while len(await due(later, 9)) > 1:  # noqa: ASYNC110  (another thread writes)
                await asyncio.sleep(0.01)
        assert len(await due(later, 9)) == 1  # it might still arrive
        here.core.clock.advance(ARRIVES_WITHIN)
        await here.here.remote_files.look()
        assert await due(later, 9) == []


async def test_a_file_that_slack_does_not_delete_now_is_deleted_later(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, clock=FakeClock(runs=True)) as here:
        card = await here.draw()
        here.fake.will("files.delete", answers("fatal_error", 500), cuts())
        await here.core.studio.delete(here.asker(here.fake.ann), job_in(card))
        await here.until(lambda: len(here.fake.called("files.delete")) == 1)
        assert len(standing(here)) == 1

        def is_gone_later() -> bool:
            here.core.clock.advance(timedelta(minutes=1))
            return not standing(here)

        await here.until(is_gone_later)


async def test_a_copy_that_comes_after_its_picture_went_is_deleted_as_well(tmp_path: Path) -> None:
    """It was read before the picture was taken away, and arrives afterwards."""
    async with slack_harness(tmp_path, clock=FakeClock(runs=True)) as here:
        card = await here.draw()
        job, ann = job_in(card), here.asker(here.fake.ann)
        reading = here.core.studio.file

        async def read_just_before(*asked: object) -> object:
            found = await reading(*asked)  # type: ignore[arg-type]
            await here.core.studio.delete(ann, job)
            return found

        here.core.studio.file = read_just_before  # type: ignore[method-assign,assignment]
        await here.does(lambda: here.fake.press(card, "Files", by=here.fake.bob))
        assert here.fake.within(here.fake.direct(here.fake.bob))[-1].files
        await here.until(lambda: not standing(here))


async def test_one_that_is_shared_long_after_it_was_brought_goes_with_its_picture(
    tmp_path: Path,
) -> None:
    """Its picture is taken away while Slack makes the file of it."""
    clock, go_on = FakeClock(runs=True), threading.Event()
    async with slack_harness(tmp_path, clock=clock, pictures_in_thread=True) as here:
        await here.begins()
        here.fake.always("chat.update", answers("fatal_error", 500))
        here.finish()
        await here.until(lambda: here.fake.called("upload"))
        await here.until(lambda: not here.core.outbox._busy)
        here.core.clock.advance(2 * ARRIVES_WITHIN)
        here.fake.will("files.completeUploadExternal", waits(go_on))
        here.fake.always("chat.update", acts())
        await here.until(lambda: here.fake.called("files.completeUploadExternal"))
        (job,) = await here.core.store.jobs.jobs_of(here.asker(here.fake.ann), None, 9)
        await here.core.studio.delete(here.asker(here.fake.ann), job.public_id)
        await here.until(lambda: here.fake.called("files.delete"))
        go_on.set()
        await here.until(lambda: standing(here))
        here.core.clock.advance(ARRIVES_WITHIN)
        await here.until(lambda: not standing(here))


async def test_an_export_that_comes_after_its_person_was_erased_is_deleted_as_well(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path, clock=FakeClock(runs=True)) as here:
        await here.draw()
        reading = here.core.privacy.archive

        async def read_just_before(*asked: object) -> object:
            found = await reading(*asked)  # type: ignore[arg-type]
            await here.core.privacy.erase("slack", here.fake.ann.id)
            return found

        here.core.privacy.archive = read_just_before  # type: ignore[method-assign,assignment]
        await here.does(lambda: here.fake.command("/limner", "privacy"))
        await here.does(lambda: here.fake.press(here.fake.seen_by(here.fake.ann)[-1], "Export"))
        assert here.fake.within(here.fake.direct(here.fake.ann))[-1].files
        await here.until(lambda: not standing(here))
