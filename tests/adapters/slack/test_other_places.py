"""A channel that takes no card is no dead end: nothing is lost, other places are a press away."""

import asyncio
import threading
from pathlib import Path

import pytest

from adapters.slack.actions.other_place import packed
from adapters.slack.platform.limits import BUTTON_VALUE_MAX_CHARS
from tests.adapters.slack.fake.server import answers, waits
from tests.adapters.slack.fake.world import DIRECT, Channel, Message, View
from tests.adapters.slack.harness import SlackHarness, job_in, slack_harness
from tests.adapters.slack.test_modals import all_of
from tests.support.clock import FakeClock

WORDS = 'a harbour in the fog --steps 30 --seed 7 --no "people, boats"'


async def refused(here: SlackHarness, text: str = WORDS, at: Channel | None = None) -> Message:
    """What Ann alone reads after /imagine where the bot is no member."""
    channel = at or here.fake.elsewhere
    act = await here.does(lambda: here.fake.command("/imagine", text, at=channel))
    return act.replies[-1]


def labels(message: Message | View) -> list[str]:
    return [part["text"]["text"] for part in message.controls if "text" in part]


async def test_in_private_it_is_drawn_as_it_was_asked(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        told = await refused(here)
        assert labels(told) == ["Draw it in private", "Add me"]
        await here.does(lambda: here.fake.press(told, "place:private"))
        await here.shown(at=here.fake.direct(here.fake.ann))
        (request,) = here.core.backend.drawn
        drawn = (request.prompt, request.num_inference_steps, request.seed, request.negative_prompt)
        assert drawn == ("a harbour in the fog", 30, 7, "people, boats")
        assert here.fake.within(here.fake.elsewhere) == []


async def test_added_to_the_channel_it_draws_there(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        told = await refused(here)
        await here.does(lambda: here.fake.press(told, "place:join"))
        (card,) = await here.shown(at=here.fake.elsewhere)
        assert "a harbour in the fog" in card.words
        assert here.core.backend.drawn[0].seed == 7


async def test_without_the_permission_to_join_it_says_how_to_invite(tmp_path: Path) -> None:
    """As in installations from before there was one."""
    async with slack_harness(tmp_path) as here:
        here.fake.workspace.scopes = here.fake.workspace.scopes - {"channels:join"}
        told = await refused(here)
        act = await here.does(lambda: here.fake.press(told, "place:join"))
        again = act.replies[-1]
        assert "Somebody in it can type `/invite @limner` there" in again.words
        assert labels(again) == ["Draw it in private"]
        assert here.drawn == 0


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("is_archived", "This channel is archived"),
        ("restricted_action_read_only_channel", "Only some people may post in this channel"),
    ],
)
async def test_where_no_invitation_helps_none_is_offered(
    tmp_path: Path, code: str, told: str
) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.will("chat.postMessage", answers(code))
        said = await refused(here, at=here.fake.art)
        assert said.words.startswith(told)
        assert "/invite" not in said.words
        assert labels(said) == ["Draw it in private"]


async def test_in_a_conversation_of_others_it_says_so(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        fake = here.fake
        others = Channel(fake.world.ids.new("D"), "directmessage", DIRECT, [fake.ann, fake.bob])
        fake.workspace.channels[others.id] = others
        said = await refused(here, at=others)
        assert said.words.startswith("This is a conversation between others")
        assert labels(said) == ["Draw it in private"]


async def test_a_private_channel_is_joined_by_its_members_alone(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.remove_bot(here.fake.private)
        said = await refused(here, at=here.fake.private)
        assert "Somebody in it can type `/invite @limner`" in said.words
        assert labels(said) == ["Draw it in private"]


async def test_words_that_no_button_holds_are_given_back(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        text = "".join(chr(0x4E00 + number * 7 % 20_000) for number in range(1_000))
        assert len(packed(text)) > BUTTON_VALUE_MAX_CHARS
        said = await refused(here, text)
        assert text in said.words
        assert labels(said) == []


async def test_a_button_of_a_result_goes_on_in_private(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --seed 7")
        here.fake.remove_bot(here.fake.art)
        act = await here.does(lambda: here.fake.press(card, "Vary", by=here.fake.bob))
        await here.does(lambda: here.fake.press(act.replies[-1], "place:private"))
        (varied,) = await here.shown(at=here.fake.direct(here.fake.bob))
        assert "varied" in varied.words


# --- the form


async def sent(here: SlackHarness, at: Channel) -> View:
    view = await all_of(here, await here.modal(lambda: here.fake.command("/imagine")))
    filled = {"prompt": "a harbour", "where": at.id, "num_inference_steps": "30", "seed": "7"}
    await here.does(lambda: here.fake.submit(view, filled))
    return view


def beside_the_field(view: View) -> str:
    names = [block.get("block_id") for block in view.blocks]
    assert names[names.index("where") + 1 :][:2] == ["closed", "offered"]
    return str(view.blocks[names.index("closed")]["text"]["text"])


async def test_the_form_stays_with_all_its_fields_and_says_why_beside_the_channel(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path) as here:
        view = await sent(here, here.fake.elsewhere)
        assert "I am not in this channel" in beside_the_field(view)
        filled = {"prompt": "a harbour", "where": here.fake.art.id}
        await here.does(lambda: here.fake.submit(view, {**filled, "seed": "7"}))
        assert view.closed
        await here.shown()
        assert (here.drawn, here.core.backend.drawn[0].prompt) == (1, "a harbour")


async def test_the_form_draws_in_private_what_it_says(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await sent(here, here.fake.elsewhere)
        assert "Draw it in private" in labels(view)
        filled = {"prompt": "a harbour", "where": here.fake.elsewhere.id, "seed": "7"}
        await here.does(lambda: here.fake.press(view, "place:private", filled=filled))
        await here.shown(at=here.fake.direct(here.fake.ann))
        assert "It is being drawn" in view.words
        (request,) = here.core.backend.drawn
        assert (request.prompt, request.seed) == ("a harbour", 7)


async def test_the_form_adds_the_bot_to_the_channel(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await sent(here, here.fake.elsewhere)
        filled = {"prompt": "a harbour", "where": here.fake.elsewhere.id}
        await here.does(lambda: here.fake.press(view, "place:join", filled=filled))
        await here.shown(at=here.fake.elsewhere)
        assert "I am in the channel now" in view.words


async def test_without_a_channel_there_is_none_to_be_added_to(tmp_path: Path) -> None:
    """Somebody emptied the field, and pressed the button of before."""
    async with slack_harness(tmp_path) as here:
        view = await sent(here, here.fake.elsewhere)
        filled = {"prompt": "a harbour", "where": None}
        await here.does(lambda: here.fake.press(view, "place:join", filled=filled))
        await here.shown(at=here.fake.direct(here.fake.ann))
        assert "It is being drawn" in view.words


async def test_the_short_form_says_it_above_its_fields(tmp_path: Path) -> None:
    """It has no field for the channel; "More options" shows that one."""
    async with slack_harness(tmp_path) as here:
        channel = here.fake.elsewhere
        view = await here.modal(lambda: here.fake.command("/imagine", at=channel))
        filled = {"prompt": "a harbour --seed 7", "num_images": "2"}
        await here.does(lambda: here.fake.submit(view, filled))
        assert [b.get("block_id") for b in view.blocks][:3] == ["closed", "offered", "prompt"]
        assert view.body["submit"]["text"] == "Draw · $0.001"
        await here.does(lambda: here.fake.press(view, "More options", filled=filled))
        assert "Draw it in private" not in labels(view)
        await here.does(lambda: here.fake.submit(view, filled))
        assert "I am not in this channel" in beside_the_field(view)
        await here.does(lambda: here.fake.press(view, "place:join", filled=filled))
        await here.shown(at=channel)
        (request,) = here.core.backend.drawn
        assert (request.prompt, request.seed, request.num_images) == ("a harbour", 7, 2)


async def test_where_joining_does_not_help_the_words_are_offered_again(tmp_path: Path) -> None:
    """The form is gone by then."""
    async with slack_harness(tmp_path) as here:
        view = await sent(here, here.fake.elsewhere)
        filled = {"prompt": "a harbour", "where": here.fake.elsewhere.id, "seed": "7"}
        here.fake.will("chat.postMessage", answers("restricted_action"))
        await here.does(lambda: here.fake.press(view, "place:join", filled=filled))
        told = here.fake.seen_by(here.fake.ann)[-1]
        assert told.words.startswith("Only some people may post in this channel")
        await here.does(lambda: here.fake.press(told, "place:private"))
        await here.shown(at=here.fake.direct(here.fake.ann))
        assert here.core.backend.drawn[0].seed == 7


async def test_where_private_messages_are_closed_they_are_not_offered(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.always("conversations.open", answers("messages_tab_disabled"))
        told = await refused(here, "a harbour --private", at=here.fake.art)
        assert told.words.startswith("Slack lets me write you no direct messages")
        assert "/imagine a harbour --private" in told.words
        assert labels(told) == []
        view = await all_of(here, await here.modal(lambda: here.fake.command("/imagine")))
        filled = {"prompt": "a harbour", "private": ["on"]}
        await here.does(lambda: here.fake.submit(view, filled))
        assert "Slack lets me write you no direct messages" in view.words
        assert "Draw it in private" not in labels(view)


async def test_a_slow_slack_is_not_waited_for_and_the_answer_comes_afterwards(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path, clock=FakeClock(runs=True)) as here:
        gate = threading.Event()
        here.fake.will("chat.postMessage", waits(gate))
        channel = here.fake.elsewhere
        view = await here.modal(lambda: here.fake.command("/imagine", at=channel))
        act = await asyncio.to_thread(lambda: here.fake.submit(view, {"prompt": "a harbour"}))
        await here.fake.until(lambda: act.acked)
        assert act.ack_ms < 3_000
        assert view.closed
        gate.set()
        await here.fake.until(lambda: not here.here.tasks.busy)
        told = here.fake.seen_by(here.fake.ann)[-1]
        assert told.channel == here.fake.direct(here.fake.ann)
        # Where it is read, nobody can be added.
        assert "Somebody in it can type `/invite @limner` there" in told.words
        assert labels(told) == ["Draw it in private"]
        await here.does(lambda: here.fake.press(told, "place:private"))
        await here.shown(at=here.fake.direct(here.fake.ann))


# --- private


async def test_private_says_where_the_result_will_be(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        act = await here.does(lambda: here.fake.command("/imagine", "a secret --private"))
        (card,) = await here.shown(at=here.fake.direct(here.fake.ann))
        address = f"/archives/{card.channel.id}/p{card.ts.replace('.', '')}"
        assert "Only you will see it" in act.replies[-1].words
        assert address in act.replies[-1].words


async def private_result(here: SlackHarness) -> Message:
    await here.does(lambda: here.fake.command("/imagine", "a secret --private"))
    (card,) = await here.shown(at=here.fake.direct(here.fake.ann))
    await here.fake.until(lambda: not here.core.outbox._busy)
    return card


async def test_a_private_result_is_shared_where_it_was_asked_for(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await private_result(here)
        job = job_in(card)
        hidden = await here.told(
            lambda: here.fake.command("/limner", f"show {job}", by=here.fake.bob)
        )
        assert hidden.startswith("This belongs to somebody else")
        act = await here.does(lambda: here.fake.press(card, "Share where I asked"))
        assert act.replies[-1].words == f"Everybody where you asked sees `{job}` now."
        (shared,) = await here.shown(at=here.fake.art)
        assert shared.pictures == card.pictures
        await here.fake.until(lambda: "Share where I asked" not in labels(card))
        again = await here.does(lambda: here.fake.forge(card, f"share:{job}"))
        assert again.replies[-1].words == f"`{job}` is no secret any more."
        await here.fake.until(lambda: not here.core.outbox._busy)
        assert here.fake.within(here.fake.art) == [shared]
        await here.core.studio.delete(here.asker(here.fake.ann), job)
        await here.fake.until(lambda: not shared.pictures and not card.pictures)


async def test_one_whose_pictures_are_in_the_thread_is_shared_as_well(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, pictures_in_thread=True) as here:
        direct = here.fake.direct(here.fake.ann)
        await here.does(lambda: here.fake.command("/imagine", "a secret --private"))
        await here.until(lambda: len(here.fake.within(direct)) == 2)
        card = here.fake.within(direct)[0]
        await here.does(lambda: here.fake.press(card, "Share where I asked"))
        await here.until(lambda: len(here.fake.within(here.fake.art)) == 2)
        shared, picture = here.fake.within(here.fake.art)
        assert (picture.thread_ts, len(picture.files)) == (shared.ts, 1)


async def test_one_that_was_asked_for_in_a_thread_is_shared_there(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        idea = here.fake.say("an animal?")
        text = f"{here.fake.mention} a fox --private"
        await here.does(lambda: here.fake.write(text, under=idea))
        (card,) = await here.shown(at=here.fake.direct(here.fake.ann))
        await here.does(lambda: here.fake.press(card, "Share where I asked"))
        (shared,) = await here.shown(at=here.fake.art)
        assert shared.thread_ts == idea.ts


async def test_nobody_else_shares_it(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await private_result(here)
        share = card.control("Share where I asked")["action_id"]
        act = await here.does(lambda: here.fake.forge(card, share, by=here.fake.bob))
        assert act.replies[-1].words.startswith("This belongs to somebody else")
        assert here.fake.within(here.fake.art) == []


async def test_where_it_can_not_be_shared_it_says_so_and_stays_where_it_is(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await private_result(here)
        here.fake.remove_bot(here.fake.art)
        await here.does(lambda: here.fake.press(card, "Share where I asked"))
        direct = here.fake.direct(here.fake.ann)
        await here.fake.until(lambda: len(here.fake.within(direct)) == 2)
        assert here.fake.within(direct)[1].words.startswith("I can't post in the channel")
        assert [m for m in here.fake.messages if m.pictures and not m.deleted] == [card]


async def test_what_was_asked_for_between_us_has_nowhere_to_be_shared(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw(at=here.fake.direct(here.fake.ann))
        assert "Share where I asked" not in labels(card)
