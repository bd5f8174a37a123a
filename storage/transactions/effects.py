"""What follows from a decision, all of it in one transaction, and so at most once."""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.asker import Asker
from bot.domain.case import CaseKind, Decision, Purge, actor_of
from bot.domain.job import Job
from bot.errors import NotFound
from storage.database.columns import to_us
from storage.tables import audit, cards, case_rows, hashes, job_rows, notices
from storage.tables.principals import find_person
from storage.transactions import cases, jobs, sanctions
from storage.transactions.lineage import lifting, withholding
from storage.transactions.refunds import give_back, gives_back, settings_of


def apply_due(con: sqlite3.Connection, now: datetime, limit: int) -> list[Job]:
    """Apply decisions that are due, `limit` at most. Returns the jobs that changed."""
    due = con.execute(
        "SELECT id FROM review_case WHERE state = 'decided' AND effect_at <= ?"
        " ORDER BY effect_at LIMIT ?",
        (to_us(now), limit),
    ).fetchall()
    return [job for (number,) in due for job in _apply(con, number, now)]


def apply(con: sqlite3.Connection, public_id: str, now: datetime) -> list[Job]:
    """Apply a decision at once, as an escalation is. Returns the jobs that changed."""
    (number,) = con.execute(
        "SELECT id FROM review_case WHERE public_id = ? AND state = 'decided'", (public_id,)
    ).fetchone()
    return _apply(con, number, now)


@dataclass(frozen=True, slots=True)
class _Decided:
    """A decided case whose effect is being applied."""

    number: int
    public_id: str
    kind: str
    round: int
    decision: Decision
    actor: str
    reason: str
    job: str | None
    subject: int
    community: int


def _decided(con: sqlite3.Connection, number: int) -> _Decided:
    row = con.execute(
        "SELECT id, public_id, kind, round, decision, decided_by, reason, job_key, subject_id,"
        " community_id FROM review_case WHERE id = ?",
        (number,),
    ).fetchone()
    return _Decided(
        number=row[0],
        public_id=row[1],
        kind=row[2],
        round=row[3],
        decision=Decision(row[4]),
        actor=row[5],
        reason=row[6],
        job=row[7],
        subject=row[8],
        community=row[9],
    )


def _apply(con: sqlite3.Connection, number: int, now: datetime) -> list[Job]:
    case = _decided(con, number)
    con.execute("UPDATE review_case SET effect_at = NULL WHERE id = ?", (number,))
    changed = _EFFECTS[case.decision](con, case, now)
    con.execute(
        "UPDATE report SET closed_at = ?, upheld = ? WHERE case_id = ? AND closed_at IS NULL",
        (to_us(now), case.decision not in (Decision.APPROVE, Decision.BLUR), number),
    )
    _tell(con, case, now)
    detail = {"decision": case.decision}
    audit.record(con, "limner", "effect", f"case:{case.public_id}", detail, now)
    return [job_rows.load(con, key) for key in sorted(changed)]


def _let_pass(con: sqlite3.Connection, case: _Decided, now: datetime) -> set[str]:
    """Show the pictures and what was drawn from them; take back hashes, strikes, suspensions."""
    hashes.unblock(con, case.number)
    sanctions.lift_of_case(con, case.number, case.actor, now)
    lifting.approve(con, case.number, case.job)
    return _show(con, case, now) | lifting.lift(con, case.number, now)


def _remove(con: sqlite3.Connection, case: _Decided, now: datetime) -> set[str]:
    changed = _withhold(con, case, now)
    hashes.block(con, case.number, case.community, now)
    if gives_back(con, case.community, confirmed=True):
        give_back(con, case.job, case.actor, now)
    return changed


def _remove_and_strike(con: sqlite3.Connection, case: _Decided, now: datetime) -> set[str]:
    changed = _remove(con, case, now)
    sanctions.strike(
        con,
        case.subject,
        case=case.number,
        reason=case.reason,
        lasts=timedelta(days=settings_of(con, case.community).strike_days),
        actor=case.actor,
        now=now,
    )
    return changed


def _show(con: sqlite3.Connection, case: _Decided, now: datetime) -> set[str]:
    """Make all pictures of the case visible, blurred if decided so or if they were before."""
    changed = con.execute(
        "UPDATE picture SET verdict = CASE WHEN ?1 OR cp.before = 'spoiler' THEN 'spoiler'"
        " ELSE 'show' END FROM case_picture cp WHERE cp.case_id = ?2 AND picture.job_key = ?3"
        " AND picture.position = cp.position AND picture.sha256 IS NOT NULL"
        " AND picture.verdict <> 'removed'",
        (case.decision is Decision.BLUR, case.number, case.job),
    ).rowcount
    return _touched(con, [case.job] if changed and case.job else [], now)


def _withhold(con: sqlite3.Connection, case: _Decided, now: datetime) -> set[str]:
    """Block the pictures of the case, and what is equal to them or drawn from them there.

    The files are kept until there can be no second look.
    """
    blocked = con.execute(
        "UPDATE picture SET verdict = 'block' WHERE verdict IN ('show', 'spoiler', 'review')"
        " AND job_key = ? AND position IN (SELECT position FROM case_picture WHERE case_id = ?)",
        (case.job, case.number),
    ).rowcount
    own = _touched(con, [case.job] if blocked and case.job else [], now)
    return own | withholding.begin(con, case.number, case.job, withholding.COMMUNITY, now)


def _touched(con: sqlite3.Connection, keys: Iterable[str], now: datetime) -> set[str]:
    found = set(keys)
    for key in found:
        jobs.touch(con, key, now)
    return found


def _tell(con: sqlite3.Connection, case: _Decided, now: datetime) -> None:
    """Tell the requester, once for each round; an escalation only the owner is told of."""
    if case.decision is Decision.ESCALATE:
        topic = f"frozen:{case.public_id}"
        notices.add(con, topic, "owner", None, "frozen", now, {"case": case.public_id})
        return
    if not case.decision.removes and not _was_noticed(con, case):
        return
    code = "kept_removed" if case.round > 1 and case.decision.removes else str(case.decision)
    if case.kind == CaseKind.WORDS:
        code = f"words_{code}"
    row = con.execute("SELECT public_id FROM job WHERE key = ?", (case.job,)).fetchone()
    detail = {"job": row[0] if row else "", "reason": case.reason, "kind": case.kind}
    topic = f"decided:{case.public_id}:{case.round}"
    notices.add(con, topic, "person", case.subject, code, now, detail)


def _was_noticed(con: sqlite3.Connection, case: _Decided) -> bool:
    """Whether the requester noticed the case; a report that hid nothing they did not."""
    if case.kind != CaseKind.REPORT or case.round > 1:
        return True
    row = con.execute(
        "SELECT 1 FROM audit WHERE action = 'hide' AND subject = ?", (f"case:{case.public_id}",)
    ).fetchone()
    return row is not None


# --- time ------------------------------------------------------------------------------------


def expire(con: sqlite3.Connection, before: datetime, limit: int, now: datetime) -> list[Job]:
    """Expire open cases from before `before`: what they hide stays hidden, and is refunded."""
    due = con.execute(
        "SELECT c.id, c.public_id, c.job_key, c.subject_id, c.round, job.public_id"
        " FROM review_case c JOIN job ON job.key = c.job_key"
        " WHERE c.state = 'open' AND c.opened_at <= ? AND EXISTS"
        " (SELECT 1 FROM picture WHERE job_key = c.job_key AND verdict = 'review')"
        " ORDER BY c.opened_at LIMIT ?",
        (to_us(before), limit),
    ).fetchall()
    changed = []
    for number, public_id, job, subject, round_, job_id in due:
        con.execute("UPDATE review_case SET state = 'expired' WHERE id = ?", (number,))
        con.execute(
            "UPDATE picture SET verdict = 'block' WHERE job_key = ? AND verdict = 'review'", (job,)
        )
        jobs.touch(con, job, now)
        give_back(con, job, "limner", now)
        topic = f"decided:{public_id}:{round_}"
        notices.add(con, topic, "person", subject, "expired", now, {"job": job_id})
        audit.record(con, "limner", "expire", f"case:{public_id}", {}, now)
        changed.append(job_rows.load(con, job))
    return changed


# --- by hand ---------------------------------------------------------------------------------


PURGEABLE_SQL = """
SELECT count(DISTINCT picture.job_key), count(picture.job_key)
FROM principal who
  LEFT JOIN job ON job.person_id = who.id AND job.created_at >= ?4
  LEFT JOIN picture ON picture.job_key = job.key AND verdict IN ('show', 'spoiler')
WHERE who.kind = 'person' AND who.platform = ?1 AND who.community = ?2 AND who.person = ?3
GROUP BY who.id
"""


def purge(
    con: sqlite3.Connection, asker: Asker, person: str, since: datetime, now: datetime
) -> tuple[Purge, list[Job]]:
    """Block everything that one person drew since `since`, against raids. Raises NotFound."""
    subject = find_person(con, asker.platform, asker.community, person)
    if subject is None:
        raise NotFound("person", person)
    keys = con.execute(
        "SELECT DISTINCT job.key FROM job JOIN picture ON picture.job_key = job.key"
        " WHERE person_id = ? AND created_at >= ? AND verdict IN ('show', 'spoiler')",
        (subject, to_us(since)),
    ).fetchall()
    pictures = 0
    for (key,) in keys:
        pictures += con.execute(
            "UPDATE picture SET verdict = 'block'"
            " WHERE job_key = ? AND verdict IN ('show', 'spoiler')",
            (key,),
        ).rowcount
        jobs.touch(con, key, now)
    detail = {"jobs": len(keys), "pictures": pictures, "since": since.isoformat()}
    audit.record(con, actor_of(asker), "purge", f"principal:{subject}", detail, now)
    done = Purge(results=len(keys), pictures=pictures, since=since)
    return done, [job_rows.load(con, key) for (key,) in keys]


def take_down(con: sqlite3.Connection, asker: Asker, public_id: str, now: datetime) -> Job:
    """Block the shown pictures of one result of the moderator's community. Raises NotFound."""
    row = con.execute(
        "SELECT job.key FROM job JOIN principal who ON who.id = job.person_id"
        " WHERE public_id = ? AND who.platform = ? AND who.community = ?",
        (public_id, asker.platform, asker.community),
    ).fetchone()
    if row is None:
        raise NotFound("job", public_id)
    pictures = con.execute(
        "UPDATE picture SET verdict = 'block' WHERE job_key = ? AND verdict IN ('show', 'spoiler')",
        row,
    ).rowcount
    jobs.touch(con, row[0], now)
    audit.record(con, actor_of(asker), "take down", f"job:{public_id}", {"pictures": pictures}, now)
    return job_rows.load(con, row[0])


# --- escalation ------------------------------------------------------------------------------


def _freeze(con: sqlite3.Connection, case: _Decided, now: datetime) -> set[str]:
    """Freeze the case: show nothing of it, keep its files apart, and lock its subject."""
    number, job = case.number, case.job
    con.execute("UPDATE review_case SET state = 'frozen' WHERE id = ?", (number,))
    sanctions.suspend(
        con,
        case.subject,
        "escalated",
        until=None,
        case=number,
        actor=case.actor,
        now=now,
        locked=True,
    )
    if job is None:
        return set()
    con.execute(
        "INSERT INTO evidence (case_id, position, sha256, type)"
        " SELECT ?1, position, sha256, type FROM picture WHERE job_key = ?2 AND sha256 IS NOT NULL"
        " UNION ALL SELECT ?1, -1, image_sha256, blob.type FROM job"
        "   JOIN blob ON blob.sha256 = image_sha256 WHERE job.key = ?2",
        (number, job),
    )
    hashes.block(con, number, None, now)
    con.execute(
        "UPDATE picture SET verdict = 'block' WHERE verdict <> 'removed' AND job_key = ?", (job,)
    )
    con.execute("UPDATE job SET frozen = 1 WHERE key = ?", (job,))
    changed = _touched(con, {job}, now)
    changed |= withholding.begin(con, number, job, withholding.EVERYWHERE, now)
    cards.withdraw_all(con, job, now)
    return changed


def hold_for_owner(
    con: sqlite3.Connection, who: Asker, subject: int, job: str, grave: list[int], now: datetime
) -> None:
    """Freeze pictures that a service took for the gravest, for the owner alone to look into.

    The person is neither locked nor told more than that the pictures are withheld.
    """
    number = cases.open_case(
        con, CaseKind.PICTURES, who, subject=subject, job=job, now=now, announced=False
    )
    cases.put_pictures(con, number, dict.fromkeys(grave, "block"))
    con.execute("UPDATE review_case SET state = 'frozen' WHERE id = ?", (number,))
    con.execute("UPDATE picture SET verdict = 'block' WHERE job_key = ?", (job,))
    con.execute(
        "INSERT INTO evidence (case_id, position, sha256, type)"
        " SELECT ?1, position, sha256, type FROM picture WHERE job_key = ?2 AND sha256 IS NOT NULL"
        " AND position IN (SELECT position FROM case_picture WHERE case_id = ?1)",
        (number, job),
    )
    public_id = case_rows.public_id(con, number)
    audit.record(con, "limner", "freeze", f"case:{public_id}", {"pictures": len(grave)}, now)
    notices.add(con, f"frozen:{public_id}", "owner", None, "frozen", now, {"case": public_id})


_EFFECTS: dict[Decision, Callable[[sqlite3.Connection, _Decided, datetime], set[str]]] = {
    Decision.APPROVE: _let_pass,
    Decision.BLUR: _let_pass,
    Decision.REMOVE: _remove,
    Decision.STRIKE: _remove_and_strike,
    Decision.ESCALATE: _freeze,
}
