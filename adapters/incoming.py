"""Checks of a request's headers before its body is read, and limits for reading it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

# Headers that a proxy adds. Behind one, all requests seem to come from this machine.
_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
# Headers that a browser adds when a page makes it send a request.
_BROWSER_HEADERS = ("origin", "sec-fetch-site")


def is_passed_on(headers: Mapping[str, str]) -> bool:
    """Whether a proxy says that somebody else sent this."""
    return any(name in headers for name in _PROXY_HEADERS)


def is_sent_by_a_page(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a web page, perhaps a foreign one, sent this."""
    return any(name in headers for name in _BROWSER_HEADERS)


def announces_more(headers: Mapping[str, str], max_bytes: int) -> bool:
    """Whether the Content-Length is above `max_bytes`, or is no number."""
    length = headers.get("content-length", "0")
    return not length.isdecimal() or int(length) > max_bytes


class TooLarge(HTTPException):
    """413: the body is longer than this endpoint allows."""

    def __init__(self) -> None:
        super().__init__(413)


class TooSlow(HTTPException):
    """408: the body took too long to arrive."""

    def __init__(self) -> None:
        super().__init__(408)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The longest silence in a body, and its longest time: enough for 14 MB at 1 Mbit/s."""

    silence_s: float = 20.0
    whole_s: float = 120.0


class Bounded:
    """`receive` with limits, whatever length was announced. Raises TooLarge, TooSlow.

    After the body's end it waits, as `receive` does, for the client to disconnect.
    """

    def __init__(self, receive: Receive, max_bytes: int, patience: Patience | None = None) -> None:
        self._receive = receive
        self._left_bytes = max_bytes
        self._patience = patience or Patience()
        self._due_s = asyncio.get_running_loop().time() + self._patience.whole_s
        self._ended = False

    async def __call__(self) -> Message:
        if self._ended:
            return await self._receive()
        message = await self._in_time()
        self._ended = not message.get("more_body", False)
        self._left_bytes -= len(message.get("body", b""))
        if self._left_bytes < 0:
            raise TooLarge
        return message

    async def _in_time(self) -> Message:
        try:
            async with asyncio.timeout_at(self._due_s), asyncio.timeout(self._patience.silence_s):
                return await self._receive()
        except TimeoutError:
            raise TooSlow from None
