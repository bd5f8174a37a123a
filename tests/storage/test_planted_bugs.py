"""The test of the test: each of these bugs, planted alone, must be caught.

Read as a list, this is what the store promises.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import Any, NoReturn

import pytest

from bot.domain import budgets
from bot.domain.budgets import Balance, Period, Window
from bot.domain.job import Job, JobState, judged_again_at
from bot.errors import Conflict, NotFound
from storage.database import database
from storage.database.columns import to_us
from storage.tables import audit, blobs, cards, ledger, principals
from storage.tables.job_rows import load
from storage.transactions import forgetting, jobs, recovery, reservation
from tests.support.planted_runs import NONE, Runs, planted_runs
from tests.support.planting import (
    CAUGHT,
    Plant,
    caught_by,
    instead_of,
    keeping,
    migrated_with,
    together,
)

PROPERTIES = ["tests/storage/test_ledger_properties.py"]
WINDOWS = ["tests/bot/domain/test_budgets.py"]

PAID = (JobState.PRODUCED, JobState.REFUNDED)
GIVEN_UP = (JobState.FAILED, JobState.CANCELLED, JobState.LOST)
YEAR = timedelta(days=365)

# What several bugs have in common.

every_account_has_room = instead_of(Balance.refuse)(lambda *_: None)
no_check_of_a_full_budget = migrated_with(
    "CHECK (NOT gated OR posted + held <= credits)", "CHECK (1)"
)


def unwritten(part: str) -> Plant:
    """Entries with this in their key are not."""
    return instead_of(ledger._write)(
        lambda right, con, kind, account, amount, key, now, **named: (
            None if part in key else right(con, kind, account, amount, key, now, **named)
        )
    )


def not_on_house(reason: str) -> Plant:
    return instead_of(ledger.post_on_house)(
        lambda right, con, job, amount, why, now: (
            None if why == reason else right(con, job, amount, why, now)
        )
    )


def still_held(right: Callable[..., None], con: Connection, job: str, *a: Any, **k: Any) -> None:
    right(con, job, *a, **k)
    for _, account_id, held in ledger._holds(con, job):
        con.execute("UPDATE account SET held = held + ? WHERE id = ?", (held, account_id))


def known(con: Connection, key: str) -> Job | None:
    with suppress(NotFound):
        return load(con, key)
    return None


def conflict() -> NoReturn:
    raise Conflict("planted")


# What is more than an expression.


@instead_of(ledger.post)
def charged_in_full(_: object, con: Connection, job: str, bill: int, now: datetime) -> None:
    for hold_id, account_id, held in ledger._holds(con, job):
        ledger._settle(con, job, hold_id, account_id, held, bill, now)


@instead_of(jobs._give_up)
def forgotten_report(
    right: Callable[..., Job], con: Connection, key: str, *a: Any, **k: Any
) -> Job:
    con.execute("UPDATE job SET reported = NULL WHERE key = ?", (key,))
    return right(con, key, *a, **k)


@instead_of(ledger.refund)
def short_refund(right: Callable[..., None], con: Connection, job: str, *a: Any, **k: Any) -> None:
    right(con, job, *a, **k)
    con.execute(
        "UPDATE account SET posted = posted + 1 WHERE id IN"
        " (SELECT account_id FROM entry WHERE job_key = ? AND kind = 'refund')",
        (job,),
    )


@instead_of(budgets.period)
def thirty_days(
    right: Callable[..., Period], window: Window, now: datetime, timezone: str
) -> Period:
    found = right(window, now, timezone)
    if window != "month" or found.starts_at is None:
        return found
    return replace(found, ends_at=found.starts_at + timedelta(days=30))


@instead_of(recovery._put_in_order)
def repeated(
    right: Callable[..., None], con: Connection, key: str, waits_until: datetime, now: datetime
) -> None:
    with suppress(Conflict):
        jobs.put_back(con, key, waits_until, now)
    right(con, key, waits_until, now)


@instead_of(jobs.remove_pictures)
def removed_and_still_there(
    right: Callable[..., Job], con: Connection, key: str, *a: Any, **k: Any
) -> Job:
    sql = "SELECT sha256, job_key, position FROM picture WHERE job_key = ?"
    before = con.execute(sql, (key,)).fetchall()
    job = right(con, key, *a, **k)
    con.executemany("UPDATE picture SET sha256 = ? WHERE job_key = ? AND position = ?", before)
    return job


@instead_of(forgetting.retire)
def retired_while_open(
    right: Callable[..., int], con: Connection, before: datetime, limit: int, now: datetime
) -> int:
    sql = "SELECT key FROM job WHERE created_at < ? AND state IN ('reserved', 'submitted')"
    for (key,) in con.execute(sql, (to_us(before),)).fetchall():
        forgetting.forget_contents(con, key)
    return right(con, before, limit, now)


@instead_of(recovery._put_in_order)
def billed_again(right: Callable[..., None], con: Connection, key: str, *a: Any, **k: Any) -> None:
    con.execute("UPDATE job SET reported = NULL WHERE key = ? AND repeatable", (key,))
    right(con, key, *a, **k)


@instead_of(ledger.post_stray)
def posted_each_time(
    _: object, con: Connection, job: str, epoch: int, amount: int, now: datetime
) -> bool:
    ledger.post_on_house(con, job, amount, f"stray:{epoch}:{con.total_changes}", now)
    return True


@instead_of(recovery.recover)
def recovered_whoever_carries(
    right: Callable[..., list[Job]], con: Connection, *when: Any, **_: Any
) -> list[Job]:
    return right(con, *when[:2])


@instead_of(database.begin_epoch)
def same_epoch(right: Callable[..., int], con: Connection, path: Path) -> int:
    if con.execute("SELECT number FROM epoch").fetchone() > (1,):
        con.execute("UPDATE epoch SET number = number - 1")
    return right(con, path)


@instead_of(jobs.submit)
def unguarded_submit(right: Callable[..., Job], con: Connection, key: str, **k: Any) -> Job:
    (number,) = con.execute("SELECT number FROM epoch").fetchone()
    con.execute("UPDATE epoch SET number = this_epoch()")
    try:
        return right(con, key, **k)
    finally:
        con.execute("UPDATE epoch SET number = ?", (number,))


LEDGER = {
    # Holds: never more than there is, on every level.
    "only the database notices that a budget is full": every_account_has_room,
    "nobody notices that a budget is full": together(
        every_account_has_room, no_check_of_a_full_budget
    ),
    "the last micro-dollar can't be spent": instead_of(Balance.refuse)(
        lambda right, self, needed_micros: right(self, needed_micros + 1)
    ),
    "a budget without a limit refuses": instead_of(Balance.refuse)(
        lambda right, self, needed_micros: right(
            replace(self, gate=replace(self.gate, limit_micros=self.gate.limit_micros or 0)),
            needed_micros,
        )
    ),
    "only the person's own budgets are held": instead_of(ledger.hold)(
        lambda right, con, job, gates, amount, now: right(con, job, list(gates)[:2], amount, now)
    ),
    "the refusal names a moment when nothing opens": instead_of(Balance.refuse)(
        lambda right, self, needed_micros: right(
            replace(self, closes_at=datetime.now(UTC)), needed_micros
        )
    ),
    "what strangers have the house pay is not on their budget": instead_of(principals.house_of)(
        lambda right, con, community: right(con, community and "")
    ),
    # Harbour and garden are all there are in the tests.
    "a member of two communities has one budget": instead_of(principals._find)(
        lambda right, con, kind, platform, community, person: (
            right(con, kind, platform, community, person)
            or right(con, kind, platform, "harbour", person)
            or right(con, kind, platform, "garden", person)
        )
    ),
    # Resolutions: once, never above the quote, the rest on the house.
    "an overrun is charged to the person": together(charged_in_full, no_check_of_a_full_budget),
    "an overrun is dropped": not_on_house("overrun"),
    "a post keeps the money held": together(
        instead_of(ledger.post)(still_held), no_check_of_a_full_budget
    ),
    "a void keeps the money held": instead_of(ledger.void)(still_held),
    "a hold is voided without an entry": unwritten(":void:"),
    "a bill that comes twice is a conflict": instead_of(jobs.produce)(
        lambda right, con, key, result, now: (
            conflict() if load(con, key).state in PAID else right(con, key, result, now)
        )
    ),
    "another bill for a paid job is swallowed": instead_of(jobs.produce)(
        lambda right, con, key, result, now: (
            job if (job := load(con, key)).state in PAID else right(con, key, result, now)
        )
    ),
    "a failed call that was billed is booked nowhere": not_on_house("billed"),
    # Lost and cancelled: free for the person, never for the owner.
    "a lost job keeps the person's money": instead_of(ledger.void)(
        lambda right, con, job, now: (
            None if load(con, job).state is JobState.LOST else right(con, job, now)
        )
    ),
    "a lost job is booked nowhere": not_on_house("unknown"),
    "whatever ends a paid call, nothing is owed for it": instead_of(jobs._is_outcome_known)(
        lambda *_: True
    ),
    "a call that was refused is booked at its quote": instead_of(jobs._is_outcome_known)(
        lambda *_: False
    ),
    "a cancelled call that may be billed is booked nowhere": instead_of(jobs._paid_call_under_way)(
        lambda *_: False
    ),
    "a cancelled job that nobody sent is booked on the house": instead_of(
        jobs._paid_call_under_way
    )(lambda *_: True),
    "what the backend reported is forgotten when the job is given up": forgotten_report,
    "a cost that is reported late corrects nothing": instead_of(jobs.report_cost)(
        lambda right, con, key, cost, now: (
            None if load(con, key).state in GIVEN_UP else right(con, key, cost, now)
        )
    ),
    "what was billed is drawn again": billed_again,
    # Epochs: who was succeeded writes nothing, and its bills are booked all the same.
    "who was succeeded writes over its successor": instead_of(jobs._fence)(lambda *_: None),
    "a job is carried by whoever reserved it": instead_of(jobs.take_over)(lambda *_: None),
    "a start takes the epoch of the one before": same_epoch,
    "the bill of an earlier epoch is refused": instead_of(jobs._book_stray)(lambda *_: conflict()),
    "the bill of an earlier epoch is booked again each time": posted_each_time,
    "the bill of an earlier epoch is taken for the new call's": instead_of(jobs._found)(
        lambda right, con, key: replace(right(con, key), called_in=None, epoch=0)
    ),
    "the quote of a lost job is corrected by what another call cost": instead_of(
        ledger.booked_on_house
    )(
        lambda right, con, job: (
            right(con, job)
            + con.execute("SELECT stray FROM job WHERE key = ?", (job,)).fetchone()[0]
        )
    ),
    "a call of an earlier epoch goes out": unguarded_submit,
    "a late bill comes on top of the booked quote": instead_of(ledger.booked_on_house)(
        lambda *_: 0
    ),
    # Refunds, grants, limits.
    "a refund is paid by nobody": not_on_house("absorb"),
    "a refund is short by a micro-dollar": short_refund,
    "a refund reaches only the first level": instead_of(ledger._posts)(
        lambda right, con, job: right(con, job)[:1]
    ),
    "the same grant counts twice": instead_of(ledger.grant)(
        lambda right, con, gate, amount, key, actor, now: (
            right(con, gate, amount, key, actor, now)
            or right(con, gate, amount, f"{key}:{con.total_changes}", actor, now)
        )
    ),
    "a limit cut in mid-window falls below what is used": instead_of(ledger.Account.credits_under)(
        lambda _, self, limit: limit + self.granted
    ),
    "a changed limit takes what was granted": instead_of(ledger.Account.credits_under)(
        lambda _, self, limit: max(limit, self.posted + self.held)
    ),
    "a changed limit leaves no entry": unwritten("limit:"),
    "a limit that was lifted still holds": instead_of(ledger._with_limit)(
        lambda right, con, account, limit, now: (
            account if limit is None else right(con, account, limit, now)
        )
    ),
    # One key, one wish; one state after another.
    "another wish under the same key is taken for a replay": instead_of(reservation.reserve)(
        lambda right, con, new, gates, now, **limits: (
            known(con, new.key) or right(con, new, gates, now, **limits)
        )
    ),
    "a price that moved makes a replay a conflict": instead_of(reservation.reserve)(
        lambda right, con, new, gates, now, **limits: (
            conflict()
            if (job := known(con, new.key)) and job.quote_micros != new.quote_micros
            else right(con, new, gates, now, **limits)
        )
    ),
    "a state changes from anywhere": instead_of(jobs._move)(
        lambda right, con, key, origins, state, now, **columns: right(
            con, key, tuple(JobState), state, now, **columns
        )
    ),
    "a change of state is not seen": instead_of(jobs.touch)(
        lambda _, con, key, now: cards.make_due(con, key, now)
    ),
    # Deadlines and restarts.
    "the sweep closes what is not due": instead_of(recovery._put_in_order)(
        lambda right, con, key, waits_until, now: right(con, key, waits_until, now + YEAR)
    ),
    "the sweep takes from a task what it carries": recovered_whoever_carries,
    "a start repeats a paid call": repeated,
    "a start forgets what was drawn but not judged": instead_of(recovery._unfinished)(
        lambda right, con, now: (
            key for key in right(con, now) if load(con, key).state is not JobState.PRODUCED
        )
    ),
    "a verdict that fails is tried again at once": instead_of(judged_again_at)(
        lambda _, failures, now: now
    ),
    # Pictures.
    "a deleted picture keeps its file": instead_of(blobs.release)(lambda *_: None),
    "a file in use twice counts once": instead_of(blobs.keep)(
        lambda right, con, blob, now: (
            None
            if con.execute("SELECT 1 FROM blob WHERE sha256 = ?", (blob.sha256,)).fetchone()
            else right(con, blob, now)
        )
    ),
    "deleting twice lets go of somebody else's file": removed_and_still_there,
    # Erasure and retention.
    "erasure keeps the words": instead_of(forgetting.forget_contents)(keeping("request")),
    "erasure keeps the name": instead_of(forgetting._erase_job)(keeping("asker")),
    "erasure keeps the id": instead_of(forgetting._forget_name)(
        keeping("person", "principal", "id")
    ),
    "who erases themselves gets a fresh budget": instead_of(principals._find_erased)(
        lambda *_: None
    ),
    "erasure does not wait for open jobs": instead_of(forgetting._has_open_jobs)(lambda *_: False),
    "retention takes the words of an open job": retired_while_open,
    # History.
    "an entry can be changed": migrated_with(
        "WHEN NOT (NEW.id IS OLD.id AND NEW.job_key",
        "WHEN 0 AND NOT (NEW.id IS OLD.id AND NEW.job_key",
    ),
    "an entry can be deleted": migrated_with(
        "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry",
        "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry WHEN 0",
    ),
    "the audit is a list, not a chain": instead_of(audit._last_hash)(lambda *_: ""),
}
BUDGETS = {
    "every day is the same account": instead_of(budgets.period)(
        lambda right, window, now, timezone: replace(
            found := right(window, now, timezone), name=re.sub(":.*@", "@", found.name)
        )
    ),
    "days are those of Greenwich": instead_of(budgets.period)(
        lambda right, window, now, timezone: replace(
            found := right(window, now, "UTC"), name=found.name.replace("@UTC", f"@{timezone}")
        )
    ),
    "a month has 30 days": thirty_days,
}
PLANTED = caught_by(PROPERTIES, LEDGER) | caught_by(WINDOWS, BUDGETS)


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest) -> Iterator[Runs]:
    with planted_runs(request) as begun:
        yield begun


@pytest.mark.slow
def test_without_a_planted_bug_the_tests_pass(runs: Runs) -> None:
    outcome = runs[NONE].result()
    assert outcome.code == 0, outcome.output


@pytest.mark.slow
@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_caught(bug: str, runs: Runs) -> None:
    outcome = runs[bug].result()
    assert outcome.code == CAUGHT, outcome.output
