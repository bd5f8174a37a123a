"""Who shows the progress of open jobs: seldom enough for a chat platform, and none under load."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from bot.domain.job_view import JobView
from bot.ports import Clock

# The first look at how far a job is, and each further one.
FIRST_S = 1.5
EVERY_S = 3.0
# With more jobs than this under way nobody's progress is shown: the results need the room.
JOBS_MAX = 20

# Best effort: False ends it, the result will be shown all the same.
Edit = Callable[[JobView], Awaitable[bool]]


@dataclass(slots=True)
class _Follow:
    """The lock is held while an edit is on its way."""

    task: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class ThrottledProgress:
    """At most one edit of a card in EVERY_S, the newest view; what came in between is dropped."""

    def __init__(self, watch: Callable[[str], AsyncIterator[JobView]], clock: Clock) -> None:
        self._watch = watch
        self._clock = clock
        self._follows: dict[str, _Follow] = {}

    def begin(self, view: JobView, edit: Edit) -> None:
        """Show how far a job is, unless it is shown already or too much goes on."""
        if view.key in self._follows:
            return
        follow = _Follow()
        self._follows[view.key] = follow
        if len(self._follows) <= JOBS_MAX:
            follow.task = asyncio.create_task(
                self._show(view.key, follow, edit), name=f"progress {view.public_id}"
            )

    async def end(self, key: str) -> None:
        """No edit of this card comes after this."""
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
