"""Carries out what moderators decided; everybody concerned is told beside it.

What is still to do is in the store (decisions that are due, files of frozen cases, notices), and
each step is one transaction, so that a restart goes on where this stopped.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from bot.cleanup import drop_unused_files
from bot.domain.case import UNDECIDED_MAX, DueEvidence
from bot.domain.job import Job
from bot.images.result import PictureType
from bot.moderation.notice_outbox import NoticeOutbox
from bot.moderation.tracing import Tracing
from bot.platforms import Platforms
from bot.ports import Alerts, Clock, Pictures
from bot.store import Store

AT_ONCE = 50
# If nothing is due, it looks again after this long, or when woken.
IDLE_S = 5.0

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
        self._changed = changed
        self._clock = clock
        self._tracing = tracing
        self._woken = asyncio.Event()
        self._notices = NoticeOutbox(store.cases, platforms, alerts, clock)
        self._looking = asyncio.Lock()
        self._tidied = False

    def wake(self) -> None:
        """Look now, as something was decided or is to be said."""
        self._woken.set()
        self._notices.wake()

    async def run(self) -> None:
        """Do what is due until cancelled. No notice holds up a decision."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._notices.run(), name="notices")
            group.create_task(self._run(), name="effects of decisions")

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                if not await self._carry_out():
                    await self._rest(await self._until_next_effect_s())
            except Exception:  # what is due fails: no pause would end before it is due
                log.exception("the effects of decisions stumbled; they go on")
                await self._rest(IDLE_S)

    async def look(self) -> None:
        """Do what is due now, and wait until everybody was told who can be."""
        while await self._carry_out():
            pass
        await self._notices.flush()

    async def _carry_out(self) -> bool:
        """Apply decisions and a portion of what they reach. Returns whether there is more."""
        async with self._looking:
            await self._take_effect()
            self._notices.wake()  # on a full disk, say, they are sent all the same
            more = False
            try:
                more = await self._trace()
            except Exception:
                log.exception("what was drawn from decided pictures is not all withheld yet")
            try:
                await self._secure()
            except Exception:
                log.exception("files that nothing refers to were not deleted yet")
        return more

    async def _take_effect(self) -> None:
        now = self._clock.now()
        changed = await self._store.cases.apply_due(now, AT_ONCE)
        changed += await self._store.cases.expire(now - UNDECIDED_MAX, AT_ONCE, now)
        for job in changed:
            self._changed(job)

    async def _trace(self) -> bool:
        """Withhold, or bring back, a portion of what was drawn from decided pictures."""
        reached, more = await self._tracing.step()
        for job in reached:
            self._changed(job)
        return more

    async def _secure(self) -> None:
        """Copy files of frozen cases to the restricted folder, then delete the originals."""
        due = await self._store.cases.due_evidence(AT_ONCE)
        for evidence in due:
            try:
                await self._secure_one(evidence)
            except Exception:  # it keeps no other where that is shown
                log.exception("a file of a frozen case was not moved yet; nobody is shown it")
        # At the first look as well: an earlier process may have ended after copying.
        if due or not self._tidied:
            await drop_unused_files(self._store, self._pictures)
            self._tidied = True

    async def _secure_one(self, evidence: DueEvidence) -> None:
        kind = PictureType(evidence.media_type)
        await self._pictures.restrict(evidence.sha256, kind, evidence_name(evidence))
        await self._store.cases.secured(evidence.case, evidence.position, self._clock.now())

    async def _rest(self, delay_s: float) -> None:
        """Wait so long, or until woken."""
        with suppress(TimeoutError):
            async with asyncio.timeout(delay_s):
                await self._woken.wait()

    async def _until_next_effect_s(self) -> float:
        """When the next decision takes effect, at most IDLE_S from now."""
        next_at = await self._store.cases.next_effect_at()
        if next_at is None:
            return IDLE_S
        return min(IDLE_S, max(0.0, (next_at - self._clock.now()).total_seconds()))


def evidence_name(evidence: DueEvidence) -> str:
    """The name of a file in the restricted folder: case and number; 0 is the starting image."""
    return f"{evidence.case_id}-{evidence.position + 1}"
