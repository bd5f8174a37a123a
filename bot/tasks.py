"""Tasks: finished although they are cancelled, and how one ended."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def to_the_end(work: Awaitable[T]) -> T:
    """What `work` returns or raises.

    A caller that is cancelled, however often, waits for its end all the same and is cancelled
    then, whatever became of `work`: it has to settle its own failures.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        task.cancelled() or task.exception()  # looked at, so that asyncio doesn't complain
        raise cancelled
    return task.result()


async def how_it_ended(run: Callable[[], Awaitable[object]]) -> BaseException | None:
    """What ended `run`; None if it returned. Raises only if this task itself is cancelled."""
    try:
        await run()
    except asyncio.CancelledError as stray:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        return stray
    except Exception as error:  # noqa: BLE001  (the caller tells of it)
        return error
    return None
