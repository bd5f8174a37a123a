"""The callers: their keys, compared in constant time, and their numbers of open requests."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from adapters.api.schema.errors import Refused
from adapters.incoming import is_sent_by_a_page
from bot.config.engine_settings import CallerKey
from bot.urls import host_name, is_loopback

RETRY_AFTER_S = 1


class Caller:
    """The owner of one key, with the number of their open requests."""

    def __init__(self, name: str, at_once: int) -> None:
        self.name = name
        self.at_once = at_once
        self.open = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Wrap one request, from its body to the end of its answer. Raises Refused."""
        if self.open >= self.at_once:
            most = "1 request" if self.at_once == 1 else f"{self.at_once} requests"
            words = f"This key has {most} open already. Try again soon."
            raise Refused(429, words, code="rate_limited", retry_after_s=RETRY_AFTER_S)
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1


class Keys:
    """All keys. Without any, all are one caller, and the guard lets in this machine alone."""

    def __init__(self, keys: Sequence[CallerKey], *, at_once: int) -> None:
        self._callers = [
            (_hash(key.secret.get_secret_value()), Caller(key.name, key.at_once or at_once))
            for key in keys
        ]
        self._anybody = None if keys else Caller("local", at_once)

    def check_origin(self, headers: Mapping[str, str]) -> None:
        """Raises Refused for whoever may not call without a key, whatever the path is."""
        if self._anybody is not None:
            _check_local(headers)

    def caller(self, headers: Mapping[str, str]) -> Caller:
        """The caller of a request with these headers. Raises Refused."""
        if self._anybody is not None:
            return self._anybody
        given = _hash(_key_in(headers))
        # All are compared, so that timing tells nothing.
        found = [who for known, who in self._callers if hmac.compare_digest(known, given)]
        if not found:
            raise Refused(401, "Not authenticated", code="invalid_api_key")
        return found[0]

    @property
    def callers(self) -> Sequence[Caller]:
        return [self._anybody] if self._anybody else [who for _, who in self._callers]


def _key_in(headers: Mapping[str, str]) -> str:
    """The bearer token, or the xi-api-key header that some clients send instead."""
    scheme, _, key = headers.get("authorization", "").strip().partition(" ")
    return key.strip() if scheme.lower() == "bearer" else headers.get("xi-api-key", "")


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()


def _check_local(headers: Mapping[str, str]) -> None:
    """Raises Refused for another machine, and for a page that makes a browser send requests."""
    name = host_name(headers.get("host", "")) or ""
    if not is_loopback(name) or is_sent_by_a_page(headers):
        words = "This server has no keys, so it answers programs of its own machine only."
        raise Refused(403, f"{words} Set ENGINE_KEYS.", code="invalid_api_key")
