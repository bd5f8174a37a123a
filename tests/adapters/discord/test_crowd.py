"""Many at once on the wire: everybody who waits sees their place, and can cancel."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.live_progress import EVERY_S, JOBS_MAX
from tests.adapters.discord.fake.server import FakeDiscord
from tests.adapters.discord.fake.world import Interaction, Message
from tests.adapters.discord.whole_bot import environ_of, set_up
from tests.support.clock import FakeClock
from tests.support.fake_deepinfra import FakeDeepInfra
from tests.support.fake_deepinfra import waits as drawing_waits
from tests.support.whole_bot import alive

CROWD = 60
RUNNING = 4

pytestmark = pytest.mark.slow


@pytest.fixture
def fake() -> Iterator[FakeDiscord]:
    with FakeDiscord() as fake:
        for number in range(CROWD):
            long_ago = fake.server.members[fake.ann.id].joined_at - timedelta(days=100)
            person = fake.add_person(f"Guest {number}", created_at=long_ago)
            fake.join(person, fake.server)
        yield fake
        assert fake.unknown == []


def original(asked: Interaction) -> Message:
    assert asked.original is not None
    return asked.original


def in_line(asked: list[Interaction]) -> list[Interaction]:
    """Those who see their place, and can cancel."""
    return [
        each
        for each in showing(asked, "in line")
        if "Cancel" in [control.get("label") for control in original(each).controls]
    ]


def showing(asked: list[Interaction], words: str) -> list[Interaction]:
    return [each for each in asked if words in original(each).text]


async def test_sixty_at_once_all_see_their_place_and_can_cancel(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    gate = threading.Event()
    with FakeDeepInfra() as drawing:
        drawing.always(drawing_waits(gate))
        environ = environ_of(fake, drawing, tmp_path) | {"MAX_RUNNING": str(RUNNING)}
        async with alive(environ, FakeClock(runs=True)):
            await fake.until(lambda: fake.connected and fake.commands)
            await set_up(fake)
            people = [each for each in fake.world.people.values() if each.name.startswith("Guest")]
            began_s = time.monotonic()
            asked = [fake.command("imagine", {"prompt": "a cat"}, by=each) for each in people]
            await fake.until(lambda: len([a for a in asked if a.original]) == CROWD)
            await fake.until(lambda: drawing.most_outstanding == RUNNING)
            await fake.until(lambda: len(in_line(asked)) == CROWD - RUNNING)
            edits = len(fake.operations("edit original"))
            took_s = time.monotonic() - began_s
            assert edits <= took_s * JOBS_MAX / EVERY_S + 1
            # One goes, and everybody sees that the line is shorter.
            first = in_line(asked)[0]
            fake.press(original(first), "Cancel", by=first.person)
            await fake.until(lambda: "Cancelled" in original(first).text)
            await fake.until(lambda: not showing(asked, f"Place {CROWD - RUNNING} in line"))
            gate.set()
            await fake.until(lambda: len(fake.showing(fake.art)) == CROWD - 1, 120)
    assert {a.person.id for a in asked if original(a).pictures} == {
        a.person.id for a in asked if a is not first
    }


async def test_after_a_restart_who_waits_is_shown_their_place_again(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    gate = threading.Event()
    with FakeDeepInfra() as drawing:
        drawing.always(drawing_waits(gate))
        environ = environ_of(fake, drawing, tmp_path) | {"MAX_RUNNING": "1"}
        async with alive(environ, FakeClock(runs=True)):
            await fake.until(lambda: fake.connected and fake.commands)
            await set_up(fake)
            people = [each for each in fake.world.people.values() if each.name.startswith("Guest")]
            asked = [fake.command("imagine", {"prompt": "a cat"}, by=each) for each in people[:3]]
            await fake.until(lambda: all(each.original for each in asked))
            await fake.until(lambda: drawing.most_outstanding == 1)
            await fake.until(lambda: len(in_line(asked)) == 2)
        waiting = in_line(asked)
        before = {each: len(original(each).edits) for each in waiting}
        async with alive(environ, FakeClock(runs=True)):
            await fake.until(
                lambda: all(len(original(each).edits) > count for each, count in before.items())
            )
            # The one that was being drawn is lost, so the next one is drawn now.
            await fake.until(lambda: len(in_line(asked)) == 1)
            await fake.until(lambda: len(original(in_line(asked)[0]).edits) > before[waiting[0]])
            gate.set()
            await fake.until(lambda: len(fake.showing(fake.art)) == 2)
