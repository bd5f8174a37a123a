"""What it costs to look at pictures: `python -m benchmarks.moderation [--quick]`.

Pictures of 1024 x 1024 through the classifier and the search for repeats, as they come from the
store, with the longest stall of the event loop meanwhile; then one search among 100,000 hashes.
"""

import asyncio
import io
import os
import random
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from bot.moderation.blocked_hashes import BlockedHashes
from bot.moderation.classifier import LocalClassifier
from storage.sqlite_store import SqliteStore

SIDE_PX = 1024
HASHES = 100_000
STALL_MAX_MS = 20.0
SEARCH_MAX_MS = 10.0
TICK_S = 0.001


def picture(seed: int) -> bytes:
    rng = random.Random(seed)
    small = Image.frombytes("RGB", (32, 32), bytes(rng.randrange(256) for _ in range(32 * 32 * 3)))
    file = io.BytesIO()
    small.resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC).save(file, "PNG", compress_level=1)
    return file.getvalue()


async def longest_stall_ms(stop: asyncio.Event) -> float:
    longest = 0.0
    while not stop.is_set():
        began = time.perf_counter()
        await asyncio.sleep(TICK_S)
        longest = max(longest, time.perf_counter() - began - TICK_S)
    return longest * 1000


async def measure(store: SqliteStore, count: int) -> bool:
    looker, matcher = LocalClassifier(), BlockedHashes(store.cases)
    data = [picture(seed) for seed in range(8)]
    await looker.look(data[0], scored=True)  # the model is loaded once
    await matcher.matches(bytes(32), "discord", "c1")  # and so are the hashes
    stop = asyncio.Event()
    watch = asyncio.create_task(longest_stall_ms(stop))
    began = time.perf_counter()
    for number in range(count):
        look = await looker.look(data[number % len(data)], scored=True)
        await matcher.matches(look.pdq, "discord", "c1")
    took_s = time.perf_counter() - began
    stop.set()
    stall_ms = await watch
    await looker.close()
    searches = []
    for _ in range(30):
        began = time.perf_counter()
        await matcher.matches(os.urandom(32), "discord", "c1")
        searches.append((time.perf_counter() - began) * 1000)
    search_ms = statistics.median(searches)
    print(f"classifier and PDQ, {SIDE_PX}²:    {count / took_s:6.1f} pictures a second")
    print(f"longest stall of the loop:   {stall_ms:6.1f} ms (promised under {STALL_MAX_MS:.0f})")
    print(f"search among {HASHES:,}:      {search_ms:6.1f} ms (promised under {SEARCH_MAX_MS:.0f})")
    return stall_ms < STALL_MAX_MS and search_ms < SEARCH_MAX_MS


async def fill(store: SqliteStore) -> None:
    """Eight hashes a picture, as removals leave them; these hold everywhere."""
    now = datetime.now(UTC)
    for start in range(0, HASHES // 8, 250):
        await asyncio.gather(
            *(
                store.cases.block_hash(os.urandom(256), "benchmark", now)
                for _ in range(start, min(start + 250, HASHES // 8))
            )
        )


async def main() -> bool:
    with tempfile.TemporaryDirectory() as directory:
        store = SqliteStore.open(Path(directory) / "limner.db", datetime.now(UTC))
        try:
            await fill(store)
            return await measure(store, 20 if "--quick" in sys.argv else 200)
        finally:
            await store.close()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(0 if asyncio.run(main()) else 1)
