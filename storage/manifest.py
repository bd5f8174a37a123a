"""The list of what a backup holds: SHA256SUMS, which `sha256sum --check` reads as well.

Its last line, a comment, counts the lines above and has their sha256, so that half a list is no
list. It is written and read line by line, because there may be millions.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from bot.errors import Misconfigured

NAME = "SHA256SUMS"
_CHUNK_BYTES = 1024 * 1024
# Nothing but this is restored, so that no list leads out of the folder.
_LINE = re.compile(
    r"([0-9a-f]{64})  (limner\.db|pictures/[0-9a-f]{2}/[0-9a-f]{62}\.(?:png|jpg|webp))\n"
)
_END = re.compile(r"# (\d+) files, sha256 of the lines above: ([0-9a-f]{64})\n")


class Manifest:
    """Writes the list; it is whole and durable once the block ended without an error."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._count = 0
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        self._file: BinaryIO = self._path.open("wb")
        return self

    def add(self, name: str, sha256: str) -> None:
        line = f"{sha256}  {name}\n".encode()
        self._digest.update(line)
        self._file.write(line)
        self._count += 1

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        with self._file as file:
            if kind is None:
                above = self._digest.hexdigest()
                file.write(f"# {self._count} files, sha256 of the lines above: {above}\n".encode())
                file.flush()
                os.fsync(file.fileno())


def listed(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and sha256 of everything that the backup `folder` holds.

    Raises Misconfigured where there is no whole list; whoever asks for one line reads it in full.
    """
    path = folder / NAME
    if not path.is_file():
        text = f"{folder} has no {NAME}: it is no backup of Limner, or only a part of one."
        raise Misconfigured((f"{text} Copy it once more, or take another.",))
    if not _is_whole(path):
        raise Misconfigured((f"{path} is damaged or cut off. Copy it once more, or take another.",))
    with path.open(encoding="ascii") as file:
        for line in file:
            if found := _LINE.fullmatch(line):
                yield found[2], found[1]


def _is_whole(path: Path) -> bool:
    digest, count, end = hashlib.sha256(), 0, None
    with path.open("rb") as file:
        for raw in file:
            line = raw.decode("ascii", "replace")
            if end is not None:
                return False
            if _LINE.fullmatch(line):
                digest.update(raw)
                count += 1
            else:
                end = line
    found = _END.fullmatch(end or "")
    return found is not None and (int(found[1]), found[2]) == (count, digest.hexdigest())


def sha256_of_file(path: Path) -> str:
    """Read piece by piece, whatever its size."""
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def copied(source: Path, target: Path) -> str:
    """Copy the file; returns the sha256 of what was written. `target` is complete, or not there."""
    draft = target.with_name(f"{target.name}.part")
    digest = hashlib.sha256()
    try:
        with source.open("rb") as file, draft.open("wb") as copy:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                copy.write(chunk)
        draft.rename(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return digest.hexdigest()
