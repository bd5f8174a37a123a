"""Cards without a job yet: remembered until they have one, and never too many."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.pending_card import Opening
from storage.sqlite_store import SqliteBooks
from storage.tables.pending_cards import OPENINGS_MAX
from tests.storage.builders import NOON, wish

SECOND = timedelta(seconds=1)
CARD = Opening(key="k1", platform="slack", community="T1", channel="C1", at=NOON)


@pytest.fixture
async def books(tmp_path: Path) -> AsyncIterator[SqliteBooks]:
    found = SqliteBooks.open(tmp_path / "limner.db", NOON)
    yield found
    await found.close()


async def test_what_is_announced_is_due_when_it_was_said_so(books: SqliteBooks) -> None:
    await books.openings.announce(CARD, NOON + SECOND)
    assert await books.openings.due("slack", NOON, 10) == []
    assert await books.openings.due("discord", NOON + SECOND, 10) == []
    assert await books.openings.due("slack", NOON + SECOND, 10) == [CARD]


async def test_a_try_in_vain_is_counted(books: SqliteBooks) -> None:
    await books.openings.announce(CARD, NOON)
    await books.openings.postpone("k1", NOON + SECOND)
    assert await books.openings.due("slack", NOON, 10) == []
    assert await books.openings.due("slack", NOON + SECOND, 10) == [replace(CARD, tries=1)]


async def test_what_is_forgotten_is_never_due(books: SqliteBooks) -> None:
    await books.openings.announce(CARD, NOON)
    await books.openings.forget("k1")
    assert await books.openings.due("slack", NOON, 10) == []


async def test_the_hold_forgets_it_in_its_own_step(books: SqliteBooks) -> None:
    new = wish("first")
    await books.openings.announce(replace(CARD, key=new.key), NOON)
    await books.openings.announce(CARD, NOON)
    assert await books.openings.is_orphan(new.key)
    await books.jobs.reserve(new, (), NOON, open_per_person=9, open_at_all=9)
    assert not await books.openings.is_orphan(new.key)
    assert await books.openings.due("slack", NOON, 10) == [CARD]


async def test_of_too_many_the_oldest_go(books: SqliteBooks) -> None:
    for number in range(OPENINGS_MAX + 3):
        card = replace(CARD, key=f"k{number}", at=NOON + number * SECOND)
        await books.openings.announce(card, NOON + number * SECOND)
    left = await books.openings.due("slack", NOON + timedelta(days=1), 2 * OPENINGS_MAX)
    assert [left[0].key, len(left)] == ["k3", OPENINGS_MAX]
