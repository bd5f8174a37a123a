"""The client for addresses that the owner chose; it decides which of them a proxy is asked for."""

from importlib.metadata import version
from types import TracebackType
from typing import Self

import httpx

from adapters.pinned_http import certificates
from bot.proxy import Proxy

CONNECTIONS_MAX = 64


def client(proxy: Proxy) -> httpx.AsyncClient:
    """The client to hand in. Only SSL_CERT_FILE of the environment counts for it."""
    return httpx.AsyncClient(
        transport=_Routed(proxy),
        trust_env=False,
        follow_redirects=False,
        headers={"User-Agent": f"limner/{version('limner')}"},
    )


class _Routed(httpx.AsyncBaseTransport):
    """Calls each address directly, or through the proxy."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._direct = _transport()
        self._through = _transport(proxy.url) if proxy.url else self._direct

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        # A pinned address is always called directly: in a tunnel httpcore checks the certificate
        # against the address instead of the name.
        is_pinned = "sni_hostname" in request.extensions
        through = self._proxy.of(str(request.url)) and not is_pinned
        return await (self._through if through else self._direct).handle_async_request(request)

    async def __aenter__(self) -> Self:
        await self._direct.__aenter__()
        if self._through is not self._direct:
            await self._through.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        await self._direct.__aexit__(kind, error, trace)
        if self._through is not self._direct:
            await self._through.__aexit__(kind, error, trace)


def _transport(proxy_url: str | None = None) -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(
        verify=certificates(trust_env=True),
        proxy=proxy_url,
        trust_env=False,
        limits=httpx.Limits(max_connections=CONNECTIONS_MAX, max_keepalive_connections=16),
    )
