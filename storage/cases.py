"""Cases as transaction bodies: opened, claimed, decided once, looked at once more.

What follows from a decision is a step of its own, in `effects.py`.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.asker import Asker
from bot.cases import (
    CLAIM,
    GRACE,
    HARD_HITS,
    HARD_HITS_WITHIN,
    SUSPENDED_FOR_WORDS,
    Case,
    CaseKind,
    CaseState,
    Category,
    Decision,
    Report,
    SeenPicture,
    actor_of,
    has_standing,
    hides,
)
from bot.errors import Broken, Conflict, NotAllowed, NotFound, NotYours
from bot.job import public_id_of
from storage import audit, jobs, notices, sanctions
from storage.principals import asker_id, community_of
from storage.rows import from_json, from_us, maybe_from_us, to_us

_PUBLIC_ID_TRIES = 8


def open_case(
    con: sqlite3.Connection,
    kind: CaseKind,
    *,
    platform: str,
    community: str,
    subject: int,
    job: str | None,
    now: datetime,
) -> int:
    """Returns the number of the case; a job has one that is open at most."""
    if job is not None and (known := open_of_job(con, job)) is not None:
        return known
    row = con.execute(
        "INSERT INTO review_case (public_id, kind, community_id, subject_id, job_key, state,"
        " opened_at) VALUES (?, ?, ?, ?, ?, 'open', ?) RETURNING id",
        (
            _free_public_id(con, f"{kind}:{job or subject}:{to_us(now)}"),
            kind,
            community_of(con, platform, community),
            subject,
            job,
            to_us(now),
        ),
    ).fetchone()
    number = int(row[0])
    if kind is not CaseKind.REPORT:  # each report is announced by itself
        _announce(con, number, "opened", now)
    return number


def _announce(con: sqlite3.Connection, number: int, code: str, now: datetime) -> None:
    """Tell the moderators, once for each round."""
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
    """Which pictures a case is about, and how they stood before, by position."""
    con.executemany(
        "INSERT INTO case_picture VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(number, position, before) for position, before in befores.items()],
    )


# --- reports and refusals ------------------------------------------------------------------------


def report(
    con: sqlite3.Connection,
    asker: Asker,
    job: str,
    reason: str,
    category: Category,
    now: datetime,
) -> str | None:
    """Report a result. Returns the case's public id, or None when this person did so before.

    Enough people with standing, or one report of the gravest kind, hide it until it is decided.
    """
    person = asker_id(con, asker)
    upheld, rejected = con.execute(
        "SELECT coalesce(sum(upheld), 0), coalesce(sum(NOT upheld), 0) FROM report"
        " WHERE principal_id = ? AND upheld IS NOT NULL",
        (person,),
    ).fetchone()
    subject = con.execute("SELECT person_id FROM job WHERE key = ?", (job,)).fetchone()[0]
    own = subject == person
    counts = not own and has_standing(asker, upheld=upheld, rejected=rejected, now=now)
    row = con.execute(
        "INSERT INTO report (job_key, principal_id, reason, at, category, counts)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
        (job, person, reason, to_us(now), category, counts),
    ).fetchone()
    if row is None:
        return None
    number = _case_of_report(con, asker, job, subject, now)
    con.execute("UPDATE report SET case_id = ? WHERE id = ?", (number, row[0]))
    if hides(_reports(con, number)):
        _hide(con, number, job, now)
    job_id = con.execute("SELECT public_id FROM job WHERE key = ?", (job,)).fetchone()[0]
    case = _public_id(con, number)
    detail = {"job": job_id, "case": case, "words": reason, "category": str(category)}
    place = community_of(con, asker.platform, asker.community)
    notices.add(con, f"report:{row[0]}", "moderators", place, "reported", now, detail)
    return case


def _case_of_report(
    con: sqlite3.Connection, asker: Asker, job: str, subject: int, now: datetime
) -> int:
    number = open_case(
        con,
        CaseKind.REPORT,
        platform=asker.platform,
        community=asker.community,
        subject=subject,
        job=job,
        now=now,
    )
    visible = con.execute(
        "SELECT position, verdict FROM picture WHERE job_key = ?"
        " AND verdict IN ('show', 'spoiler')",
        (job,),
    ).fetchall()
    put_pictures(con, number, dict(visible))
    return number


def _hide(con: sqlite3.Connection, number: int, job: str, now: datetime) -> None:
    hidden = con.execute(
        "UPDATE picture SET verdict = 'review' WHERE job_key = ? AND verdict IN ('show', 'spoiler')"
        " AND position IN (SELECT position FROM case_picture WHERE case_id = ?)",
        (job, number),
    ).rowcount
    if hidden:
        jobs.touch(con, job, now)
        subject = f"case:{_public_id(con, number)}"
        audit.record(con, "limner", "hide", subject, {"pictures": hidden}, now)


def refuse_prompt(con: sqlite3.Connection, asker: Asker, prompt: str, now: datetime) -> str | None:
    """Remember a refusal of the hard tier. Enough of them suspend and open a case.

    Returns the public id of a case that was opened now.
    """
    person = asker_id(con, asker)
    con.execute(
        "INSERT INTO refused_prompt (principal_id, prompt, at) VALUES (?, ?, ?)",
        (person, prompt, to_us(now)),
    )
    fresh = con.execute(
        "SELECT count(*) FROM refused_prompt WHERE principal_id = ? AND at > ? AND case_id IS NULL",
        (person, to_us(now - HARD_HITS_WITHIN)),
    ).fetchone()[0]
    if fresh < HARD_HITS:
        return None
    number = open_case(
        con,
        CaseKind.WORDS,
        platform=asker.platform,
        community=asker.community,
        subject=person,
        job=None,
        now=now,
    )
    con.execute(
        "UPDATE refused_prompt SET case_id = ? WHERE principal_id = ? AND case_id IS NULL",
        (number, person),
    )
    until = now + SUSPENDED_FOR_WORDS
    sanctions.suspend(
        con, person, "refused words", until=until, case=number, actor="limner", now=now
    )
    detail = {"until": until.isoformat()}
    notices.add(con, f"suspended:{number}", "person", person, "suspended", now, detail)
    return _public_id(con, number)


# --- deciding ------------------------------------------------------------------------------------


def claim(con: sqlite3.Connection, public_id: str, asker: Asker, now: datetime) -> Case:
    """Keep a case for oneself for a while. Raises Conflict when somebody else has it."""
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
    """Decide a case, once. It takes effect after GRACE, if it waits at all.

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

    Raises NotAllowed for what is frozen.
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
    if not jobs.load(con, job).second_look:
        raise Conflict("second_look")
    last = con.execute(
        "SELECT id, public_id FROM review_case WHERE job_key = ? ORDER BY id DESC LIMIT 1", (job,)
    ).fetchone()
    if last is None:
        number = open_case(
            con,
            CaseKind.PICTURES,
            platform=asker.platform,
            community=asker.community,
            subject=row[0],
            job=job,
            now=now,
        )
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
    public_id = _public_id(con, number)
    audit.record(con, actor_of(asker), "second look", f"case:{public_id}", {}, now)
    return load(con, public_id, now)


def _take_in_withheld(con: sqlite3.Connection, number: int, job: str) -> None:
    """What the policy withheld without anybody looking is looked at now."""
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


# --- reading -------------------------------------------------------------------------------------


def load(con: sqlite3.Connection, public_id: str, now: datetime) -> Case:
    """Raises NotFound."""
    row = con.execute(f"{CASE_SQL} WHERE c.public_id = ?", (to_us(now), public_id)).fetchone()
    if row is None:
        raise NotFound("case", public_id)
    pictures = con.execute(f"{PICTURES_SQL} WHERE cp.case_id = ?{_BY_POSITION}", (row[0],))
    return case_of(row, pictures.fetchall(), _report_rows(con, row[0]))


def _reports(con: sqlite3.Connection, number: int) -> tuple[Report, ...]:
    return tuple(map(_report_of, _report_rows(con, number)))


def _report_rows(con: sqlite3.Connection, number: int) -> list[Any]:
    return con.execute(f"{REPORTS_SQL} WHERE case_id = ? ORDER BY id", (number,)).fetchall()


def _public_id(con: sqlite3.Connection, number: int) -> str:
    row = con.execute("SELECT public_id FROM review_case WHERE id = ?", (number,)).fetchone()
    return str(row[0])


CASE_SQL = """
SELECT c.id, c.public_id, c.kind, c.state, place.platform, place.community, who.person, c.job_key,
  job.public_id, job.channel, job.private, job.asker, c.round, c.opened_at, c.claimed_by,
  c.claimed_until, c.decision, c.decided_by, c.decided_at, c.reason, c.effect_at,
  c.first_decision, c.first_decided_by,
  (SELECT count(*) FROM refused_prompt r WHERE r.case_id = c.id),
  (SELECT count(*) FROM strike s WHERE s.principal_id = c.subject_id AND s.lifted_at IS NULL
    AND s.expires_at > ?)
FROM review_case c
  JOIN principal place ON place.id = c.community_id
  JOIN principal who ON who.id = c.subject_id
  LEFT JOIN job ON job.key = c.job_key"""

PICTURES_SQL = """
SELECT cp.position, p.width_px, p.height_px, p.verdict NOT IN ('show', 'spoiler'),
  p.sha256 IS NOT NULL, coalesce(l.source, ''), l.score, coalesce(l.model, ''),
  coalesce(l.version, ''), l.threshold, p.flagged, cp.case_id
FROM case_picture cp JOIN review_case c ON c.id = cp.case_id
  JOIN picture p ON p.job_key = c.job_key AND p.position = cp.position
  LEFT JOIN look l ON l.job_key = c.job_key AND l.position = cp.position"""
_BY_POSITION = " ORDER BY cp.position"

REPORTS_SQL = "SELECT category, reason, at, counts, case_id FROM report"


def case_of(row: Sequence[Any], pictures: Iterable[Any], reports: Iterable[Any]) -> Case:
    """One row of CASE_SQL with its rows of PICTURES_SQL and REPORTS_SQL."""
    known = from_json(row[11]) if row[11] else {}
    return Case(
        id=row[1],
        kind=CaseKind(row[2]),
        state=CaseState(row[3]),
        platform=row[4],
        community=row[5],
        subject=row[6] or "",
        subject_name=known.get("name", ""),
        channel=row[9] or "",
        private=bool(row[10]),
        job=row[7],
        job_id=row[8],
        round=row[12],
        opened_at=from_us(row[13]),
        claimed_by=row[14],
        claimed_until=maybe_from_us(row[15]),
        decision=Decision(row[16]) if row[16] else None,
        decided_by=row[17],
        decided_at=maybe_from_us(row[18]),
        reason=row[19],
        effect_at=maybe_from_us(row[20]),
        first_decision=Decision(row[21]) if row[21] else None,
        first_decided_by=row[22],
        account_created_at=_time(known.get("account_created_at")),
        joined_at=_time(known.get("joined_at")),
        refused=row[23],
        strikes=row[24],
        pictures=tuple(map(_picture_of, pictures)),
        reports=tuple(map(_report_of, reports)),
    )


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _picture_of(row: Sequence[Any]) -> SeenPicture:
    return SeenPicture(
        number=row[0] + 1,
        width_px=row[1],
        height_px=row[2],
        hidden=bool(row[3]),
        there=bool(row[4]),
        source=row[5],
        score=row[6],
        model=row[7],
        version=row[8],
        threshold=row[9],
        flagged=None if row[10] is None else bool(row[10]),
    )


def _report_of(row: Sequence[Any]) -> Report:
    return Report(category=Category(row[0]), reason=row[1], at=from_us(row[2]), counts=bool(row[3]))


def close_old(con: sqlite3.Connection, before: datetime, limit: int, now: datetime) -> int:
    """Retention: what moderators wrote and who reported goes; that there was a case stays."""
    rows = con.execute(
        "SELECT id FROM review_case WHERE opened_at < ? AND effect_at IS NULL"
        " AND state IN ('decided', 'expired', 'closed') AND closed_at IS NULL LIMIT ?",
        (to_us(before), limit),
    ).fetchall()
    for (number,) in rows:
        con.execute("DELETE FROM report WHERE case_id = ?", (number,))
        con.execute(
            "UPDATE review_case SET state = 'closed', reason = '', closed_at = ? WHERE id = ?",
            (to_us(now), number),
        )
    return len(rows)


def forget_refused(con: sqlite3.Connection, before: datetime) -> int:
    """Retention: the words of refused prompts go, unless their case is frozen."""
    return con.execute(
        "UPDATE refused_prompt SET prompt = NULL WHERE prompt IS NOT NULL AND at < ?"
        " AND NOT EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id AND c.state = 'frozen')",
        (to_us(before),),
    ).rowcount
