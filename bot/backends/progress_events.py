"""Reads the progress that a server of one's own sends while it draws, as server-sent events.

An extension of the wire, see docs/api.md: "progress" with a fraction, then "result" with the
answer, or "error" with a status. The answer is megabytes and goes to a file as it comes.
"""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from bot.backends.bounded_body import BadBody, append, in_thread
from bot.images.result import OnProgress

MEDIA_TYPE = "text/event-stream"
# The limit for every event but a result; progress may carry a preview.
EVENT_MAX_BYTES = 256 * 1024


class EventFailed(Exception):
    """The server sent "error", with the status that a plain answer would have had."""

    def __init__(self, status: int, document: Any) -> None:
        super().__init__(status)
        self.status = status
        self.document = document


async def receive_events(
    response: httpx.Response,
    path: Path,
    limit_bytes: int,
    *,
    bodies: asyncio.Semaphore,
    on_progress: OnProgress,
    on_sign: Callable[[], None],
) -> None:
    """Write the result of a streamed `response` to `path`, reporting progress on the way.

    `on_sign` is called whenever bytes arrive, so that a caller can extend its time-out.
    Raises EventFailed, BadBody and httpx's errors; a stream without a result was cut off.
    """
    reader = _Reader(path, limit_bytes, bodies, on_progress)
    try:
        async for chunk in response.aiter_bytes():  # as they arrive
            on_sign()
            await reader.feed(chunk)
            if reader.done:
                return
    finally:
        reader.close()
    raise httpx.RemoteProtocolError("the events end without a result")


class _Reader:
    """Makes events of lines. A result's data goes to the file before its line is complete."""

    def __init__(
        self, path: Path, limit_bytes: int, bodies: asyncio.Semaphore, on_progress: OnProgress
    ) -> None:
        self._path = path
        self._left_bytes = limit_bytes
        self._bodies = bodies
        self._holds_body = False
        self._on_progress = on_progress
        self._buffer = b""
        self._name = ""
        self._data = bytearray()
        self._within_result = False
        self.done = False

    def close(self) -> None:
        if self._holds_body:
            self._bodies.release()

    async def feed(self, chunk: bytes) -> None:
        self._buffer += chunk
        while not self.done and await self._step():
            pass

    async def _step(self) -> bool:
        """Take one line, or a piece of a result. False if more bytes are needed first."""
        if self._name == "result" and not self._within_result and self._starts_data():
            self._within_result = True
            await self._hold_body()
        line, end, rest = self._buffer.partition(b"\n")
        if self._within_result:
            await self._write(line)
            self._buffer = rest
            self._within_result = not end
            return bool(end)
        if not end:
            if len(self._buffer) + len(self._data) > EVENT_MAX_BYTES:
                raise BadBody("too large for an event")
            return False
        self._buffer = rest
        self._take(line.rstrip(b"\r"))
        return True

    def _starts_data(self) -> bool:
        if not self._buffer.startswith(b"data:"):
            return False
        self._buffer = self._buffer.removeprefix(b"data:")
        return True

    async def _hold_body(self) -> None:
        if not self._holds_body:
            await self._bodies.acquire()
            self._holds_body = True

    async def _write(self, data: bytes) -> None:
        self._left_bytes -= len(data)
        if self._left_bytes < 0:
            raise BadBody("too large")
        await in_thread(append, self._path, data)

    def _take(self, line: bytes) -> None:
        field, _, value = line.partition(b":")
        if not line:
            self._dispatch()
        elif field == b"event":
            self._name = value.strip().decode("ascii", "replace")
        elif field == b"data":
            self._data += value
            if len(self._data) > EVENT_MAX_BYTES:
                raise BadBody("too large for an event")

    def _dispatch(self) -> None:
        name, data = self._name, bytes(self._data)
        self._name, self._data = "", bytearray()
        if name == "result":
            self.done = True
        elif name == "progress":
            fraction = _document(data).get("progress")
            if isinstance(fraction, int | float) and 0 <= fraction <= 1:
                self._on_progress(float(fraction))
        elif name == "error":
            document = _document(data)
            status = document.get("status")
            raise EventFailed(status if isinstance(status, int) else 500, document)


def _document(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
