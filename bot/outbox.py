"""Sends what is due, each in a task: a slow platform or channel holds up only its own.

What is due is in the store, so that a restart goes on where this stopped. A lane is one channel of
a platform, or one community. What belongs to a platform that doesn't run waits there untouched.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Generic, Protocol, TypeVar

from bot.platforms import Platforms
from bot.ports import AwaitsRepair, Clock, Unreachable
from bot.store import Wanted

# Each may hold four pictures in memory.
PER_SURFACE = 24
PER_LANE = 4
# Lanes in which the last one timed out have a place each, and together a third of their platform.
PER_SLOW_LANE = 1
SLOW_PER_SURFACE = PER_SURFACE // 3
# Remembered, so that their number is bounded; the oldest are forgotten first.
SLOW_LANES_MAX = 1_000
# A platform whose connection is down and that takes nothing is tried again after this long, with
# one thing at a time; those that were tried are set aside meanwhile, for so many tries.
AWAY_S = 15.0
ASIDE_MAX = 1_000
SETTLE_S = 5.0
# About a day of attempts in all: longer than a platform's outage, and an end for a deleted channel.
ATTEMPTS_MAX = 24
BACKOFF_MAX = timedelta(hours=1)
# If nothing is due, it looks again after this long, or when woken.
IDLE_S = 5.0

log = logging.getLogger(__name__)


class Due(Protocol):
    """What is to be sent."""

    @property
    def id(self) -> int: ...
    @property
    def surface(self) -> str: ...
    @property
    def lane(self) -> str:
        """The channel or community, with its platform."""


T = TypeVar("T", bound=Due)


@dataclass(slots=True)
class _Outage:
    """A platform's connection is down, and what was tried failed; it counts against nobody."""

    until_s: float = 0.0
    aside: set[int] = field(default_factory=set)


class Outbox(ABC, Generic[T]):
    """One loop. A subclass says what is due, sends it, and notes what became of it."""

    def __init__(self, platforms: Platforms, clock: Clock, *, timeout_s: float) -> None:
        self._platforms = platforms
        self._clock = clock
        self._timeout_s = timeout_s
        self._woken = asyncio.Event()
        self._looking = asyncio.Lock()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._in_surface: Counter[str] = Counter()
        self._in_lane: Counter[str] = Counter()
        self._slow: dict[str, str] = {}  # lane → surface
        self._outages: dict[str, _Outage] = {}

    @abstractmethod
    async def _due(self, limit: int, wanted: Wanted) -> list[T]:
        """What is due and `wanted`, at most `limit` of each surface."""

    @abstractmethod
    async def _send(self, item: T) -> None:
        """Send it, and note that it was sent."""

    @abstractmethod
    async def _failed(self, item: T, trouble: Exception) -> None:
        """Note that it was not sent: it will be tried again, or given up."""

    def _surfaces(self) -> Iterable[str]:
        """Where anything may be sent now."""
        return [platform.name for platform in self._platforms]

    def wake(self) -> None:
        """Look now, as something has changed."""
        self._woken.set()

    async def run(self) -> None:
        """Send what is due until cancelled."""
        try:
            while True:
                self._woken.clear()
                try:
                    await self._begin_what_is_due()
                except Exception:
                    log.exception("the outbox stumbled; it goes on")
                with suppress(TimeoutError):
                    async with asyncio.timeout(IDLE_S):
                        await self._woken.wait()
        finally:
            for task in self._busy.values():
                task.cancel()

    async def settle(self) -> None:
        """Send what is due before the bot stops, for SETTLE_S at most."""
        try:
            async with asyncio.timeout(SETTLE_S):
                await self.flush()
        except TimeoutError:
            pass
        except Exception:
            log.exception("not all was sent before the stop; the next start goes on")

    async def flush(self) -> None:
        """Send what is due now, and wait for it.

        It ends where the store failed, as what can't be noted stays due and would be sent anew.
        """
        await self._begin_what_is_due()
        while self._busy:
            ended, _ = await asyncio.wait(list(self._busy.values()))
            if any(not task.cancelled() and task.exception() for task in ended):
                return
            await self._begin_what_is_due()

    async def _begin_what_is_due(self) -> None:
        """Start a task for what has none, as far as there are places."""
        async with self._looking:
            wanted = self._wanted()
            if not wanted.surfaces:
                return
            for item in await self._due(PER_SURFACE * PER_LANE, wanted):
                if self._has_place(item):
                    self._begin(item)

    def _wanted(self) -> Wanted:
        """What has a place now."""
        surfaces = [each for each in self._surfaces() if self._in_surface[each] < self._most(each)]
        aside = chain(*(outage.aside for outage in self._outages.values()))
        return Wanted(
            surfaces=surfaces,
            busy=[*self._busy, *aside],
            full=[lane for lane, count in self._in_lane.items() if count >= self._most_in(lane)],
            slow=list(self._slow),
            per_lane=PER_LANE,
        )

    def _most(self, surface: str) -> int:
        """How many may be sent at once there."""
        outage = self._outages.get(surface)
        if outage is None or self._is_up(surface):
            self._outages.pop(surface, None)
            return PER_SURFACE
        return 0 if self._clock.monotonic() < outage.until_s else 1

    def _most_in(self, lane: str) -> int:
        return PER_SLOW_LANE if lane in self._slow else PER_LANE

    def _has_place(self, item: T) -> bool:
        if item.lane in self._slow and self._slow_in(item.surface) >= SLOW_PER_SURFACE:
            return False
        return self._in_surface[item.surface] < self._most(item.surface) and self._in_lane[
            item.lane
        ] < self._most_in(item.lane)

    def _slow_in(self, surface: str) -> int:
        """Places that slow lanes have there."""
        slow = (lane for lane, where in self._slow.items() if where == surface)
        return sum(self._in_lane.get(lane, 0) for lane in slow)

    def _begin(self, item: T) -> None:
        task = asyncio.create_task(self._try(item))
        self._busy[item.id] = task
        self._in_surface[item.surface] += 1
        self._in_lane[item.lane] += 1
        task.add_done_callback(partial(self._done, item))

    def _done(self, item: T, task: asyncio.Task[None]) -> None:
        del self._busy[item.id]
        self._in_surface[item.surface] -= 1
        self._in_lane[item.lane] -= 1
        if not self._in_lane[item.lane]:
            del self._in_lane[item.lane]
        if task.cancelled():
            return
        if trouble := task.exception():  # the store failed; the next round tries again
            log.error("%s %d: %r", item.surface, item.id, trouble)
        else:
            self.wake()

    async def _try(self, item: T) -> None:
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._send(item)
        except Exception as trouble:  # noqa: BLE001  (whatever a platform throws is tried again)
            if isinstance(trouble, TimeoutError):
                self._note_slow(item)
            if isinstance(trouble, Unreachable | AwaitsRepair) or self._is_up(item.surface):
                await self._failed(item, trouble)
            else:
                self._note_outage(item, trouble)
        else:
            self._slow.pop(item.lane, None)
            self._outages.pop(item.surface, None)

    def _note_outage(self, item: T, trouble: Exception) -> None:
        log.info("%s is away: %r", item.surface, trouble)
        outage = self._outages.setdefault(item.surface, _Outage())
        outage.until_s = self._clock.monotonic() + AWAY_S
        if len(outage.aside) >= ASIDE_MAX:
            outage.aside.clear()
        outage.aside.add(item.id)

    def _note_slow(self, item: T) -> None:
        self._slow.pop(item.lane, None)
        self._slow[item.lane] = item.surface
        if len(self._slow) > SLOW_LANES_MAX:
            del self._slow[next(iter(self._slow))]

    def _is_up(self, surface: str) -> bool:
        """False while the connection to a platform is known to be down, or it was switched off."""
        return (platform := self._platforms.find(surface)) is None or platform.is_up


def retry_at(failed: int, now: datetime) -> datetime | None:
    """When to try again after attempt `failed` (from 0) has failed; None is never again."""
    if failed + 1 >= ATTEMPTS_MAX:
        return None
    return now + min(timedelta(seconds=2**failed), BACKOFF_MAX)
