"""Sessions, which a token opens, and a limit for guessing."""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from adapters.incoming import network_of
from bot.domain.asker import Asker
from bot.ports import Clock

ATTEMPTS_MAX = 10
ATTEMPTS_WINDOW_S = 60
ADDRESSES_MAX = 1_000

T = TypeVar("T")


class Tokens(Protocol):
    """The sign-in tokens that the terminal printed."""

    def redeem(self, token: str) -> Asker | None:
        """Use up `token`. None if it isn't valid now."""


class Sessions(Generic[T]):
    """The sessions of signed-in browsers; in memory, so a restart asks for a sign-in again.

    Each ends after `lasts_s`; beyond `most` the oldest one ends. `ended` is called whenever some
    were closed, so that what they hold open can end, too.
    """

    def __init__(
        self, clock: Clock, *, lasts_s: float, most: int, ended: Callable[[], None] = lambda: None
    ) -> None:
        self.lasts_s = lasts_s
        self._clock = clock
        self._most = most
        self._ended = ended
        self._open: OrderedDict[bytes, tuple[float, T]] = OrderedDict()

    def open(self, bearer: T) -> str:
        """Open a session of `bearer`. Returns the cookie's value."""
        value = secrets.token_urlsafe(32)
        self._open[_digest(value)] = (self._clock.monotonic() + self.lasts_s, bearer)
        while len(self._open) > self._most:
            self._open.popitem(last=False)
            self._ended()
        return value

    def find(self, value: str) -> T | None:
        """Whose session it is; None if there is none, or it has ended."""
        ends_at_s, bearer = self._open.get(_digest(value), (0.0, None))
        if self._clock.monotonic() < ends_at_s:
            return bearer
        self._open.pop(_digest(value), None)
        return None

    def close(self, value: str) -> None:
        self._open.pop(_digest(value), None)
        self._ended()

    def close_all(self) -> int:
        count = len(self._open)
        self._open.clear()
        self._ended()
        return count


class Attempts:
    """Counts attempts by address, of IPv6 by network."""

    def __init__(
        self, clock: Clock, *, most: int = ATTEMPTS_MAX, window_s: float = ATTEMPTS_WINDOW_S
    ) -> None:
        self._clock = clock
        self._most = most
        self._window_s = window_s
        self._tries: OrderedDict[str, list[float]] = OrderedDict()

    def allow(self, address: str) -> bool:
        """Count an attempt of `address`; False beyond `most` within `window_s`."""
        now_s, name = self._clock.monotonic(), network_of(address)
        recent = [t for t in self._tries.pop(name, []) if now_s - t < self._window_s]
        allowed = len(recent) < self._most
        if allowed:
            recent.append(now_s)
        self._tries[name] = recent
        while len(self._tries) > ADDRESSES_MAX:
            self._tries.popitem(last=False)
        return allowed


def _digest(value: str) -> bytes:
    """The key of a session: a hash, so that the time of a look-up tells nothing of others."""
    return hashlib.sha256(value.encode()).digest()
