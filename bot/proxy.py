"""Which addresses are called through the owner's proxy."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.urls import is_public_host


@dataclass(frozen=True, slots=True)
class Proxy:
    """`url` may hold a password; "" is none. `exceptions` are hosts, written as in NO_PROXY."""

    url: str = field(default="", repr=False)
    exceptions: tuple[str, ...] = ()

    def of(self, target: str) -> str | None:
        """The proxy through which `target` is called, None for directly.

        Only public addresses with TLS go through it: of these it learns the host, and no more.
        """
        parts = urlsplit(target)
        host = parts.hostname or ""
        if not self.url or parts.scheme not in ("https", "wss") or not is_public_host(host):
            return None
        port = str(parts.port or 443)
        return None if any(_names(each, host, port) for each in self.exceptions) else self.url


def _names(exception: str, host: str, port: str) -> bool:
    """Whether an entry of NO_PROXY means `host`: *, an address, or a name with all below it."""
    if exception.strip("[]") in ("*", host):
        return True
    name, _, wanted_port = exception.lower().partition(":")
    is_within = f".{host}".endswith(f".{name.lstrip('.')}")
    return is_within and wanted_port in ("", port)
