"""Limner on Slack beside the least that anybody does: `python -m benchmarks.slack [--quick]`

The other bot has 30 lines of bolt: ack, call, post (tests/adapters/slack/baseline_bot.py). Both run
as processes of their own by Socket Mode against the same loopback Slack, in this process, and the
same backend, in a third: it answers after 0.5 s with four pictures of noise. Two measurements, each
of both bots:

1. ack: a burst of 20 commands → the acknowledgements, p95.
2. posted: pictures ready at the backend → in the channel, one command at a time, in turn, p50.
"""

import argparse
import asyncio
import base64
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.drawing import KEY, MODEL, Backend, backend
from tests.adapters.slack.fake.server import FakeSlack
from tests.adapters.slack.fake.world import Act, Message, Person

PICTURES = 4
ACK_BOUND_MS, POSTED_BOUND_MS = 40.0, 25.0
BURST = 20
ROOT = Path(__file__).parents[1]
_BUDGETS = ("PERSON_DAY", "PERSON_MONTH", "COMMUNITY_DAY", "COMMUNITY_MONTH", "OPERATOR_MONTH")


# The two bots, each in a process of its own.


@contextmanager
def limner(fake: FakeSlack, drawing: Backend, slots: int) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            "PATH": os.environ["PATH"],
            "DATA_DIR": folder,
            "PORT": "0",
            "PLAYGROUND": "off",
            "API_URLS": drawing.url,
            "API_KEYS": KEY,
            "MODEL": MODEL,
            "MAX_RUNNING": str(slots),
            **fake.environ,
            **{f"BUDGET_{level}": "none" for level in _BUDGETS},
        }
        with _process(fake, [sys.executable, "-m", "benchmarks.limner"], environ):
            warm(fake, drawing)
            yield


@contextmanager
def small(fake: FakeSlack, drawing: Backend, slots: int) -> Iterator[None]:
    program = [sys.executable, "-m", "benchmarks.slack", "--small", drawing.url, str(slots)]
    with _process(fake, program, {"PATH": os.environ["PATH"], **fake.environ}):
        warm(fake, drawing)
        yield


def warm(fake: FakeSlack, drawing: Backend) -> None:
    """The first picture opens connections and starts workers; the models may yet be unknown."""
    for _ in range(100):
        before = len(fake.messages)
        [asked] = ask(fake, 1, "a match")
        fake.wait_for(lambda: posted_s(fake, asked) or told(fake, asked, before), 20)  # noqa: B023
        if not told(fake, asked, before) or posted_s(fake, asked):
            drawing.drawn(1)
            return
        time.sleep(0.1)
    raise SystemExit(f"nothing is drawn: {fake.messages[-1].words}")


def told(fake: FakeSlack, asked: Act, before: int) -> list[Message]:
    """A refusal, for one's own eyes, among the messages after the first `before`."""
    return [m for m in fake.messages[before:] if m.seen_by is asked.person]


@contextmanager
def _process(fake: FakeSlack, program: list[str], environ: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(  # noqa: S603  (our own programs)
        program, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        fake.wait_for(lambda: fake.connected, 30)
        yield
    finally:
        process.terminate()
        process.wait(30)


async def be_small(url: str, slots: int) -> None:
    """The life of the small bot's process."""
    from slack_bolt.adapter.socket_mode.aiohttp import (  # noqa: PLC0415  (in that process only)
        AsyncSocketModeHandler,
    )
    from slack_sdk.web.async_client import AsyncWebClient  # noqa: PLC0415

    from tests.adapters.slack.baseline_bot import baseline_bot  # noqa: PLC0415

    slot = asyncio.Semaphore(slots)
    headers = {"Authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as service:

        async def draw(prompt: str) -> list[bytes]:
            body = {"prompt": prompt, "num_images": PICTURES, "width": 512, "height": 512}
            async with slot:
                answer = await service.post(f"/v1/inference/{MODEL}", json=body)
            images = json.loads(answer.content)["images"]
            return [base64.b64decode(each.partition(",")[2]) for each in images]

        client = AsyncWebClient(
            os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"] + "/"
        )
        app = baseline_bot(client, draw)
        handler: Any = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"])
        await handler.start_async()


Bot = Callable[[FakeSlack, Backend, int], Any]
BOTS: dict[str, Bot] = {"limner": limner, "floor": small}


# What is measured.


def ask(fake: FakeSlack, count: int, prompt: str) -> list[Act]:
    """`count` people type the same command in one moment, each a prompt of their own."""
    return [
        fake.command(
            "/imagine", f"{prompt}, for {person.name} --images {PICTURES} --size 512x512", by=person
        )
        for person in crowd(fake, count)
    ]


def crowd(fake: FakeSlack, count: int) -> list[Person]:
    people = [person for person in fake.art.members if person.name.startswith("P")]
    while len(people) < count:
        person = fake.add_person(f"P{len(people)}")
        fake.art.members.append(person)
        people.append(person)
    return people[:count]


def posted_s(fake: FakeSlack, asked: Act) -> float | None:
    """When the pictures hung in the channel."""
    prompt = str(asked.payload["text"]).partition(" --")[0]
    for message in reversed(fake.messages):
        if prompt in message.words:
            return next((e.at_s for e in message.edits if e.pictures), None)
    return None


def finish(fake: FakeSlack, asked: list[Act]) -> None:
    fake.wait_for(lambda: all(posted_s(fake, each) for each in asked), 120)


def ack(drawing: Backend, bursts: int) -> None:
    figures = {}
    for name, bot in BOTS.items():
        with FakeSlack(keeps_files=False) as fake, bot(fake, drawing, BURST):
            took: list[float] = []
            for burst in range(bursts + 1):
                asked = ask(fake, BURST, f"a lighthouse at dusk, {burst}")
                finish(fake, asked)
                drawing.drawn(BURST)
                if burst:  # the first one opens connections
                    took += [each.ack_ms for each in asked]
            figures[name] = (percentile(took, 50), percentile(took, 95))
    (own50, own), (least50, least) = figures["limner"], figures["floor"]
    print(
        f"ack        limner p50 {own50:6.1f} p95 {own:6.1f} ms   floor p50 {least50:6.1f} "
        f"p95 {least:6.1f} ms   bursts of {BURST}; {own - least:+.1f} ms more at p95 "
        f"(bound {ACK_BOUND_MS:.0f}), ×{own / least:.1f}"
    )


def posted(drawing: Backend, pairs: int) -> None:
    took: dict[str, list[float]] = {name: [] for name in BOTS}
    with ExitStack() as stack:
        fakes = {}
        for name, bot in BOTS.items():
            fakes[name] = stack.enter_context(FakeSlack(keeps_files=False))
            stack.enter_context(bot(fakes[name], drawing, 4))
        for number in range(pairs + 2):
            for name, fake in fakes.items():
                asked = ask(fake, 1, f"a lighthouse at dusk, {number}")
                finish(fake, asked)
                [(_, ready)] = drawing.drawn(1)
                if number >= 2:
                    took[name].append(((posted_s(fake, asked[0]) or 0) - ready) * 1000)
    own, least = (statistics.median(took[name]) for name in ("limner", "floor"))
    print(
        f"posted     limner p50 {own:6.1f} ms   floor p50 {least:6.1f} ms   {PICTURES} × 512², "
        f"{pairs} pairs; {own - least:+.1f} ms more at p50 (bound {POSTED_BOUND_MS:.0f}), "
        f"×{own / least:.1f}"
    )


def percentile(values: list[float], share: int) -> float:
    return statistics.quantiles(values, n=100)[share - 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer bursts and pairs")
    parser.add_argument("--small", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.small:
        asyncio.run(be_small(chosen.small[0], int(chosen.small[1])))
        return
    with backend() as drawing:
        ack(drawing, 2 if chosen.quick else 10)
        posted(drawing, 8 if chosen.quick else 40)


if __name__ == "__main__":
    main()
