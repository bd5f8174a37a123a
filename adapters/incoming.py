"""What every app asks of a request's headers before its body is read, and limits for reading it."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.urls import IPAddress, host_name, is_loopback

IPNetwork = IPv4Network | IPv6Network

# Headers that a proxy adds. Behind one, all requests seem to come from this machine.
_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
# Headers that a browser adds when a page makes it send a request.
_BROWSER_HEADERS = ("origin", "sec-fetch-site")
# Methods that change nothing here: any page may link to them.
_READING = ("GET", "HEAD", "OPTIONS")
# What one client has of the addresses. Source: RFC 4291, 2.5.4, and RFC 6177.
_IPV6_PREFIX_BITS = 64
# Of connections, and of requests through a proxy. A browser opens six, an office behind one address
# some dozens.
AT_ONCE_OF_ONE_MAX = 128


def is_passed_on(headers: Mapping[str, str]) -> bool:
    """Whether a proxy says that somebody else sent this."""
    return any(name in headers for name in _PROXY_HEADERS)


def client_address(scope: Scope, trusted: Sequence[IPNetwork]) -> str:
    """The address of whoever sent this; "" where it has none, as on a Unix socket.

    A proxy in one of the networks `trusted` is believed about whom it forwards for, so
    X-Forwarded-For is read from its right end across such proxies only: what stands further left
    anybody may have written.
    """
    peer = scope.get("client")
    nearest = address_in(peer[0]) if peer else None
    if nearest is None:
        return str(peer[0]) if peer else ""
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
    hops = forwarded.split(",")
    while hops and _is_in(nearest, trusted):
        before = address_in(hops.pop())
        if before is None:
            break
        nearest = before
    return str(nearest)


def address_in(text: str) -> IPAddress | None:
    """The IP address in `text`, which may have a port or brackets; None if there is none."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    # What listens on "::" sees IPv4 clients so.
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found


def _is_in(address: IPAddress, networks: Sequence[IPNetwork]) -> bool:
    return any(address in network for network in networks)


def is_sent_by_a_page(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a web page, perhaps a foreign one, sent this."""
    return any(name in headers for name in _BROWSER_HEADERS)


def announces_more(headers: Mapping[str, str], max_bytes: int) -> bool:
    """Whether the Content-Length is above `max_bytes`, or is no number."""
    length = headers.get("content-length", "0")
    return not length.isdecimal() or int(length) > max_bytes


def network_of(address: str) -> str:
    """What a client that has `address` may have besides: the same network of 64 bits in IPv6."""
    found = address_in(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _IPV6_PREFIX_BITS), strict=False))
    return str(found or address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a server listens, and the address at which others reach it, "" if nobody shall.

    What `trusted_proxies` say about whom they forward for is believed.
    """

    host: str = "127.0.0.1"
    public_url: str = ""
    trusted_proxies: Sequence[IPNetwork] = ()

    @property
    def wants_token(self) -> bool:
        """Whether others can reach it, so that they have to say who they are."""
        return bool(self.public_url) or not is_loopback(self.host)

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    def knows(self, host: str) -> bool:
        """Whether `host`, from the Host header, is a name of ours.

        Any other name is one that another site may have pointed at this machine. An address that
        is spelled out can't be pointed anywhere, so it is ours where more than loopback is heard.
        """
        name = host_name(host)
        if name is None:
            return False
        if is_loopback(name) or name in (self.host.lower(), urlsplit(self.public_url).hostname):
            return True
        return not is_loopback(self.host) and address_in(name) is not None

    def sent(self, headers: Mapping[str, str]) -> bool | None:
        """Whether a page of ours made a browser send this; None if no page did, or none is named.

        A proxy may have changed the Host header on the way.
        """
        if (site := headers.get("sec-fetch-site")) is not None:
            return None if site == "none" else site == "same-origin"
        if (origin := headers.get("origin")) is None:
            return None
        own = {headers.get("host", ""), urlsplit(self.public_url).netloc} - {""}
        return origin.partition("://")[2] in own

    def address_of(self, scope: Scope) -> str:
        """The address that whoever sent this is counted by."""
        return client_address(scope, self.trusted_proxies)

    def brings_many(self, peer: str) -> bool:
        """Whether what many people send may come from `peer`.

        It is a named proxy, or may be one that isn't named and runs on this machine.
        """
        found = address_in(peer)
        return found is not None and (found.is_loopback or _is_in(found, self.trusted_proxies))


class WrongHost(HTTPException):
    """421: the Host header has a name that isn't ours."""

    def __init__(self) -> None:
        super().__init__(421)


class BehindProxy(HTTPException):
    """403: a proxy makes a server public that takes everybody for its owner."""

    def __init__(self) -> None:
        super().__init__(403)


class ForeignPage(HTTPException):
    """403: another site's page makes a browser send this, or none of ours where one has to."""

    def __init__(self) -> None:
        super().__init__(403)


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
    """The longest silence in a body, and its longest time: enough for 20 MB at 0.6 Mbit/s."""

    silence_s: float = 20.0
    whole_s: float = 300.0


# For who signs in: a token, which is sent in one piece.
BRIEF = Patience(silence_s=5.0, whole_s=10.0)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What an app asks of every request before it looks further: by its headers alone."""

    site: Site
    max_bytes: int
    # Whether nobody but a page of ours may change anything here; else programs may, too.
    for_pages: bool = False

    def check(self, scope: Scope) -> None:
        """Raises WrongHost, BehindProxy, ForeignPage, TooLarge."""
        headers = Headers(scope=scope)
        if not self.site.knows(headers.get("host", "")):
            raise WrongHost
        if not self.site.wants_token and is_passed_on(headers):
            raise BehindProxy
        if scope["method"] not in _READING and self._is_foreign(headers):
            raise ForeignPage
        if announces_more(headers, self.max_bytes):
            raise TooLarge

    def _is_foreign(self, headers: Headers) -> bool:
        sent = self.site.sent(headers)
        return sent is False or (self.for_pages and sent is None)


class AtDoor:
    """ASGI middleware: who doesn't pass `door` is answered in plain text, and nothing is read."""

    def __init__(self, app: ASGIApp, *, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._door.check(scope)
        except HTTPException as refused:
            answer = PlainTextResponse(refused.detail, refused.status_code)
            await answer(scope, receive, send)
        else:
            with suppress(ClientDisconnect):  # nobody is there to be told
                await self._app(scope, Bounded(receive, self._door.max_bytes), send)


class OneLength:
    """ASGI middleware: 400 for a request with two lengths, after which nothing more is heard.

    A proxy that believes the other one takes the rest of its body for the next request. Source:
    RFC 9112, 6.3.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if "transfer-encoding" in headers and "content-length" in headers:
            answer = PlainTextResponse("two lengths", 400, {"Connection": "close"})
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class FairShare:
    """ASGI middleware: 503 for a client that has AT_ONCE_OF_ONE_MAX requests open already.

    A proxy that isn't named brings the requests of many, as if they came from this machine.
    """

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = self._site.address_of(scope)
        if not address or self._site.brings_many(address):
            await self._app(scope, receive, send)
            return
        client = network_of(address)
        if self._open[client] >= AT_ONCE_OF_ONE_MAX:
            busy = PlainTextResponse("busy", 503, {"Retry-After": "2"})
            await busy(scope, receive, send)
            return
        self._open[client] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]
