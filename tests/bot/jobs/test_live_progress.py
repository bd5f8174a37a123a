"""Progress on a chat platform: seldom, the newest, and everybody in turn."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from bot.domain.job_view import JobView, Phase, Progress
from bot.errors import Busy
from bot.jobs.live_progress import DOUBLINGS_MAX, EVERY_S, FIRST_S, JOBS_MAX, ThrottledProgress
from bot.ports import Deleted
from tests.adapters.slack.test_rendering import DONE
from tests.support.clock import FakeClock

DRAWING = replace(DONE, phase=Phase.DRAWING, pictures=())


class Jobs:
    """Views of jobs, and what was done with them."""

    def __init__(self) -> None:
        self.fraction = 0.0
        self.phase = Phase.DRAWING
        self.abandoned: list[str] = []
        self.seen: list[JobView] = []
        self.progress: ThrottledProgress | None = None

    async def newest(self, key: str) -> JobView:
        progress = Progress(fraction=self.fraction)
        return replace(DRAWING, key=key, phase=self.phase, progress=progress)

    async def abandon(self, key: str) -> None:
        self.abandoned.append(key)

    async def edit(self, view: JobView) -> bool:
        self.seen.append(view)
        return True

    async def miss(self, view: JobView) -> bool:
        self.seen.append(view)
        raise Deleted("it is gone")


def started() -> tuple[FakeClock, Jobs, ThrottledProgress]:
    clock, jobs = FakeClock(), Jobs()
    return clock, jobs, ThrottledProgress(jobs.newest, jobs.abandon, clock)


async def advance(clock: FakeClock, seconds: float) -> None:
    clock.advance(timedelta(seconds=seconds))
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_card_is_edited_at_most_once_in_three_seconds() -> None:
    clock, jobs, progress = started()
    progress.begin(DRAWING, jobs.edit)
    progress.begin(DRAWING, jobs.edit)
    await advance(clock, 0)
    assert jobs.seen == []
    for number in range(1, 10):
        jobs.fraction = number / 10
        await advance(clock, 1.0)
    assert [view.progress.fraction for view in jobs.seen] == [0.2, 0.5, 0.8]
    await progress.end(DRAWING.key)
    await advance(clock, 10.0)
    assert len(jobs.seen) == 3


async def test_what_is_refused_is_tried_ever_more_seldom_and_shown_once_it_is_taken() -> None:
    clock, jobs, progress = started()
    taken = False

    async def edit(view: JobView) -> bool:
        jobs.seen.append(view)
        return taken

    progress.begin(DRAWING, edit)
    await advance(clock, 0)
    await advance(clock, FIRST_S)
    for number in range(1, DOUBLINGS_MAX + 3):
        assert len(jobs.seen) == number
        await advance(clock, EVERY_S * 2 ** min(number, DOUBLINGS_MAX) - 0.1)
        assert len(jobs.seen) == number
        await advance(clock, 0.1)
    taken = True
    await advance(clock, EVERY_S * 2**DOUBLINGS_MAX)
    before = len(jobs.seen)
    await advance(clock, EVERY_S)
    assert len(jobs.seen) == before + 1
    await progress.close()


async def test_it_ends_with_the_job() -> None:
    clock, jobs, progress = started()
    jobs.phase = Phase.DONE
    progress.begin(DRAWING, jobs.edit)
    await advance(clock, FIRST_S)
    assert jobs.seen == []
    await progress.close()


async def test_a_job_whose_card_is_deleted_is_abandoned_while_it_waits() -> None:
    for phase, abandoned in ((Phase.WAITING, [DRAWING.key]), (Phase.DRAWING, [])):
        clock, jobs, progress = started()
        jobs.phase = phase
        progress.begin(DRAWING, jobs.miss)
        for _ in range(3):
            await advance(clock, EVERY_S)
        assert jobs.abandoned == abandoned
        assert len(jobs.seen) == 1
        await progress.close()


async def test_a_job_that_cannot_be_abandoned_just_now_is_abandoned_a_little_later() -> None:
    clock, jobs, _ = started()
    jobs.phase = Phase.WAITING
    busy = [Busy()]

    async def abandon(key: str) -> None:
        if busy:
            raise busy.pop()
        await jobs.abandon(key)

    progress = ThrottledProgress(jobs.newest, abandon, clock)
    progress.begin(DRAWING, jobs.miss)
    for _ in range(5):
        await advance(clock, EVERY_S)
    assert jobs.abandoned == [DRAWING.key]
    assert len(jobs.seen) == 2
    await progress.close()


async def test_in_a_crowd_each_card_has_its_turn_and_no_more_are_edited_than_without() -> None:
    clock, jobs, progress = started()
    crowd = 3 * JOBS_MAX
    for number in range(crowd):
        progress.begin(replace(DRAWING, key=f"job {number}"), jobs.edit)
    await advance(clock, 0)
    await advance(clock, FIRST_S)
    for _ in range(round(3 * EVERY_S / 0.1)):
        await advance(clock, 0.1)
    assert len({view.key for view in jobs.seen}) == crowd
    assert len(jobs.seen) <= crowd + 1
    for number in range(JOBS_MAX, crowd):  # the crowd goes: the rest is shown as often as ever
        await progress.end(f"job {number}")
    jobs.seen.clear()
    for _ in range(round(6 * EVERY_S / 0.1)):
        await advance(clock, 0.1)
    assert min(Counter(view.key for view in jobs.seen).values()) >= 3
    await progress.close()
