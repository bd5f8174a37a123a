"""kill -9 at every named step of a job, then a start: the table of what happens next."""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.job import JobState, job_key
from bot.domain.job_view import Phase
from storage.ledger_check import faults
from storage.sqlite_store import open_for_reading
from tests.support.bot_harness import ANN, bot_harness
from tests.support.crashing_jobs import around, notes
from tests.support.fork_server import ForkServer, said

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
KEY = job_key("discord", "c1", "the one")

# (step, when the process dies) → what a paid backend's job is after the next start
PAID = {
    ("reserve", "before"): None,
    ("reserve", "after"): Phase.DONE,
    ("submit", "before"): Phase.DONE,
    ("submit", "after"): Phase.LOST,
    ("draw", "before"): Phase.LOST,
    ("draw", "after"): Phase.LOST,
    ("report", "before"): Phase.LOST,
    ("report", "after"): Phase.LOST,
    ("put", "before"): Phase.LOST,
    ("put", "after"): Phase.LOST,
    ("produce", "before"): Phase.LOST,
    ("produce", "after"): Phase.DONE,
    ("judge", "before"): Phase.DONE,
    ("judge", "after"): Phase.DONE,
    ("checkpoint", "before"): Phase.DONE,
    ("checkpoint", "after"): Phase.DONE,
    ("show", "after"): Phase.DONE,
    ("shown", "before"): Phase.DONE,
    ("shown", "after"): Phase.DONE,
}
# A quote is 1,000 and a bill 700: once it is reported, the house pays that and no more.
REPORTED = {("report", "after"), ("put", "before"), ("put", "after"), ("produce", "before")}
# Drawing again costs nothing there, so nothing is ever lost.
FREE = {case: phase and Phase.DONE for case, phase in PAID.items()}
CASES = [
    pytest.param(step, when, backend, phase, id=f"{step}-{when}-{backend}")
    for backend, table in (("paid", PAID), ("free", FREE))
    for (step, when), phase in table.items()
]


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer("tests.support.crashing_jobs") as server:
        yield server


@pytest.mark.parametrize(("step", "when", "backend", "phase"), CASES)
async def test_after_a_death_the_next_start_does_what_the_table_says(
    tmp_path: Path, server: ForkServer, step: str, when: str, backend: str, phase: Phase | None
) -> None:
    life = server.begin(tmp_path, str(tmp_path), step, when, backend)
    assert server.ended(life) == signal.SIGKILL, said(tmp_path)
    async with bot_harness(
        tmp_path, **around(tmp_path, "", "", repeatable=backend == "free")
    ) as core:
        rows = await core.store.jobs.jobs_of(ANN, None, 10)
        if phase is None:
            assert rows == []
            return
        done = [view async for view in core.studio.watch(KEY)][-1]
        assert done.phase is phase
        cost = 700 if phase is Phase.DONE and backend == "paid" else 0
        assert done.cost_micros == cost
        await core.until(lambda: seen(tmp_path)[-1:] == [last_seen(phase, cost)])
    assert set(notes(tmp_path / "drawn.txt")) <= {"7"}
    assert len(notes(tmp_path / "drawn.txt")) <= (2 if backend == "free" else 1)
    check_the_store(tmp_path)
    if phase is Phase.LOST:
        assert house_paid(tmp_path) == (700 if (step, when) in REPORTED else 1_000)


def house_paid(data_dir: Path) -> int:
    con = open_for_reading(data_dir / "limner.db")
    try:
        row = con.execute(
            "SELECT posted FROM account JOIN principal ON principal.id = principal_id"
            " WHERE kind = 'house'"
        ).fetchone()
        return int(row[0])
    finally:
        con.close()


def seen(data_dir: Path) -> list[list[object]]:
    return [json.loads(line)[1:] for line in notes(data_dir / "seen.txt")]


def last_seen(phase: Phase, cost: int) -> list[object]:
    return ["done", 1, cost] if phase is Phase.DONE else ["lost", 0, 0]


def check_the_store(data_dir: Path) -> None:
    con = open_for_reading(data_dir / "limner.db")
    try:
        assert faults(con) == []
        assert con.execute("SELECT sum(held) FROM account").fetchone() == (0,)
    finally:
        con.close()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  (our own module)
        [sys.executable, "-m", "tests.support.crashing_jobs", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )


async def test_killed_at_two_hundred_random_points_nothing_is_lost_or_charged_twice(
    tmp_path: Path,
) -> None:
    survived = run(str(tmp_path), "20261122", "200")
    assert survived.stdout == "survived 200\n", survived.stderr
    async with bot_harness(tmp_path, **around(tmp_path, "", "", repeatable=False)) as core:
        rows = await core.store.jobs.jobs_of(ANN, None, 10_000)
        assert len(rows) > 100
        for job in rows:
            if job.state.is_open or not job.judged:
                assert [view async for view in core.studio.watch(job.key)][-1].phase.is_final
        ended = await core.store.jobs.jobs_of(ANN, None, 10_000)
        ends = Counter(job.state for job in ended)
        assert set(ends) <= {JobState.PRODUCED, JobState.LOST}
        assert ends[JobState.PRODUCED] > 50
        for job in ended:
            for picture in job.pictures:
                assert await core.pictures.read(picture.sha256, picture.type)
    drawings = Counter(notes(tmp_path / "drawn.txt"))
    assert set(drawings.values()) == {1}
    check_the_store(tmp_path)
