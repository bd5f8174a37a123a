"""The outbox: brings every card up to its job's revision.

Delivery, approval a week later and removal are one mechanism. Attempts are bounded and backed
off; a restart goes on where this stopped.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from bot.domain.job import Job
from bot.domain.job_view import JobView
from bot.platforms import Platforms
from bot.ports import Address, Clock, Unreachable
from bot.retry import retry_at
from bot.store import DueCard, Store

AT_ONCE = 16
SHOW_TIMEOUT_S = 90.0
SETTLE_S = 5.0
# If nothing is due, it looks again after this long, or when woken.
IDLE_S = 5.0

log = logging.getLogger(__name__)


class CardOutbox:
    """One loop over what is due. A surface that is switched off keeps its cards waiting."""

    def __init__(
        self,
        store: Store,
        platforms: Platforms,
        view: Callable[[Job], Awaitable[JobView]],
        clock: Clock,
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._view = view
        self._clock = clock
        self._woken = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Look for due cards now, as something has changed."""
        self._woken.set()

    async def run(self) -> None:
        """Show due cards until cancelled, each in a task, so that none waits for another."""
        try:
            while True:
                self._woken.clear()
                try:
                    await self._begin_what_is_due()
                except Exception:
                    log.exception("the outbox stumbled; it goes on")
                await self._rest()
        finally:
            for task in self._busy.values():
                task.cancel()

    async def settle(self) -> None:
        """Show what is due before the bot stops, for SETTLE_S at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_S):
                await self._begin_what_is_due()
                while self._busy:
                    await asyncio.wait(list(self._busy.values()))

    async def _begin_what_is_due(self) -> None:
        """Start a task for each due card that has none, up to AT_ONCE tasks."""
        due = await self._store.cards.due(self._clock.now(), AT_ONCE + len(self._busy))
        for card in due:
            if card.id not in self._busy and len(self._busy) < AT_ONCE:
                task = asyncio.create_task(self._bring_up_to_date(card))
                self._busy[card.id] = task
                task.add_done_callback(partial(self._done, card.id))

    def _done(self, card: int, task: asyncio.Task[None]) -> None:
        del self._busy[card]
        if task.cancelled():
            return
        if trouble := task.exception():  # the store failed; the next round tries again
            log.error("card %d: %r", card, trouble)
        else:
            self.wake()

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE_S):
                await self._woken.wait()

    async def _bring_up_to_date(self, card: DueCard) -> None:
        try:
            async with asyncio.timeout(SHOW_TIMEOUT_S):
                await self._show(card)
        except Unreachable as gone:
            await self._store.cards.failed(card.id, str(gone), None)
        except Exception as trouble:  # noqa: BLE001  (whatever a platform throws is tried again)
            log.warning("card %d on %s: %r", card.id, card.surface, trouble)
            again_at = retry_at(card.attempts, self._clock.now())
            await self._store.cards.failed(card.id, type(trouble).__name__, again_at)

    async def _show(self, card: DueCard) -> None:
        surface = self._platforms.surface(card.surface)
        if surface is None:
            raise SwitchedOff(card.surface)
        if card.withdraw:
            await surface.withdraw(card.address)
            await self._store.cards.withdrawn(card.id)
            return
        view = await self._view(await self._store.jobs.job(card.job))

        async def checkpoint(address: Address) -> None:
            await self._store.cards.checkpoint(card.id, address)

        await surface.show(card.address, view, checkpoint)
        await self._store.cards.shown(card.id, view.revision)


class SwitchedOff(Exception):
    """No adapter of that name runs now."""
