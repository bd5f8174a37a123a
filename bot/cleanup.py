"""Letting go: of rows that are too old, and of files that no row refers to."""

import asyncio
from collections.abc import Iterable

from bot.domain.retention import Retention
from bot.images.result import Picture
from bot.ports import Clock, Pictures
from bot.store import Store

# One sweep lets go of this many jobs; the rest waits for the next.
RETIRED_AT_ONCE = 500

FILES_AT_ONCE = 200


async def drop_unused_files(store: Store, pictures: Pictures) -> None:
    """Remove the files that no row refers to any more: the file first, then its row."""
    async with pictures.lock:
        for sha256, _ in await store.owner.unused_files(FILES_AT_ONCE):
            await pictures.delete(sha256)
            await store.owner.forget_file(sha256)


async def discard(drawn: Iterable[Picture]) -> None:
    """Remove what was drawn and never came into the store: a full disk needs the room."""
    for picture in drawn:
        await asyncio.to_thread(picture.path.unlink, missing_ok=True)


async def retire(store: Store, pictures: Pictures, clock: Clock, keep: Retention) -> None:
    """Let go of what is too old to keep, and of files that belong to nobody."""
    now = clock.now()
    if keep.results:
        await store.people.retire(now - keep.results, RETIRED_AT_ONCE, now)
    await store.cases.keep_to_retention(keep, RETIRED_AT_ONCE, now)
    await drop_unused_files(store, pictures)
    known = await store.owner.known_files()
    await pictures.sweep(known, now=now)
