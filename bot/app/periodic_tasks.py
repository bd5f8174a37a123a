"""Tasks that are done at regular intervals."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.ports import Clock

DEADLINES_EVERY_S = 5.0
TOKENS_EVERY_S = 60.0
RETENTION_EVERY_S = 3_600.0
# Longer than any platform repeats an event.
DELIVERIES_KEPT = timedelta(days=2)
MODELS_EVERY_S = 86_400.0
TASK_TIMEOUT_S = 600.0
# What goes on in portions is done when it is done; none of its steps takes long.
LONG_TASK_TIMEOUT_S = 86_400.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    """Something to do every `every_s`; a failure is logged, and it is done again next time."""

    name: str
    every_s: float
    do: Callable[[], Awaitable[object]]
    at_start: bool = False
    timeout_s: float = TASK_TIMEOUT_S


async def run_periodic_tasks(tasks: list[PeriodicTask], clock: Clock) -> None:
    """Run all `tasks`, each at its own interval, until cancelled."""
    async with asyncio.TaskGroup() as group:
        for task in tasks:
            group.create_task(_repeat(task, clock), name=task.name)


async def _repeat(task: PeriodicTask, clock: Clock) -> None:
    if not task.at_start:
        await clock.sleep(task.every_s)
    while True:
        try:
            async with asyncio.timeout(task.timeout_s):
                await task.do()
        except Exception:
            log.exception("%s failed; it will be tried again", task.name)
        await clock.sleep(task.every_s)
