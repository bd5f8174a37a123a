"""`limner serve` as a process: how it starts, what it refuses, and how it stops."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.adapters.api.fake_engine import AUTH, KEY, PATH

pytestmark = pytest.mark.slow

SMALL = {"prompt": "a cat", "width": 128, "height": 128, "seed": 7}


class Serving:
    def __init__(self, process: asyncio.subprocess.Process, url: str, gate: Path) -> None:
        self.process = process
        self.url = url
        self.gate = gate

    async def ended(self) -> int:
        async with asyncio.timeout(20):
            return await self.process.wait()


@asynccontextmanager
async def serving(folder: Path, **environ: str) -> AsyncIterator[Serving]:
    gate = folder / "gate"
    own = {
        "ENGINE_KEYS": f"ann:{KEY}",
        "FAKE_ENGINE_GATE": str(gate),
        "FAKE_ENGINE_NOTES": str(folder / "n"),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.adapters.api.serve_fake_engine"),
        env={**os.environ, **own, **environ},
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        said = ""
        while not (found := re.search(r"draws at (http://\S+)", said)):
            async with asyncio.timeout(30):
                line = await process.stderr.readline()
            assert line, said
            said += line.decode()
        yield Serving(process, found[1], gate)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def drawing(http: httpx.AsyncClient, server: Serving) -> "asyncio.Task[httpx.Response]":
    """A request that is being drawn now."""
    task = asyncio.create_task(http.post(server.url + PATH, json=SMALL, headers=AUTH))
    async with asyncio.timeout(10):
        while not server.gate.with_name("n").exists():  # noqa: ASYNC110  (another process)
            await asyncio.sleep(0.02)
    return task


async def test_what_is_being_drawn_is_finished_before_it_stops(tmp_path: Path) -> None:
    async with serving(tmp_path) as server, httpx.AsyncClient(timeout=20) as http:
        running = await drawing(http, server)
        server.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            while (await http.get(f"{server.url}/models/list")).status_code != 503:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert (await http.get(f"{server.url}/health")).status_code == 200
        server.gate.touch()
        assert (await running).status_code == 200
        assert await server.ended() == 0


async def test_what_takes_longer_is_told(tmp_path: Path) -> None:
    environ = {"ENGINE_DRAIN_S": "0.2"}
    async with serving(tmp_path, **environ) as server, httpx.AsyncClient(timeout=20) as http:
        running = await drawing(http, server)
        server.process.send_signal(signal.SIGTERM)
        answer = await running
        assert answer.status_code == 503
        assert answer.json() == {"detail": {"error": "This server stops now. Try again soon."}}
        assert await server.ended() == 0


async def test_an_engine_that_can_not_draw_any_more_ends_the_process(tmp_path: Path) -> None:
    grave = tmp_path / "grave"
    async with serving(tmp_path, FAKE_ENGINE_GRAVE=str(grave)) as server:
        grave.touch()
        assert await server.ended() == 5
        assert server.process.stderr is not None
        said = (await server.process.stderr.read()).decode()
    assert "The engine can't draw any more: its legs broke\n" in said
    assert "Stopping." not in said


async def said_by(*words: str, cwd: Path, **environ: str) -> tuple[int | None, str]:
    kept: Mapping[str, str] = {
        name: value for name, value in os.environ.items() if not name.startswith("ENGINE_")
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "serve", *words),
        cwd=cwd,
        env={**kept, **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(60):
        out, _ = await process.communicate()
    return process.returncode, out.decode()


async def test_it_wants_a_model(tmp_path: Path) -> None:
    code, said = await said_by(cwd=tmp_path)
    assert code == 2
    assert said == (
        "There is no model: name its folder, as diffusers saves it, with --model PATH or "
        "ENGINE_MODEL.\n"
    )


async def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    code, said = await said_by("--model", str(tmp_path / "none"), cwd=tmp_path)
    assert code == 2
    assert said.endswith(f"{tmp_path / 'none'} is no folder on this machine.\n")


async def test_others_come_in_with_a_key_only(tmp_path: Path) -> None:
    code, said = await said_by("--model", "m", "--host", "192.0.2.7", cwd=tmp_path)
    assert code == 2
    assert said.startswith("ENGINE_HOST is 192.0.2.7, where others reach it, but nobody has a key")
    keys = tmp_path / "keys.txt"
    keys.write_text("short")
    code, said = await said_by("--model", "m", "--key-file", str(keys), cwd=tmp_path)
    assert code == 2
    assert said.startswith("ENGINE_KEYS is set, but it takes")


async def test_it_reads_the_env_file_and_options_win(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("ENGINE_PORT=nonsense\nDISCORD_TOKEN=whatever\n")
    code, said = await said_by("--model", "m", cwd=tmp_path)
    assert (code, said) == (
        2,
        'ENGINE_PORT is "nonsense", but it takes a whole number from 0 to 65535.\n',
    )
    code, said = await said_by("--model", "none", "--port", "0", cwd=tmp_path)
    assert "ENGINE_PORT" not in said


async def test_a_taken_port_is_told(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        port = server.url.rpartition(":")[2]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.adapters.api.serve_fake_engine", "--port", port),
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await process.communicate()
    assert f"Nothing can listen on 127.0.0.1, port {port}" in said.decode()


async def test_as_a_child_it_reports_its_address_and_ends_with_its_stdin() -> None:
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "tests.adapters.api.serve_fake_engine",
            "--report-fd",
            str(writing),
        ),
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        pass_fds=(writing,),
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        report = json.loads(await asyncio.to_thread(pipe.readline))
    async with httpx.AsyncClient() as http:
        assert (await http.get(f"{report['url']}/health")).json()["server"] == "limner"
    assert process.stdin is not None
    process.stdin.close()
    async with asyncio.timeout(15):
        assert await process.wait() == 0
