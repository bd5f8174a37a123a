"""Reading beside the writer: a crowd waits in line, and nobody's line counts as a read."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.errors import Broken, Busy, NotFound
from storage.database.database import open_for_writing
from storage.database.reader import CONNECTIONS, Reader
from storage.database.writer import Writer
from storage.tables import notes
from tests.storage.builders import NOON

ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Writer]:
    found = Writer(open_for_writing(tmp_path / "limner.db", NOON))
    yield found
    await found.close()


@pytest.fixture
async def reader(tmp_path: Path, writer: Writer) -> AsyncIterator[Reader]:
    assert writer.alive
    found = Reader(tmp_path / "limner.db", waiting_max=3, wait_max_s=20, timeout_s=0.4)
    yield found
    await found.close()


class Held:
    """A read that lasts until it is let go."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.begun = asyncio.Event()
        self.go_on = threading.Event()

    def body(self, con: sqlite3.Connection) -> int:
        self._loop.call_soon_threadsafe(self.begun.set)
        assert self.go_on.wait(timeout=20)
        return int(con.execute("SELECT 1").fetchone()[0])


@contextmanager
def all_threads_held(reader: Reader) -> Iterator[list[Held]]:
    reads = [Held() for _ in range(CONNECTIONS)]
    tasks = [asyncio.create_task(reader.run(held.body)) for held in reads]
    try:
        yield reads
    finally:
        for held, task in zip(reads, tasks, strict=True):
            held.go_on.set()
            task.cancel()


def takes_50_ms(con: sqlite3.Connection) -> int:
    ends_s, read = time.monotonic() + 0.05, 0
    while time.monotonic() < ends_s:
        (read,) = con.execute("SELECT 1").fetchone()
    return read


async def test_waiting_in_line_is_no_part_of_a_read(tmp_path: Path, writer: Writer) -> None:
    """60 reads of 50 ms on two threads: the last one waits for four times its own time-out."""
    assert writer.alive
    reader = Reader(tmp_path / "limner.db", timeout_s=0.4)
    try:
        assert await asyncio.gather(*(reader.run(takes_50_ms) for _ in range(60))) == [1] * 60
    finally:
        await reader.close()


async def test_a_read_that_takes_too_long_is_ended_and_the_next_one_works(reader: Reader) -> None:
    for _ in range(CONNECTIONS + 1):
        with pytest.raises(Broken):
            await reader.rows(ENDLESS)
    assert await reader.row("SELECT 1") == (1,)


async def test_beyond_the_line_a_read_is_refused_as_busy(reader: Reader) -> None:
    with all_threads_held(reader) as held:
        for each in held:
            await each.begun.wait()
        waiting = [asyncio.create_task(reader.row("SELECT 1")) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await reader.row("SELECT 1")
    assert await asyncio.gather(*waiting) == [(1,)] * 3
    assert await reader.row("SELECT 1") == (1,)


async def test_whoever_stands_in_line_for_too_long_is_refused_as_busy(
    tmp_path: Path, writer: Writer
) -> None:
    assert writer.alive
    reader = Reader(tmp_path / "limner.db", wait_max_s=0.05, timeout_s=0.05)
    try:
        with all_threads_held(reader) as held:
            for each in held:
                await each.begun.wait()
            with pytest.raises(Busy):
                await reader.row("SELECT 1")
    finally:
        await reader.close()


async def test_a_body_reads_one_moment(reader: Reader, writer: Writer) -> None:
    await writer.run(notes.write, "tide", "low")
    held = Held()

    def twice(con: sqlite3.Connection) -> tuple[str, str]:
        before = notes.read(con, "tide")
        held.body(con)
        return before, notes.read(con, "tide")

    reading = asyncio.create_task(reader.run(twice))
    await held.begun.wait()
    await writer.run(notes.write, "tide", "high")
    held.go_on.set()
    assert await reading == ("low", "low")
    assert await reader.run(notes.read, "tide") == "high"


async def test_what_a_body_raises_reaches_its_caller_alone(reader: Reader) -> None:
    def in_vain(_: sqlite3.Connection) -> None:
        raise NotFound("job")

    outcomes = await asyncio.gather(
        reader.run(in_vain), reader.row("SELECT 1"), return_exceptions=True
    )
    assert isinstance(outcomes[0], NotFound)
    assert outcomes[1] == (1,)


async def test_a_read_that_fails_is_a_fault_of_ours_and_the_next_one_works(reader: Reader) -> None:
    for _ in range(3):
        with pytest.raises(Broken):
            await reader.rows("SELECT nothing FROM nowhere")
    assert await reader.row("SELECT 1") == (1,)


async def test_a_read_that_nobody_waits_for_is_ended(tmp_path: Path, writer: Writer) -> None:
    assert writer.alive
    reader = Reader(tmp_path / "limner.db", timeout_s=600)
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def endless(con: sqlite3.Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        con.execute(ENDLESS)

    for _ in range(CONNECTIONS):
        reading = asyncio.create_task(reader.run(endless))
        await begun.wait()
        begun.clear()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    async with asyncio.timeout(20):  # no thread is left that reads for ever
        assert await reader.row("SELECT 1") == (1,)
        await reader.close()


async def test_closing_waits_for_a_read_that_nobody_waits_for(reader: Reader) -> None:
    """Else its thread would speak to an event loop that is closed."""
    others, held = set(threading.enumerate()), Held()
    read = asyncio.create_task(reader.run(held.body))
    await held.begun.wait()
    reading = {
        each for each in set(threading.enumerate()) - others if "_connection_worker" in each.name
    }
    read.cancel()
    with pytest.raises(asyncio.CancelledError):
        await read
    closing = asyncio.create_task(reader.close())
    for _ in range(10):
        await asyncio.sleep(0)
    closed_early = closing.done()
    held.go_on.set()
    await closing
    assert not closed_early
    assert len(reading) == 1
    assert not any(thread.is_alive() for thread in reading)


async def test_after_closing_nothing_is_read(reader: Reader) -> None:
    assert await reader.row("SELECT 1") == (1,)
    await reader.close()
    with pytest.raises(Broken):
        await reader.row("SELECT 1")


async def test_nobody_writes_through_a_reader(reader: Reader) -> None:
    with pytest.raises(Broken):
        await reader.rows("DELETE FROM job")
