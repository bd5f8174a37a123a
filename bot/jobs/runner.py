"""The life of one request, top to bottom.

hold and row → fair queue → a slot → submitted → backend → what it cost → pictures stored, cost
posted → verdict → card. Each arrow is durable, so a restart or a sweep knows what is left to do:
nothing is charged twice, nothing is posted twice, nothing that was paid for is lost.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.cleanup import discard
from bot.domain.job import Job, JobState
from bot.errors import (
    BackendFailed,
    BackendUnkept,
    BotError,
    Broken,
    Cancelled,
    Conflict,
    NoSpace,
    ShuttingDown,
)
from bot.images.result import ImageResult
from bot.jobs.fair_queue import FairQueue, Ticket
from bot.jobs.progress import ProgressTracker, work_of
from bot.moderation.judge import Judge
from bot.ports import Backend, Clock, Pictures
from bot.request.image_request import ImageRequest
from bot.store import Store

# A job that waited this long fails and is not charged.
WAITING_MAX = timedelta(minutes=15)
# Longer than any backend's own time-out: a row older than this has lost its process.
DRAWING_MAX = timedelta(minutes=20)
# How long to wait before each further attempt to keep what was drawn.
SETTLE_AGAIN_S = (0.5, 2.0, 8.0, 30.0)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDependencies:
    """What jobs are run with."""

    store: Store
    backend: Backend
    pictures: Pictures
    queue: FairQueue
    progress: ProgressTracker
    clock: Clock
    judge: Judge
    wake_cards: Callable[[], None]
    after_payment: Callable[[Job], None]


class JobRunner:
    """Runs each job in a task. Its state is in its row, so that another task can continue it."""

    def __init__(self, dependencies: JobDependencies) -> None:
        self._dependencies = dependencies
        self._tasks: dict[str, asyncio.Task[None]] = {}
        # How jobs ended whose end could not be written yet; the sweep tries again.
        self._unclosed: dict[str, tuple[Job, BotError]] = {}
        self._stopping = False

    def check(self) -> None:
        """Raises ShuttingDown once `stop` was called."""
        if self._stopping:
            raise ShuttingDown

    def start(self, job: Job) -> None:
        """Continue `job` from its row's state. Starting it twice has no further effect."""
        self._changed(job)
        if self._stopping or job.key in self._tasks or not job.is_unfinished:
            return
        task = asyncio.create_task(self._run(job), name=f"job {job.public_id}")
        self._tasks[job.key] = task
        task.add_done_callback(lambda _: self._tasks.pop(job.key, None))

    def wake(self) -> None:
        """Wake the outboxes for something that was changed elsewhere."""
        self._dependencies.wake_cards()

    async def cancel(self, key: str) -> Job:
        """Stop a job that waits or runs. Raises Conflict when it is over already."""
        job = await self._dependencies.store.jobs.cancel(
            key, Cancelled(), self._dependencies.clock.now()
        )
        self._changed(job)
        await self._end(key)
        return job

    async def sweep(self) -> None:
        """Close jobs past their deadline, and start unfinished ones that have no task.

        At the bot's start an earlier process left them; later, their task ended early (a verdict
        could not be written, say), or their submitter was cancelled before it called `start`.
        """
        await self._close_the_unclosed()
        now = self._dependencies.clock.now()
        found = await self._dependencies.store.jobs.recover(
            now + WAITING_MAX, now, self._tasks.keys()
        )
        for job in found:
            self.start(job)
        for job in found:
            if not job.is_unfinished:
                await self._end(job.key)
        self._dependencies.queue.serve()

    def capacity_grew(self) -> None:
        """Serve the queue at once, as the backend takes more; the next sweep would be later."""
        self._dependencies.queue.serve()

    async def stop(self, drain_s: float) -> None:
        """Let running jobs finish for `drain_s`, then end them; waiting ones go on next time."""
        self._stopping = True
        waiting = [key for key in self._tasks if self._dependencies.queue.place(key) is not None]
        for key in waiting:
            await self._end(key)
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=drain_s)
        for key in list(self._tasks):
            await self._end(key)
        await self._close_the_unclosed()

    async def _run(self, job: Job) -> None:
        """Wait for a turn, draw, settle, judge."""
        try:
            if job.state is JobState.RESERVED:
                async with self._dependencies.queue.turn(_ticket(job)):
                    job = await self._submit(job)
                    result = await self._draw(job)
                    job = await self._settle(job, result)
            if job.state is JobState.PRODUCED:
                await self._judge(job)
        except Conflict:
            pass  # cancelled or expired meanwhile: its row is closed already
        except BotError as error:
            await self._give_up(job, error)
        except Exception:
            log.exception("job %s broke", job.key)
            await self._give_up(job, Broken())

    async def _submit(self, job: Job) -> Job:
        dependencies = self._dependencies
        now = dependencies.clock.now()
        dependencies.backend.check()
        submitted = await dependencies.store.jobs.submit(
            job.key,
            backend=dependencies.backend.name,
            address=dependencies.backend.address(),
            repeatable=dependencies.backend.repeatable,
            deadline_at=now + DRAWING_MAX,
            now=now,
        )
        self._changed(submitted)
        return submitted

    async def _draw(self, job: Job) -> ImageResult:
        request = await self._request(job)
        return await self._dependencies.backend.draw(
            request,
            lambda fraction: self._dependencies.progress.progressed(job.key, fraction),
            address=job.address,
        )

    async def _request(self, job: Job) -> ImageRequest:
        """The job's request, with the bytes of its starting image."""
        if job.image is None:
            return job.request
        image = await self._dependencies.pictures.read(job.image.sha256, job.image.type)
        return job.request.fitted({"image": image})

    async def _settle(self, job: Job, result: ImageResult) -> Job:
        """Record bill, then files, then rows and money in one transaction; completed if cancelled.

        Raises BackendUnkept.
        """
        settling = asyncio.create_task(self._keep(job, result))
        try:
            return await asyncio.shield(settling)
        except asyncio.CancelledError:
            await settling
            raise

    async def _keep(self, job: Job, result: ImageResult) -> Job:
        """Record the result, or discard it and raise BackendUnkept with the bill, which is due."""
        files = [picture.sha256 for picture in result.pictures]
        try:
            async with self._dependencies.pictures.keeping(files):
                return await self._record_patiently(job, result)
        except Exception as error:
            await discard(result.pictures)
            detail = type(error).__name__
            raise BackendUnkept(billed_micros=result.cost_micros, detail=detail) from error

    async def _record_patiently(self, job: Job, result: ImageResult) -> Job:
        """Record it, trying for a while: it was paid for, and a full disk may be emptied."""
        for delay_s in SETTLE_AGAIN_S:
            try:
                return await self._record(job, result)
            except (NoSpace, Broken, OSError):
                log.exception("job %s is drawn and could not be kept; again soon", job.key)
                await self._dependencies.clock.sleep(delay_s)
        return await self._record(job, result)

    async def _record(self, job: Job, result: ImageResult) -> Job:
        dependencies = self._dependencies
        await dependencies.store.jobs.report_cost(
            job.key, result.cost_micros, dependencies.clock.now()
        )
        await dependencies.pictures.put(*result.pictures)
        produced = await dependencies.store.jobs.produce(job.key, result, dependencies.clock.now())
        self._changed(produced)
        self._dependencies.after_payment(produced)
        return produced

    async def _judge(self, job: Job) -> None:
        """Judge the pictures and store the verdicts; without one no picture is shown."""
        verdicts, looks = await self._dependencies.judge.verdicts(job)
        now = self._dependencies.clock.now()
        self._changed(await self._dependencies.store.jobs.judge(job.key, verdicts, now, looks))

    async def _give_up(self, job: Job, error: BotError) -> None:
        """Close the row by what is known of the outcome; if that fails, the sweep does it later."""
        if job.state is JobState.PRODUCED:
            log.error("job %s has no verdict yet", job.key, exc_info=error)
            return
        try:
            self._changed(await self._close(job, error))
        except Conflict:
            pass  # cancelled or expired meanwhile
        except BotError:
            log.exception("job %s could not be closed yet", job.key)
            self._unclosed[job.key] = job, error
            return
        self._unclosed.pop(job.key, None)

    async def _close(self, job: Job, error: BotError) -> Job:
        """Report the bill, then fail or lose the job. Raises Conflict if it is closed already."""
        store, now = self._dependencies.store.jobs, self._dependencies.clock.now()
        if isinstance(error, BackendFailed) and error.billed_micros:
            await store.report_cost(job.key, error.billed_micros, now)
        sent = job.state is JobState.SUBMITTED and not self._dependencies.backend.repeatable
        if sent and error.outcome_unknown:
            return await store.lose(job.key, error, now)
        return await store.fail(job.key, error, now)

    async def _close_the_unclosed(self) -> None:
        ends = list(self._unclosed.values())
        await asyncio.gather(*(self._give_up(job, error) for job, error in ends))

    def _changed(self, job: Job) -> None:
        self._dependencies.progress.changed(job)
        self._dependencies.wake_cards()

    async def _end(self, key: str) -> None:
        """Cancel a job's task and wait for its end. Its row stays as it is."""
        task = self._tasks.get(key)
        if task is None or task is asyncio.current_task():
            return
        task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait([task])


def _ticket(job: Job) -> Ticket:
    who = job.asker
    return Ticket(job.key, f"{who.platform}:{who.community}", who.person, work_of(job))
