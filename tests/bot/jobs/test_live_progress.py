"""Progress on a chat platform: seldom, the newest, and none under load."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

from bot.domain.job_view import JobView, Phase, Progress
from bot.jobs.live_progress import JOBS_MAX, ThrottledProgress
from tests.adapters.slack.test_rendering import DONE
from tests.support.clock import FakeClock

DRAWING = replace(DONE, phase=Phase.DRAWING, pictures=())


class Watched:
    """Views of jobs; each watcher gets the newest when it looks."""

    def __init__(self) -> None:
        self.fraction = 0.0
        self.phase = Phase.DRAWING

    async def watch(self, key: str) -> AsyncIterator[JobView]:
        while True:
            progress = Progress(fraction=self.fraction)
            yield replace(DRAWING, key=key, phase=self.phase, progress=progress)


async def let_run() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def advance(clock: FakeClock, seconds: float) -> None:
    clock.advance(timedelta(seconds=seconds))
    await let_run()


async def test_a_card_is_edited_at_most_once_in_three_seconds() -> None:
    clock, watched, seen = FakeClock(), Watched(), list[float]()
    progress = ThrottledProgress(watched.watch, clock)

    async def edit(view: JobView) -> bool:
        seen.append(view.progress.fraction or 0.0)
        return True

    progress.begin(DRAWING, edit)
    progress.begin(DRAWING, edit)
    await let_run()
    assert seen == []
    for number in range(1, 10):
        watched.fraction = number / 10
        await advance(clock, 1.0)
    assert seen == [0.2, 0.5, 0.8]
    await progress.end(DRAWING.key)
    await advance(clock, 10.0)
    assert seen == [0.2, 0.5, 0.8]


async def test_it_ends_with_the_job_and_when_the_platform_refuses() -> None:
    clock, watched, seen = FakeClock(), Watched(), list[str]()
    progress = ThrottledProgress(watched.watch, clock)

    async def refuse(view: JobView) -> bool:
        seen.append(view.key)
        return False

    progress.begin(DRAWING, refuse)
    await let_run()
    await advance(clock, 2.0)
    await advance(clock, 9.0)
    assert seen == [DRAWING.key]
    watched.phase = Phase.DONE
    progress.begin(replace(DRAWING, key="other"), refuse)
    await let_run()
    await advance(clock, 2.0)
    assert seen == [DRAWING.key]
    await progress.close()


async def test_under_load_nobody_sees_progress() -> None:
    clock, watched, seen = FakeClock(), Watched(), list[str]()
    progress = ThrottledProgress(watched.watch, clock)

    async def edit(view: JobView) -> bool:
        seen.append(view.key)
        return True

    for number in range(JOBS_MAX + 1):
        progress.begin(replace(DRAWING, key=f"job {number}"), edit)
    await let_run()
    await advance(clock, 2.0)
    assert seen == []
    await progress.end("job 0")
    await advance(clock, 3.0)
    assert len(seen) == JOBS_MAX - 1
    await progress.close()
