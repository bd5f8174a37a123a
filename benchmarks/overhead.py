"""What the bot adds to a call of the inference API: `python -m benchmarks.overhead [--quick]`

Three measurements, each beside a floor or a bound in the same run:

1. command → request on the wire, and answer → delivered, for one 512² picture, beside 20 lines
   that only call httpx and write the file. In turn, A B A B …; the p50 of each and the difference.
2. the longest stall of the event loop while 20 jobs of 4 × 1024² come in at once.
3. `limner --help` in seconds and an idle `limner run` in MB of memory.

The service is a server in a process of its own that speaks the wire and answers at once.
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
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx

from benchmarks.drawing import KEY, NOBODY_LOOKS, backend, noisy
from bot.app.composition import App, build_app
from bot.app.lifecycle import at_work
from bot.config.settings import Settings
from bot.domain.asker import Asker
from bot.domain.job_view import JobView
from bot.jobs.drafts import CardPlace, Draft
from bot.platforms import Platform
from bot.ports import Address, Checkpoint
from bot.request.command_parser import parse
from bot.request.options import validate
from bot.wording import Sentence
from tests.support.fake_deepinfra import FakeDeepInfra, answer_to

BOUND_MS = 15.0
STALL_BOUND_MS = 50.0
HELP_BOUND_S = 0.4
IDLE_BOUND_MB = 110.0
COMMAND = "/imagine a lighthouse at dusk --size 512x512 --steps 5"
PATH = "/v1/inference/stabilityai/sdxl-turbo"


def serve(pipe: Connection) -> None:
    """Answer at once, and tell when each request was read and each answer was sent."""
    with FakeDeepInfra(key=KEY) as fake:

        def behave(exchange: Any) -> None:
            came = time.monotonic()
            answer = noisy(answer_to(exchange.received))
            ready = time.monotonic()
            exchange.send(200, answer)
            pipe.send((came, ready, time.monotonic()))

        fake.always(behave)
        pipe.send(fake.url)
        pipe.recv()


class TimedSurface:
    """A surface that notes when a card was final."""

    def __init__(self) -> None:
        self.done: dict[str, asyncio.Future[float]] = {}

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None:
        future = self.done[address["nail"]]
        if view.phase.is_final and not future.done():
            future.set_result(time.monotonic())

    async def withdraw(self, address: Address) -> None: ...

    async def tell(
        self, person: str, notice: Sentence, *, key: str = "", community: str = ""
    ) -> None: ...


@asynccontextmanager
async def bot(url: str, folder: Path, **more: str) -> AsyncIterator[tuple[App, TimedSurface]]:
    environ = {
        "API_URLS": url,
        "API_KEYS": KEY,
        "MODEL": "stabilityai/sdxl-turbo",
        "DATA_DIR": str(folder),
        "BUDGET_PERSON_DAY": "none",
        "BUDGET_PERSON_MONTH": "none",
        "BUDGET_COMMUNITY_DAY": "none",
        "BUDGET_COMMUNITY_MONTH": "none",
        "BUDGET_OPERATOR_MONTH": "none",
        **more,
    }
    async with build_app(Settings.from_env(environ), NOBODY_LOOKS) as app:
        surface = TimedSurface()
        app.platforms.add(Platform(name="wall", surface=surface))
        async with at_work(app):
            await asyncio.sleep(0.5)  # the model catalogue is read at start
            yield app, surface


async def one(
    app: App, surface: TimedSurface, number: int, command: str = COMMAND
) -> tuple[float, float]:
    """(command typed, result delivered), in seconds of the machine's clock."""
    name = str(number)
    surface.done[name] = asyncio.get_running_loop().create_future()
    asker = Asker(platform="web", community="c", channel="c", person=name)
    typed = time.monotonic()
    request = validate(parse(command).fields)
    place = CardPlace("wall", {"nail": name})
    await app.studio.submit(asker, Draft(request), event_id=name, card=place)
    return typed, await surface.done[name]


async def floor(client: httpx.AsyncClient, folder: Path, number: int) -> tuple[float, float]:
    """The least that anybody does: post, read, decode, write."""
    typed = time.monotonic()
    body = {"prompt": "a lighthouse at dusk", "width": 512, "height": 512, "seed": number}
    answer = await client.post(PATH, json=body, timeout=60)
    answer.raise_for_status()
    for n, url in enumerate(json.loads(answer.content)["images"]):
        (folder / f"{number}-{n}.png").write_bytes(base64.b64decode(url.partition(",")[2]))
    return typed, time.monotonic()


async def overhead(url: str, pipe: Connection, folder: Path, pairs: int) -> None:
    before: dict[str, list[float]] = {"bot": [], "floor": []}
    after: dict[str, list[float]] = {"bot": [], "floor": []}
    headers = {"Authorization": f"Bearer {KEY}"}
    async with (
        bot(url, folder / "data") as (app, surface),
        httpx.AsyncClient(base_url=url, headers=headers) as client,
    ):
        for number in range(pairs + 3):
            for who in ("bot", "floor"):
                typed, delivered = await (
                    one(app, surface, number) if who == "bot" else floor(client, folder, number)
                )
                came, ready, _ = await asyncio.to_thread(pipe.recv)
                if number >= 3:  # the first ones start the worker and open connections
                    before[who].append((came - typed) * 1000)
                    after[who].append((delivered - ready) * 1000)
    for name, values in (("command → wire", before), ("answer → delivered", after)):
        own, least = statistics.median(values["bot"]), statistics.median(values["floor"])
        print(
            f"{name:20} bot {own:6.2f} ms  floor {least:6.2f} ms  p50 over {pairs} pairs;"
            f" {own - least:+.2f} ms more (bound {BOUND_MS:.0f})"
        )


async def stall(url: str, pipe: Connection, folder: Path, jobs: int) -> None:
    """20 jobs at once, four noisy megapixels each time four."""
    command = "/imagine a storm --size 1024x1024 --n 4 --steps 5"
    gaps: list[float] = []
    async with bot(url, folder / "stall", MAX_RUNNING="20") as (app, surface):
        watching = asyncio.create_task(watch_the_loop(gaps))
        began = time.monotonic()
        await asyncio.gather(*(one(app, surface, n, command) for n in range(jobs)))
        took = time.monotonic() - began
        watching.cancel()
    for _ in range(jobs):
        await asyncio.to_thread(pipe.recv)
    print(
        f"{'event loop':20} longest stall {max(gaps) * 1000:.1f} ms while {jobs} jobs of 4 × 1024²"
        f" came in {took:.1f} s (bound {STALL_BOUND_MS:.0f}; p99 {percentile(gaps, 99):.1f} ms)"
    )


async def watch_the_loop(gaps: list[float]) -> None:
    """How much later than asked a short sleep ends."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(0.002)
        gaps.append(time.monotonic() - began - 0.002)


def percentile(values: list[float], share: int) -> float:
    return statistics.quantiles(values, n=100)[share - 1] * 1000


def help_and_idle(folder: Path, runs: int) -> None:
    limner = Path(sys.executable).with_name("limner")
    took = []
    for _ in range(runs):
        began = time.monotonic()
        subprocess.run([limner, "--help"], check=True, capture_output=True)  # noqa: S603
        took.append(time.monotonic() - began)
    environ = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder / "idle"),
        "PORT": "0",
        "BACKEND": "sketch",
    }
    process = subprocess.Popen(  # noqa: S603
        [limner, "run"], env=environ, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        time.sleep(5)
        memory = resident_mb(process.pid)
    finally:
        process.terminate()
        process.wait(30)
    print(f"{'limner --help':20} {statistics.median(took):.2f} s (bound {HELP_BOUND_S})")
    print(f"{'limner run, idle':20} {memory:.0f} MB resident (bound {IDLE_BOUND_MB:.0f})")


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer pairs and jobs")
    quick = parser.parse_args().quick
    with backend(serve) as service, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asyncio.run(overhead(service.url, service.pipe, folder, 10 if quick else 50))
        asyncio.run(stall(service.url, service.pipe, folder, 5 if quick else 20))
        help_and_idle(folder, 3 if quick else 7)


if __name__ == "__main__":
    main()
