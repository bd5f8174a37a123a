"""Edits cards to show progress: seldom enough for a chat platform, and not under load."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from bot.domain.job_view import JobView
from bot.ports import Clock

# The time until the first edit of a card, and between further ones.
FIRST_S = 1.5
EVERY_S = 3.0
# With more jobs than this no progress is shown, so that edits don't hold up the results.
JOBS_MAX = 20

# Edits a card. False ends the job's progress; its result is shown by the outbox all the same.
Edit = Callable[[JobView], Awaitable[bool]]


@dataclass(slots=True)
class _Follow:
    """One job's progress. The lock is held during an edit."""

    task: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class ThrottledProgress:
    """At most one edit of a card in EVERY_S, the newest view; what came in between is dropped."""

    def __init__(self, watch: Callable[[str], AsyncIterator[JobView]], clock: Clock) -> None:
        self._watch = watch
        self._clock = clock
        self._follows: dict[str, _Follow] = {}

    def begin(self, view: JobView, edit: Edit) -> None:
        """Start showing a job's progress, unless it is shown already or JOBS_MAX others are."""
        if view.key in self._follows:
            return
        follow = _Follow()
        self._follows[view.key] = follow
        if len(self._follows) <= JOBS_MAX:
            follow.task = asyncio.create_task(
                self._show(view.key, follow, edit), name=f"progress {view.public_id}"
            )

    async def end(self, key: str) -> None:
        """Stop; no edit of this card is made after this has returned."""
        follow = self._follows.pop(key, None)
        if follow is None:
            return
        async with follow.lock:  # an edit that is on its way arrives first
            if follow.task is not None:
                follow.task.cancel()
        if follow.task is not None:
            await asyncio.wait([follow.task])

    async def close(self) -> None:
        for key in tuple(self._follows):
            await self.end(key)

    async def _show(self, key: str, follow: _Follow, edit: Edit) -> None:
        await self._clock.sleep(FIRST_S)
        async for view in self._watch(key):
            if view.phase.is_final:
                return
            if len(self._follows) <= JOBS_MAX:
                async with follow.lock:
                    if not await edit(view):
                        return
            await self._clock.sleep(EVERY_S)
