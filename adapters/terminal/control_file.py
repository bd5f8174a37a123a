"""DATA_DIR/control.json: address and token of the running bot, readable by its owner alone."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "control.json"


@dataclass(frozen=True, slots=True)
class Control:
    url: str  # without the path, like http://127.0.0.1:8765
    token: str

    def __repr__(self) -> str:
        return f"Control({self.url!r}, ****)"


def write(data_dir: Path, control: Control) -> None:
    """Write the file atomically, so that no reader sees half a token."""
    draft = data_dir / f".{NAME}.{os.getpid()}"
    draft.unlink(missing_ok=True)
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w") as file:
        json.dump(asdict(control), file)
    draft.replace(data_dir / NAME)


def read(data_dir: Path) -> Control | None:
    """The file's content; None if there is none that can be read."""
    try:
        record = json.loads((data_dir / NAME).read_text("utf-8"))
        return Control(url=str(record["url"]), token=str(record["token"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def remove(data_dir: Path, control: Control) -> None:
    """Delete the file if it is still ours: a bot that started since has written another."""
    if read(data_dir) == control:
        with suppress(FileNotFoundError):
            (data_dir / NAME).unlink()
