"""However a job ends once it is drawn: what it cost is known, and somebody has paid it."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.domain.budgets import Budgets
from bot.domain.job import JUDGE_PAUSE, JobState
from bot.domain.job_view import JobView, Phase
from bot.domain.moderation_policy import Look
from bot.errors import BackendUnkept
from bot.jobs.runner import DRAWING_MAX, SETTLE_AGAIN_S
from bot.ports import Unreachable
from storage.integrity import problems
from storage.sqlite_store import open_for_reading
from tests.support.bot_harness import ANN, BotHarness, bot_harness
from tests.support.short_of_room import COST_MICROS, short_of_room

DAY = Budgets(person_day=10_000, community_day=10_000, operator_month=1_000)
QUOTE = 1_000
# Nothing, less than the quote, the quote, more than the quote and than what the owner allows.
COSTS = [0, 700, QUOTE, 1_300]


class Looker:
    """Implements ports.Classifier: sees nothing bad, and stumbles when told."""

    def __init__(self) -> None:
        self.stumbles = 0

    async def look(self, data: bytes, *, scored: bool) -> Look:
        assert data
        assert scored
        if self.stumbles:
            self.stumbles -= 1
            raise ZeroDivisionError
        return Look(source="classifier", flagged=False)


class Store:
    """The folder of pictures, which can be put out of reach: what is in its place is no folder."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "pictures"
        self._aside = data_dir / "aside"

    def breaks(self) -> None:
        self._folder.rename(self._aside)
        self._folder.touch()

    def is_mended(self) -> None:
        self._folder.unlink()
        self._aside.rename(self._folder)


class Scene:
    """A bot in which one picture is being drawn."""

    def __init__(self, core: BotHarness, looker: Looker, view: JobView, data_dir: Path) -> None:
        self.core = core
        self.looker = looker
        self.view = view
        self.data_dir = data_dir
        self.store = Store(data_dir)

    def is_drawn(self) -> None:
        self.core.backend.may_finish.set()

    async def row_is(self, *states: JobState) -> None:
        async with asyncio.timeout(20):
            while (await self.core.job(self.view)).state not in states:  # noqa: ASYNC110
                await asyncio.sleep(0.001)

    async def every_attempt_is_in_vain(self) -> None:
        for pause_s in SETTLE_AGAIN_S:
            await self.core.until(partial(self.core.clock.sleeps, pause_s))
            self.core.clock.advance(timedelta(seconds=pause_s))

    async def is_not_kept(self) -> None:
        """Drawn, and not in the store yet."""
        self.store.breaks()
        self.is_drawn()
        await self.core.until(lambda: self.core.clock.sleeps(SETTLE_AGAIN_S[0]))

    async def tasks_end(self) -> None:
        await self.core.until(lambda: not self.core.runner._tasks)


@asynccontextmanager
async def scene(data_dir: Path, cost_micros: int) -> AsyncIterator[Scene]:
    looker = Looker()
    async with bot_harness(data_dir, DAY, classifier=looker) as core:
        core.backend.bill_micros = cost_micros
        core.backend.flagged = None
        core.backend.may_finish.clear()
        view = await core.imagine(event_id="e")
        await core.until(lambda: core.backend.busy)
        yield Scene(core, looker, view, data_dir)


async def kept(on: Scene) -> None:
    on.is_drawn()
    await on.core.finished(on.view)


async def not_kept(on: Scene) -> None:
    await on.is_not_kept()
    await on.every_attempt_is_in_vain()
    done = await on.core.finished(on.view)
    assert isinstance(done.failure, BackendUnkept)
    assert list(on.core.backend.inbox.iterdir()) == []


async def kept_at_last(on: Scene) -> None:
    await on.is_not_kept()
    on.store.is_mended()
    on.core.clock.advance(timedelta(seconds=1))
    await on.core.finished(on.view)


async def without_a_verdict(on: Scene) -> None:
    on.looker.stumbles = 1
    on.is_drawn()
    await on.row_is(JobState.PRODUCED)
    await on.tasks_end()


async def judged_at_last(on: Scene) -> None:
    await without_a_verdict(on)
    on.core.clock.advance(JUDGE_PAUSE)
    await on.core.runner.sweep()
    await on.core.finished(on.view)


async def cancelled(on: Scene) -> None:
    await on.is_not_kept()
    cancelling = asyncio.create_task(on.core.studio.cancel(ANN, on.view.public_id))
    await on.row_is(JobState.CANCELLED)
    await on.every_attempt_is_in_vain()
    await cancelling


async def cancelled_and_kept_at_last(on: Scene) -> None:
    await on.is_not_kept()
    cancelling = asyncio.create_task(on.core.studio.cancel(ANN, on.view.public_id))
    await on.row_is(JobState.CANCELLED)
    on.store.is_mended()
    on.core.clock.advance(timedelta(seconds=1))
    await cancelling


async def late(on: Scene) -> None:
    """Its time is over, and it is drawn already: nobody takes that for a call without an answer."""
    await on.is_not_kept()
    on.core.clock.advance(DRAWING_MAX)
    await on.core.runner.sweep()
    for pause_s in SETTLE_AGAIN_S[1:]:
        await on.core.until(partial(on.core.clock.sleeps, pause_s))
        on.core.clock.advance(timedelta(minutes=1))
    await on.core.finished(on.view)


async def cancelled_twice(on: Scene) -> None:
    """Somebody cancels the task, and then somebody else, while it tries to keep the pictures."""
    await on.is_not_kept()
    (task,) = on.core.runner._tasks.values()
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    await on.every_attempt_is_in_vain()
    await asyncio.wait([task])


async def stopped(on: Scene) -> None:
    await on.is_not_kept()
    stopping = asyncio.create_task(on.core.runner.stop(drain_s=0))
    await on.every_attempt_is_in_vain()
    await stopping


async def not_delivered(on: Scene) -> None:
    on.core.surface.trouble = [Unreachable("the channel is gone")]
    on.is_drawn()
    await on.core.finished(on.view)
    await on.core.until(lambda: on.core.surface.trouble == [])


# A way that a job ends, and in which state; the budgets pay for what was produced, at most the
# quote, and the house pays the rest.
WAYS: dict[Callable[[Scene], Awaitable[None]], JobState] = {
    kept: JobState.PRODUCED,
    not_kept: JobState.FAILED,
    kept_at_last: JobState.PRODUCED,
    without_a_verdict: JobState.PRODUCED,
    judged_at_last: JobState.PRODUCED,
    cancelled: JobState.CANCELLED,
    cancelled_and_kept_at_last: JobState.CANCELLED,
    late: JobState.FAILED,
    cancelled_twice: JobState.FAILED,
    stopped: JobState.FAILED,
    not_delivered: JobState.PRODUCED,
}


@pytest.mark.parametrize("cost_micros", COSTS)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_what_was_drawn_is_paid_however_the_job_ends(
    tmp_path: Path, way: Callable[[Scene], Awaitable[None]], cost_micros: int
) -> None:
    async with scene(tmp_path, cost_micros) as on:
        await way(on)
    state = WAYS[way]
    charge = min(cost_micros, QUOTE) if state is JobState.PRODUCED else 0
    assert paid(tmp_path) == (state, cost_micros, {charge}, cost_micros - charge)
    assert look(tmp_path) == []


def paid(data_dir: Path) -> tuple[JobState, int, set[int], int]:
    """The only job's state and bill; what the budgets paid, each the same; what the house paid."""
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        ((state, bill),) = con.execute("SELECT state, bill FROM job").fetchall()
        accounts = con.execute(
            "SELECT kind = 'house', posted, held FROM account"
            " JOIN principal ON principal.id = principal_id"
        ).fetchall()
    assert {held for _, _, held in accounts} == {0}
    budgets = {posted for is_house, posted, _ in accounts if not is_house}
    return (
        JobState(state),
        bill,
        budgets,
        sum(posted for is_house, posted, _ in accounts if is_house),
    )


def look(data_dir: Path) -> list[tuple[str, str]]:
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        return problems(con)


async def test_an_unknown_outcome_of_a_drawn_picture_is_not_unknown_any_more(
    tmp_path: Path,
) -> None:
    """The row knows the bill before the files are kept: the next start books that."""
    async with scene(tmp_path, 700) as on:
        await on.is_not_kept()
        copy = tmp_path / "as a killed process leaves it"
        copy.mkdir()
        with closing(open_for_reading(tmp_path / "limner.db")) as con:
            con.execute("VACUUM INTO ?", (str(copy / "limner.db"),))
        on.store.is_mended()
        on.core.clock.advance(timedelta(seconds=1))
        await on.core.finished(on.view)
    async with bot_harness(copy):
        pass
    assert paid(copy) == (JobState.LOST, 700, {0}, 700)
    assert look(copy) == []


@pytest.mark.slow
def test_what_was_drawn_is_paid_although_nothing_could_be_written_for_a_minute(
    tmp_path: Path,
) -> None:
    """In a process of its own, whose files may not grow: the kernel's limit is a full disk."""
    done = subprocess.run(  # noqa: S603  (our own)
        [sys.executable, "-m", "tests.support.short_of_room", str(tmp_path)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout == "failed\n", done.stderr
    assert paid(tmp_path) == (JobState.FAILED, COST_MICROS, {0}, COST_MICROS)
    assert look(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:  # noqa: S603
        pytest.skip("nobody may mount here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)  # noqa: S603, S607


async def test_what_was_drawn_is_paid_although_the_disk_is_full(small_disk: Path) -> None:
    ballast = small_disk / "ballast"

    def fill() -> None:
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while file.write(bytes(4_096)):
                pass

    done = await short_of_room(small_disk, fill, ballast.unlink)
    assert done.phase is Phase.FAILED
    assert paid(small_disk) == (JobState.FAILED, COST_MICROS, {0}, COST_MICROS)
    assert look(small_disk) == []
