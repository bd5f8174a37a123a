"""The audit is a chain: nobody changes, drops, adds or moves a row unseen."""

import sqlite3
from datetime import timedelta

import pytest

from storage.tables import audit
from storage.transactions import people
from tests.storage.builders import NOON, asker, commit

Con = sqlite3.Connection


@pytest.fixture
def chain(con: Con) -> Con:
    """Four deeds: a pause, a block, its end, another pause."""
    commit(con, people.pause, paused=True, actor="the owner", now=NOON)
    commit(con, people.block, asker(), reason="spam", until=None, actor="mod", now=NOON)
    commit(con, people.lift, asker(), "mod", NOON)
    commit(con, people.pause, paused=False, actor="the owner", now=NOON)
    return con


def forge(con: Con, sql: str) -> None:
    """What somebody with the file and an editor can do."""
    con.execute("DROP TRIGGER audit_no_update")
    con.execute("DROP TRIGGER audit_no_delete")
    con.execute(sql)


def test_an_empty_chain_and_an_honest_one_are_whole(con: Con, chain: Con) -> None:
    assert audit.first_broken_row(chain) is None
    rows = chain.execute("SELECT id, actor, action, subject FROM audit").fetchall()
    assert rows == [
        (1, "the owner", "pause", "everybody"),
        (2, "mod", "block", "principal:1"),
        (3, "mod", "unblock", "principal:1"),
        (4, "the owner", "resume", "everybody"),
    ]


def test_no_deed_no_row(con: Con) -> None:
    assert audit.first_broken_row(con) is None


@pytest.mark.parametrize(
    ("forgery", "row"),
    [
        ("UPDATE audit SET actor = 'nobody' WHERE id = 2", 2),
        ("UPDATE audit SET at = at + 1 WHERE id = 1", 1),
        ("UPDATE audit SET action = 'unblock' WHERE id = 2", 2),
        ("UPDATE audit SET subject = 'principal:7' WHERE id = 3", 3),
        ("UPDATE audit SET detail = '{}' WHERE id = 2", 2),
        ("UPDATE audit SET hash = 'a' WHERE id = 4", 4),
        ("DELETE FROM audit WHERE id = 1", 2),
        ("DELETE FROM audit WHERE id = 3", 4),
        ("UPDATE audit SET id = 9 WHERE id = 2", 3),
        # Words that move from one column to the next.
        ("UPDATE audit SET actor = 'the', action = 'owner pause' WHERE id = 1", 1),
        ("INSERT INTO audit VALUES (5, 1, 'a', 'b', 'c', '{}', 'd')", 5),
    ],
)
def test_a_forgery_is_found_at_the_row_where_it_begins(chain: Con, forgery: str, row: int) -> None:
    forge(chain, forgery)
    assert audit.first_broken_row(chain) == row


_CUT = "DELETE FROM audit WHERE id = 5"
LATER = NOON + timedelta(days=731)


def test_the_beginning_is_forgotten_and_the_rest_still_proves_itself(chain: Con) -> None:
    commit(chain, people.pause, paused=True, actor="the owner", now=LATER)
    assert commit(chain, audit.prune, NOON + timedelta(days=1), 100, LATER) == 4
    rows = chain.execute("SELECT id, action, subject FROM audit").fetchall()
    assert rows == [(5, "pause", "everybody"), (6, "forget the beginning", "row:4")]
    assert audit.first_broken_row(chain) is None
    assert commit(chain, audit.prune, NOON + timedelta(days=1), 100, LATER) == 0


def test_it_is_forgotten_in_pieces_and_never_the_newest(chain: Con) -> None:
    for gone, left in ((2, 3), (2, 2), (0, 2)):
        assert commit(chain, audit.prune, NOON + timedelta(days=1), 2, LATER) == gone
        assert chain.execute("SELECT count(*) FROM audit").fetchone() == (left,)
        assert audit.first_broken_row(chain) is None


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE audit_anchor SET hash = 'a'",
        "DELETE FROM audit_anchor",
        "UPDATE audit SET actor = 'nobody' WHERE id = 5",
        _CUT,
        "INSERT INTO audit_anchor SELECT id, hash, at FROM audit WHERE id = 5;" + _CUT,  # noqa: S608
    ],
)
def test_a_forged_beginning_is_found(chain: Con, forgery: str) -> None:
    commit(chain, people.pause, paused=True, actor="the owner", now=LATER)
    commit(chain, audit.prune, NOON + timedelta(days=1), 100, LATER)
    chain.execute("DROP TRIGGER audit_no_update")
    chain.execute("DROP TRIGGER audit_no_delete")
    chain.executescript(forgery)
    assert audit.first_broken_row(chain) is not None


def test_the_bot_itself_forgets_nothing_without_an_anchor(chain: Con) -> None:
    commit(chain, people.pause, paused=True, actor="the owner", now=LATER)
    commit(chain, audit.prune, NOON + timedelta(days=1), 100, LATER)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        chain.execute("DELETE FROM audit WHERE id = 5")


@pytest.mark.parametrize("sql", ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"])
def test_the_bot_itself_can_not_rewrite_it(chain: Con, sql: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        chain.execute(sql)
