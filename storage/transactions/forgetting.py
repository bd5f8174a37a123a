"""Letting go of people and of what is too old. Sums stay, and who decided what without names.

What an erasure leaves, and why, is listed in docs/backups.md; tests/bot/accounts/test_forgetting.py
searches for everything else.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.domain.person import Erased
from bot.errors import Conflict, NotFound
from storage.database.columns import to_json, to_us
from storage.tables import audit, blobs, cards, notices, pending_cards
from storage.tables.principals import erased_hash, erasure_key, find_person


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody, and what they are called in the audit, before and after."""

    id: int
    platform: str
    community: str
    person: str

    @property
    def actor(self) -> str:
        return f"{self.platform}:{self.community}:{self.person}"

    @property
    def place(self) -> tuple[str, str, str]:
        return (self.platform, self.community, self.person)

    @property
    def alias(self) -> str:
        return f"{self.platform}:{self.community}{audit.ALIAS}{self.id}"


def begin(
    con: sqlite3.Connection, platform: str, community: str, person: str, now: datetime
) -> None:
    """Note that somebody is to be erased, so that it is finished whatever happens meanwhile.

    Raises NotFound, or Conflict while a job of theirs is open.
    """
    who = _erasable(con, platform, community, person)
    con.execute("INSERT INTO erasure VALUES (?, ?) ON CONFLICT DO NOTHING", (who.id, to_us(now)))


def erase_some(
    con: sqlite3.Connection, platform: str, community: str, person: str, limit: int, now: datetime
) -> int:
    """Erase the contents of `limit` jobs of a person. Returns how many; 0 is all that can be."""
    who = find_person(con, platform, community, person)
    gone = [] if who is None else con.execute(f"{_ERASABLE_SQL} LIMIT ?", (who, limit)).fetchall()
    for (key,) in gone:
        _erase_job(con, key, now)
    return len(gone)


# Whether moderators are concerned with a job, so that it has to be kept.
_KEPT_SQL = """
(job.frozen OR EXISTS (SELECT 1 FROM review_case c WHERE c.job_key = job.key
  AND (c.state IN ('open', 'frozen') OR c.effect_at IS NOT NULL)))"""
_ERASABLE_SQL = f"""
SELECT key FROM job WHERE person_id = ? AND asker <> '{{}}'
  AND state NOT IN ('reserved', 'submitted') AND NOT {_KEPT_SQL}"""  # noqa: S608  (our own text)


def erase(
    con: sqlite3.Connection, platform: str, community: str, person: str, now: datetime
) -> Erased:
    """Erase a person: name, prompts, pictures, messages, and words about them. Sums stay.

    A keyed hash stays until budgets and blocks have run out, so that erasure gives no fresh
    budget. What moderators look into is erased once they are done. Raises NotFound, or Conflict
    while a job of theirs is open.
    """
    who = _erasable(con, platform, community, person)
    for (key,) in con.execute(_ERASABLE_SQL, (who.id,)).fetchall():
        _erase_job(con, key, now)
    for table in ("person", "preset", "favourite"):
        con.execute(f"DELETE FROM {table} WHERE principal_id = ?", (who.id,))  # noqa: S608
    con.execute("DELETE FROM home WHERE platform = ? AND community = ? AND person = ?", who.place)
    _forget_own_reports(con, who.id)
    pending_cards.forget_of(con, platform, community, person)
    con.execute("UPDATE remote_file SET due_at = 0, tries = 0 WHERE principal_id = ?", (who.id,))
    jobs, messages = con.execute(
        f"SELECT count(*), coalesce(sum((SELECT count(*) FROM card WHERE job_key = job.key"  # noqa: S608
        f" AND state = 'withdrawing')), 0) FROM job WHERE person_id = ? AND NOT {_KEPT_SQL}",
        (who.id,),
    ).fetchone()
    detail = {"jobs": jobs}
    if _is_looked_into(con, who.id):
        con.execute(
            "INSERT INTO erasure VALUES (?, ?) ON CONFLICT DO NOTHING", (who.id, to_us(now))
        )
    else:
        con.execute("DELETE FROM erasure WHERE principal_id = ?", (who.id,))
        detail |= _forget_name(con, who)
    con.execute(
        "INSERT INTO erased VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (erasure_key(con), erased_hash(con, platform, community, person), to_us(now)),
    )
    audit.record(con, "limner", audit.ERASE, f"principal:{who.id}", detail, now)
    return Erased(jobs=jobs, cards=messages)


def _erasable(con: sqlite3.Connection, platform: str, community: str, person: str) -> _Person:
    principal = find_person(con, platform, community, person)
    if principal is None:
        raise NotFound("person", person)
    if _has_open_jobs(con, principal):
        raise Conflict("open_jobs")
    return _Person(principal, platform, community, person)


def is_kept(con: sqlite3.Connection, job: str) -> bool:
    """Whether moderators are concerned with a job, so that it has to be kept."""
    row = con.execute(f"SELECT 1 FROM job WHERE key = ? AND {_KEPT_SQL}", (job,))  # noqa: S608
    return row.fetchone() is not None


def _is_looked_into(con: sqlite3.Connection, principal: int) -> bool:
    row = con.execute(
        "SELECT 1 FROM review_case WHERE subject_id = ?1"
        " AND (state IN ('open', 'frozen') OR effect_at IS NOT NULL)"
        " UNION SELECT 1 FROM job WHERE person_id = ?1 AND frozen",
        (principal,),
    ).fetchone()
    return row is not None


def _has_open_jobs(con: sqlite3.Connection, principal: int) -> bool:
    row = con.execute(
        "SELECT 1 FROM job WHERE person_id = ? AND state IN ('reserved', 'submitted')",
        (principal,),
    ).fetchone()
    return row is not None


def _forget_own_reports(con: sqlite3.Connection, principal: int) -> None:
    """Delete a reporter's words; that somebody reported the job, and as what, stays."""
    mine = con.execute("SELECT id FROM report WHERE principal_id = ?", (principal,)).fetchall()
    con.execute("UPDATE report SET reason = '' WHERE principal_id = ?", (principal,))
    con.executemany(
        # ';' is the character after ':'
        "UPDATE notice SET detail = json_replace(detail, '$.words', '')"
        " WHERE topic = ?1 OR (topic > ?1 || ':' AND topic < ?1 || ';')",
        [(f"report:{number}",) for (number,) in mine],
    )


def _forget_name(con: sqlite3.Connection, who: _Person) -> dict[str, list[int]]:
    """Forget words about a person, then who it was. Returns the rows of the audit it blanked."""
    for statement in _WORDS_ABOUT_SQL:
        con.execute(statement, (who.id,))
    cases = con.execute(
        "SELECT id, public_id FROM review_case WHERE subject_id = ?", (who.id,)
    ).fetchall()
    for number, public_id in cases:
        con.execute("UPDATE report SET reason = '' WHERE case_id = ?", (number,))
        notices.forget_case(con, number, public_id)
    details = _leave_staff(con, who)
    subjects = [f"principal:{who.id}", *(f"case:{public_id}" for _, public_id in cases)]
    details += audit.blank_details(con, ("block", "decide"), subjects)
    for table, columns in _ACTORS.items():
        for column in columns:
            con.execute(
                f"UPDATE {table} SET {column} = ? WHERE {column} = ?"  # noqa: S608
                f" AND {column} <> 'limner'",  # as the index has it
                (who.alias, who.actor),
            )
    con.execute(
        "UPDATE principal SET person = NULL, erased_hash = ? WHERE id = ?",
        (erased_hash(con, who.platform, who.community, who.person), who.id),
    )
    return {
        audit.ACTORS: audit.blank_actor(con, who.actor, who.alias),
        audit.DETAILS: sorted(details),
    }


# Words about somebody, by the id of their row.
_WORDS_ABOUT_SQL = (
    "UPDATE refused_prompt SET prompt = NULL WHERE principal_id = ?",
    "UPDATE strike SET reason = '' WHERE principal_id = ?",
    "UPDATE block SET reason = '' WHERE principal_id = ?",
    "UPDATE review_case SET reason = '' WHERE subject_id = ?",
    "UPDATE notice SET detail = '{}', due_at = NULL WHERE principal_id = ?",
)
# Columns that name somebody as the audit does.
_ACTORS = {
    "block": ("actor", "lifted_by"),
    "strike": ("actor", "lifted_by"),
    "review_case": ("claimed_by", "decided_by", "first_decided_by"),
    "entry": ("actor",),
}


def _leave_staff(con: sqlite3.Connection, who: _Person) -> list[int]:
    """Take a person out of the settings of their community. Returns the audit's rows about it."""
    place = (who.platform, who.community)
    con.execute(
        "UPDATE community SET settings = json_set(settings, '$.set_up_by', '')"
        " WHERE settings ->> 'set_up_by' = ?3 AND principal_id IN (SELECT id FROM principal"
        " WHERE kind = 'community' AND platform = ?1 AND community = ?2)",
        (*place, who.person),
    )
    con.execute(
        "UPDATE community SET settings = json_set(settings, '$.moderators', json((SELECT"
        "  json_group_array(value) FROM json_each(settings, '$.moderators') WHERE value <> ?3)))"
        " WHERE principal_id IN (SELECT id FROM principal WHERE kind = 'community'"
        "   AND platform = ?1 AND community = ?2)"
        " AND EXISTS (SELECT 1 FROM json_each(settings, '$.moderators') WHERE value = ?3)",
        (*place, who.person),
    )
    return audit.blank_details(con, ("settings",), [":".join(place)], to_json(who.person))


def finish_erasures(con: sqlite3.Connection, now: datetime) -> int:
    """Erase people whose erasure had to wait for moderators, or was cut off. Returns how many."""
    waiting = con.execute(
        "SELECT who.id, platform, community, person FROM erasure"
        " CROSS JOIN principal who ON who.id = principal_id WHERE person IS NOT NULL"
    ).fetchall()
    done = 0
    for principal, platform, community, person in waiting:
        if _is_looked_into(con, principal) or _has_open_jobs(con, principal):
            continue
        erase(con, platform, community, person, now)
        done += 1
    return done


def _erase_job(con: sqlite3.Connection, key: str, now: datetime) -> None:
    cards.withdraw_all(con, key, now)
    forget_contents(con, key)
    con.execute("DELETE FROM look WHERE job_key = ?", (key,))
    con.execute(
        "UPDATE job SET asker = '{}', channel = '', address = '', asked_model = '', seed = 0"
        " WHERE key = ?",
        (key,),
    )


def forget_contents(con: sqlite3.Connection, key: str) -> None:
    """Delete a closed job's prompt and release its files; what it cost stays."""
    held = con.execute(
        "SELECT sha256 FROM picture WHERE job_key = ?1 AND sha256 IS NOT NULL"
        " UNION ALL SELECT image_sha256 FROM job WHERE key = ?1 AND image_sha256 IS NOT NULL",
        (key,),
    ).fetchall()
    con.execute(
        "UPDATE job SET request = NULL, failure = NULL, request_id = NULL, image_sha256 = NULL,"
        " fingerprint = '' WHERE key = ?",
        (key,),
    )
    con.execute("UPDATE picture SET sha256 = NULL, verdict = 'removed' WHERE job_key = ?", (key,))
    con.execute("UPDATE look SET pdq = NULL WHERE job_key = ?", (key,))
    con.execute("DELETE FROM undelivered WHERE job_key = ?", (key,))
    cards.forget_webhook(con, key)
    for (sha256,) in held:
        blobs.release(con, sha256)


def retire(con: sqlite3.Connection, before: datetime, limit: int, now: datetime) -> int:
    """Retention: forget the contents of closed jobs from before `before`, and old hashes.

    Returns how many; 0 is all of it. What moderators look into stays.
    """
    rows = con.execute(
        "SELECT key FROM job WHERE created_at < ? AND request IS NOT NULL AND NOT frozen"
        " AND NOT EXISTS"
        " (SELECT 1 FROM review_case c WHERE c.job_key = key"
        "   AND (c.state IN ('open', 'frozen') OR c.effect_at IS NOT NULL))"
        " AND state NOT IN ('reserved', 'submitted') LIMIT ?",
        (to_us(before), limit),
    ).fetchall()
    for (key,) in rows:
        forget_contents(con, key)
        con.execute("UPDATE job SET revision = revision + 1 WHERE key = ?", (key,))
        cards.make_due(con, key, now)
    return len(rows) + _drop_old_hashes(con, limit, now)


def _drop_old_hashes(con: sqlite3.Connection, limit: int, now: datetime) -> int:
    """Delete hashes of erased people whose last window has closed and who have no block."""
    return con.execute(
        "UPDATE principal SET erased_hash = NULL WHERE id IN (SELECT id FROM principal who"
        " WHERE erased_hash IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM account WHERE principal_id = who.id"
        "    AND (ends_at IS NULL OR ends_at > ?1))"
        " AND NOT EXISTS (SELECT 1 FROM block WHERE principal_id = who.id"
        "    AND lifted_at IS NULL AND (until IS NULL OR until > ?1)) LIMIT ?2)",
        (to_us(now), limit),
    ).rowcount
