"""The loops that run beside the jobs: none of them ends unnoticed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.ports import Alerts, Clock
from bot.tasks import how_it_ended

# The pause before a loop that ended is begun again; it doubles with each short life.
AGAIN_S = 1.0
AGAIN_MAX_S = 60.0
# A loop that ran this long counts as steady: the next pause is the shortest again.
STEADY_S = 120.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loop:
    """What runs until it is cancelled; `may_return` where there may be nothing to do."""

    name: str
    run: Callable[[], Awaitable[object]]
    may_return: bool = False


class Loops:
    """Runs loops, each in a task, and begins one that ended again after a growing pause."""

    def __init__(self, clock: Clock, alerts: Alerts) -> None:
        self._clock = clock
        self._alerts = alerts
        self._tasks: list[asyncio.Task[None]] = []
        self._down: set[str] = set()

    @property
    def down(self) -> AbstractSet[str]:
        """The names of loops that ended and were not begun again yet."""
        return self._down

    def start(self, loop: Loop) -> None:
        self._tasks.append(asyncio.create_task(self._keep(loop), name=loop.name))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def _keep(self, loop: Loop) -> None:
        pause_s = AGAIN_S
        while True:
            began_s = self._clock.monotonic()
            trouble = await how_it_ended(loop.run)
            if trouble is None and loop.may_return:
                return
            if self._clock.monotonic() - began_s >= STEADY_S:
                pause_s = AGAIN_S
            self._down.add(loop.name)
            log.error("the loop of %s ended; it begins again", loop.name, exc_info=trouble)
            text = f"The loop of {loop.name} ended and is begun again; the log says why."
            await self._alerts.alert(f"loop:{loop.name}", text)
            await self._clock.sleep(pause_s)
            pause_s = min(2 * pause_s, AGAIN_MAX_S)
            self._down.remove(loop.name)
