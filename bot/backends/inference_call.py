"""One call of the inference API, and the translation of its failures into the bot's errors."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Collection
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from bot.backends import wire
from bot.backends.bounded_body import UNPACKED, BadBody, receive, receive_bytes
from bot.backends.progress_events import MEDIA_TYPE, EventFailed, receive_events
from bot.config.fields import Endpoint
from bot.errors import (
    BackendCutOff,
    BackendFailed,
    BackendGarbled,
    BackendKeyRefused,
    BackendTimedOut,
    BackendUnreachable,
)
from bot.images.result import OnProgress
from bot.request.image_request import ImageRequest

CONNECT_TIMEOUT_S = 5.0
# For transferring both bodies, on top of the wait for the first byte.
TRANSFER_TIMEOUT_S = 120.0
ERROR_TIMEOUT_S = 5.0
# Room for four PNGs of 4096 x 4096 that hardly compress, in base64.
BODY_MAX_BYTES = 256 * 1024 * 1024
ERROR_MAX_BYTES = 64 * 1024


class Refused(Exception):
    """The service answered with an error, perhaps with a time after which to ask again."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"asked to wait {retry_after_s:g} s")
        self.retry_after_s = retry_after_s


async def post(
    client: httpx.AsyncClient,
    endpoint: Endpoint,
    request: ImageRequest,
    takes: Collection[str],
    body: Path,
    *,
    wait_s: float,
    bodies: asyncio.Semaphore,
    now: datetime,
    on_progress: OnProgress | None = None,
) -> None:
    """Ask `endpoint` for pictures and write its good answer to `body`.

    `wait_s` is for the first byte, and for each further sign of life in a stream of events;
    `bodies` bounds how many are received at once. With `on_progress` it asks for events. Raises
    BackendFailed; its cause is Refused where the service answered with an error.
    """
    try:
        async with asyncio.timeout(wait_s + TRANSFER_TIMEOUT_S) as limit:

            def go_on() -> None:
                now_s = asyncio.get_running_loop().time()
                limit.reschedule(now_s + wait_s + TRANSFER_TIMEOUT_S)

            built = _built(client, endpoint, request, takes, wait_s)
            if on_progress is not None:
                built.headers["Accept"] = f"{MEDIA_TYPE}, application/json"
            response = await client.send(built, stream=True, follow_redirects=False)
            try:
                if not response.is_success:
                    after_s = retry_after_s(response.headers.get("Retry-After", ""), now)
                    raise await _failure(response, endpoint) from Refused(after_s)
                await _keep(response, body, bodies, on_progress, go_on)
            finally:
                await response.aclose()
    except EventFailed as error:
        raise wire.failure_of(error.status, error.document, _key(endpoint)) from Refused(0.0)
    except BadBody as error:
        raise BackendGarbled(detail=f"the body is {error}") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise translated(error) from error


async def _keep(
    response: httpx.Response,
    body: Path,
    bodies: asyncio.Semaphore,
    on_progress: OnProgress | None,
    on_sign: Callable[[], None],
) -> None:
    """Write a good answer to `body`, whether it comes in one piece or as events."""
    if _is_events(response) and on_progress is not None:
        await receive_events(
            response,
            body,
            BODY_MAX_BYTES,
            bodies=bodies,
            on_progress=on_progress,
            on_sign=on_sign,
        )
        return
    async with bodies:
        await receive(response, body, BODY_MAX_BYTES)


def authorization(endpoint: Endpoint) -> dict[str, str]:
    """The Authorization header with this address's own key; {} without one.

    Raises BackendKeyRefused for a key with characters that no header can carry.
    """
    key = _key(endpoint)
    if not (key.isascii() and key.isprintable()):
        raise BackendKeyRefused(detail="the key has characters that no key has; copy it anew")
    return {"Authorization": f"Bearer {key}"} if key else {}


def translated(error: Exception) -> BackendFailed:
    """The error of a broken call: BackendUnreachable, which is retried, if nothing was sent."""
    detail = type(error).__name__
    if isinstance(error, _NEVER_SENT):
        return BackendUnreachable(detail=detail)
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return BackendTimedOut(detail=detail)
    if isinstance(error, OSError):  # of our disk: those of the network are httpx's
        return BackendCutOff(detail=f"the answer could not be kept: {error.strerror or detail}")
    return BackendCutOff(detail=detail)


_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
)


def retry_after_s(header: str, now: datetime) -> float:
    """Seconds from a Retry-After header, which may be a number or a date; 0 for none."""
    with contextlib.suppress(ValueError, OverflowError):
        if header.strip().isdecimal():
            return float(header)
        moment = parsedate_to_datetime(header)
        if moment.tzinfo is not None:
            return max(0.0, (moment - now).total_seconds())
    return 0.0


def _built(
    client: httpx.AsyncClient,
    endpoint: Endpoint,
    request: ImageRequest,
    takes: Collection[str],
    wait_s: float,
) -> httpx.Request:
    content: dict[str, Any] = {"json": wire.to_json(request, takes)}
    if request.image is not None and "image" in takes:
        content = {"files": wire.to_multipart(request, takes)}
    return client.build_request(
        "POST",
        f"{endpoint.url}/v1/inference/{quote(request.model, safe='/')}",
        headers={**UNPACKED, **authorization(endpoint)},
        timeout=httpx.Timeout(wait_s, connect=CONNECT_TIMEOUT_S, pool=CONNECT_TIMEOUT_S),
        **content,
    )


async def _failure(response: httpx.Response, endpoint: Endpoint) -> BackendFailed:
    """The failure that an error status stands for; the body may be missing, slow or anything."""
    data = b""
    with contextlib.suppress(httpx.HTTPError, BadBody, TimeoutError):
        async with asyncio.timeout(ERROR_TIMEOUT_S):
            data = await receive_bytes(response, ERROR_MAX_BYTES)
    return wire.failure_of(response.status_code, _document(data), _key(endpoint))


def _is_events(response: httpx.Response) -> bool:
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    return bool(kind.strip().lower() == MEDIA_TYPE)


def _key(endpoint: Endpoint) -> str:
    return endpoint.key.get_secret_value() if endpoint.key else ""


def _document(data: bytes) -> Any:
    """`data` as JSON or else as text; "" for a gateway's HTML page, which explains nothing."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        text = data.decode("utf-8", "replace").strip()
        return "" if text.startswith("<") else text
