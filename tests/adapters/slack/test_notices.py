"""What moderation tells people and moderators, once, whatever Slack does."""

from datetime import timedelta
from pathlib import Path

from aiohttp import web

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
