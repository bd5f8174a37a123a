"""kill -9 between a decision and what Slack shows of it: after the restart it is there once."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.domain.case import GRACE
from tests.adapters.slack.fake.server import Behaviour, Exchange
from tests.adapters.slack.fake.world import Act, Channel, Message, Person, View
from tests.adapters.slack.test_delivery_kill import PATIENCE_S, Place, connected, kills, line_gone
from tests.support.fake_deepinfra import draws
from tests.support.fork_server import ForkServer
from tests.support.killed_bots import is_worked_off, rows

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

# How far a clock must be ahead of the life before.
AHEAD_S = GRACE.total_seconds() + 1
# What a decision calls on its way to people, in no order: words and cards are said side by side.
PASSES = {
    "approve": (
        "conversations.open",
        "chat.postMessage",
        "files.getUploadURLExternal",
        "upload",
        "files.completeUploadExternal",
        "files.info",
        "chat.update",
    ),
    "remove": ("conversations.open", "chat.postMessage", "chat.update"),
}
CASES = [
    pytest.param(decision, step, when, id=f"{decision}-{step}-{when}")
    for decision, steps in PASSES.items()
    for step in steps
    for when in ("before", "after")
]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    with place.fake, place.drawing:
        yield place


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer("tests.adapters.slack.crashing_delivery") as server:
        yield server


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_while_a_case_is_announced(place: Place, server: ForkServer, when: str) -> None:
    first = server.begin(place.data_dir, place.environ)
    mods = chosen_channel(place)
    place.fake.always("chat.postMessage", kills_at(mods, first, when))
    ask_for_what_is_withheld(place)
    assert server.ended(first) == signal.SIGKILL
    second = server.begin(place.data_dir, place.environ)
    place.fake.wait_for(lambda: everybody_heard(place), PATIENCE_S)
    server.kill(second)
    [card] = cards(place, mods)
    assert "waits for a moderator" in card.words


@pytest.mark.parametrize(("decision", "step", "when"), CASES)
def test_after_a_death_a_decision_is_shown_and_told_once(
    place: Place, server: ForkServer, decision: str, step: str, when: str
) -> None:
    first = server.begin(place.data_dir, place.environ)
    card = a_case(place)
    decide(place, card, decision)
    until_written_down(place)
    server.kill(first)
    second = begin_ahead(server, place)
    place.fake.will(step, kills(second, when))
    assert server.ended(second) == signal.SIGKILL
    third = begin_ahead(server, place)
    place.fake.wait_for(
        lambda: everybody_heard(place) and is_worked_off(place.data_dir), PATIENCE_S
    )
    server.kill(third)
    SEEN[decision](place)
    with_effect = "SELECT count(*) FROM audit WHERE action = 'effect'"
    assert rows(place.data_dir, with_effect) == [(1,)]


def approved(place: Place) -> None:
    [words] = heard(place)
    assert words.endswith("it is shown now.")
    assert [len(m.pictures) for m in shown_to_people(place)] == [1]


def removed(place: Place) -> None:
    [words] = heard(place)
    assert words.startswith("A moderator removed `")
    [card] = shown_to_people(place)
    assert card.pictures == []
    assert "Second look" in str(card.controls)


SEEN = {"approve": approved, "remove": removed}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_while_what_was_escalated_is_taken_down(
    place: Place, server: ForkServer, when: str
) -> None:
    first = server.begin(place.data_dir, place.environ)
    card = a_case(place)
    place.fake.will("chat.delete", kills(first, when))
    decide(place, card, "escalate")
    assert server.ended(first) == signal.SIGKILL
    second = server.begin(place.data_dir, place.environ)
    due = "SELECT count(*) FROM card WHERE due_at IS NOT NULL"
    place.fake.wait_for(
        lambda: everybody_heard(place) and rows(place.data_dir, due) == [(0,)], PATIENCE_S
    )
    server.kill(second)
    assert heard(place) == []
    assert shown_to_people(place) == []
    [kept] = (place.data_dir / "restricted").iterdir()
    assert (kept.suffix, kept.stat().st_mode & 0o777) == (".png", 0o400)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_card_that_a_death_left_behind_is_made_true_by_the_next_press(
    place: Place, server: ForkServer, when: str
) -> None:
    fake = place.fake
    first = server.begin(place.data_dir, place.environ)
    card = a_case(place)
    fake.always("chat.update", kills_at(card.channel, first, when))
    fake.press(card, "Approve")
    assert server.ended(first) == signal.SIGKILL
    line_gone(fake)
    second = begin_ahead(server, place)
    connected(fake)
    fake.wait_for(lambda: everybody_heard(place) and is_worked_off(place.data_dir), PATIENCE_S)
    late = fake.press(card, "Blur" if when == "before" else "Undo", by=mia(place))
    fake.wait_for(lambda: late.replies)
    fake.wait_for(lambda: f"*Shown* by <@{fake.ann.id}>" in card.words and card.controls == [])
    server.kill(second)
    assert f"*Shown* by <@{fake.ann.id}>" in late.replies[-1].words
    approved(place)


def begin_ahead(server: ForkServer, place: Place) -> int:
    """A life that finds what an earlier one decided due."""
    return server.begin(place.data_dir, place.environ, "", "", 1.0, AHEAD_S)


# --- what people do -------------------------------------------------------------------------------


def chosen_channel(place: Place) -> Channel:
    """Ann, an admin, chooses a channel for the moderators, of whom Mia is one."""
    fake = place.fake
    person = fake.add_person("Mia")
    mods = fake.add_channel("mods", fake.ann, person, private=True)
    fake.invite_bot(mods)
    connected(fake)
    filled = {"moderator_channel": mods.id, "moderators": [person.id], "flagged": "review"}
    done = fake.submit(form(place, fake.command("/limner", "setup")), filled)
    fake.wait_for(lambda: done.acked and fake.seen_by(fake.ann))
    return mods


def mia(place: Place) -> Person:
    [person] = [each for each in place.fake.workspace.people.values() if each.name == "Mia"]
    return person


def a_case(place: Place) -> Message:
    """Its card, once nothing of it is under way any more."""
    mods = chosen_channel(place)
    ask_for_what_is_withheld(place)
    place.fake.wait_for(lambda: cards(place, mods))
    place.fake.wait_for(lambda: everybody_heard(place) and is_worked_off(place.data_dir))
    return cards(place, mods)[0]


def ask_for_what_is_withheld(place: Place) -> None:
    place.drawing.will(draws(nsfw_content_detected=[True]))
    place.fake.command("/imagine", "a bather", by=place.fake.bob)


def decide(place: Place, card: Message, decision: str) -> None:
    """Ann presses, and sends the form where there is one."""
    fake = place.fake
    pressed = fake.press(card, f"case:{decision}:")
    if decision != "approve":
        fake.submit(form(place, pressed), {})


def until_written_down(place: Place) -> None:
    decided = "SELECT count(*) FROM review_case WHERE decision IS NOT NULL"
    place.fake.wait_for(lambda: rows(place.data_dir, decided) == [(1,)])


def form(place: Place, act: Act) -> View:
    """What opened, once it is more than "One moment"."""
    place.fake.wait_for(lambda: act.modal and act.modal.body.get("submit"))
    assert act.modal is not None
    return act.modal


def kills_at(channel: Channel, pid: int, when: str) -> Behaviour:
    """The bot dies at the first call about `channel`; others go as ever."""
    kill, dead = kills(pid, when), list[bool]()

    async def behave(exchange: Exchange) -> web.Response:
        if exchange.call.args.get("channel") != channel.id or dead:
            return exchange.act()
        dead.append(True)
        return await kill(exchange)

    return behave


# --- what can be seen -----------------------------------------------------------------------------


def cards(place: Place, channel: Channel) -> list[Message]:
    return [m for m in place.fake.within(channel) if m.author.bot]


def shown_to_people(place: Place) -> list[Message]:
    return cards(place, place.fake.art)


def heard(place: Place) -> list[str]:
    """What Bob was told in private."""
    return [m.words for m in place.fake.within(place.fake.direct(place.fake.bob))]


def everybody_heard(place: Place) -> bool:
    """Nothing is to be decided on, carried out or said any more."""
    told = "SELECT count(*) FROM notice", "SELECT count(*) FROM notice WHERE due_at IS NOT NULL"
    waiting = "SELECT count(*) FROM review_case WHERE effect_at IS NOT NULL"
    files = "SELECT count(*) FROM evidence WHERE secured_at IS NULL"
    [[said], [due]] = [rows(place.data_dir, question)[0] for question in told]
    left = [rows(place.data_dir, question)[0] for question in (waiting, files)]
    return bool(said) and not due and left == [(0,), (0,)]
