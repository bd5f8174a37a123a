"""The audit of who decided what: a chain in which each row's hash covers the one before.

The oldest rows may be deleted. An anchor keeps the hash of the last one deleted, and a new row of
the chain records that too, so that the rest can still be verified.

Who acted and what about can be blanked when somebody is erased: the hash covers a keyed digest of
each, whose key goes with the words. The erasure's own row names the rows that were blanked for it.
"""

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database.columns import from_json, from_us, to_json, to_us
from storage.tables.principals import ERASED, know_actor

COLUMNS = ("row", "at", "actor", "action", "subject", "detail", "hash")
_PRUNE = "forget the beginning"
ERASE = "erase"
_NOTHING = "{}"
# What an erasure's row calls the rows whose actor or detail was blanked.
ACTORS, DETAILS = "actors_blanked", "details_blanked"
# In the name of an actor who was erased.
ALIAS = f":{ERASED}"
# One blanked word: ACTORS or DETAILS, the row, and the alias's number or the detail there now.
_Blank = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Verified:
    """The first row that doesn't fit, and how many rows have lost words to erasures."""

    broken: int | None
    blanked: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    at: int
    actor: str
    action: str
    subject: str
    detail: str
    actor_key: str | None
    actor_digest: str | None
    detail_key: str | None
    detail_digest: str | None
    hash: str


_ROWS_SQL = """
SELECT id, at, actor, action, subject, detail, actor_key, actor_digest, detail_key, detail_digest,
  hash FROM audit ORDER BY id
"""


def record(
    con: sqlite3.Connection,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any],
    now: datetime,
) -> None:
    """Append a row, in the same transaction as the deed."""
    know_actor(con, actor)
    words = to_json(detail)
    keys = (secrets.token_hex(32), secrets.token_hex(32))
    digests = (_keyed(keys[0], actor), _keyed(keys[1], words))
    con.execute(
        "INSERT INTO audit (at, actor, action, subject, detail, actor_key, actor_digest,"
        " detail_key, detail_digest, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            to_us(now),
            actor,
            action,
            subject,
            words,
            keys[0],
            digests[0],
            keys[1],
            digests[1],
            _chained(_last_hash(con), (to_us(now), action, subject, *digests)),
        ),
    )


def blank_actor(con: sqlite3.Connection, actor: str, alias: str) -> list[int]:
    """Put `alias` in the place of an actor everywhere. Returns the rows."""
    rows = con.execute(
        "UPDATE audit SET actor = ?, actor_key = NULL WHERE actor = ? AND actor <> 'limner'"
        " RETURNING id",
        (alias, actor),
    ).fetchall()
    return sorted(number for (number,) in rows)


def blank_details(
    con: sqlite3.Connection, actions: Collection[str], subjects: Collection[str], naming: str = ""
) -> list[int]:
    """Delete details of deeds about any of `subjects`, only those with `naming` in them."""
    rows = con.execute(
        "UPDATE audit SET detail = ?1, detail_key = NULL WHERE detail <> ?1"
        " AND subject IN (SELECT value FROM json_each(?2))"
        " AND action IN (SELECT value FROM json_each(?3)) AND instr(detail, ?4) RETURNING id",
        (_NOTHING, to_json(list(subjects)), to_json(list(actions)), naming),
    ).fetchall()
    return sorted(number for (number,) in rows)


def prune(con: sqlite3.Connection, before: datetime, limit: int, now: datetime) -> int:
    """Delete the oldest rows from before `before`, but never the newest. Returns how many."""
    row = con.execute(
        "SELECT max(id) FROM (SELECT id, at FROM audit ORDER BY id LIMIT ?)"
        " WHERE at < ? AND id < (SELECT max(id) FROM audit)",
        (limit, to_us(before)),
    ).fetchone()
    if row[0] is None:
        return 0
    through = int(row[0])
    (last,) = con.execute("SELECT hash FROM audit WHERE id = ?", (through,)).fetchone()
    con.execute("INSERT INTO audit_anchor VALUES (?, ?, ?)", (through, last, to_us(now)))
    count = con.execute("DELETE FROM audit WHERE id <= ?", (through,)).rowcount
    record(con, "limner", _PRUNE, f"row:{through}", {"through": through, "hash": last}, now)
    return count


def first_broken_row(con: sqlite3.Connection) -> int | None:
    """The id of the first row that does not fit the chain; None when all do."""
    return verified(con).broken


def verified(con: sqlite3.Connection) -> Verified:
    """Follow the chain. Words that are missing must have been blanked by an erasure."""
    through, last = _anchor(con)
    pruned: dict[str, str] = {}
    blanked: set[_Blank] = set()
    claimed: set[_Blank] = set()
    first = None
    for row in (_Row(*each) for each in con.execute(_ROWS_SQL)):
        first = row.id if first is None else first
        missing = _blanked_in(row, last)
        if missing is None:
            return Verified(row.id)
        blanked |= missing
        last = row.hash
        if row.action == _PRUNE:
            pruned[row.subject] = row.detail
        elif row.action == ERASE and not missing:
            claimed |= _claims(row)
    if through:
        anchored = {"through": through, "hash": _anchor(con)[1]}
        if pruned.get(f"row:{through}") != to_json(anchored):
            return Verified(first or through)  # deleted by something else than `prune`
    unclaimed = [number for _, number, _ in blanked - claimed]
    return Verified(min(unclaimed, default=None), len({number for _, number, _ in blanked}))


def _blanked_in(row: _Row, last: str) -> set[_Blank] | None:
    """Which words of a row are blanked, as an erasure would claim it; None if it is broken."""
    actor = (ACTORS, row.id, row.actor.rpartition(ALIAS)[2])
    detail = (DETAILS, row.id, row.detail)
    if row.actor_digest is None:  # from before there were digests: the hash covers the words
        if _chained(last, (row.at, row.actor, row.action, row.subject, row.detail)) == row.hash:
            return set()
        if ALIAS in row.actor:
            return {actor}
        return {detail} if row.detail == _NOTHING else None
    digests = (row.actor_digest, row.detail_digest)
    if _chained(last, (row.at, row.action, row.subject, *digests)) != row.hash:
        return None
    missing: set[_Blank] = set()
    for blank, key, digest, words in (
        (actor, row.actor_key, row.actor_digest, row.actor),
        (detail, row.detail_key, row.detail_digest, row.detail),
    ):
        if key is None:
            missing.add(blank)
        elif _keyed(key, words) != digest:
            return None
    return missing


def _claims(row: _Row) -> set[_Blank]:
    """What an erasure blanked."""
    detail, who = from_json(row.detail), row.subject.removeprefix("principal:")
    return {(ACTORS, number, who) for number in detail.get(ACTORS, ())} | {
        (DETAILS, number, _NOTHING) for number in detail.get(DETAILS, ())
    }


def rows(con: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """Every row in the order of writing, with its values in the order of COLUMNS."""
    for number, at, *rest in con.execute(
        "SELECT id, at, actor, action, subject, detail, hash FROM audit ORDER BY id"
    ):
        yield (number, from_us(at).isoformat(), *rest)


def _anchor(con: sqlite3.Connection) -> tuple[int, str]:
    """The last deleted row and its hash, with which the chain begins; (0, "") for none."""
    row = con.execute(
        "SELECT through_id, hash FROM audit_anchor ORDER BY through_id DESC LIMIT 1"
    ).fetchone()
    return (0, "") if row is None else (int(row[0]), str(row[1]))


def _last_hash(con: sqlite3.Connection) -> str:
    row = con.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    return "" if row is None else str(row[0])


def _chained(last: str, row: tuple[Any, ...]) -> str:
    return hashlib.sha256(to_json([last, *row]).encode()).hexdigest()


def _keyed(key: str, words: str) -> str:
    return hmac.new(bytes.fromhex(key), words.encode(), hashlib.sha256).hexdigest()
