"""Cases as transaction bodies: opened, claimed, decided once, reopened for a second look.

What follows from a decision is a transaction of its own, in `effects.py`.
"""

import hashlib
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from bot.domain.asker import Asker
from bot.domain.case import CLAIM, GRACE, Case, CaseKind, CaseState, Decision, actor_of
from bot.domain.job import public_id_of
from bot.errors import Broken, Conflict, NotAllowed, NotYours
from storage.database.columns import to_us
from storage.tables import audit, case_rows, job_rows, notices
from storage.tables.case_rows import load
from storage.tables.principals import asker_id, community_of
from storage.transactions import jobs

_PUBLIC_ID_TRIES = 8


def open_case(
    con: sqlite3.Connection,
    kind: CaseKind,
    asker: Asker,
    *,
    subject: int,
    job: str | None,
    now: datetime,
    announced: bool = True,
) -> int:
    """Open a case in `asker`'s community, or find the job's open one. Returns its number.

    Its moderators hear of it if it is to be `announced`.
    """
    if job is not None and (known := open_of_job(con, job)) is not None:
        return known
    row = con.execute(
        "INSERT INTO review_case (public_id, kind, community_id, subject_id, job_key, state,"
        " opened_at) VALUES (?, ?, ?, ?, ?, 'open', ?) RETURNING id",
        (
            _free_public_id(con, f"{kind}:{job or subject}:{to_us(now)}"),
            kind,
            community_of(con, asker.platform, asker.community),
            subject,
            job,
            to_us(now),
        ),
    ).fetchone()
    number = int(row[0])
    if announced and kind is not CaseKind.REPORT:  # reports are announced one by one instead
        _announce(con, number, "opened", now)
    return number


def _announce(con: sqlite3.Connection, number: int, code: str, now: datetime) -> None:
    """Queue a notice to the moderators, once for each round."""
    public_id, kind, community, round_ = con.execute(
        "SELECT public_id, kind, community_id, round FROM review_case WHERE id = ?", (number,)
    ).fetchone()
    detail = {"case": public_id, "kind": kind}
    notices.add(con, f"{code}:{public_id}:{round_}", "moderators", community, code, now, detail)


def _free_public_id(con: sqlite3.Connection, seed: str) -> str:
    for attempt in range(_PUBLIC_ID_TRIES):
        candidate = public_id_of(hashlib.sha256(f"case:{seed}".encode()).hexdigest(), attempt)
        taken = con.execute("SELECT 1 FROM review_case WHERE public_id = ?", (candidate,))
        if taken.fetchone() is None:
            return candidate
    raise Broken


def open_of_job(con: sqlite3.Connection, job: str) -> int | None:
    row = con.execute(
        "SELECT id FROM review_case WHERE job_key = ? AND state IN ('open', 'frozen')", (job,)
    ).fetchone()
    return None if row is None else int(row[0])


def put_pictures(con: sqlite3.Connection, number: int, befores: Mapping[int, str]) -> None:
    """Store which pictures a case is about, and their verdicts before it, by position."""
    con.executemany(
        "INSERT INTO case_picture VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(number, position, before) for position, before in befores.items()],
    )


# --- deciding ------------------------------------------------------------------------------------


def claim(con: sqlite3.Connection, public_id: str, asker: Asker, now: datetime) -> Case:
    """Reserve a case to oneself for CLAIM. Raises Conflict if somebody else has it."""
    case = _decidable(con, public_id, asker, now)
    con.execute(
        "UPDATE review_case SET claimed_by = ?, claimed_until = ? WHERE public_id = ?",
        (actor_of(asker), to_us(now + CLAIM), case.id),
    )
    return load(con, public_id, now)


def release(con: sqlite3.Connection, public_id: str, asker: Asker, now: datetime) -> Case:
    con.execute(
        "UPDATE review_case SET claimed_by = NULL, claimed_until = NULL"
        " WHERE public_id = ? AND claimed_by = ?",
        (public_id, actor_of(asker)),
    )
    return load(con, public_id, now)


def decide(
    con: sqlite3.Connection,
    public_id: str,
    decision: Decision,
    reason: str,
    asker: Asker,
    now: datetime,
) -> Case:
    """Decide a case, once. It takes effect after GRACE, an escalation at once.

    Raises Conflict when it is decided or claimed by somebody else, NotYours for one's own case,
    NotAllowed for a second look at one's own decision.
    """
    case = _decidable(con, public_id, asker, now)
    if case.kind is CaseKind.WORDS and decision is Decision.BLUR:
        raise Conflict("nothing_to_blur")
    won = con.execute(
        "UPDATE review_case SET state = 'decided', decision = ?, reason = ?, decided_by = ?,"
        " decided_at = ?, effect_at = ?, claimed_by = NULL, claimed_until = NULL"
        " WHERE public_id = ? AND state = 'open'",
        (decision, reason, actor_of(asker), to_us(now), to_us(_effect_at(decision, now)), case.id),
    ).rowcount
    if not won:
        raise Conflict("decided")
    detail = {"decision": decision, "reason": reason}
    audit.record(con, actor_of(asker), "decide", f"case:{public_id}", detail, now)
    return load(con, public_id, now)


def _effect_at(decision: Decision, now: datetime) -> datetime:
    return now + GRACE if decision.waits else now


def take_back(con: sqlite3.Connection, public_id: str, asker: Asker, now: datetime) -> Case:
    """Undo a decision of one's own before it takes effect. Raises Conflict when it is too late.

    Raises NotAllowed for a frozen case.
    """
    case = load(con, public_id, now)
    if case.state is CaseState.FROZEN:
        raise NotAllowed("frozen")
    if case.job is not None and open_of_job(con, case.job) is not None:
        raise Conflict("too_late")
    undone = con.execute(
        "UPDATE review_case SET state = 'open', decision = NULL, decided_by = NULL,"
        " decided_at = NULL, effect_at = NULL, reason = ''"
        " WHERE public_id = ? AND state = 'decided' AND decided_by = ? AND effect_at > ?",
        (public_id, actor_of(asker), to_us(now)),
    ).rowcount
    if not undone:
        raise Conflict("too_late")
    audit.record(con, actor_of(asker), "take back", f"case:{public_id}", {}, now)
    return load(con, public_id, now)


def _decidable(con: sqlite3.Connection, public_id: str, asker: Asker, now: datetime) -> Case:
    case = load(con, public_id, now)
    if case.is_about(asker):
        raise NotYours("about_you")
    if case.state is not CaseState.OPEN:
        raise Conflict("decided")
    if case.round > 1 and case.first_decided_by == actor_of(asker):
        raise NotAllowed("own_decision")
    if case.is_claimed(now, by_others_than=actor_of(asker)):
        raise Conflict("claimed")
    return case


def second_look(con: sqlite3.Connection, asker: Asker, job: str, now: datetime) -> Case:
    """The requester asks for another moderator, once for each result. Raises Conflict, NotYours."""
    row = con.execute("SELECT person_id, frozen FROM job WHERE key = ?", (job,)).fetchone()
    if row is None or row[0] != asker_id(con, asker) or row[1]:
        raise NotYours
    if not job_rows.load(con, job).second_look:
        raise Conflict("second_look")
    last = con.execute(
        "SELECT id, public_id FROM review_case WHERE job_key = ? ORDER BY id DESC LIMIT 1", (job,)
    ).fetchone()
    if last is None:
        number = open_case(con, CaseKind.PICTURES, asker, subject=row[0], job=job, now=now)
    else:
        number = last[0]
    con.execute(
        "UPDATE review_case SET state = 'open', round = 2, opened_at = ?,"
        " first_decision = decision, first_decided_by = decided_by, decision = NULL,"
        " decided_by = NULL, decided_at = NULL, reason = '' WHERE id = ?",
        (to_us(now), number),
    )
    _take_in_withheld(con, number, job)
    jobs.touch(con, job, now)
    _announce(con, number, "second_look", now)
    public_id = case_rows.public_id(con, number)
    audit.record(con, actor_of(asker), "second look", f"case:{public_id}", {}, now)
    return load(con, public_id, now)


def _take_in_withheld(con: sqlite3.Connection, number: int, job: str) -> None:
    """Add the pictures that the policy withheld to the case, for review."""
    withheld = con.execute(
        "SELECT position FROM picture WHERE job_key = ? AND verdict = 'block'"
        " AND sha256 IS NOT NULL",
        (job,),
    ).fetchall()
    put_pictures(con, number, {position: "block" for (position,) in withheld})
    con.execute(
        "UPDATE picture SET verdict = 'review' WHERE job_key = ? AND verdict = 'block'"
        " AND sha256 IS NOT NULL",
        (job,),
    )
