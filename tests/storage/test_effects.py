"""What decisions do to pictures, on real rows."""

import sqlite3
from datetime import timedelta

import pytest

from bot.domain.asker import Asker
from bot.domain.case import GRACE, Decision
from bot.domain.job import Verdict
from bot.domain.moderation_policy import Look
from bot.errors import BadRequest
from storage.tables import job_rows
from storage.transactions import cases, effects, jobs, verdicts
from tests.storage.builders import (
    NOON,
    asker,
    commit,
    drawn,
    file,
    new_job,
    reserved,
    submitted,
)

LATER = NOON + GRACE + timedelta(seconds=1)


def decided(con: sqlite3.Connection, decision: Decision, who: Asker) -> None:
    (case,) = con.execute("SELECT public_id FROM review_case").fetchone()
    commit(con, cases.decide, case, decision, "", who, NOON)
    commit(con, effects.apply_due, LATER, 10)


def test_an_approval_forgets_what_a_removal_recognises(con: sqlite3.Connection) -> None:
    key = submitted(con).key
    commit(con, jobs.produce, key, drawn(), NOON)
    commit(con, verdicts.judge, key, [Verdict.REVIEW], [Look(pdq=b"p" * 256)], NOON)
    decided(con, Decision.REMOVE, asker("mia"))
    count = "SELECT count(*) FROM blocked_hash"
    assert con.execute(count).fetchone() == (1,)
    commit(con, cases.second_look, asker(), key, NOON)
    decided(con, Decision.APPROVE, asker("max"))
    assert con.execute(count).fetchone() == (0,)


def test_nothing_is_begun_from_what_was_removed(con: sqlite3.Connection) -> None:
    key = submitted(con).key
    commit(con, jobs.produce, key, drawn(files=["f1"]), NOON)
    commit(con, verdicts.judge, key, [Verdict.REVIEW], [Look()], NOON)
    start = file("f1")
    reserved(con, new_job("before", image=start))
    decided(con, Decision.REMOVE, asker("mia"))
    with pytest.raises(BadRequest):
        reserved(con, new_job("after", image=start))


@pytest.mark.parametrize("decision", [Decision.APPROVE, Decision.BLUR])
def test_an_approval_brings_back_nothing_that_was_deleted(
    con: sqlite3.Connection, decision: Decision
) -> None:
    key = submitted(con).key
    commit(con, jobs.produce, key, drawn(files=["f1", "f2"]), NOON)
    commit(con, verdicts.judge, key, [Verdict.REVIEW] * 2, [Look()] * 2, NOON)
    decided(con, Decision.REMOVE, asker("mia"))
    commit(con, jobs.remove_pictures, key, [0], NOON)
    commit(con, cases.second_look, asker(), key, NOON)
    decided(con, decision, asker("max"))
    shown = "show" if decision is Decision.APPROVE else "spoiler"
    found = [picture.verdict for picture in job_rows.load(con, key).pictures]
    assert found == ["removed", shown]
