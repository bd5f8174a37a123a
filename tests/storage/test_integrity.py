"""`limner check`: each thing that can be wrong is found, and named."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.job import KeptBlob
from bot.errors import Interrupted
from bot.images.codec import sha256_of
from bot.images.result import PictureType
from storage.database.database import open_for_writing
from storage.integrity import picture_problems, problems
from storage.sqlite_store import open_for_reading
from storage.tables import blobs
from storage.transactions import jobs
from tests.storage.builders import NOON, commit, new_job, produced, reserved, submitted

# One job in each state that matters: 1 reserved, 2 produced with an overrun, 3 lost, 4 refunded.
ACCOUNT = "an account differs from the replay of its entries"
OPEN_HOLD = "an open hold on a closed job"
RESOLVED = "a resolved hold on an open job"
BILL = "a bill is not what was posted on a level and on the house"
QUOTE = "somebody paid more than the quote"
LOST = "an unknown bill is not booked on the house"
REFUND = "a refund is not what was posted"
STRAY = "what stray calls cost is not booked on the house"
UNPAID = "a paid call failed without its bill"
REPORTED = "a bill is not what the backend reported"
DANGLING = "a row refers to a principal that is not there"
SCHEMA = "the tables were made by another text of a migration"
AUDIT = "the audit's chain is broken"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "limner.db"
    with closing(open_for_writing(path, NOON)) as con:
        reserved(con, new_job("reserved"))
        produced(con, new_job("produced"), cost=1_300)
        commit(con, jobs.fail, submitted(con, new_job("lost")).key, Interrupted(), NOON)
        refunded = produced(con, new_job("refunded"))
        commit(con, jobs.refund, refunded.key, "a moderator", NOON)
    return path


def look(path: Path) -> set[str]:
    with closing(open_for_reading(path)) as con:
        return {rule for rule, _ in problems(con)}


def test_honest_books_have_no_problem(path: Path) -> None:
    assert look(path) == set()


def test_a_look_is_possible_beside_the_running_bot(path: Path) -> None:
    with closing(open_for_writing(path, NOON)) as con:
        con.execute("BEGIN IMMEDIATE")
        con.execute("UPDATE account SET posted = 5")
        assert look(path) == set()


KEYS = {name: new_job(name).key for name in ("reserved", "produced", "lost", "refunded")}


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE account SET held = held + 1 WHERE id = 1", {ACCOUNT}),
        ("UPDATE account SET posted = posted + 1 WHERE id = 5", {ACCOUNT}),
        ("UPDATE account SET credits = 7 WHERE id = 2", {ACCOUNT}),
        ("UPDATE account SET granted = 7 WHERE id = 2", {ACCOUNT}),
        ("UPDATE job SET state = 'failed' WHERE key = :reserved", {OPEN_HOLD}),
        ("DELETE FROM entry WHERE kind = 'void' AND job_key = :lost", {ACCOUNT, OPEN_HOLD}),
        ("UPDATE job SET state = 'submitted' WHERE key = :produced", {RESOLVED}),
        ("UPDATE job SET bill = 1299 WHERE key = :produced", {BILL}),
        ("UPDATE job SET bill = 899 WHERE key = :refunded", {BILL}),
        (
            "DELETE FROM entry WHERE kind = 'refund' AND job_key = :refunded",
            {ACCOUNT, BILL, REFUND},
        ),
        ("UPDATE job SET state = 'refunded' WHERE key = :produced", {REFUND}),
        ("UPDATE job SET state = 'produced' WHERE key = :refunded", {REFUND}),
        ("UPDATE job SET stray = 5 WHERE key = :lost", {STRAY, LOST}),
        ("UPDATE job SET state = 'failed' WHERE key = :lost", {UNPAID}),
        ("UPDATE job SET quote = 999 WHERE key = :produced", {QUOTE}),
        ("UPDATE job SET quote = 999 WHERE key = :lost", {LOST}),
        ("UPDATE job SET reported = 1299 WHERE key = :produced", {REPORTED}),
        ("UPDATE job SET reported = 999 WHERE key = :lost", {REPORTED}),
        ("UPDATE job SET state = 'cancelled', quote = 999 WHERE key = :lost", {LOST}),
        ("DELETE FROM principal WHERE id = 4", {DANGLING, BILL, LOST}),  # the house
        ("UPDATE migration SET sha256 = 'a' WHERE version = 1", {SCHEMA}),
        (
            (
                "INSERT INTO audit (id, at, actor, action, subject, detail, hash)"
                " VALUES (1, 1, 'a', 'b', 'c', '{}', 'd')"
            ),
            {AUDIT},
        ),
    ],
)
def test_what_does_not_add_up_is_found_and_nothing_else(
    path: Path, damage: str, found: set[str]
) -> None:
    with closing(sqlite3.connect(path)) as con, con:
        con.execute("DROP TRIGGER entry_no_delete")
        con.execute(damage, KEYS)
    assert look(path) == found


@pytest.mark.parametrize("page", [0, 2, 9])
def test_a_damaged_file_is_a_problem_not_a_crash(path: Path, page: int) -> None:
    with path.open("r+b") as file:
        file.seek(page * 4_096)
        file.write(b"\xff" * 200)
    assert look(path) & {"the file is damaged", "the file can't be read"}


# --- pictures ---------------------------------------------------------------------------------


def put(pictures: Path, data: bytes) -> Path:
    sha256 = sha256_of(data)
    path = pictures / sha256[:2] / f"{sha256[2:]}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_missing_damaged_and_orphaned_pictures_are_named(path: Path, tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    contents = [b"whole", b"damaged", b"missing", b"starting image"]
    with closing(sqlite3.connect(path)) as con, con:
        for data in contents:
            blobs.keep(con, KeptBlob(sha256_of(data), PictureType.PNG, len(data)), NOON)
        con.execute("DELETE FROM blob WHERE sha256 LIKE 'f1%'")  # of the other tests
        con.execute("DELETE FROM picture")
        con.execute(
            "UPDATE job SET image_sha256 = ? WHERE key = ?",
            (sha256_of(b"starting image"), KEYS["lost"]),
        )
        public_id = con.execute(
            "SELECT public_id FROM job WHERE key = ?", (KEYS["lost"],)
        ).fetchone()[0]
    whole, damaged, missing, image = [put(pictures, data) for data in contents]
    damaged.write_bytes(b"damagee")
    image.write_bytes(b"")
    missing.unlink()
    orphan, young, strange = (
        put(pictures, b"orphan"),
        put(pictures, b"young"),
        pictures / "ab" / "x",
    )
    strange.parent.mkdir(exist_ok=True)
    strange.touch()
    for old in (orphan, strange, whole):
        os.utime(old, (0, 0))
    with closing(open_for_reading(path)) as con:
        found = set(picture_problems(con, pictures))

    assert found == {
        ("a picture is damaged", f"{damaged}, of no result"),
        ("a picture is damaged", f"{image}, of {public_id}"),
        ("a picture is missing", f"{missing}, of no result"),
        ("a file belongs to no picture", str(orphan)),
        ("a file belongs to no picture", str(strange)),
    }
    assert young.exists()


def test_without_a_picture_nothing_is_wrong(tmp_path: Path) -> None:
    with closing(open_for_writing(tmp_path / "limner.db", NOON)) as con:
        assert list(picture_problems(con, tmp_path / "pictures")) == []
