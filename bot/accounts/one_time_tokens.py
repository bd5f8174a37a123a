"""Tokens that sign somebody in once, within VALID_S: in links, kept as hashes, in memory."""

import hashlib
import secrets
from collections import OrderedDict
from typing import Generic, TypeVar

from bot.ports import Clock

VALID_S = 15 * 60
TOKENS_MAX = 100

T = TypeVar("T")


class OneTimeTokens(Generic[T]):
    """Each token stands for whom it signs in. A restart voids all of them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._unused: OrderedDict[bytes, tuple[float, T]] = OrderedDict()

    def issue(self, bearer: T) -> str:
        """A token for `bearer`; beyond TOKENS_MAX unused ones the oldest is void."""
        token = secrets.token_urlsafe(24)
        self._unused[_hash(token)] = (self._clock.monotonic() + VALID_S, bearer)
        while len(self._unused) > TOKENS_MAX:
            self._unused.popitem(last=False)
        return token

    def redeem(self, token: str) -> T | None:
        """Use up a token. Returns whose it is; None if it is wrong, too old, void or used."""
        until_s, bearer = self._unused.pop(_hash(token.strip()), (0.0, None))
        return bearer if self._clock.monotonic() < until_s else None

    def void(self) -> None:
        """Make all unused tokens invalid."""
        self._unused.clear()


def _hash(token: str) -> bytes:
    """The key of a token: a hash, so that the time of a look-up tells nothing of others."""
    return hashlib.sha256(token.encode()).digest()
