"""Receives bodies of answers, bounded in size, and writes them to files off the event loop."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

import httpx

T = TypeVar("T")

# Most answers fit into one chunk; each further one costs a trip to a thread and back.
CHUNK_BYTES = 4 * 1024 * 1024
# Asks for uncompressed bodies: base64 of pictures hardly compresses, and a small compressed body
# could unpack to gigabytes.
UNPACKED = {"Accept-Encoding": "identity"}


class BadBody(Exception):
    """The body is larger than its limit, or compressed although UNPACKED was asked for."""


async def receive(response: httpx.Response, path: Path, limit_bytes: int) -> None:
    """Write the body of a streamed `response` to `path`. Raises BadBody and httpx's errors."""
    await in_thread(path.touch)  # an empty body is a file too
    async for chunk in _chunks(response, limit_bytes):
        await in_thread(append, path, chunk)


async def receive_bytes(response: httpx.Response, limit_bytes: int) -> bytes:
    """The body of a streamed `response`. Raises BadBody and httpx's errors."""
    return b"".join([chunk async for chunk in _chunks(response, limit_bytes)])


async def in_thread(function: Callable[..., T], *args: object) -> T:
    """`function(*args)` in a thread. A cancelled caller waits for its end, then is cancelled."""
    work = asyncio.ensure_future(asyncio.to_thread(function, *args))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        work.exception()  # retrieved, so that asyncio doesn't log it
        raise


async def _chunks(response: httpx.Response, limit_bytes: int) -> AsyncIterator[bytes]:
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise BadBody("packed")
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > limit_bytes:
        raise BadBody("too large")
    received_bytes = 0
    async for chunk in response.aiter_bytes(CHUNK_BYTES):
        received_bytes += len(chunk)
        if received_bytes > limit_bytes:
            raise BadBody("too large")
        yield chunk


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)
