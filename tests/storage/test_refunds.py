"""Money comes back only where nothing is seen of what it paid for, or may still be."""

import sqlite3
from collections.abc import Sequence

import pytest

from bot.domain.job import JobState, Verdict
from storage.ledger_check import faults
from storage.tables import job_rows
from storage.transactions import jobs, refunds
from tests.storage.builders import NOON, commit, drawn, submitted

SHOW, SPOILER, REVIEW, BLOCK = Verdict.SHOW, Verdict.SPOILER, Verdict.REVIEW, Verdict.BLOCK


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ([BLOCK, BLOCK], JobState.REFUNDED),
        ([BLOCK, SHOW], JobState.PRODUCED),
        ([SPOILER, BLOCK], JobState.PRODUCED),
        ([BLOCK, REVIEW], JobState.PRODUCED),
    ],
)
def test_a_job_is_given_back_once_nothing_of_it_is_seen(
    con: sqlite3.Connection, verdicts: Sequence[Verdict], state: JobState
) -> None:
    key = submitted(con).key
    commit(con, jobs.produce, key, drawn(files=["f1", "f2"]), NOON)
    commit(con, jobs.judge, key, verdicts, NOON)
    for _ in range(2):
        commit(con, refunds.give_back, key, "a moderator", NOON)
        assert job_rows.load(con, key).state is state
    assert faults(con) == []
