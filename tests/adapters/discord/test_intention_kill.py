"""kill -9 between a command and its job: the card says so, and the words come back."""

import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.adapters.discord.fake.server import FakeDiscord
from tests.adapters.discord.fake.world import Interaction, Message
from tests.adapters.discord.test_delivery_kill import (
    DEAD,
    PATIENCE_S,
    Place,
    connected,
    kills,
    line_gone,
    set_up_now,
)
from tests.support.fork_server import ForkServer
from tests.support.killed_bots import ANNOUNCED, HELD, check_the_store, is_worked_off, rows

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PROMPT = "a lighthouse at dusk, with a `fence`"
STOPPED = "I was stopped before I could take this up. Nothing was charged."


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    with place.fake, place.drawing:
        yield place


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer("tests.adapters.discord.crashing_delivery") as server:
        yield server


# Where it dies, and whether Discord had the acknowledgement by then.
DEATHS = {
    (ANNOUNCED, "before"): False,
    (ANNOUNCED, "after"): False,
    ("callback", "before"): False,
    ("callback", "after"): True,
    (HELD, "before"): True,
}


def asked_and_killed(
    place: Place, server: ForkServer, step: str, when: str, *, private: bool = False
) -> Interaction:
    """A command, over which the bot dies."""
    fake = place.fake
    pid = server.begin(place.data_dir, place.environ)
    connected(fake)
    set_up_now(fake)
    server.kill(pid)
    line_gone(fake)
    pid = server.begin(place.data_dir, place.environ, "" if step == "callback" else step, when)
    connected(fake)
    if step == "callback":
        fake.will("callback", kills(pid, when))
    asked = fake.command("imagine", {"prompt": PROMPT, "private": private})
    assert server.ended(pid) == signal.SIGKILL
    line_gone(fake)
    return asked


def one_more_life(place: Place, server: ForkServer) -> None:
    """Until nothing is left to do."""
    pid = server.begin(place.data_dir, place.environ)
    connected(place.fake)
    place.fake.wait_for(lambda: is_worked_off(place.data_dir), PATIENCE_S)
    server.kill(pid)
    check_the_store(place.data_dir)


def whispered(asked: Interaction) -> str:
    return "\n".join(m.text for m in asked.followups if m.ephemeral)


def in_private(fake: FakeDiscord) -> list[Message]:
    return [m for m in fake.messages if m.channel.recipient is fake.ann]


def nothing_came_of_it(place: Place) -> None:
    assert [m for m in place.fake.messages if m.loading and not m.deleted] == []
    assert rows(place.data_dir, "SELECT 1 FROM job") == []
    assert rows(place.data_dir, "SELECT 1 FROM entry") == []
    assert not [m for m in place.fake.messages if m.pictures]


@pytest.mark.parametrize(("step", "when"), DEATHS)
def test_a_public_card_says_what_happened_and_the_words_come_back(
    place: Place, server: ForkServer, step: str, when: str
) -> None:
    asked = asked_and_killed(place, server, step, when)
    one_more_life(place, server)
    nothing_came_of_it(place)
    if DEATHS[step, when]:
        assert asked.original is not None
        assert asked.original.text.startswith(STOPPED)
        assert PROMPT not in asked.original.text
        assert PROMPT in whispered(asked)
        assert in_private(place.fake) == []
    elif (step, when) == (ANNOUNCED, "before"):
        assert in_private(place.fake) == []  # Discord itself says that nobody answered
    else:
        [message] = in_private(place.fake)
        assert PROMPT in message.text


def test_a_private_card_has_the_words_on_it(place: Place, server: ForkServer) -> None:
    asked = asked_and_killed(place, server, "callback", "after", private=True)
    one_more_life(place, server)
    nothing_came_of_it(place)
    assert asked.original is not None
    assert asked.original.text.startswith(STOPPED)
    assert PROMPT in asked.original.text
    assert (asked.followups, in_private(place.fake)) == ([], [])


@pytest.mark.parametrize("private", [False, True])
def test_after_a_quarter_of_an_hour_the_words_come_as_a_direct_message(
    place: Place, server: ForkServer, *, private: bool
) -> None:
    asked = asked_and_killed(place, server, "callback", "after", private=private)
    place.shift(DEAD)
    pid = server.begin(place.data_dir, place.environ, "", "", DEAD / timedelta(seconds=1))
    connected(place.fake)
    place.fake.wait_for(lambda: is_worked_off(place.data_dir), PATIENCE_S)
    server.kill(pid)
    [message] = in_private(place.fake)
    assert PROMPT in message.text
    assert asked.original is not None
    if not private:
        assert asked.original.text.startswith(STOPPED)
        nothing_came_of_it(place)


def test_a_death_while_somebody_is_told_tells_nobody_twice(
    place: Place, server: ForkServer
) -> None:
    asked = asked_and_killed(place, server, "callback", "after")
    place.shift(DEAD)
    for when in ("before", "after"):
        pid = server.begin(place.data_dir, place.environ, "", "", DEAD / timedelta(seconds=1))
        place.fake.will("send", kills(pid, when))
        assert server.ended(pid) == signal.SIGKILL
        line_gone(place.fake)
    pid = server.begin(place.data_dir, place.environ, "", "", DEAD / timedelta(seconds=1))
    place.fake.wait_for(lambda: is_worked_off(place.data_dir), PATIENCE_S)
    server.kill(pid)
    assert len(in_private(place.fake)) == 1
    assert asked.original is not None
    assert asked.original.text.startswith(STOPPED)


def test_whoever_has_a_job_by_then_gets_the_pictures_and_hears_nothing_else(
    place: Place, server: ForkServer
) -> None:
    asked = asked_and_killed(place, server, HELD, "after")
    one_more_life(place, server)
    assert asked.original is not None
    assert asked.original.pictures
    assert in_private(place.fake) == []
    assert STOPPED not in whispered(asked)
