"""What moderation tells people and moderators, once, whatever Slack does."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.domain.case import CaseState
from bot.domain.moderation_policy import Flagged
from bot.wording import say
from tests.adapters.slack.fake.server import Behaviour, Exchange, acts_and_cuts, answers, cuts
from tests.adapters.slack.moderation_harness import ModerationHarness, case_in, moderation_harness

WORDS = say("A moderator removed something.")


async def tell(at: ModerationHarness, key: str = "decided:1") -> bool:
    """Whether it was told, as far as the bot knows."""
    person, team = at.here.fake.bob.id, at.here.fake.workspace.id
    try:
        await at.here.surface.tell(person, WORDS, key=key, community=team)
    except Exception:  # noqa: BLE001  (the outbox tries again, whatever it was)
        return False
    return True


async def test_the_same_key_is_said_once(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        assert await tell(at)
        assert await tell(at)
        assert at.heard(at.here.fake.bob) == ["A moderator removed something."]
        assert await tell(at, "decided:2")
        assert len(at.heard(at.here.fake.bob)) == 2


async def test_what_arrived_without_an_answer_is_not_said_again(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        at.here.fake.will("chat.postMessage", acts_and_cuts())
        assert not await tell(at)
        assert await tell(at)
        assert len(at.heard(at.here.fake.bob)) == 1


async def test_what_did_not_arrive_is_said_at_the_next_try(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        at.here.fake.will("chat.postMessage", cuts(), answers("internal_error", 500))
        assert not await tell(at)
        assert not await tell(at)
        assert await tell(at)
        assert len(at.heard(at.here.fake.bob)) == 1


async def test_where_nothing_can_be_read_nothing_is_said_twice(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        at.here.fake.workspace.scopes.discard("im:history")
        at.here.fake.will("chat.postMessage", acts_and_cuts())
        assert not await tell(at)
        assert await tell(at)
        assert len(at.heard(at.here.fake.bob)) == 1


async def test_who_can_not_be_written_to_is_left_alone(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        at.here.fake.will("conversations.open", answers("user_disabled"))
        assert await tell(at)
        assert at.heard(at.here.fake.bob) == []


async def test_a_card_that_arrived_without_an_answer_is_one_card(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        at.here.core.backend.flagged = True
        at.here.fake.always("chat.postMessage", _first_cut(at))
        await at.here.does(lambda: at.here.fake.command("/imagine", "a bather"))
        await at.here.fake.until(at.cards)
        for _ in range(5):
            at.clock.advance(timedelta(minutes=1))
            await at.here.core.enforcement.look()
        (card,) = at.cards()
        await at.press(card, "claim", by=at.mia)
        await at.here.fake.until(lambda: f"<@{at.mia.id}> looks at it" in card.words)
        assert case_in(card)
        assert await at.here.core.store.cases.due_notices(at.clock.now(), 10) == []


def _first_cut(at: ModerationHarness) -> Behaviour:
    """The first message to the moderators arrives, and its answer does not."""
    done: list[bool] = []

    async def behave(exchange: Exchange) -> web.Response:
        answer = exchange.act()
        if exchange.call.args.get("channel") == at.mods.id and not done:
            done.append(True)
            return exchange.cut()
        return answer

    return behave


# --- moderators who can't be told -----------------------------------------------------------------

NOBODY = "⚠ Nobody hears of pictures that wait for a moderator, of reports and of budgets."


async def waits(at: ModerationHarness) -> None:
    """A picture that waits for a moderator, and everybody told of it who can be."""
    at.here.core.backend.flagged = True
    await at.here.does(lambda: at.here.fake.command("/imagine", "a bather", by=at.here.fake.bob))
    await at.here.until(lambda: at.here.fake.within(at.here.fake.art))
    async with asyncio.timeout(20):
        cases = at.here.core.store.cases
        while not await cases.queue(None, None, [CaseState.OPEN], NEVER):  # noqa: ASYNC110  (it reads)
            await asyncio.sleep(0.02)
        while await cases.due_notices(NEVER, 1):
            at.clock.advance(timedelta(seconds=1))
            at.here.core.enforcement.wake()
            await asyncio.sleep(0.02)


NEVER = datetime(2100, 1, 1, tzinfo=UTC)


async def test_whoever_set_it_up_is_told_that_no_channel_was_chosen(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        admin = at.here.fake.ann
        await at.here.set_up(flagged=Flagged.REVIEW, set_up_by=admin.id)
        for _ in range(2):
            await waits(at)
        [told] = at.heard(admin)
        assert told.startswith("For the admins: there is something for your moderators.")
        assert f"{NOBODY} Choose a channel: `/limner setup`" in told
        assert "bather" not in told
        assert NOBODY in await at.here.limner("workspace")


async def test_a_channel_that_was_archived_is_said_to_be_lost(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        admin = at.here.fake.ann
        await at.here.set_up(
            moderator_channel=at.mods.id, set_up_by=admin.id, flagged=Flagged.REVIEW
        )
        at.mods.archived = True
        await waits(at)
        lost = f"⚠ I can't post in <#{at.mods.id}>: it is gone, or closed to me."
        assert lost in at.heard(admin)[0]
        assert lost in await at.here.limner("workspace")
        at.mods.archived = False
        at.here.core.backend.flagged = False
        await at.withheld("a second bather")
        assert "⚠" not in await at.here.limner("workspace")


async def test_a_channel_without_the_bot_is_said_to_be_lost(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        at.here.fake.remove_bot(at.mods)
        assert "⚠ I can't post in" in await at.here.limner("workspace")
