"""The life of a job as transaction bodies: one body per change of state; `reservation` begins it.

Every change that a card could show raises the job's revision, which makes its cards due.
Bodies return the job as it is afterwards. They raise Conflict, and write nothing, if the job is in
a state that they don't start from, or carried by a later epoch than the writer's. Only bills are
taken from everybody: `report_cost` and `produce` book what a call cost, whoever carries the job.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.job import Job, JobState, Verdict, judged_again_at
from bot.errors import (
    BackendFailed,
    BadRequest,
    BotError,
    Conflict,
    NotFound,
    Problem,
    to_record,
)
from bot.images.result import ImageResult
from storage.database.columns import to_json, to_us
from storage.tables import blobs, blocked_files, ledger
from storage.tables.cards import make_due
from storage.tables.job_rows import load
from storage.transactions import forgetting

_OPEN = (JobState.RESERVED, JobState.SUBMITTED)
_WITHOUT_PICTURES = (JobState.FAILED, JobState.CANCELLED, JobState.LOST)


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

    Raises Conflict also in an epoch that isn't the last: it may begin no further calls; BadRequest
    if what it is to be drawn from was withheld since.
    """
    if con.execute("SELECT number <> this_epoch() FROM epoch").fetchone()[0]:
        raise Conflict("epoch")
    refuse_withheld_source(con, key)
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
        called_in=_this_epoch(con),
    )
    return load(con, key)


def produce(con: sqlite3.Connection, key: str, result: ImageResult, now: datetime) -> Job:
    """Record the pictures and post the cost, together. The files are in the store already.

    Repeated with the same bill it changes nothing. A job that was given up meanwhile, or is drawn
    again, keeps no picture, and the house pays what was billed.
    """
    found = _found(con, key)
    kept = found.state in (JobState.PRODUCED, JobState.REFUNDED)
    if found.is_called_since or found.state in _WITHOUT_PICTURES or kept:
        report_cost(con, key, result.cost_micros, now)
        return load(con, key)
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


def judge(con: sqlite3.Connection, key: str, verdicts: Sequence[Verdict], now: datetime) -> Job:
    """Store a verdict for every picture, without which none is shown. Idempotent."""
    _fence(_found(con, key))
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


def not_judged(con: sqlite3.Connection, key: str, now: datetime) -> int:
    """Note that there was no verdict, and when to try again. Returns how often there was none."""
    _fence(_found(con, key))
    (before,) = con.execute("SELECT judge_failures FROM job WHERE key = ?", (key,)).fetchone()
    con.execute(
        "UPDATE job SET judge_failures = ?, judge_at = ? WHERE key = ?",
        (before + 1, to_us(judged_again_at(before + 1, now)), key),
    )
    return int(before) + 1


def report_cost(con: sqlite3.Connection, key: str, cost: int, now: datetime) -> None:
    """Store what the backend charged, whatever becomes of the pictures. Idempotent.

    For a job that was given up, or called again in a later epoch, the house pays at once.
    """
    found = _found(con, key)
    if found.is_called_since:
        _book_stray(con, key, found, cost, now)
    elif found.state is JobState.SUBMITTED:
        con.execute("UPDATE job SET reported = ? WHERE key = ?", (cost, key))
    elif found.state in _WITHOUT_PICTURES and found.reported is None and found.was_called:
        ledger.correct_house(con, key, cost - ledger.booked_on_house(con, key), now)
        con.execute("UPDATE job SET bill = ?1, reported = ?1 WHERE key = ?2", (cost, key))
    elif found.bill != cost:
        raise Conflict(found.state)


def _book_stray(
    con: sqlite3.Connection, key: str, found: "_Found", cost: int, now: datetime
) -> None:
    """Book what a call of an earlier epoch cost, once: somebody else carries the job meanwhile."""
    if ledger.post_stray(con, key, found.this_epoch, cost, now):
        con.execute("UPDATE job SET stray = stray + ? WHERE key = ?", (cost, key))


def fail(con: sqlite3.Connection, key: str, error: BotError, now: datetime) -> Job:
    """Give the holds back, and close the job by what is known of its call.

    Where a paid call may have been billed although nobody reported it, the job is lost: the house
    pays the quote. Else it failed, and the house pays what was reported.
    """
    if _paid_call_under_way(con, key) and not _is_outcome_known(error):
        return _give_up(con, key, (JobState.SUBMITTED,), JobState.LOST, error, now, unknown=True)
    return _give_up(con, key, _OPEN, JobState.FAILED, error, now)


def _is_outcome_known(error: BotError) -> bool:
    """Only who made the call can say that nothing was billed for it."""
    return isinstance(error, BackendFailed) and not error.outcome_unknown


def cancel(
    con: sqlite3.Connection,
    key: str,
    error: BotError,
    now: datetime,
    *,
    only_waiting: bool = False,
) -> Job:
    """Give the holds back on the person's wish; the house pays for a call under way.

    With `only_waiting` a job that was submitted raises Conflict.
    """
    states = (JobState.RESERVED,) if only_waiting else _OPEN
    unknown = _paid_call_under_way(con, key)
    return _give_up(con, key, states, JobState.CANCELLED, error, now, unknown=unknown)


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
    _fence(_found(con, key))
    if forgetting.is_kept(con, key):
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
    """Make a submitted job wait again, to be drawn again with the same seed.

    Raises Conflict if it was billed: that may happen again.
    """
    if _found(con, key).reported:
        raise Conflict("bill")
    again = dict.fromkeys(("submitted_at", "reported", "called_in"))
    deadline_at = to_us(waits_until)
    _move(con, key, (JobState.SUBMITTED,), JobState.RESERVED, now, deadline_at=deadline_at, **again)


def take_over(con: sqlite3.Connection, key: str, now: datetime) -> None:
    """Carry a job in this epoch; whoever carried it before can only report bills from now on.

    Its cards are due, as nobody shows their progress any more.
    """
    _fence(_found(con, key))
    taken = con.execute(
        "UPDATE job SET epoch = this_epoch() WHERE key = ? AND epoch < this_epoch()", (key,)
    ).rowcount
    if taken:
        make_due(con, key, now)


def withheld_source() -> BadRequest:
    return BadRequest((Problem("image", "image_refused", {}),))


def refuse_withheld_source(con: sqlite3.Connection, key: str) -> None:
    if blocked_files.cases_of_source(con, key):
        raise withheld_source()


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
    found = _found(con, key)
    if found.state not in origins:
        raise Conflict(found.state)
    _fence(found)
    values = "".join(f", {name} = ?" for name in columns)
    con.execute(
        f"UPDATE job SET state = ?, epoch = this_epoch(){values} WHERE key = ?",  # noqa: S608
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


@dataclass(frozen=True, slots=True)
class _Found:
    """What decides about a write: the job's row, and the epoch that writes."""

    state: JobState
    bill: int | None
    reported: int | None
    epoch: int
    called_in: int | None
    this_epoch: int

    @property
    def was_called(self) -> bool:
        return self.called_in is not None

    @property
    def is_called_since(self) -> bool:
        """Whether the row speaks of a later call than the writer's, or of none any more."""
        call = self.epoch if self.called_in is None else self.called_in
        return self.this_epoch < call


def _found(con: sqlite3.Connection, key: str) -> _Found:
    """Raises NotFound."""
    row = con.execute(
        "SELECT state, bill, reported, epoch, called_in, this_epoch() FROM job WHERE key = ?",
        (key,),
    ).fetchone()
    if row is None:
        raise NotFound("job", key)
    return _Found(JobState(row[0]), *row[1:])


def _fence(found: _Found) -> None:
    """Raises Conflict where a later epoch carries the job."""
    if found.epoch > found.this_epoch:
        raise Conflict("epoch")


def _this_epoch(con: sqlite3.Connection) -> int:
    return int(con.execute("SELECT this_epoch()").fetchone()[0])
