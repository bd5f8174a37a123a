"""Whatever took a job's task away: the sweep takes the job up, once, and no job that has one."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.job import JobState
from bot.domain.job_view import JobView, Phase
from bot.domain.moderation_policy import Look
from bot.errors import BackendEmpty, BackendTimedOut, Interrupted
from storage.integrity import problems
from storage.sqlite_store import open_for_reading
from tests.support.bot_harness import ANN, BotHarness, bot_harness, wish

MANY = 60
SWEEPS = 20


class Looker:
    """Implements ports.Classifier: sees nothing bad, and takes its time when told."""

    def __init__(self) -> None:
        self.looking = asyncio.Event()
        self.may_finish = asyncio.Event()
        self.may_finish.set()
        self.looks = 0

    async def look(self, data: bytes, *, scored: bool) -> Look:
        assert data
        assert scored
        self.looks += 1
        self.looking.set()
        await self.may_finish.wait()
        return Look(source="classifier", flagged=False)


@asynccontextmanager
async def place(data_dir: Path, looker: Looker | None = None) -> AsyncIterator[BotHarness]:
    """A bot whose database doesn't wait long for others."""
    async with bot_harness(data_dir, classifier=looker, running_per_person=MANY) as home:
        home.backend.flagged = None if looker else False
        await home.store._writer.run(lambda con: con.execute("PRAGMA busy_timeout=50").fetchall())
        yield home


@contextmanager
def busy_database(data_dir: Path) -> Iterator[None]:
    """Somebody else is writing, and goes on for longer than the bot waits."""
    with closing(sqlite3.connect(data_dir / "limner.db", isolation_level=None)) as con:
        con.execute("BEGIN IMMEDIATE")
        yield
        con.execute("ROLLBACK")


async def tasks_end(home: BotHarness) -> None:
    await home.until(lambda: not home.jobs._tasks)


def cancel_the_task(home: BotHarness) -> None:
    (task,) = home.jobs._tasks.values()
    task.cancel()


def check_the_books(data_dir: Path) -> None:
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        assert problems(con) == []


async def test_a_verdict_that_could_not_be_written_is_written_by_the_sweep(
    tmp_path: Path,
) -> None:
    looker = Looker()
    looker.may_finish.clear()
    async with place(tmp_path, looker) as home:
        view = await home.imagine(event_id="e")
        await looker.looking.wait()
        with busy_database(tmp_path):
            looker.may_finish.set()
            await tasks_end(home)
        job = await home.job(view)
        assert (job.state, job.judged) == (JobState.PRODUCED, False)
        await home.jobs.sweep()
        done = await home.finished(view)
        assert (done.phase, len(done.pictures), done.cost_micros) == (Phase.DONE, 1, 1_000)
        await home.until(lambda: home.surface.shows("e", Phase.DONE))
        assert len(home.backend.drawn) == 1
    check_the_books(tmp_path)


async def test_a_judge_who_was_cancelled_is_replaced(tmp_path: Path) -> None:
    looker = Looker()
    looker.may_finish.clear()
    async with place(tmp_path, looker) as home:
        view = await home.imagine()
        await looker.looking.wait()
        cancel_the_task(home)
        await tasks_end(home)
        looker.may_finish.set()
        await home.jobs.sweep()
        assert (await home.finished(view)).phase is Phase.DONE
        assert (len(home.backend.drawn), looker.looks) == (1, 2)
    check_the_books(tmp_path)


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


async def test_a_wish_whose_asker_left_before_it_began_is_drawn(tmp_path: Path) -> None:
    async with place(tmp_path) as home:
        insert = SlowInsert()
        await home.store._writer.run(insert.install)
        asking = asyncio.create_task(home.imagine(event_id="e"))
        await insert.begun.wait()
        asking.cancel()
        insert.may_end()
        with pytest.raises(asyncio.CancelledError):
            await asking
        (job,) = await home.store.jobs.jobs_of(ANN, None, 10)
        assert (job.state, home.jobs._tasks) == (JobState.RESERVED, {})
        await home.jobs.sweep()
        await home.until(lambda: home.surface.shows("e", Phase.DONE))
        assert len(home.backend.drawn) == 1
    check_the_books(tmp_path)


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
    async with place(tmp_path) as home:
        home.backend.trouble = [error]
        home.backend.may_finish.clear()
        view = await home.imagine()
        await home.until(lambda: home.backend.busy)
        with busy_database(tmp_path):
            home.backend.may_finish.set()
            await tasks_end(home)
        assert (await home.job(view)).state is JobState.SUBMITTED
        await (home.jobs.stop(drain_s=0) if when == "before a stop" else home.jobs.sweep())
        done = await home.finished(view)
        assert (done.phase, type(done.failure)) == (phase, type(error))
        assert house_paid(tmp_path) == on_house
        assert len(home.backend.drawn) == 1
    check_the_books(tmp_path)


def house_paid(data_dir: Path) -> int:
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        row = con.execute(
            "SELECT posted FROM account JOIN principal ON principal.id = principal_id"
            " WHERE kind = 'house'"
        ).fetchone()
        return int(row[0])


@pytest.mark.parametrize(
    ("repeatable", "phase", "drawings"), [(False, Phase.LOST, 1), (True, Phase.DONE, 2)]
)
async def test_a_drawing_whose_task_is_gone_is_lost_or_drawn_again_where_that_is_free(
    tmp_path: Path, *, repeatable: bool, phase: Phase, drawings: int
) -> None:
    async with place(tmp_path) as home:
        home.backend.repeatable = repeatable
        home.backend.may_finish.clear()
        view = await home.imagine(request=wish(seed=7))
        await home.until(lambda: home.backend.busy)
        cancel_the_task(home)
        await tasks_end(home)
        home.backend.may_finish.set()
        await home.jobs.sweep()
        done = await home.finished(view)
        assert done.phase is phase
        assert phase is Phase.DONE or isinstance(done.failure, Interrupted)
        assert [request.seed for request in home.backend.drawn] == [7] * drawings
    check_the_books(tmp_path)


async def test_what_is_only_slow_is_left_to_its_task(tmp_path: Path) -> None:
    looker = Looker()
    looker.may_finish.clear()
    async with place(tmp_path, looker) as home:
        home.backend.capacity = 1
        home.backend.may_finish.clear()
        drawn = await home.imagine(event_id="drawn")
        waiting = await home.imagine(event_id="waiting")
        await home.until(lambda: home.backend.busy)
        await sweep_often(home)
        home.backend.may_finish.set()
        await looker.looking.wait()
        await sweep_often(home)
        looker.may_finish.set()
        for view in (drawn, waiting):
            assert (await home.finished(view)).phase is Phase.DONE
        assert (len(home.backend.drawn), looker.looks) == (2, 2)
        await home.until(lambda: home.surface.shows("waiting", Phase.DONE))
        for nail in ("drawn", "waiting"):
            shown = [view.phase for view in home.surface.shown[nail]]
            assert shown.count(Phase.DONE) == 1
    check_the_books(tmp_path)


async def sweep_often(home: BotHarness) -> None:
    for _ in range(SWEEPS):
        await home.jobs.sweep()


async def test_a_sweep_at_any_moment_runs_no_job_twice(tmp_path: Path) -> None:
    async with place(tmp_path) as home:
        home.backend.capacity = 8
        sweeping = asyncio.create_task(sweep_without_end(home))
        views = await asyncio.gather(
            *(one_of_many(home, number) for number in range(MANY)), return_exceptions=False
        )
        sweeping.cancel()
        assert [view.phase for view in views] == [Phase.DONE] * MANY
        assert sorted(request.prompt for request in home.backend.drawn) == sorted(
            f"cat {number}" for number in range(MANY)
        )
    check_the_books(tmp_path)


async def sweep_without_end(home: BotHarness) -> None:
    while True:
        await home.jobs.sweep()


async def one_of_many(home: BotHarness, number: int) -> JobView:
    asker = replace(ANN, person=f"person {number % 7}")
    return await home.finished(await home.imagine(asker, wish(f"cat {number}")))
