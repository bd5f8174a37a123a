"""Tells the admins of a community when half, four fifths and all of a budget are used."""

import logging
from collections.abc import Iterable, Mapping

from bot.admission import Admission
from bot.books import Balance, ChatBooks
from bot.budgets import period
from bot.job import Job, JobState
from bot.ports import Announcer, Clock
from bot.wording import budget_warning

PERCENTS = (100, 80, 50)

log = logging.getLogger(__name__)


class BudgetWatch:
    """Each warning is said once in a window; the highest one that holds is said."""

    def __init__(
        self,
        admission: Admission,
        books: ChatBooks,
        announcers: Mapping[str, Announcer],
        clock: Clock,
    ) -> None:
        self._admission = admission
        self._books = books
        self._announcers = announcers
        self._clock = clock

    async def look(self, job: Job) -> None:
        """After a job was paid for. Never raises: a warning is no reason to lose a picture."""
        announcer = self._announcers.get(job.asker.platform)
        if announcer is None or job.state is not JobState.PRODUCED or not job.cost_micros:
            return
        try:
            quota = await self._admission.quota(job.asker)
            for balance, percent in warnings(quota.windows):
                if await self._is_news(balance, percent):
                    words = budget_warning(balance, percent, platform=job.asker.platform)
                    await announcer.announce(job.asker.community, words)
        except Exception:
            log.exception("nobody could be told of a budget")

    async def _is_news(self, balance: Balance, percent: int) -> bool:
        """Whether neither this nor a higher warning was said in this window."""
        now = self._clock.now()
        gate = balance.gate
        window = period(gate.window, now, gate.timezone)
        place = f"budget:{gate.platform}:{gate.community}:{window.name}"
        news = False
        for each in (p for p in PERCENTS if p <= percent):
            first = await self._books.tell_once(f"{place}:{each}", now)
            news = news or (first and each == percent)
        return news


def warnings(balances: Iterable[Balance]) -> Iterable[tuple[Balance, int]]:
    """The budgets of the community that are used to at least half, and how far."""
    for balance in balances:
        if balance.level != "community" or not balance.limit_micros:
            continue
        used = 100 * balance.posted_micros // balance.limit_micros
        reached = next((percent for percent in PERCENTS if used >= percent), None)
        if reached is not None:
            yield balance, reached
