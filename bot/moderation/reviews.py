"""What moderators do with cases: look at them, claim them, decide them."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.domain.asker import Asker
from bot.domain.case import REASON_MAX_CHARS, Case, Decision
from bot.domain.job import Job
from bot.moderation.case_reader import CaseReader
from bot.moderation.judge import Judge
from bot.platforms import Platforms
from bot.ports import Clock, Pictures
from bot.store import Store

# A moderator waits for hashes this long at most; a picture takes about 30 ms.
HASHING_TIMEOUT_S = 1.5

log = logging.getLogger(__name__)


class Reviews(CaseReader):
    """Deciding about cases; it needs the same rights as reading them."""

    def __init__(
        self,
        *,
        store: Store,
        pictures: Pictures,
        platforms: Platforms,
        judge: Judge,
        clock: Clock,
        wake: Callable[[], None],
        changed: Callable[[Job], None],
    ) -> None:
        super().__init__(store, pictures, clock)
        self._platforms = platforms
        self._judge = judge
        self._wake = wake
        self._changed = changed

    async def claim(self, asker: Asker, case_id: str) -> Case:
        """Reserve a case to oneself for CLAIM. Raises Conflict, NotYours."""
        case = await self.case(asker, case_id)
        return self._heard(await self._store.cases.claim(case.id, asker, self._clock.now()))

    async def release(self, asker: Asker, case_id: str) -> Case:
        case = await self.case(asker, case_id)
        return self._heard(await self._store.cases.release(case.id, asker, self._clock.now()))

    async def decide(
        self, asker: Asker, case_id: str, decision: Decision, reason: str = ""
    ) -> Case:
        """Decide a case, once; it takes effect after GRACE, an escalation at once.

        Raises Conflict when somebody else was faster, NotYours for one's own case, NotAllowed for
        a second look at one's own decision.
        """
        case = await self.case(asker, case_id)
        words = reason.strip()[:REASON_MAX_CHARS]
        now = self._clock.now()
        if decision.removes or decision is Decision.ESCALATE:
            await self._keep_hashes(case, now)
        decided, jobs = await self._store.cases.decide(case.id, decision, words, asker, now)
        for job in jobs:
            self._changed(job)
        self._wake()
        return self._heard(decided)

    async def _keep_hashes(self, case: Case, now: datetime) -> None:
        """Store hashes within HASHING_TIMEOUT_S; a hanging classifier must not delay a removal."""
        if case.job is None:
            return
        job = await self._store.jobs.job(case.job)
        try:
            async with asyncio.timeout(HASHING_TIMEOUT_S):
                await self._judge.keep_hashes(job, [p.number for p in case.pictures], now)
        except TimeoutError:
            log.warning("case %s is decided without hashes: its repeats are not known", case.id)

    async def take_back(self, asker: Asker, case_id: str) -> Case:
        """Undo one's own decision before it takes effect. Raises Conflict.

        Raises NotAllowed for an escalation, which is the owner's alone.
        """
        case = await self.case(asker, case_id)
        return self._heard(await self._store.cases.take_back(case.id, asker, self._clock.now()))

    def _heard(self, case: Case) -> Case:
        if announcer := self._platforms.announcer(case.platform):
            announcer.case_changed(case)
        return case
