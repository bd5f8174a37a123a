"""Bodies come in as files: bounded, off the event loop, and gone when their receiver is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

import httpx

T = TypeVar("T")

# Most answers in one piece: each further one costs a trip to a thread and back.
CHUNK_BYTES = 4 * 1024 * 1024
# Base64 of pictures does not compress, and what was never packed can't explode.
UNPACKED = {"Accept-Encoding": "identity"}


class BadBody(Exception):
    """The body is larger than agreed, or packed although it was asked not to be."""


async def receive(response: httpx.Response, path: Path, limit_bytes: int) -> None:
    """Write the body of a streamed `response` to `path`. Raises BadBody and httpx's errors."""
    await in_thread(path.touch)  # an empty body is a file too
    async for chunk in _chunks(response, limit_bytes):
        await in_thread(append, path, chunk)


async def receive_bytes(response: httpx.Response, limit_bytes: int) -> bytes:
    """The body of a streamed `response`. Raises BadBody and httpx's errors."""
    return b"".join([chunk async for chunk in _chunks(response, limit_bytes)])


async def in_thread(function: Callable[..., T], *args: object) -> T:
    """`function(*args)` in a thread. A cancelled caller waits for it: nothing happens later."""
    work = asyncio.ensure_future(asyncio.to_thread(function, *args))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        work.exception()  # seen, so that nobody reports it as lost
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
