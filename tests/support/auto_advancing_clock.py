"""A clock that stands until somebody moves it; sleeping moves it and is remembered."""

import asyncio
from datetime import UTC, datetime, timedelta

STARTED_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class AutoAdvancingClock:
    def __init__(self) -> None:
        self.at_s = 1_000.0
        self.slept_s: list[float] = []

    def now(self) -> datetime:
        return STARTED_AT + timedelta(seconds=self.at_s - 1_000.0)

    def monotonic(self) -> float:
        return self.at_s

    async def sleep(self, delay_s: float) -> None:
        self.slept_s.append(delay_s)
        self.at_s += delay_s
        await asyncio.sleep(0)
