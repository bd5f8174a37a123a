"""Sessions, which a token from the terminal opens, and a limit for guessing."""

import hashlib
import secrets
from collections import OrderedDict
from typing import Protocol

from bot.ports import Clock

SESSION_S = 30 * 24 * 3600
SESSIONS_MAX = 100
ATTEMPTS_MAX = 10
ATTEMPTS_WINDOW_S = 60
ADDRESSES_MAX = 1_000


class Tokens(Protocol):
    """The sign-in tokens that the terminal printed."""

    def check_token(self, token: str) -> bool:
        """Whether `token` is valid now, compared in constant time."""


class Sessions:
    """The sessions of signed-in browsers; in memory, so a restart asks for the token again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ends_at_s: OrderedDict[bytes, float] = OrderedDict()

    def open(self) -> str:
        """Open a session. Returns the cookie's value; beyond SESSIONS_MAX the oldest one ends."""
        value = secrets.token_urlsafe(32)
        self._ends_at_s[_digest(value)] = self._clock.monotonic() + SESSION_S
        while len(self._ends_at_s) > SESSIONS_MAX:
            self._ends_at_s.popitem(last=False)
        return value

    def is_open(self, value: str) -> bool:
        ends_at_s = self._ends_at_s.get(_digest(value))
        if ends_at_s is None:
            return False
        if ends_at_s <= self._clock.monotonic():
            self.close(value)
            return False
        return True

    def close(self, value: str) -> None:
        self._ends_at_s.pop(_digest(value), None)

    def close_all(self) -> int:
        count = len(self._ends_at_s)
        self._ends_at_s.clear()
        return count


class Attempts:
    """Counts attempts to sign in by address."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tries: OrderedDict[str, list[float]] = OrderedDict()

    def allow(self, address: str) -> bool:
        """Count an attempt of `address`; False beyond ATTEMPTS_MAX in ATTEMPTS_WINDOW_S."""
        now_s = self._clock.monotonic()
        recent = [t for t in self._tries.pop(address, []) if now_s - t < ATTEMPTS_WINDOW_S]
        allowed = len(recent) < ATTEMPTS_MAX
        if allowed:
            recent.append(now_s)
        self._tries[address] = recent
        while len(self._tries) > ADDRESSES_MAX:
            self._tries.popitem(last=False)
        return allowed


def _digest(value: str) -> bytes:
    """The key of a session: a hash, so that the time of a look-up tells nothing of others."""
    return hashlib.sha256(value.encode()).digest()
