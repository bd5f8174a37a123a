"""kill -9 at every step, then a start: one message with the pictures per job, and no card without.

A step is one on the way from a command to its job, or one of a delivery.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tests.adapters.slack.fake.server import Behaviour, Exchange, FakeSlack, acts, answers
from tests.adapters.slack.fake.world import DIRECT, Message
from tests.adapters.slack.whole_bot import environ_of
from tests.support.fake_deepinfra import FakeDeepInfra
from tests.support.fake_deepinfra import waits as drawing_waits
from tests.support.fork_server import ForkServer
from tests.support.killed_bots import ANNOUNCED, HELD, SHOWN, check_the_store, is_worked_off, rows

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_800)]

TIMES = 200
WAITING = "Looking for a place in line"
# Some die in their start, which takes about a quarter of a second, most in their work.
IN_THE_START, START_S = 0.25, 0.25
WORK_MIN_S, WORK_MAX_S = 0.5, 2.0
# Nobody waits as long but for what hangs.
PATIENCE_S = 400.0
# For what waits on purpose: endless processing, and hundreds of cards that take their turns.
HURRY = 20.0


class Place:
    """A Slack, a service and a folder."""

    def __init__(self, data_dir: Path) -> None:
        self.fake = FakeSlack(processing=timedelta(seconds=0.15))
        self.drawing = FakeDeepInfra()
        self.data_dir = data_dir

    @property
    def environ(self) -> dict[str, str]:
        return environ_of(self.fake, self.drawing, self.data_dir)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    with place.fake, place.drawing:
        yield place


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer("tests.adapters.slack.crashing_delivery") as server:
        yield server


# How the world is when the pictures are ready: which way is left.


def standing_card(place: Place, card: Message) -> None:
    pass


def closed_card(place: Place, card: Message) -> None:
    place.fake.lock(card)


def closed_channel(place: Place, card: Message) -> None:
    place.fake.remove_bot(place.fake.art)


def endless_processing(place: Place, card: Message) -> None:
    place.fake.processing = None


WAYS = {
    "card": standing_card,
    "new": closed_card,
    "dm": closed_channel,
    "thread": endless_processing,
}
# What a delivery on each way writes down and calls, in its order.
WRITTEN = {
    "card": ("the files are known", "posted", SHOWN),
    "new": ("the card is gone", "before a new message", "a new message is known", "posted", SHOWN),
    "dm": ("before a direct message", "a new message is known", "posted", SHOWN),
    "thread": ("posted", "before a file is shared", SHOWN),
}
CALLED = {
    "card": (
        "files.getUploadURLExternal",
        "upload",
        "files.completeUploadExternal",
        "files.info",
        "chat.update",
    ),
    "new": ("chat.update", "chat.postMessage"),
    "dm": ("conversations.open", "chat.postMessage"),
    "thread": ("files.completeUploadExternal",),
}
STEPS_OF_A_DELIVERY = [
    pytest.param(way, step, when, id=f"{way}-{step}-{when}")
    for way in WAYS
    for step in (*WRITTEN[way], *CALLED[way])
    for when in ("before", "after")
]


@pytest.mark.parametrize(("way", "step", "when"), STEPS_OF_A_DELIVERY)
def test_after_a_death_the_pictures_are_there_once(
    place: Place, server: ForkServer, way: str, step: str, when: str
) -> None:
    fake, is_written, hurry = place.fake, step in WRITTEN[way], HURRY if way == "thread" else 1.0
    crashing = step if is_written else ""
    first = server.begin(place.data_dir, place.environ, crashing, when, hurry)
    gate = asked_and_drawing(place, way)
    if not is_written:
        fake.will(step, kills(first, when))
    gate.set()
    assert server.ended(first) == signal.SIGKILL
    second = server.begin(place.data_dir, place.environ, "", "", hurry)
    fake.wait_for(lambda: is_worked_off(place.data_dir), PATIENCE_S)
    if way != "thread":  # whose card may still show its files, once they are processed
        fake.wait_for(lambda: standing_files(fake) == files_shown(fake), PATIENCE_S)
    server.kill(second)
    shown = with_pictures(fake)
    if way == "thread":
        assert Counter(len(message.pictures) for message in shown) == {1: 4}
        assert len({message.thread_ts for message in shown}) == 1
    else:
        assert [len(message.pictures) for message in shown] == [1]
    assert {message.channel.kind == DIRECT for message in shown} == {way == "dm"}
    check_the_store(place.data_dir)


def standing_files(fake: FakeSlack) -> set[str]:
    return {each.id for each in fake.files if each.completed and not each.deleted}


def files_shown(fake: FakeSlack) -> set[str]:
    return {file.id for message in with_pictures(fake) for file in message.pictures}


def asked_and_drawing(place: Place, way: str) -> threading.Event:
    """Somebody asked, the card stands, and the backend waits; the world is as the way wants it."""
    fake, gate = place.fake, threading.Event()
    place.drawing.will(drawing_waits(gate))
    connected(fake)
    fake.command("/imagine", "a cat --images 4")
    place.drawing.wait_for(1)
    fake.wait_for(lambda: fake.within(fake.art))
    WAYS[way](place, fake.within(fake.art)[0])
    return gate


def kills(pid: int, when: str) -> Behaviour:
    """The bot dies while it waits for this answer."""

    async def behave(exchange: Exchange) -> web.Response:
        if when == "after":
            exchange.act()
        os.kill(pid, signal.SIGKILL)
        return exchange.cut()

    return behave


@pytest.mark.parametrize("when", ["before", "after"])
def test_where_nothing_can_be_read_unknown_is_said_and_nothing_is_posted_twice(
    place: Place, server: ForkServer, when: str
) -> None:
    fake = place.fake
    first = server.begin(place.data_dir, place.environ)
    gate = asked_and_drawing(place, "new")
    fake.will("chat.postMessage", kills(first, when))
    gate.set()
    assert server.ended(first) == signal.SIGKILL
    fake.workspace.scopes.discard("channels:history")
    second = server.begin(place.data_dir, place.environ)
    fake.wait_for(lambda: "I don't know whether" in said_to_ann(fake), PATIENCE_S)
    time.sleep(0.5)  # what would be posted twice would be posted now
    server.kill(second)
    assert len(with_pictures(fake)) == (1 if when == "after" else 0)
    [(public_id,)] = rows(place.data_dir, "SELECT public_id FROM job")
    assert f"/limner show {public_id}" in said_to_ann(fake)


def no_token(fake: FakeSlack) -> None:
    fake.revoke()


def no_files(fake: FakeSlack) -> None:
    fake.always("files.getUploadURLExternal", answers("file_upload_disabled"))


def mend(fake: FakeSlack) -> None:
    """The app is installed again, and may upload."""
    fake.workspace.token, fake.workspace.revoked = "xoxb-another-token", False
    fake.always("files.getUploadURLExternal", acts())


@pytest.mark.parametrize(("broken", "trouble"), [(no_token, "token"), (no_files, "uploads")])
def test_what_slack_refused_comes_after_a_death_once_that_is_mended(
    place: Place, server: ForkServer, broken: Callable[[FakeSlack], None], trouble: str
) -> None:
    fake = place.fake
    first = server.begin(place.data_dir, place.environ)
    gate = asked_and_drawing(place, "card")
    broken(fake)
    gate.set()
    waits = f"SELECT 1 FROM card WHERE trouble = '{trouble}'"  # noqa: S608  (our own words)
    fake.wait_for(lambda: rows(place.data_dir, waits), PATIENCE_S)
    server.kill(first)
    assert with_pictures(fake) == []
    mend(fake)
    second = server.begin(place.data_dir, place.environ)
    fake.wait_for(lambda: is_worked_off(place.data_dir), PATIENCE_S)
    server.kill(second)
    assert [len(message.pictures) for message in with_pictures(fake)] == [1]
    check_the_store(place.data_dir)


def said_to_ann(fake: FakeSlack) -> str:
    return "\n".join(m.words for m in fake.within(fake.direct(fake.ann)))


def connected(fake: FakeSlack) -> None:
    fake.wait_for(lambda: fake.connected, PATIENCE_S)


def line_gone(fake: FakeSlack) -> None:
    """The line of a life that ended is closed, so that the next one's can be waited for."""
    fake.wait_for(lambda: not fake.connected, PATIENCE_S)


def with_pictures(fake: FakeSlack) -> list[Message]:
    return [m for m in fake.messages if m.pictures and not m.deleted]


BEFORE_A_JOB = [
    pytest.param(step, when, cards, id=f"{step}-{when}")
    for step, when, cards in (
        ("users.info", "before", 0),
        (ANNOUNCED, "before", 0),
        (ANNOUNCED, "after", 0),
        ("chat.postMessage", "before", 0),
        ("chat.postMessage", "after", 1),
        (HELD, "before", 1),
        (HELD, "after", 1),
    )
]


@pytest.mark.parametrize(("step", "when", "cards"), BEFORE_A_JOB)
def test_after_a_death_before_the_hold_no_card_waits_for_ever(
    place: Place, server: ForkServer, step: str, when: str, cards: int
) -> None:
    """`cards` are those that the dead bot left."""
    fake, is_written = place.fake, step in (ANNOUNCED, HELD)
    first = server.begin(place.data_dir, place.environ, step if is_written else "", when)
    connected(fake)
    if not is_written:
        fake.will(step, kills(first, when))
    fake.command("/imagine", "a cat")
    assert server.ended(first) == signal.SIGKILL
    assert len(fake.within(fake.art)) == cards
    line_gone(fake)
    second = server.begin(place.data_dir, place.environ, "", "", HURRY)
    connected(fake)
    fake.wait_for(lambda: is_worked_off(place.data_dir), PATIENCE_S)
    server.kill(second)
    check_the_store(place.data_dir)
    made = rows(place.data_dir, "SELECT state FROM job")
    if (step, when) == (HELD, "after"):
        assert made == [("produced",)]
        assert [len(m.pictures) for m in fake.within(fake.art)] == [1]
    else:
        assert made == rows(place.data_dir, "SELECT 1 FROM entry") == []
        assert fake.within(fake.art) == []
        assert said_to_ann(fake).count("your request got lost") == 1


def enlarges(fake: FakeSlack) -> None:
    fake.press(with_pictures(fake)[0], "Enlarge")


def mentions(fake: FakeSlack) -> None:
    fake.write(f"{fake.mention} a fox")


def writes(fake: FakeSlack) -> None:
    fake.write("a fox", at=fake.direct(fake.ann))


def fills_in(fake: FakeSlack) -> None:
    act = fake.command("/imagine")
    fake.wait_for(lambda: act.modal and act.modal.body["callback_id"] == "wish", PATIENCE_S)
    assert act.modal is not None
    fake.submit(act.modal, {"prompt": "a fox"})


@pytest.mark.parametrize("asks", [enlarges, mentions, writes, fills_in])
def test_a_death_after_the_acknowledgement_is_told_however_it_was_asked(
    place: Place, server: ForkServer, asks: Callable[[FakeSlack], None]
) -> None:
    fake = place.fake
    first = server.begin(place.data_dir, place.environ)
    connected(fake)
    fake.command("/imagine", "a cat --size 512x512")
    fake.wait_for(lambda: with_pictures(fake) and is_worked_off(place.data_dir), PATIENCE_S)
    server.kill(first)
    line_gone(fake)
    second = server.begin(place.data_dir, place.environ, ANNOUNCED, "before")
    connected(fake)
    asks(fake)
    assert server.ended(second) == signal.SIGKILL
    third = server.begin(place.data_dir, place.environ, "", "", HURRY)
    fake.wait_for(lambda: "your request got lost" in said_to_ann(fake), PATIENCE_S)
    server.kill(third)
    assert rows(place.data_dir, "SELECT state FROM job") == [("produced",)]


def test_killed_at_two_hundred_random_points_every_job_is_posted_once(
    place: Place, server: ForkServer
) -> None:
    fake, rng = place.fake, random.Random(20261124)
    first = server.begin(place.data_dir, place.environ)
    connected(fake)
    work_s = work_that_suits(place)
    server.kill(first)
    line_gone(fake)
    gone: set[str] = set()
    for _ in range(TIMES):
        child = server.begin(place.data_dir, place.environ)
        live_awhile(place, rng, work_s, gone)
        server.kill(child)
        line_gone(fake)
    fake.rate_limits.on = False  # what hundreds of lives left takes minutes at Slack's pace
    last = server.begin(place.data_dir, place.environ, "", "", HURRY)
    connected(fake)
    fake.wait_for(lambda: is_worked_off(place.data_dir), 3 * PATIENCE_S)
    server.kill(last)
    check_the_store(place.data_dir)
    ended = rows(place.data_dir, "SELECT key, state FROM job")
    produced = {str(key) for key, state in ended if state == "produced"}
    assert {state for _, state in ended} <= {"produced", "lost", "cancelled"}
    assert len(produced - gone) > TIMES / 10
    posted = Counter(job_of(message) for message in with_pictures(fake))
    assert posted == dict.fromkeys(produced - gone, 1)
    standing = Counter(job_of(message) for message in fake.within(fake.art))
    assert set(standing) <= {str(key) for key, _ in ended}
    assert set(standing.values()) == {1}
    assert [m for m in fake.within(fake.art) if WAITING in m.words] == []


def work_that_suits(place: Place) -> float:
    """How long a life may be at most: the slower this machine is now, the longer."""
    began_s, drawn = time.monotonic(), "SELECT 1 FROM job WHERE state = 'produced'"
    ask(place)
    place.fake.wait_for(lambda: rows(place.data_dir, drawn), PATIENCE_S)
    return min(max(WORK_MIN_S, 4 * (time.monotonic() - began_s)), WORK_MAX_S)


def live_awhile(place: Place, rng: random.Random, work_s: float, gone: set[str]) -> None:
    """However long a start takes on this machine, most lives come to work."""
    if rng.random() < IN_THE_START:
        time.sleep(rng.uniform(0.0, START_S))  # the moment is what is tested
    else:
        connected(place.fake)
        be_busy(place, rng, time.monotonic() + rng.uniform(0.0, work_s), gone)


def ask(place: Place) -> None:
    place.fake.command("/imagine", "a cat --images 2")


def be_busy(place: Place, rng: random.Random, until_s: float, gone: set[str]) -> None:
    """People ask; sometimes a card is deleted before its result, which then stays away."""
    fake = place.fake
    while time.monotonic() < until_s:
        ask(place)
        time.sleep(rng.uniform(0.1, 0.9))
        if rng.random() < 0.2:
            fake.do(delete_unfinished(fake, rng, gone))


async def delete_unfinished(fake: FakeSlack, rng: random.Random, gone: set[str]) -> None:
    """Chosen and deleted in one go: a result that arrived in between would be deleted with it."""
    if unfinished := [m for m in fake.within(fake.art) if not m.pictures]:
        card = rng.choice(unfinished)
        card.deleted = True
        gone.add(job_of(card))


def job_of(message: Message) -> str:
    return str(message.metadata["event_payload"]["key"])
