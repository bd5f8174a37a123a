"""Deletes what is too old, and files that no row refers to."""

import asyncio
from collections.abc import Iterable

from bot.domain.retention import Retention
from bot.images.result import Picture
from bot.ports import Clock, Pictures
from bot.store import Store

# One sweep forgets this many jobs, and as many of each kind of moderation's rows.
RETIRED_AT_ONCE = 500

FILES_AT_ONCE = 200


async def drop_unused_files(store: Store, pictures: Pictures) -> None:
    """Remove the files that no row refers to any more: the file first, then its row."""
    async with pictures.lock:
        for sha256, _ in await store.owner.unused_files(FILES_AT_ONCE):
            await pictures.delete(sha256)
            await store.owner.forget_file(sha256)


async def discard(drawn: Iterable[Picture]) -> None:
    """Delete drawn files that didn't come into the store: the disk may be full."""
    for picture in drawn:
        await asyncio.to_thread(picture.path.unlink, missing_ok=True)


async def retire(store: Store, pictures: Pictures, clock: Clock, keep: Retention) -> None:
    """Forget what is older than `keep`, then delete the files that no row refers to."""
    now = clock.now()
    if keep.results:
        await store.people.retire(now - keep.results, RETIRED_AT_ONCE, now)
    await store.cases.keep_to_retention(keep, RETIRED_AT_ONCE, now)
    await drop_unused_files(store, pictures)
    known = await store.owner.known_files()
    await pictures.sweep(known, now=now)
