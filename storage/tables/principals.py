"""The holders of accounts: people in a community, communities, the operator, the house.

An erased person's row has no name, only a keyed hash. By it they find the same budgets and blocks
again, as long as those are in force.
"""

import hashlib
import hmac
import secrets
import sqlite3

from bot.domain.asker import Asker
from bot.domain.budgets import Gate

# In the place of a person in the name of an actor who was erased; then comes their row's number.
ERASED = "erased-"
_COLUMNS = "kind = ? AND platform = ? AND community = ? AND person = ?"


def person_of(con: sqlite3.Connection, platform: str, community: str, person: str) -> int:
    """The id of a person's row, which is made when they are first seen."""
    return find_person(con, platform, community, person) or _insert(
        con, "person", platform, community, person
    )


def find_person(con: sqlite3.Connection, platform: str, community: str, person: str) -> int | None:
    """The id of a person's row, if any; the name of an erased one is written back into it."""
    found = _find(con, "person", platform, community, person)
    if found is not None:
        return found
    erased = _find_erased(con, platform, community, person)
    if erased is not None:
        con.execute(
            "UPDATE principal SET person = ?, erased_hash = NULL WHERE id = ?", (person, erased)
        )
    return erased


def asker_id(con: sqlite3.Connection, asker: Asker) -> int:
    return person_of(con, asker.platform, asker.community, asker.person)


def know_actor(con: sqlite3.Connection, actor: str) -> None:
    """Make a row for a person who acted, as the audit names them. By it they are found, to be
    exported and erased, also where they never drew.
    """
    platform, _, rest = actor.partition(":")
    community, _, person = rest.partition(":")
    if person and not person.startswith(ERASED):
        person_of(con, platform, community, person)


def community_of(con: sqlite3.Connection, platform: str, community: str) -> int:
    found = _find(con, "community", platform, community, "")
    return found or _insert(con, "community", platform, community, "")


def principal_of_gate(con: sqlite3.Connection, gate: Gate) -> int:
    if gate.level == "person":
        return person_of(con, gate.platform, gate.community, gate.person)
    found = _find(con, gate.level, gate.platform, gate.community, "")
    return found or _insert(con, gate.level, gate.platform, gate.community, "")


def find_principal_of_gate(con: sqlite3.Connection, gate: Gate) -> int | None:
    """The id of a gate's row, if any. Read-only: an erased person's name isn't written back."""
    found = _find(con, gate.level, gate.platform, gate.community, gate.person)
    if found is None and gate.level == "person":
        return _find_erased(con, gate.platform, gate.community, gate.person)
    return found


def house_of(con: sqlite3.Connection, community: str) -> int:
    """Who pays overruns, refunds and lost jobs; `community` is that of the owner's level."""
    found = _find(con, "house", "", community, "")
    return found or _insert(con, "house", "", community, "")


def erased_hash(con: sqlite3.Connection, platform: str, community: str, person: str) -> str:
    """A keyed hash of a person; without the key in this database it tells nobody's name."""
    return keyed_hash(erasure_key(con), platform, community, person)


def erasure_key(con: sqlite3.Connection) -> str:
    key = con.execute("SELECT value FROM note WHERE name = 'erasure_key'").fetchone()
    if key is None:
        key = (secrets.token_hex(32),)
        con.execute("INSERT INTO note (name, value) VALUES ('erasure_key', ?)", key)
    return str(key[0])


def keyed_hash(key: str, platform: str, community: str, person: str) -> str:
    text = "\0".join((platform, community, person)).encode()
    return hmac.new(bytes.fromhex(key), text, hashlib.sha256).hexdigest()


def _find(
    con: sqlite3.Connection, kind: str, platform: str, community: str, person: str
) -> int | None:
    row = con.execute(
        f"SELECT id FROM principal WHERE {_COLUMNS}",  # noqa: S608  (a constant)
        (kind, platform, community, person),
    ).fetchone()
    return None if row is None else int(row[0])


def _find_erased(con: sqlite3.Connection, platform: str, community: str, person: str) -> int | None:
    """The id of the row of an erased person, by the keyed hash; None for none."""
    row = con.execute(
        "SELECT id FROM principal WHERE erased_hash = ?",
        (erased_hash(con, platform, community, person),),
    ).fetchone()
    return None if row is None else int(row[0])


def _insert(con: sqlite3.Connection, kind: str, platform: str, community: str, person: str) -> int:
    row = con.execute(
        "INSERT INTO principal (kind, platform, community, person)"
        " VALUES (?, ?, ?, ?) RETURNING id",
        (kind, platform, community, person),
    ).fetchone()
    return int(row[0])
