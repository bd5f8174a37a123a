"""The progress of open jobs, and who watches them. In memory only.

Only states are stored, progress is not. Watchers get the newest view; those in between are dropped.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bot.domain.catalogue import Catalogue
from bot.domain.job import Job, JobState
from bot.domain.job_view import JobView, Progress, view_of
from bot.errors import NotFound, QueueFull
from bot.jobs.fair_queue import FairQueue
from bot.ports import Clock
from bot.store import JobStore

WATCHERS_MAX = 1_000
# Watchers get a view this often even without news, because its place and its seconds change.
TICK_S = 1.0
# The weight of the newest drawing in the estimate; with 1 the earlier ones would not count.
_SMOOTHING = 0.3


@dataclass(slots=True)
class _Running:
    started_s: float
    expected_s: float
    fraction: float | None = None


@dataclass(slots=True)
class _Open:
    """One open job: its newest row, how far it is, who wants to hear of it."""

    job: Job
    running: _Running | None = None
    watchers: set[asyncio.Event] = field(default_factory=set)


class DurationEstimate:
    """How long a drawing takes, learned from those before, for each model.

    `counts_steps` is False where steps cost no time, as in a sketch.
    """

    def __init__(self, *, counts_steps: bool = True, first_guess_s: float = 8.0) -> None:
        self._counts_steps = counts_steps
        self._first_guess_s = first_guess_s
        self._s_per_unit: dict[str, float] = {}

    def expected_s(self, job: Job) -> float:
        known = self._s_per_unit.get(job.request.model)
        return self._first_guess_s if known is None else known * self._units(job)

    def learn(self, job: Job, took_s: float) -> None:
        measured = took_s / self._units(job)
        known = self._s_per_unit.get(job.request.model, measured)
        self._s_per_unit[job.request.model] = known + _SMOOTHING * (measured - known)

    def _units(self, job: Job) -> float:
        request = job.request
        pixels = request.width * request.height * request.num_images
        return pixels * (request.num_inference_steps if self._counts_steps else 1)


def work_of(job: Job) -> int:
    """What a drawing takes, in megapixel steps; the unit of fair turns as well."""
    request = job.request
    pixels = request.width * request.height * request.num_images
    return max(1, round(pixels * request.num_inference_steps / 1_000_000))


class ProgressTracker:
    """For one event loop. `capacity` is the backend's, for the estimate of waiting."""

    def __init__(
        self,
        store: JobStore,
        catalogue: Catalogue,
        queue: FairQueue,
        clock: Clock,
        capacity: Callable[[], int],
        estimate: DurationEstimate | None = None,
        link: Callable[[Job], Awaitable[str]] | None = None,
    ) -> None:
        """`link` tells the address at which anybody can see a job, "" if there is none."""
        self._store = store
        self._link = link
        self._catalogue = catalogue
        self._queue = queue
        self._clock = clock
        self._capacity = capacity
        self._estimate = estimate or DurationEstimate()
        self._open: dict[str, _Open] = {}
        self._watching = 0

    def changed(self, job: Job) -> None:
        """Note that `job` was written, and wake its watchers."""
        entry = self._open.setdefault(job.key, _Open(job))
        entry.job = job
        if job.state is JobState.SUBMITTED and entry.running is None:
            now_s = self._clock.monotonic()
            entry.running = _Running(now_s, self._estimate.expected_s(job))
        elif job.state is JobState.PRODUCED and entry.running is not None:
            self._estimate.learn(job, self._clock.monotonic() - entry.running.started_s)
            entry.running = None
        self._wake(entry)
        if not job.is_unfinished:
            del self._open[job.key]

    def progressed(self, key: str, fraction: float) -> None:
        """Note measured progress, 0 to 1; a lower one than before is ignored."""
        entry = self._open.get(key)
        if entry is not None and entry.running is not None:
            entry.running.fraction = max(fraction, entry.running.fraction or 0.0)
            self._wake(entry)

    async def view(self, job: Job) -> JobView:
        """What may be seen of `job` now."""
        parent = await self._store.public_id(job.parent) if job.parent else None
        return view_of(
            job,
            progress=self._progress(job.key),
            defaults=self._catalogue.defaults(job.request.model),
            parent_id=parent,
            takes=self._takes(job.request.model),
            link=await self._link(job) if self._link else "",
        )

    def _takes(self, model: str) -> frozenset[str]:
        """The options of a model; none if it is no longer known, as old cards must still render."""
        try:
            return self._catalogue.takes(model)
        except NotFound:
            return frozenset()

    async def newest(self, key: str) -> JobView:
        """What may be seen of a job now. Raises NotFound."""
        entry = self._open.get(key)
        return await self.view(await self._store.job(key) if entry is None else entry.job)

    async def watch(self, key: str) -> AsyncIterator[JobView]:
        """Views of one job as it changes; ends after the final one. Raises NotFound, QueueFull."""
        if self._watching >= WATCHERS_MAX:
            raise QueueFull
        self._watching += 1
        news = asyncio.Event()
        try:
            while True:
                entry = self._open.get(key)
                if entry is None:
                    yield await self.view(await self._store.job(key))
                    return
                entry.watchers.add(news)
                news.clear()
                yield await self.view(entry.job)
                await self._news(news)
        finally:
            self._watching -= 1
            if key in self._open:
                self._open[key].watchers.discard(news)

    def _progress(self, key: str) -> Progress:
        entry = self._open.get(key)
        if entry is None:
            return Progress()
        if entry.running is None:
            place = self._queue.place(key)
            return Progress(place=place, eta_s=self._eta_s(entry.job, place))
        return Progress(
            fraction=entry.running.fraction,
            elapsed_s=self._clock.monotonic() - entry.running.started_s,
            expected_s=entry.running.expected_s,
        )

    def _eta_s(self, job: Job, place: int | None) -> float | None:
        """Seconds until it starts, if all others take as long and every place is taken."""
        places = self._capacity()
        if place is None or not places:
            return None
        return -(-place // places) * self._estimate.expected_s(job)

    async def _news(self, news: asyncio.Event) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(TICK_S):
                await news.wait()

    def _wake(self, entry: _Open) -> None:
        for watcher in entry.watchers:
            watcher.set()
