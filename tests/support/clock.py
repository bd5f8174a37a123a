"""The one clock that tests bring."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

# What adding up fractions of a second may be off by.
ROUNDING_S = 1e-6
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class FakeClock:
    """Implements ports.Clock. It stands still until a test moves it, and wakes who slept so long.

    With `auto`, whoever sleeps moves it. With `runs` it goes as the machine's does, `hurry` times
    as fast for those who sleep, `speed` times as fast for all; moved by a test, it wakes nobody
    unless `wakes`.
    """

    def __init__(
        self,
        start: datetime | None = None,
        *,
        auto: bool = False,
        runs: bool = False,
        wakes: bool = False,
        hurry: float = 1.0,
        speed: float = 1.0,
    ) -> None:
        self._speed = speed
        self._start = start or (datetime.now(UTC) if runs else NOON)
        self._began_s = time.monotonic()
        self._moved_s = 0.0
        self._jumped = timedelta()
        self._moved = asyncio.Event()
        self._auto = auto
        self._runs = runs
        self._wakes = wakes or not runs
        self._hurry = hurry
        self._sleeping: list[float] = []
        self.slept_s: list[float] = []  # what everybody asked for

    def now(self) -> datetime:
        return self._start + self._jumped + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        ran_s = (time.monotonic() - self._began_s) * self._speed
        return self._moved_s + (ran_s if self._runs else 0.0)

    async def sleep(self, delay_s: float) -> None:
        self.slept_s.append(delay_s)
        if self._auto:
            self.advance(delay_s)
            await asyncio.sleep(0)
            return
        self._sleeping.append(delay_s)
        try:
            rest_s = delay_s / self._hurry
            if self._wakes:
                await self._sleep_until(self.monotonic() + rest_s)
            else:
                await asyncio.sleep(rest_s / self._speed)
        finally:
            self._sleeping.remove(delay_s)

    async def _sleep_until(self, until_s: float) -> None:
        while (left_s := until_s - self.monotonic()) > ROUNDING_S:
            with suppress(TimeoutError):
                async with asyncio.timeout(left_s / self._speed if self._runs else None):
                    await self._moved.wait()

    def sleeps(self, delay_s: float) -> bool:
        """Whether somebody sleeps now who asked for just so long."""
        return delay_s in self._sleeping

    def advance(self, by: timedelta | float) -> None:
        """Set it forward, by a span or by seconds."""
        self._moved_s += by.total_seconds() if isinstance(by, timedelta) else by
        self._moved.set()
        self._moved = asyncio.Event()

    def jump(self, by: timedelta) -> None:
        """Set only the wall clock, to and fro, as the machine's is set while everything runs."""
        self._jumped += by


class Patient(FakeClock):
    """Waits as long as it is told; after a platform's refusal, until the test lets go."""

    def __init__(self) -> None:
        super().__init__(runs=True)
        self.waits = 0
        self.go_on = asyncio.Event()

    async def sleep(self, delay_s: float) -> None:
        if not 900 <= delay_s <= 1_080:
            await super().sleep(delay_s)
            return
        self.waits += 1
        await self.go_on.wait()
