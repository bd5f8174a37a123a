"""Edits cards to show how far they are: each in its turn, and seldom enough for a chat platform."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.domain.job_view import JobView, Phase
from bot.errors import BotError
from bot.ports import Clock, Deleted

# The time until the first edit of a card, and between further ones.
FIRST_S = 1.5
EVERY_S = 3.0
# Cards edited within EVERY_S: with more open jobs than this, each waits longer for its turn.
JOBS_MAX = 20
# After each failure in a row the pause doubles, up to so often: 48 s.
DOUBLINGS_MAX = 4

# Edits a card. False if that failed; raises Deleted where the card is gone.
Edit = Callable[[JobView], Awaitable[bool]]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Follow:
    """One job's progress. The lock is held during an edit."""

    task: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class ThrottledProgress:
    """Shows the newest view of every open job in turn; what came in between is dropped.

    `abandon` ends a job that waits while its card is deleted.
    """

    def __init__(
        self,
        newest: Callable[[str], Awaitable[JobView]],
        abandon: Callable[[str], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self._newest = newest
        self._abandon = abandon
        self._clock = clock
        self._follows: dict[str, _Follow] = {}
        self._next_turn_s = 0.0

    def begin(self, view: JobView, edit: Edit) -> None:
        """Start showing a job's progress, unless it is shown already."""
        if view.key in self._follows:
            return
        follow = self._follows[view.key] = _Follow()
        follow.task = asyncio.create_task(
            self._show(view.key, follow, edit), name=f"progress {view.public_id}"
        )

    async def end(self, key: str) -> None:
        """Stop; no edit of this card is made after this has returned."""
        follow = self._follows.pop(key, None)
        if follow is None or follow.task is None:
            return
        async with follow.lock:  # an edit that is on its way arrives first
            follow.task.cancel()
        await asyncio.wait([follow.task])

    async def close(self) -> None:
        for key in tuple(self._follows):
            await self.end(key)

    async def _show(self, key: str, follow: _Follow, edit: Edit) -> None:
        failures, pause_s = 0, FIRST_S
        try:
            while True:
                await self._clock.sleep(pause_s)
                await self._turn()
                view = await self._newest(key)
                if view.phase.is_final:
                    return
                async with follow.lock:
                    failures = 0 if await self._edited(view, edit) else failures + 1
                pause_s = EVERY_S * 2 ** min(failures, DOUBLINGS_MAX)
        except (Deleted, BotError) as error:
            log.info("progress of job %s is not shown any more: %r", key, error)
        finally:
            if self._follows.get(key) is follow:
                del self._follows[key]

    async def _edited(self, view: JobView, edit: Edit) -> bool:
        try:
            return await edit(view)
        except Deleted:
            if view.phase is Phase.WAITING:
                try:
                    await self._abandon(view.key)
                except BotError:
                    return False  # the next edit finds it deleted again
            raise

    async def _turn(self) -> None:
        """Wait until one more card may be edited; whoever asks first is first."""
        now_s = self._clock.monotonic()
        turn_s = max(now_s, self._next_turn_s)
        self._next_turn_s = turn_s + EVERY_S / JOBS_MAX
        if turn_s > now_s:
            await self._clock.sleep(turn_s - now_s)
