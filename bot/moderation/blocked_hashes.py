"""Recognises removed pictures by their PDQ hash, through re-encoding, resizing, turns and mirrors.

Nothing of a removed picture is kept but its hashes. They are searched with numpy, off the event
loop; without numpy there are no hashes either.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.store import CaseStore

# Bits of 256 that may differ. Source: https://github.com/facebook/ThreatExchange/tree/main/pdq
DISTANCE_MAX = 31
HASH_BYTES = 32
READ_AT_ONCE = 5_000

Place = tuple[str, str]
EVERYWHERE: Place = ("", "")


class BlockedHashes:
    """Implements ports.HashMatcher over the store; each question reads what is new there."""

    def __init__(self, store: CaseStore) -> None:
        self._store = store
        self._last = 0
        self._count = 0
        self._by_place: dict[Place, Any] = {}  # (n, 4) uint64
        self._lock = asyncio.Lock()

    async def knows_any(self, platform: str, community: str) -> bool:
        async with self._lock:
            await self._refresh()
            return bool(self._by_place.keys() & {(platform, community), EVERYWHERE})

    async def matches(self, pdq: bytes, platform: str, community: str) -> bool:
        if len(pdq) < HASH_BYTES:
            return False
        async with self._lock:
            await self._refresh()
            lists = [self._by_place.get(place) for place in ((platform, community), EVERYWHERE)]
        known = [each for each in lists if each is not None]
        return bool(known) and await asyncio.to_thread(is_near_any, pdq[:HASH_BYTES], known)

    async def _refresh(self) -> None:
        count = await self._store.hash_count()
        if count < self._count:  # hashes were removed: read all again
            self._last, self._count, self._by_place = 0, 0, {}
        while self._count < count:
            rows = await self._store.hashes_after(self._last, READ_AT_ONCE)
            if not rows:
                break
            await asyncio.to_thread(self._add, rows)
            self._last, self._count = rows[-1][0], self._count + len(rows)
        if self._count > count:  # one was removed and another added at once: read all next time
            self._count = -1

    def _add(self, rows: list[tuple[int, str, str, bytes]]) -> None:
        import numpy as np  # noqa: PLC0415  (only where pictures are hashed)

        new: dict[Place, list[bytes]] = {}
        for _, platform, community, hashes in rows:
            new.setdefault((platform, community), []).append(hashes)
        for place, blobs in new.items():
            table = as_table(b"".join(blobs))
            known = self._by_place.get(place)
            self._by_place[place] = table if known is None else np.concatenate([known, table])


def as_table(hashes: bytes) -> Any:
    """(n, 4) uint64 of n hashes, one after another."""
    import numpy as np  # noqa: PLC0415  (only where pictures are hashed)

    return np.frombuffer(hashes, dtype=np.uint64).reshape(-1, 4)


def is_near_any(pdq: bytes, tables: list[Any]) -> bool:
    """Whether one hash lies within DISTANCE_MAX of any in `tables`."""
    import numpy as np  # noqa: PLC0415  (only where pictures are hashed)

    own = as_table(pdq)[0]
    return any(
        bool((np.bitwise_count(table ^ own).sum(axis=1, dtype=np.uint16) <= DISTANCE_MAX).any())
        for table in tables
    )


def nearest_to(hashes: bytes, known: Sequence[bytes]) -> list[int]:
    """Which of `known` (32 bytes each) lie within DISTANCE_MAX of any of `hashes`."""
    import numpy as np  # noqa: PLC0415  (only where pictures are hashed)

    table = as_table(b"".join(known))
    near = np.zeros(len(known), dtype=bool)
    for own in as_table(hashes):
        near |= np.bitwise_count(table ^ own).sum(axis=1, dtype=np.uint16) <= DISTANCE_MAX
    return [int(index) for index in np.flatnonzero(near)]
