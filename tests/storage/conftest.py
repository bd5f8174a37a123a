import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.database.database import open_for_writing
from tests.storage.builders import NOON


@pytest.fixture
def con(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A fresh database, open for writing."""
    with closing(open_for_writing(tmp_path / "limner.db", NOON)) as connection:
        yield connection
