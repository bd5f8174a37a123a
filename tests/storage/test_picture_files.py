import asyncio
import hashlib
import io
import os
import resource
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from bot.errors import NotFound
from bot.images import codec
from bot.images.result import Picture, PictureType
from bot.images.worker_pool import PictureWorker
from storage.picture_files import PictureFiles

PNG = PictureType.PNG


def png(shade: int = 90, side_px: int = 300) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side_px, side_px // 2), (shade, 120, 160)).save(buffer, "PNG")
    return buffer.getvalue()


def files_in(directory: Path) -> list[str]:
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*.*"))


@pytest.fixture
async def worker() -> AsyncIterator[PictureWorker]:
    worker = PictureWorker(processes=1)
    yield worker
    await worker.close()


@pytest.fixture
async def store(tmp_path: Path, worker: PictureWorker) -> PictureFiles:
    store = PictureFiles(tmp_path, worker)
    await store.open()
    return store


async def drawn(store: PictureFiles, worker: PictureWorker, data: bytes) -> Picture:
    return (await worker.run(codec.keep, [data], store.inbox, codec.fresh_stem()))[0]


async def test_a_picture_moves_from_the_inbox_to_its_own_name(
    store: PictureFiles, worker: PictureWorker, tmp_path: Path
) -> None:
    picture = await drawn(store, worker, png())
    await store.put(picture)

    sha256 = hashlib.sha256(png()).hexdigest()
    assert store.path(sha256, PNG) == tmp_path / "pictures" / sha256[:2] / f"{sha256[2:]}.png"
    assert store.path(sha256, PNG).read_bytes() == png()
    assert files_in(tmp_path / "inbox") == []


async def test_the_same_picture_twice_is_one_file(
    store: PictureFiles, worker: PictureWorker, tmp_path: Path
) -> None:
    for _ in range(2):
        await store.put(await drawn(store, worker, png()))

    assert len(files_in(tmp_path / "pictures")) == 1
    assert files_in(tmp_path / "inbox") == []


async def test_a_repeated_put_of_a_file_that_has_moved_already_is_fine(
    store: PictureFiles, worker: PictureWorker
) -> None:
    picture = await drawn(store, worker, png())
    await store.put(picture)
    await store.put(picture)

    assert store.path(picture.sha256, PNG).exists()


async def test_bytes_are_stored_under_their_hash(store: PictureFiles) -> None:
    sha256 = await store.put_bytes(png(), PNG)

    assert sha256 == hashlib.sha256(png()).hexdigest()
    assert await store.put_bytes(png(), PNG) == sha256
    assert store.path(sha256, PNG).read_bytes() == png()


async def test_what_was_stored_can_be_read_and_nothing_else(store: PictureFiles) -> None:
    sha256 = await store.put_bytes(png(), PNG)

    assert await store.read(sha256, PNG) == png()
    with pytest.raises(NotFound):
        await store.read("0" * 64, PNG)


async def test_a_thumbnail_is_a_small_webp_made_once(store: PictureFiles, tmp_path: Path) -> None:
    sha256 = await store.put_bytes(png(side_px=300), PNG)
    made = await asyncio.gather(*(store.thumbnail(sha256, PNG, 100) for _ in range(8)))

    assert set(made) == {made[0]}
    with Image.open(io.BytesIO(made[0])) as image:
        assert (image.format, image.size) == ("WEBP", (128, 64))
    (file,) = (tmp_path / "thumbnails").rglob("*.webp")
    made_at = file.stat().st_mtime_ns
    assert await store.thumbnail(sha256, PNG, 100) == made[0]
    assert file.stat().st_mtime_ns == made_at


async def test_a_thumbnail_deleted_as_it_is_read_is_not_found(store: PictureFiles) -> None:
    sha256 = await store.put_bytes(png(), PNG)
    for turns in range(12):
        asked = asyncio.create_task(store.thumbnail(sha256, PNG, 128))
        for _ in range(turns):
            await asyncio.sleep(0.001)
        await store.delete([sha256])
        with suppress(NotFound):
            assert (await asked)[:4] == b"RIFF"
        await store.put_bytes(png(), PNG)


async def test_a_thumbnail_is_never_larger_than_the_picture(store: PictureFiles) -> None:
    sha256 = await store.put_bytes(png(side_px=300), PNG)

    with Image.open(io.BytesIO(await store.thumbnail(sha256, PNG, 9_999))) as image:
        assert image.size == (300, 150)


async def test_there_is_no_thumbnail_of_nothing(store: PictureFiles) -> None:
    with pytest.raises(NotFound):
        await store.thumbnail("0" * 64, PNG, 128)


async def test_deleting_takes_the_thumbnails_along(store: PictureFiles, tmp_path: Path) -> None:
    sha256 = await store.put_bytes(png(), PNG)
    await store.thumbnail(sha256, PNG, 128)
    under_way = asyncio.create_task(store.thumbnail(sha256, PNG, 256))
    await asyncio.sleep(0)
    assert await store.delete([sha256]) == [sha256]
    assert await store.delete([sha256]) == [sha256]
    await asyncio.gather(under_way, return_exceptions=True)

    assert files_in(tmp_path) == []


@pytest.mark.parametrize("sha256", ["../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"])
async def test_only_a_hash_is_a_name(store: PictureFiles, sha256: str) -> None:
    with pytest.raises(ValueError, match="sha256"):
        store.path(sha256, PNG)
    with pytest.raises(ValueError, match="sha256"):
        await store.delete([sha256])


async def test_what_is_stored_is_told_in_portions_whoever_put_it(
    store: PictureFiles, tmp_path: Path
) -> None:
    put = {await store.put_bytes(png(shade), PNG) for shade in range(5)}
    one = min(put)
    await store.thumbnail(one, PNG, 128)
    (tmp_path / "pictures" / one[:2] / "notes.txt").write_text("not ours")
    portions = [portion async for portion in store.stored(2)]

    assert all(len(portion) <= 2 for portion in portions)
    assert Counter(each for portion in portions for each in portion) == Counter([*put, one])


async def test_what_somebody_puts_is_nobodys_to_delete(store: PictureFiles) -> None:
    keeping, more = store.keeping(["a"]), store.keeping(["a", "b"])
    async with keeping, more, store.deleting(["a", "b", "c"]) as mine:
        assert mine == ["c"]
    async with store.deleting(["a", "b"]) as mine:
        assert mine == ["a", "b"]
        async with store.deleting(["a", "d"]) as rest:
            assert rest == ["d"]


async def test_what_is_named_twice_is_deleted_once_and_let_go(store: PictureFiles) -> None:
    async with store.deleting(["a", "a", "b"]) as mine:
        assert mine == ["a", "b"]
    async with asyncio.timeout(5), store.keeping(["a", "b"]):
        pass


async def test_whoever_puts_a_file_waits_for_the_end_of_its_deletion(store: PictureFiles) -> None:
    done: list[str] = []

    async def put() -> None:
        async with store.keeping(["a", "b"]):
            done.append("put")

    async with store.deleting(["b"]):
        putting = asyncio.create_task(put())
        await asyncio.sleep(0)
        done.append("deleted")
    await putting
    assert done == ["deleted", "put"]


@pytest.mark.parametrize("content", [b"", b"half a picture", png()[:-1] + b"!"])
async def test_a_damaged_file_is_never_shown_and_replaced_when_it_is_put_again(
    store: PictureFiles, worker: PictureWorker, content: bytes
) -> None:
    for put in (partial(_put_drawn, store, worker), partial(store.put_bytes, png(), PNG)):
        sha256 = await store.put_bytes(png(), PNG)
        store.path(sha256, PNG).write_bytes(content)
        for look in (store.read(sha256, PNG), store.thumbnail(sha256, PNG, 128)):
            with pytest.raises(NotFound) as found:
                await look
            assert found.value.what == "damaged_picture"
        await put()
        assert await store.read(sha256, PNG) == png()
        assert (await store.thumbnail(sha256, PNG, 128))[:4] == b"RIFF"
        await store.delete([sha256])


async def _put_drawn(store: PictureFiles, worker: PictureWorker) -> None:
    await store.put(await drawn(store, worker, png()))


async def test_a_file_that_cannot_be_deleted_does_not_keep_the_others(
    store: PictureFiles, tmp_path: Path
) -> None:
    stuck, other = [await store.put_bytes(png(shade), PNG) for shade in (1, 2)]
    store.path(stuck, PNG).unlink()
    store.path(stuck, PNG).mkdir()  # also root can't unlink it

    assert await store.delete([stuck, other]) == [other]
    assert not store.path(other, PNG).exists()


async def test_a_start_clears_what_a_crash_left(
    store: PictureFiles, worker: PictureWorker, tmp_path: Path
) -> None:
    sha256 = await store.put_bytes(png(), PNG)
    (store.inbox / "abc-1.png").write_bytes(b"half a pic")
    (store.inbox / "answer").mkdir()
    (store.inbox / "answer" / "body.json").write_bytes(b"{")
    part = store.path(sha256, PNG).with_suffix(".png.1234.part")
    part.write_bytes(b"half")
    await store.restrict(sha256, PNG, "case-1")
    (tmp_path / "restricted" / "case-2.png.1234.part").write_bytes(b"half")
    await PictureFiles(tmp_path, worker).open()

    assert files_in(store.inbox) == []
    assert not part.exists()
    assert files_in(tmp_path / "restricted") == ["case-1.png"]
    assert store.path(sha256, PNG).read_bytes() == png()


async def test_a_write_that_breaks_off_leaves_nothing(store: PictureFiles, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            await store.put_bytes(png(), PNG)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert files_in(tmp_path) == []


async def test_free_space_is_what_the_disk_has_left(store: PictureFiles, tmp_path: Path) -> None:
    stat = os.statvfs(tmp_path)
    assert store.free_bytes() == pytest.approx(stat.f_bavail * stat.f_frsize, rel=0.05)
