"""Links that open the review page: each for one moderator, once, within LINK_S.

The bot gives them out privately in chat. Only hashes are kept, in memory: a restart voids them.
"""

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import replace

from bot.domain.asker import Asker
from bot.errors import NotAllowed, NotFound
from bot.ports import Clock

LINK_S = 600.0
LINKS_MAX = 100


class ReviewLinks:
    """`address` is the page's own, set once it listens; None while there is none."""

    address: str | None = None

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: OrderedDict[bytes, tuple[float, Asker]] = OrderedDict()

    def new(self, asker: Asker) -> str:
        """A link for `asker`. Raises NotAllowed without their right, NotFound without a page."""
        if not (asker.is_moderator or asker.is_admin):
            raise NotAllowed("moderators_only")
        if self.address is None:
            raise NotFound("page")
        token = secrets.token_urlsafe(24)
        self._waiting[_hash(token)] = (self._clock.monotonic() + LINK_S, asker)
        while len(self._waiting) > LINKS_MAX:
            self._waiting.popitem(last=False)
        # Behind "#" it isn't sent to servers: it is in no log, and no preview uses it up.
        return f"{self.address}/review/enter#{token}"

    def spend(self, token: str) -> Asker | None:
        """Use up a link. Returns whose it is; None if it is wrong, too old, or used already."""
        until_s, asker = self._waiting.pop(_hash(token.strip()), (0.0, None))
        if asker is None or self._clock.monotonic() >= until_s:
            return None
        return replace(asker, is_owner=False)

    def void(self) -> None:
        """Make all unused links invalid."""
        self._waiting.clear()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
