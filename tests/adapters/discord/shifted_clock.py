"""The machine's clock, set forward by a test: a token dies, and sleeps last as long as ever."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


class ShiftedClock:
    """Implements ports.Clock."""

    def __init__(self) -> None:
        self._by = timedelta()

    def shift(self, by: timedelta) -> None:
        self._by += by

    def now(self) -> datetime:
        return datetime.now(UTC) + self._by

    def monotonic(self) -> float:
        return time.monotonic() + self._by.total_seconds()

    async def sleep(self, delay_s: float) -> None:
        await asyncio.sleep(delay_s)


class Patient(ShiftedClock):
    """Waits as long as it is told; after a platform's refusal, until the test lets go."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = 0
        self.go_on = asyncio.Event()

    async def sleep(self, delay_s: float) -> None:
        if not 900 <= delay_s <= 1_080:
            await super().sleep(delay_s)
            return
        self.waits += 1
        await self.go_on.wait()
