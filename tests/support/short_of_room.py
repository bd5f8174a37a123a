"""A picture is drawn, and then the disk is full for longer than anybody tries to keep it.

python -m tests.support.short_of_room DATA_DIR      in a process whose files may grow no further
"""

import asyncio
import resource
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.domain.job import JobState
from bot.domain.job_view import JobView
from bot.images.result import ImageResult, OnProgress
from bot.jobs.runner import SETTLE_AGAIN_S
from bot.request.image_request import ImageRequest
from tests.support.bot_harness import FakeBackend, bot_harness

COST_MICROS = 700


class LastBackend(FakeBackend):
    """What it draws still finds room; nothing does after that."""

    fill: Callable[[], None]

    async def draw(
        self, request: ImageRequest, on_progress: OnProgress, *, address: str
    ) -> ImageResult:
        result = await super().draw(request, on_progress, address=address)
        self.fill()
        return result


async def short_of_room(
    data_dir: Path, fill: Callable[[], None], empty: Callable[[], None]
) -> JobView:
    """The job as it is once there is room again."""

    def last_backend(inner: FakeBackend) -> LastBackend:
        mine = LastBackend(inner.inbox)
        mine.fill = fill
        mine.bill_micros = COST_MICROS
        return mine

    async with bot_harness(data_dir, around_backend=last_backend) as core:
        view = await core.imagine()
        for pause_s in SETTLE_AGAIN_S:
            await core.until(partial(core.clock.sleeps, pause_s))
            core.clock.advance(timedelta(seconds=pause_s))
        await core.until(lambda: not core.runner._tasks)
        assert (await core.job(view)).state is JobState.SUBMITTED
        empty()
        await core.runner.sweep()
        return await core.finished(view)


def within_a_limit(data_dir: Path) -> JobView:
    """Python ignores SIGXFSZ: a write beyond the limit is an error, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill() -> None:
        size = (data_dir / "limner.db-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))

    def empty() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return asyncio.run(short_of_room(data_dir, fill, empty))


if __name__ == "__main__":
    sys.stdout.write(f"{within_a_limit(Path(sys.argv[1])).phase}\n")
