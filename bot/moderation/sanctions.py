"""What moderators do about people: strikes, blocks, and removing all that they drew."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.asker import Asker
from bot.domain.case import REASON_MAX_CHARS, Purge, actor_of
from bot.domain.job import Job
from bot.moderation.moderator_rights import member_of, moderators_only, not_oneself
from bot.ports import Clock
from bot.store import Store

PURGE_MAX = timedelta(days=30)


class Sanctions:
    """Every method raises NotAllowed for whoever is no moderator, NotYours for oneself."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        wake: Callable[[], None],
        changed: Callable[[Job], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake
        self._changed = changed

    async def strike(self, asker: Asker, person: str, reason: str) -> int:
        """Give a strike by hand. Returns its id, with which it can be lifted."""
        moderators_only(asker)
        member = member_of(asker, person)
        not_oneself(asker, person)
        settings = await self._store.people.community(asker.platform, asker.community)
        lasts = timedelta(days=settings.strike_days)
        words = reason.strip()[:REASON_MAX_CHARS]
        number = await self._store.cases.strike(
            member, words, lasts, actor_of(asker), self._clock.now()
        )
        self._wake()
        return number

    async def lift_strike(self, asker: Asker, strike: int) -> None:
        """Take a strike back, with its suspension. Raises NotFound."""
        moderators_only(asker)
        await self._store.cases.lift_strike(
            asker.platform, asker.community, strike, actor_of(asker), self._clock.now()
        )

    async def block(self, asker: Asker, person: str, reason: str, until: datetime | None) -> int:
        """Keep somebody from drawing; None is for good. Returns the block's id."""
        moderators_only(asker)
        not_oneself(asker, person)
        return await self._store.people.block(
            member_of(asker, person),
            reason=reason.strip()[:REASON_MAX_CHARS],
            until=until,
            actor=actor_of(asker),
            now=self._clock.now(),
        )

    async def unblock(self, asker: Asker, person: str) -> int:
        """Lift every block of somebody, but no lock of the owner's. Returns how many."""
        moderators_only(asker)
        not_oneself(asker, person)
        return await self._store.people.lift(
            member_of(asker, person), actor_of(asker), self._clock.now()
        )

    async def take_down(self, asker: Asker, job: str) -> None:
        """Withhold the pictures of one result everywhere. Raises NotFound."""
        moderators_only(asker)
        self._changed(await self._store.cases.take_down(asker, job, self._clock.now()))

    async def purgeable(self, asker: Asker, person: str, since: datetime) -> Purge:
        """What a purge would take down. Raises NotFound for somebody unknown here."""
        moderators_only(asker)
        since = max(since, self._clock.now() - PURGE_MAX)
        return await self._store.cases.purgeable(asker.platform, asker.community, person, since)

    async def purge(self, asker: Asker, person: str, since: datetime) -> Purge:
        """Withhold everything that one person drew since `since`. Raises NotFound."""
        moderators_only(asker)
        now = self._clock.now()
        since = max(since, now - PURGE_MAX)
        done, jobs = await self._store.cases.purge(asker, person, since, now)
        for job in jobs:
            self._changed(job)
        return done
