"""Which servers and workspaces may use the bot, and what they may spend at most.

The owner names them in ALLOWED_COMMUNITIES, or lets them in and shuts them out at the terminal
while the bot runs, which counts for more. Where nothing is named, the first community whose admin
types the code from the owner's terminal gets the bot. With PUBLIC anybody else may use it, too,
within small budgets.
"""

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.budgets import Budgets, StrangersBudgets
from bot.errors import BotError, NotAllowed
from bot.ports import Clock
from bot.store import CommunityStore

# The code is read aloud and typed, so there are no look-alikes (0 and o, 1 and l).
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_CODE_CHARS = 8
# Wrong codes of one community within TRIES_S. They are counted by community, so that strangers lock
# nobody out but themselves: a thousand servers at it for a year try one in 7,000 of 30**8 codes.
TRIES_MAX = 10
TRIES_S = 3600.0
COUNTED_MAX = 10_000
_OWN = ("web", "terminal")
BY_CODE, BY_OWNER, SHUT = "code", "owner", "shut"
OWNER_ACTOR = "terminal:local:owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceilings:
    """What a community may spend at most; without PUBLIC there are no strangers."""

    budgets: Budgets
    strangers: StrangersBudgets | None = None


class CommunityClaims:
    """`named` are the ids of ALLOWED_COMMUNITIES. Each process has a code of its own."""

    def __init__(
        self,
        store: CommunityStore,
        clock: Clock,
        named: tuple[str, ...] = (),
        ceilings: Ceilings | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._named = frozenset(named)
        self._ceilings = ceilings or Ceilings(budgets=Budgets())
        self._decided: dict[str, str] = {}  # "platform:community" → how
        self._trusted: set[str] = set()
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()  # tries, and until when
        chars = [secrets.choice(_ALPHABET) for _ in range(_CODE_CHARS)]
        self._code = "".join(chars)

    async def load(self) -> None:
        """Read what was decided before this start."""
        known = await self._store.decisions()
        self._decided = {f"{platform}:{community}": how for platform, community, how in known}

    @property
    def code(self) -> str:
        """The code for the owner's terminal; "" once there is somebody who may use the bot."""
        return self._code if self.open else ""

    @property
    def open(self) -> bool:
        """Whether the bot is still to be claimed."""
        let_in = {BY_CODE, BY_OWNER} & set(self._decided.values())
        return not (self._named or let_in or self.is_public)

    @property
    def is_public(self) -> bool:
        return self._ceilings.strangers is not None

    @property
    def shut_though_named(self) -> tuple[str, ...]:
        """Ids of ALLOWED_COMMUNITIES that a command shut out."""
        return tuple(
            place
            for place, how in self._decided.items()
            if how == SHUT and {place, place.partition(":")[2]} & self._named
        )

    def allows(self, platform: str, community: str) -> bool:
        chosen = self.is_public or self._is_chosen(platform, community)
        return chosen and not self._is_shut(platform, community)

    def tolerates(self, platform: str, community: str) -> bool:
        """Whether the bot may stay there: also anywhere that may still type the code."""
        waits = self.open and not self._is_shut(platform, community)
        return waits or self.allows(platform, community)

    def _is_shut(self, platform: str, community: str) -> bool:
        return self._decided.get(f"{platform}:{community}") == SHUT

    def _is_chosen(self, platform: str, community: str) -> bool:
        """Whether the owner chose it, in one way or another."""
        full = f"{platform}:{community}"
        how = self._decided.get(full)
        by_code = how == BY_CODE and not self._named
        named = bool({community, full} & self._named)
        return platform in _OWN or how == BY_OWNER or by_code or named or full in self._trusted

    def ceiling(self, platform: str, community: str) -> Budgets:
        """The owner's limits for a community; its own are never above them."""
        strangers = self._ceilings.strangers
        if strangers is None or self._is_chosen(platform, community):
            return self._ceilings.budgets
        return strangers

    def trust(self, platform: str, community: str) -> None:
        """Allow a community without a code, because the owner set its token."""
        self._trusted.add(f"{platform}:{community}")

    def check(self, platform: str, community: str) -> None:
        """Raises NotAllowed for a community that is not the owner's."""
        if not self.allows(platform, community):
            raise NotAllowed("not_claimed" if self.open else "private_bot")

    async def claim(self, platform: str, community: str, code: str, person: str = "") -> None:
        """Give the bot to a community, if `code`, which `person` typed, is right.

        Raises NotAllowed.
        """
        if self.allows(platform, community):
            return
        if not self.open:
            raise NotAllowed("private_bot")
        given = code.strip().lower().replace("-", "").encode()
        place = f"{platform}:{community}"
        tries, until_s = self._wrong.get(place, (0, 0.0))
        if self._clock.monotonic() >= until_s:
            tries, until_s = 0, self._clock.monotonic() + TRIES_S
        if tries >= TRIES_MAX:
            raise NotAllowed("too_many_tries")
        if not hmac.compare_digest(given, self._code.encode()):
            self._count(place, tries + 1, until_s)
            raise NotAllowed("wrong_code")
        # Set before the write, so that nobody else can claim during it.
        await self._decide(platform, community, BY_CODE, f"{place}:{person}")

    def _count(self, place: str, tries: int, until_s: float) -> None:
        self._wrong[place] = (tries, until_s)
        while len(self._wrong) > COUNTED_MAX:
            self._wrong.popitem(last=False)

    # --- the owner, at the terminal -------------------------------------------------------------

    async def let_in(self, platform: str, community: str) -> None:
        """The owner lets a community use the bot, from now on."""
        await self._decide(platform, community, BY_OWNER, OWNER_ACTOR)

    async def shut_out(self, platform: str, community: str) -> None:
        """The owner lets a community use the bot no longer, whatever let it in."""
        await self._decide(platform, community, SHUT, OWNER_ACTOR)

    def overview(self, known: Iterable[tuple[str, str]]) -> dict[str, str]:
        """How each community may use the bot or may not, by place: those that are `known`, and all
        about which something was decided. Ids of ALLOWED_COMMUNITIES may be without a platform.
        """
        places = {f"{platform}:{community}" for platform, community in known}
        places |= {*self._decided, *self._trusted}
        ids = {place.partition(":")[2] for place in places}
        return {place: self._how(place) for place in sorted(places | (self._named - ids))}

    def _how(self, place: str) -> str:
        how = self._decided.get(place)
        if how is not None and not (how == BY_CODE and self._named):
            return how
        if {place, place.partition(":")[2]} & self._named:
            return "named"
        if place in self._trusted:
            return "token"
        return "public" if self.is_public else "nothing"

    async def _decide(self, platform: str, community: str, how: str, actor: str) -> None:
        place = f"{platform}:{community}"
        before = self._decided.get(place)
        self._decided[place] = how
        try:
            await self._store.decide(platform, community, how, actor, self._clock.now())
        except BotError:  # after a restart it would not hold either
            self._put_back(place, before)
            raise

    def forget(self, platform: str, community: str) -> None:
        """It is forgotten, and what let it in as well; who was shut out stays so."""
        if not self._is_shut(platform, community):
            self._put_back(f"{platform}:{community}", None)

    def _put_back(self, place: str, how: str | None) -> None:
        if how is None:
            self._decided.pop(place, None)
        else:
            self._decided[place] = how
