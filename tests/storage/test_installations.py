"""Where the bot was let in: tokens as they were sealed, tickets once, deliveries once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.installation import Installation
from storage.sqlite_store import SqliteStore
from storage.tables.installations import TICKETS_MAX
from tests.storage.builders import NOON

MINUTE = timedelta(minutes=1)
STUDIO = Installation(
    platform="slack",
    community="T1",
    name="Studio",
    sealed_token=b"\x00sealed",
    bot_user="U1",
    bot="B1",
    scopes=("chat:write", "commands"),
    at=NOON,
    sealed_refresh=b"\x01sealed",
    expires_at=NOON + timedelta(hours=12),
    enterprise="E1",
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    found = SqliteStore.open(tmp_path / "limner.db", NOON)
    yield found
    await found.close()


async def test_an_installation_is_what_was_saved_last(store: SqliteStore) -> None:
    await store.installations.save(replace(STUDIO, sealed_token=b"old"))
    await store.installations.save(STUDIO)
    await store.installations.save(replace(STUDIO, community="T2", at=NOON + MINUTE))
    assert await store.installations.installation("slack", "T1") == STUDIO
    assert [i.community for i in await store.installations.installed("slack")] == ["T1", "T2"]


async def test_one_that_is_forgotten_leaves_nothing(store: SqliteStore) -> None:
    await store.installations.save(STUDIO)
    token = STUDIO.sealed_token
    assert not await store.installations.forget("slack", "T1", b"an older token", NOON)
    assert await store.installations.forget("slack", "T1", token, NOON)
    assert not await store.installations.forget("slack", "T1", token, NOON)
    assert await store.installations.installation("slack", "T1") is None


async def test_a_ticket_is_good_once_and_until_it_expires(store: SqliteStore) -> None:
    tickets = store.installations
    await tickets.issue_ticket("a", NOON + MINUTE, NOON)
    await tickets.issue_ticket("b", NOON + MINUTE, NOON)
    used = [await tickets.use_ticket("a", NOON) for _ in range(2)]
    late = await tickets.use_ticket("b", NOON + MINUTE)
    never = await tickets.use_ticket("c", NOON)
    assert (used, late, never) == ([True, False], False, False)


async def test_there_are_only_so_many_tickets(store: SqliteStore) -> None:
    await asyncio.gather(
        *(
            store.installations.issue_ticket(f"{n}", NOON + timedelta(seconds=600 + n), NOON)
            for n in range(TICKETS_MAX + 1)
        )
    )
    assert not await store.installations.use_ticket("0", NOON)
    assert await store.installations.use_ticket(f"{TICKETS_MAX}", NOON)


async def test_a_delivery_counts_once_until_it_is_forgotten(store: SqliteStore) -> None:
    taken = [await store.installations.take_delivery("Ev1", NOON) for _ in range(5)]
    assert taken == [True, False, False, False, False]
    assert await store.installations.forget_deliveries(NOON + MINUTE, 9) == 1
    assert await store.installations.take_delivery("Ev1", NOON)
