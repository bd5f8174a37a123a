"""Pictures that come as addresses: fetched without a key, over TLS, from public addresses only."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from bot.backends.bounded_body import UNPACKED, BadBody, receive
from bot.errors import InvalidValue
from bot.images.codec import DRAWN_MAX_BYTES
from bot.urls import PinnedUrl, resolve_public

# The longest silence, and the longest fetch in all.
SILENCE_TIMEOUT_S = 30.0
FETCH_TIMEOUT_S = 120.0

Resolve = Callable[[str], Awaitable[PinnedUrl]]


class FetchFailed(Exception):
    """The picture can't be fetched."""


async def fetch_picture(
    client: httpx.AsyncClient, url: str, path: Path, *, resolve: Resolve = resolve_public
) -> None:
    """Write what `url` holds to `path`. Raises FetchFailed.

    The connection goes to the IP address that was checked, so that a name server can't give
    another one afterwards. Redirects are not followed.
    """
    if not url.startswith("https://"):
        raise FetchFailed("not https")
    try:
        async with asyncio.timeout(FETCH_TIMEOUT_S):
            await _fetch(client, await resolve(url), path)
    except (httpx.HTTPError, httpx.InvalidURL, InvalidValue, BadBody, OSError) as error:
        raise FetchFailed(type(error).__name__) from error


async def _fetch(client: httpx.AsyncClient, pinned: PinnedUrl, path: Path) -> None:
    request = client.build_request(
        "GET",
        httpx.URL(pinned.url).copy_with(host=pinned.ip, fragment=None),
        headers={"Host": _authority(pinned), **UNPACKED},
        extensions={"sni_hostname": pinned.host},
        timeout=httpx.Timeout(SILENCE_TIMEOUT_S, connect=5.0),
    )
    response = await client.send(request, stream=True, follow_redirects=False)
    try:
        if response.status_code != httpx.codes.OK:
            raise FetchFailed(f"HTTP {response.status_code}")
        await receive(response, path, DRAWN_MAX_BYTES)
    finally:
        await response.aclose()


def _authority(pinned: PinnedUrl) -> str:
    host = f"[{pinned.host}]" if ":" in pinned.host else pinned.host
    return host if pinned.port == 443 else f"{host}:{pinned.port}"  # noqa: PLR2004  (of https)
