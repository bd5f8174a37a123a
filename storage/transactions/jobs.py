"""The life of a job as transaction bodies: one body per change of state.

Every change that a card could show raises the job's revision, which makes its cards due.
Bodies return the job as it is afterwards. They raise Conflict, and write nothing, if the job is in
a state that they don't start from.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.budgets import Gate
from bot.domain.job import Job, JobState, NewJob, Verdict, public_id_of
from bot.domain.moderation_policy import Look
from bot.errors import (
    BadRequest,
    BotError,
    Broken,
    Conflict,
    NotFound,
    Problem,
    QueueFull,
    TooManyWaiting,
    to_record,
)
from bot.images.result import ImageResult
from storage.database.columns import maybe_iso, to_json, to_us
from storage.tables import blobs, blocked_files, hashes, ledger, pending_cards
from storage.tables.cards import add_card, make_due
from storage.tables.job_rows import load
from storage.tables.principals import asker_id
from storage.transactions import people

_OPEN = (JobState.RESERVED, JobState.SUBMITTED)
_WITHOUT_PICTURES = (JobState.FAILED, JobState.CANCELLED, JobState.LOST)
_PUBLIC_ID_TRIES = 8


def reserve(
    con: sqlite3.Connection,
    new: NewJob,
    gates: Sequence[Gate],
    now: datetime,
    *,
    open_per_person: int,
    open_at_all: int,
) -> Job:
    """Hold the quote on every level and write the job and its card, or nothing at all.

    A key that was reserved before returns its job. Raises Conflict if that job was another
    request; BadRequest for a starting image that was removed; QuotaExceeded, TooManyWaiting,
    QueueFull, Blocked or Paused.
    """
    row = con.execute("SELECT fingerprint FROM job WHERE key = ?", (new.key,)).fetchone()
    if row is not None:
        if row[0] != new.fingerprint:
            raise Conflict("replay")
        return load(con, new.key)
    # The person first: this brings an erased person's row, and so their blocks, back.
    person = asker_id(con, new.asker)
    people.refuse_if_blocked_or_paused(con, new.asker, now)
    _refuse_if_crowded(con, person, open_per_person, open_at_all)
    if new.image is not None:
        blobs.keep(con, new.image, now)
    _insert(con, new, person, now)
    _refuse_withheld_source(con, new.key)
    ledger.hold(con, new.key, gates, new.quote_micros, now)
    for surface, address in new.cards:
        add_card(con, new.key, surface, address, now)
    pending_cards.forget(con, new.key)
    return load(con, new.key)


def submit(
    con: sqlite3.Connection,
    key: str,
    *,
    backend: str,
    address: str,
    repeatable: bool,
    deadline_at: datetime,
    now: datetime,
) -> Job:
    """Note, before the call, that it may go out, so that it is known after a crash.

    Raises BadRequest if what it is to be drawn from was withheld since.
    """
    _refuse_withheld_source(con, key)
    _move(
        con,
        key,
        (JobState.RESERVED,),
        JobState.SUBMITTED,
        now,
        backend=backend,
        address=address,
        repeatable=repeatable,
        submitted_at=to_us(now),
        deadline_at=to_us(deadline_at),
    )
    return load(con, key)


def produce(con: sqlite3.Connection, key: str, result: ImageResult, now: datetime) -> Job:
    """Record the pictures and post the cost, together. The files are in the store already.

    Repeated with the same bill it changes nothing. A job that was given up meanwhile keeps no
    picture, and the house pays what was billed.
    """
    state, bill = _state_and_bill(con, key)
    if state in (JobState.PRODUCED, JobState.REFUNDED) and bill == result.cost_micros:
        return load(con, key)
    if state in _WITHOUT_PICTURES:
        return settle_late(con, key, result.cost_micros, now)
    _move(
        con,
        key,
        (JobState.SUBMITTED,),
        JobState.PRODUCED,
        now,
        bill=result.cost_micros,
        drawn_by=result.model,
        request_id=result.request_id,
        seed=result.seed,
        closed_at=to_us(now),
    )
    for position, picture in enumerate(result.pictures):
        blobs.keep_picture(con, key, position, picture, now)
    ledger.post(con, key, result.cost_micros, now)
    return load(con, key)


def settle_late(con: sqlite3.Connection, key: str, bill: int, now: datetime) -> Job:
    """Book the bill of a job that was closed without one: only the house is corrected."""
    _, known = _state_and_bill(con, key)
    if known is not None:
        if known != bill:
            raise Conflict("bill")
        return load(con, key)
    ledger.correct_house(con, key, bill - ledger.booked_on_house(con, key), now)
    con.execute("UPDATE job SET bill = ?1, reported = ?1 WHERE key = ?2", (bill, key))
    return load(con, key)


def judge(con: sqlite3.Connection, key: str, verdicts: Sequence[Verdict], now: datetime) -> Job:
    """Store a verdict for every picture, without which none is shown. Idempotent."""
    job = load(con, key)
    if job.state is not JobState.PRODUCED or len(verdicts) != len(job.pictures):
        raise Conflict(job.state)
    if job.judged:
        return job
    for picture, verdict in zip(job.pictures, verdicts, strict=True):
        con.execute(
            "UPDATE picture SET verdict = ? WHERE job_key = ? AND position = ? AND verdict IS NULL",
            (verdict, key, picture.index),
        )
    return _changed(con, key, now)


def report_cost(con: sqlite3.Connection, key: str, cost: int, now: datetime) -> None:
    """Store what the backend charged, whatever becomes of the pictures. Idempotent.

    For a job that was given up meanwhile the house is corrected at once.
    """
    state, bill = _state_and_bill(con, key)
    if state is JobState.SUBMITTED:
        con.execute("UPDATE job SET reported = ? WHERE key = ?", (cost, key))
    elif state in _WITHOUT_PICTURES:
        settle_late(con, key, cost, now)
    elif bill != cost:
        raise Conflict(state)


def fail(con: sqlite3.Connection, key: str, error: BotError, now: datetime) -> Job:
    """Give the holds back; the house pays what was billed all the same."""
    return _give_up(con, key, _OPEN, JobState.FAILED, error, now)


def cancel(con: sqlite3.Connection, key: str, error: BotError, now: datetime) -> Job:
    """Give the holds back on the person's wish; the house pays for a call under way."""
    unknown = _paid_call_under_way(con, key)
    return _give_up(con, key, _OPEN, JobState.CANCELLED, error, now, unknown=unknown)


def lose(con: sqlite3.Connection, key: str, error: BotError, now: datetime) -> Job:
    """Close a job whose outcome is unknown: the house pays the quote, the person nothing."""
    return _give_up(con, key, (JobState.SUBMITTED,), JobState.LOST, error, now, unknown=True)


def refund(con: sqlite3.Connection, key: str, actor: str, now: datetime) -> Job:
    """Give back what a produced job cost; the house pays it instead."""
    _move(con, key, (JobState.PRODUCED,), JobState.REFUNDED, now)
    ledger.refund(con, key, actor, now)
    return load(con, key)


def remove_pictures(
    con: sqlite3.Connection, key: str, positions: Iterable[int], now: datetime
) -> Job:
    """Remove pictures from the job and release their files. Idempotent.

    Raises Conflict while moderators look at it.
    """
    if people.is_kept(con, key):
        raise Conflict("in_review")
    removed = 0
    for position in positions:
        row = con.execute(
            "SELECT sha256 FROM picture WHERE job_key = ? AND position = ?", (key, position)
        ).fetchone()
        if row is None or row[0] is None:
            continue
        con.execute(
            "UPDATE picture SET sha256 = NULL, verdict = 'removed'"
            " WHERE job_key = ? AND position = ?",
            (key, position),
        )
        blobs.release(con, row[0])
        removed += 1
    return _changed(con, key, now) if removed else load(con, key)


def put_back(con: sqlite3.Connection, key: str, waits_until: datetime, now: datetime) -> None:
    """Make a submitted job wait again, to be drawn again with the same seed."""
    again = {"deadline_at": to_us(waits_until), "submitted_at": None, "reported": None}
    _move(con, key, (JobState.SUBMITTED,), JobState.RESERVED, now, **again)


def _insert(con: sqlite3.Connection, new: NewJob, person: int, now: datetime) -> None:
    asker = {
        "name": new.asker.name,
        "age_restricted": new.asker.age_restricted,
        "direct": new.asker.direct,
        "locale": new.asker.locale,
        "roles": sorted(new.asker.roles),
        "account_created_at": maybe_iso(new.asker.account_created_at),
        "joined_at": maybe_iso(new.asker.joined_at),
    }
    con.execute(
        "INSERT INTO job (key, public_id, person_id, channel, asker, fingerprint, state, request,"
        " asked_model, image_sha256, private, action, parent, parent_picture, quote, backend, seed,"
        " acked_at, created_at, deadline_at)"
        " VALUES (?, ?, ?, ?, ?, ?, 'reserved', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            new.key,
            _free_public_id(con, new.key),
            person,
            new.asker.channel,
            to_json(asker),
            new.fingerprint,
            to_json(new.request.to_record()),
            new.asked_model,
            new.image and new.image.sha256,
            new.private,
            new.action,
            new.parent,
            new.parent_picture,
            new.quote_micros,
            new.backend,
            new.request.seed,
            to_us(now),
            to_us(now),
            to_us(new.waits_until),
        ),
    )
    if new.image_pdq:
        look = Look(pdq=new.image_pdq)
        hashes.keep_one(con, new.key, hashes.STARTING_IMAGE, look, now)


def _refuse_withheld_source(con: sqlite3.Connection, key: str) -> None:
    if blocked_files.cases_of_source(con, key):
        raise BadRequest((Problem("image", "image_refused", {}),))


def _free_public_id(con: sqlite3.Connection, key: str) -> str:
    for attempt in range(_PUBLIC_ID_TRIES):
        candidate = public_id_of(key, attempt)
        taken = con.execute("SELECT 1 FROM job WHERE public_id = ?", (candidate,)).fetchone()
        if taken is None:
            return candidate
    raise Broken


def _refuse_if_crowded(
    con: sqlite3.Connection, person: int, open_per_person: int, open_at_all: int
) -> None:
    mine = con.execute(
        "SELECT count(*) FROM job WHERE person_id = ? AND state IN ('reserved', 'submitted')",
        (person,),
    ).fetchone()[0]
    if mine >= open_per_person:
        raise TooManyWaiting(open_per_person)
    every = con.execute(
        "SELECT count(*) FROM job WHERE state IN ('reserved', 'submitted')"
    ).fetchone()[0]
    if every >= open_at_all:
        raise QueueFull


def _paid_call_under_way(con: sqlite3.Connection, key: str) -> bool:
    row = con.execute(
        "SELECT 1 FROM job WHERE key = ? AND state = 'submitted' AND NOT repeatable", (key,)
    ).fetchone()
    return row is not None


def _give_up(
    con: sqlite3.Connection,
    key: str,
    origins: Sequence[JobState],
    state: JobState,
    error: BotError,
    now: datetime,
    *,
    unknown: bool = False,
) -> Job:
    """Give the holds back; the house pays what the backend reported.

    If it reported nothing and the outcome is `unknown`, the house pays the quote.
    """
    row = con.execute(
        "SELECT quote, coalesce(reported, ?) FROM job WHERE key = ?", (None if unknown else 0, key)
    ).fetchone()
    quote, bill = row or (0, None)
    failure = to_json(to_record(error))
    _move(con, key, origins, state, now, failure=failure, closed_at=to_us(now), bill=bill)
    ledger.void(con, key, now)
    if bill is None:
        ledger.post_on_house(con, key, quote, ledger.OnHouse.UNKNOWN, now)
    else:
        ledger.post_on_house(con, key, bill, ledger.OnHouse.BILLED, now)
    return load(con, key)


def _move(
    con: sqlite3.Connection,
    key: str,
    origins: Sequence[JobState],
    state: JobState,
    now: datetime,
    **columns: str | int | None,
) -> None:
    """Change the state, together with `columns`; states are changed nowhere else.

    Raises NotFound, and Conflict if the state is none of `origins`.
    """
    found, _ = _state_and_bill(con, key)
    if found not in origins:
        raise Conflict(found)
    values = "".join(f", {name} = ?" for name in columns)
    con.execute(
        f"UPDATE job SET state = ?{values} WHERE key = ?",  # noqa: S608  (our own names)
        (state, *columns.values(), key),
    )
    if state is not JobState.PRODUCED:  # cards change only with the verdict
        touch(con, key, now)


def touch(con: sqlite3.Connection, key: str, now: datetime) -> None:
    """Raise the job's revision and make its cards due, as they show something new."""
    con.execute("UPDATE job SET revision = revision + 1 WHERE key = ?", (key,))
    make_due(con, key, now)


def _changed(con: sqlite3.Connection, key: str, now: datetime) -> Job:
    touch(con, key, now)
    return load(con, key)


def _state_and_bill(con: sqlite3.Connection, key: str) -> tuple[JobState, int | None]:
    """The job's state and its bill, None if unknown. Raises NotFound."""
    row = con.execute("SELECT state, bill FROM job WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise NotFound("job", key)
    return JobState(row[0]), row[1]
