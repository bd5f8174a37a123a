"""Cleaning up beside deliveries: nothing that a row names is deleted, nothing unused stays."""

import asyncio
import errno
import random
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import cleanup
from bot.domain.job import KeptBlob
from bot.domain.retention import Retention
from bot.images.codec import sha256_of
from bot.images.result import PictureType
from bot.images.worker_pool import PictureWorker
from storage.picture_files import THUMBNAIL_SIDES_PX, PictureFiles
from storage.sqlite_store import SqliteStore
from storage.tables import blobs
from tests.support.clock import NOON, FakeClock

PNG = PictureType.PNG
# As many people as that put the same few pictures, again and again.
PUTTING, TIMES = 16, 40
CONTENTS = [bytes([n]) * 1_000 for n in range(3)]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore.open(tmp_path / "limner.db", NOON)
    yield store
    await store.close()


@pytest.fixture
async def pictures(tmp_path: Path) -> AsyncIterator[PictureFiles]:
    worker = PictureWorker(processes=1)
    pictures = PictureFiles(tmp_path, worker)
    await pictures.open()
    yield pictures
    await worker.close()


async def release(store: SqliteStore, sha256: str) -> None:
    await store._writer.run(blobs.release, sha256)


class Deliveries:
    """Deliver pictures in many tasks, and let go of each soon."""

    def __init__(self, store: SqliteStore, pictures: PictureFiles) -> None:
        self._store, self._pictures = store, pictures
        self.hashes: set[str] = set()

    async def run(self, seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(TIMES):
            data = rng.choice(CONTENTS)
            sha256 = await self.deliver(data)
            assert self._pictures.path(sha256, PNG).read_bytes() == data
            for _ in range(rng.randrange(3)):
                await asyncio.sleep(0)
            assert self._pictures.path(sha256, PNG).read_bytes() == data
            await release(self._store, sha256)

    async def deliver(self, data: bytes) -> str:
        sha256 = sha256_of(data)
        self.hashes.add(sha256)
        async with self._pictures.keeping([sha256]):
            await self._pictures.put_bytes(data, PNG)
            await self._store.owner.keep_file(KeptBlob(sha256, PNG, len(data)), NOON)
        return sha256


async def test_no_delivery_loses_its_file_however_much_is_cleaned_up(
    store: SqliteStore, pictures: PictureFiles, tmp_path: Path
) -> None:
    deliveries = Deliveries(store, pictures)
    clock = FakeClock(auto=True)

    async def clean_up() -> None:
        while True:
            await cleanup.drop_unused_files(store, pictures)

    async def sweep() -> None:
        while True:
            await cleanup.drop_orphans(store, pictures, clock)

    cleaning = [asyncio.create_task(clean_up()) for _ in range(2)]
    cleaning.append(asyncio.create_task(sweep()))
    async with asyncio.timeout(60):
        await asyncio.gather(*(deliveries.run(seed) for seed in range(PUTTING)))
    for task in cleaning:
        task.cancel()
    await asyncio.gather(*cleaning, return_exceptions=True)

    await cleanup.drop_unused_files(store, pictures)
    assert list((tmp_path / "pictures").rglob("*.png")) == []
    assert set(await store.owner.unknown_among(deliveries.hashes)) == deliveries.hashes


class SlowDisk(PictureFiles):
    """Deletes nothing before the test lets it."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir, PictureWorker(processes=1))
        self.deletes, self.may_delete = threading.Event(), threading.Event()

    def _delete_original(self, sha256: str) -> None:
        self.deletes.set()
        self.may_delete.wait(20)
        super()._delete_original(sha256)


async def test_a_cancelled_cleanup_lets_nobody_put_what_it_still_deletes(
    store: SqliteStore, tmp_path: Path
) -> None:
    pictures = SlowDisk(tmp_path)
    await pictures.open()
    deliveries = Deliveries(store, pictures)
    sha256 = await deliveries.deliver(CONTENTS[0])
    await release(store, sha256)
    cleaning = asyncio.create_task(cleanup.drop_unused_files(store, pictures))
    assert await asyncio.to_thread(pictures.deletes.wait, 20)
    cleaning.cancel()
    again = asyncio.create_task(deliveries.deliver(CONTENTS[0]))
    await asyncio.wait([again], timeout=0.2)
    pictures.may_delete.set()
    await again
    await asyncio.gather(cleaning, return_exceptions=True)
    await asyncio.to_thread(pictures.deletes.wait, 20)
    assert cleaning.cancelled()
    assert pictures.path(sha256, PNG).exists()


async def test_orphans_go_and_what_has_a_row_stays(
    store: SqliteStore, pictures: PictureFiles, tmp_path: Path
) -> None:
    kept = await Deliveries(store, pictures).deliver(CONTENTS[0])
    orphan = await pictures.put_bytes(CONTENTS[1], PNG)
    small = [
        tmp_path / "thumbnails" / orphan[:2] / f"{orphan[2:]}-{side_px}.webp"
        for side_px in THUMBNAIL_SIDES_PX
    ]
    small[0].parent.mkdir(parents=True)
    for file in small:
        file.write_bytes(b"of a picture that is gone")
    await cleanup.retire(store, pictures, FakeClock(), Retention())

    assert pictures.path(kept, PNG).exists()
    assert not pictures.path(orphan, PNG).exists()
    assert not any(file.exists() for file in small)


class Stumbling:
    """A store of people in which nothing can be forgotten, as on a full disk."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.people = self

    async def retire(self, *_: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


async def test_what_cannot_be_forgotten_keeps_no_file_from_going(
    store: SqliteStore, pictures: PictureFiles
) -> None:
    unused = await Deliveries(store, pictures).deliver(CONTENTS[0])
    await release(store, unused)
    with pytest.raises(ExceptionGroup):
        await cleanup.retire(Stumbling(store), pictures, FakeClock(), Retention())
    assert not pictures.path(unused, PNG).exists()


async def test_one_round_removes_as_many_unused_files_as_there_are(
    store: SqliteStore, pictures: PictureFiles, tmp_path: Path
) -> None:
    count = 2 * cleanup.FILES_AT_ONCE + 1
    deliveries = Deliveries(store, pictures)
    hashes = [await deliveries.deliver(str(n).encode()) for n in range(count)]
    for sha256 in hashes:
        await release(store, sha256)
    await cleanup.drop_unused_files(store, pictures)
    assert list((tmp_path / "pictures").rglob("*.png")) == []
    assert await store.owner.unused_files("", 1) == []


async def test_portions_go_on_until_nothing_is_left_and_rest_between() -> None:
    clock = FakeClock(auto=True)
    left = [3, 3, 1, 0, 7]

    async def portion() -> int:
        clock.advance(timedelta(seconds=2))
        return left.pop(0)

    await cleanup.forget_all(portion, clock)
    assert left == [7]
    assert clock.slept_s == pytest.approx([2.0, 2.0, 2.0])
