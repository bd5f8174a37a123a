"""Work that is finished even if whoever waits for it is cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns or raises.

    A caller that is cancelled, however often, waits for its end all the same and is cancelled
    then, whatever became of `work`: it has to settle its own failures.
    """
    task = asyncio.create_task(work)
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
