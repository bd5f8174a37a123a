"""Progress as server-sent events, an extension of the wire: clients ask for it with Accept.

    event: progress   {"progress": 0.48}, with ?preview=true also "preview": a small data URL
    event: result     the native answer, whole
    event: error      {"status": 500} and the native error

A refusal before the first event is an ordinary answer with its status. Comments keep the connection
alive while a request waits.
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from adapters.api.drawings import responses
from adapters.api.drawings.drawings import Done
from adapters.api.requests.disconnects import end, gone
from adapters.api.schema import errors
from adapters.api.schema.errors import Refused, refusal_of
from bot.errors import BotError
from bot.images.metadata import with_metadata
from bot.images.result import PictureType

MEDIA_TYPE = "text/event-stream"
# The first event waits this long for a step, so that an early refusal still gets its own status.
HEAD_START_S = 1.0
HEARTBEAT_S = 10.0
CHUNK_BYTES = 256 * 1024


def wants_events(request: Request) -> bool:
    accepted = request.headers.get("accept", "").lower()
    return any(each.partition(";")[0].strip() == MEDIA_TYPE for each in accepted.split(","))


class Steps:
    """Keeps the newest step of a drawing; earlier ones are dropped."""

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self._step: tuple[float, bytes | None] = (0.0, None)

    def __call__(self, fraction: float, preview: bytes | None) -> None:
        self._step = (fraction, preview)
        self.news.set()

    def take(self) -> bytes:
        self.news.clear()
        fraction, preview = self._step
        fields: dict[str, object] = {"progress": round(min(max(fraction, 0.0), 1.0), 4)}
        if preview is not None:
            marked = with_metadata(preview, PictureType.JPEG, None)
            fields["preview"] = f"data:image/jpeg;base64,{b64encode(marked).decode('ascii')}"
        return event("progress", json.dumps(fields).encode())


def event(name: str, data: bytes) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)


async def begun(task: "asyncio.Task[Done]", steps: Steps) -> None:
    """Wait for a first step, for HEAD_START_S at most. Raises what `task` has raised by then."""
    news = asyncio.ensure_future(steps.news.wait())
    try:
        await asyncio.wait({task, news}, timeout=HEAD_START_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await end(news)
    if task.done():
        task.result()


class EventStream(Response):
    """Cancels `task` if the client disconnects; `stack` is closed at the end."""

    media_type = MEDIA_TYPE

    def __init__(self, task: "asyncio.Task[Done]", steps: Steps, stack: AsyncExitStack) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._task = task
        self._steps = steps
        self._stack = stack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        async with self._stack:
            left = asyncio.ensure_future(gone(receive))
            try:
                start = {"status": self.status_code, "headers": self.raw_headers}
                await send({"type": "http.response.start", **start})
                async for chunk in self._chunks(left):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                if not left.done():
                    await send({"type": "http.response.body", "body": b""})
            finally:
                await end(left, self._task)

    async def _chunks(self, left: "asyncio.Future[None]") -> AsyncIterator[bytes]:
        while not self._task.done():
            news = asyncio.ensure_future(self._steps.news.wait())
            signs: set[asyncio.Future[Any]] = {self._task, left, news}
            await asyncio.wait(signs, timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED)
            await end(news)
            if left.done():
                return
            if self._steps.news.is_set():
                yield self._steps.take()
            elif not self._task.done():
                yield b": still here\n\n"
        whole = await _last(self._task)
        for start in range(0, len(whole), CHUNK_BYTES):
            yield whole[start : start + CHUNK_BYTES]


async def _last(task: "asyncio.Task[Done]") -> bytes:
    try:
        done = task.result()
    except Refused as error:
        refused = error
    except BotError as error:
        refused = refusal_of(error)
    else:
        return event("result", await responses.encoded(responses.inference, done))
    words = {"status": refused.status, **errors.document("", refused)}
    return event("error", json.dumps(words).encode())
