"""A crowd's life through the whole bot: `python -m benchmarks.life [--jobs N] [--quick]`

200 people in 20 communities ask again and again, by the composition root and against a service in
another process that takes 0.02 to 0.8 s, most calls short. With 16 places and with 64, each twice:
everybody alike, and with one person who brings 30 % of the work at once. Looked at afterwards:

1. the books: nothing is wrong with them, bill = budgets + house, every job ended and was judged;
2. what is left: no map, queue or list of the bot has grown, no task is left;
3. memory: the last quarter needs at most 5 % more than the first;
4. fairness: the slowest community at most 1.1 times the fastest, and the one person raises the p95
   of the others at most 1.1 times;
5. processor time a job, at most twice that of a plain loop of httpx, sqlite3 and files that makes
   the same durable writes, in the same run.

Ends with 1 when a promise is not kept.
"""

import argparse
import asyncio
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.drawing import KEY, NOBODY_LOOKS, backend
from benchmarks.life_floor import floor_cpu_ms
from benchmarks.life_remains import books, sizes
from benchmarks.overhead import resident_mb
from bot.app.composition import App, build_app
from bot.app.lifecycle import at_work
from bot.config.settings import Settings
from bot.domain.asker import Asker
from bot.domain.job_view import JobView
from bot.jobs.drafts import CardPlace, Draft
from bot.jobs.live_progress import ThrottledProgress
from bot.platforms import Platform
from bot.ports import Address, Checkpoint
from bot.request.options import validate
from bot.wording import Sentence
from tests.support.fake_deepinfra import FakeDeepInfra, answer_to

MODEL = "stabilityai/sdxl-turbo"
PEOPLE, COMMUNITIES = 200, 20
PLACES = (16, 64)
JOBS, QUICK_JOBS = 10_000, 600
SHORTEST_S, LONGEST_S, TAIL = 0.02, 0.8, 1.1
HEAVY_SHARE = 0.3
WARM_UP = 40
# Promises.
MEMORY_MAX, FAIR_MAX, OTHERS_MAX, CPU_MAX = 1.05, 1.1, 1.1, 2.0
# What is full while there is anything to do.
IN_HAND = ("app.runner._tasks", "app.outbox._busy", "app.progress._open")
# A map may be this much fuller than after the first jobs: a few are bounded caches.
GROWN_MAX = 10
BUDGETS = {
    "BUDGET_PERSON_DAY": "900",
    "BUDGET_PERSON_MONTH": "900",
    "BUDGET_COMMUNITY_DAY": "9000",
    "BUDGET_COMMUNITY_MONTH": "9000",
    "BUDGET_OPERATOR_MONTH": "90000",
}


# The service.


def serve(pipe: Connection) -> None:
    """Answer after a time with a heavy tail."""
    chance = random.Random(1)
    with FakeDeepInfra(key=KEY) as fake:

        def behave(exchange: Any) -> None:
            time.sleep(min(LONGEST_S, SHORTEST_S * chance.paretovariate(TAIL)))
            exchange.send(200, answer_to(exchange.received))

        fake.always(behave)
        pipe.send(fake.url)
        pipe.recv()


# The bot, and where its cards hang.


class Wall:
    """Implements ports.Surface: notes when a card was final, and shows progress as chats do."""

    def __init__(self) -> None:
        self.done: dict[str, asyncio.Future[JobView]] = {}
        self.progress: ThrottledProgress | None = None

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None:
        assert self.progress is not None
        if not view.phase.is_final:
            self.progress.begin(view, _edited)
            return
        await self.progress.end(view.key)
        await checkpoint({**address, "message": 1})
        self.done.pop(address["nail"]).set_result(view)

    async def withdraw(self, address: Address) -> None: ...

    async def tell(
        self, person: str, notice: Sentence, *, key: str = "", community: str = ""
    ) -> None: ...


async def _edited(_: JobView) -> bool:
    return True


@asynccontextmanager
async def bot(url: str, folder: Path, places: int) -> AsyncIterator[tuple[App, Wall]]:
    environ = {
        "API_URLS": url,
        "API_KEYS": KEY,
        "MODEL": MODEL,
        "DATA_DIR": str(folder),
        "MAX_RUNNING": str(places),
        "RUNNING_PER_PERSON": str(places),
        "WAITING_PER_PERSON": "1000",
        "MAX_WAITING": "100000",
        **BUDGETS,
    }
    async with build_app(Settings.from_env(environ), NOBODY_LOOKS) as app:
        wall = Wall()
        wall.progress = ThrottledProgress(app.studio.newest, app.studio.abandon, app.clock)
        app.platforms.add(Platform(name="wall", surface=wall))
        async with at_work(app):
            yield app, wall


# The crowd.


@dataclass
class Run:
    """What was seen of one crowd."""

    places: int
    heavy: bool
    latency_s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    community_s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    memory_mb: list[float] = field(default_factory=list)
    took_s: float = 0.0
    cpu_ms: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def others_p95_s(self) -> float:
        values = [s for who, times in self.latency_s.items() if who != "heavy" for s in times]
        return statistics.quantiles(values, n=20)[-1]

    @property
    def community_ratio(self) -> float:
        means = [statistics.mean(times) for times in self.community_s.values()]
        return max(means) / min(means)

    @property
    def memory_ratio(self) -> float:
        quarter = max(1, len(self.memory_mb) // 4)
        return max(self.memory_mb[-quarter:]) / max(self.memory_mb[:quarter])


class Crowd:
    """People who ask for the next picture as soon as they have the last one."""

    def __init__(self, app: App, wall: Wall, run: Run, jobs: int) -> None:
        self._app, self._wall, self._run, self._jobs = app, wall, run, jobs
        self._asked = self._ended = 0

    async def live(self) -> None:
        heavy = int(self._jobs * HEAVY_SHARE) if self._run.heavy else 0
        self._left = self._jobs - heavy
        people = [self._person(number) for number in range(PEOPLE)]
        await asyncio.gather(*people, self._heavy(heavy))

    async def _person(self, number: int) -> None:
        who = Asker(
            platform="web",
            community=f"community {number % COMMUNITIES}",
            channel=f"channel {number % COMMUNITIES}",
            person=f"person {number}",
        )
        while self._left > 0:
            self._left -= 1
            took_s = await self._one(who)
            self._run.latency_s[who.person].append(took_s)
            if self._left > PEOPLE:  # at the end some have nothing left to do
                self._run.community_s[who.community].append(took_s)

    async def _heavy(self, count: int) -> None:
        """Has as many wishes in line as one may, from the beginning."""
        who = Asker(platform="web", community="community 0", channel="heavy", person="heavy")
        places = asyncio.Semaphore(900)

        async def wish() -> None:
            async with places:
                self._run.latency_s["heavy"].append(await self._one(who))

        await asyncio.gather(*(wish() for _ in range(count)))

    async def _one(self, who: Asker) -> float:
        self._asked += 1
        nail = f"{self._jobs} {self._asked}"  # the crowd of the warm-up has another number
        done = self._wall.done[nail] = asyncio.get_running_loop().create_future()
        asked_s = time.monotonic()
        wish = validate(
            {"prompt": "a lighthouse", "width": 128, "height": 128, "seed": self._asked}
        )
        place = CardPlace("wall", {"nail": nail, "channel": who.channel})
        await self._app.studio.submit(who, Draft(wish), event_id=nail, card=place)
        await done
        self._note_end()
        return time.monotonic() - asked_s

    def _note_end(self) -> None:
        self._ended += 1
        if self._ended % max(1, self._jobs // 200) == 0:
            self._run.memory_mb.append(resident_mb(_PID))
            bar(self._run, self._ended, self._jobs)


_PID = os.getpid()


def bar(run: Run, done: int, jobs: int) -> None:
    """One line that is written over, if somebody looks."""
    if sys.stderr.isatty():
        filled = "█" * (40 * done // jobs)
        who = "one brings 30 %" if run.heavy else "all alike"
        line = f"\r{run.places:3} places, {who:15} {filled:40} {done:6} of {jobs}"
        print(line, end="\n" if done >= jobs else "", file=sys.stderr, flush=True)


async def lived(url: str, folder: Path, run: Run, jobs: int) -> None:
    async with bot(url, folder, run.places) as (app, wall):
        await Crowd(app, wall, Run(run.places, heavy=False), WARM_UP).live()
        await at_rest(app)
        before, tasks = sizes(app), len(asyncio.all_tasks())
        cpu_s, began_s = own_cpu_s(), time.monotonic()
        await Crowd(app, wall, run, jobs).live()
        await at_rest(app)
        run.took_s, run.cpu_ms = time.monotonic() - began_s, (own_cpu_s() - cpu_s) / jobs * 1_000
        after = sizes(app)
        run.wrong += [
            f"{name} has grown from {before.get(name, 0)} to {count}"
            for name, count in after.items()
            if count > before.get(name, 0) + GROWN_MAX
        ]
        if (left := len(asyncio.all_tasks())) > tasks:
            run.wrong.append(f"{left} tasks instead of {tasks}")
        run.wrong += [f"left in the inbox: {path.name}" for path in (folder / "inbox").iterdir()]
        assert not wall.done


async def at_rest(app: App) -> None:
    """Until every row is closed, judged and shown, and no job has a task."""
    async with asyncio.timeout(60):
        while sum(sizes(app)[name] for name in IN_HAND):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)


def own_cpu_s() -> float:
    """Of this process with its picture workers, as far as those have ended."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(kind)[:2]) for kind in kinds)


def verdicts(alike: Run, heavy: Run, floor_ms: float) -> list[tuple[str, bool]]:
    """What is promised, in words, and whether it was kept."""
    others = heavy.others_p95_s / alike.others_p95_s
    told = [
        (f"others' p95 {others:.2f} times with one who brings 30 %", others <= OTHERS_MAX),
        (f"slowest community {alike.community_ratio:.2f} times", alike.community_ratio <= FAIR_MAX),
    ]
    for run in (alike, heavy):
        who = "one brings 30 %" if run.heavy else "all alike"
        cpu = run.cpu_ms / floor_ms
        told += [
            (f"{who}: {len(run.wrong)} faults", not run.wrong),
            (f"{who}: memory {run.memory_ratio:.3f} times", run.memory_ratio <= MEMORY_MAX),
            (f"{who}: {run.cpu_ms:.1f} ms of processor a job, {cpu:.1f} times", cpu <= CPU_MAX),
        ]
    return told


def report(run: Run, jobs: int) -> None:
    who = "one brings 30 %" if run.heavy else "all alike"
    print(
        f"{run.places:3} places, {who:16} {jobs / run.took_s:6.1f} jobs a second,"
        f" p95 {run.others_p95_s:.2f} s, {run.memory_mb[0]:.0f} → {run.memory_mb[-1]:.0f} MB"
    )
    for each in run.wrong[:20]:
        print("    wrong:", each)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    least = f"jobs of each crowd: {JOBS}, at least {QUICK_JOBS}"
    parser.add_argument("--jobs", type=int, help=least)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_JOBS} jobs, 16 places alone")
    given = parser.parse_args()
    # With fewer nobody has a second wish that counts before the end.
    jobs = max(given.jobs or (QUICK_JOBS if given.quick else JOBS), QUICK_JOBS)
    missed = 0
    with backend(serve) as service, tempfile.TemporaryDirectory() as name:
        for places in PLACES[:1] if given.quick else PLACES:
            floor_folder = Path(name) / f"floor {places}"
            floor_ms = floor_cpu_ms(service.url, KEY, floor_folder, places, min(jobs, 1_000))
            print(f"{places:3} places, the floor: {floor_ms:.1f} ms of processor a job")
            alike, heavy = Run(places, heavy=False), Run(places, heavy=True)
            for run in (alike, heavy):
                folder = Path(name) / f"{places} {run.heavy}"
                asyncio.run(lived(service.url, folder, run, jobs))
                run.wrong += books(folder, jobs + WARM_UP)
                report(run, jobs)
            for told, kept in verdicts(alike, heavy, floor_ms):
                print(f"    {'kept   ' if kept else 'NOT KEPT'} {told}")
                missed += not kept
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
