"""Telling a community's admins that its moderators can't be told anything."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from bot.domain.community_settings import Hearing
from bot.ports import Clock

# Communities for which it is remembered what was said; others may be told once more.
REMEMBERED_MAX = 1_000


class AdminNotices:
    """Once a day for each community, as long as something comes up that moderators should hear.

    `say(community, hearing, key)` says it, the same key once; it raises where a retry may help.
    """

    def __init__(self, clock: Clock, say: Callable[[str, Hearing, str], Awaitable[None]]) -> None:
        self._clock = clock
        self._say = say
        self._said: OrderedDict[str, str] = OrderedDict()

    async def tell(self, community: str, hearing: Hearing) -> None:
        """Raises what `say` raises."""
        key = f"unheard:{community}:{hearing}:{self._clock.now().date()}"
        if self._said.get(community) == key:
            return
        self._said[community] = key  # first, as several notices may come at once
        self._said.move_to_end(community)
        while len(self._said) > REMEMBERED_MAX:
            self._said.popitem(last=False)
        try:
            await self._say(community, hearing, key)
        except BaseException:
            self._said.pop(community, None)
            raise
