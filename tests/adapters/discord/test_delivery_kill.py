"""kill -9 at every step of a delivery, then a start: one message with the pictures per job."""

import os
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tests.adapters.discord.fake.server import Behaviour, Exchange, FakeDiscord
from tests.adapters.discord.fake.world import Interaction, Message, Permission
from tests.adapters.discord.whole_bot import environ_of
from tests.support.fake_deepinfra import FakeDeepInfra
from tests.support.fake_deepinfra import waits as drawing_waits
from tests.support.fork_server import ForkServer
from tests.support.killed_bots import SHOWN, check_the_store, is_worked_off, rows

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

DEAD = timedelta(minutes=16)
TIMES = 200
# Some die in their start, which takes about a quarter of a second, most in their work.
IN_THE_START, START_S = 0.25, 0.25
WORK_MIN_S, WORK_MAX_S = 0.5, 2.0
# Nobody waits as long but for what hangs.
PATIENCE_S = 400.0


class Place:
    """A Discord, a service and a fork server for one folder; time on Discord can be set forward."""

    def __init__(self, data_dir: Path) -> None:
        self._by = timedelta()
        self.fake = FakeDiscord(now=lambda: datetime.now(UTC) + self._by)
        self.drawing = FakeDeepInfra()
        self.data_dir = data_dir

    @property
    def environ(self) -> dict[str, str]:
        return environ_of(self.fake, self.drawing, self.data_dir)

    def shift(self, by: timedelta) -> None:
        self._by += by


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    with place.fake, place.drawing:
        yield place


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer("tests.adapters.discord.crashing_delivery") as server:
        yield server


# How the world is when the pictures are ready: which way is left.


def open_reply(place: Place, asked: Interaction) -> None:
    pass


def dead_token(place: Place, asked: Interaction) -> None:
    place.shift(DEAD)


def archived_thread(place: Place, asked: Interaction) -> None:
    place.shift(DEAD)
    place.fake.archive(asked.channel)


def closed_channel(place: Place, asked: Interaction) -> None:
    place.shift(DEAD)
    place.fake.forbid(asked.channel, Permission.VIEW_CHANNEL)


WAYS = {"reply": open_reply, "message": dead_token, "new": archived_thread, "dm": closed_channel}
# What a delivery on each way writes down and calls, in its order.
WRITTEN = {
    "reply": ("posted", SHOWN),
    "message": ("before the message", "posted", SHOWN),
    "new": (
        "before the message",
        "before a new message",
        "a new message is known",
        "posted",
        SHOWN,
    ),
    "dm": ("a conversation is open", "before a direct message", "a new message is known", "posted"),
}
CALLED = {
    "reply": ("edit original",),
    "message": ("edit original", "edit"),
    "new": ("edit original", "edit", "history", "send"),
    "dm": ("edit original", "direct", "send"),
}
BRINGING = {"edit original", "edit", "send"}
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
    fake, gate = place.fake, threading.Event()
    place.drawing.will(drawing_waits(gate))
    is_written = step in WRITTEN[way]
    first = server.begin(place.data_dir, place.environ, step if is_written else "", when)
    connected(fake)
    set_up_now(fake)
    at = fake.thread if way == "new" else fake.art
    asked = fake.command("imagine", {"prompt": "a cat", "images": 4}, at=at)
    place.drawing.wait_for(1)
    fake.wait_for(lambda: asked.original)
    WAYS[way](place, asked)
    if not is_written:
        # Not at an edit that only shows how far the job is.
        brings = f"{step} with files" if step in BRINGING else step
        fake.will(brings, kills(first, when))
    gate.set()
    assert server.ended(first) == signal.SIGKILL
    second = server.begin(place.data_dir, place.environ)
    fake.wait_for(lambda: is_worked_off(place.data_dir), PATIENCE_S)
    server.kill(second)
    [message] = with_pictures(fake)
    assert len(message.pictures) == 4
    assert (message.channel.recipient is fake.ann) == (way == "dm")
    check_the_store(place.data_dir)


def kills(pid: int, when: str) -> Behaviour:
    """The bot dies while it waits for this answer."""

    async def behave(exchange: Exchange) -> web.Response:
        if when == "after":
            await exchange.act()
        os.kill(pid, signal.SIGKILL)
        return exchange.cut()

    return behave


def connected(fake: FakeDiscord) -> None:
    fake.wait_for(lambda: fake.connected and fake.commands, PATIENCE_S)


def line_gone(fake: FakeDiscord) -> None:
    """The line of a life that ended is closed, so that the next one's can be waited for."""
    fake.wait_for(lambda: not fake.connected, PATIENCE_S)


def set_up_now(fake: FakeDiscord) -> None:
    done = fake.command("limner setup")
    fake.wait_for(lambda: done.original)


def with_pictures(fake: FakeDiscord) -> list[Message]:
    return [m for m in fake.messages if m.pictures and not m.deleted]


def test_killed_at_two_hundred_random_points_every_job_is_posted_once(
    place: Place, server: ForkServer
) -> None:
    fake, rng = place.fake, random.Random(20261122)
    first = server.begin(place.data_dir, place.environ)
    connected(fake)
    set_up_now(fake)
    work_s = work_that_suits(place)
    server.kill(first)
    line_gone(fake)
    for _ in range(TIMES):
        child = server.begin(place.data_dir, place.environ)
        live_awhile(place, rng, work_s)
        server.kill(child)
        line_gone(fake)
    last = server.begin(place.data_dir, place.environ)
    connected(fake)
    fake.wait_for(lambda: is_worked_off(place.data_dir), PATIENCE_S)
    server.kill(last)
    check_the_store(place.data_dir)
    ended = rows(place.data_dir, "SELECT public_id, state FROM job")
    produced = {str(public_id) for public_id, state in ended if state == "produced"}
    assert {state for _, state in ended} <= {"produced", "lost", "cancelled"}
    assert len(produced) > TIMES / 4
    posted = Counter(job_of(message) for message in with_pictures(fake))
    deleted = [each for each in fake.messages if each.deleted]
    assert set(posted.values()) == {1}
    assert set(posted) <= produced
    assert len(posted) + len(deleted) >= len(produced)
    assert [each for each in fake.messages if each.loading and not each.deleted] == []


def work_that_suits(place: Place) -> float:
    """How long a life may be at most: the slower this machine is now, the longer."""
    began_s, drawn = time.monotonic(), "SELECT 1 FROM job WHERE state = 'produced'"
    ask(place)
    place.fake.wait_for(lambda: rows(place.data_dir, drawn), PATIENCE_S)
    return min(max(WORK_MIN_S, 4 * (time.monotonic() - began_s)), WORK_MAX_S)


def live_awhile(place: Place, rng: random.Random, work_s: float) -> None:
    """However long a start takes on this machine, most lives come to work."""
    if rng.random() < IN_THE_START:
        time.sleep(rng.uniform(0.0, START_S))  # the moment is what is tested
    else:
        connected(place.fake)
        be_busy(place, rng, time.monotonic() + rng.uniform(0.0, work_s))


def ask(place: Place) -> Interaction:
    return place.fake.command("imagine", {"prompt": "a cat", "images": 2})


def be_busy(place: Place, rng: random.Random, until_s: float) -> None:
    """People ask; sometimes tokens grow old, and sometimes a reply is deleted."""
    fake = place.fake
    while time.monotonic() < until_s:
        asked = ask(place)
        time.sleep(rng.uniform(0.0, 0.1))
        if rng.random() < 0.1:
            place.shift(DEAD)
        if rng.random() < 0.2:
            fake.do(delete_unfinished(asked))


async def delete_unfinished(asked: Interaction) -> None:
    if asked.original is not None and asked.original.loading:
        asked.original.deleted = True


def job_of(message: Message) -> str:
    """The id stands last."""
    return str(re.findall(r"`([0-9a-z]{8})`", message.text)[-1])
