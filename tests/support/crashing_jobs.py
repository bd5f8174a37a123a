"""A bot that dies: at a named step in a life that a fork server makes, or at random points.

    python -m tests.support.crashing_jobs DATA_DIR SEED TIMES
        forks a bot as often, and kills it somewhere

What was drawn and what was shown is noted in files, since memory dies with the process.
"""

import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.domain.job_view import JobView
from bot.images.result import ImageResult, OnProgress
from bot.ports import Address, Checkpoint
from bot.request.image_request import ImageRequest
from storage.ledger_check import faults
from tests.support.bot_harness import (
    BotHarness,
    FakeBackend,
    FakeSurface,
    bot_harness,
    prompted,
)
from tests.support.clock import FakeClock
from tests.support.fork_server import kill_self

# Every named step of a job: the port and the method at which the process dies.
STEPS = {
    "reserve": ("jobs", "reserve"),
    "submit": ("jobs", "submit"),
    "draw": ("backend", "draw"),
    "report": ("jobs", "report_cost"),
    "put": ("pictures", "put"),
    "produce": ("jobs", "produce"),
    "judge": ("jobs", "judge"),
    "checkpoint": ("cards", "checkpoint"),
    "show": ("surface", "show"),
    "shown": ("cards", "shown"),
}


# Some die in their start, which takes about 0.05 s, most in the middle of their work.
IN_THE_START, START_S, WORK_MAX_S = 0.25, 0.05, 0.15
PATIENCE_S = 20.0
LOOK_EVERY = 10

# Cards are shown several times; the death is at the last: reserved, submitted, judged.
LAST: dict[str, Callable[..., bool]] = {
    "show": lambda _address, view, _checkpoint: view.phase.is_final,
    "checkpoint": lambda _card, address: address["seen"] == 3,
    "shown": lambda _card, revision, _ended=None: revision == 3,
}


class CrashingPort:
    """Stands at a port and takes the process down before or after one method."""

    def __init__(self, inner: Any, method: str, when: str) -> None:
        self._inner = inner
        self._method = method
        self._when = when

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name != self._method:
            return found

        async def crashing(*args: Any, **kwargs: Any) -> Any:
            last = LAST[name](*args) if name in LAST else True
            if last and self._when == "before":
                kill_self()
            value = await found(*args, **kwargs)
            if last:
                kill_self()
            return value

        return crashing


class Around:
    """A store with one of its parts replaced."""

    def __init__(self, store: Any, part: str, crashing: Any) -> None:
        self._store = store
        vars(self)[part] = crashing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class NotingBackend(FakeBackend):
    """Notes every drawing before it begins."""

    notes: Path

    async def draw(
        self, request: ImageRequest, on_progress: OnProgress, *, address: str
    ) -> ImageResult:
        note(self.notes, str(request.seed))
        return await super().draw(request, on_progress, address=address)


class NotingSurface(FakeSurface):
    """Notes what a person would see at each nail."""

    notes: Path

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None:
        await super().show(address, view, checkpoint)
        seen = [address["nail"], view.phase, len(view.pictures), view.cost_micros]
        note(self.notes, json.dumps(seen))


def note(path: Path, line: str) -> None:
    with path.open("a") as file:
        file.write(line + "\n")


def notes(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def around(data_dir: Path, step: str, when: str, *, repeatable: bool) -> dict[str, Any]:
    """What `bot_harness` is to put around its ports; "" as `step` dies nowhere."""
    port, method = STEPS.get(step, ("", ""))

    def crashing(name: str, inner: Any) -> Any:
        return CrashingPort(inner, method, when) if port == name else inner

    def store(inner: Any) -> Any:
        if port in ("jobs", "cards"):
            return Around(inner, port, crashing(port, getattr(inner, port)))
        return inner

    def backend(inner: FakeBackend) -> Any:
        mine = NotingBackend(inner.inbox)
        mine.notes = data_dir / "drawn.txt"
        mine.repeatable = repeatable
        mine.bill_micros = 0 if repeatable else 700
        return crashing("backend", mine)

    def surface(_: FakeSurface) -> Any:
        mine = NotingSurface()
        mine.notes = data_dir / "seen.txt"
        return crashing("surface", mine)

    return {
        "around_store": store,
        "around_backend": backend,
        "around_pictures": lambda inner: crashing("pictures", inner),
        "around_surface": surface,
    }


async def live(folder: str, step: str, when: str, backend: str) -> None:
    """One job; the process does not outlive `step`."""
    data_dir, repeatable = Path(folder), backend == "free"
    async with bot_harness(data_dir, **around(data_dir, step, when, repeatable=repeatable)) as core:
        await core.finished(await core.imagine(event_id="the one", request=prompted(seed=7)))
        await asyncio.sleep(60)


async def busy(data_dir: Path, first_event: int) -> None:
    """Jobs without end, two people at once, until somebody kills us."""
    async with bot_harness(
        data_dir,
        **around(data_dir, "", "", repeatable=False),
        running_per_person=4,
        clock=FakeClock(runs=True),
    ) as core:
        event = first_event
        while True:
            views = await asyncio.gather(
                *(one_more(core, event + n) for n in range(3)), return_exceptions=True
            )
            await asyncio.gather(*(core.finished(v) for v in views if isinstance(v, JobView)))
            event += 3


async def one_more(core: BotHarness, event: int) -> JobView:
    return await core.imagine(event_id=f"e{event}", request=prompted(seed=event, num_images=2))


def often(data_dir: Path, seed: int, times: int) -> None:
    """Fork, let it work, kill it somewhere, look at the store; again."""
    rng = random.Random(seed)
    for round_ in range(times):
        child = os.fork()
        if not child:
            asyncio.run(busy(data_dir, first_event=1_000 * round_))
        live_awhile(data_dir / "drawn.txt", rng)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if round_ % LOOK_EVERY == 0:
            look(data_dir)
    sys.stdout.write(f"survived {times}\n")


def live_awhile(drawn: Path, rng: random.Random) -> None:
    """However long a start takes on this machine, most lives come to work."""
    if rng.random() < IN_THE_START:
        time.sleep(rng.uniform(0.0, START_S))
        return
    before, until_s = notes(drawn), time.monotonic() + PATIENCE_S
    while notes(drawn) == before and time.monotonic() < until_s:
        time.sleep(0.002)
    time.sleep(rng.uniform(0.0, WORK_MAX_S))


def look(data_dir: Path) -> None:
    """What must hold in the moment after a death."""
    if not (data_dir / "limner.db").exists():
        return
    con = sqlite3.connect(data_dir / "limner.db")
    try:
        if con.execute("SELECT 1 FROM sqlite_master WHERE name = 'entry'").fetchone():
            assert faults(con) == []
            assert con.execute("PRAGMA quick_check").fetchone() == ("ok",)
    finally:
        con.close()


if __name__ == "__main__":
    often(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
