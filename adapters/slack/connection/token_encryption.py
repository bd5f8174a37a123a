"""Encrypts the tokens of workspaces before they are stored."""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class UndecryptableToken(Exception):
    """No key decrypts it: its key was removed, or the stored bytes were changed."""


class TokenCipher:
    """The first key encrypts and every key decrypts, so that keys can be replaced.

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
    """A Fernet key from any long random text."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"limner slack token\0" + key.encode()).digest())
