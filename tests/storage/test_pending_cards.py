"""Cards without a job yet: remembered until they have one, and never too many."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.pending_card import PendingCard
from storage.sqlite_store import SqliteStore
from storage.tables.pending_cards import PENDING_CARDS_MAX
from tests.storage.builders import NOON, new_job

SECOND = timedelta(seconds=1)
CARD = PendingCard(key="k1", platform="slack", community="T1", channel="C1", at=NOON)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    found = SqliteStore.open(tmp_path / "limner.db", NOON)
    yield found
    await found.close()


async def test_what_is_announced_is_due_when_it_was_said_so(store: SqliteStore) -> None:
    await store.pending_cards.announce(CARD, NOON + SECOND)
    assert await store.pending_cards.due("slack", NOON, 10) == []
    assert await store.pending_cards.due("discord", NOON + SECOND, 10) == []
    assert await store.pending_cards.due("slack", NOON + SECOND, 10) == [CARD]


async def test_a_try_in_vain_is_counted(store: SqliteStore) -> None:
    await store.pending_cards.announce(CARD, NOON)
    await store.pending_cards.postpone("k1", NOON + SECOND)
    assert await store.pending_cards.due("slack", NOON, 10) == []
    assert await store.pending_cards.due("slack", NOON + SECOND, 10) == [replace(CARD, tries=1)]


async def test_what_is_forgotten_is_never_due(store: SqliteStore) -> None:
    await store.pending_cards.announce(CARD, NOON)
    await store.pending_cards.forget("k1")
    assert await store.pending_cards.due("slack", NOON, 10) == []


async def test_the_hold_forgets_it_in_its_own_step(store: SqliteStore) -> None:
    new = new_job("first")
    await store.pending_cards.announce(replace(CARD, key=new.key), NOON)
    await store.pending_cards.announce(CARD, NOON)
    assert await store.pending_cards.is_orphan(new.key)
    await store.jobs.reserve(new, (), NOON, open_per_person=9, open_at_all=9)
    assert not await store.pending_cards.is_orphan(new.key)
    assert await store.pending_cards.due("slack", NOON, 10) == [CARD]


async def test_of_too_many_the_oldest_go(store: SqliteStore) -> None:
    for number in range(PENDING_CARDS_MAX + 3):
        card = replace(CARD, key=f"k{number}", at=NOON + number * SECOND)
        await store.pending_cards.announce(card, NOON + number * SECOND)
    left = await store.pending_cards.due("slack", NOON + timedelta(days=1), 2 * PENDING_CARDS_MAX)
    assert [left[0].key, len(left)] == ["k3", PENDING_CARDS_MAX]
