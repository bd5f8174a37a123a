"""The Unix socket at which a running bot takes its owner's commands, beside the database.

Whoever may write into it may command: its mode lets the owner alone. Of the bot that holds the
database's lock there is one; what a killed bot left is replaced.
"""

import os
import socket
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

# What an address of a socket has room for, less its zero: 103 bytes on macOS, 107 on Linux.
PATH_MAX_BYTES = 103
_BACKLOG = 128
_PREFIX = "limner-"


def path_of(database: Path) -> Path:
    return database.with_suffix(".sock").absolute()


def listen(path: Path) -> socket.socket:
    """A listening socket, for the owner of the database's lock. Raises OSError.

    Where `path` is too long for an address, the socket is in a folder of its own among temporary
    files, and `path` is a link to it.
    """
    remove(path)
    if _fits(path):
        return _bound(path)
    place = Path(tempfile.mkdtemp(prefix=_PREFIX)) / path.name
    path.symlink_to(place)
    return _bound(place)


def _bound(place: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(place))
        place.chmod(0o600)  # before it listens, so that nobody else has come in
        listener.listen(_BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def find(path: Path) -> str | None:
    """The address to connect to; None where no bot runs, as far as the files say.

    A link that a killed bot left may lead to where somebody else has put a socket since.
    """
    try:
        place = path.readlink() if path.is_symlink() else path
        found = place.lstat()
        is_ours = stat.S_ISSOCK(found.st_mode) and found.st_uid == path.lstat().st_uid
        return str(place) if is_ours and _fits(place) else None
    except OSError:
        return None


def remove(path: Path) -> None:
    """Remove the socket, and what it links to. Raises OSError."""
    if path.is_symlink():
        place = path.readlink()
        with suppress(OSError):
            if place.parent.name.startswith(_PREFIX) and stat.S_ISSOCK(place.lstat().st_mode):
                place.unlink()
                place.parent.rmdir()
    path.unlink(missing_ok=True)


def _fits(path: Path) -> bool:
    return len(os.fsencode(path)) <= PATH_MAX_BYTES
