"""Which servers and workspaces may use the bot.

The owner names them in ALLOWED_COMMUNITIES. Where nothing is named, the first community whose
admin types the code from the owner's terminal gets the bot, and nobody else.
"""

import hmac
import secrets

from bot.errors import NotAllowed
from bot.store import OwnerStore

# The code is read aloud and typed, so there are no look-alikes (0 and o, 1 and l).
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_CODE_CHARS = 8
TRIES_MAX = 10
_NOTE = "claimed"
_OWN = ("web", "terminal")


class CommunityClaims:
    """`named` are the ids of ALLOWED_COMMUNITIES. Each process has a code of its own."""

    def __init__(self, store: OwnerStore, named: tuple[str, ...]) -> None:
        self._store = store
        self._named = frozenset(named)
        self._claimed: frozenset[str] = frozenset()
        self._trusted: set[str] = set()
        self._wrong = 0
        chars = [secrets.choice(_ALPHABET) for _ in range(_CODE_CHARS)]
        self._code = "".join(chars)

    async def load(self) -> None:
        """Read what was claimed before this start."""
        self._claimed = frozenset(await self._store.note(_NOTE) or ())

    @property
    def code(self) -> str:
        """The code for the owner's terminal; "" once the bot was claimed or communities named."""
        return self._code if self.open else ""

    @property
    def open(self) -> bool:
        """Whether the bot is still to be claimed."""
        return not self._named and not self._claimed

    def allows(self, platform: str, community: str) -> bool:
        known = self._named or self._claimed
        full = f"{platform}:{community}"
        return platform in _OWN or bool({community, full} & known) or full in self._trusted

    def trust(self, platform: str, community: str) -> None:
        """Allow a community without a code, because the owner set its token."""
        self._trusted.add(f"{platform}:{community}")

    def check(self, platform: str, community: str) -> None:
        """Raises NotAllowed for a community that is not the owner's."""
        if not self.allows(platform, community):
            raise NotAllowed("not_claimed" if self.open else "private_bot")

    async def claim(self, platform: str, community: str, code: str) -> None:
        """Give the bot to a community, if `code` is right. Raises NotAllowed."""
        if self.allows(platform, community):
            return
        if not self.open:
            raise NotAllowed("private_bot")
        if self._wrong >= TRIES_MAX:
            raise NotAllowed("too_many_tries")
        given = code.strip().lower().replace("-", "").encode()
        if not hmac.compare_digest(given, self._code.encode()):
            self._wrong += 1
            raise NotAllowed("wrong_code")
        claimed = self._claimed | {f"{platform}:{community}"}
        self._claimed = claimed  # set before the write, so that nobody else can claim during it
        await self._store.write_note(_NOTE, sorted(claimed))
