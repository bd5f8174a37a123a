"""Whatever took a job's task away: the sweep takes the job up, once, and no job that has one."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.domain.job import JUDGE_PAUSE, JobState
from bot.domain.job_view import JobView, Phase
from bot.domain.moderation_policy import Look
from bot.errors import BackendEmpty, BackendTimedOut, Interrupted, WaitedTooLong
from bot.jobs.runner import DRAWING_MAX, WAITING_MAX
from storage.integrity import problems
from storage.sqlite_store import open_for_reading
from tests.support.bot_harness import ANN, BotHarness, bot_harness, prompted

MANY = 60
SWEEPS = 20


class Looker:
    """Implements ports.Classifier: sees nothing bad, and takes its time when told."""

    def __init__(self) -> None:
        self.looking = asyncio.Event()
        self.may_finish = asyncio.Event()
        self.may_finish.set()
        self.looks = 0
        self.fails = False

    async def look(self, data: bytes, *, scored: bool) -> Look:
        assert data
        assert scored
        self.looks += 1
        self.looking.set()
        if self.fails:
            raise ZeroDivisionError
        await self.may_finish.wait()
        return Look(source="classifier", flagged=False)


@asynccontextmanager
async def place(data_dir: Path, looker: Looker | None = None) -> AsyncIterator[BotHarness]:
    """A bot whose database doesn't wait long for others."""
    async with bot_harness(data_dir, classifier=looker, running_per_person=MANY) as core:
        core.backend.flagged = None if looker else False
        await core.store._writer.run(lambda con: con.execute("PRAGMA busy_timeout=50").fetchall())
        yield core


@contextmanager
def busy_database(data_dir: Path) -> Iterator[None]:
    """Somebody else is writing, and goes on for longer than the bot waits."""
    with closing(sqlite3.connect(data_dir / "limner.db", isolation_level=None)) as con:
        con.execute("BEGIN IMMEDIATE")
        yield
        con.execute("ROLLBACK")


async def tasks_end(core: BotHarness) -> None:
    await core.until(lambda: not core.runner._tasks)


def cancel_the_task(core: BotHarness) -> None:
    (task,) = core.runner._tasks.values()
    task.cancel()


def check_the_store(data_dir: Path) -> None:
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        assert problems(con) == []


async def test_a_verdict_that_could_not_be_written_is_written_by_the_sweep(
    tmp_path: Path,
) -> None:
    looker = Looker()
    looker.may_finish.clear()
    async with place(tmp_path, looker) as core:
        view = await core.imagine(event_id="e")
        await looker.looking.wait()
        with busy_database(tmp_path):
            looker.may_finish.set()
            await tasks_end(core)
        job = await core.job(view)
        assert (job.state, job.judged) == (JobState.PRODUCED, False)
        await core.runner.sweep()
        done = await core.finished(view)
        assert (done.phase, len(done.pictures), done.cost_micros) == (Phase.DONE, 1, 1_000)
        await core.until(lambda: core.surface.shows("e", Phase.DONE))
        assert len(core.backend.drawn) == 1
    check_the_store(tmp_path)


async def test_a_judge_who_was_cancelled_is_replaced(tmp_path: Path) -> None:
    looker = Looker()
    looker.may_finish.clear()
    async with place(tmp_path, looker) as core:
        view = await core.imagine()
        await looker.looking.wait()
        cancel_the_task(core)
        await tasks_end(core)
        looker.may_finish.set()
        await core.runner.sweep()
        assert (await core.finished(view)).phase is Phase.DONE
        assert (len(core.backend.drawn), looker.looks) == (1, 2)
    check_the_store(tmp_path)


class SlowInsert:
    """The row of the next job is being written until somebody lets it be."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._may_end = threading.Event()
        self.begun = asyncio.Event()

    def install(self, con: sqlite3.Connection) -> None:
        con.create_function("slowly", 0, self._slowly)
        con.execute("CREATE TEMP TRIGGER slow AFTER INSERT ON main.job BEGIN SELECT slowly(); END")

    def may_end(self) -> None:
        self._may_end.set()

    def _slowly(self) -> None:
        self._loop.call_soon_threadsafe(self.begun.set)
        self._may_end.wait(timeout=20)


async def test_a_request_whose_asker_left_while_it_was_reserved_begins_all_the_same(
    tmp_path: Path,
) -> None:
    async with place(tmp_path) as core:
        insert = SlowInsert()
        await core.store._writer.run(insert.install)
        asking = asyncio.create_task(core.imagine(event_id="e"))
        await insert.begun.wait()
        asking.cancel()
        insert.may_end()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await core.until(lambda: core.surface.shows("e", Phase.DONE))
        assert len(core.backend.drawn) == 1
    check_the_store(tmp_path)


@pytest.mark.parametrize("when", ["in the next sweep", "before a stop"])
@pytest.mark.parametrize(
    ("error", "phase", "on_house"),
    [
        (BackendEmpty(billed_micros=700), Phase.FAILED, 700),
        (BackendTimedOut(), Phase.LOST, 1_000),
    ],
    ids=["billed", "unknown"],
)
async def test_an_end_that_could_not_be_written_is_written_later(
    tmp_path: Path, error: Exception, phase: Phase, on_house: int, when: str
) -> None:
    async with place(tmp_path) as core:
        core.backend.trouble = [error]
        core.backend.may_finish.clear()
        view = await core.imagine()
        await core.until(lambda: core.backend.busy)
        with busy_database(tmp_path):
            core.backend.may_finish.set()
            await tasks_end(core)
        assert (await core.job(view)).state is JobState.SUBMITTED
        await (core.runner.stop(drain_s=0) if when == "before a stop" else core.runner.sweep())
        done = await core.finished(view)
        assert (done.phase, type(done.failure)) == (phase, type(error))
        assert house_paid(tmp_path) == on_house
        assert len(core.backend.drawn) == 1
    check_the_store(tmp_path)


def house_paid(data_dir: Path) -> int:
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        row = con.execute(
            "SELECT posted FROM account JOIN principal ON principal.id = principal_id"
            " WHERE kind = 'house'"
        ).fetchone()
        return int(row[0])


async def test_a_replay_begins_nothing_whose_end_is_still_to_be_written(tmp_path: Path) -> None:
    async with place(tmp_path) as core:
        core.backend.capacity = 0
        view = await core.imagine(event_id="e")
        core.backend.resting = True
        with busy_database(tmp_path):
            core.backend.capacity = 1
            core.runner.capacity_grew()
            await tasks_end(core)
        core.backend.resting = False
        await core.imagine(event_id="e")
        assert core.runner._tasks == {}
        await core.runner.sweep()
        assert (await core.finished(view)).phase is Phase.FAILED
        assert core.backend.drawn == []
    check_the_store(tmp_path)


@pytest.mark.parametrize(
    ("repeatable", "phase", "drawings"), [(False, Phase.LOST, 1), (True, Phase.DONE, 2)]
)
async def test_a_drawing_whose_task_is_gone_is_lost_or_drawn_again_where_that_is_free(
    tmp_path: Path, *, repeatable: bool, phase: Phase, drawings: int
) -> None:
    async with place(tmp_path) as core:
        core.backend.repeatable = repeatable
        core.backend.may_finish.clear()
        view = await core.imagine(request=prompted(seed=7))
        await core.until(lambda: core.backend.busy)
        cancel_the_task(core)
        await tasks_end(core)
        core.backend.may_finish.set()
        await core.runner.sweep()
        done = await core.finished(view)
        assert done.phase is phase
        assert phase is Phase.DONE or isinstance(done.failure, Interrupted)
        assert [request.seed for request in core.backend.drawn] == [7] * drawings
    check_the_store(tmp_path)


async def test_a_replay_of_an_open_job_begins_it(tmp_path: Path) -> None:
    """Whoever reserved it went away before anything began, and asks once more."""
    async with place(tmp_path) as core:
        core.backend.capacity = 0
        view = await core.imagine(event_id="e")
        cancel_the_task(core)
        await tasks_end(core)
        core.backend.capacity = 1
        again = await core.imagine(event_id="e")
        assert again.key == view.key
        assert (await core.finished(view)).phase is Phase.DONE
        await core.imagine(event_id="e")
        assert len(core.backend.drawn) == 1
        assert core.progress._open == {}
    check_the_store(tmp_path)


@pytest.mark.parametrize("jump", [timedelta(minutes=21), timedelta(days=-400)], ids=str)
async def test_a_clock_that_is_set_ends_nothing_that_is_carried(
    tmp_path: Path, jump: timedelta
) -> None:
    looker = Looker()
    looker.may_finish.clear()
    async with place(tmp_path, looker) as core:
        core.backend.capacity = 1
        judging = await core.imagine(event_id="judging")
        await looker.looking.wait()
        core.backend.may_finish.clear()
        drawing = await core.imagine(event_id="drawing")
        waiting = await core.imagine(event_id="waiting")
        await core.until(lambda: core.backend.busy)
        core.clock.jump(jump)
        await sweep_often(core)
        core.backend.may_finish.set()
        looker.may_finish.set()
        for view in (judging, drawing, waiting):
            assert (await core.finished(view)).phase is Phase.DONE
        assert len(core.backend.drawn) == 3
        assert core.runner._limits == {}
    check_the_store(tmp_path)


async def test_what_waits_too_long_or_draws_too_long_ends_by_the_clock_that_nobody_sets(
    tmp_path: Path,
) -> None:
    async with place(tmp_path) as core:
        core.backend.capacity = 1
        core.backend.may_finish.clear()
        drawing = await core.imagine(event_id="drawing")
        await core.until(lambda: core.backend.busy)
        waiting = await core.imagine(event_id="waiting")
        core.clock.jump(-timedelta(days=1))
        core.clock.advance(WAITING_MAX)
        await core.runner.sweep()
        assert isinstance((await core.finished(waiting)).failure, WaitedTooLong)
        core.clock.advance(DRAWING_MAX - WAITING_MAX)
        await core.runner.sweep()
        done = await core.finished(drawing)
        assert (done.phase, type(done.failure)) == (Phase.LOST, BackendTimedOut)
        assert (core.backend.busy, len(core.backend.drawn)) == (0, 1)
    check_the_store(tmp_path)


async def test_a_verdict_that_always_fails_is_tried_ever_less_often_and_the_owner_is_told_once(
    tmp_path: Path,
) -> None:
    looker = Looker()
    async with place(tmp_path, looker) as core:
        looker.fails = True
        view = await core.imagine(event_id="e")
        for _ in range(int(timedelta(hours=1) / JUDGE_PAUSE)):
            await tasks_end(core)
            core.clock.advance(JUDGE_PAUSE)
            await core.runner.sweep()
        await tasks_end(core)
        # After 5 s, 10 s, 20 s … up to 2,560 s: not 720 times an hour.
        assert looker.looks == 10
        assert not core.surface.shows("e", Phase.DONE)
        await core.enforcement.look()
        assert [topic for topic, _ in core.alerts.heard] == ["no_verdict:2026-11-22"]
        assert view.public_id in core.alerts.heard[0][1]
        looker.fails = False
        core.clock.advance(timedelta(hours=1))
        await core.runner.sweep()
        assert (await core.finished(view)).phase is Phase.DONE
    check_the_store(tmp_path)


async def test_another_bot_that_takes_the_database_over_is_not_written_over(
    tmp_path: Path,
) -> None:
    """The first one is thought dead and isn't: what it draws is booked, and shown by nobody."""
    async with place(tmp_path) as first:
        first.backend.may_finish.clear()
        paid = await first.imagine(event_id="paid")
        await first.until(lambda: first.backend.busy == 1)
        first.backend.repeatable = True
        free = await first.imagine(event_id="free")
        await first.until(lambda: first.backend.busy == 2)
        first.backend.bill_micros = 700
        first.backend.capacity = 0
        waiting = await first.imagine(event_id="waiting")
        first.store._lock.release()
        async with place(tmp_path) as second:
            for view in (free, waiting):
                assert (await second.finished(view)).phase is Phase.DONE
            assert (await second.finished(paid)).phase is Phase.LOST
            assert house_paid(tmp_path) == 1_000
            first.backend.capacity = 4
            first.runner.capacity_grew()
            first.backend.may_finish.set()
            await tasks_end(first)
            await first.runner.sweep()
            assert first.runner._tasks == {}
            assert (len(first.backend.drawn), len(second.backend.drawn)) == (2, 2)
            assert house_paid(tmp_path) == 2 * 700
    check_the_store(tmp_path)


async def test_what_is_only_slow_is_left_to_its_task(tmp_path: Path) -> None:
    looker = Looker()
    looker.may_finish.clear()
    async with place(tmp_path, looker) as core:
        core.backend.capacity = 1
        core.backend.may_finish.clear()
        drawn = await core.imagine(event_id="drawn")
        waiting = await core.imagine(event_id="waiting")
        await core.until(lambda: core.backend.busy)
        await sweep_often(core)
        core.backend.may_finish.set()
        await looker.looking.wait()
        await sweep_often(core)
        looker.may_finish.set()
        for view in (drawn, waiting):
            assert (await core.finished(view)).phase is Phase.DONE
        assert (len(core.backend.drawn), looker.looks) == (2, 2)
        for nail in ("drawn", "waiting"):
            await core.until(partial(core.surface.shows, nail, Phase.DONE))
            shown = [view.phase for view in core.surface.shown[nail]]
            assert shown.count(Phase.DONE) == 1
    check_the_store(tmp_path)


async def sweep_often(core: BotHarness) -> None:
    for _ in range(SWEEPS):
        await core.runner.sweep()


async def test_a_sweep_at_any_moment_runs_no_job_twice(tmp_path: Path) -> None:
    async with place(tmp_path) as core:
        core.backend.capacity = 8
        sweeping = asyncio.create_task(sweep_without_end(core))
        views = await asyncio.gather(
            *(one_of_many(core, number) for number in range(MANY)), return_exceptions=False
        )
        sweeping.cancel()
        assert [view.phase for view in views] == [Phase.DONE] * MANY
        assert sorted(request.prompt for request in core.backend.drawn) == sorted(
            f"cat {number}" for number in range(MANY)
        )
    check_the_store(tmp_path)


async def sweep_without_end(core: BotHarness) -> None:
    while True:
        await core.runner.sweep()


async def one_of_many(core: BotHarness, number: int) -> JobView:
    asker = replace(ANN, person=f"person {number % 7}")
    return await core.finished(await core.imagine(asker, prompted(f"cat {number}")))
