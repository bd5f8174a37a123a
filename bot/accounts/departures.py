"""Servers and workspaces that took the bot off are forgotten in time, with their members there."""

import logging
from datetime import timedelta

from bot.accounts.community_claims import CommunityClaims
from bot.accounts.privacy import Privacy
from bot.errors import Conflict, NotFound
from bot.ports import Clock
from bot.store import CommunityStore

AT_ONCE = 50

log = logging.getLogger(__name__)


class Departures:
    """A community that takes the bot in again in time finds everything as it was."""

    def __init__(
        self,
        store: CommunityStore,
        privacy: Privacy,
        claims: CommunityClaims,
        clock: Clock,
        keep: timedelta,
    ) -> None:
        """`keep` is how long everything stays; zero is for ever."""
        self._store = store
        self._privacy = privacy
        self._claims = claims
        self._clock = clock
        self._keep = keep

    async def forget_due(self) -> None:
        """Forget those that left long enough ago."""
        if not self._keep:
            return
        due = await self._store.departed(self._clock.now() - self._keep, AT_ONCE)
        for platform, community in due:
            await self._forget(platform, community)
        if due:
            await self._privacy.delete_files()

    async def _forget(self, platform: str, community: str) -> None:
        """Erase its members, then what it chose; not while one of them has a job open."""
        after = ""
        while found := await self._store.people_of(platform, community, after, AT_ONCE):
            for person in found:
                try:
                    await self._privacy.erase_rows(platform, community, person)
                except NotFound:
                    continue  # they erased themselves meanwhile
                except Conflict:
                    log.info("%s %s is forgotten once its jobs are done", platform, community)
                    return
            after = found[-1]
        if await self._store.forget(platform, community, self._clock.now()):
            self._claims.forget(platform, community)
            log.info("%s %s took the bot off long ago: it is forgotten", platform, community)
