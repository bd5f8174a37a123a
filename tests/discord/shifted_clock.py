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
