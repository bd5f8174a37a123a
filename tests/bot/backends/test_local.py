"""BACKEND=local: a child that is started, watched and started again; real ones, real deaths."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.app.system_clock import SystemClock
from bot.backends import engine_process
from bot.backends.api import ApiBackend
from bot.backends.endpoint_pool import Pool
from bot.backends.engine_process import Child, launch
from bot.backends.local import LocalBackend
from bot.config.fields import Endpoint
from bot.domain.catalogue import Catalogue
from bot.domain.model import SKETCH_MODELS
from bot.errors import BackendResting
from bot.images.result import ImageResult, OnProgress
from bot.images.worker_pool import PictureWorker
from bot.request.image_request import ImageRequest
from tests.adapters.api.fake_engine import MODEL, paint

pytestmark = pytest.mark.slow

WORDS = (
    sys.executable,
    "-P",
    "-m",
    "tests.adapters.api.serve_fake_engine",
    "--host",
    "127.0.0.1",
    "--port",
    "0",
)


class Alarms:
    def __init__(self) -> None:
        self.topics: list[str] = []

    async def alert(self, topic: str, text: str) -> None:
        self.topics.append(topic)


class Rig:
    def __init__(self, tmp_path: Path, http: httpx.AsyncClient, worker: PictureWorker) -> None:
        self.gate = tmp_path / "gate"
        self.notes = tmp_path / "notes"
        self.environ: dict[str, str] = {
            **os.environ,
            "DISCORD_TOKEN": "a-secret-of-the-bot",
            "FAKE_ENGINE_GATE": str(self.gate),
            "FAKE_ENGINE_NOTES": str(self.notes),
        }
        self.alarms = Alarms()
        self.catalogue = Catalogue((replace(SKETCH_MODELS[0]),))
        self.readied = asyncio.Event()
        clock, rng = SystemClock(), random.Random(7)
        inbox = tmp_path / "inbox"
        inbox.mkdir()

        def api_at(endpoint: Endpoint) -> ApiBackend:
            pool = Pool([endpoint], clock=clock, alerts=self.alarms)
            return ApiBackend(http, pool, self.catalogue, worker, inbox, clock=clock, rng=rng)

        self.backend = LocalBackend(
            self._launch,
            api_at,
            self.catalogue,
            http,
            clock=clock,
            rng=rng,
            alerts=self.alarms,
            restart_s=0.01,
        )

    async def _launch(self) -> Child:
        return await launch(WORDS, self.environ, name=MODEL)

    def prompted(self, **values: Any) -> ImageRequest:
        small = {"width": 128, "height": 128, "seed": 7, **values}
        return self.catalogue.fit(ImageRequest(prompt="a cat", **small))

    def draw(self, on_progress: OnProgress = lambda _: None) -> "asyncio.Task[ImageResult]":
        work = self.backend.draw(self.prompted(), on_progress, address="local")
        return asyncio.create_task(work)


@asynccontextmanager
async def rigged(tmp_path: Path) -> AsyncIterator[Rig]:
    worker = PictureWorker()
    async with httpx.AsyncClient() as http:
        rig = Rig(tmp_path, http, worker)
        running = asyncio.create_task(rig.backend.run(rig.readied.set))
        try:
            yield rig
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await worker.close()


async def until(true: Callable[[], object], timeout_s: float = 30.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not true():  # noqa: ASYNC110  (another process's state)
            await asyncio.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


async def test_it_draws_when_the_engine_is_there_and_not_before(tmp_path: Path) -> None:
    async with rigged(tmp_path) as rig:
        assert (rig.backend.capacity, rig.backend.name, rig.backend.repeatable) == (
            0,
            "local",
            True,
        )
        seen: list[float] = []
        rig.gate.touch()
        result = await rig.draw(seen.append)  # it waits for the start
        assert rig.readied.is_set()
        assert rig.backend.capacity == 8
        (picture,) = result.pictures
        assert picture.path.read_bytes() == paint(rig.prompted(), 7)
        assert (result.seed, result.cost_micros, result.runtime_ms) == (7, 0, 228)
        assert seen
        assert seen == sorted(seen)
        assert rig.catalogue.model(MODEL).about == "a fake"
        pid = rig.backend.pid
        assert pid is not None
        environ = Path(f"/proc/{pid}/environ").read_text()  # noqa: ASYNC240
        assert "a-secret-of-the-bot" not in environ
    assert not is_alive(pid)


async def test_what_a_killed_engine_was_drawing_is_drawn_again_by_the_next(tmp_path: Path) -> None:
    async with rigged(tmp_path) as rig:
        drawing = rig.draw()
        await until(rig.notes.exists)
        first = rig.backend.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: rig.backend.capacity == 0)
        rig.gate.touch()
        (picture,) = (await drawing).pictures
        assert picture.path.read_bytes() == paint(rig.prompted(), 7)
        assert rig.notes.read_text().split() == ["7", "7"]
        assert rig.backend.pid not in (None, first)


async def test_an_engine_that_never_starts_is_reported_and_tried_again(
    tmp_path: Path,
) -> None:
    async with rigged(tmp_path) as rig:
        rig.environ["FAKE_ENGINE_BROKEN"] = "1"
        await until(lambda: "engine_down" in rig.alarms.topics, 60.0)
        with pytest.raises(BackendResting):
            rig.backend.check()
        del rig.environ["FAKE_ENGINE_BROKEN"]
        await rig.readied.wait()
        rig.backend.check()


PARENT = """
import asyncio, os, sys
from bot.backends.engine_process import launch
from tests.bot.backends.test_local import WORDS

async def main():
    child = await launch(WORDS, os.environ, name="m/m")
    print(child.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_a_killed_bot_leaves_no_engine(tmp_path: Path) -> None:
    environ: Mapping[str, str] = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, stdout=subprocess.PIPE, env=environ
    )
    assert parent.stdout is not None
    async with asyncio.timeout(60):
        pid = int(await parent.stdout.readline())
    assert is_alive(pid)
    parent.kill()
    await parent.wait()
    await until(lambda: not is_alive(pid), 15.0)


async def test_a_cancelled_start_leaves_no_process(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = f"import os, sys, pathlib; pathlib.Path({str(note)!r}).write_text(str(os.getpid())); "
    words = (sys.executable, "-c", code + "sys.stdin.read()")
    starting = asyncio.create_task(launch(words, os.environ, name="m/m"))
    await until(lambda: note.exists() and note.read_text())
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    await until(lambda: not is_alive(int(note.read_text())))


async def test_a_child_that_says_nonsense_did_not_start() -> None:
    code = "import os, sys; os.write(int(sys.argv[-1]), b'hello\\n'); sys.stdin.read()"
    with pytest.raises(engine_process.NotStarted, match="nothing that can be read"):
        await launch((sys.executable, "-c", code), os.environ, name="m/m")
    with pytest.raises(engine_process.NotStarted, match="it ended"):
        await launch((sys.executable, "-c", ""), os.environ, name="m/m")
    with pytest.raises(engine_process.NotStarted):
        await launch(("/no/such/program",), os.environ, name="m/m")
