"""The audit is a chain: nobody changes, drops, adds or moves a row unseen."""

import hashlib
import sqlite3
from datetime import timedelta

import pytest

from storage.database.columns import to_json, to_us
from storage.tables import audit
from storage.transactions import forgetting, people
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
        (
            (
                "INSERT INTO audit (id, at, actor, action, subject, detail, hash)"
                " VALUES (5, 1, 'a', 'b', 'c', '{}', 'd')"
            ),
            5,
        ),
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


@pytest.fixture
def blanked(chain: Con) -> Con:
    """Who was blocked and who blocked them are erased; row 2 has lost reason and actor."""
    commit(chain, people.block, asker("max"), reason="rude", until=None, actor=MOD, now=NOON)
    commit(chain, people.block, asker("mod"), reason="tired", until=None, actor=MAX, now=NOON)
    for person in ("max", "mod"):
        commit(chain, forgetting.erase, "discord", "harbour", person, NOON)
    return chain


MOD, MAX = "discord:harbour:mod", "discord:harbour:max"


def test_the_chain_holds_without_the_words_of_who_was_erased(blanked: Con) -> None:
    assert audit.verified(blanked) == audit.Verified(broken=None, blanked=2)
    rows = blanked.execute("SELECT actor, detail FROM audit WHERE id IN (5, 6)").fetchall()
    assert rows == [("discord:harbour:erased-3", "{}"), ("discord:harbour:erased-2", "{}")]
    keys = "SELECT count(actor_key), count(detail_key) FROM audit WHERE id IN (5, 6)"
    assert blanked.execute(keys).fetchone() == (0, 0)


@pytest.mark.parametrize(
    ("forgery", "row"),
    [
        ("UPDATE audit SET detail = '{}', detail_key = NULL WHERE id = 2", 2),
        ("UPDATE audit SET actor = 'x:y:erased-3', actor_key = NULL WHERE id = 4", 4),
        ("UPDATE audit SET actor = 'discord:harbour:erased-2' WHERE id = 5", 5),
        ("UPDATE audit SET actor = 'discord:harbour:mod' WHERE id = 5", 5),
        ('UPDATE audit SET detail = \'{"reason":"nice"}\' WHERE id = 5', 5),
        ("UPDATE audit SET action = 'unblock' WHERE id = 5", 5),
        ("UPDATE audit SET detail_digest = 'a' WHERE id = 5", 5),
        ("UPDATE audit SET detail = '{\"jobs\":0}' WHERE action = 'erase'", 7),
        ("UPDATE audit SET detail = '{}', detail_key = NULL WHERE id = 8", 5),
    ],
)
def test_what_no_erasure_blanked_is_tampered_with(blanked: Con, forgery: str, row: int) -> None:
    forge(blanked, forgery)
    assert audit.verified(blanked).broken == row


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET actor = 'x:y:erased-3' WHERE id = 1",
        "UPDATE audit SET detail = '{}' WHERE id = 2",
        "UPDATE audit SET detail = '{}', detail_key = NULL, at = 1 WHERE id = 2",
        "UPDATE audit SET detail = 'else', detail_key = NULL WHERE id = 2",
        "UPDATE audit SET actor = 'else', actor_key = NULL WHERE id = 2",
    ],
)
def test_nobody_changes_more_than_an_erasure_blanks(chain: Con, sql: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        chain.execute(sql)


def test_rows_from_before_there_were_digests_are_verified_and_blanked(con: Con) -> None:
    row = (to_us(NOON), MOD, "block", "principal:1", '{"reason":"rude"}')
    text = to_json(["", *row]).encode()
    con.execute(
        "INSERT INTO audit (at, actor, action, subject, detail, hash) VALUES (?, ?, ?, ?, ?, ?)",
        (*row, hashlib.sha256(text).hexdigest()),
    )
    commit(con, people.block, asker("ann"), reason="rude", until=None, actor="mod", now=NOON)
    assert audit.verified(con) == audit.Verified(broken=None)
    commit(con, forgetting.erase, "discord", "harbour", "ann", NOON)
    assert audit.verified(con) == audit.Verified(broken=None, blanked=2)
    forge(con, 'UPDATE audit SET detail = \'{"reason":"else"}\' WHERE id = 1')
    assert audit.verified(con).broken == 1
