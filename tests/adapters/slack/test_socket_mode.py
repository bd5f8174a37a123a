"""Socket Mode: envelopes are acknowledged, and the line is opened again whatever happens."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ServerDisconnectedError

from bot.errors import Misconfigured
from tests.adapters.slack.fake.server import (
    FakeSlack,
    acts_and_cuts,
    answers,
    cuts,
    garbles,
    limits,
)
from tests.adapters.slack.transport_harness import settings_of, transport_harness
from tests.support.clock import FakeClock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    with FakeSlack(now=lambda: NOON) as fake:
        yield fake


def has_lines(fake: FakeSlack, count: int) -> bool:
    return len(fake.socket.connections) == count and fake.connected


async def test_a_command_is_acknowledged_with_the_workspaces_token(
    fake: FakeSlack, tmp_path: Path
) -> None:
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"]) as here:
        await fake.until(lambda: fake.connected)
        act = fake.command("/imagine", "a cat")
        await fake.until(lambda: act.acked and here.heard)
    assert here.heard[0]["text"] == "a cat"
    assert here.heard[0]["bot_token"] == fake.token
    assert here.teams == [fake.workspace.id]


async def test_an_event_that_comes_five_times_is_heard_once_also_after_a_restart(
    fake: FakeSlack, tmp_path: Path
) -> None:
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"]) as here:
        await fake.until(lambda: fake.connected)
        act = fake.event({"type": "app_home_opened", "user": fake.ann.id}, times=5)
        await fake.until(lambda: len(act.acks) == 5)
        assert len(here.heard) == 1
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"]) as here:
        await fake.until(lambda: fake.connected)
        fake.repeat(act)
        await fake.until(lambda: len(act.acks) == 6)
        assert here.heard == []


async def test_bolt_never_asks_slack_who_it_is_for_a_request(
    fake: FakeSlack, tmp_path: Path
) -> None:
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"]):
        await fake.until(lambda: fake.connected and fake.called("auth.test"))
        acts = [fake.command("/imagine", f"{n}") for n in range(20)]
        await fake.until(lambda: all(act.acked for act in acts))
    assert len(fake.called("auth.test")) == 1


async def test_a_refreshed_line_loses_nothing(fake: FakeSlack, tmp_path: Path) -> None:
    """The old websocket is read until Slack closes it, the new one is open before that."""
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"]) as here:
        await fake.until(lambda: fake.connected)
        for round_ in range(3):
            fake.refresh(close=False)
            await fake.until(partial(has_lines, fake, round_ + 2))
            assert here.transport.health()["ok"]
            fake.command("/imagine", f"{round_}")
            await fake.until(lambda: all(act.acked for act in fake.world.acts))
        open_connections = [each for each in fake.socket.connections if each.closed_s is None]
        assert len(open_connections) == 4  # Slack has closed none yet
    assert [body["text"] for body in here.heard] == ["0", "1", "2"]


async def test_a_cut_line_is_opened_again_without_a_pause(fake: FakeSlack, tmp_path: Path) -> None:
    clock = FakeClock(auto=True)
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"], clock=clock):
        for number in range(3):
            await fake.until(partial(has_lines, fake, number + 1))
            fake.cut()
        await fake.until(lambda: len(fake.socket.connections) == 4 and fake.connected)
        act = fake.command("/imagine", "a cat")
        await fake.until(lambda: act.acked)
    assert clock.slept_s == []


async def test_a_slack_that_hangs_up_again_and_again_is_not_hammered(
    fake: FakeSlack, tmp_path: Path
) -> None:
    clock = FakeClock(auto=True)
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"], clock=clock):
        for number in range(6):
            await fake.until(partial(has_lines, fake, number + 1))
            fake.cut()
        await fake.until(partial(has_lines, fake, 7))
    assert len(clock.slept_s) == 3
    assert all(1.0 <= slept <= 1.2 for slept in clock.slept_s)


async def test_where_all_ten_lines_are_taken_slack_is_left_alone_for_a_while(
    fake: FakeSlack, tmp_path: Path
) -> None:
    clock = FakeClock(auto=True)
    fake.crowd(10)
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"], clock=clock) as here:
        await fake.until(lambda: len(clock.slept_s) >= 3)
        assert not here.transport.health()["ok"]
        fake.crowd(0)
        await fake.until(lambda: fake.connected)
        assert all(30.0 <= slept <= 36.0 for slept in clock.slept_s)


async def test_an_outage_is_waited_for_with_growing_patience(
    fake: FakeSlack, tmp_path: Path
) -> None:
    clock = FakeClock(auto=True)
    fake.will("apps.connections.open", cuts(), answers("fatal_error"), answers("x", 503), cuts())
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"], clock=clock):
        await fake.until(lambda: fake.connected)
    waits_s = zip((1, 5, 15, 30), clock.slept_s, strict=True)
    assert all(least <= slept <= least * 1.2 for least, slept in waits_s), clock.slept_s


async def test_refused_websockets_are_tried_again_each_with_an_address_of_its_own(
    fake: FakeSlack, tmp_path: Path
) -> None:
    fake.shut()
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"]):
        await fake.until(lambda: len(fake.called("apps.connections.open")) >= 3)
        fake.shut(shut=False)
        await fake.until(lambda: fake.connected)
    urls = [call.answer["url"] for call in fake.called("apps.connections.open")]
    assert len(urls) == len({*urls})


async def test_a_limit_on_connecting_is_kept(fake: FakeSlack, tmp_path: Path) -> None:
    fake.will("apps.connections.open", limits(1))
    clock = FakeClock(runs=True)
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"], clock=clock):
        await fake.until(lambda: fake.connected)
    first, second = fake.called("apps.connections.open")[:2]
    assert second.at_s - first.at_s >= 1.0


@pytest.mark.parametrize(
    ("method", "variable"),
    [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")],
)
async def test_a_token_that_slack_refuses_is_the_owners_matter(
    fake: FakeSlack, tmp_path: Path, method: str, variable: str
) -> None:
    fake.always(method, answers("invalid_auth"))
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"]) as here:
        with pytest.raises(Misconfigured) as refused:
            async with asyncio.timeout(10):
                await here.transport.run(here.teams.append)
    assert str(refused.value).startswith(f"Slack refuses {variable}.")


NOT_ENVELOPES = {
    "broken": '{"envelope_id": "1", "payload": {"text": "a word of somebody\'s"',
    "deep": '{"envelope_id": "1", "payload": ' + "[" * 100_000,
    "a number": "42",
    "of no type": '{"envelope_id": "1", "payload": "a word of somebody\'s"}',
    "of a list": '{"envelope_id": "1", "type": "events_api", "payload": [1]}',
}


@pytest.mark.parametrize("frame", NOT_ENVELOPES)
async def test_an_envelope_that_cannot_be_read_costs_only_itself(
    fake: FakeSlack, tmp_path: Path, frame: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"]):
        await fake.until(lambda: fake.connected)
        fake.send_raw(NOT_ENVELOPES[frame])
        act = fake.command("/imagine", "a cat")
        await fake.until(lambda: act.acked)
    assert len(fake.socket.connections) == 1
    assert "somebody" not in caplog.text


async def test_a_listener_that_breaks_is_logged_and_costs_only_its_envelope(
    fake: FakeSlack, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks() -> None:
        raise LookupError("nothing was found")

    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"]) as here:
        here.transport.app.command("/limner")(breaks)
        await fake.until(lambda: fake.connected)
        lost = fake.command("/limner")
        act = fake.command("/imagine", "a cat")
        await fake.until(lambda: act.acked and "LookupError" in caplog.text)
    assert not lost.acked
    assert len(fake.socket.connections) == 1


@pytest.mark.parametrize("kind", ["text/plain", "text/html", "application/json"])
async def test_an_outage_that_answers_in_no_words_of_slacks_is_waited_for(
    fake: FakeSlack, tmp_path: Path, kind: str
) -> None:
    fake.will("apps.connections.open", garbles(503, "upstream connect error", kind))
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"]):
        await fake.until(lambda: fake.connected)
    assert len(fake.called("apps.connections.open")) == 2


async def test_an_end_lets_what_was_taken_be_acknowledged(fake: FakeSlack, tmp_path: Path) -> None:
    acts: list[Any] = []
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"]) as here:
        await fake.until(lambda: fake.connected)
        acts = [fake.command("/imagine", f"{n}") for n in range(10)]
        await fake.until(lambda: here.heard)
    assert len(here.heard) == 10
    await fake.until(lambda: all(act.acked for act in acts))


async def test_a_call_whose_answer_is_lost_is_not_repeated(fake: FakeSlack, tmp_path: Path) -> None:
    """The SDK's own handler would: the message would be there twice."""
    fake.will("chat.postMessage", acts_and_cuts())
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"]) as here:
        client = await here.transport.clients.client_for(fake.workspace.id)
        with pytest.raises(ServerDisconnectedError):
            await client.chat_postMessage(channel=fake.art.id, text="once")
    assert [message.words for message in fake.messages] == ["once"]


async def test_slacks_own_wait_is_kept_and_then_it_goes_on(fake: FakeSlack, tmp_path: Path) -> None:
    fake.will("chat.postMessage", limits(1), limits(1))
    socket, clock = settings_of(fake)["socket"], FakeClock(runs=True)
    async with transport_harness(fake, tmp_path, socket, clock=clock) as here:
        client = await here.transport.clients.client_for(fake.workspace.id)
        await client.chat_postMessage(channel=fake.art.id, text="once")
    first, second, third = fake.called("chat.postMessage")
    assert second.at_s - first.at_s >= 1.0
    assert third.at_s - second.at_s >= 1.0
    assert len(fake.messages) == 1
