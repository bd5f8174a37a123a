"""Deletes what is too old, and files that no row refers to.

It keeps up with any rate and holds nobody up: each transaction is small, the database rests between
two of them, and no more is in memory than one portion, or the names in one folder of the store.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from functools import partial

from bot.domain.retention import Retention
from bot.images.result import Picture
from bot.ports import Clock, Pictures
from bot.store import Store

# So many jobs or rows in one transaction: it holds the writer for some ten milliseconds.
ROWS_AT_ONCE = 50
# Whoever puts one of these files again waits until all of them are deleted, some ten milliseconds.
FILES_AT_ONCE = 200
# After each portion it rests this many times as long as that took, so that others are served.
RESTS = 1.0

# Copies of the database from before it was migrated or replaced: long enough to see what is wrong.
COPIES_KEPT = timedelta(days=7)

# Reads are short: together some seconds.
SCRUBS_MAX = 10
SCRUB_AGAIN_S = 0.5

log = logging.getLogger(__name__)


async def drop_unused_files(store: Store, pictures: Pictures) -> None:
    """Remove the files that no row refers to any more: the files first, then their rows."""
    after = ""
    while found := await store.owner.unused_files(after, FILES_AT_ONCE):
        async with pictures.deleting(found) as mine:
            unused = await store.owner.unused_among(mine)
            await store.owner.forget_files(await pictures.delete(unused))
        after = found[-1]


async def discard(drawn: Iterable[Picture]) -> None:
    """Delete drawn files that didn't come into the store: the disk may be full."""
    for picture in drawn:
        await asyncio.to_thread(picture.path.unlink, missing_ok=True)


async def retire(store: Store, pictures: Pictures, clock: Clock, keep: Retention) -> None:
    """Forget what is older than `keep`, then delete the files that no row refers to.

    What fails keeps nothing else from being done. Raises an ExceptionGroup then.
    """
    now = clock.now()
    steps: list[Callable[[], Awaitable[object]]] = [
        partial(forget_all, partial(store.cases.keep_to_retention, keep, ROWS_AT_ONCE, now), clock),
        partial(drop_unused_files, store, pictures),
        partial(drop_orphans, store, pictures, clock),
        partial(store.owner.drop_copies, now - COPIES_KEPT),
        partial(scrub, store, clock),
    ]
    if keep.results:
        old = partial(store.people.retire, now - keep.results, ROWS_AT_ONCE, now)
        steps.insert(0, partial(forget_all, old, clock))
    troubles = []
    for step in steps:
        try:
            await step()
        except Exception as trouble:  # noqa: BLE001  (raised below)
            troubles.append(trouble)
    if troubles:
        raise ExceptionGroup("retention", troubles)


async def scrub(store: Store, clock: Clock) -> None:
    """Leave nothing of what was deleted on disk, as soon as nobody reads; else the next time."""
    for _ in range(SCRUBS_MAX):
        if await store.owner.scrub():
            return
        await clock.sleep(SCRUB_AGAIN_S)
    log.warning("what was deleted is still in the write-ahead log; it goes within an hour")


async def forget_all(portion: Callable[[], Awaitable[int]], clock: Clock) -> None:
    """Call `portion` until it returns 0, as nothing is left; others get their turns between."""
    while True:
        began_s = clock.monotonic()
        if not await portion():
            return
        await clock.sleep(RESTS * (clock.monotonic() - began_s))


async def drop_orphans(store: Store, pictures: Pictures, clock: Clock) -> None:
    """Remove files without a row, which a crash left before the row was written."""
    async for found in pictures.stored(FILES_AT_ONCE):
        began_s = clock.monotonic()
        async with pictures.deleting(found) as mine:
            if orphans := await store.owner.unknown_among(mine):
                log.info("%d files without a row are deleted", len(orphans))
                await pictures.delete(orphans)
        await clock.sleep(RESTS * (clock.monotonic() - began_s))
