"""Tells the admins of a community when half, four fifths and all of a budget are used."""

import logging
from collections.abc import Callable, Iterable

from bot.domain.budgets import Balance, period
from bot.domain.job import Job, JobState
from bot.jobs.admission import Admission
from bot.platforms import Platforms
from bot.ports import Clock
from bot.store import ChatStore

PERCENTS = (100, 80, 50)

log = logging.getLogger(__name__)


class BudgetWatch:
    """Announces the highest step that a budget has reached, each step once in a window.

    It goes through the outbox of notices, so that a restart or a platform's outage doesn't lose
    it.
    """

    def __init__(
        self,
        admission: Admission,
        store: ChatStore,
        platforms: Platforms,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._admission = admission
        self._store = store
        self._platforms = platforms
        self._clock = clock
        self._wake = wake

    async def look(self, job: Job) -> None:
        """Warn after `job` was paid for. Never raises, so that a warning can't fail a job."""
        announcer = self._platforms.announcer(job.asker.platform)
        if announcer is None or job.state is not JobState.PRODUCED or not job.cost_micros:
            return
        try:
            quota = await self._admission.quota(job.asker)
            for balance, percent in warnings(quota.windows):
                await self._warn(balance, percent)
        except Exception:
            log.exception("nobody could be told of a budget")

    async def _warn(self, balance: Balance, percent: int) -> None:
        """Queue the warning, unless it or a higher one was said in this window."""
        now, gate = self._clock.now(), balance.gate
        window = period(gate.window, now, gate.timezone)
        place = f"budget:{gate.platform}:{gate.community}:{window.name}"
        topics = [f"{place}:{each}" for each in PERCENTS if each <= percent]
        detail = {
            "window": gate.window,
            "percent": str(percent),
            "used_micros": str(balance.posted_micros),
            "limit_micros": str(balance.limit_micros or 0),
            "opens_at": balance.closes_at.isoformat() if balance.closes_at else "",
        }
        if await self._store.warn(gate, topics, detail, now):
            self._wake()


def warnings(balances: Iterable[Balance]) -> Iterable[tuple[Balance, int]]:
    """The budgets of the community that are used to at least half, and how far."""
    for balance in balances:
        if balance.level != "community" or not balance.limit_micros:
            continue
        used = 100 * balance.posted_micros // balance.limit_micros
        reached = next((percent for percent in PERCENTS if used >= percent), None)
        if reached is not None:
            yield balance, reached
