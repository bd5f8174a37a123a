"""The life of one request, top to bottom.

hold and row → fair queue → a slot → submitted → backend → what it cost → pictures stored, cost
posted → verdict → card. Each arrow is durable, so a sweep knows what is left to do, of an earlier
process or of this one: nothing is charged twice, nothing is posted twice, nothing that was paid for
is lost. How long a job may wait and draw is measured here by the monotonic clock; its row says so
by the wall clock, for the next process.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.cleanup import discard
from bot.domain.job import Job, JobState
from bot.errors import (
    BackendFailed,
    BackendTimedOut,
    BackendUnkept,
    BotError,
    Broken,
    Cancelled,
    Conflict,
    NoSpace,
    ShuttingDown,
    WaitedTooLong,
)
from bot.images.result import ImageResult
from bot.jobs.fair_queue import FairQueue, Ticket
from bot.jobs.progress import ProgressTracker, work_of
from bot.moderation.judge import Judge
from bot.ports import Backend, Clock, Pictures
from bot.request.image_request import ImageRequest
from bot.store import Store
from bot.tasks import to_the_end

# A job that waited this long fails and is not charged.
WAITING_MAX = timedelta(minutes=15)
# Longer than any backend's own time-out.
DRAWING_MAX = timedelta(minutes=20)
# Longer than the classifier takes for the largest pictures, behind those of everybody else.
JUDGING_MAX = timedelta(minutes=5)
# Each holds a job's pictures in memory, and behind most of them is one classifier.
JUDGING_AT_ONCE = 8
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
        # Until when, by the monotonic clock, what a job's task does now may take.
        self._limits: dict[str, tuple[float, asyncio.Timeout]] = {}
        # How jobs ended whose end could not be written yet; the sweep tries again.
        self._unclosed: dict[str, tuple[Job, BotError]] = {}
        self._judging = asyncio.Semaphore(JUDGING_AT_ONCE)
        self._stopping = False

    def check(self) -> None:
        """Raises ShuttingDown once `stop` was called."""
        if self._stopping:
            raise ShuttingDown

    def start(self, job: Job) -> None:
        """Continue `job` from its row's state. Starting it twice has no further effect."""
        self._changed(job)
        carried = job.key in self._tasks or job.key in self._unclosed
        if self._stopping or carried or not job.is_unfinished:
            return
        task = asyncio.create_task(self._run(job), name=f"job {job.public_id}")
        self._tasks[job.key] = task
        task.add_done_callback(lambda _: self._tasks.pop(job.key, None))

    def take_up(self, job: Job) -> None:
        """Start a job that was found somewhere and perhaps has no task. What was sent is left to
        the sweep, which knows whether somebody waits for the answer.
        """
        if job.key not in self._tasks and job.is_unfinished and job.state is not JobState.SUBMITTED:
            self.start(job)

    def wake(self) -> None:
        """Wake the outboxes for something that was changed elsewhere."""
        self._dependencies.wake_cards()

    async def cancel(self, key: str, *, only_waiting: bool = False) -> Job:
        """Stop a job that waits or runs. Raises Conflict when it is over already, or runs."""
        job = await self._dependencies.store.jobs.cancel(
            key, Cancelled(), self._dependencies.clock.now(), only_waiting=only_waiting
        )
        self._changed(job)
        await self._end([key])
        return job

    async def sweep(self) -> None:
        """End tasks that take too long, and take up what has none: one mechanism for what an
        earlier process left, what lost its task, and verdicts that are to be tried again.
        """
        self._end_the_overdue()
        await self._close_the_unclosed()
        await self._take_up_the_left()
        self._dependencies.queue.serve()

    def _end_the_overdue(self) -> None:
        now_s = self._dependencies.clock.monotonic()
        for until_s, limit in self._limits.values():
            if until_s <= now_s and not limit.expired():
                limit.reschedule(asyncio.get_running_loop().time())

    async def _take_up_the_left(self) -> None:
        """A portion at a time, so that the first ones move; none of them twice."""
        seen: set[str] = set()

        def is_carried(key: str) -> bool:
            return key in self._tasks or key in self._unclosed or key in seen

        while not self._stopping:
            now = self._dependencies.clock.now()
            found = await self._dependencies.store.jobs.recover(now + WAITING_MAX, now, is_carried)
            if not found:
                return
            for job in found:
                self.start(job)
            seen.update(job.key for job in found)

    def capacity_grew(self) -> None:
        """Serve the queue at once, as the backend takes more; the next sweep would be later."""
        self._dependencies.queue.serve()

    async def stop(self, drain_s: float) -> None:
        """Let running jobs finish for `drain_s`, then end them; waiting ones go on next time.

        What was drawn is settled first, however long that takes.
        """
        self._stopping = True
        await self._end([key for key in self._tasks if self._dependencies.queue.has(key)])
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=drain_s)
        await self._end(list(self._tasks))
        await self._close_the_unclosed()
        for job, error in self._unclosed.values():
            log.error("job %s ends without a word in the books: %r", job.key, error)

    async def _run(self, job: Job) -> None:
        """Draw and judge."""
        try:
            if job.state is JobState.RESERVED:
                job = await self._draw(job)
            if job.state is JobState.PRODUCED:
                await self._judge(job)
        except Conflict:  # closed meanwhile, or somebody else's: whoever watches sees how it is
            await self._look_again(job.key)
        except BotError as error:
            await to_the_end(self._give_up(job, error))
        except Exception:
            log.exception("job %s broke", job.key)
            await to_the_end(self._give_up(job, Broken()))

    async def _draw(self, job: Job) -> Job:
        """Wait for a turn, send it, settle: once it is drawn, nobody is cancelled before that."""
        dependencies = self._dependencies
        async with AsyncExitStack() as place:
            async with self._limit(job, self._left_to_wait(job), WaitedTooLong()):
                await place.enter_async_context(dependencies.queue.turn(_ticket(job)))
            request = await self._request(job)
            job = await self._submit(job)
            async with self._limit(job, DRAWING_MAX, BackendTimedOut()):
                result = await dependencies.backend.draw(
                    request,
                    lambda fraction: dependencies.progress.progressed(job.key, fraction),
                    address=job.address,
                )
            return await to_the_end(self._settle(job, result))

    @asynccontextmanager
    async def _limit(self, job: Job, most: timedelta, error: BotError) -> AsyncIterator[None]:
        """Raises `error` in the first sweep after so long."""
        until_s = self._dependencies.clock.monotonic() + most.total_seconds()
        limit = asyncio.timeout(None)
        self._limits[job.key] = until_s, limit
        try:
            async with limit:
                yield
        except TimeoutError:
            if limit.expired():
                raise error from None
            raise
        finally:
            del self._limits[job.key]

    def _left_to_wait(self, job: Job) -> timedelta:
        """Never longer than anybody waits, in case that the wall clock was set back."""
        left = job.deadline_at - self._dependencies.clock.now()
        return max(timedelta(), min(left, WAITING_MAX))

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

    async def _request(self, job: Job) -> ImageRequest:
        """The job's request, with the bytes of its starting image."""
        if job.image is None:
            return job.request
        image = await self._dependencies.pictures.read(job.image.sha256, job.image.type)
        return job.request.fitted({"image": image})

    async def _settle(self, job: Job, result: ImageResult) -> Job:
        """Record the bill, then files, then rows and money in one transaction; or discard the files
        and give up, with the bill, which is due. Raises nothing of its own.
        """
        files = [picture.sha256 for picture in result.pictures]
        try:
            async with self._dependencies.pictures.keeping(files):
                return await self._record_patiently(job, result)
        except Exception as error:
            log.exception("job %s is drawn and can't be kept", job.key)
            with suppress(OSError):
                await discard(result.pictures)
            bill, detail = result.cost_micros, type(error).__name__
            return await self._give_up(job, BackendUnkept(billed_micros=bill, detail=detail))

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
        async with self._judging, self._limit(job, JUDGING_MAX, Broken()):
            verdicts, looks = await self._dependencies.judge.verdicts(job)
        now = self._dependencies.clock.now()
        self._changed(await self._dependencies.store.jobs.judge(job.key, verdicts, now, looks))

    async def _give_up(self, job: Job, error: BotError) -> Job:
        """Close the row by what is known of the outcome; if that fails, the sweep does it later.

        Returns the job as it is known now.
        """
        if job.state is JobState.PRODUCED:
            log.error("job %s has no verdict yet", job.key, exc_info=error)
            with suppress(BotError):
                await self._dependencies.store.jobs.not_judged(
                    job.key, self._dependencies.clock.now()
                )
            return job
        try:
            job = await self._close(job, error)
            self._changed(job)
        except Conflict:
            await self._look_again(job.key)
        except BotError:
            log.exception("job %s could not be closed yet", job.key)
            self._unclosed[job.key] = job, error
            return job
        self._unclosed.pop(job.key, None)
        return job

    async def _close(self, job: Job, error: BotError) -> Job:
        """Report the bill, and close the job. Raises Conflict if it is closed already."""
        store, now = self._dependencies.store.jobs, self._dependencies.clock.now()
        drawn = isinstance(error, BackendUnkept)
        if isinstance(error, BackendFailed) and (error.billed_micros or drawn):
            await store.report_cost(job.key, error.billed_micros, now)
        return await store.fail(job.key, error, now)

    async def _close_the_unclosed(self) -> None:
        for job, error in list(self._unclosed.values()):
            await self._give_up(job, error)

    async def _look_again(self, key: str) -> None:
        """Whoever watches a job that somebody else has closed shall see that."""
        with suppress(BotError):
            self._changed(await self._dependencies.store.jobs.job(key))

    def _changed(self, job: Job) -> None:
        self._dependencies.progress.changed(job)
        self._dependencies.wake_cards()

    async def _end(self, keys: Iterable[str]) -> None:
        """Cancel the tasks of jobs and wait for their end. Their rows stay as they are."""
        found = [self._tasks.get(key) for key in keys]
        tasks = [task for task in found if task and task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


def _ticket(job: Job) -> Ticket:
    who = job.asker
    return Ticket(job.key, f"{who.platform}:{who.community}", who.person, work_of(job))
