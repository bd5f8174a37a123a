"""What people make of a result: favourites, and reports for the moderators."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.asker import OUTSIDER, Asker
from bot.domain.case import REASON_MAX_CHARS, Category
from bot.domain.job import Job
from bot.domain.job_view import JobView, Phase
from bot.errors import Conflict, NotYours
from bot.jobs.access import visible_job
from bot.jobs.drafts import CardPlace
from bot.jobs.progress import ProgressTracker
from bot.ports import Clock
from bot.store import Store

FAVOURITES_SHOWN = 25


class Reactions:
    """Raises NotFound and NotYours for what `asker` may not see."""

    def __init__(
        self,
        store: Store,
        progress: ProgressTracker,
        clock: Clock,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """`wake` tells the outboxes that something is due."""
        self._wake = wake
        self._store = store
        self._progress = progress
        self._clock = clock

    async def favour(self, asker: Asker, public_id: str) -> bool:
        """Make a result a favourite, or none again. Returns whether it is one now."""
        job = await self._job(asker, public_id)
        return await self._store.chat.favour(asker, job.key, self._clock.now())

    async def share(self, asker: Asker, public_id: str, card: CardPlace) -> bool:
        """Show one's own private result to everybody at `card`; False if it was shared before.

        Raises NotYours, and Conflict for what isn't there to be seen.
        """
        job = await self._job(asker, public_id)
        if job.asker.person != asker.person:
            raise NotYours
        if (await self._progress.view(job)).phase is not Phase.DONE:
            raise Conflict("open" if job.is_unfinished else "in_review")
        new = await self._store.chat.publish(job.key, card.surface, card.address, self._clock.now())
        self._wake()
        return new

    async def favourites(self, asker: Asker) -> tuple[JobView, ...]:
        """The asker's favourites, the newest first."""
        jobs = await self._store.chat.favourites(asker, FAVOURITES_SHOWN)
        return tuple([await self._progress.view(job) for job in jobs])

    async def report(
        self, asker: Asker, public_id: str, reason: str, category: Category = Category.OTHER
    ) -> bool:
        """Tell the moderators of a result; False when `asker` has told them before.

        Enough people with standing, or one of the gravest category, hide it at once. From outside
        there is one report of each category for each result. Raises Conflict when these are
        too many.
        """
        job = await self._job(asker, public_id)
        if asker.is_outsider:
            asker = replace(asker, person=f"{OUTSIDER}:{category}")
        words = reason.strip()[:REASON_MAX_CHARS]
        now = self._clock.now()
        case = await self._store.cases.report(asker, job.key, words, category, now)
        if case is not None:
            self._wake()
        return case is not None

    async def _job(self, asker: Asker, public_id: str) -> Job:
        return await visible_job(self._store.jobs, asker, public_id)
