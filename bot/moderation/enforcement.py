"""Carries out what moderators decided, and tells everybody concerned, each once.

What is still to do is in the store (decisions that are due, files of frozen cases, notices), and
each step is one transaction, so that a restart goes on where this stopped.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from bot.cleanup import drop_unused_files
from bot.domain.case import UNDECIDED_MAX, DueEvidence, DueNotice
from bot.domain.job import Job
from bot.images.result import PictureType
from bot.moderation.tracing import Tracing
from bot.platforms import Platforms
from bot.ports import Alerts, Clock, Pictures
from bot.retry import retry_at
from bot.store import Store
from bot.wording import Sentence, budget_warning, plain
from bot.wording.moderation.notices import notice

AT_ONCE = 50
# If nothing is due, it looks again after this long, or when woken.
IDLE_S = 5.0
TELL_TIMEOUT_S = 30.0

log = logging.getLogger(__name__)


class Enforcement:
    """One loop. `changed` is called with every job that looks different now."""

    def __init__(
        self,
        *,
        store: Store,
        pictures: Pictures,
        platforms: Platforms,
        alerts: Alerts,
        changed: Callable[[Job], None],
        clock: Clock,
        tracing: Tracing,
    ) -> None:
        self._store = store
        self._pictures = pictures
        self._platforms = platforms
        self._alerts = alerts
        self._changed = changed
        self._clock = clock
        self._tracing = tracing
        self._woken = asyncio.Event()
        # Two looks at once would send the same notice twice.
        self._looking = asyncio.Lock()
        self._tidied = False

    def wake(self) -> None:
        """Look now, as something was decided."""
        self._woken.set()

    async def run(self) -> None:
        """Do what is due until cancelled."""
        while True:
            self._woken.clear()
            may_be_more = False
            try:
                may_be_more = await self.look()
            except Exception:
                log.exception("the effects of decisions stumbled; they go on")
            if not may_be_more:
                await self._rest()

    async def look(self) -> bool:
        """Do what is due now. Returns whether more may be due already."""
        async with self._looking:
            # Carried out anew before each notice, so that a platform that hangs delays no decision.
            for _ in range(AT_ONCE):
                more = await self._carry_out()
                said = await self._say_one()
                if not more and not said:
                    return False
        return True

    async def _carry_out(self) -> bool:
        """Apply decisions and a portion of what they reach. Returns whether there is more."""
        now = self._clock.now()
        changed = await self._store.cases.apply_due(now, AT_ONCE)
        changed += await self._store.cases.expire(now - UNDECIDED_MAX, AT_ONCE, now)
        for job in changed:
            self._changed(job)
        more = False
        try:
            reached, more = await self._tracing.step()
            for job in reached:
                self._changed(job)
            await self._secure()
        except Exception:  # on a full disk, say, notices are sent all the same
            log.exception("files of a frozen case were not moved yet; nobody is shown them")
        return more

    async def _secure(self) -> None:
        """Copy files of frozen cases to the restricted folder, then delete the originals."""
        due = await self._store.cases.due_evidence(AT_ONCE)
        for evidence in due:
            kind = PictureType(evidence.media_type)
            await self._pictures.restrict(evidence.sha256, kind, evidence_name(evidence))
            now = self._clock.now()
            await self._store.cases.secured(evidence.case, evidence.position, now)
        # At the first look as well: an earlier process may have ended after copying.
        if due or not self._tidied:
            await drop_unused_files(self._store, self._pictures)
            self._tidied = True

    async def _say_one(self) -> bool:
        """Send the most urgent notice, the owner's first; False if there is none."""
        due = await self._store.cases.due_notices(self._clock.now(), 1)
        if due:
            await self._say(due[0])
        return bool(due)

    async def _say(self, due: DueNotice) -> None:
        try:
            async with asyncio.timeout(TELL_TIMEOUT_S):
                await self._tell(due)
        except Exception as trouble:  # noqa: BLE001  (whatever a platform throws is tried again)
            log.warning("notice %s was not said: %r", due.topic, trouble)
            await self._store.cases.not_said(due.id, retry_at(due.attempts, self._clock.now()))
        else:
            await self._store.cases.said(due.id)

    async def _tell(self, due: DueNotice) -> None:
        words = _words(due)
        if due.place == "owner":
            await self._alerts.alert(due.topic, plain(words))
        elif due.place == "moderators":
            if announcer := self._platforms.announcer(due.platform):
                case = due.detail.get("case", "")
                await announcer.announce(due.community, words, case=case, key=due.topic)
        elif due.person and (surface := self._platforms.surface(due.platform)):
            await surface.tell(due.person, words, key=due.topic, community=due.community)

    async def _rest(self) -> None:
        """Wait until the next decision takes effect, at most IDLE_S."""
        next_at = await self._next_effect_at()
        delay_s = IDLE_S
        if next_at is not None:
            delay_s = min(IDLE_S, max(0.0, (next_at - self._clock.now()).total_seconds()))
        with suppress(TimeoutError):
            async with asyncio.timeout(delay_s):
                await self._woken.wait()

    async def _next_effect_at(self) -> datetime | None:
        with suppress(Exception):
            return await self._store.cases.next_effect_at()
        return None


def evidence_name(evidence: DueEvidence) -> str:
    """The name of a file in the restricted folder: case and number; 0 is the starting image."""
    return f"{evidence.case_id}-{evidence.position + 1}"


def _words(due: DueNotice) -> Sentence:
    if due.code == "budget":
        return budget_warning(due.detail, platform=due.platform)
    return notice(due.code, due.detail)
