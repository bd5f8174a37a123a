"""The connection to a chat platform: opened again whatever ended it, and watched.

An adapter brings one attempt, `live`, which lasts from the login until the connection ends; here it
is decided when the next one is made. The owner is alerted of an outage that lasts, and /health
shows it; one that a new attempt mends is only in the log.
"""

import asyncio
import logging
import random
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.errors import Misconfigured
from bot.ports import Alerts, Clock
from bot.tasks import how_it_ended

# Pauses before further attempts; the last one repeats. Discord allows a thousand new sessions a
# day: https://docs.discord.com/developers/events/gateway#session-start-limit-object
PAUSES_S = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0)
# After a refusal: the fault may be mended at the platform, or the platform may have erred.
REFUSED_PAUSE_S = 900.0
# A pause is longer by up to this factor, so that several bots don't come at the same moment.
JITTER_MAX = 1.2
# A connection that was up for this long counts as steady: pauses begin with the shortest again.
STEADY_S = 60.0
# The owner is alerted of an outage this long; the longest pause alone is one.
PATIENCE_S = 120.0
LOOK_EVERY_S = 5.0
# The bot's start waits this long for the platform's first answer, then goes on without it.
START_TIMEOUT_S = 15.0
END_S = 5.0
_SILENT = "The log may say more."

log = logging.getLogger(__name__)


class Lost(Exception):
    """The connection ended. The text says why; it is logged, and the owner reads it."""


def told(error: BaseException) -> str:
    """Type and place of an error that nobody expected.

    Its text is left out: it may hold what somebody wrote, or an address with a ticket.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


class Connection:
    """`platform` is the name that people read: "Discord"."""

    def __init__(self, platform: str, *, alerts: Alerts, clock: Clock, rng: random.Random) -> None:
        self._platform = platform
        self._alerts = alerts
        self._clock = clock
        self._rng = rng
        self._is_up: Callable[[], bool] = lambda: False
        self._was_up = False
        self._changed_at = clock.now()
        self._changed_s = clock.monotonic()
        self._failures = 0  # attempts that ended since it was last steady
        self._why = _SILENT
        self._owner_knows = False
        self._starting = True
        self._tried = asyncio.Event()  # one attempt has ended

    @asynccontextmanager
    async def kept(
        self, live: Callable[[], Awaitable[None]], is_up: Callable[[], bool], heard: asyncio.Event
    ) -> AsyncIterator[None]:
        """Stay connected, or keep trying, until the block ends; `heard` is the first answer.

        Nothing that a platform does ends the block, nor what else the bot serves: a refusal is told
        to the owner and tried again, also at the start.
        """
        self._is_up = is_up
        keeping = asyncio.create_task(self._keep(live), name=self._platform)
        watching = asyncio.create_task(self._watch(), name=f"watching {self._platform}")
        try:
            await self._first_word(heard)
            yield
        finally:
            await _end(keeping, watching)

    # What /health shows to everybody.

    @property
    def is_down(self) -> bool:
        """Whether it has been away for PATIENCE_S or longer."""
        return not self._look() and self._lasted_s() >= PATIENCE_S

    @property
    def is_up(self) -> bool:
        return self._look()

    @property
    def is_starting(self) -> bool:
        """Whether the platform's first answer is still waited for."""
        return self._starting

    def state(self) -> Mapping[str, str]:
        """`up`, `connecting` or `down`, and since when."""
        up = self._look()
        name = "up" if up else "down" if self.is_down else "connecting"
        return {"state": name, "since": self._changed_at.isoformat(timespec="seconds")}

    @property
    def why(self) -> str:
        """For the owner: why it is away and what to do about it, "" while it is up."""
        return "" if self._look() else self._why

    def _look(self) -> bool:
        self._note(up=self._is_up())
        return self._was_up

    def _note(self, *, up: bool) -> None:
        if up != self._was_up:
            self._was_up = up
            self._changed_at, self._changed_s = self._clock.now(), self._clock.monotonic()

    def _lasted_s(self) -> float:
        return self._clock.monotonic() - self._changed_s

    # Attempts, one after the other.

    async def _keep(self, live: Callable[[], Awaitable[None]]) -> None:
        while True:
            end = await how_it_ended(live) or Lost("it was closed")
            self._note(up=False)
            if isinstance(end, Misconfigured):
                pause_s = await self._refused(end)
            else:
                pause_s = self._broke(end)
            self._tried.set()
            await self._clock.sleep(pause_s * self._rng.uniform(1.0, JITTER_MAX))

    async def _refused(self, refusal: Misconfigured) -> float:
        self._why = " ".join(refusal.problems)
        log.critical("%s It is tried again in %d min.", self._why, REFUSED_PAUSE_S / 60)
        await self._tell_owner()
        return REFUSED_PAUSE_S

    def _broke(self, end: BaseException) -> float:
        why = str(end) if isinstance(end, Lost) else told(end)
        self._why = f"The last attempt ended with: {why}."
        pause_s = PAUSES_S[min(self._failures, len(PAUSES_S) - 1)]
        log.warning("the connection to %s broke (%s); again in %d s", self._platform, why, pause_s)
        self._failures += 1
        return pause_s

    async def _first_word(self, heard: asyncio.Event) -> None:
        words = [asyncio.create_task(event.wait()) for event in (heard, self._tried)]
        try:
            await asyncio.wait(words, timeout=START_TIMEOUT_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for word in words:
                word.cancel()
        self._starting = False

    # Telling the owner.

    async def _watch(self) -> None:
        """Look from outside: an attempt may hang, and an SDK may reconnect without telling us."""
        while True:
            await self._clock.sleep(LOOK_EVERY_S)
            if self.is_down:
                await self._tell_owner()
            elif self._was_up and self._lasted_s() >= STEADY_S:
                await self._recovered()

    async def _tell_owner(self) -> None:
        """May be called at every look: `Alerts` repeats a topic once an hour at most."""
        self._owner_knows = True
        text = f"{self._platform} is not connected, and nobody is answered there. {self._why}"
        await self._alerts.alert(f"{self._platform.lower()}_down", text)

    async def _recovered(self) -> None:
        self._failures, self._why = 0, _SILENT
        if self._owner_knows:
            self._owner_knows = False
            text = f"{self._platform} is connected again."
            await self._alerts.alert(f"{self._platform.lower()}_up", text)


async def _end(*tasks: asyncio.Task[None]) -> None:
    """Cancel twice: closing a connection after the first may wait for the other side."""
    for _ in range(2):
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=END_S)
