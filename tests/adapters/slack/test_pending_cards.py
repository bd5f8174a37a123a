"""A card that no job came of is taken away again, and one of a job never is."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web

from adapters.slack.delivery.card_delivery import PAGES_MAX
from adapters.slack.delivery.pending_cards import (
    ARRIVES_WITHIN,
    BLIND_TRIES_MAX,
    LOOK_AFTER,
    TRIES_MAX,
)
from adapters.slack.platform.limits import HISTORY_PAGE
from bot.domain.job import job_key
from bot.domain.pending_card import PendingCard
from tests.adapters.slack.fake.server import (
    Behaviour,
    Exchange,
    FakeSlack,
    acts,
    acts_and_cuts,
    answers,
    cuts,
)
from tests.adapters.slack.fake.world import Channel, Message
from tests.adapters.slack.harness import SlackHarness, slack_harness
from tests.support.clock import FakeClock


@asynccontextmanager
async def unheard(
    tmp_path: Path, text: str = "a cat"
) -> AsyncIterator[tuple[SlackHarness, FakeClock]]:
    """A card arrived, and Slack hung up before it said so; then the time came to look."""
    clock = FakeClock(runs=True)
    async with slack_harness(tmp_path, clock=clock) as here:
        here.fake.will("chat.postMessage", acts_and_cuts())
        await here.does(lambda: here.fake.command("/imagine", text))
        clock.advance(LOOK_AFTER)
        yield here, clock


async def left_in(here: SlackHarness) -> int:
    later = here.here.services.clock.now() + timedelta(days=9)
    return len(await here.core.store.pending_cards.due("slack", later, 100))


def cards(here: SlackHarness, at: Channel | None = None) -> int:
    return len(here.fake.within(at or here.fake.art))


async def test_a_card_that_arrived_unheard_is_taken_away(tmp_path: Path) -> None:
    async with unheard(tmp_path) as (here, _):
        assert cards(here) == 1
        await here.here.pending_cards.look()
        assert (cards(here), await left_in(here), here.drawn) == (0, 0, 0)


async def test_a_private_one_likewise(tmp_path: Path) -> None:
    async with unheard(tmp_path, "a cat --private") as (here, _):
        direct = here.fake.direct(here.fake.ann)
        assert "asked for" in here.fake.within(direct)[0].words
        await here.here.pending_cards.look()
        assert (cards(here, direct), await left_in(here)) == (0, 0)


async def test_it_is_not_looked_for_before_it_must_have_arrived(tmp_path: Path) -> None:
    async with unheard(tmp_path) as (here, clock):
        clock.advance(-timedelta(seconds=1))
        await here.here.pending_cards.look()
        assert here.fake.called("conversations.history") == []
        assert await left_in(here) == 1


async def test_one_that_never_arrived_is_forgotten(tmp_path: Path) -> None:
    clock = FakeClock(runs=True)
    async with slack_harness(tmp_path, clock=clock) as here:
        here.fake.will("chat.postMessage", cuts())
        await here.does(lambda: here.fake.command("/imagine", "a cat"))
        assert await left_in(here) == 1
        clock.advance(LOOK_AFTER)
        await here.here.pending_cards.look()
        assert await left_in(here) == 0


async def test_other_cards_in_the_channel_stay(tmp_path: Path) -> None:
    async with unheard(tmp_path) as (here, _):
        kept = await here.draw("a dog")
        await here.here.pending_cards.look()
        assert here.fake.within(here.fake.art) == [kept]


async def test_it_is_found_in_a_channel_where_much_was_said_since(tmp_path: Path) -> None:
    async with unheard(tmp_path) as (here, _):
        here.fake.shift(ARRIVES_WITHIN + timedelta(minutes=1))
        here.fake.do(much_is_said(here.fake))
        await here.here.pending_cards.look()
        assert len(here.fake.called("conversations.history")) == 1
        assert await left_in(here) == 0
        assert [m for m in here.fake.within(here.fake.art) if m.author.bot] == []


async def much_is_said(fake: FakeSlack) -> None:
    """More than the adapter would read."""
    for number in range(PAGES_MAX * HISTORY_PAGE + 1):
        text = f"word {number}"
        said = Message(fake.world.new_ts(), fake.art, fake.ann, fake.workspace, text=text)
        fake.world.post(said, None)


async def test_the_look_goes_on_whatever_happens(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with unheard(tmp_path) as (here, _):
        here.fake.will("conversations.history", says_nonsense())
        looking = asyncio.create_task(here.here.pending_cards.run())
        await here.fake.until(lambda: "looking for cards that are no job's" in caplog.text)
        assert not looking.done()
        looking.cancel()


def says_nonsense() -> Behaviour:
    async def behave(_: Exchange) -> web.Response:
        return web.json_response({"ok": True})

    return behave


async def test_where_slack_said_no_nothing_is_left_to_look_for(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.remove_bot(here.fake.art)
        said = await here.told(lambda: here.fake.command("/imagine", "a cat"))
        assert "/invite" in said
        assert await left_in(here) == 0


async def test_a_job_leaves_nothing_to_look_for(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.draw()
        assert await left_in(here) == 0


async def test_the_card_of_a_job_is_never_taken_away(tmp_path: Path) -> None:
    """Not even where the note of it outlived the hold."""
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        asked = here.fake.world.acts[-1].payload
        team = here.fake.workspace.id
        pending = PendingCard(
            key=job_key("slack", team, f"command:{asked['trigger_id']}"),
            platform="slack",
            community=team,
            channel=here.fake.art.id,
            at=here.here.services.clock.now(),
        )
        assert card.metadata["event_payload"]["key"] == pending.key
        await here.core.store.pending_cards.announce(pending, pending.at)
        await here.here.pending_cards.look()
        assert here.fake.within(here.fake.art) == [card]
        assert await left_in(here) == 0


async def test_a_card_that_could_not_be_taken_back_is_taken_away_later(tmp_path: Path) -> None:
    clock = FakeClock(runs=True)
    async with slack_harness(tmp_path, clock=clock, waiting_per_person=1) as here:
        here.core.backend.may_finish.clear()
        for text in ("first", "second"):
            await here.does(partial(here.fake.command, "/imagine", text))
        here.fake.will("chat.delete", cuts())
        said = await here.told(lambda: here.fake.command("/imagine", "third"))
        assert said.startswith("You already have 2 requests under way")
        assert cards(here) == 3
        clock.advance(LOOK_AFTER)
        await here.here.pending_cards.look()
        assert cards(here) == 2
        here.core.backend.may_finish.set()
        await here.shown(2)


async def test_one_under_way_is_left_alone(tmp_path: Path) -> None:
    clock = FakeClock(runs=True)
    async with slack_harness(tmp_path, clock=clock) as here:
        pending = PendingCard(
            key="a" * 16,
            platform="slack",
            community=here.fake.workspace.id,
            channel=here.fake.art.id,
            at=clock.now(),
        )
        async with here.here.pending_cards.announced(pending):
            clock.advance(LOOK_AFTER)
            await here.here.pending_cards.look()
            assert await left_in(here) == 1
        await here.here.pending_cards.look()
        assert await left_in(here) == 0


async def test_where_history_can_not_be_read_it_is_tried_a_few_times(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with unheard(tmp_path) as (here, clock):
        here.fake.workspace.scopes -= {"channels:history"}
        with caplog.at_level(logging.WARNING):
            for _ in range(BLIND_TRIES_MAX):
                assert await left_in(here) == 1
                await here.here.pending_cards.look()
                clock.advance(timedelta(hours=1))
        assert await left_in(here) == 0
        said = f"a card that is no job's may stand in {here.fake.art.id}: missing_scope"
        assert caplog.messages[-1] == said
        assert len(here.fake.called("conversations.history")) == BLIND_TRIES_MAX


async def test_an_outage_is_outlived(tmp_path: Path) -> None:
    async with unheard(tmp_path) as (here, clock):
        here.fake.always("conversations.history", answers("fatal_error", 500))
        for _ in range(TRIES_MAX - 1):
            await here.here.pending_cards.look()
            clock.advance(timedelta(hours=1))
        here.fake.always("conversations.history", acts())
        await here.here.pending_cards.look()
        assert (cards(here), await left_in(here)) == (0, 0)


async def test_what_the_owner_removed_by_hand_is_no_trouble(tmp_path: Path) -> None:
    async with unheard(tmp_path) as (here, _):
        here.fake.will("chat.delete", answers("message_not_found"))
        await here.here.pending_cards.look()
        assert await left_in(here) == 0
