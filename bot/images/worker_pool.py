"""Runs work on pictures in processes of its own, so that it never blocks the event loop.

A process that hangs, dies or whose caller was cancelled is killed and replaced; the others go on.
"""

import asyncio
import logging
import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from bot.errors import Broken, QueueFull, ShuttingDown
from bot.images import codec
from bot.images.result import OnProgress, PictureType
from bot.images.worker_process import LENGTH, OUT_OF_MEMORY

T = TypeVar("T")

PROCESSES = 2
# Calls that run or wait. Each holds at most a starting image; 20 jobs with 4 pictures need 80.
OUTSTANDING_MAX = 256
# A picture of 4096 x 4096 is decoded and encoded in about 2 s on a slow core.
TIMEOUT_S = 30.0
# The longest wait for a free process: a few long calls, one after another.
WAIT_S = 120.0
START_S = CLOSE_S = 5.0
# The largest answer is a re-encoded picture.
ANSWER_MAX_BYTES = 128 * 1024 * 1024
# The largest answers of the service are 256 MiB, and are there three times while they are unpacked;
# a bomb of a picture wants more. Without a bound it would be the machine that ends, not the worker.
MEMORY_MAX_BYTES = 2 * 1024**3
# Workers read hostile files, so they inherit these variables only: no token is within reach.
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")

log = logging.getLogger(__name__)


class PictureWorker:
    """At most `processes` processes, started when first needed.

    Functions must be importable by name and idempotent: a call whose process died is repeated once.
    What they raise is raised here.
    """

    def __init__(
        self,
        *,
        processes: int = PROCESSES,
        outstanding_max: int = OUTSTANDING_MAX,
        memory_max_bytes: int = MEMORY_MAX_BYTES,
        wait_s: float = WAIT_S,
    ) -> None:
        self._places = asyncio.Semaphore(processes)
        self._idle: list[_Process] = []
        self._alive: set[_Process] = set()
        self._outstanding = 0
        self._outstanding_max = outstanding_max
        self._memory_max_bytes = memory_max_bytes
        self._wait_s = wait_s
        self._closing = asyncio.Event()

    async def run(
        self,
        function: Callable[..., T],
        *args: Any,
        timeout_s: float = TIMEOUT_S,
        on_progress: OnProgress | None = None,
    ) -> T:
        """`function(*args)` in a worker process; with `on_progress` it gets one more argument, a
        function that reports a fraction.

        Cancelling kills the process in the middle. Raises Broken when the function did not end in
        `timeout_s`, needed too much memory or took its process down twice; QueueFull when too many
        wait, or it waited too long; ShuttingDown.
        """
        if self._outstanding >= self._outstanding_max:
            raise QueueFull
        self._outstanding += 1
        try:
            call = pickle.dumps((function, args, on_progress is not None), pickle.HIGHEST_PROTOCOL)
            try:
                return cast("T", await self._attempt(call, timeout_s, on_progress))
            except _Died:
                log.warning("a picture worker died in %s; once more", function.__qualname__)
                return cast("T", await self._attempt(call, timeout_s, on_progress))
        except (_Died, TimeoutError, MemoryError) as error:
            log.exception("the picture worker gave up on %s", function.__qualname__)
            raise Broken from error
        finally:
            self._outstanding -= 1

    async def starting_image(self, data: bytes) -> bytes:
        """`data` as backends take it. Raises PictureRefused."""
        return await self.run(codec.prepare_starting_image, data)

    async def squeezed(
        self, source: bytes | Path, limit_bytes: int, types: tuple[PictureType, ...]
    ) -> tuple[bytes, PictureType]:
        """`source` in at most `limit_bytes`, in one of `types`. Raises PictureRefused."""
        return await self.run(codec.squeeze, source, limit_bytes, types)

    async def close(self) -> None:
        """Kill what runs and wait for it, for CLOSE_S at most. Running calls raise ShuttingDown."""
        self._closing.set()
        ended = [process.end() for process in tuple(self._alive)]
        if ended:
            await asyncio.wait(ended, timeout=CLOSE_S)

    async def _attempt(
        self, call: bytes, timeout_s: float, on_progress: OnProgress | None
    ) -> object:
        try:
            async with asyncio.timeout(self._wait_s):
                await self._places.acquire()
        except TimeoutError:
            raise QueueFull from None
        try:
            process = await self._take()
            try:
                async with asyncio.timeout(timeout_s):
                    return await process.ask(call, on_progress)
            finally:
                await self._put_back(process)
        except _Died:
            if self._closing.is_set():
                raise ShuttingDown from None
            raise
        finally:
            self._places.release()

    async def _take(self) -> "_Process":
        if self._closing.is_set():
            raise ShuttingDown
        while self._idle:
            process = self._idle.pop()
            if process.usable:
                return process
        process = _Process(self._memory_max_bytes)
        self._alive.add(process)
        process.ended.add_done_callback(lambda _: self._alive.discard(process))
        await process.start()
        if self._closing.is_set():
            await asyncio.wait([process.end()], timeout=CLOSE_S)
            raise ShuttingDown
        return process

    async def _put_back(self, process: "_Process") -> None:
        if process.usable and not self._closing.is_set():
            self._idle.append(process)
        else:
            # The caller may delete the files next: nothing may be writing to them any more.
            await asyncio.wait([process.end()], timeout=CLOSE_S)


class _Died(Exception):
    pass


class _Process(asyncio.SubprocessProtocol):
    """One worker process, asked one thing at a time."""

    def __init__(self, memory_max_bytes: int) -> None:
        self._memory_max_bytes = memory_max_bytes
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._received = bytearray()
        self._answer: asyncio.Future[object] | None = None
        self._on_progress: OnProgress | None = None
        self._transport: asyncio.SubprocessTransport | None = None

    async def start(self) -> None:
        kept = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
        try:
            async with asyncio.timeout(START_S):
                await asyncio.get_running_loop().subprocess_exec(
                    lambda: self,
                    *(sys.executable, "-P", "-m", "bot.images.worker_process"),
                    str(self._memory_max_bytes),
                    env=kept | {"PYTHONPATH": os.pathsep.join(sys.path)},
                    stderr=None,
                    # Ctrl-C in the terminal shall reach the parent alone, which then ends this.
                    start_new_session=True,
                )
        except BaseException:
            self.connection_lost(None)
            raise

    @property
    def usable(self) -> bool:
        """Whether it is alive and not working on a call."""
        return not self.ended.done() and self._transport is not None and self._answer is None

    async def ask(self, call: bytes, on_progress: OnProgress | None) -> object:
        """The answer to `call`. If the caller is cancelled, the process can't be used again."""
        stdin = self._transport and self._transport.get_pipe_transport(0)
        if self.ended.done() or not isinstance(stdin, asyncio.WriteTransport):
            raise _Died
        self._answer = asyncio.get_running_loop().create_future()
        self._on_progress = on_progress
        stdin.write(LENGTH.pack(len(call)))
        stdin.write(call)
        try:
            return await self._answer
        finally:
            # A cancelled answer is kept: it makes this process unusable.
            if not self._answer.cancelled():
                self._answer = None

    def end(self) -> "asyncio.Future[None]":
        """Kill it. The future is done when the process has ended."""
        if self._transport is not None:
            self._transport.close()
        return self.ended

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.SubprocessTransport", transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:  # noqa: ARG002  (stdout alone)
        self._received += data
        while len(self._received) >= LENGTH.size:
            length = LENGTH.unpack_from(self._received)[0]
            if length > ANSWER_MAX_BYTES:
                self.end()
                return
            if len(self._received) < LENGTH.size + length:
                return
            frame = bytes(self._received[LENGTH.size : LENGTH.size + length])
            del self._received[: LENGTH.size + length]
            self._take_frame(*pickle.loads(frame))  # noqa: S301  (from our own worker)

    def _take_frame(self, kind: str, value: Any) -> None:
        if self._answer is None or self._answer.done():
            return
        if kind == "done":
            self._answer.set_result(value)
        elif kind == "failed":
            self._answer.set_exception(value)
        elif self._on_progress is not None:
            self._on_progress(value)

    def process_exited(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (whatever ended it)
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(self._reason())
        if not self.ended.done():
            self.ended.set_result(None)

    def _reason(self) -> Exception:
        """Why it ended in the middle of a call. What needs too much memory does so again."""
        code = self._transport and self._transport.get_returncode()
        if code == OUT_OF_MEMORY:
            return MemoryError(f"it needs more than {self._memory_max_bytes // 1024**2} MiB")
        return _Died()
