"""The picture store: files named by the sha256 of what was drawn, under DATA_DIR/pictures.

A file is written before its row, so that no row ever names a missing file; a file without a row
that nobody is about to write is an orphan. Under its final name a file is complete, and its content
is what the name says; what a disk made of it since is found when it is read.
"""

import asyncio
import contextlib
import glob
import logging
import os
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from bot.errors import NotFound
from bot.images import codec
from bot.images.grid import TYPE as GRID_TYPE
from bot.images.grid import grid
from bot.images.result import Picture, PictureType
from bot.images.worker_pool import PictureWorker
from bot.tasks import to_the_end

# Thumbnails are only made in these sizes, so that requests for others can't fill the disk.
THUMBNAIL_SIDES_PX = (128, 256, 512, 1024)
PRIVATE = 0o700

P = ParamSpec("P")
T = TypeVar("T")

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FOLDERS = tuple(f"{number:02x}" for number in range(256))

log = logging.getLogger(__name__)


class PictureFiles:
    """Implements ports.Pictures in a directory; `inbox` is where backends put drawn files.

    All of it is on one file system, below `data_dir`, so that renames are atomic.
    """

    def __init__(self, data_dir: Path, worker: PictureWorker) -> None:
        self.inbox = data_dir / "inbox"
        self._pictures = data_dir / "pictures"
        self._thumbnails = data_dir / "thumbnails"
        # Files of frozen cases, which are not shown, swept, backed up or deleted with the others.
        self._restricted = data_dir / "restricted"
        self._worker = worker
        self._making: dict[Path, asyncio.Task[None]] = {}
        # By sha256: how many are putting the file until its row is written, and whose deletion is
        # under way, with what is set at its end. Never both for one file. See `keeping`.
        self._kept: Counter[str] = Counter()
        self._deleted: dict[str, asyncio.Event] = {}

    async def open(self) -> None:
        """Make the directories, and empty the inbox, whose files no running job owns."""
        await asyncio.to_thread(self._open)

    def free_bytes(self) -> int:
        return shutil.disk_usage(self._pictures).free

    @asynccontextmanager
    async def keeping(self, hashes: Collection[str]) -> AsyncIterator[None]:
        """Held by whoever puts files until their rows are written: nobody deletes them meanwhile.

        Many do so at once. One whose file is being deleted waits for the end of that, which is
        soon: then the file is gone, and put anew.
        """
        while under_way := [self._deleted[each] for each in hashes if each in self._deleted]:
            await under_way[0].wait()
        self._kept.update(hashes)
        try:
            yield
        finally:
            self._kept.subtract(hashes)
            for each in hashes:
                if not self._kept[each]:
                    del self._kept[each]

    @asynccontextmanager
    async def deleting(self, hashes: Collection[str]) -> AsyncIterator[Sequence[str]]:
        """Those of `hashes` that nobody puts now, nor begins to until the block ends.

        What the store says inside the block of their rows stays true: whoever put one of them has
        written its row before, or comes later.
        """
        # Each once: a picture's thumbnails are several files of one hash.
        mine = [
            each
            for each in dict.fromkeys(hashes)
            if each not in self._kept and each not in self._deleted
        ]
        end = asyncio.Event()
        self._deleted.update(dict.fromkeys(mine, end))
        try:
            yield mine
        finally:
            for each in mine:
                del self._deleted[each]
            end.set()

    async def put(self, *pictures: Picture) -> None:
        await to_the_end(asyncio.to_thread(self._put, pictures))

    async def put_bytes(self, data: bytes, kind: PictureType) -> str:
        return await asyncio.to_thread(self._put_bytes, data, kind)

    def path(self, sha256: str, kind: PictureType) -> Path:
        return _below(self._pictures, sha256, kind.suffix)

    async def read(self, sha256: str, kind: PictureType) -> bytes:
        """Raises NotFound; "damaged_picture" if the file's content is not what its name says."""
        return await asyncio.to_thread(self._read, sha256, kind)

    async def delete(self, hashes: Collection[str]) -> Sequence[str]:
        """Remove files and thumbnails; returns which are gone. The others are logged."""
        gone = await to_the_end(asyncio.to_thread(_each, self._delete_original, hashes))
        # Without the original no thumbnail is begun; those being made are waited for.
        making = [task for path, task in self._making.items() if _sha256_of(path) in hashes]
        if making:
            await asyncio.wait(making)
        return await to_the_end(asyncio.to_thread(_each, self._delete_thumbnails, gone))

    async def stored(self, limit: int) -> AsyncIterator[Sequence[str]]:
        """The sha256 of every file and thumbnail, some of them twice, at most `limit` at once."""
        for directory in (self._pictures, self._thumbnails):
            for folder in _FOLDERS:
                found = await asyncio.to_thread(_hashes_in, directory / folder)
                for first in range(0, len(found), limit):
                    yield found[first : first + limit]

    async def thumbnail(self, sha256: str, kind: PictureType, side_px: int) -> bytes:
        """A WebP of `side_px`, rounded up to one of THUMBNAIL_SIDES_PX; made when first asked for.

        Raises NotFound.
        """
        side_px = next((side for side in THUMBNAIL_SIDES_PX if side >= side_px), 1024)
        target = _below(self._thumbnails, sha256, f"-{side_px}.webp")
        with contextlib.suppress(FileNotFoundError):
            return await asyncio.to_thread(target.read_bytes)
        making = self._making.get(target)
        if making is None:
            making = asyncio.create_task(self._make(sha256, kind, target, side_px))
            self._making[target] = making
            making.add_done_callback(lambda task: self._made(target, task))
        # Shielded, because others may wait for the same thumbnail.
        await asyncio.shield(making)
        try:
            return await asyncio.to_thread(target.read_bytes)
        except FileNotFoundError:  # deleted since
            raise NotFound("picture", sha256) from None

    async def restrict(self, sha256: str, kind: PictureType, name: str) -> None:
        await asyncio.to_thread(self._restrict, self.path(sha256, kind), name + kind.suffix)

    async def unrestrict(self, name: str) -> None:
        await asyncio.to_thread(self._unrestrict, name)

    async def blurred(
        self, sha256: str, kind: PictureType, made: PictureType = PictureType.WEBP
    ) -> bytes:
        return await self._worker.run(codec.blurred, await self.read(sha256, kind), made)

    async def grid(
        self, tiles: Sequence[tuple[str, PictureType] | None], size: tuple[int, int]
    ) -> tuple[bytes, PictureType]:
        paths: list[Path | None] = []
        for tile in tiles:
            if tile is not None:
                await self.read(*tile)  # raises for a damaged one
            paths.append(None if tile is None else self.path(*tile))
        try:
            return await self._worker.run(grid, paths, size), GRID_TYPE
        except FileNotFoundError as error:  # deleted since
            raise NotFound("picture") from error

    async def fitted(
        self, sha256: str, kind: PictureType, limit_bytes: int, types: Sequence[PictureType]
    ) -> tuple[bytes, PictureType]:
        data = await self.read(sha256, kind)
        if kind in types and len(data) <= limit_bytes:
            return data, kind
        return await self._worker.squeezed(data, limit_bytes, tuple(types))

    def _restrict(self, source: Path, name: str) -> None:
        target = self._restricted / name
        _make_directory(self._restricted)
        with contextlib.suppress(FileNotFoundError):  # an equal file of the case was moved first
            if not target.exists():
                codec.write_atomically(target, source.read_bytes())
            target.chmod(0o400)

    def _unrestrict(self, name: str) -> None:
        for path in self._restricted.glob(f"{glob.escape(name)}-*"):
            path.unlink(missing_ok=True)

    def _open(self) -> None:
        for directory in (self.inbox, self._pictures, self._thumbnails):
            directory.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        for path in self.inbox.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        # Unfinished files. A restricted file's original is kept until its copy is complete.
        for path in (*_files(self._pictures, self._thumbnails), *self._restricted.glob("*")):
            if path.suffix == ".part":
                path.unlink()

    def _put(self, pictures: Sequence[Picture]) -> None:
        """Move all of them into the store: first contents, then names, each folder synced once."""
        missing = [each for each in pictures if not self._is_whole(each.sha256, each.type)]
        for picture in missing:
            _sync(picture.path)
        changed = set()
        for picture in missing:
            final = self.path(picture.sha256, picture.type)
            _make_directory(final.parent)
            picture.path.replace(final)
            changed.add(final.parent)
        for folder in changed:
            codec.sync_directory(folder)
        for picture in pictures:
            picture.path.unlink(missing_ok=True)  # of an equal one that was there already

    def _put_bytes(self, data: bytes, kind: PictureType) -> str:
        sha256 = codec.sha256_of(data)
        if not self._is_whole(sha256, kind):
            final = self.path(sha256, kind)
            _make_directory(final.parent)
            codec.write_atomically(final, data)
        return sha256

    def _is_whole(self, sha256: str, kind: PictureType) -> bool:
        """Whether the file is there and undamaged; equal pictures are rare enough to be read."""
        try:
            self._read(sha256, kind)
        except NotFound:
            return False
        return True

    def _read(self, sha256: str, kind: PictureType) -> bytes:
        path = self.path(sha256, kind)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise NotFound("picture", sha256) from None
        if codec.sha256_of(data) != sha256:
            log.error("%s is damaged; a backup may have it whole", path)
            raise NotFound("damaged_picture", sha256)
        return data

    def _delete_original(self, sha256: str) -> None:
        for kind in PictureType:
            self.path(sha256, kind).unlink(missing_ok=True)

    def _delete_thumbnails(self, sha256: str) -> None:
        for side_px in THUMBNAIL_SIDES_PX:
            _below(self._thumbnails, sha256, f"-{side_px}.webp").unlink(missing_ok=True)

    async def _make(self, sha256: str, kind: PictureType, target: Path, side_px: int) -> None:
        await self.read(sha256, kind)  # raises for a damaged one
        try:
            await asyncio.to_thread(_make_directory, target.parent)
            await self._worker.run(codec.thumbnail, self.path(sha256, kind), target, side_px)
        except FileNotFoundError as error:
            raise NotFound("picture") from error

    def _made(self, target: Path, task: "asyncio.Task[None]") -> None:
        del self._making[target]
        if not task.cancelled():
            task.exception()  # retrieved, so that asyncio doesn't log it


def _each(delete: Callable[[str], None], hashes: Collection[str]) -> list[str]:
    """Those of `hashes` for which `delete` succeeded."""
    gone = []
    for sha256 in hashes:
        try:
            delete(sha256)
        except OSError:
            log.exception("a file of %s can't be deleted; it is tried again later", sha256)
        else:
            gone.append(sha256)
    return gone


def _below(directory: Path, sha256: str, ending: str) -> Path:
    if not _SHA256.fullmatch(sha256):
        raise ValueError("not a sha256 in lower-case hexadecimal")
    return directory / sha256[:2] / f"{sha256[2:]}{ending}"


def _files(*directories: Path) -> Iterator[Path]:
    for directory in directories:
        yield from directory.glob("??/*")


def _hashes_in(folder: Path) -> list[str]:
    """The names in one folder of the store, as far as they are ours."""
    try:
        names = [folder.name + each[:62] for each in os.listdir(folder)]  # noqa: PTH208  (flat)
    except FileNotFoundError:
        return []
    return [name for name in names if _SHA256.fullmatch(name)]


def _sha256_of(path: Path) -> str:
    return path.parent.name + path.name[:62]


def _make_directory(path: Path) -> None:
    if not path.exists():
        path.mkdir(mode=PRIVATE, exist_ok=True)
        codec.sync_directory(path.parent)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
