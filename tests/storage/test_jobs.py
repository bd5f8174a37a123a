"""A job's life in the database, step by step, with the amounts written out."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.job import Job, JobState, Verdict, public_id_of
from bot.domain.moderation_policy import Look
from bot.errors import (
    BackendRejected,
    BackendTimedOut,
    Blocked,
    Broken,
    Cancelled,
    Conflict,
    Interrupted,
    NotFound,
    Paused,
    QueueFull,
    QuotaExceeded,
    TooManyWaiting,
    WaitedTooLong,
)
from storage.database.columns import from_us
from storage.database.database import begin_epoch, open_for_writing
from storage.ledger_check import faults
from storage.tables import blobs, cards, job_rows, ledger
from storage.transactions import forgetting, jobs, people, recovery, reservation, verdicts
from tests.storage.builders import (
    DRAWS,
    NOON,
    PLENTY,
    WAITS,
    asker,
    commit,
    drawn,
    dump,
    file,
    gates_of,
    new_job,
    produced,
    reserved,
    submit,
    submitted,
    transaction,
)

Con = sqlite3.Connection
MINUTE = timedelta(minutes=1)


def lost(con: Con) -> Job:
    return commit(con, jobs.fail, submitted(con).key, Interrupted(), NOON)


def reported(con: Con, cost: int, *, paid: bool = True) -> Job:
    job = submitted(con, paid=paid)
    commit(con, jobs.report_cost, job.key, cost, NOON)
    return job


def overrun(con: Con) -> Job:
    return produced(con, cost=1_300)


def failed(con: Con) -> Job:
    return commit(con, jobs.fail, submitted(con).key, BackendRejected(), NOON)


def cancelled(con: Con) -> Job:
    return commit(con, jobs.cancel, reserved(con).key, Cancelled(), NOON)


def refunded(con: Con) -> Job:
    return commit(con, jobs.refund, produced(con).key, "a moderator", NOON)


JOBS: dict[str, Callable[[Con], Job]] = {
    "reserved": reserved,
    "submitted": submitted,
    "produced": produced,
    "failed": failed,
    "cancelled": cancelled,
    "lost": lost,
    "refunded": refunded,
}
STEPS: dict[str, Callable[[Con, str], Job]] = {
    "submit": submit,
    "produce": lambda con, key: commit(con, jobs.produce, key, drawn(800), NOON),
    "judge": lambda con, key: commit(con, jobs.judge, key, [Verdict.SHOW], NOON),
    "fail": lambda con, key: commit(con, jobs.fail, key, BackendRejected(), NOON),
    "break": lambda con, key: commit(con, jobs.fail, key, Broken(), NOON),
    "cancel": lambda con, key: commit(con, jobs.cancel, key, Cancelled(), NOON),
    "refund": lambda con, key: commit(con, jobs.refund, key, "a moderator", NOON),
}
# From a state by a step to a state; whatever is not here is a conflict. A quote is 1,000; what was
# produced was billed 900, and `produce` comes with a bill of 800.
MOVES = {
    ("reserved", "submit"): "submitted",
    ("reserved", "fail"): "failed",
    ("reserved", "break"): "failed",
    ("reserved", "cancel"): "cancelled",
    ("submitted", "produce"): "produced",
    ("submitted", "fail"): "failed",
    ("submitted", "cancel"): "cancelled",
    ("submitted", "break"): "lost",
    ("produced", "judge"): "produced",
    ("produced", "refund"): "refunded",
    # A late bill, of a call that was taken for unbilled or for the quote.
    ("lost", "produce"): "lost",
    ("failed", "produce"): "failed",
}


@pytest.mark.parametrize("state", JOBS)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_leads_where_the_table_says_or_nowhere(con: Con, state: str, step: str) -> None:
    key = JOBS[state](con).key
    before = dump(con)
    expected = MOVES.get((state, step))
    if expected is None:
        with pytest.raises(Conflict):
            STEPS[step](con, key)
        assert dump(con) == before
    else:
        assert STEPS[step](con, key).state == expected
        assert faults(con) == []


@pytest.mark.parametrize("step", STEPS)
def test_a_step_of_an_unknown_job_finds_nothing(con: Con, step: str) -> None:
    with pytest.raises(NotFound):
        STEPS[step](con, "nosuchjob")


# Money.


def sums(con: Con) -> dict[str, tuple[int, int]]:
    """Held and posted on the person's day and on the house."""
    rows = con.execute(
        "SELECT kind, held, posted FROM account JOIN principal ON principal.id = principal_id"
        " WHERE period LIKE 'day:%' AND kind = 'person' OR kind = 'house'"
    ).fetchall()
    return {kind: (held, posted) for kind, held, posted in rows}


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (reserved, {"person": (1_000, 0)}),
        (submitted, {"person": (1_000, 0)}),
        (produced, {"person": (0, 900)}),
        (lambda con: produced(con, cost=1_300), {"person": (0, 1_000), "house": (0, 300)}),
        (lambda con: produced(con, new_job(quote=0), cost=0), {"person": (0, 0)}),
        (lambda con: produced(con, new_job(quote=0), cost=7), {"person": (0, 0), "house": (0, 7)}),
        (refunded, {"person": (0, 0), "house": (0, 900)}),
        (failed, {"person": (0, 0)}),
        (cancelled, {"person": (0, 0)}),
        (lost, {"person": (0, 0), "house": (0, 1_000)}),
    ],
)
def test_the_person_never_pays_more_than_the_quote_and_the_house_takes_the_rest(
    con: Con, way: Callable[[Con], Job], expected: dict[str, tuple[int, int]]
) -> None:
    way(con)
    assert sums(con) == expected


def test_an_overrun_that_is_refunded_lands_on_the_house_whole(con: Con) -> None:
    commit(con, jobs.refund, produced(con, cost=1_300).key, "a moderator", NOON)
    assert sums(con) == {"person": (0, 0), "house": (0, 1_300)}


def test_a_failed_call_that_was_billed_is_free_for_the_person(con: Con) -> None:
    key = reported(con, 300).key
    job = commit(con, jobs.fail, key, BackendRejected(billed_micros=300), NOON)
    assert sums(con) == {"person": (0, 0), "house": (0, 300)}
    assert job.cost_micros == 0
    assert isinstance(job.failure, BackendRejected)


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (
            lambda con, key, _, now: jobs.fail(con, key, BackendRejected(billed_micros=700), now),
            JobState.FAILED,
        ),
        (jobs.fail, JobState.LOST),
        (jobs.cancel, JobState.CANCELLED),
        (lambda con, _, __, now: recovery.recover(con, now, now + DRAWS)[0], JobState.LOST),
        (lambda con, _, __, now: recovery.recover(con, now, now)[0], JobState.LOST),
    ],
)
def test_what_the_backend_reported_is_the_bill_however_the_job_is_given_up(
    con: Con, end: Callable[..., Job], state: JobState
) -> None:
    key = reported(con, 700).key
    job = commit(con, end, key, Interrupted(), NOON)
    assert (job.state, job.cost_micros) == (state, 0)
    assert sums(con) == {"person": (0, 0), "house": (0, 700)}
    assert con.execute("SELECT bill, reported FROM job").fetchone() == (700, 700)
    before = dump(con)
    commit(con, jobs.report_cost, key, 700, NOON)
    commit(con, jobs.produce, key, drawn(700), NOON)
    assert dump(con) == before


def test_a_cost_that_is_reported_after_the_end_only_corrects_the_house(con: Con) -> None:
    key = lost(con).key
    commit(con, jobs.report_cost, key, 400, NOON)
    assert sums(con) == {"person": (0, 0), "house": (0, 400)}
    with pytest.raises(Conflict):
        commit(con, jobs.report_cost, key, 401, NOON)


def test_a_cost_is_reported_of_a_call_that_went_out(con: Con) -> None:
    with pytest.raises(Conflict):
        commit(con, jobs.report_cost, reserved(con).key, 700, NOON)
    done = produced(con, new_job("2"))
    commit(con, jobs.report_cost, done.key, 900, NOON)
    with pytest.raises(Conflict):
        commit(con, jobs.report_cost, done.key, 700, NOON)


@pytest.mark.parametrize(("cost", "state"), [(0, "reserved"), (700, "failed")])
def test_what_was_billed_is_not_drawn_again_though_it_should_be_free(
    con: Con, cost: int, state: str
) -> None:
    key = reported(con, cost, paid=False).key
    commit(con, recovery.recover, NOON + WAITS, NOON)
    assert job_rows.load(con, key).state == state
    if state == "reserved":
        commit(con, jobs.cancel, key, Cancelled(), NOON)
    assert sums(con) == {"person": (0, 0)} | ({"house": (0, cost)} if cost else {})
    assert faults(con) == []


def test_a_bill_that_comes_after_a_failure_without_one_is_the_houses(con: Con) -> None:
    key = failed(con).key
    commit(con, jobs.report_cost, key, 300, NOON)
    assert sums(con) == {"person": (0, 0), "house": (0, 300)}
    assert con.execute("SELECT bill, reported FROM job").fetchone() == (300, 300)
    with pytest.raises(Conflict):
        commit(con, jobs.report_cost, key, 301, NOON)


def test_a_paid_call_that_was_cancelled_is_the_houses_until_its_bill_comes(con: Con) -> None:
    key = submitted(con, paid=True).key
    commit(con, jobs.cancel, key, Cancelled(), NOON)
    assert sums(con) == {"person": (0, 0), "house": (0, 1_000)}
    job = commit(con, jobs.produce, key, drawn(400), NOON)
    assert sums(con) == {"person": (0, 0), "house": (0, 400)}
    assert (job.state, job.pictures) == (JobState.CANCELLED, ())


def test_a_free_call_that_was_cancelled_costs_nobody(con: Con) -> None:
    commit(con, jobs.cancel, submitted(con, paid=False).key, Cancelled(), NOON)
    assert sums(con) == {"person": (0, 0)}


@pytest.mark.parametrize(("bill", "house"), [(0, 0), (400, 400), (1_000, 1_000), (1_700, 1_700)])
def test_a_late_bill_only_corrects_the_house(con: Con, bill: int, house: int) -> None:
    key = lost(con).key
    commit(con, jobs.produce, key, drawn(bill), NOON)
    assert sums(con) == {"person": (0, 0), "house": (0, house)}
    again = dump(con)
    commit(con, jobs.produce, key, drawn(bill), NOON)
    assert dump(con) == again
    with pytest.raises(Conflict):
        commit(con, jobs.produce, key, drawn(bill + 1), NOON)


def test_a_refusal_names_the_account_that_was_full_and_when_it_opens(con: Con) -> None:
    reserved(con, new_job("1", quote=700), person_day=5_000, community_month=1_000)
    before = dump(con)
    with pytest.raises(QuotaExceeded) as refused:
        reserved(con, new_job("2", quote=400), person_day=5_000, community_month=1_000)
    assert dump(con) == before
    assert refused.value.level == "community"
    assert refused.value.window == "month"
    assert (refused.value.left_micros, refused.value.needed_micros) == (300, 400)
    assert refused.value.opens_at is not None
    assert refused.value.opens_at.isoformat() == "2026-12-01T00:00:00+00:00"


def test_a_full_budget_still_has_room_for_what_is_free(con: Con) -> None:
    reserved(con, new_job("1", quote=1_000), person_day=1_000)
    assert reserved(con, new_job("2", quote=0), person_day=1_000).state == "reserved"


def test_a_limit_of_nothing_is_one(con: Con) -> None:
    with pytest.raises(QuotaExceeded):
        reserved(con, new_job("1", quote=1), person_day=0)
    assert reserved(con, new_job("2", quote=0), person_day=0).state == "reserved"


def test_a_limit_that_was_cut_refuses_and_takes_nothing_away(con: Con) -> None:
    first = produced(con, new_job("1", quote=1_000), cost=900)
    assert first.cost_micros == 900
    with pytest.raises(QuotaExceeded) as refused:
        reserved(con, new_job("2", quote=1), person_day=500)
    assert refused.value.left_micros == 0
    reserved(con, new_job("3", quote=100), person_day=1_000)
    assert faults(con) == []


def test_a_grant_adds_to_this_window_alone(con: Con) -> None:
    gate = gates_of(person_day=100)[0]
    assert commit(con, ledger.grant, gate, 50, "grant:1", "an admin", NOON)
    assert not commit(con, ledger.grant, gate, 50, "grant:1", "an admin", NOON)
    assert reserved(con, new_job("1", quote=150), person_day=100).state == "reserved"
    tomorrow = NOON + timedelta(days=1)
    with pytest.raises(QuotaExceeded) as refused:
        commit(
            con,
            reservation.reserve,
            new_job("2", quote=101),
            gates_of(person_day=100),
            tomorrow,
            **PLENTY,
        )
    assert refused.value.left_micros == 100


def test_a_grant_again_leaves_a_limit_that_changed_meanwhile_to_the_next_job(con: Con) -> None:
    commit(con, ledger.grant, gates_of(person_day=100)[0], 50, "grant:1", "an admin", NOON)
    before = dump(con)
    narrower = gates_of(person_day=70)[0]
    assert not commit(con, ledger.grant, narrower, 50, "grant:1", "an admin", NOON)
    assert dump(con) == before


def test_a_grant_again_brings_nobody_back_who_was_erased(con: Con) -> None:
    gate = gates_of(person_day=100)[0]
    commit(con, ledger.grant, gate, 50, "grant:1", "an admin", NOON)
    commit(con, forgetting.erase, "discord", "harbour", "ann", NOON)
    before = dump(con)
    assert not commit(con, ledger.grant, gate, 50, "grant:1", "an admin", NOON)
    assert dump(con) == before


# One key, one wish.


def test_the_same_key_again_returns_the_job_as_it_is_now(con: Con) -> None:
    done = produced(con)
    before = dump(con)
    assert reserved(con) == done
    assert reserved(con, new_job(quote=2_000)) == done  # the price moved
    assert dump(con) == before


@pytest.mark.parametrize("other", [new_job(prompt="a cat"), new_job(image=file("f1"))])
def test_the_same_key_with_another_request_is_a_conflict(con: Con, other: Any) -> None:
    reserved(con)
    with pytest.raises(Conflict):
        reserved(con, other)


def test_a_public_id_that_is_taken_gives_way_to_the_next(con: Con) -> None:
    taken = reserved(con, new_job("other"))
    key = new_job("1").key
    con.execute("UPDATE job SET public_id = ? WHERE key = ?", (public_id_of(key), taken.key))
    assert reserved(con, new_job("1")).public_id == public_id_of(key, 1)


# Places in the queue, blocks.


def test_a_person_has_so_many_places_and_everybody_together_too(con: Con) -> None:
    def reserve(event: str, person: str) -> Job:
        new = new_job(event, who=asker(person))
        places = {"open_per_person": 2, "open_at_all": 3}
        return commit(con, reservation.reserve, new, gates_of(new.asker), NOON, **places)

    first = reserve("1", "ann")
    reserve("2", "ann")
    with pytest.raises(TooManyWaiting) as refused:
        reserve("3", "ann")
    assert refused.value.limit == 2
    reserve("4", "bob")
    with pytest.raises(QueueFull):
        reserve("5", "cleo")
    commit(con, jobs.cancel, first.key, Cancelled(), NOON)
    assert reserve("5", "cleo").state == "reserved"


def block(con: Con, until: timedelta | None = None) -> None:
    end = None if until is None else NOON + until
    commit(con, people.block, asker(), reason="spam", until=end, actor="a moderator", now=NOON)


def test_who_is_blocked_reserves_nothing_until_it_is_over(con: Con) -> None:
    block(con, until=MINUTE)
    with pytest.raises(Blocked) as refused:
        reserved(con)
    assert refused.value.until == NOON + MINUTE
    later = NOON + MINUTE
    assert (
        commit(con, reservation.reserve, new_job(), gates_of(), later, **PLENTY).state == "reserved"
    )


def test_a_block_ends_when_it_is_lifted(con: Con) -> None:
    block(con)
    block(con, until=MINUTE)
    with pytest.raises(Blocked) as refused:
        reserved(con)
    assert refused.value.until is None  # the longer one counts
    assert commit(con, people.lift, asker(), "a moderator", NOON) == 2
    assert reserved(con).state == "reserved"


def test_who_erases_themselves_comes_back_to_their_block(con: Con) -> None:
    produced(con)
    block(con)
    commit(con, forgetting.erase, "discord", "harbour", "ann", NOON)
    with pytest.raises(Blocked):
        reserved(con, new_job("2"))


def test_a_pause_stops_new_jobs(con: Con) -> None:
    commit(con, people.pause, paused=True, actor="the owner", now=NOON)
    with pytest.raises(Paused):
        reserved(con)
    commit(con, people.pause, paused=False, actor="the owner", now=NOON)
    assert reserved(con).state == "reserved"


# Deadlines and starts.


def test_recovery_closes_what_is_past_its_deadline_each_in_its_way(con: Con) -> None:
    waiting = reserved(con, new_job("waiting"))
    paid = submitted(con, new_job("paid"), paid=True)
    free = submitted(con, new_job("free"), paid=False)
    found = commit(con, recovery.recover, NOON + WAITS, NOON + WAITS)
    assert {job.key: (job.state, type(job.failure)) for job in found} == {
        waiting.key: ("failed", WaitedTooLong),
        paid.key: ("lost", BackendTimedOut),
        free.key: ("failed", BackendTimedOut),
    }
    assert sums(con) == {"person": (0, 0), "house": (0, 1_000)}


def unseen(con: Con) -> Job:
    """Reserved by somebody who was never told so."""
    job = reserved(con)
    con.execute("UPDATE job SET acked_at = NULL")
    return job


def judged(con: Con) -> Job:
    return commit(con, jobs.judge, produced(con).key, [Verdict.SHOW], NOON)


@pytest.mark.parametrize(
    ("found", "later", "state", "goes_on"),
    [
        (reserved, MINUTE, "reserved", True),
        (reserved, WAITS, "failed", False),
        (unseen, MINUTE, "failed", False),
        (lambda con: submitted(con, paid=True), MINUTE, "lost", False),
        (lambda con: submitted(con, paid=False), MINUTE, "reserved", True),
        (lambda con: submitted(con, paid=False), DRAWS, "failed", False),
        (produced, MINUTE, "produced", True),
        (judged, MINUTE, "produced", False),
        (lost, MINUTE, "lost", False),
        (cancelled, MINUTE, "cancelled", False),
        (refunded, MINUTE, "refunded", False),
    ],
)
def test_a_start_puts_in_order_what_it_finds(
    con: Con, found: Callable[[Con], Job], later: timedelta, state: str, *, goes_on: bool
) -> None:
    key, now = found(con).key, NOON + later
    touched = commit(con, recovery.recover, now + WAITS, now)
    assert job_rows.load(con, key).state == state
    going = [job for job in touched if job.is_unfinished]
    assert [job.key for job in going] == ([key] if goes_on else [])
    once = dump(con)
    assert commit(con, recovery.recover, now + WAITS, now) == going
    assert dump(con) == once


@pytest.mark.parametrize("later", [MINUTE, WAITS])
@pytest.mark.parametrize(
    "found",
    [reserved, unseen, submitted, lambda con: submitted(con, paid=False), produced],
)
def test_what_somebody_carries_is_left_alone_whatever_the_wall_clock_says(
    con: Con, found: Callable[[Con], Job], later: timedelta
) -> None:
    key, now = found(con).key, NOON + later
    before = dump(con)
    assert commit(con, recovery.recover, now + WAITS, now, {key}.__contains__) == []
    assert dump(con) == before


def test_recovery_goes_in_portions_the_oldest_first(con: Con) -> None:
    with transaction(con):
        for number in range(recovery.PORTION + 2):
            new = new_job(str(number), who=asker(f"person {number}"))
            places = {"open_per_person": 1, "open_at_all": 1_000}
            reservation.reserve(con, new, [], NOON + number * MINUTE, **places)
    key = new_job("0", who=asker("person 0")).key
    seen: set[str] = {key}
    last = recovery.PORTION + 1
    for numbers in (range(1, last), range(last, last + 1), range(0)):
        found = commit(con, recovery.recover, NOON + WAITS, NOON, seen.__contains__)
        assert [job.created_at for job in found] == [NOON + number * MINUTE for number in numbers]
        seen |= {job.key for job in found}


def test_what_is_drawn_and_unjudged_comes_before_what_waits(con: Con) -> None:
    waiting = reserved(con, new_job("waits"))
    drawn_ = produced(con, new_job("drawn"))
    found = commit(con, recovery.recover, NOON + WAITS, NOON)
    assert [job.key for job in found] == [drawn_.key, waiting.key]


# Verdicts that can't be given.


def test_a_verdict_that_fails_is_tried_again_after_growing_pauses_and_the_owner_is_told_once(
    con: Con,
) -> None:
    key, now, waited = produced(con).key, NOON, []
    for failures in range(1, 14):
        commit(con, verdicts.not_judged, key, now)
        told = con.execute("SELECT place, detail FROM notice").fetchall()
        assert len(told) == (failures >= verdicts.FAILURES_TO_TELL)
        (again_us,) = con.execute("SELECT judge_at FROM job").fetchone()
        again = from_us(again_us)
        waited.append((again - now).total_seconds())
        just_before = again - timedelta(microseconds=1)
        assert commit(con, recovery.recover, just_before, just_before) == []
        assert [job.key for job in commit(con, recovery.recover, again, again)] == [key]
        now = again
    assert waited == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]


def test_a_clock_that_is_set_back_delays_no_verdict(con: Con) -> None:
    key = produced(con).key
    commit(con, verdicts.not_judged, key, NOON)
    yesterday = NOON - timedelta(days=1)
    assert [job.key for job in commit(con, recovery.recover, NOON, yesterday)] == [key]


# Epochs.


Found = Callable[[Con], Job]
FOUND: dict[str, tuple[Found, str]] = {
    "reserved": (reserved, "reserved"),
    "paid": (submitted, "lost"),
    "free": (lambda con: submitted(con, paid=False), "submitted"),
    "produced": (produced, "produced"),
}


@pytest.fixture
def successor(con: Con, tmp_path: Path) -> Iterator[Con]:
    """Another process with the same file; `con` doesn't know that it is taken for dead."""
    with closing(open_for_writing(tmp_path / "limner.db", NOON)) as other:
        yield other


def taken_over(con: Con, successor: Con, found: str) -> str:
    """A job as the successor found it, put in order, and drew it again where that is free."""
    as_found, state = FOUND[found]
    key = as_found(con).key
    begin_epoch(successor, Path())
    commit(successor, recovery.recover, NOON + WAITS, NOON)
    if found == "free":
        submit(successor, key, paid=False)
    assert job_rows.load(con, key).state == state
    return key


@pytest.mark.parametrize("step", [*STEPS, "not judged", "remove"])
@pytest.mark.parametrize("found", FOUND)
def test_who_was_succeeded_writes_nothing_but_bills(
    con: Con, successor: Con, found: str, step: str
) -> None:
    steps: dict[str, Callable[[Con, str], object]] = {
        **STEPS,
        "not judged": lambda con, key: commit(con, verdicts.not_judged, key, NOON),
        "remove": lambda con, key: commit(con, jobs.remove_pictures, key, [0], NOON),
    }
    key = taken_over(con, successor, found)
    before = dump(con)
    if step == "produce" and found != "produced":
        steps[step](con, key)
        assert con.execute("SELECT count(*) FROM picture").fetchone() == (0,)
        assert sums(con)["house"] == (0, 800)
    else:
        with pytest.raises(Conflict):
            steps[step](con, key)
        assert dump(con) == before
    assert faults(con) == []


def test_who_was_succeeded_begins_no_call_even_before_the_job_is_taken_over(
    con: Con, successor: Con
) -> None:
    key = reserved(con).key
    begin_epoch(successor, Path())
    with pytest.raises(Conflict):
        submit(con, key)
    submit(successor, key)


def test_what_a_call_of_an_earlier_epoch_cost_is_the_houses_beside_the_new_call(
    con: Con, successor: Con
) -> None:
    key = taken_over(con, successor, "free")
    commit(con, jobs.report_cost, key, 300, NOON)
    commit(con, jobs.produce, key, drawn(300), NOON)  # as the runner does: first one, then both
    assert sums(con) == {"person": (1_000, 0), "house": (0, 300)}
    with pytest.raises(Conflict):
        commit(con, jobs.report_cost, key, 301, NOON)
    done = commit(successor, jobs.produce, key, drawn(1_200), NOON)
    commit(con, jobs.report_cost, key, 300, NOON)
    assert (done.state, done.cost_micros) == ("produced", 1_000)
    assert sums(con) == {"person": (0, 1_000), "house": (0, 500)}
    assert con.execute("SELECT bill, stray FROM job").fetchone() == (1_200, 300)
    assert faults(con) == []


def test_the_bill_of_a_call_that_a_successor_took_for_lost_corrects_the_house(
    con: Con, successor: Con
) -> None:
    key = taken_over(con, successor, "paid")
    assert sums(con) == {"person": (0, 0), "house": (0, 1_000)}
    commit(con, jobs.report_cost, key, 300, NOON)
    assert sums(con) == {"person": (0, 0), "house": (0, 300)}
    assert faults(con) == []


def test_recovery_leaves_to_a_successor_what_is_his(con: Con, successor: Con) -> None:
    begin_epoch(successor, Path())
    reserved(successor)
    assert commit(con, recovery.recover, NOON + WAITS, NOON) == []


def test_a_start_gives_an_interrupted_free_job_its_time_again(con: Con) -> None:
    submitted(con, paid=False)
    now = NOON + MINUTE
    (job,) = commit(con, recovery.recover, now + WAITS, now)
    assert (job.deadline_at, job.submitted_at, job.seed) == (now + WAITS, None, 7)


# Pictures.


def refs(con: Con) -> dict[str, int]:
    rows = con.execute("SELECT sha256, refs FROM blob ORDER BY sha256").fetchall()
    return {sha256.rstrip("0"): count for sha256, count in rows}


def test_a_picture_is_shown_to_nobody_before_its_verdict(con: Con) -> None:
    key = submitted(con).key
    job = commit(con, jobs.produce, key, drawn(files=["f1", "f2"]), NOON)
    assert [picture.verdict for picture in job.pictures] == [None, None]
    with pytest.raises(Conflict):
        commit(con, jobs.judge, key, [Verdict.SHOW], NOON)
    job = commit(con, jobs.judge, key, [Verdict.SHOW, Verdict.BLOCK], NOON)
    assert [picture.verdict for picture in job.pictures] == ["show", "block"]
    again = commit(con, jobs.judge, key, [Verdict.BLOCK, Verdict.SHOW], NOON)
    assert again == job


def test_a_bill_that_comes_again_after_a_refund_changes_nothing(con: Con) -> None:
    job = refunded(con)
    assert commit(con, jobs.produce, job.key, drawn(job.cost_micros or 900), NOON) == job


def test_a_call_that_was_billed_is_not_made_again(con: Con) -> None:
    job = reported(con, 0, paid=False)
    commit(con, jobs.put_back, job.key, NOON + WAITS, NOON)
    billed = submitted(con, new_job("2"), paid=False)
    commit(con, jobs.report_cost, billed.key, 5, NOON)
    with pytest.raises(Conflict, match="bill"):
        commit(con, jobs.put_back, billed.key, NOON + WAITS, NOON)


def test_what_moderators_look_at_is_not_deleted(con: Con) -> None:
    key = produced(con).key
    commit(con, verdicts.judge, key, [Verdict.REVIEW], [Look()], NOON)
    with pytest.raises(Conflict, match="in_review"):
        commit(con, jobs.remove_pictures, key, [0], NOON)
    assert job_rows.load(con, key).pictures[0].sha256


@pytest.mark.parametrize(("ends", "why"), [(lost, "unknown"), (overrun, "overrun")])
def test_the_house_says_why_it_pays(con: Con, ends: Callable[[Con], Job], why: str) -> None:
    key = ends(con).key
    sql = "SELECT key FROM entry WHERE job_key = ? AND kind = 'post' AND ref_id IS NULL"
    assert con.execute(sql, (key,)).fetchall() == [(f"{key}:{why}",)]


def test_a_picture_that_was_deleted_before_its_verdict_stays_deleted(con: Con) -> None:
    key = submitted(con).key
    commit(con, jobs.produce, key, drawn(files=["f1", "f2"]), NOON)
    commit(con, jobs.remove_pictures, key, [0], NOON)
    job = commit(con, jobs.judge, key, [Verdict.SHOW, Verdict.SHOW], NOON)
    assert [picture.verdict for picture in job.pictures] == ["removed", "show"]


def test_a_file_is_let_go_with_its_last_reference(con: Con) -> None:
    first = commit(
        con,
        jobs.produce,
        submitted(con, new_job("1", image=file("f3"))).key,
        drawn(files=["f1", "f1", "f2"]),
        NOON,
    )
    commit(con, jobs.produce, submitted(con, new_job("2")).key, drawn(files=["f1"]), NOON)
    assert refs(con) == {"f1": 3, "f2": 1, "f3": 1}
    job = commit(con, jobs.remove_pictures, first.key, [0, 2, 5], NOON)
    assert [picture.verdict for picture in job.pictures] == ["removed", None, "removed"]
    assert refs(con) == {"f1": 2, "f2": 0, "f3": 1}
    assert commit(con, jobs.remove_pictures, first.key, [0, 2], NOON) == job
    assert refs(con) == {"f1": 2, "f2": 0, "f3": 1}


def test_the_row_of_a_file_is_forgotten_only_while_nobody_refers_to_it(con: Con) -> None:
    produced(con)
    commit(con, blobs.forget, [file("f1").sha256])
    assert refs(con) == {"f1": 1}
    commit(con, jobs.remove_pictures, new_job().key, [0], NOON)
    commit(con, blobs.forget, [file("f1").sha256])
    assert refs(con) == {}


# Erasure and retention.


def test_erasure_lets_go_of_a_person_and_keeps_the_sums(con: Con) -> None:
    who = asker(name="Ann of the harbour")
    new = new_job(who=who, prompt="my secret lighthouse", image=file("f3"))
    commit(con, jobs.produce, submitted(con, new).key, drawn(files=["f1"]), NOON)
    produced(con, new_job("2", who=asker("bob"), prompt="what bob wants"))
    commit(con, people.set_defaults, who, {"width": 512})
    before = sums(con)

    erased = commit(con, forgetting.erase, "discord", "harbour", "ann", NOON)
    assert (erased.jobs, erased.cards) == (1, 1)
    assert refs(con) == {"f1": 1, "f3": 0}  # bob's drawing is the same
    assert sums(con) == before
    assert faults(con) == []
    everything = str(dump(con))
    for word in ("secret lighthouse", "Ann of the harbour", "'ann'"):
        assert word not in everything
    assert "what bob wants" in everything
    job = job_rows.load(con, new.key)
    assert (job.asker.person, job.request.prompt, job.cost_micros) == ("", "", 900)


def test_erasure_forgets_the_place_of_a_message_once_it_is_withdrawn(con: Con) -> None:
    produced(con)
    commit(con, forgetting.erase, "discord", "harbour", "ann", NOON)
    (card,) = con.execute("SELECT id FROM card WHERE state = 'withdrawing'").fetchone()
    assert con.execute("SELECT address FROM card").fetchall() == [('{"page":"1"}',)]
    commit(con, cards.withdrawn, card)
    assert con.execute("SELECT address, due_at FROM card").fetchall() == [("{}", None)]


def test_who_was_never_seen_can_not_be_erased_and_an_open_job_comes_first(con: Con) -> None:
    with pytest.raises(NotFound):
        commit(con, forgetting.erase, "discord", "harbour", "ann", NOON)
    reserved(con)
    with pytest.raises(Conflict):
        commit(con, forgetting.erase, "discord", "harbour", "ann", NOON)


def test_who_erases_themselves_comes_back_to_the_same_budget(con: Con) -> None:
    produced(con, new_job("1", quote=900), cost=900)
    commit(con, forgetting.erase, "discord", "harbour", "ann", NOON)
    with pytest.raises(QuotaExceeded) as refused:
        reserved(con, new_job("2", quote=200), person_day=1_000)
    assert refused.value.left_micros == 100
    reserved(con, new_job("3", quote=100), person_day=1_000)
    assert con.execute("SELECT count(*) FROM principal WHERE kind = 'person'").fetchone() == (1,)


def test_the_last_trace_goes_when_every_window_and_block_is_over(con: Con) -> None:
    produced(con)
    block(con, until=timedelta(days=40))
    commit(con, forgetting.erase, "discord", "harbour", "ann", NOON)

    def traces(days: int) -> int:
        now = NOON + timedelta(days=days)
        commit(con, forgetting.retire, now - timedelta(days=90), 10, now)
        row = con.execute("SELECT count(erased_hash) FROM principal").fetchone()
        return int(row[0])

    assert [traces(days) for days in (0, 9, 39, 40)] == [1, 1, 1, 0]


def test_retention_lets_go_of_closed_jobs_a_few_at_a_time(con: Con) -> None:
    for number in range(3):
        produced(con, new_job(str(number), image=file("f3")))
    reserved(con, new_job("open"))
    assert refs(con) == {"f1": 3, "f3": 3}
    later = NOON + timedelta(days=90)
    assert commit(con, forgetting.retire, NOON, 10, later) == 0
    assert commit(con, forgetting.retire, NOON + MINUTE, 2, later) == 2
    assert commit(con, forgetting.retire, NOON + MINUTE, 2, later) == 1
    assert commit(con, forgetting.retire, NOON + MINUTE, 2, later) == 0
    assert refs(con) == {"f1": 0, "f3": 0}
    assert job_rows.load(con, new_job("open").key).request.prompt == "a lighthouse at dusk"
    assert job_rows.load(con, new_job("0").key).cost_micros == 900
