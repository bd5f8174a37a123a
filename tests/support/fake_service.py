"""What fakes with an event loop share: a thread of their own, an address, and waiting for them.

A fake runs in its own thread, so it serves bots in this and in other processes.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

from aiohttp import web

T = TypeVar("T")
# What a test waits for may be the bot's, of which the fake hears nothing.
LOOK_EVERY_S = 0.02
# A machine that is busy with other things is slow; only a test that fails waits so long.
PATIENCE_S = 90.0


class FakeService:
    """The world of a fake is changed, and looked at by who waits, in its own thread alone.

    `_serve` answers each request, `_tail` tells what came last.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=type(self).__name__)

    def __enter__(self) -> Self:
        self._thread.start()
        self.do(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        self.do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        raise NotImplementedError

    async def _close(self) -> None:
        self._stopping.set()
        await self._runner.cleanup()

    async def _listen(self) -> str:
        """Begin to serve at an address, which is returned."""
        self._stopping = asyncio.Event()
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=256)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        raise NotImplementedError

    def _tail(self) -> list[str]:
        raise NotImplementedError

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` in the fake's own thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=PATIENCE_S)

    def change(self, act: Callable[[], T]) -> T:
        """Run `act` in one go: in the fake's own thread, or here before that runs."""
        if not self._thread.is_alive() or threading.current_thread() is self._thread:
            return act()

        async def work() -> T:
            return act()

        return self.do(work())

    def wait_for(self, condition: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
        """Until `condition` holds; what changes is not seen half done.

        On an event loop: `await fake.until(…)`.
        """
        until_s = time.monotonic() + timeout_s
        while not self.change(condition):
            if time.monotonic() > until_s:
                raise AssertionError(f"not within {timeout_s} s; last was {self._tail()}")
            with self._changed:
                self._changed.wait(LOOK_EVERY_S)

    async def until(self, condition: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
        await asyncio.to_thread(self.wait_for, condition, timeout_s)

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()
