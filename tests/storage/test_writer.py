"""The writer survives everything, and no write is ever in doubt."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Self

import pytest

from bot.errors import Broken, Conflict, NoSpace
from storage.database import writer as writing
from storage.database.database import open_for_writing
from storage.database.writer import Writer
from storage.tables import notes
from tests.storage.builders import NOON

PAGE_BYTES = 4_096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "limner.db"


@pytest.fixture
async def writer(path: Path) -> AsyncIterator[Writer]:
    found = Writer(open_for_writing(path, NOON))
    yield found
    await found.close()


class Gate:
    """Keeps the writer's thread busy until it is opened."""

    def __init__(self, writer: Writer) -> None:
        self._entered = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._open = threading.Event()
        self._writer = writer

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._writer.run(self._body))
        await self._entered.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.open()
        await self._task

    def open(self) -> None:
        self._open.set()

    def _body(self, con: sqlite3.Connection) -> None:
        self._loop.call_soon_threadsafe(self._entered.set)
        assert self._open.wait(timeout=10)


def note(con: sqlite3.Connection, name: str) -> str:
    notes.write(con, name, "written")
    return name


def big_note(con: sqlite3.Connection, pages: int) -> None:
    notes.write(con, "big", "x" * pages * PAGE_BYTES)


def written(path: Path) -> set[str]:
    """What another connection sees."""
    with closing(sqlite3.connect(path)) as con:
        return {name for (name,) in con.execute("SELECT name FROM note")}


async def waiting(writer: Writer, count: int) -> None:
    """Until so many writes stand in the queue."""
    while writer._queue.qsize() < count:  # noqa: ASYNC110  (a queue of threads has no event)
        await asyncio.sleep(0)


async def test_a_value_comes_back_when_it_is_on_disk(writer: Writer, path: Path) -> None:
    assert await writer.run(note, "one") == "one"
    assert written(path) == {"one"}


async def test_what_waits_is_committed_together(writer: Writer) -> None:
    commits = []
    async with Gate(writer) as gate:
        writer._con.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
        writes = [asyncio.create_task(writer.run(note, str(n))) for n in range(100)]
        await waiting(writer, 100)
        gate.open()
        await asyncio.gather(*writes)
    assert commits == ["COMMIT", "COMMIT"]  # the gate's own, and one for all


async def test_a_batch_is_bounded(writer: Writer) -> None:
    commits = []
    async with Gate(writer) as gate:
        writer._con.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
        writes = [asyncio.create_task(writer.run(note, str(n))) for n in range(600)]
        await waiting(writer, 600)
        gate.open()
        await asyncio.gather(*writes)
    assert len(commits) == 1 + 3  # 256, 256, 88


async def test_a_body_that_fails_takes_nothing_with_it(writer: Writer, path: Path) -> None:
    def refuse(con: sqlite3.Connection) -> None:
        note(con, "half")
        raise Conflict("no")

    async with Gate(writer) as gate:
        writes = [
            asyncio.create_task(writer.run(note, "before")),
            asyncio.create_task(writer.run(refuse)),
            asyncio.create_task(writer.run(note, "after")),
        ]
        await waiting(writer, 3)
        gate.open()
        before, refused, after = await asyncio.gather(*writes, return_exceptions=True)
    assert (before, after) == ("before", "after")
    assert isinstance(refused, Conflict)
    assert written(path) == {"before", "after"}


@pytest.mark.parametrize(
    "body",
    [
        lambda con: con.execute("INSERT INTO note (name) VALUES ('no value')"),
        lambda con: con.execute("INSERT INTO nothing VALUES (1)"),
        # Refused by Python's module, not by SQLite: such an error has no code.
        lambda con: con.execute("SELECT ?", (1, 2)),
        lambda con: con.execute("SELECT ?", (object(),)),
    ],
)
async def test_an_error_of_the_database_is_a_fault_of_ours(
    writer: Writer, body: Callable[[sqlite3.Connection], object]
) -> None:
    with pytest.raises(Broken):
        await writer.run(body)
    assert await writer.run(note, "next") == "next"


async def test_a_body_that_ends_the_transaction_fails_its_batch_alone(
    writer: Writer, path: Path
) -> None:
    def roll_back(con: sqlite3.Connection) -> None:
        con.execute("ROLLBACK")
        raise ValueError("gone")

    async with Gate(writer) as gate:
        writes = [
            asyncio.create_task(writer.run(note, "before")),
            asyncio.create_task(writer.run(roll_back)),
            asyncio.create_task(writer.run(note, "after")),
        ]
        await waiting(writer, 3)
        gate.open()
        outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Broken, Broken, Broken]
    assert await writer.run(note, "next") == "next"
    assert written(path) == {"next"}


async def test_a_full_disk_fails_a_write_and_the_next_one_works(writer: Writer, path: Path) -> None:
    used = await writer.run(lambda con: int(con.execute("PRAGMA page_count").fetchone()[0]))
    await writer.run(lambda con: con.execute(f"PRAGMA max_page_count={used + 4}").fetchall())
    with pytest.raises(NoSpace):
        await writer.run(big_note, 10)
    assert await writer.run(note, "next") == "next"
    assert written(path) == {"next"}


@pytest.mark.slow
def test_a_full_disk_at_the_commit_fails_what_was_in_it_and_the_next_one_works(
    path: Path,
) -> None:
    """In a process of its own, whose files may not grow: the kernel's limit is a full disk."""
    done = subprocess.run(  # noqa: S603  (our own)
        [sys.executable, "-m", "tests.storage.full_disk", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.splitlines() == [
        "two writes in one commit: Broken, Broken",
        "the next: written",
    ], done.stderr
    assert written(path) == {"next"}


class End(BaseException):
    """Nothing that a body should raise."""


def end(_con: sqlite3.Connection) -> None:
    raise End


def close_the_connection(con: sqlite3.Connection) -> None:
    con.close()


@pytest.mark.parametrize("fatal", [end, close_the_connection])
async def test_when_the_thread_ends_everybody_who_waits_hears_of_it(
    writer: Writer, path: Path, fatal: Callable[[sqlite3.Connection], None]
) -> None:
    async with Gate(writer) as gate:
        writes: list[asyncio.Task[Any]] = [asyncio.create_task(writer.run(note, "before"))]
        writes += [asyncio.create_task(writer.run(fatal))]
        writes += [asyncio.create_task(writer.run(note, str(n))) for n in range(300)]
        await waiting(writer, 302)
        gate.open()
        outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Broken}
    assert not writer.alive
    assert written(path) == set()
    with pytest.raises(Broken):
        await writer.run(note, "later")


async def test_a_cancelled_caller_waits_for_the_outcome(writer: Writer, path: Path) -> None:
    async with Gate(writer) as gate:
        write = asyncio.create_task(writer.run(note, "kept"))
        await waiting(writer, 1)
        for _ in range(3):
            write.cancel()
            await asyncio.sleep(0)
        assert not write.done()
        gate.open()
        with pytest.raises(asyncio.CancelledError):
            await write
    assert written(path) == {"kept"}


async def test_the_queue_is_bounded_and_who_waits_before_it_may_leave(
    writer: Writer, path: Path
) -> None:
    async with Gate(writer) as gate:
        room = writing.WAITING_MAX - 1  # the gate has a place, too
        writes = [asyncio.create_task(writer.run(note, "in")) for _ in range(room)]
        await waiting(writer, room)
        outside = asyncio.create_task(writer.run(note, "out"))
        for _ in range(3):
            await asyncio.sleep(0)
        assert writer._queue.qsize() == room
        outside.cancel()
        gate.open()
        await asyncio.gather(*writes)
        with pytest.raises(asyncio.CancelledError):
            await outside
    assert written(path) == {"in"}


async def test_closing_finishes_what_waits(writer: Writer, path: Path) -> None:
    async with Gate(writer) as gate:
        writes = [asyncio.create_task(writer.run(note, str(n))) for n in range(100)]
        await waiting(writer, 100)
        closing_it = asyncio.create_task(writer.close())
        gate.open()
        assert await asyncio.gather(*writes) == [str(n) for n in range(100)]
        await closing_it
    assert not writer.alive
    assert len(written(path)) == 100


async def test_a_write_beside_the_closing_has_an_outcome(writer: Writer, path: Path) -> None:
    async def write_until_refused(name: str) -> int:
        for count in range(10_000):
            try:
                await writer.run(note, f"{name}:{count}")
            except Broken:
                return count
        raise AssertionError

    tasks = [asyncio.create_task(write_until_refused(str(n))) for n in range(20)]
    await writer.run(note, "started")
    await writer.close()
    async with asyncio.timeout(10):
        counts = await asyncio.gather(*tasks)
    assert len(written(path)) == 1 + sum(counts)


async def test_a_caller_whose_loop_is_gone_does_not_end_the_thread_loudly(path: Path) -> None:
    def run_elsewhere() -> Writer:
        async def start() -> Writer:
            return Writer(open_for_writing(path, NOON))

        return asyncio.run(start())

    orphan = await asyncio.to_thread(run_elsewhere)
    await orphan.close()
    assert not orphan.alive
