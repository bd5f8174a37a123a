"""From a request to a card, and everything that can get in between."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.domain.budgets import Budgets
from bot.domain.job import Action, Job, JobState
from bot.domain.job_view import Phase
from bot.errors import (
    BackendBusy,
    BackendEmpty,
    BackendRejected,
    BackendResting,
    BackendTimedOut,
    Conflict,
    QuotaExceeded,
    TooManyWaiting,
    WaitedTooLong,
)
from bot.images.result import ImageResult, Picture
from bot.jobs.drafts import Vary
from bot.jobs.progress import DurationEstimate
from bot.jobs.runner import SETTLE_AGAIN_S, WAITING_MAX
from bot.ports import Unreachable
from storage.picture_files import PictureFiles
from storage.sqlite_store import SqliteStore
from tests.support.bot_harness import ANN, BOB, OWNER, bot_harness, prompted
from tests.support.clock import NOON
from tests.support.fake_deepinfra import png

DAY = Budgets(person_day=10_000)


async def test_a_request_becomes_pictures_and_what_they_cost(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, DAY) as core:
        core.backend.bill_micros = 1_500
        view = await core.imagine(request=prompted("a lighthouse", num_images=2))
        done = await core.finished(view)
        assert (done.phase, len(done.pictures)) == (Phase.DONE, 2)
        assert (done.quote_micros, done.cost_micros) == (2_000, 1_500)
        day = (await core.balances())[0]
        assert (day.held_micros, day.posted_micros, day.left_micros) == (0, 1_500, 8_500)
        assert list(core.backend.inbox.iterdir()) == []


async def test_the_same_event_twice_is_one_job_and_one_picture(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        first, second = await asyncio.gather(
            core.imagine(event_id="click"), core.imagine(event_id="click")
        )
        third = await core.imagine(event_id="click")
        assert first.key == second.key == third.key
        await core.finished(first)
        assert len(core.backend.drawn) == 1


async def test_the_same_event_with_other_words_is_a_conflict(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        results = await asyncio.gather(
            core.imagine(event_id="click", request=prompted("a cat")),
            core.imagine(event_id="click", request=prompted("a dog")),
            return_exceptions=True,
        )
        assert [type(r) for r in results if isinstance(r, Exception)] == [Conflict]


async def test_fifty_people_race_for_a_budget_that_fits_ten(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, Budgets(community_day=10_000)) as core:
        core.backend.capacity = 50
        askers = [replace(ANN, person=f"p{n}") for n in range(50)]
        results = await asyncio.gather(
            *(core.imagine(asker) for asker in askers), return_exceptions=True
        )
        views = [r for r in results if not isinstance(r, BaseException)]
        refused = [r for r in results if isinstance(r, QuotaExceeded)]
        assert (len(views), len(refused)) == (10, 40)
        for view in views:
            assert (await core.finished(view)).phase is Phase.DONE
        assert len(core.backend.drawn) == 10


@pytest.mark.parametrize(
    "error", [BackendBusy(), BackendRejected(detail="422"), BackendEmpty(billed_micros=700)]
)
async def test_a_failure_is_free_for_the_person(tmp_path: Path, error: Exception) -> None:
    async with bot_harness(tmp_path, DAY) as core:
        core.backend.trouble = [error]
        done = await core.finished(await core.imagine())
        assert (done.phase, done.cost_micros) == (Phase.FAILED, 0)
        assert type(done.failure) is type(error)
        assert (await core.balances())[0].left_micros == 10_000


async def test_an_unknown_outcome_is_lost_and_not_charged(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, DAY) as core:
        core.backend.trouble = [BackendTimedOut()]
        done = await core.finished(await core.imagine())
        assert (done.phase, done.cost_micros) == (Phase.LOST, 0)
        assert isinstance(done.failure, BackendTimedOut)
        assert (await core.balances())[0].left_micros == 10_000


async def test_a_fault_of_our_own_closes_the_job(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, DAY) as core:
        core.backend.trouble = [ZeroDivisionError()]
        done = await core.finished(await core.imagine())
        assert done.phase is Phase.LOST
        assert (await core.balances())[0].held_micros == 0


async def test_a_resting_service_is_said_before_anything_is_held(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, DAY) as core:
        core.backend.resting = True
        with pytest.raises(BackendResting):
            await core.imagine()
        assert (await core.balances())[0].held_micros == 0


async def test_a_service_that_rests_when_a_job_has_its_turn_is_not_called(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, DAY) as core:
        core.backend.capacity = 0
        view = await core.imagine()
        core.backend.resting, core.backend.capacity = True, 1
        core.runner.capacity_grew()
        done = await core.finished(view)
        assert (done.phase, core.backend.drawn) == (Phase.FAILED, [])
        assert isinstance(done.failure, BackendResting)
        assert (await core.balances())[0].left_micros == 10_000


async def test_one_runs_and_three_wait_and_the_fifth_is_refused(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.backend.may_finish.clear()
        for _ in range(4):
            await core.imagine()
        with pytest.raises(TooManyWaiting):
            await core.imagine()
        await core.imagine(BOB)
        await core.until(lambda: core.backend.busy == 2)
        assert [request.prompt for request in core.backend.drawn] == ["a cat", "a cat"]


async def test_a_waiting_job_is_cancelled_and_never_drawn(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, DAY) as core:
        core.backend.may_finish.clear()
        await core.imagine()
        waiting = await core.imagine(request=prompted("a dog"))
        cancelled = await core.studio.cancel(ANN, waiting.public_id)
        assert cancelled.phase is Phase.CANCELLED
        core.backend.may_finish.set()
        await core.until(lambda: core.backend.busy == 0)
        assert [request.prompt for request in core.backend.drawn] == ["a cat"]


async def test_a_running_job_is_cancelled_and_gives_its_place_free(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, DAY) as core:
        core.backend.may_finish.clear()
        await core.imagine()
        await core.until(lambda: core.backend.busy == 1)
        cancelled = await core.studio.cancel(ANN)
        assert (cancelled.phase, cancelled.cost_micros) == (Phase.CANCELLED, 0)
        assert core.backend.busy == 0
        assert (await core.balances())[0].left_micros == 10_000


async def test_what_is_over_cannot_be_cancelled(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        done = await core.finished(await core.imagine())
        with pytest.raises(Conflict):
            await core.studio.cancel(ANN, done.public_id)


async def test_who_waits_a_quarter_of_an_hour_is_let_go_for_free(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, DAY) as core:
        core.backend.capacity = 0
        view = await core.imagine()
        core.clock.advance(WAITING_MAX)
        await core.runner.sweep()
        done = await core.finished(view)
        assert isinstance(done.failure, WaitedTooLong)
        assert (await core.balances())[0].left_micros == 10_000
        core.backend.capacity = 1
        await core.runner.sweep()
        assert core.backend.drawn == []


async def test_a_drawing_that_never_ends_is_closed_by_its_deadline(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, DAY) as core:
        core.backend.may_finish.clear()
        view = await core.imagine()
        await core.until(lambda: core.backend.busy == 1)
        core.clock.advance(timedelta(minutes=21))
        await core.runner.sweep()
        assert (await core.finished(view)).phase is Phase.LOST
        assert core.backend.busy == 0


async def test_progress_and_place_are_seen_while_it_goes_on(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.backend.capacity = 1
        core.backend.may_finish.clear()
        first = await core.imagine(ANN)
        second = await core.imagine(BOB)
        await core.until(lambda: core.backend.busy == 1)
        running = await core.studio.show(ANN, first.public_id)
        waiting = await core.studio.show(BOB, second.public_id)
        assert (running.phase, running.progress.fraction) == (Phase.DRAWING, 0.5)
        assert (waiting.phase, waiting.progress.place) == (Phase.WAITING, 1)


async def test_a_flagged_picture_waits_for_a_moderator_on_a_chat_platform(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.backend.flagged = True
        done = await core.finished(await core.imagine(ANN))
        assert (done.phase, done.in_review, done.pictures) == (Phase.IN_REVIEW, 1, ())


async def test_a_flagged_picture_is_blurred_on_the_owners_own_screen(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.backend.flagged = True
        done = await core.finished(await core.imagine(OWNER))
        assert [picture.spoiler for picture in done.pictures] == [True]


async def test_an_unknown_flag_is_never_simply_shown(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.backend.flagged = None
        done = await core.finished(await core.imagine(ANN))
        assert (done.phase, done.pictures) == (Phase.IN_REVIEW, ())


async def test_the_card_shows_the_last_state_of_the_job(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        done = await core.finished(await core.imagine(event_id="e"))
        await core.until(lambda: core.surface.shows("e", Phase.DONE))
        assert core.surface.shown["e"][-1].revision == done.revision


async def test_a_card_that_could_not_be_shown_is_shown_later(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.surface.trouble = [ConnectionError()] * 3
        await core.finished(await core.imagine(event_id="e"))

        def shown_after_a_while() -> bool:
            core.clock.advance(timedelta(minutes=1))
            core.outbox.wake()
            return core.surface.shows("e", Phase.DONE)

        await core.until(shown_after_a_while)
        assert core.surface.trouble == []


async def test_a_message_that_is_gone_is_given_up(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.surface.trouble = [Unreachable("channel deleted")]
        await core.finished(await core.imagine(event_id="e"))
        await core.until(lambda: core.surface.trouble == [])
        assert await core.store.cards.due(core.clock.now() + timedelta(days=9), 10) == []
        assert core.surface.shown == {}


async def test_after_a_stop_those_who_waited_go_on(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.backend.capacity = 0
        view = await core.imagine()
    async with bot_harness(tmp_path) as core:
        done = await core.finished(view)
        assert done.phase is Phase.DONE


class FullAtFirst:
    """Files cannot be put until there is room."""

    def __init__(self, pictures: PictureFiles) -> None:
        self._pictures = pictures
        self.refusals = 2

    async def put(self, *pictures: Picture) -> None:
        if self.refusals:
            self.refusals -= 1
            raise OSError(28, "No space left on device")
        await self._pictures.put(*pictures)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pictures, name)


async def test_what_was_paid_for_waits_until_the_disk_has_room(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, DAY, around_pictures=FullAtFirst) as core:
        view = await core.imagine()
        for pause_s in SETTLE_AGAIN_S[:2]:
            await core.until(partial(core.clock.sleeps, pause_s))
            assert (await core.job(view)).state is JobState.SUBMITTED
            core.clock.advance(timedelta(seconds=5))
        done = await core.finished(view)
        assert (done.phase, done.cost_micros) == (Phase.DONE, 1_000)


async def test_a_variation_of_a_safe_sketch_is_safe(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.backend.name = "sketch"
        first = await core.finished(await core.imagine())
        core.backend.flagged = None
        varied = await core.redraw(ANN, Vary(first.public_id, 1))
        assert (await core.finished(varied)).phase is Phase.DONE


async def test_a_sketch_over_somebodys_own_picture_is_unknown(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.backend.name = "sketch"
        core.backend.flagged = None
        done = await core.finished(await core.imagine(request=prompted(image=png(64, 64))))
        assert done.phase is Phase.IN_REVIEW


class SlowToProduce:
    """The file is in the store, and its row is not written yet."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.jobs = self
        self.may_write = asyncio.Event()
        self.may_write.set()
        self.writes = 0

    async def produce(self, key: str, result: ImageResult, now: datetime) -> Job:
        self.writes += 1
        await self.may_write.wait()
        return await self._store.jobs.produce(key, result, now)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name, None) or getattr(self._store.jobs, name)


async def test_a_deletion_does_not_take_the_same_picture_from_a_job_that_just_drew_it(
    tmp_path: Path,
) -> None:
    slow: list[SlowToProduce] = []

    def around(store: SqliteStore) -> SlowToProduce:
        slow.append(SlowToProduce(store))
        return slow[0]

    async with bot_harness(tmp_path, around_store=around) as core:
        first = await core.finished(await core.imagine(request=prompted(seed=1)))
        slow[0].may_write.clear()
        slow[0].writes = 0
        second = await core.imagine(request=prompted(seed=1))
        await core.until(lambda: slow[0].writes)
        await core.studio.delete(ANN, first.public_id)  # doesn't wait for the other job
        slow[0].may_write.set()
        assert (await core.finished(second)).phase is Phase.DONE
        assert (await core.studio.file(ANN, second.public_id, 1)).data


def a_job(model: str, steps: int, side_px: int = 512) -> Job:
    request = prompted(model=model, num_inference_steps=steps, width=side_px, height=side_px)
    return Job(
        key="k",
        public_id="p",
        asker=ANN,
        request=request,
        asked_model=model,
        image=None,
        private=False,
        action=Action.IMAGINE,
        parent=None,
        parent_picture=None,
        state=JobState.RESERVED,
        revision=1,
        quote_micros=1,
        cost_micros=None,
        seed=1,
        drawn_by=None,
        backend="api",
        address="",
        pictures=(),
        failure=None,
        created_at=NOON,
        submitted_at=None,
        closed_at=None,
        deadline_at=NOON,
    )


def test_the_estimate_is_learned_for_each_model_from_what_it_drew() -> None:
    estimate = DurationEstimate(first_guess_s=8)
    assert estimate.expected_s(a_job("slow", 500)) == 8
    estimate.learn(a_job("slow", 10), 20)
    assert estimate.expected_s(a_job("slow", 20, side_px=1024)) == 160
    assert estimate.expected_s(a_job("other", 20)) == 8


def test_steps_of_a_sketch_take_no_time() -> None:
    estimate = DurationEstimate(counts_steps=False)
    estimate.learn(a_job("sketch", 10), 0.5)
    assert estimate.expected_s(a_job("sketch", 500)) == 0.5
