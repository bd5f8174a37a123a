"""kill -9 while somebody is told: after the restart they were told once."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.discord.fake_world import USUAL, Channel, Message, Permission, Person
from tests.discord.test_delivery_kill import PATIENCE_S, Place, connected, kills, rows
from tests.fake_deepinfra import draws
from tests.nursery import Nursery

pytestmark = pytest.mark.slow


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    with place.fake, place.drawing:
        yield place


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery("tests.discord.killed") as nursery:
        yield nursery


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_while_a_case_is_announced(place: Place, nursery: Nursery, when: str) -> None:
    first = nursery.begin(place.data_dir, place.environ)
    mods = chosen_channel(place)
    place.fake.will("send", kills(first, when))
    ask_for_what_is_withheld(place)
    assert nursery.ended(first) == signal.SIGKILL
    second = nursery.begin(place.data_dir, place.environ)
    place.fake.wait_for(lambda: everybody_heard(place), PATIENCE_S)
    nursery.kill(second)
    [card] = posted(place, mods)
    assert card.text.startswith("### Case `")


@pytest.mark.parametrize(
    ("step", "when"),
    [("direct", "before"), ("direct", "after"), ("send", "before"), ("send", "after")],
)
def test_a_death_while_the_requester_is_told(
    place: Place, nursery: Nursery, step: str, when: str
) -> None:
    first = nursery.begin(place.data_dir, place.environ)
    mods = chosen_channel(place)
    ask_for_what_is_withheld(place)
    place.fake.wait_for(lambda: posted(place, mods))
    place.fake.wait_for(lambda: everybody_heard(place))
    place.fake.will(step, kills(first, when))
    place.fake.press(posted(place, mods)[0], "Approve", by=mia(place))
    assert nursery.ended(first) == signal.SIGKILL
    second = nursery.begin(place.data_dir, place.environ)
    place.fake.wait_for(lambda: everybody_heard(place), PATIENCE_S)
    place.fake.wait_for(lambda: place.fake.showing(place.fake.art), PATIENCE_S)
    nursery.kill(second)
    [heard] = [m for m in place.fake.messages if m.channel.recipient is place.fake.bob]
    assert heard.text.endswith("it is shown now.")
    assert len(place.fake.showing(place.fake.art)) == 1


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


def everybody_heard(place: Place) -> bool:
    """Nothing is to be decided on, carried out or said any more."""
    told = "SELECT count(*) FROM notice", "SELECT count(*) FROM notice WHERE due_at IS NOT NULL"
    waiting = "SELECT count(*) FROM review_case WHERE effect_at IS NOT NULL"
    [[said], [due]] = [rows(place.data_dir, question)[0] for question in told]
    return bool(said) and not due and rows(place.data_dir, waiting) == [(0,)]
