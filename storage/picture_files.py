"""The picture store: files named by the sha256 of what was drawn, under DATA_DIR/pictures.

A file is written before its row, so that no row ever names a missing file; a file without a row is
an orphan, deleted once it is older than ORPHAN_AGE. Under its final name a file is complete.
"""

import asyncio
import contextlib
import glob
import hashlib
import os
import re
import shutil
import threading
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from pathlib import Path

from bot.errors import NotFound
from bot.images import codec
from bot.images.result import Picture, PictureType
from bot.images.worker_pool import PictureWorker

# Longer than any drawing, so that no file is deleted before its row is written.
ORPHAN_AGE = timedelta(hours=1)
# Thumbnails are only made in these sizes, so that requests for others can't fill the disk.
THUMBNAIL_SIDES_PX = (128, 256, 512, 1024)
PRIVATE = 0o700

_SHA256 = re.compile(r"[0-9a-f]{64}")


class PictureFiles:
    """Implements ports.Pictures in a directory; `inbox` is where backends put drawn files.

    All of it is on one file system, below `data_dir`, so that renames are atomic.
    """

    def __init__(self, data_dir: Path, worker: PictureWorker) -> None:
        self.inbox = data_dir / "inbox"
        self.lock = asyncio.Lock()
        self._pictures = data_dir / "pictures"
        self._thumbnails = data_dir / "thumbnails"
        # Files of frozen cases, which are not shown, swept, backed up or deleted with the others.
        self._restricted = data_dir / "restricted"
        self._worker = worker
        self._making: dict[Path, asyncio.Task[None]] = {}
        # Held while an old file is deleted and while one is put, so that no new one is deleted.
        self._aging = threading.Lock()

    async def open(self) -> None:
        """Make the directories, and empty the inbox, whose files no running job owns."""
        await asyncio.to_thread(self._open)

    def free_bytes(self) -> int:
        return shutil.disk_usage(self._pictures).free

    async def put(self, picture: Picture) -> None:
        await asyncio.to_thread(self._put, picture)

    async def put_bytes(self, data: bytes, kind: PictureType) -> str:
        return await asyncio.to_thread(self._put_bytes, data, kind)

    def path(self, sha256: str, kind: PictureType) -> Path:
        return _below(self._pictures, sha256, kind.suffix)

    async def read(self, sha256: str, kind: PictureType) -> bytes:
        """Raises NotFound."""
        try:
            return await asyncio.to_thread(self.path(sha256, kind).read_bytes)
        except FileNotFoundError:
            raise NotFound("picture", sha256) from None

    async def delete(self, sha256: str) -> None:
        await asyncio.to_thread(self._delete_original, sha256)
        # Without the original no thumbnail is begun; those being made are waited for.
        making = [task for path, task in self._making.items() if _sha256_of(path) == sha256]
        await asyncio.gather(*making, return_exceptions=True)
        await asyncio.to_thread(self._delete_thumbnails, sha256)

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
            making = asyncio.create_task(self._make(self.path(sha256, kind), target, side_px))
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

    async def fitted(
        self, sha256: str, kind: PictureType, limit_bytes: int, types: Sequence[PictureType]
    ) -> tuple[bytes, PictureType]:
        data = await self.read(sha256, kind)
        if kind in types and len(data) <= limit_bytes:
            return data, kind
        return await self._worker.squeezed(data, limit_bytes, tuple(types))

    async def sweep(self, known: AbstractSet[str], *, now: datetime) -> int:
        """Remove the pictures that are not `known`, if they are older than ORPHAN_AGE.

        Returns how many. `known` has to be read before: files that are put later are young.
        """
        return await asyncio.to_thread(self._sweep, known, (now - ORPHAN_AGE).timestamp())

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

    def _put(self, picture: Picture) -> None:
        final = self.path(picture.sha256, picture.type)
        if self._refreshed(final):
            picture.path.unlink(missing_ok=True)
            return
        _make_directory(final.parent)
        _sync(picture.path)
        picture.path.replace(final)
        codec.sync_directory(final.parent)

    def _put_bytes(self, data: bytes, kind: PictureType) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        final = self.path(sha256, kind)
        if not self._refreshed(final):
            _make_directory(final.parent)
            codec.write_atomically(final, data)
        return sha256

    def _refreshed(self, final: Path) -> bool:
        """Whether `final` exists; then it is marked as new, since a row for it will follow."""
        with self._aging, contextlib.suppress(FileNotFoundError):
            os.utime(final)
            return True
        return False

    def _delete_original(self, sha256: str) -> None:
        for kind in PictureType:
            self.path(sha256, kind).unlink(missing_ok=True)

    def _delete_thumbnails(self, sha256: str) -> None:
        for side_px in THUMBNAIL_SIDES_PX:
            _below(self._thumbnails, sha256, f"-{side_px}.webp").unlink(missing_ok=True)

    async def _make(self, source: Path, target: Path, side_px: int) -> None:
        try:
            await asyncio.to_thread(_make_directory, target.parent)
            await self._worker.run(codec.thumbnail, source, target, side_px)
        except FileNotFoundError as error:
            raise NotFound("picture") from error

    def _made(self, target: Path, task: "asyncio.Task[None]") -> None:
        del self._making[target]
        if not task.cancelled():
            task.exception()  # retrieved, so that asyncio doesn't log it

    def _sweep(self, known: AbstractSet[str], before: float) -> int:
        swept = 0
        for path in _files(self._pictures, self._thumbnails):
            if _sha256_of(path) in known:
                continue
            with self._aging, contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()
                    swept += path.is_relative_to(self._pictures)
        return swept


def _below(directory: Path, sha256: str, ending: str) -> Path:
    if not _SHA256.fullmatch(sha256):
        raise ValueError("not a sha256 in lower-case hexadecimal")
    return directory / sha256[:2] / f"{sha256[2:]}{ending}"


def _files(*directories: Path) -> Iterator[Path]:
    for directory in directories:
        yield from directory.glob("??/*")


def _sha256_of(path: Path) -> str:
    return path.parent.name + path.name[:62]


def _make_directory(path: Path) -> None:
    if not path.exists():
        path.mkdir(mode=PRIVATE, exist_ok=True)
        codec.sync_directory(path.parent)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
