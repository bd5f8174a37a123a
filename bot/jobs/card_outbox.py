"""The outbox of cards: brings every card up to its job's revision.

Delivery, approval a week later and removal are one mechanism. Attempts are bounded and backed
off; a restart goes on where this stopped.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.domain.job import Job
from bot.domain.job_view import JobView
from bot.outbox import Outbox, retry_at
from bot.platforms import Platforms
from bot.ports import Address, AwaitsRepair, Clock, Deleted, Unreachable
from bot.store import DueCard, Store, Wanted

SHOW_TIMEOUT_S = 90.0
# What waits until somebody mends something is looked at again after this long; that is no attempt.
REPAIRED_AGAIN = timedelta(minutes=5)
REMOVED_AGAIN = timedelta(hours=1)

log = logging.getLogger(__name__)


class CardOutbox(Outbox[DueCard]):
    """A surface that is switched off keeps its cards waiting."""

    def __init__(
        self,
        store: Store,
        platforms: Platforms,
        view: Callable[[Job], Awaitable[JobView]],
        clock: Clock,
    ) -> None:
        super().__init__(platforms, clock, timeout_s=SHOW_TIMEOUT_S)
        self._store = store
        self._view = view

    async def _due(self, limit: int, wanted: Wanted) -> list[DueCard]:
        return await self._store.cards.due(self._clock.now(), limit, wanted)

    async def _send(self, item: DueCard) -> None:
        surface = self._platforms.surface(item.surface)
        if surface is None:  # switched off just now
            return
        if item.withdraw:
            await surface.withdraw(item.address)
            await self._store.cards.withdrawn(item.id)
            return
        view = await self._view(await self._store.jobs.job(item.job))

        hangs_at = item.address

        async def checkpoint(address: Address) -> None:
            nonlocal hangs_at
            hangs_at = address
            await self._store.cards.checkpoint(item.id, address)

        await surface.show(item.address, view, checkpoint)
        ended = None
        if view.phase.is_final:
            url = self._platforms.link(item.surface, hangs_at)
            ended = {"job": view.public_id, "phase": view.phase.value, "url": url}
        await self._store.cards.shown(item.id, view.revision, ended)

    async def _failed(self, item: DueCard, trouble: Exception) -> None:
        if isinstance(trouble, Deleted):
            await self._store.cards.deleted(item.id, self._clock.now())
            return
        if isinstance(trouble, Unreachable):
            await self._store.cards.failed(item.id, str(trouble), None)
            return
        log.warning("card %d on %s: %r", item.id, item.surface, trouble)
        now = self._clock.now()
        if isinstance(trouble, AwaitsRepair):
            again = REMOVED_AGAIN if item.withdraw else REPAIRED_AGAIN
            await self._store.cards.awaits_repair(item.id, trouble.why, now + again, now)
            return
        again_at = retry_at(item.attempts, now)
        await self._store.cards.failed(item.id, type(trouble).__name__, again_at)
