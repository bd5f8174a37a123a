"""The floor of `life.py`: httpx, sqlite3 and files alone, with the same durable writes a job.

A job is held and queued, sent, its cost noted, its file and rows kept, judged and shown: six
transactions, as the bot has them, and one file with its folder.
"""

import asyncio
import base64
import hashlib
import json
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx

PATH = "/v1/inference/stabilityai/sdxl-turbo"
LEVELS = 5
SCHEMA = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE job (key TEXT PRIMARY KEY, state TEXT, request TEXT, bill INTEGER);
CREATE TABLE account (id INTEGER PRIMARY KEY, held INTEGER, posted INTEGER);
CREATE TABLE entry (id INTEGER PRIMARY KEY, job TEXT, account INTEGER, kind TEXT, amount INTEGER);
CREATE TABLE picture (job TEXT PRIMARY KEY, sha256 TEXT, verdict TEXT);
CREATE TABLE card (job TEXT PRIMARY KEY, address TEXT, shown INTEGER);
"""


def floor_cpu_ms(url: str, key: str, folder: Path, places: int, jobs: int) -> float:
    """Milliseconds of processor time a job."""
    folder.mkdir()
    began_s = time.process_time()
    asyncio.run(_all(url, key, folder, places, jobs))
    return (time.process_time() - began_s) / jobs * 1_000


async def _all(url: str, key: str, folder: Path, places: int, jobs: int) -> None:
    waiting = iter(range(jobs))
    headers = {"Authorization": f"Bearer {key}"}
    with closing(sqlite3.connect(folder / "floor.db", isolation_level=None)) as con:
        con.executescript(SCHEMA)
        levels = [(number,) for number in range(LEVELS)]
        con.executemany("INSERT INTO account VALUES (?, 0, 0)", levels)
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as client:

            async def work() -> None:
                for number in waiting:
                    await _one(client, con, folder, number)

            await asyncio.gather(*(work() for _ in range(places)))


async def _one(client: httpx.AsyncClient, con: sqlite3.Connection, folder: Path, n: int) -> None:
    body = {"prompt": "a lighthouse", "width": 128, "height": 128, "seed": n}
    job = f"job {n}"
    with con:
        con.execute("BEGIN IMMEDIATE")
        con.execute("INSERT INTO job VALUES (?, 'reserved', ?, NULL)", (job, json.dumps(body)))
        _book(con, job, "hold", held=1, posted=0)
        con.execute("INSERT INTO card VALUES (?, '{}', 0)", (job,))
    con.execute("UPDATE job SET state = 'submitted' WHERE key = ?", (job,))
    answer = await client.post(PATH, json=body)
    answer.raise_for_status()
    document = json.loads(answer.content)
    con.execute("UPDATE job SET bill = 1 WHERE key = ?", (job,))
    data = base64.b64decode(document["images"][0].partition(",")[2])
    sha256 = _keep(folder, data)
    with con:
        con.execute("BEGIN IMMEDIATE")
        con.execute("UPDATE job SET state = 'produced' WHERE key = ?", (job,))
        con.execute("INSERT INTO picture VALUES (?, ?, NULL)", (job, sha256))
        _book(con, job, "post", held=-1, posted=1)
    con.execute("UPDATE picture SET verdict = 'show' WHERE job = ?", (job,))
    con.execute("UPDATE card SET address = '{\"message\":1}', shown = 1 WHERE job = ?", (job,))


def _book(con: sqlite3.Connection, job: str, kind: str, *, held: int, posted: int) -> None:
    for account in range(LEVELS):
        con.execute(
            "INSERT INTO entry (job, account, kind, amount) VALUES (?, ?, ?, 1)",
            (job, account, kind),
        )
        con.execute(
            "UPDATE account SET held = held + ?, posted = posted + ? WHERE id = ?",
            (held, posted, account),
        )


def _keep(folder: Path, data: bytes) -> str:
    """Write a file durably under the hash of its content."""
    sha256 = hashlib.sha256(data).hexdigest()
    final = folder / sha256[:2] / sha256[2:]
    final.parent.mkdir(exist_ok=True)
    part = final.with_suffix(".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(final)
    fd = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
    return sha256
