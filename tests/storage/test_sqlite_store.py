"""The store as the bot uses it: the real file, the one writer, readers beside it."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.community_settings import CommunitySettings
from bot.domain.job import JobState, Verdict
from bot.errors import Blocked, Cancelled, NotFound, Paused, QuotaExceeded
from bot.store import Wanted
from storage.integrity import problems
from storage.sqlite_store import SqliteStore, open_for_reading
from tests.storage.builders import (
    DRAWS,
    NOON,
    PLENTY,
    asker,
    check_standing,
    drawn,
    file,
    gates_of,
    new_job,
)
from tests.storage.test_writer import Gate

MINUTE = timedelta(minutes=1)
ANN, BOB = asker("ann"), asker("bob")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    # A folder may be called anything.
    folder = tmp_path / "what? 100%41 #1"
    folder.mkdir()
    return folder / "limner.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    found = SqliteStore.open(path, NOON)
    yield found
    await found.close()
    with open_for_reading(path) as con:
        assert problems(con) == []
    con.close()


async def submit(store: SqliteStore, key: str) -> None:
    await store.jobs.submit(
        key, backend="api", address="", repeatable=False, deadline_at=NOON + DRAWS, now=NOON
    )


# Budgets.


@pytest.mark.parametrize("seed", range(5))
async def test_fifty_people_race_for_a_budget_that_fits_ten(store: SqliteStore, seed: int) -> None:
    chance = random.Random(seed)

    async def race(number: int) -> bool:
        new = new_job(str(number), who=asker(f"person {number}"), quote=1_000)
        for _ in range(chance.randrange(5)):
            await asyncio.sleep(0)
        try:
            gates = gates_of(new.asker, community_day=10_999)
            await store.jobs.reserve(new, gates, NOON, **PLENTY)
        except QuotaExceeded:
            return False
        await submit(store, new.key)
        await store.jobs.produce(new.key, drawn(cost=1_000), NOON)
        return True

    async with asyncio.timeout(20):
        drew = await asyncio.gather(*map(race, range(50)))
    assert sum(drew) == 10


async def test_balances_are_what_is_granted_held_and_posted_on_each_budget(
    store: SqliteStore,
) -> None:
    limits = {"person_day": 5_000, "community_day": 9_000}
    gates = gates_of(ANN, **limits)
    before = await store.jobs.balances(gates, NOON)
    assert [balance.left_micros for balance in before] == [5_000, None, 9_000, None, None]

    await store.jobs.reserve(new_job("1", quote=1_000), gates, NOON, **PLENTY)
    await submit(store, new_job("1").key)
    await store.jobs.produce(new_job("1").key, drawn(cost=900), NOON)
    await store.jobs.reserve(new_job("2", quote=700), gates, NOON, **PLENTY)
    await store.people.grant(gates[0], 300, "grant:1", "an admin", NOON)
    after = await store.jobs.balances(gates, NOON)
    found = [(b.limit_micros, b.granted_micros, b.held_micros, b.posted_micros) for b in after]
    assert found == [
        (5_300, 300, 700, 900),
        (None, 0, 700, 900),
        (9_000, 0, 700, 900),
        (None, 0, 700, 900),
        (None, 0, 700, 900),
    ]
    assert [balance.left_micros for balance in after] == [3_700, None, 7_400, None, None]
    assert {b.closes_at and b.closes_at.isoformat() for b in after} == {
        "2026-11-23T00:00:00+00:00",
        "2026-12-01T00:00:00+00:00",
    }

    # A member who did nothing has their own; tomorrow everybody has.
    other = await store.jobs.balances(gates_of(BOB, **limits), NOON)
    assert [balance.left_micros for balance in other] == [5_000, None, 7_400, None, None]
    tomorrow = await store.jobs.balances(gates, NOON + timedelta(days=1))
    assert [balance.left_micros for balance in tomorrow] == [5_000, None, 9_000, None, None]


async def test_a_limit_below_what_is_used_leaves_nothing_not_less(store: SqliteStore) -> None:
    await store.jobs.reserve(new_job(quote=1_000), gates_of(ANN), NOON, **PLENTY)
    (day, *_) = await store.jobs.balances(gates_of(ANN, person_day=400), NOON)
    assert day.left_micros == 0


# Jobs.


async def test_a_job_is_read_as_it_was_written(store: SqliteStore) -> None:
    new = new_job(image=file("f3"))
    reserved = await store.jobs.reserve(new, gates_of(ANN), NOON, **PLENTY)
    assert await store.jobs.job(new.key) == reserved
    await submit(store, new.key)
    produced = await store.jobs.produce(new.key, drawn(files=["f1", "f2"]), NOON)
    assert await store.jobs.job(new.key) == produced
    assert await store.jobs.job_by_public_id(produced.public_id) == produced
    assert await store.jobs.public_id(new.key) == produced.public_id
    judged = await store.jobs.judge(new.key, [Verdict.SHOW, Verdict.SPOILER], NOON)
    assert await store.jobs.job(new.key) == judged
    assert [picture.sha256.rstrip("0") for picture in judged.pictures] == ["f1", "f2"]
    assert judged.image == file("f3")


async def test_what_is_not_there_is_not_found(store: SqliteStore) -> None:
    with pytest.raises(NotFound):
        await store.jobs.job("nosuchjob")
    with pytest.raises(NotFound):
        await store.jobs.job_by_public_id("nosuchid")
    assert await store.jobs.public_id("nosuchjob") is None


async def test_a_history_is_read_page_by_page_and_is_ones_own(store: SqliteStore) -> None:
    for number in range(5):
        at = NOON + number * MINUTE
        await store.jobs.reserve(new_job(str(number)), gates_of(ANN), at, **PLENTY)
    elsewhere = asker("ann", "garden")
    for who in (BOB, elsewhere):
        await store.jobs.reserve(new_job("x", who=who), gates_of(who), NOON, **PLENTY)
    keys = [new_job(str(number)).key for number in range(5)]

    first = await store.jobs.jobs_of(ANN, None, 3)
    assert [job.key for job in first] == [keys[4], keys[3], keys[2]]
    rest = await store.jobs.jobs_of(ANN, first[-1].created_at, 3)
    assert [job.key for job in rest] == [keys[1], keys[0]]
    await store.jobs.cancel(keys[3], Cancelled(), NOON)
    assert [job.key for job in await store.jobs.open_jobs_of(ANN)] == [
        *(keys[4], keys[2], keys[1], keys[0]),
    ]
    assert [job.asker.community for job in await store.jobs.jobs_of(elsewhere, None, 9)] == [
        "garden"
    ]


async def test_due_cards_come_in_their_order_with_what_is_to_be_done(store: SqliteStore) -> None:
    for number in range(3):
        at = NOON + number * MINUTE
        new = replace(new_job(str(number)), cards=(("web", {"page": number}),))
        await store.jobs.reserve(new, gates_of(ANN), at, **PLENTY)
    due = await store.cards.due(NOON + MINUTE, 10)
    assert [(card.surface, card.address, card.withdraw) for card in due] == [
        ("web", {"page": 0}, False),
        ("web", {"page": 1}, False),
    ]
    await store.cards.checkpoint(due[0].id, {"page": 0, "message": 5})
    await store.cards.shown(due[1].id, 1)
    (again,) = await store.cards.due(NOON + MINUTE, 10)
    assert again.address == {"page": 0, "message": 5}
    await store.cards.failed(again.id, "Timeout", NOON + 2 * MINUTE)
    assert await store.cards.due(NOON + MINUTE, 10) == []
    assert [card.attempts for card in await store.cards.due(NOON + 2 * MINUTE, 10)] == [1, 0]


async def test_the_oldest_of_each_channel_come_before_the_next_ones(store: SqliteStore) -> None:
    places = [("discord", 7)] * 30 + [("discord", 8), ("slack", "C1"), ("slack", "C1")]
    for number, (surface, channel) in enumerate(places):
        new = replace(new_job(str(number)), cards=((surface, {"channel": channel}),))
        at = NOON + number * timedelta(seconds=1)
        await store.jobs.reserve(new, gates_of(ANN), at, **PLENTY)

    async def due(limit: int, **wanted: Any) -> list[int]:
        found = await store.cards.due(NOON + MINUTE, limit, Wanted(**wanted))
        return [card.id - 1 for card in found]

    assert await due(3) == [0, 30, 31, 1, 32]
    assert await due(3, per_lane=1) == [0, 30, 31]
    assert await due(3, per_lane=1, slow=["discord 7"]) == [30, 31, 0]
    assert await due(3, full=["discord 7"]) == [30, 31, 32]
    assert await due(2, surfaces=["slack"], busy=[32]) == [32]
    assert await due(3, surfaces=[]) == []


async def test_addresses_are_those_of_messages_that_may_stand(store: SqliteStore) -> None:
    keys = []
    for number in range(3):
        both = (("web", {"page": number}), ("webhook", {"url": "x"}))
        new = replace(new_job(str(number)), cards=both)
        await store.jobs.reserve(new, gates_of(ANN), NOON, **PLENTY)
        keys.append(new.key)
    due = await store.cards.due(NOON, 10)
    await store.cards.failed(due[0].id, "gone", None)
    found = await store.cards.addresses("web", [*keys[:2], "unknown"])
    assert found == {keys[1]: {"page": 1}}
    assert await store.cards.addresses("web", []) == {}


# People.


async def test_who_may_draw_is_known_without_a_write(store: SqliteStore) -> None:
    await check_standing(store, ANN, NOON)
    await store.people.block(ANN, reason="spam", until=NOON + MINUTE, actor="mod", now=NOON)
    with pytest.raises(Blocked) as refused:
        await check_standing(store, ANN, NOON)
    assert refused.value.until == NOON + MINUTE
    await check_standing(store, BOB, NOON)
    await check_standing(store, asker("ann", "garden"), NOON)
    await check_standing(store, ANN, NOON + MINUTE)


async def test_a_pause_is_everywhere_or_in_one_community(store: SqliteStore) -> None:
    paused = CommunitySettings(paused=True)
    await store.people.change_community("discord", "harbour", lambda _: paused, "an admin", NOON)
    with pytest.raises(Paused) as refused:
        await check_standing(store, ANN, NOON)
    assert not refused.value.everywhere
    await check_standing(store, asker("ann", "garden"), NOON)
    await store.people.pause(paused=True, actor="the owner", now=NOON)
    with pytest.raises(Paused) as refused:
        await check_standing(store, asker("ann", "garden"), NOON)
    assert refused.value.everywhere


async def test_settings_and_defaults_are_kept(store: SqliteStore) -> None:
    assert await store.people.community("discord", "harbour") == CommunitySettings()
    settings = CommunitySettings(set_up=True, day_micros=500_000, channels=("art",))
    await store.people.change_community("discord", "harbour", lambda _: settings, "an admin", NOON)
    assert await store.people.community("discord", "harbour") == settings
    assert await store.people.community("slack", "harbour") == CommunitySettings()

    assert await store.people.defaults(ANN) == {}
    await store.people.set_defaults(ANN, {"width": 512})
    await store.people.set_defaults(ANN, {"width": 768})
    assert await store.people.defaults(ANN) == {"width": 768}
    assert await store.people.defaults(BOB) == {}


async def test_notes_and_files_are_kept(store: SqliteStore) -> None:
    assert await store.owner.note("paused") is None
    await store.owner.write_note("accepted", ["one", "two"])
    assert await store.owner.note("accepted") == ["one", "two"]

    await store.owner.keep_file(file("f1"), NOON)
    known, strange = file("f1").sha256, file("f2").sha256
    assert await store.owner.unknown_among([known, strange, strange]) == [strange]
    assert await store.owner.unused_among([known, strange]) == []
    assert await store.owner.unused_files("", 10) == []


async def test_a_file_that_nobody_uses_is_offered_for_removal(store: SqliteStore) -> None:
    await store.jobs.reserve(new_job(), gates_of(ANN), NOON, **PLENTY)
    await submit(store, new_job().key)
    await store.jobs.produce(new_job().key, drawn(files=["f1", "f2"]), NOON)
    await store.jobs.remove_pictures(new_job().key, [1], NOON)
    used, unused = file("f1").sha256, file("f2").sha256
    assert await store.owner.unused_files("", 10) == [unused]
    assert await store.owner.unused_files(unused, 10) == []
    assert await store.owner.unused_among([used, unused]) == [unused]
    await store.owner.forget_files([used, unused])
    assert await store.owner.unknown_among([used, unused]) == [unused]


# Reading beside the writer.


async def test_a_read_does_not_wait_for_a_write(store: SqliteStore) -> None:
    await store.jobs.reserve(new_job(), gates_of(ANN), NOON, **PLENTY)
    async with Gate(store._writer):
        async with asyncio.timeout(20):
            job = await store.jobs.job(new_job().key)
        assert job.state is JobState.RESERVED
