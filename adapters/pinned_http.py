"""Posting to addresses that people gave us: only to the IP address that was checked."""

import asyncio
from functools import cache
from ssl import SSLContext

import httpx

from bot.urls import PinnedUrl

TIMEOUT_S = 60.0
# Statuses, besides 5xx, after which a later try may succeed. Others but 2xx are final.
RETRIED = frozenset({408, 425, 429})


@cache
def certificates(*, trust_env: bool) -> SSLContext:
    """What servers are trusted by; `trust_env` lets SSL_CERT_FILE decide.

    Made once for a process, as reading the certificates takes some 25 ms.
    """
    return httpx.create_ssl_context(trust_env=trust_env)


def client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """The client to hand in: no proxy, no redirects, no connection used twice.

    A connection that was opened under one name must not serve another name at the same address.
    """
    return httpx.AsyncClient(
        transport=transport,
        verify=certificates(trust_env=False),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(TIMEOUT_S, connect=10.0),
        limits=httpx.Limits(max_connections=8, max_keepalive_connections=0),
        headers={"User-Agent": "limner"},
    )


async def post(http: httpx.AsyncClient, target: PinnedUrl, body: bytes) -> httpx.Response:
    """Post JSON to `target`; of the answer only the status is read.

    Raises httpx.HTTPError and TimeoutError.
    """
    url = httpx.URL(target.url)
    request = http.build_request(
        "POST",
        url.copy_with(host=target.ip),
        content=body,
        headers={"Host": url.netloc.decode("ascii"), "Content-Type": "application/json"},
        extensions={"sni_hostname": target.host},
    )
    async with asyncio.timeout(TIMEOUT_S):
        answer = await http.send(request, stream=True)
        await answer.aclose()
    return answer


def may_change(answer: httpx.Response) -> bool:
    """Whether another try may succeed after this answer."""
    return answer.is_server_error or answer.status_code in RETRIED
