"""Where answers and new results go: into the thread where somebody is, or the card's own."""

from pathlib import Path

import pytest

from adapters.slack.delivery.pending_cards import LOOK_AFTER
from tests.adapters.slack.fake.server import FakeSlack, acts_and_cuts
from tests.adapters.slack.fake.world import Message
from tests.adapters.slack.harness import SlackHarness, job_in, slack_harness
from tests.adapters.slack.test_modals import png
from tests.support.clock import FakeClock


async def drawn_in_a_thread(here: SlackHarness) -> tuple[Message, Message]:
    """What somebody said, and the card below it."""
    idea = here.fake.say("an animal?")
    await here.does(lambda: here.fake.write(f"{here.fake.mention} a fox", under=idea))
    (card,) = await here.shown()
    return idea, card


@pytest.mark.parametrize("button", ["Again", "Vary"])
async def test_what_is_drawn_anew_goes_into_the_cards_thread(tmp_path: Path, button: str) -> None:
    """One idea, one post."""
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        await here.does(lambda: here.fake.press(card, button, by=here.fake.bob))
        _, second = await here.shown(2)
        assert second.thread_ts == card.ts
        await here.does(lambda: here.fake.press(second, button))
        third = (await here.shown(3))[-1]
        assert third.thread_ts == card.ts


async def test_the_menu_and_the_form_do_as_well(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --size 512x512")
        await here.does(lambda: here.fake.press(card, "Enlarge"))
        await here.shown(2)
        view = await here.modal(lambda: here.fake.press(card, "Edit"))
        await here.does(lambda: here.fake.submit(view, {"prompt": "a dog"}))
        cards = await here.shown(3)
        assert [each.thread_ts for each in cards] == ["", card.ts, card.ts]


async def test_admins_may_choose_the_channel(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await here.modal(lambda: here.fake.command("/limner", "setup"))
        said = await here.told(lambda: here.fake.submit(view, {"own_posts": ["on"]}))
        assert "*Again, Vary and Edit* posts of their own" in said
        card = await here.draw()
        await here.does(lambda: here.fake.press(card, "Again"))
        await here.shown(2)
        view = await here.modal(lambda: here.fake.press(card, "Edit"))
        await here.does(lambda: here.fake.submit(view, {"prompt": "a dog"}))
        assert [each.thread_ts for each in await here.shown(3)] == ["", "", ""]


async def test_what_was_begun_in_a_thread_stays_there(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.set_up(own_posts=True)
        idea, card = await drawn_in_a_thread(here)
        await here.does(lambda: here.fake.press(card, "Again"))
        assert [each.thread_ts for each in await here.shown(2)] == [idea.ts, idea.ts]


async def test_a_press_in_a_thread_is_answered_there(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        idea, card = await drawn_in_a_thread(here)
        for value in ("favourite", "parameters"):
            act = await here.does(lambda value=value: here.fake.choose(card, "more:", value))  # type: ignore[misc]
            assert [each.thread_ts for each in act.replies] == [idea.ts] * len(act.replies) != []
        act = await here.does(lambda: here.fake.use_on(card, "show_parameters", by=here.fake.bob))
        assert [each.thread_ts for each in act.replies] == [idea.ts] * len(act.replies) != []


async def test_a_press_in_the_channel_is_answered_in_the_channel(tmp_path: Path) -> None:
    """Slack shows nobody a private message in a thread that has no replies yet."""
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        act = await here.does(lambda: here.fake.choose(card, "more:", "favourite"))
        assert [each.thread_ts for each in act.replies] == [""]
        await here.set_up(person_day_micros=0)
        said = await here.told(lambda: here.fake.press(card, "Again"))
        assert said.startswith("Your own budget for today is $0")
        # Also by the way without a response_url, after a form.
        await here.set_up()
        view = await here.modal(lambda: here.fake.press(card, "Edit"))
        here.here.tasks.closing = True
        await here.does(lambda: here.fake.submit(view, {"prompt": "a dog"}))
        here.here.tasks.closing = False
        told = here.fake.seen_by(here.fake.ann)[-1]
        assert (told.channel, told.thread_ts) == (here.fake.art, "")


async def test_a_card_that_has_replies_is_still_in_the_channel(tmp_path: Path) -> None:
    """Slack gives the first message of a thread its own ts as the thread's."""
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        here.fake.say("nice", under=card)
        card.thread_ts = card.ts
        act = await here.does(lambda: here.fake.choose(card, "more:", "favourite"))
        assert [each.thread_ts for each in act.replies] == [""]


async def test_show_in_a_thread_is_shown_there(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        idea, card = await drawn_in_a_thread(here)
        await here.does(lambda: here.fake.forge(card, f"show:{job_in(card)}", by=here.fake.bob))
        seen = here.fake.seen_by(here.fake.bob)[-1]
        assert (seen.thread_ts, len(seen.pictures)) == (idea.ts, 1)
        # What only one person sees begins no thread.
        await here.does(lambda: here.fake.press(seen, "Again"))
        assert (await here.shown(2))[-1].thread_ts == idea.ts


async def test_again_on_what_only_one_sees_is_a_post_of_its_own(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        await here.limner(f"show {job_in(card)}", by=here.fake.bob)
        seen = here.fake.seen_by(here.fake.bob)[-1]
        await here.does(lambda: here.fake.press(seen, "Again"))
        assert [each.thread_ts for each in await here.shown(2)] == ["", ""]


async def test_a_starting_image_of_a_thread_is_drawn_from_in_the_thread(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        idea = here.fake.say("an animal?")
        shared = here.fake.say("this", under=idea, files=(here.fake.upload(png()),))
        view = await here.modal(lambda: here.fake.use_on(shared, "use_as_start"))
        await here.does(lambda: here.fake.submit(view, {"prompt": "a fox"}))
        (card,) = await here.shown()
        assert card.thread_ts == idea.ts
        # In another channel there is no such thread.
        view = await here.modal(lambda: here.fake.use_on(card, "use_as_start"))
        await here.does(lambda: here.fake.press(view, "More options"))
        filled = {"prompt": "a fox", "where": here.fake.private.id}
        await here.does(lambda: here.fake.submit(view, filled))
        (other,) = await here.shown(at=here.fake.private)
        assert other.thread_ts == ""


async def test_pictures_that_slack_does_not_show_come_in_the_same_thread(tmp_path: Path) -> None:
    """A reply has no thread of its own."""
    async with slack_harness(tmp_path, fake=FakeSlack(processing=None), hurry=50) as here:
        idea = here.fake.say("an animal?")
        await here.does(lambda: here.fake.write(f"{here.fake.mention} a fox", under=idea))
        await here.until(lambda: here.fake.showing(here.fake.art))
        (shared,) = here.fake.showing(here.fake.art)
        assert shared.thread_ts == idea.ts


async def test_where_the_card_is_gone_again_is_a_post_of_its_own(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        here.fake.remove(card)
        await here.does(lambda: here.fake.press(card, "Again"))
        (new,) = await here.shown()
        assert new.thread_ts == ""
        assert here.drawn == 2


async def test_a_card_in_a_thread_whose_job_was_never_made_is_taken_away(tmp_path: Path) -> None:
    """The bot didn't hear that it arrived, and finds it among the replies."""
    clock = FakeClock(runs=True)
    async with slack_harness(tmp_path, clock=clock) as here:
        idea = here.fake.say("an animal?")
        here.fake.will("chat.postMessage", acts_and_cuts())
        await here.does(lambda: here.fake.write(f"{here.fake.mention} a fox", under=idea))
        (orphan,) = [m for m in here.fake.within(here.fake.art) if m.author.bot]
        assert orphan.thread_ts == idea.ts
        clock.advance(LOOK_AFTER)
        await here.here.pending_cards.look()
        assert orphan.deleted
