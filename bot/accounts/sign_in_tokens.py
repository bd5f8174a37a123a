"""The tokens that sign a browser in: printed on the terminal, kept as hashes, in memory."""

import hashlib
import hmac
import secrets
from collections import deque

TOKENS_MAX = 8


class SignInTokens:
    """The tokens that are valid now. A restart forgets them; `limner run` prints a new one."""

    def __init__(self) -> None:
        self._hashes: deque[bytes] = deque(maxlen=TOKENS_MAX)

    def new_token(self) -> str:
        """Issue a token; beyond TOKENS_MAX the oldest one stops working."""
        token = secrets.token_urlsafe(24)
        self._hashes.append(_hash(token))
        return token

    def check_token(self, token: str) -> bool:
        """Whether `token` is valid now, compared in constant time."""
        given = _hash(token.strip())
        matches = [hmac.compare_digest(known, given) for known in self._hashes]
        return any(matches)  # all are compared, so that timing tells nothing


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
