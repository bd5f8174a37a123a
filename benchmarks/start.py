"""A start with 10,000 waiting and 1,000 unjudged jobs: `python -m benchmarks.start [--quick]`

How long it takes until the first picture is being drawn and until the first verdict is written, and
what the queue then costs. In seconds of processor time, so that a busy machine doesn't matter.
Ends with 1 when a target is missed.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from pathlib import Path

from bot.domain.job import NewJob
from storage.database.database import open_for_writing
from storage.sqlite_store import open_for_reading
from storage.transactions import jobs, reservation
from tests.storage.builders import asker, drawn, gates_of, new_job, submit, transaction
from tests.support.bot_harness import BotHarness, FakeBackend, bot_harness
from tests.support.clock import NOON

PEOPLE = 200
COMMUNITIES = 20
FIRST_MAX_S = 3.0
VIEWS = 500
PLACES = {"open_per_person": 10**9, "open_at_all": 10**9}


def a_job(number: int) -> NewJob:
    who = asker(f"person {number % PEOPLE}", f"community {number % COMMUNITIES}")
    return replace(new_job(str(number), who=who), cards=())


def fill(path: Path, waiting: int, unjudged: int) -> None:
    """As a bot leaves them that was killed in the middle of its work."""
    with closing(open_for_writing(path, NOON)) as con:
        con.execute("PRAGMA synchronous=OFF")
        with transaction(con):
            for number in range(waiting + unjudged):
                new = a_job(number)
                reservation.reserve(con, new, gates_of(new.asker), NOON, **PLACES)
        for number in range(unjudged):
            key = a_job(number).key
            submit(con, key)
            with transaction(con):
                jobs.produce(con, key, drawn(files=[f"{number:x}"]), NOON)


async def measure(data_dir: Path, unjudged: int) -> dict[str, float]:
    began_s = time.process_time()
    found: dict[str, float] = {}

    @contextmanager
    def taking(what: str) -> Iterator[None]:
        start_s = time.process_time()
        yield
        found[what] = time.process_time() - start_s

    @asynccontextmanager
    async def watched(core: BotHarness) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            group.create_task(first_drawn(core))
            group.create_task(first_judged(core))
            yield

    async def first_drawn(core: BotHarness) -> None:
        await core.until(lambda: core.backend.drawn)
        found["until the first is being drawn"] = time.process_time() - began_s

    async def first_judged(core: BotHarness) -> None:
        sql = "SELECT count(*) FROM picture WHERE verdict IS NOT NULL"
        with closing(open_for_reading(data_dir / "limner.db")) as con:
            await core.until(lambda: con.execute(sql).fetchone() != (0,))
        found["until the first verdict is written"] = time.process_time() - began_s

    def hold(backend: FakeBackend) -> None:
        backend.may_finish.clear()

    async with bot_harness(data_dir, prepare=hold, adapter=watched) as core:
        found["until all have a task"] = time.process_time() - began_s
        keys = [a_job(number).key for number in range(unjudged, unjudged + VIEWS)]
        waiting = [await core.store.jobs.job(key) for key in keys]
        with taking(f"the places in the queue of {VIEWS} that wait"):
            for job in waiting:
                await core.progress.view(job)
        with taking("a sweep that finds nothing to do"):
            await core.runner.sweep()
        leaving_s = time.process_time()
    found["a stop"] = time.process_time() - leaving_s
    return found


def main() -> int:
    waiting, unjudged = (1_000, 100) if "--quick" in sys.argv else (10_000, 1_000)
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "limner.db", waiting, unjudged)
        found = asyncio.run(measure(Path(folder), unjudged))
    print(f"{waiting:,} waiting, {unjudged:,} unjudged; seconds of processor time")
    for what, took_s in found.items():
        print(f"  {took_s:6.3f}  {what}")
    return int(max(took_s for what, took_s in found.items() if "first" in what) > FIRST_MAX_S)


if __name__ == "__main__":
    sys.exit(main())
