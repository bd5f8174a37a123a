"""Who people are: asked of Slack, remembered for a moment, never guessed."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.platform.members import PEOPLE_MAX, Members, _Memory
from tests.adapters.slack.fake.server import FakeSlack, answers, waits
from tests.support.clock import FakeClock


@pytest.fixture
async def client() -> AsyncIterator[tuple[FakeSlack, AsyncWebClient]]:
    with FakeSlack() as fake:
        async with aiohttp.ClientSession() as session:
            yield fake, AsyncWebClient(fake.token, base_url=fake.api_url + "/", session=session)


Given = tuple[FakeSlack, AsyncWebClient]


async def test_a_person_is_asked_for_once_in_half_a_minute(client: Given) -> None:
    fake, web = client
    clock = FakeClock()
    people, team = Members(clock), fake.workspace.id
    assert (await people.person(web, team, fake.bob.id)).is_admin is False
    fake.bob.admin = True
    assert (await people.person(web, team, fake.bob.id)).is_admin is False
    assert (await people.person(web, team, fake.bob.id, fresh=True)).is_admin is True
    fake.bob.admin = False
    clock.advance(timedelta(seconds=31))
    assert (await people.person(web, team, fake.bob.id)).is_admin is False
    assert len(fake.called("users.info")) == 3


async def test_guests_and_those_from_elsewhere_are_strangers(client: Given) -> None:
    fake, web = client
    people, team = Members(FakeClock()), fake.workspace.id
    eve = fake.add_person("Eve", from_team="T0OTHER", admin=True)
    for who, stranger in ((fake.ann, False), (fake.gil, True), (eve, True)):
        assert (await people.person(web, team, who.id)).is_stranger is stranger
    assert not (await people.person(web, team, eve.id)).is_admin
    assert (await people.person(web, team, "U0NOBODY")).is_stranger


async def test_what_slack_does_not_say_is_no_answer(client: Given) -> None:
    fake, web = client
    fake.will("users.info", answers("fatal_error"))
    with pytest.raises(SlackApiError):
        await Members(FakeClock()).person(web, fake.workspace.id, fake.ann.id)


async def test_a_group_that_can_not_be_read_has_nobody(client: Given) -> None:
    fake, web = client
    people, team = Members(FakeClock()), fake.workspace.id
    fake.workspace.groups["S1"] = [fake.bob]
    assert await people.groups(web, team, fake.bob.id, ("S1", "", "S2")) == {"S1"}
    assert await people.groups(web, team, fake.ann.id, ("S1",)) == set()
    assert len(fake.called("usergroups.users.list")) == 2


async def test_memory_is_bounded() -> None:
    memory: _Memory[int] = _Memory(FakeClock(), 3)
    asked: list[int] = []

    async def ask(number: int) -> int:
        asked.append(number)
        return number

    for number in (0, 1, 2, 3, 4, 2, 3, 4):
        await memory.answer(str(number), partial(ask, number), 9.0, fresh=False)
    assert asked == [0, 1, 2, 3, 4]
    await memory.answer("0", partial(ask, 0), 9.0, fresh=False)
    assert asked[-1] == 0
    assert PEOPLE_MAX == 5_000


async def test_a_crowd_asks_for_a_group_once(client: Given) -> None:
    """Slack takes twenty such questions a minute."""
    fake, web = client
    people, team = Members(FakeClock()), fake.workspace.id
    fake.workspace.groups["S1"] = [fake.bob]
    asked = [people.groups(web, team, who.id, ("S1",)) for who in (fake.ann, fake.bob) * 30]
    assert await asyncio.gather(*asked) == [set(), {"S1"}] * 30
    assert len(fake.called("usergroups.users.list")) == 1


async def test_members_of_many_groups_are_remembered_for_longer(client: Given) -> None:
    fake, web = client
    clock = FakeClock()
    people, team = Members(clock), fake.workspace.id
    for number in range(20):
        fake.workspace.groups[f"S{number}"] = [fake.bob]
    for _ in range(3):
        held = await people.groups(web, team, fake.bob.id, fake.workspace.groups)
        assert len(held) == 20
        clock.advance(timedelta(seconds=59))
    assert len(fake.called("usergroups.users.list")) == 20


async def test_who_gives_up_waiting_ends_nobody_elses_question(client: Given) -> None:
    fake, web = client
    people, team = Members(FakeClock()), fake.workspace.id
    answered = threading.Event()
    fake.will("users.info", waits(answered))
    hasty = asyncio.create_task(people.person(web, team, fake.ann.id))
    patient = asyncio.create_task(people.person(web, team, fake.ann.id))
    await fake.until(lambda: fake.called("users.info"))
    hasty.cancel()
    answered.set()
    assert (await patient).name == "Ann"
    assert len(fake.called("users.info")) == 1
