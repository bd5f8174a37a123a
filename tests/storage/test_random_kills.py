"""kill -9 at any moment: the file opens, the books add up, what was said to be done is done."""

import multiprocessing
import random
import sqlite3
import time
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from bot.domain.job import JobState
from storage.database.database import Lock, open_for_writing
from storage.integrity import problems
from storage.transactions import recovery
from tests.storage import crash_loop
from tests.storage.builders import NOON, WAITS, commit, dump

KILLS = 200
KILLS_PER_FILE = 20
# A life does a little, however slow the machine is, and dies some time after.
JOBS_MAX = 3
AFTER_MAX_S = 0.03
PATIENCE_S = 1.0  # it may be that no budget has anything left
PRODUCED = (JobState.PRODUCED, JobState.REFUNDED)


@pytest.mark.slow
def test_two_hundred_kills_leave_nothing_in_doubt(tmp_path: Path) -> None:
    # A server that forks: the child begins warm, and without this process's threads.
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.storage.crash_loop"])
    chance = random.Random(200)
    seen = 0
    for life in range(KILLS):
        path = tmp_path / f"{life // KILLS_PER_FILE}.db"
        ours, theirs = processes.Pipe(duplex=False)
        process = processes.Process(target=crash_loop.live, args=(path, life, theirs))
        process.start()
        theirs.close()
        with closing(ours):
            assert ours.recv() == "begun"
            done = first(ours, chance.randint(0, JOBS_MAX))
            time.sleep(chance.uniform(0, AFTER_MAX_S))  # the moment is what is tested
            process.kill()
            process.join()
            done += received(ours)
        process.close()
        seen += len(done)
        with closing(open_after_kill(path)) as con:
            check_books(con, done)
    assert seen > KILLS


def first(reports: Connection, count: int) -> list[str]:
    found: list[str] = []
    while len(found) < count and reports.poll(PATIENCE_S):
        found.append(str(reports.recv()))
    return found


def received(reports: Connection) -> list[str]:
    found = []
    while True:
        try:
            found.append(str(reports.recv()))
        except EOFError:
            return found


def open_after_kill(path: Path) -> sqlite3.Connection:
    lock = Lock(path)
    lock.take()  # the kernel gave it back
    lock.release()
    return open_for_writing(path, NOON)


def check_books(con: sqlite3.Connection, done: list[str]) -> None:
    assert problems(con) == []
    states = dict(con.execute("SELECT key, state FROM job").fetchall())
    assert {states[key] for key in done} <= set(PRODUCED)
    found = commit(con, recovery.recover, NOON + WAITS, NOON)
    going = [job for job in found if job.is_unfinished]
    once = dump(con)
    assert commit(con, recovery.recover, NOON + WAITS, NOON) == going
    assert dump(con) == once
    assert problems(con) == []
