"""A process that carries jobs through their life as fast as it can, until it is killed."""

import asyncio
import random
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from bot.errors import Broken, Cancelled, Interrupted, QuotaExceeded
from storage.sqlite_store import SqliteStore
from tests.storage.builders import DRAWS, NOON, PLENTY, asker, drawn, gates_of, new_job

TASKS = 5
BUDGET = 40_000


def live(path: Path, life: int, reports: Connection) -> None:
    """Reports "begun", then the key of every job that it saw produced."""
    asyncio.run(_live(path, life, reports))


async def _live(path: Path, life: int, reports: Connection) -> None:
    store = SqliteStore.open(path, NOON)
    reports.send("begun")
    async with asyncio.TaskGroup() as group:
        for number in range(TASKS):
            group.create_task(_work(store, f"{life}:{number}", reports))


async def _work(store: SqliteStore, name: str, reports: Connection) -> None:
    chance = random.Random(name)
    count = 0
    while True:
        count += 1
        new = new_job(f"{name}:{count}", who=asker(f"person {chance.randrange(4)}"))
        with suppress(QuotaExceeded):
            await store.jobs.reserve(new, gates_of(new.asker, person_day=BUDGET), NOON, **PLENTY)
            if await _end(store, new.key, chance):
                reports.send(new.key)


async def _end(store: SqliteStore, key: str, chance: random.Random) -> bool:
    """One of the ways that a job ends; whether it was produced."""
    if chance.random() < 0.2:
        await store.jobs.cancel(key, Cancelled(), NOON)
        return False
    await store.jobs.submit(
        key,
        backend="api",
        address="first",
        repeatable=chance.random() < 0.5,
        deadline_at=NOON + DRAWS,
        now=NOON,
    )
    way = chance.random()
    if way < 0.1:
        await store.jobs.fail(key, Interrupted(), NOON)
    elif way < 0.2:
        await store.jobs.report_cost(key, 300, NOON)
        await store.jobs.fail(key, Broken(), NOON)
    else:
        await store.jobs.produce(key, drawn(chance.randrange(1_500)), NOON)
        if way < 0.4:
            await store.jobs.refund(key, "a moderator", NOON)
        return True
    return False
