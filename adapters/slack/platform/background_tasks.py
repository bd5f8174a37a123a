"""Tasks that go on after an acknowledgement: bounded, and drained when the bot stops."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

TASKS_MAX = 500

log = logging.getLogger(__name__)


class BackgroundTasks:
    """Keeps references to tasks: bolt doesn't, so that they could be collected half-way."""

    def __init__(self, most: int = TASKS_MAX) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._most = most
        self.closing = False

    @property
    def free(self) -> bool:
        """Whether one more task would be taken."""
        return not self.closing and len(self._running) < self._most

    @property
    def busy(self) -> bool:
        return bool(self._running)

    def start(self, work: Coroutine[Any, Any, None], name: str = "") -> bool:
        """Run `work` as a task; False where too many run, or the bot stops."""
        if not self.free:
            log.warning("too much to do at once; something was left out: %s", name)
            work.close()
            return False
        task = asyncio.create_task(work, name=name or None)
        self._running.add(task)
        task.add_done_callback(self._done)
        return True

    async def close(self, drain_s: float) -> None:
        """Take no more tasks, wait `drain_s` for those that run, then cancel them."""
        self.closing = True
        if self._running:
            await asyncio.wait(tuple(self._running), timeout=drain_s)
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (trouble := task.exception()):
            log.error("something after an acknowledgement broke", exc_info=trouble)
