"""Calls keep Slack's published pace, and what Slack refuses all the same is waited out."""

import asyncio
import random
import re
import threading
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection.clients import new_client
from adapters.slack.platform.pacing import (
    BURST,
    BURST_S,
    NO_LINE,
    PER_MINUTE,
    POST,
    Line,
    NoRoom,
    Pace,
)
from tests.adapters.slack.fake import rate_limits
from tests.adapters.slack.fake.server import (
    FakeSlack,
    acts,
    acts_and_cuts,
    answers,
    limits,
    waits,
)
from tests.adapters.slack.harness import SlackHarness, slack_harness
from tests.support.clock import FakeClock

ADAPTER = Path(__file__).parents[3] / "adapters/slack"
CROWD = 60
# A minute and a half of Slack's takes a quarter of one.
FAST = 6.0


def fast() -> tuple[FakeSlack, FakeClock]:
    """Slack and the bot in the same hurry."""
    clock = FakeClock(runs=True, speed=FAST)
    fake = FakeSlack(now=clock.now, monotonic=clock.monotonic, processing=timedelta(seconds=1.5))
    return fake, clock


def pace() -> Pace:
    return Pace(FakeClock(auto=True), random.Random(1))


# --- a line ---------------------------------------------------------------------------------------


async def test_no_window_has_more_turns_than_the_line_gives() -> None:
    clock = FakeClock(auto=True)
    line, turns = Line(3, 10.0, clock), []
    for _ in range(10):
        await line.turn()
        turns.append(clock.monotonic())
    assert turns == [0, 0, 0, 10, 10, 10, 20, 20, 20, 30]
    clock.advance(100)
    assert (line.room, line.wait_s, line.ahead) == (3, 0, 0)


async def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    clock = FakeClock()
    line, came = Line(1, 10.0, clock), []

    async def wait(name: str) -> None:
        await line.turn()
        came.append(name)

    tasks = [asyncio.create_task(wait(name)) for name in "abcd"]
    await asyncio.sleep(0)
    assert (came, line.ahead, line.wait_s) == (["a"], 3, 40.0)
    tasks[2].cancel()
    await asyncio.gather(tasks[2], return_exceptions=True)
    assert (line.ahead, line.wait_s) == (2, 40.0)  # whose turn was told already keeps it
    for _ in range(3):
        clock.advance(10)
        await asyncio.sleep(0.01)
    assert came == ["a", "b", "d"]


async def test_after_a_refusal_turns_come_one_by_one() -> None:
    clock = FakeClock(auto=True)
    line, turns = Line(4, 8.0, clock), []
    await line.turn()
    line.refused(clock.monotonic() + 5)
    for _ in range(3):
        await line.turn()
        turns.append(clock.monotonic())
    assert turns == [5, 7, 9]


def test_each_method_that_the_adapter_calls_has_a_line() -> None:
    source = "".join(file.read_text("utf-8") for file in ADAPTER.rglob("*.py"))
    made = {name for name in re.findall(r"\.(\w+)\(", source) if hasattr(AsyncWebClient, name)}
    called = {name for name in made if "_" in name.strip("_") and name[0] != "_"} - {"api_call"}
    assert called <= {name.replace(".", "_") for name in {*PER_MINUTE, *NO_LINE}}


def test_no_line_is_faster_than_slack_says() -> None:
    for method, most in PER_MINUTE.items():
        assert most <= rate_limits.PER_MINUTE[method], method


# --- a client -------------------------------------------------------------------------------------


async def test_a_call_goes_on_for_as_long_as_slack_says_wait() -> None:
    with FakeSlack() as fake:
        async with aiohttp.ClientSession() as session:
            here = pace()
            client = new_client(session, fake.api_url, here, team="T1", token=fake.token)
            fake.will("users.info", *[limits(30)] * 15)
            assert (await client.users_info(user=fake.ann.id))["ok"]
            assert len(fake.called("users.info")) == 16
            assert here.clock.monotonic() >= 15 * 30


async def test_it_ends_after_ten_minutes() -> None:
    with FakeSlack() as fake:
        async with aiohttp.ClientSession() as session:
            here = pace()
            client = new_client(session, fake.api_url, here, team="T1", token=fake.token)
            fake.always("users.info", limits(50))
            with pytest.raises(SlackApiError):
                await client.users_info(user=fake.ann.id)
            assert 500 < here.clock.monotonic() <= 600


@pytest.mark.parametrize("after_s", [0, "0", None, "soon", "-3", "2.5"])
async def test_whatever_slack_says_of_the_wait_there_is_one(after_s: int | str | None) -> None:
    with FakeSlack() as fake:
        async with aiohttp.ClientSession() as session:
            for method in (*PER_MINUTE, *NO_LINE):
                here = pace()
                client = new_client(session, fake.api_url, here, team="T1", token=fake.token)
                fake.will(method, *[limits(after_s)] * 3, answers("fatal_error"))
                with pytest.raises(SlackApiError, match="fatal_error"):
                    await client.api_call(method)
                assert 3 <= here.clock.monotonic() < 12, method
                assert len(fake.called(method)) == 4


async def test_nobody_waits_an_hour_because_slack_says_so() -> None:
    """Neither whoever is told, nor who stands in line by then, nor who comes later."""
    with FakeSlack() as fake:
        async with aiohttp.ClientSession() as session:
            clock = FakeClock()
            here = Pace(clock, random.Random(1))
            client = new_client(session, fake.api_url, here, team="T1", token=fake.token)
            fake.rate_limits.on = False
            fake.will(POST, *[acts()] * BURST, limits(3_600), limits(1))
            calls = [
                asyncio.create_task(client.chat_postMessage(channel=fake.art.id, text="a"))
                for _ in range(2 * BURST + 3)
            ]
            await fake.until(lambda: len(fake.called(POST)) == BURST)
            clock.advance(BURST_S)
            await fake.until(lambda: sum(call.done() for call in calls) >= 2 * BURST - 1)
            for _ in range(3):
                clock.advance(BURST_S)
                await asyncio.sleep(0)
            ended = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 10)
            assert sum(isinstance(each, SlackApiError) for each in ended) == 1 + 1 + 3
            assert len(fake.called(POST)) == 2 * BURST
            with pytest.raises(SlackApiError, match="ratelimited"):
                await client.chat_postMessage(channel=fake.art.id, text="a")
            await client.chat_postMessage(channel=fake.private.id, text="a")
            clock.advance(2 * 3_600)
            await client.chat_postMessage(channel=fake.art.id, text="a")


async def test_who_waits_in_one_channel_holds_up_no_other() -> None:
    with FakeSlack() as fake:
        async with aiohttp.ClientSession() as session:
            clock = FakeClock()
            here = Pace(clock, random.Random(1))
            client = new_client(session, fake.api_url, here, team="T1", token=fake.token)
            busy = [
                asyncio.create_task(client.chat_postMessage(channel=fake.art.id, text="a"))
                for _ in range(BURST + 1)
            ]
            await fake.until(lambda: len(fake.called(POST)) == BURST)
            await client.chat_postMessage(channel=fake.private.id, text="b")
            assert not busy[-1].done()
            clock.advance(10)
            await asyncio.gather(*busy)


async def test_what_nobody_misses_leaves_room_for_the_others_and_is_not_repeated() -> None:
    with FakeSlack() as fake:
        async with aiohttp.ClientSession() as session:
            client = new_client(session, fake.api_url, pace(), team="T1", token=fake.token)
            hasty = client.hasty(98)
            for _ in range(2):
                await hasty.users_info(user=fake.ann.id)
            with pytest.raises(NoRoom):
                await hasty.users_info(user=fake.ann.id)
            assert client.line("users.info").room == 98
            fake.will("chat.update", limits(30))
            with pytest.raises(NoRoom):
                await client.hasty(5).chat_update(channel=fake.art.id, ts="1.0", text="a")
            assert len(fake.called("chat.update")) == 1


# --- a crowd --------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_sixty_people_at_once_in_one_channel(tmp_path: Path) -> None:
    fake, clock = fast()
    async with slack_harness(tmp_path, fake=fake, clock=clock) as here:
        people = [fake.add_person(f"Painter {number}") for number in range(CROWD)]
        fake.art.members.extend(people)
        acts = await asyncio.to_thread(
            lambda: [fake.command("/imagine", "a cat", by=person) for person in people]
        )
        await fake.until(lambda: len(fake.showing(fake.art)) == CROWD, 60)
        await fake.until(lambda: not here.core.outbox._busy and not here.here.tasks.busy)
        told = [reply.words for act in acts for reply in act.replies]
        assert here.drawn == CROWD
        assert len(fake.within(fake.art)) == CROWD
        assert all(words.startswith("Many people draw in this channel at once.") for words in told)
        assert len(told) >= CROWD / 2
        assert fake.rate_limits.refused == 0


async def test_the_place_in_line_is_the_answer_to_the_command(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await busy_for(here, 8)
        told = await here.told(lambda: here.fake.command("/imagine", "a cat"))
        assert re.fullmatch(
            r"Many people draw in this channel at once\. Place 5 in line: your picture shows up in "
            r"about \d s\. There is nothing to do\.",
            told,
        )
        await here.shown()


@pytest.mark.slow
async def test_an_app_that_is_sold_outside_of_the_marketplace_reads_its_history_slowly(
    tmp_path: Path,
) -> None:
    """One call a minute and fifteen messages: two lost results are found, each once."""
    fake, clock = fast()
    fake.rate_limits.sold_outside = True
    async with slack_harness(tmp_path, fake=fake, clock=clock) as here:
        cards = [await here.begins("a cat"), await here.begins("a dog")]
        for card in cards:
            fake.lock(card)
        fake.will(POST, acts_and_cuts(), acts_and_cuts())
        here.finish()
        await here.until(lambda: len(fake.called("conversations.history")) == 2)
        await fake.until(lambda: not here.core.outbox._busy, 60)
        assert len(fake.showing(fake.art)) == 2
        first, second = [call.at_s for call in fake.called("conversations.history") if call.ok]
        assert (second - first) * FAST > 55


async def busy_for(here: SlackHarness, posts: int) -> None:
    """So many have taken a turn in the channel's line."""
    client = await here.here.clients.client_for(here.fake.workspace.id)
    line = client.line(POST, here.fake.art.id)
    for _ in range(posts):
        asyncio.create_task(line.turn())  # noqa: RUF006  (nobody waits for it)
    await asyncio.sleep(0)


# --- progress -------------------------------------------------------------------------------------


async def test_an_edit_that_hangs_holds_no_upload_back(tmp_path: Path) -> None:
    """A finished picture is on its way while the last edit that showed progress still is."""
    lets_go = threading.Event()
    async with slack_harness(tmp_path) as here:
        here.fake.will("chat.update", waits(lets_go))
        await here.begins()
        await here.until(lambda: here.fake.called("chat.update"))
        here.finish()
        await here.until(lambda: here.fake.called("files.completeUploadExternal"))
        assert len(here.fake.called("chat.update")) == 1
        lets_go.set()
        await here.shown()


async def test_progress_that_slack_limits_is_left_out(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.will("chat.update", limits(3))
        await here.begins()
        await here.until(lambda: here.fake.called("chat.update"))
        here.finish()
        (card,) = await here.shown()
        assert [call.ok for call in here.fake.called("chat.update")] == [False, True]
        assert len(card.edits) == 2
