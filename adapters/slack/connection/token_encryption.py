"""The tokens of workspaces are encrypted before anybody keeps them."""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class UndecryptableToken(Exception):
    """None of the keys decrypts it: it was encrypted with one that is gone, or it was changed."""


class TokenCipher:
    """The first key encrypts, every key decrypts, so that a key can be replaced.

    Fernet: AES-128 in CBC mode, authenticated by HMAC-SHA256.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_fitted(key)) for key in keys])

    def encrypt(self, token: str) -> bytes:
        return self._fernet.encrypt(token.encode())

    def decrypt(self, sealed: bytes) -> str:
        """Raises UndecryptableToken."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise UndecryptableToken from None


def _fitted(key: str) -> bytes:
    """Any long random text becomes a key of the right length."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"limner slack token\0" + key.encode()).digest())
