"""`limner serve` with the tiny model, asked as the model's page says."""

import asyncio
import base64
import io
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.adapters.api.test_clients import HOST, PAGE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[4]
KEY = "a-key-of-the-tests"
START_TIMEOUT_S = 90.0


@asynccontextmanager
async def served(model: Path, **environ: str) -> AsyncIterator[str]:
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "serve", "--model", str(model)),
        *("--port", "0", "--report-fd", str(writing)),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", "ENGINE_KEYS": KEY, **environ},
        stdin=asyncio.subprocess.PIPE,
        pass_fds=(writing,),
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            async with asyncio.timeout(START_TIMEOUT_S):
                line = await asyncio.to_thread(pipe.readline)
        yield json.loads(line)["url"]
    finally:
        assert process.stdin is not None
        process.stdin.close()
        async with asyncio.timeout(20):
            assert await process.wait() == 0


def size_of(picture: str) -> tuple[int, int]:
    return Image.open(io.BytesIO(base64.b64decode(picture.partition(",")[2]))).size


async def curl(url: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", PAGE.replace(HOST, url)),
        env={"PATH": os.environ["PATH"], "DEEPINFRA_TOKEN": KEY, "no_proxy": "127.0.0.1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(90):
        out, _ = await process.communicate()
    document: dict[str, Any] = json.loads(out)
    return document


async def test_the_command_of_the_page_draws_with_a_real_model(tiny_folder: Path) -> None:
    async with served(tiny_folder, ENGINE_PRICE="0.0005", ENGINE_FIXED_ROWS="4") as url:
        document = await curl(url)
        status = document["inference_status"]
        assert (status["status"], document["nsfw_content_detected"]) == ("succeeded", [False])
        assert size_of(document["images"][0]) == (128, 128)  # what it was "trained" at
        assert status["runtime_ms"] > 0
        assert status["cost"] == pytest.approx(status["runtime_ms"] * 0.0005 / 1_000)
        headers = {"Authorization": f"Bearer {KEY}"}
        path = f"{url}/v1/inference/stabilityai/stable-diffusion-2-1"
        async with httpx.AsyncClient(headers=headers, timeout=60) as http:
            fields = {"prompt": "a cat", "width": 128, "height": 128, "num_inference_steps": 4}
            one, two = [
                (await http.post(path, json={**fields, "seed": 7, "num_images": 2})).json()
                for _ in range(2)
            ]
            assert one["images"] == two["images"]
            assert one["images"][0] != one["images"][1]
            wrong = await http.post(path, json={**fields, "lora": "nobody's"})
            assert wrong.status_code == 422
            assert wrong.json()["detail"][0]["loc"] == ["body", "lora"]
            events = await http.post(
                path + "?preview=1",
                json={**fields, "width": 256, "height": 256, "num_inference_steps": 60},
                headers={"Accept": "text/event-stream"},
            )
            assert events.text.count("event: progress\n") >= 3
            assert "data:image/jpeg;base64," in events.text
            assert events.text.count("event: result\n") == 1
            numbers = (await http.get(f"{url}/metrics")).text
            assert 'limner_drawings_total{outcome="succeeded"} 4' in numbers
            assert "limner_engine_steps" in numbers
