"""What people write to the bot: mentions in channels and threads, and messages to it alone."""

from pathlib import Path

import pytest

from adapters.slack.connection.manifest import manifest
from bot.domain.budgets import Budgets
from tests.adapters.slack.fake.server import FakeSlack, acts_and_cuts, answers
from tests.adapters.slack.fake.world import DIRECT, Channel
from tests.adapters.slack.harness import SlackHarness, slack_harness
from tests.adapters.slack.test_modals import png


def bots(here: SlackHarness, at: Channel) -> list[str]:
    return [m.thread_ts for m in here.fake.within(at) if m.author.bot]


async def test_a_mention_in_a_channel_draws_there(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.does(lambda: here.fake.write(f"{here.fake.mention} a fox --images 2"))
        (card,) = await here.shown()
        assert card.thread_ts == ""
        assert here.core.backend.drawn[0].prompt == "a fox"
        assert here.core.backend.drawn[0].num_images == 2
        assert f"<@{here.fake.ann.id}> drew" in card.words


async def test_a_mention_in_a_thread_draws_in_the_thread(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        idea = here.fake.say("what about an animal?", by=here.fake.bob)
        await here.does(lambda: here.fake.write(f"a fox, {here.fake.mention}", under=idea))
        (card,) = await here.shown()
        assert card.thread_ts == idea.ts
        assert here.core.backend.drawn[0].prompt == "a fox,"


@pytest.mark.parametrize("words", ["a fox", "/imagine a fox", "  a fox "])
async def test_a_message_to_the_bot_alone_draws(tmp_path: Path, words: str) -> None:
    async with slack_harness(tmp_path) as here:
        own = here.fake.direct(here.fake.ann)
        await here.does(lambda: here.fake.write(words, at=own))
        (card,) = await here.shown(at=own)
        assert card.thread_ts == ""
        assert here.core.backend.drawn[0].prompt == "a fox"


async def test_a_reply_to_the_bot_alone_draws_in_its_thread(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        own = here.fake.direct(here.fake.ann)
        await here.does(lambda: here.fake.write("a fox", at=own))
        (card,) = await here.shown(at=own)
        await here.does(lambda: here.fake.write("a red fox", at=own, under=card))
        await here.shown(2, own)
        assert bots(here, own) == ["", card.ts]


async def test_what_slack_makes_of_words_is_undone(tmp_path: Path) -> None:
    """Entities, links and the mentions of others."""
    async with slack_harness(tmp_path) as here:
        text = f"{here.fake.mention} cats &amp; dogs at <https://x.example|x.example> —steps 7"
        await here.does(lambda: here.fake.write(text))
        await here.shown()
        drawn = here.core.backend.drawn[0]
        assert (drawn.prompt, drawn.num_inference_steps) == ("cats & dogs at x.example", 7)


async def test_a_picture_in_the_message_is_the_starting_image(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        file = here.fake.upload(png())
        text = f"{here.fake.mention} as a watercolour"
        await here.does(lambda: here.fake.write(text, files=(file,)))
        (card,) = await here.shown()
        assert "from a picture" in card.words
        own = here.fake.direct(here.fake.ann)
        await here.does(lambda: here.fake.write("as an etching", at=own, files=(file,)))
        await here.shown(at=own)
        assert [each.image is not None for each in here.core.backend.drawn] == [True, True]


@pytest.mark.parametrize("words", ["", " help", " HELP "])
async def test_without_words_it_says_how_it_goes_and_opens_the_form(
    tmp_path: Path, words: str
) -> None:
    async with slack_harness(tmp_path) as here:
        told = here.fake.say("hm")
        await here.does(lambda: here.fake.write(here.fake.mention + words, under=told))
        (seen,) = here.fake.seen_by(here.fake.ann)
        assert "/imagine" in seen.words
        assert (seen.ephemeral, seen.thread_ts) == (True, told.ts)
        view = await here.modal(lambda: here.fake.press(seen, "Imagine"))
        await here.does(lambda: here.fake.submit(view, {"prompt": "a fox"}))
        (card,) = await here.shown()
        assert card.thread_ts == told.ts


async def test_a_refusal_is_told_in_the_thread_to_the_one_who_asked(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=0)) as here:
        idea = here.fake.say("an animal?")
        await here.does(lambda: here.fake.write(f"{here.fake.mention} a fox", under=idea))
        (seen,) = here.fake.seen_by(here.fake.ann)
        assert seen.words.startswith("Your own budget for today is $0")
        assert (seen.ephemeral, seen.thread_ts) == (True, idea.ts)
        assert bots(here, here.fake.art) == []


async def test_guests_are_refused_as_by_command(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.does(lambda: here.fake.write(f"{here.fake.mention} a fox", by=here.fake.gil))
        (seen,) = here.fake.seen_by(here.fake.gil)
        assert "not for guests" in seen.words


async def test_what_was_ignored_is_named_on_the_card(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.does(lambda: here.fake.write(f"{here.fake.mention} a fox --v 6"))
        (card,) = await here.shown()
        assert "I ignored `--v 6`: it belongs to Midjourney." in card.words
        assert here.fake.seen_by(here.fake.ann) == []


async def test_where_it_may_not_post_it_offers_to_draw_in_private(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.will("chat.postMessage", answers("restricted_action"))
        await here.does(lambda: here.fake.write(f"{here.fake.mention} a fox --v 6 --seed 7"))
        (told,) = here.fake.seen_by(here.fake.ann)
        assert told.words.startswith("Only some people may post in this channel")
        await here.does(lambda: here.fake.press(told, "Draw it in private"))
        (card,) = await here.shown(at=here.fake.direct(here.fake.ann))
        assert "I ignored `--v 6`: it belongs to Midjourney." in card.words
        assert here.core.backend.drawn[0].seed == 7


async def test_what_is_drawn_from_a_picture_is_not_offered_without_it(tmp_path: Path) -> None:
    """A button holds no picture."""
    async with slack_harness(tmp_path) as here:
        here.fake.will("chat.postMessage", answers("restricted_action"))
        text = f"{here.fake.mention} as an etching"
        await here.does(lambda: here.fake.write(text, files=(here.fake.upload(png()),)))
        (told,) = here.fake.seen_by(here.fake.ann)
        assert "/imagine as an etching" in told.words
        assert told.controls == []


async def test_a_reply_that_is_also_sent_to_the_channel_draws(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        own = here.fake.direct(here.fake.ann)
        act = await here.does(lambda: here.fake.write("a fox", at=own))
        (card,) = await here.shown(at=own)
        event = {**act.payload["event"], "ts": here.fake.world.new_ts(), "thread_ts": card.ts}
        also = {**event, "subtype": "thread_broadcast"}
        await here.does(lambda: here.fake.event(also))
        assert (await here.shown(2, own))[-1].thread_ts == card.ts


async def test_a_private_one_comes_in_private(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        idea = here.fake.say("an animal?")
        text = f"{here.fake.mention} a fox --private"
        await here.does(lambda: here.fake.write(text, under=idea))
        (card,) = await here.shown(at=here.fake.direct(here.fake.ann))
        assert card.thread_ts == ""
        assert bots(here, here.fake.art) == []


async def test_what_is_no_persons_new_message_is_left_alone(tmp_path: Path) -> None:
    """The bot's own answers are told to it as well: a loop would cost money at every turn."""
    async with slack_harness(tmp_path) as here:
        own, ann = here.fake.direct(here.fake.ann), here.fake.ann.id
        said = {"type": "message", "channel": own.id, "channel_type": "im", "text": "a fox"}
        ts = here.fake.say("x", at=here.fake.art).ts
        for more in (
            {"user": here.fake.workspace.bot.id, "bot_id": "B1", "ts": ts},
            {"user": ann, "bot_id": "B9", "ts": ts},  # an app that speaks for somebody
            {"subtype": "bot_message", "bot_id": "B2", "ts": ts},
            {"subtype": "message_changed", "message": {"user": ann, "text": "a fox", "ts": ts}},
            {"subtype": "message_deleted", "deleted_ts": ts},
            {"user": ann, "ts": ts, "edited": {"user": ann, "ts": ts}},
            {"user": ann, "ts": ts, "subtype": "channel_join"},
        ):
            await here.does(lambda more=more: here.fake.event({**said, **more}))  # type: ignore[misc]
        mentioned = {"type": "app_mention", "channel": here.fake.art.id, "text": "a fox"}
        await here.does(lambda: here.fake.event({**mentioned, "bot_id": "B3", "ts": ts}))
        assert here.drawn == 0
        assert here.fake.called("chat.postMessage", "chat.postEphemeral") == []


async def test_one_message_is_one_job_however_often_it_is_told(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        act = await here.does(lambda: here.fake.write(f"{here.fake.mention} a fox"))
        await here.does(lambda: here.fake.repeat(act, 3))
        again = {**act.payload["event"]}  # as another event, with an id of its own
        await here.does(lambda: here.fake.event(again))
        await here.shown()
        assert here.drawn == 1
        assert len(bots(here, here.fake.art)) == 1


async def test_an_answer_that_is_lost_in_a_thread_is_found_there(tmp_path: Path) -> None:
    """A thread's messages are not in the channel's history."""
    async with slack_harness(tmp_path) as here:
        idea = here.fake.say("an animal?")
        here.core.backend.may_finish.clear()
        await here.does(lambda: here.fake.write(f"{here.fake.mention} a fox", under=idea))
        await here.until(lambda: here.core.backend.busy)
        here.fake.lock(here.fake.within(here.fake.art)[-1])
        here.fake.will("chat.postMessage", acts_and_cuts())
        here.finish()
        (new,) = await here.shown()
        await here.until(lambda: here.fake.called("conversations.replies"))
        await here.until(lambda: not here.core.outbox._busy)
        assert new.thread_ts == idea.ts
        assert bots(here, here.fake.art) == [idea.ts, idea.ts]  # and the card before it


async def test_where_the_thread_is_gone_the_result_is_in_the_channel(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        idea = here.fake.say("an animal?")
        here.core.backend.may_finish.clear()
        await here.does(lambda: here.fake.write(f"{here.fake.mention} a fox", under=idea))
        await here.until(lambda: here.core.backend.busy)
        here.fake.lock(here.fake.within(here.fake.art)[-1])
        here.fake.remove(idea)
        here.finish()
        (new,) = await here.shown()
        assert new.thread_ts == ""


async def test_an_older_installation_hears_nothing_and_works(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.workspace.scopes = here.fake.workspace.scopes - {"app_mentions:read"}
        with pytest.raises(AssertionError, match="doesn't hear"):
            here.fake.write(f"{here.fake.mention} a fox")
        await here.draw()


async def test_in_the_agent_view_the_answer_is_in_the_messages_thread(tmp_path: Path) -> None:
    fake = FakeSlack()
    fake.paste(manifest(agent=True))
    fake.workspace.scopes = fake.world.app.scopes
    async with slack_harness(tmp_path, fake=fake) as here:
        own = here.fake.direct(here.fake.ann)
        assert own.kind == DIRECT
        act = await here.does(lambda: here.fake.write("a fox", at=own))
        (card,) = await here.shown(at=own)
        assert card.thread_ts == act.payload["event"]["ts"]
        # Again stays in it, and Slack is not asked anew what was granted.
        asked = len(here.fake.called("auth.test"))
        await here.does(lambda: here.fake.press(card, "Again"))
        await here.shown(2, own)
        assert bots(here, own) == [card.thread_ts, card.thread_ts]
        assert len(here.fake.called("auth.test")) == asked
        # So do refusals, help, and what is drawn by its form.
        await here.set_up(person_day_micros=0)
        act = await here.does(lambda: here.fake.write("a fox", at=own))
        refused = here.fake.within(own)[-1]
        assert refused.words.startswith("Your own budget for today is $0")
        assert refused.thread_ts == act.payload["event"]["ts"]
        await here.set_up()
        act = await here.does(lambda: here.fake.write("help", at=own))
        told = here.fake.within(own)[-1]
        assert told.thread_ts == act.payload["event"]["ts"]
        view = await here.modal(lambda: here.fake.press(told, "Imagine"))
        await here.does(lambda: here.fake.press(view, "More options"))
        await here.does(lambda: here.fake.submit(view, {"prompt": "a fox"}))
        assert (await here.shown(3, own))[-1].thread_ts == told.thread_ts
