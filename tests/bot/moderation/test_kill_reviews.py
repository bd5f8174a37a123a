"""kill -9 at every named step between a decision and its effect: it happens once all the same."""

import json
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.asker import DISCORD
from bot.domain.case import Decision
from bot.domain.job import JobState, Verdict, job_key
from storage.ledger_check import faults
from storage.sqlite_store import open_for_reading
from storage.tables import audit
from tests.support.bot_harness import bot_harness
from tests.support.crashing_jobs import notes
from tests.support.crashing_reviews import Fuse, around, decide, take_effect
from tests.support.fork_server import ForkServer, said

pytestmark = pytest.mark.slow

KEY = job_key("discord", "c1", "the one")

# Where each decision passes by.
PASSES = {
    Decision.APPROVE: ("decide", "apply", "tell", "said", "checkpoint", "show"),
    Decision.STRIKE: ("decide", "apply", "tell", "said", "checkpoint", "show"),
    Decision.ESCALATE: ("decide", "apply", "restrict", "secured", "said", "withdraw"),
}
VERDICTS = {
    Decision.APPROVE: Verdict.SHOW,
    Decision.STRIKE: Verdict.BLOCK,
    Decision.ESCALATE: Verdict.BLOCK,
}
CASES = [
    pytest.param(step, when, decision, id=f"{decision}-{step}-{when}")
    for decision, steps in PASSES.items()
    for step in steps
    for when in ("before", "after")
]


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer("tests.support.crashing_reviews") as server:
        yield server


@pytest.mark.parametrize(("step", "when", "decision"), CASES)
async def test_after_a_death_the_effect_has_happened_once(
    tmp_path: Path, server: ForkServer, step: str, when: str, decision: Decision
) -> None:
    life = server.begin(tmp_path, str(tmp_path), step, when, decision)
    assert server.ended(life) == signal.SIGKILL, said(tmp_path)
    async with bot_harness(tmp_path, **around(tmp_path, "", "", Fuse())) as core:
        wall = core.platforms.find("wall")
        assert wall is not None
        core.platforms.add(replace(wall, name=DISCORD))
        if (step, when) == ("decide", "before"):
            await decide(core, decision)  # nobody had decided anything
        last = {
            Decision.APPROVE: lambda: seen(tmp_path)[-1:] == [["done", [False]]],
            Decision.STRIKE: lambda: seen(tmp_path)[-1:] == [["withheld", []]],
            Decision.ESCALATE: lambda: notes(tmp_path / "withdrawn.txt") != [],
        }[decision]
        await take_effect(core, last)
        await core.enforcement.look()
        job = await core.store.jobs.job(KEY)
        assert job.pictures[0].verdict is VERDICTS[decision]
        assert (job.state is JobState.REFUNDED) == (decision is Decision.STRIKE)
        if decision is Decision.ESCALATE:
            assert [path.suffix for path in (tmp_path / "restricted").iterdir()] == [".png"]
            assert list((tmp_path / "pictures").rglob("*.png")) == []
    check(tmp_path, decision)


def check(data_dir: Path, decision: Decision) -> None:
    """The store says so, too, and everybody heard of it once."""
    assert len(notes(data_dir / "drawn.txt")) == 1
    with open_for_reading(data_dir / "limner.db") as con:
        enforcement = con.execute("SELECT count(*) FROM audit WHERE action = 'effect'").fetchone()
        strikes = con.execute("SELECT count(*) FROM strike").fetchone()
        waiting = con.execute("SELECT count(*) FROM notice WHERE due_at IS NOT NULL").fetchone()
        locks = con.execute("SELECT count(*) FROM block WHERE locked").fetchone()
        assert faults(con) == []
        assert audit.first_broken_row(con) is None
    assert (enforcement, waiting) == ((1,), (0,))
    assert strikes == (1 if decision is Decision.STRIKE else 0,)
    assert locks == (1 if decision is Decision.ESCALATE else 0,)
    told = notes(data_dir / "told.txt")
    # Discord says the same key once: what was repeated after a death is heard once.
    outcomes = {line for line in told if line.startswith("ann decided:")}
    assert len(outcomes) == (0 if decision is Decision.ESCALATE else 1)
    # Several are on their way at once, and each may be cut off before it is noted.
    assert max(Counter(told).values(), default=0) <= 2


def seen(data_dir: Path) -> list[list[object]]:
    return [json.loads(line) for line in notes(data_dir / "seen.txt")]
