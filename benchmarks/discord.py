"""Limner on Discord beside the least that anybody does: `python -m benchmarks.discord [--quick]`

The other bot has 30 lines: defer, call, edit (tests/adapters/discord/baseline_bot.py). Both run as
processes of their own against the same loopback Discord, in this process, and the same backend, in
a third: it answers after 0.5 s with four pictures of noise. Five measurements, all but the second
of both bots:

1. ack: a burst of 20 commands → the first answers, p95.
2. intention: the same bursts, beside Limner that doesn't store what is asked for before it answers.
3. posted: picture ready at the backend → in the channel, one command at a time, in turn, p50.
4. heartbeat: the longest gap between two of them, asked for every second, while 20 jobs of
   4 × 1024² run at once.
5. turns: a burst of 10 on one slot → the last one starts; 9 × 0.5 s is ideal.
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
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.drawing import DRAWING_S, KEY, MODEL, Backend, backend
from benchmarks.limner import FORGETFUL
from tests.adapters.discord.fake.server import FakeDiscord
from tests.adapters.discord.fake.world import Interaction

PICTURES = 4
ACK_BOUND_MS, POSTED_BOUND_MS, GAP_BOUND_S, TURNS_BOUND_S = 40.0, 20.0, 1.1, 0.5
# One durable write more on the way to the first answer, which a burst shares.
INTENTION_BOUND = 2.0
BURST, TURNS, JOBS = 20, 10, 20
DEFERRED = 5  # an interaction's answer: the real one comes later
ROOT = Path(__file__).parents[1]


# The two bots, each in a process of its own.


@contextmanager
def limner(fake: FakeDiscord, drawing: Backend, slots: int, **more: str) -> Iterator[None]:
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
            "ALLOWED_COMMUNITIES": str(fake.server.id),
            "DISCORD_TOKEN": fake.token,
            **fake.urls,
            **{f"BUDGET_{level}": "none" for level in _BUDGETS},
            **more,
        }
        with _process(fake, [sys.executable, "-m", "benchmarks.limner"], environ):
            done = fake.command("limner setup")
            fake.wait_for(lambda: done.answered_s)
            warm(fake, drawing)
            yield


_BUDGETS = ("PERSON_DAY", "PERSON_MONTH", "COMMUNITY_DAY", "COMMUNITY_MONTH", "OPERATOR_MONTH")


@contextmanager
def small(fake: FakeDiscord, drawing: Backend, slots: int) -> Iterator[None]:
    program = [sys.executable, "-m", "benchmarks.discord", "--small", drawing.url, str(slots)]
    environ = {"PATH": os.environ["PATH"], "DISCORD_TOKEN": fake.token, **fake.urls}
    with _process(fake, program, environ):
        warm(fake, drawing)
        yield


def warm(fake: FakeDiscord, drawing: Backend) -> None:
    """The first picture opens connections and starts workers; the models may yet be unknown."""
    for _ in range(100):
        asked = ask(fake, 1, "a match")
        wait_for_answers(fake, asked)
        if asked[0].answer and asked[0].answer["type"] == DEFERRED:
            finish(fake, asked)
            drawing.drawn(1)
            return
        time.sleep(0.1)
    raise SystemExit(f"nothing is drawn: {fake.messages[-1].text}")


@contextmanager
def _process(fake: FakeDiscord, program: list[str], environ: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(  # noqa: S603  (our own programs)
        program, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        fake.wait_for(lambda: fake.connected and fake.commands, 30)
        yield
    finally:
        process.terminate()
        process.wait(30)


async def be_small(url: str, slots: int) -> None:
    """The life of the small bot's process."""
    import yarl  # noqa: PLC0415  (in that process only)
    from discord.gateway import DiscordWebSocket  # noqa: PLC0415
    from discord.http import Route  # noqa: PLC0415

    from tests.adapters.discord.baseline_bot import BaselineBot  # noqa: PLC0415

    Route.BASE = os.environ["DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
    slot = asyncio.Semaphore(slots)
    headers = {"Authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as client:

        async def draw(prompt: str) -> list[bytes]:
            side_px = 1024 if "storm" in prompt else 512
            body = {"prompt": prompt, "num_images": PICTURES, "width": side_px, "height": side_px}
            async with slot:
                answer = await client.post(f"/v1/inference/{MODEL}", json=body)
            images = json.loads(answer.content)["images"]
            return [base64.b64decode(each.partition(",")[2]) for each in images]

        async with BaselineBot(draw) as bot:
            await bot.start(os.environ["DISCORD_TOKEN"])


def forgetful(fake: FakeDiscord, drawing: Backend, slots: int) -> AbstractContextManager[None]:
    return limner(fake, drawing, slots, **{FORGETFUL: "yes"})


Bot = Callable[[FakeDiscord, Backend, int], Any]
BOTS: dict[str, Bot] = {"limner": limner, "floor": small}


# What is measured.


def ask(fake: FakeDiscord, count: int, prompt: str, side_px: int = 512) -> list[Interaction]:
    """`count` people type the same command in one moment."""
    [command] = [c for c in fake.commands if c["name"] == "imagine"]
    known = {option["name"] for option in command["options"]}
    wished = {"prompt": prompt, "images": PICTURES, "width": side_px, "height": side_px}
    options = {name: value for name, value in wished.items() if name in known}
    people = crowd(fake, count)
    return [fake.command("imagine", options, by=person) for person in people]


def crowd(fake: FakeDiscord, count: int) -> list[Any]:
    members = [m.person for m in fake.server.members.values() if m.person.name.startswith("P")]
    while len(members) < count:
        person = fake.add_person(
            f"P{len(members)}", created_at=fake.server.members[fake.ann.id].joined_at
        )
        fake.join(person, fake.server)
        members.append(person)
    return members[:count]


def posted_s(asked: Interaction) -> float | None:
    """When the pictures hung in the channel."""
    edits = asked.original.edits if asked.original else []
    return next((edit.at_s for edit in edits if edit.pictures == PICTURES), None)


def wait_for_answers(fake: FakeDiscord, asked: list[Interaction]) -> None:
    fake.wait_for(lambda: all(each.answer for each in asked))


def finish(fake: FakeDiscord, asked: list[Interaction]) -> None:
    fake.wait_for(lambda: all(posted_s(each) for each in asked), 120)


def ack(drawing: Backend, bursts: int) -> None:
    took = acknowledged(drawing, bursts, BOTS)
    (own50, own), (least50, least) = took["limner"], took["floor"]
    print(
        f"ack        limner p50 {own50:6.1f} p95 {own:6.1f} ms   floor p50 {least50:6.1f} "
        f"p95 {least:6.1f} ms   bursts of {BURST}; {own - least:+.1f} ms more at p95 "
        f"(bound {ACK_BOUND_MS:.0f}), ×{own / least:.1f}"
    )


def intention(drawing: Backend, bursts: int) -> None:
    took = acknowledged(drawing, bursts, {"stored": limner, "not": forgetful})
    (own50, own), (least50, least) = took["stored"], took["not"]
    print(
        f"intention  stored p50 {own50:6.1f} p95 {own:6.1f} ms   not    p50 {least50:6.1f} "
        f"p95 {least:6.1f} ms   bursts of {BURST}; ×{own50 / least50:.2f} at p50 "
        f"(bound {INTENTION_BOUND}), ×{own / least:.2f} at p95"
    )


def acknowledged(
    drawing: Backend, bursts: int, bots: dict[str, Bot]
) -> dict[str, tuple[float, float]]:
    """p50 and p95 of the first answers of each bot, in ms; their bursts take turns."""
    took: dict[str, list[float]] = {name: [] for name in bots}
    with ExitStack() as stack:
        fakes = {}
        for name, bot in bots.items():
            fakes[name] = stack.enter_context(FakeDiscord(keeps_files=False))
            stack.enter_context(bot(fakes[name], drawing, BURST))
        for burst in range(bursts + 1):
            for name, fake in fakes.items():
                asked = ask(fake, BURST, f"a lighthouse at dusk, {burst}")
                finish(fake, asked)
                drawing.drawn(BURST)
                if burst:  # the first one opens connections
                    took[name] += [each.ack_ms for each in asked]
    return {name: (percentile(each, 50), percentile(each, 95)) for name, each in took.items()}


def posted(drawing: Backend, pairs: int) -> None:
    took: dict[str, list[float]] = {name: [] for name in BOTS}
    with ExitStack() as stack:
        fakes = {}
        for name, bot in BOTS.items():
            fakes[name] = stack.enter_context(FakeDiscord(keeps_files=False))
            stack.enter_context(bot(fakes[name], drawing, 4))
        for number in range(pairs + 2):
            for name, fake in fakes.items():
                asked = ask(fake, 1, f"a lighthouse at dusk, {number}")
                finish(fake, asked)
                [(_, ready)] = drawing.drawn(1)
                if number >= 2:
                    took[name].append(((posted_s(asked[0]) or 0) - ready) * 1000)
    own, least = (statistics.median(took[name]) for name in ("limner", "floor"))
    print(
        f"posted     limner p50 {own:6.1f} ms   floor p50 {least:6.1f} ms   {PICTURES} × 512², "
        f"{pairs} pairs; {own - least:+.1f} ms more at p50 (bound {POSTED_BOUND_MS:.0f}), "
        f"×{own / least:.1f}"
    )


def heartbeat(drawing: Backend, jobs: int) -> None:
    figures = {}
    for name, bot in BOTS.items():
        with (
            FakeDiscord(heartbeat_ms=1_000, keeps_files=False) as fake,
            bot(fake, drawing, jobs),
        ):
            began = time.monotonic()
            finish(fake, ask(fake, jobs, "a storm", 1024))
            drawing.drawn(jobs)
            took = time.monotonic() - began
            time.sleep(1.5)  # a beat that is late may still come
            figures[name] = (fake.longest_heartbeat_gap_s, took)
    (own, own_s), (least, least_s) = figures["limner"], figures["floor"]
    print(
        f"heartbeat  limner {own:.3f} s   floor {least:.3f} s   longest gap while {jobs} jobs of "
        f"{PICTURES} × 1024² ran in {own_s:.1f} and {least_s:.1f} s (bound {GAP_BOUND_S}), "
        f"×{own / least:.2f}"
    )


def turns(drawing: Backend) -> None:
    ideal_s = (TURNS - 1) * DRAWING_S
    figures = {}
    for name, bot in BOTS.items():
        with FakeDiscord(keeps_files=False) as fake, bot(fake, drawing, 1):
            asked = ask(fake, TURNS, "a lighthouse at dusk")
            finish(fake, asked)
            figures[name] = drawing.drawn(TURNS)[-1][0] - asked[0].sent_s
    own, least = figures["limner"], figures["floor"]
    print(
        f"turns      limner {own:.2f} s   floor {least:.2f} s   the last of {TURNS} on one slot "
        f"starts; ideal {ideal_s} s, {own - ideal_s:+.2f} s (bound {TURNS_BOUND_S}), "
        f"×{own / least:.2f}"
    )


def percentile(values: list[float], share: int) -> float:
    return statistics.quantiles(values, n=100)[share - 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer bursts, pairs and jobs")
    parser.add_argument("--small", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.small:
        asyncio.run(be_small(chosen.small[0], int(chosen.small[1])))
        return
    with backend() as drawing:
        ack(drawing, 2 if chosen.quick else 10)
        intention(drawing, 2 if chosen.quick else 10)
        posted(drawing, 8 if chosen.quick else 40)
        heartbeat(drawing, 5 if chosen.quick else JOBS)
        turns(drawing)


if __name__ == "__main__":
    main()
