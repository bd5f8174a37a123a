"""Addresses that people give us to call: checked as text, then resolved and pinned.

Nobody may use the bot to reach machines that only the bot can reach. The name is resolved once,
every answer must be public, and the caller connects to the address found here, so that the name
server can't give another one afterwards.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from unicodedata import normalize
from urllib.parse import SplitResult, urlsplit

from bot.errors import InvalidValue

IPAddress = IPv4Address | IPv6Address
# Host and port → IP addresses as text. Raises OSError.
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

_HOST_MAX_CHARS = 253
# What most servers take of a request's first line.
_URL_MAX_CHARS = 8_000
# Below 1024 only the web's own ports are called: port 25, say, would be a mail server.
_LOW_PORTS = (80, 443)
_HIGH_PORTS = range(1_024, 65_536)


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedUrl:
    """`url` as it was given; connect to `ip`, name `host` in the Host header and in TLS."""

    url: str
    host: str
    port: int
    ip: str


def check_url(url: str) -> None:
    """Check that `url` is one that may be called; nothing is resolved.

    Raises:
        InvalidValue: not_a_url, url_with_password, url_port or private_address.
    """
    _host_and_port(url)


async def resolve_public(
    url: str,
    *,
    resolver: Resolver | None = None,
    timeout_s: float = 5.0,
    allows: Callable[[IPAddress], bool] | None = None,
) -> PinnedUrl:
    """Resolve `url`; every answer of the name server has to be a public address.

    `allows` judges one address in place of `is_public`.

    Raises:
        InvalidValue: as `check_url`, or no_such_host, or private_address.
    """
    host, port = _host_and_port(url, allows)
    try:
        async with asyncio.timeout(timeout_s):
            answers = await (resolver or _resolve)(host, port)
        found = [ip_address(answer) for answer in answers]
    except (OSError, TimeoutError, ValueError) as error:
        raise InvalidValue("no_such_host", {"host": host}) from error
    if not found:
        raise InvalidValue("no_such_host", {"host": host})
    if not all(map(allows or is_public, found)):
        raise InvalidValue("private_address", {"host": host})
    return PinnedUrl(url=url, host=host, port=port, ip=str(found[0]))


def is_public(address: IPAddress) -> bool:
    """Whether `address` is an ordinary address of the internet, for no special purpose."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_IPV4)
    inner = _inner_ipv4(address)
    if inner is not None:
        return is_public(inner)
    return address in _GLOBAL_IPV6 and not any(address in network for network in _SPECIAL_IPV6)


def host_name(netloc: str) -> str | None:
    """The name or address in a Host header, None if it has none."""
    try:
        return (urlsplit(f"//{netloc}").hostname or "").rstrip(".") or None
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address, is this very machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_public_host(host: str) -> bool:
    """Whether `host`, a name or an address, may be one of the internet; no name is resolved."""
    try:
        literal = _literal(host.rstrip("."))
    except InvalidValue:
        return False
    return not _is_local_name(host.rstrip(".")) if literal is None else is_public(literal)


async def _resolve(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    infos = await loop.getaddrinfo(host, port, type=1)  # SOCK_STREAM
    return [str(info[4][0]) for info in infos]


def _host_and_port(url: str, allows: Callable[[IPAddress], bool] | None = None) -> tuple[str, int]:
    parts = _split(url)
    if parts.username is not None or parts.password is not None:
        raise InvalidValue("url_with_password", {})
    host = _plain_host(parts.hostname or "")
    port = _port(parts)
    literal = _literal(host)
    if literal is not None:
        if not (allows or is_public)(literal):
            raise InvalidValue("private_address", {"host": host})
    elif _is_local_name(host):
        raise InvalidValue("private_address", {"host": host})
    return host, port


def _split(url: str) -> SplitResult:
    if len(url) > _URL_MAX_CHARS:
        raise InvalidValue("not_a_url", {})
    # Parsers disagree about backslashes and blanks, which can be used to get past this check.
    if not url.isprintable() or any(c in " \\" or c.isspace() for c in url):
        raise InvalidValue("not_a_url", {})
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise InvalidValue("not_a_url", {}) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidValue("not_a_url", {})
    return parts


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        port = -1
    if port is None:
        return 443 if parts.scheme == "https" else 80
    if port not in _LOW_PORTS and port not in _HIGH_PORTS:
        raise InvalidValue("url_port", {})
    return port


def _plain_host(host: str) -> str:
    """`host` as the name server sees it: ASCII, lower case, no dot at the end."""
    if ":" in host:
        return host
    if len(normalize("NFKC", host)) > _HOST_MAX_CHARS:
        raise InvalidValue("not_a_url", {})  # no name; the codec would take long
    try:
        plain = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise InvalidValue("not_a_url", {}) from error
    if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", plain) or len(plain) > _HOST_MAX_CHARS:
        raise InvalidValue("not_a_url", {})
    return plain


def _literal(host: str) -> IPAddress | None:
    """The address that `host` spells out, None for a name.

    Only the dotted form is accepted: some resolvers and browsers read 0x7f.1, 017700000001 and
    2130706433 as 127.0.0.1, and only an attack would use them.
    """
    try:
        return ip_address(host)
    except ValueError:
        last = host.rpartition(".")[2]
        if ":" in host or re.fullmatch(r"[0-9]+|0x[0-9a-f]*", last):
            raise InvalidValue("private_address", {"host": host}) from None
        return None


def _is_local_name(host: str) -> bool:
    return "." not in host or host.endswith(_LOCAL_SUFFIXES)


# Source: RFC 6761, 6762, 8375 and ICANN's reservation of .internal.
_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa", ".lan", ".test", ".invalid")


def _inner_ipv4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside an IPv6 address that is translated to it, else None."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    # NAT64: through these an IPv6-only host reaches every IPv4 address.
    return IPv4Address(int(address) & 0xFFFF_FFFF) if address in _NAT64 else None


_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_IPV6 = IPv6Network("2000::/3")
# Source: IANA's special-purpose address registries for IPv4 and IPv6, and RFC 5771 (multicast).
_SPECIAL_IPV4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
# Teredo and other protocol assignments, documentation, 6to4, AS112, segment routing.
_SPECIAL_IPV6 = tuple(
    map(
        IPv6Network,
        ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)
