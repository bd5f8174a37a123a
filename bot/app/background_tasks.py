"""Small tasks that nobody waits for: bounded, referenced until done, ended with the bot."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

TASKS_MAX = 200
CLOSE_S = 5.0

log = logging.getLogger(__name__)


class BackgroundTasks:
    def __init__(self, most: int = TASKS_MAX) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._most = most

    @property
    def free(self) -> bool:
        """Whether one more task would be started."""
        return len(self._tasks) < self._most

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Start `work`; if too many run already, it is dropped and logged."""
        if not self.free:
            log.warning("too much to do besides; one thing was left out")
            work.close()
            return
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def close(self) -> None:
        """Wait for running tasks for at most CLOSE_S, then cancel them."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSE_S)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (trouble := task.exception()):
            log.error("a background task failed: %r", trouble)
