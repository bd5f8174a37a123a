"""kill -9 while somebody is told: after the restart they were told once."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.case import GRACE
from tests.adapters.discord.fake.world import USUAL, Channel, Message, Permission, Person
from tests.adapters.discord.test_delivery_kill import PATIENCE_S, Place, connected, kills
from tests.support.fake_deepinfra import draws
from tests.support.fork_server import ForkServer
from tests.support.killed_bots import is_worked_off, rows

pytestmark = pytest.mark.slow

# How far a clock must be ahead of the life before.
AHEAD_S = GRACE.total_seconds() + 1


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    with place.fake, place.drawing:
        yield place


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer("tests.adapters.discord.crashing_delivery") as server:
        yield server


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_while_a_case_is_announced(place: Place, server: ForkServer, when: str) -> None:
    first = server.begin(place.data_dir, place.environ)
    mods = chosen_channel(place)
    place.fake.will("send", kills(first, when))
    ask_for_what_is_withheld(place)
    assert server.ended(first) == signal.SIGKILL
    second = server.begin(place.data_dir, place.environ)
    place.fake.wait_for(lambda: everybody_heard(place), PATIENCE_S)
    server.kill(second)
    [card] = posted(place, mods)
    assert card.text.startswith("### Case `")


@pytest.mark.parametrize(
    ("step", "when"),
    [("direct", "before"), ("direct", "after"), ("send", "before"), ("send", "after")],
)
def test_a_death_while_the_requester_is_told(
    place: Place, server: ForkServer, step: str, when: str
) -> None:
    first = server.begin(place.data_dir, place.environ)
    mods = chosen_channel(place)
    ask_for_what_is_withheld(place)
    place.fake.wait_for(lambda: posted(place, mods))
    place.fake.wait_for(lambda: everybody_heard(place))
    place.fake.will(step, kills(first, when))
    place.fake.press(posted(place, mods)[0], "Approve", by=mia(place))
    assert server.ended(first) == signal.SIGKILL
    second = server.begin(place.data_dir, place.environ)
    place.fake.wait_for(lambda: everybody_heard(place), PATIENCE_S)
    place.fake.wait_for(lambda: place.fake.showing(place.fake.art), PATIENCE_S)
    server.kill(second)
    [heard] = [m for m in place.fake.messages if m.channel.recipient is place.fake.bob]
    assert heard.text.endswith("it is shown now.")
    assert len(place.fake.showing(place.fake.art)) == 1


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("decision", ["Approve", "Remove"])
def test_a_death_while_the_card_becomes_what_was_decided(
    place: Place, server: ForkServer, decision: str, when: str
) -> None:
    fake = place.fake
    first = server.begin(place.data_dir, place.environ)
    decide(place, a_case(place), decision)
    decided = "SELECT count(*) FROM review_case WHERE decision IS NOT NULL"
    fake.wait_for(lambda: rows(place.data_dir, decided) == [(1,)])
    server.kill(first)
    second = begin_ahead(server, place)
    fake.will("edit original", kills(second, when))
    assert server.ended(second) == signal.SIGKILL
    third = begin_ahead(server, place)
    fake.wait_for(lambda: everybody_heard(place) and is_worked_off(place.data_dir), PATIENCE_S)
    server.kill(third)
    [card] = seen_in_art(place)
    assert len(card.pictures) == (1 if decision == "Approve" else 0)
    assert len([m for m in fake.messages if m.channel.recipient is fake.bob]) == 1
    enforcement = "SELECT count(*) FROM audit WHERE action = 'effect'"
    assert rows(place.data_dir, enforcement) == [(1,)]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_while_what_was_escalated_is_taken_down(
    place: Place, server: ForkServer, when: str
) -> None:
    fake = place.fake
    first = server.begin(place.data_dir, place.environ)
    case = a_case(place)
    fake.will("delete message", kills(first, when))
    decide(place, case, "Escalate")
    assert server.ended(first) == signal.SIGKILL
    second = server.begin(place.data_dir, place.environ)
    due = "SELECT count(*) FROM card WHERE due_at IS NOT NULL"
    files = "SELECT count(*) FROM evidence WHERE secured_at IS NULL"
    fake.wait_for(
        lambda: everybody_heard(place) and rows(place.data_dir, due) == [(0,)], PATIENCE_S
    )
    fake.wait_for(lambda: rows(place.data_dir, files) == [(0,)])
    server.kill(second)
    assert seen_in_art(place) == []
    assert [m for m in fake.messages if m.channel.recipient is fake.bob] == []
    [kept] = (place.data_dir / "restricted").iterdir()
    assert (kept.suffix, kept.stat().st_mode & 0o777) == (".png", 0o400)


def begin_ahead(server: ForkServer, place: Place) -> int:
    """A life that finds what an earlier one decided due."""
    return server.begin(place.data_dir, place.environ, "", "", AHEAD_S)


def a_case(place: Place) -> Message:
    """Its card, once nothing of it is under way any more."""
    mods = chosen_channel(place)
    ask_for_what_is_withheld(place)
    place.fake.wait_for(lambda: posted(place, mods))
    place.fake.wait_for(lambda: everybody_heard(place) and is_worked_off(place.data_dir))
    return posted(place, mods)[0]


def decide(place: Place, card: Message, decision: str) -> None:
    """Mia presses, and sends the form where there is one."""
    pressed = place.fake.press(card, decision, by=mia(place))
    if decision != "Approve":
        place.fake.wait_for(lambda: pressed.modal)
        place.fake.submit(pressed, {})


def chosen_channel(place: Place) -> Channel:
    fake = place.fake
    mods = fake.add_channel("mods", fake.server)
    connected(fake)
    done = fake.command("limner setup", {"moderators": mods})
    fake.wait_for(lambda: done.original)
    return mods


def mia(place: Place) -> Person:
    person = place.fake.add_person("Mia", created_at=place.fake.world.now())
    place.fake.join(person, place.fake.server, USUAL | Permission.MODERATE_MEMBERS)
    return person


def ask_for_what_is_withheld(place: Place) -> None:
    place.drawing.will(draws(nsfw_content_detected=[True]))
    place.fake.command("imagine", {"prompt": "a bather"}, by=place.fake.bob)


def posted(place: Place, channel: Channel) -> list[Message]:
    return [m for m in place.fake.messages if m.channel is channel and not m.deleted]


def seen_in_art(place: Place) -> list[Message]:
    """By everybody there."""
    return [m for m in posted(place, place.fake.art) if not m.ephemeral]


def everybody_heard(place: Place) -> bool:
    """Nothing is to be decided on, carried out or said any more."""
    told = "SELECT count(*) FROM notice", "SELECT count(*) FROM notice WHERE due_at IS NOT NULL"
    waiting = "SELECT count(*) FROM review_case WHERE effect_at IS NOT NULL"
    [[said], [due]] = [rows(place.data_dir, question)[0] for question in told]
    return bool(said) and not due and rows(place.data_dir, waiting) == [(0,)]
