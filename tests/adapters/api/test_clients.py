"""The clients that people have: curl as the model's page has it, and the API's official ones."""

import asyncio
import base64
import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.api.fake_engine import KEY, MODEL, FakeEngine, paint
from tests.adapters.api.server import served

pytestmark = pytest.mark.slow

NODE_MODULES = Path(sys.prefix) / "node" / "node_modules"

# The command of the model's page, word for word.
PAGE = r"""
curl -X POST \
    -H "Authorization: bearer $DEEPINFRA_TOKEN"  \
    -F 'prompt=A photo of an astronaut riding a horse on Mars.'  \
    'https://api.deepinfra.com/v1/inference/stabilityai/stable-diffusion-2-1'
"""
HOST = "https://api.deepinfra.com"


async def output_of(*words: str, stdin: str = "", **environ: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "no_proxy": "127.0.0.1", **environ},
    )
    async with asyncio.timeout(60):
        out, errors = await process.communicate(stdin.encode())
    assert process.returncode == 0, errors.decode()
    return out.decode()


async def test_the_command_of_the_page_works_word_for_word_but_for_the_host() -> None:
    assert shutil.which("curl"), "curl is needed: apt-get install curl"
    engine = FakeEngine()
    async with served(engine) as url:
        command = PAGE.replace(HOST, url)
        out = await output_of("bash", "-c", command, DEEPINFRA_TOKEN=KEY)
    document = json.loads(out)
    ((caller, request),) = engine.drawn
    assert (caller, request.prompt) == ("ann", "A photo of an astronaut riding a horse on Mars.")
    assert (request.width, request.height, request.num_inference_steps) == (768, 768, 25)
    (picture,) = document["images"]
    assert base64.b64decode(picture.partition(",")[2]) == paint(request, document["seed"])
    assert document["nsfw_content_detected"] == [False]
    assert document["inference_status"]["status"] == "succeeded"


PYTHON = """
import json, sys
from deepinfra import TextToImage

model = TextToImage(sys.argv[1], sys.argv[2])
answer = model.generate(json.loads(sys.stdin.read()))
print(json.dumps({"images": answer.images, "seed": answer.seed, "id": answer.request_id,
                  "flags": answer.nsfw_content_detected, "status": answer.inference_status}))
"""

NODE = """
const { TextToImage } = require("deepinfra");
const [url, key] = process.argv.slice(1);
let text = "";
process.stdin.on("data", (chunk) => (text += chunk)).on("end", async () => {
  const quick = { initialBackoff: 20, subsequentBackoff: 20 };
  const model = new TextToImage(url, key, quick);
  const answer = await model.generate(JSON.parse(text)).catch((error) => ({
    images: [], failed: error.response.status, said: error.response.data,
  }));
  console.log(JSON.stringify({ images: answer.images, seed: answer.seed, id: answer.request_id,
    flags: answer.nsfw_content_detected, status: answer.inference_status,
    failed: answer.failed, said: answer.said }));
});
"""


def needs_node() -> None:
    assert shutil.which("node"), "node is needed: apt-get install nodejs npm"
    assert NODE_MODULES.is_dir(), "the clients for node are missing: make test installs them"


async def asked_by(client: str, url: str, **fields: Any) -> dict[str, Any]:
    """What an official client makes of the answer."""
    address = f"{url}/v1/inference/{MODEL}"
    if client == "python":
        out = await output_of(sys.executable, "-c", PYTHON, address, KEY, stdin=json.dumps(fields))
    else:
        needs_node()
        words = ("node", "-e", NODE, address, KEY)
        out = await output_of(*words, stdin=json.dumps(fields), NODE_PATH=str(NODE_MODULES))
    document: dict[str, Any] = json.loads(out.splitlines()[-1])
    return document


@pytest.mark.parametrize("client", ["python", "node"])
async def test_the_official_clients_draw(client: str) -> None:
    engine = FakeEngine()
    async with served(engine) as url:
        answer = await asked_by(
            client, url, prompt="a cat", width=128, height=128, num_images=2, seed=42
        )
    ((_, request),) = engine.drawn
    found = [base64.b64decode(each.partition(",")[2]) for each in answer["images"]]
    assert found == [paint(request, 42), paint(request, 43)]
    assert (answer["seed"], answer["flags"]) == (42, [False, False])
    assert re.fullmatch("R[A-Za-z0-9]{23}", answer["id"])
    assert answer["status"]["status"] == "succeeded"
    assert answer["status"]["cost"] == 0.000114


async def test_node_asks_six_times_and_learns_what_to_mend() -> None:
    engine = FakeEngine()
    async with served(engine) as url:
        answer = await asked_by("node", url, prompt="a cat", width=100)
    assert answer["failed"] == 422
    assert answer["said"]["detail"][0]["loc"] == ["body", "width"]
    assert engine.drawn == []


TIRED = """
import sys
from deepinfra import DeepInfraClient, RequestSpec

client = DeepInfraClient(sys.argv[2], timeout=0.5, max_retries=2)
spec = RequestSpec("POST", sys.argv[1], retry_connect=True,
                   json={"prompt": "a cat", "width": 128, "height": 128, "seed": 42})
try:
    client.request(spec)
except Exception as error:
    print(type(error).__name__)
"""


async def test_a_client_that_is_tired_of_waiting_leaves_nothing_running() -> None:
    engine = FakeEngine()
    engine.gate.clear()
    async with served(engine) as url:
        address = f"{url}/v1/inference/{MODEL}"
        out = await output_of(sys.executable, "-c", TIRED, address, KEY)
        assert out.strip() == "MaxRetriesExceededError"
        async with asyncio.timeout(20):
            while engine.busy:  # noqa: ASYNC110  (the server's own pace)
                await asyncio.sleep(0.01)
        assert (len(engine.drawn), engine.cancelled) == (3, 3)
