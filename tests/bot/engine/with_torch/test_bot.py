"""`limner run` with BACKEND=local and the tiny model: one's own GPU, from page to picture."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.control import url_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

ROOT = Path(__file__).parents[4]
# The engine imports torch, twice where it is killed.
START_TIMEOUT_S = 90.0
# Slow enough for the tiny model to be met in the middle.
LONG = "/imagine a cat --size 256x256 --steps 100"


class Bot:
    """A bot in a process of its own, and a browser on its page."""

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path) -> None:
        self.process = process
        self.folder = folder
        self.browser = httpx.AsyncClient(timeout=30)
        self.token = ""

    async def open(self) -> None:
        data_dir = self.folder / "data"
        await until(lambda: url_of(data_dir), START_TIMEOUT_S)
        self.browser.base_url = httpx.URL(url_of(data_dir) or "")
        page = await self.browser.get("/")
        found = re.search(r'data-boot="([^"]+)"', page.text)
        assert found, page.text
        self.token = found[1]

    async def say(self, text: str) -> str:
        """The public id of the job that `text` asks for."""
        headers = {"X-Form-Token": self.token, "HX-Request": "true"}
        data = {"text": text, "event_id": os.urandom(8).hex()}
        answer = await self.browser.post(
            "/say", data=data, headers={**headers, "Sec-Fetch-Site": "same-origin"}
        )
        found = re.search(r'id="job-([0-9a-z]{8})"', answer.text)
        assert found, answer.text
        return found[1]

    async def events(self) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        name = ""
        async with self.browser.stream("GET", "/events") as stream:
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield name, json.loads(line.removeprefix("data: "))

    async def watch(self, text: str, until_value: float = 1.0) -> list[float]:
        """The measured progress of the job that `text` asks for, up to its final card."""
        seen: list[float] = []
        asked = False
        async with asyncio.timeout(180):
            async for name, data in self.events():
                if name == "hello" and not asked:
                    asked = True
                    await self.say(text)
                elif name == "progress" and data["value"] is not None and not data["estimated"]:
                    seen.append(data["value"])
                    if data["value"] >= until_value:
                        return seen
                elif name == "card" and "<img " in data["html"]:
                    return seen
        raise AssertionError("unreachable")

    async def shown(self) -> str:
        """The newest result's card, as soon as it has a picture."""
        async with asyncio.timeout(180):
            while "<img " not in (page := (await self.browser.get("/newest")).text):  # noqa: ASYNC110  (HTTP)
                await asyncio.sleep(0.2)
        return page

    async def engine(self) -> int:
        """The process of the engine, as soon as there is one."""
        async with asyncio.timeout(START_TIMEOUT_S):
            while not (found := children_of(self.process.pid)):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return found[0]


def pictures_in(page: str) -> set[str]:
    """Where the pictures on the page are."""
    return set(re.findall(r'<img [^>]*src="(/[^"]+)"', page))


def children_of(parent: int) -> list[int]:
    """Those that run `limner serve`."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z" and b"serve" in words:
            found.append(int(folder.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def text_in(path: Path) -> str:
    return path.read_text()


async def until(true: Any, timeout_s: float = 30.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not true():  # noqa: ASYNC110  (another process's state)
            await asyncio.sleep(0.05)


@asynccontextmanager
async def bot_with(folder: Path, model: Path) -> AsyncIterator[Bot]:
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "BACKEND": "local",
        "ENGINE_DEVICE": "cpu",  # a GPU would be done before anybody looks
        "ENGINE_MODEL": str(model),
        "PORT": "0",
        "DRAIN_S": "1",
        "MIN_FREE_DISK_MB": "0",
    }
    words = (sys.executable, "-m", "bot", "run")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: ASYNC220, S603  (our own code)
            words, cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    bot = Bot(process, folder)
    try:
        await bot.open()
        yield bot
    except BaseException:
        sys.stderr.write(text_in(folder / "log"))
        raise
    finally:
        await bot.browser.aclose()
        process.terminate()
        await asyncio.to_thread(process.wait, 60)


async def test_the_page_shows_what_the_engine_draws_and_a_killed_engine_loses_no_job(
    tmp_path: Path, tiny_folder: Path
) -> None:
    """One bot for both: most of the time goes into starting engines."""
    async with bot_with(tmp_path, tiny_folder) as bot:
        # It is asked before the engine is there, and waits.
        seen = await bot.watch(f"{LONG} --seed 1")
        assert len(set(seen)) >= 3
        assert seen == sorted(seen)
        first = await bot.engine()
        page = await bot.shown()
        assert "A sketch" not in page
        before = pictures_in(page)
        assert before
        assert [(await bot.browser.get(each)).status_code for each in before] == [200]

        seen = await bot.watch(f"{LONG} --seed 2", until_value=0.05)
        assert seen[-1] < 1
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(180):
            while not pictures_in(await bot.shown()) > before:  # noqa: ASYNC110  (HTTP)
                await asyncio.sleep(0.2)
        second = await bot.engine()
        assert second != first
    await until(lambda: not is_alive(second))


async def test_a_killed_bot_leaves_no_engine_and_its_job_goes_on_at_the_next_start(
    tmp_path: Path, tiny_folder: Path
) -> None:
    async with bot_with(tmp_path, tiny_folder) as bot:
        await bot.watch(LONG, until_value=0.05)
        engine = await bot.engine()
        bot.process.kill()
        bot.process.wait()
        await until(lambda: not is_alive(engine), 15.0)
    async with bot_with(tmp_path, tiny_folder) as bot:
        await bot.shown()
