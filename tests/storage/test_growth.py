"""What the store takes longer for when it grows: counted in steps of SQLite, not in seconds."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.job import Verdict
from bot.domain.moderation_policy import Look
from bot.domain.retention import Retention
from bot.errors import BackendRejected, Cancelled, Interrupted
from bot.store import Wanted
from storage.database.columns import to_us
from storage.database.database import open_for_writing
from storage.integrity import problems
from storage.tables import blobs, installations
from storage.tables.cards import DUE_SQL
from storage.tables.wanted import as_values
from storage.transactions import (
    community_features,
    forgetting,
    jobs,
    people,
    recovery,
    reservation,
    retention,
    verdicts,
)
from storage.transactions.evidence import EVIDENCE_SQL
from tests.storage.builders import (
    DRAWS,
    NOON,
    WAITS,
    asker,
    drawn,
    gates_of,
    new_job,
    transaction,
)

Con = sqlite3.Connection

FEW, MANY = 500, 5_000
PEOPLE = 50
# Ten times the jobs take about ten times the steps; a quadratic query would take a hundred.
LINEAR_MAX = 15
# What looks at open jobs alone takes the same, but for the depth of a tree.
CONSTANT_MAX = 2
STEPS_A_CALL = 20


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Con, Con]]:
    """Two databases, one with ten times the jobs of the other."""
    folder = tmp_path_factory.mktemp("growth")
    with ExitStack() as stack:
        yield (
            stack.enter_context(closing(filled(folder / "few.db", FEW))),
            stack.enter_context(closing(filled(folder / "many.db", MANY))),
        )


def filled(path: Path, count: int) -> Con:
    """Jobs that ended in every way, and one that is open."""
    con = open_for_writing(path, NOON)
    with transaction(con):
        for number in range(count):
            finish(con, reserve(con, number), number)
        reserve(con, count)
        for number in range(count):
            moderate(con, number)
        for key in ("somebody", "somebody else"):
            people.set_defaults(con, asker(key), {})
    return con


def moderate(con: Con, number: int) -> None:
    """What moderation and platforms leave beside a job."""
    installations.take_delivery(con, f"slack:{number}", NOON)
    key = new_job(str(number)).key
    if number % 5 == 4:  # in review
        con.execute("UPDATE review_case SET state = 'decided' WHERE job_key = ?", (key,))
    if number in (3, 8):  # of those that are withheld, a week's are looked at each time
        con.execute("UPDATE picture SET verdict = 'block' WHERE job_key = ?", (key,))
    con.execute(
        "INSERT INTO refused_prompt (principal_id, prompt, at) VALUES (1, 'no', ?)",
        (to_us(NOON),),
    )


def reserve(con: Con, number: int) -> str:
    new = new_job(str(number), who=asker(f"person {number % PEOPLE}"))
    budget = gates_of(new.asker, person_day=10**9)
    reservation.reserve(con, new, budget, NOON, open_per_person=9, open_at_all=9)
    return new.key


def finish(con: Con, key: str, number: int) -> None:
    jobs.submit(
        con,
        key,
        backend="api",
        address="first",
        repeatable=False,
        deadline_at=NOON + DRAWS,
        now=NOON,
    )
    ends: Sequence[Callable[[], object]] = [
        lambda: jobs.cancel(con, key, Cancelled(), NOON),
        lambda: jobs.fail(con, key, BackendRejected(), NOON),
        lambda: jobs.fail(con, key, Interrupted(), NOON),
        lambda: produce(con, key, number, Verdict.SHOW),
        lambda: produce(con, key, number, Verdict.REVIEW),
    ]
    ends[number % len(ends)]()


def produce(con: Con, key: str, number: int, verdict: Verdict) -> None:
    jobs.produce(con, key, drawn(900 + number % 200, [f"{number:x}"]), NOON)
    verdicts.judge(con, key, [verdict], [Look()], NOON)


def steps(con: Con, work: Callable[[Con], object]) -> int:
    """How many instructions of SQLite's virtual machine `work` takes, in STEPS_A_CALL."""
    calls = 0

    def count() -> int:
        nonlocal calls
        calls += 1
        return 0

    con.set_progress_handler(count, STEPS_A_CALL)
    try:
        work(con)
    finally:
        con.set_progress_handler(None, 0)
    return calls


def growth(store: tuple[Con, Con], work: Callable[[Con], object]) -> float:
    few, many = (steps(con, work) for con in store)
    return many / max(few, 1)


@pytest.fixture(params=["no statistics", "statistics"])
def planned(request: pytest.FixtureRequest, store: tuple[Con, Con]) -> Iterator[tuple[Con, Con]]:
    """Without statistics, as the bot leaves its file, and with those of somebody's ANALYZE."""
    if request.param == "no statistics":
        yield store
        return
    for con in store:
        con.execute("ANALYZE")
    yield store
    for con in store:
        con.execute("DROP TABLE sqlite_stat1")
        con.execute("ANALYZE sqlite_schema")  # forgets what was loaded


def test_the_check_takes_ten_times_as_long_for_ten_times_the_jobs(
    planned: tuple[Con, Con],
) -> None:
    assert all(problems(con) == [] for con in planned)
    assert growth(planned, problems) <= LINEAR_MAX


def test_a_sweep_does_not_read_the_jobs_that_are_over(planned: tuple[Con, Con]) -> None:
    def sweep(con: Con) -> None:
        with transaction(con):
            assert len(recovery.recover(con, NOON + WAITS, NOON)) == 1

    assert growth(planned, sweep) <= CONSTANT_MAX


def test_files_that_must_be_secured_are_found_without_reading_every_case(
    planned: tuple[Con, Con],
) -> None:
    def look(con: Con) -> None:
        assert con.execute(EVIDENCE_SQL, (50,)).fetchall() == []

    assert growth(planned, look) <= CONSTANT_MAX


# One portion of what is forgotten by and by: it holds the writer no longer in a larger database.
# Everything was written at NOON, so that later all of it is too old.
YEARS_LATER = NOON + timedelta(days=3_650)
PORTION = 10
PORTIONS: dict[str, Callable[[Con], int]] = {
    "results": lambda con: forgetting.retire(con, YEARS_LATER, PORTION, YEARS_LATER),
    "nothing, as all is young": lambda con: forgetting.retire(con, NOON, PORTION, NOON) or 1,
    "moderation": lambda con: retention.sweep(con, Retention(), PORTION, YEARS_LATER),
    "no moderation, as all is young": lambda con: (
        retention.sweep(con, Retention(), PORTION, NOON) or 1
    ),
    "tokens": lambda con: community_features.forget_tokens(con, YEARS_LATER, PORTION) or 1,
    "deliveries": lambda con: installations.forget_deliveries(con, YEARS_LATER, PORTION),
    "unused files": lambda con: len(con.execute(blobs.UNUSED_SQL, ("", PORTION)).fetchall()) or 1,
}


@pytest.mark.parametrize("portion", PORTIONS)
def test_what_is_forgotten_at_once_takes_as_long_whatever_there_is(
    planned: tuple[Con, Con], portion: str
) -> None:
    def forget(con: Con) -> None:
        con.execute("BEGIN IMMEDIATE")
        try:
            assert PORTIONS[portion](con) > 0
        finally:
            con.execute("ROLLBACK")

    assert growth(planned, forget) <= CONSTANT_MAX


def test_one_erasure_reads_what_that_person_has_alone(planned: tuple[Con, Con]) -> None:
    def erase(con: Con) -> None:
        con.execute("BEGIN IMMEDIATE")
        try:
            forgetting.erase(con, "discord", "harbour", "somebody", NOON)
        finally:
            con.execute("ROLLBACK")

    assert growth(planned, erase) <= CONSTANT_MAX


def test_thousands_of_cards_that_wait_in_one_channel_cost_no_more_than_hundreds(
    planned: tuple[Con, Con],
) -> None:
    values = (to_us(NOON), 96, *as_values(Wanted(surfaces=["web"], per_lane=4)))

    def look(con: Con) -> None:
        assert len(con.execute(DUE_SQL, values).fetchall()) == 4

    assert growth(planned, look) <= CONSTANT_MAX
