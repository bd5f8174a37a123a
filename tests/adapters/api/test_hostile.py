"""Bodies and clients that mean harm: memory and latency stay bounded; the next one is served."""

import asyncio
import contextlib
import gzip
import io
import json
import random
import threading
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from adapters.api.requests import body, body_memory
from adapters.api.requests.multipart import read_form
from adapters.api.schema.errors import Refused
from adapters.incoming import Patience
from bot.app.listener import Patient
from bot.images.worker_pool import PictureWorker
from bot.request.image_request import ImageRequest
from tests.adapters.api.fake_engine import AUTH, PATH, Api, FakeEngine, api
from tests.adapters.api.server import Raw, head, served
from tests.support.fake_deepinfra import data_url

MEGABYTE = 1024 * 1024
JSON = {**AUTH, "Content-Type": "application/json"}
FORM = {**AUTH, "Content-Type": "multipart/form-data; boundary=b"}


async def endless(piece: bytes, sent: list[int], most: int = 2_000) -> AsyncIterator[bytes]:
    for _ in range(most):
        sent.append(len(piece))
        yield piece


@pytest.mark.parametrize("headers", [JSON, FORM])
async def test_an_endless_body_is_left_at_its_limit(here: Api, headers: dict[str, str]) -> None:
    sent: list[int] = []
    answer = await here.client.post(PATH, content=endless(b"x" * MEGABYTE, sent), headers=headers)
    assert answer.status_code == 413
    assert sum(sent) <= body.BODY_MAX_BYTES + 2 * MEGABYTE


async def test_a_stranger_is_refused_before_anything_is_read(here: Api) -> None:
    sent: list[int] = []
    for path in (PATH, "/v1/openai/images/edits", "/v1/request-costs"):
        answer = await here.client.post(path, content=endless(b"x" * MEGABYTE, sent))
        assert answer.status_code == 401
    assert sent == []


async def test_an_announced_length_is_believed_when_it_is_too_much(here: Api) -> None:
    headers = {**JSON, "Content-Length": str(10**12)}
    answer = await here.client.post(PATH, content=b"{}", headers=headers)
    assert answer.status_code == 413


@pytest.mark.slow
async def test_a_bomb_of_gzip_is_never_unpacked(here: Api) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(16 * MEGABYTE)) for _ in range(64)) + packer.flush()
    assert len(bomb) < 2 * MEGABYTE
    tracemalloc.start()
    try:
        headers = {**JSON, "Content-Encoding": "gzip"}
        answer = await here.client.post(PATH, content=bomb, headers=headers)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answer.status_code == 413
    assert peak_bytes < 64 * MEGABYTE


@pytest.mark.parametrize(
    ("packed", "status"),
    [
        (b"no gzip", 422),
        (gzip.compress(b"{}")[:-4], 422),
        (gzip.compress(b"{}") + b"more", 422),
        (gzip.compress(gzip.compress(b"{}")), 422),
    ],
)
async def test_a_broken_gzip_is_said_to_be_one(here: Api, packed: bytes, status: int) -> None:
    headers = {**JSON, "Content-Encoding": "gzip"}
    assert (await here.client.post(PATH, content=packed, headers=headers)).status_code == status


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd"])
async def test_other_packings_are_refused(here: Api, encoding: str) -> None:
    headers = {**JSON, "Content-Encoding": encoding}
    assert (await here.client.post(PATH, content=b"{}", headers=headers)).status_code == 415


def parts(count: int, value: bytes = b"1") -> bytes:
    part = b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n'
    return b"".join(part % number + value + b"\r\n" for number in range(count)) + b"--b--\r\n"


async def test_a_hundred_thousand_fields_are_refused(here: Api) -> None:
    """By the time that the processor spent: how busy the machine is, does not count."""
    many = json.dumps({f"f{n}": 1 for n in range(100_000)}).encode()
    began_s = time.process_time()
    form = await here.client.post(PATH, content=parts(100_000), headers=FORM)
    pairs = await here.client.post(
        PATH,
        content="&".join(f"f{n}=1" for n in range(100_000)),
        headers={**AUTH, "Content-Type": "application/x-www-form-urlencoded"},
    )
    in_json = await here.client.post(PATH, content=many, headers=JSON)
    assert (form.status_code, pairs.status_code, in_json.status_code) == (422, 422, 422)
    assert time.process_time() - began_s < 10  # about 0.5 s; each field looked at anew is minutes


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 200_000,
        b'{"prompt": ' + b"9" * 5_000 + b"}",
        b'{"seed": NaN, "prompt": "a"}',
        b'{"seed": 1e999, "prompt": "a"}',
        b'{"seed": ' + b"9" * 4_000 + b', "prompt": "a"}',
        b'{"prompt": "\\ud800"}',
        b'{"prompt": ["a"]}',
        b'{"prompt": "a", "width": {"a": 1}}',
        b'{"prompt": "a", "image": {}}',
        b"null",
        b"",
        b"\xff\xfe",
    ],
)
async def test_json_that_is_no_request_is_something_to_mend(here: Api, content: bytes) -> None:
    answer = await here.client.post(PATH, content=content, headers=JSON)
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], list)
    assert here.engine.drawn == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"--b",
        b"--b\r\n\r\n",
        parts(3)[:-8],
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
        parts(1, b"\xff"),
        b"--b\r\n" + b"A: b\r\n" * 10_000,
        b"--b\r\n" + b"A" * 100_000,
        b"--c\r\n" * 100_000,
    ],
)
async def test_a_form_that_is_none_is_something_to_mend(here: Api, content: bytes) -> None:
    answer = await here.client.post(PATH, content=content, headers=FORM)
    assert answer.status_code == 422


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=400), mangled=st.integers(0, 300))
def test_whatever_comes_as_a_form_is_read_or_refused(content: bytes, mangled: int) -> None:
    whole = parts(3, content.replace(b"\r\n--b", b""))
    changed = whole[:mangled] + content[:20] + whole[mangled:]
    for data in (content, changed):
        try:
            texts, files = read_form("multipart/form-data; boundary=b", data, 5)
        except Refused:
            continue
        assert len(texts) + sum(map(len, files.values())) <= 5


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
FIELDS = st.sampled_from(sorted({*ImageRequest.model_fields, "n", "size", "mask", "image[]"}))


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(fields=st.dictionaries(FIELDS, JSON_VALUES, max_size=6))
async def test_whatever_the_fields_hold_nothing_breaks(fields: dict[str, Any]) -> None:
    small = {"prompt": "a cat", "width": 128, "height": 128, "num_inference_steps": 1, **fields}
    small.pop("webhook", None)
    async with api() as here:
        for path in (PATH, "/v1/openai/images/generations", "/v1/openai/images/edits"):
            answer = await here.client.post(path, content=json.dumps(small), headers=JSON)
            assert answer.status_code in (200, 404, 422), answer.text


@pytest.mark.slow
async def test_a_bomb_of_pixels_is_never_decoded() -> None:
    buffer = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(buffer, "PNG")
    worker = PictureWorker()
    try:
        async with api(worker=worker) as here:
            answer = await here.infer(image=data_url(buffer.getvalue()))
            assert answer.status_code == 422
            assert "4096 pixels" in answer.json()["detail"][0]["msg"]
            broken = data_url(b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(5_000))
            assert (await here.infer(image=broken)).status_code == 422
    finally:
        await worker.close()


async def test_all_bodies_together_have_a_limit() -> None:
    async with api() as here:
        here.engine.gate.clear()
        context = here.server.app.state.context
        context.memory.take(body_memory.BODIES_MAX_BYTES - 1_000)
        refused = await here.infer(negative_prompt="x" * 2_000)
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "2"
        small = asyncio.create_task(here.infer())
        await asyncio.wait_for(here.engine.began.wait(), 60)
        here.engine.gate.set()
        assert (await small).status_code == 200
        assert context.memory.held_bytes == body_memory.BODIES_MAX_BYTES - 1_000


@contextlib.contextmanager
def steps() -> Iterator[list[float]]:
    """Of the threads that begin meanwhile: what passes between two calls or returns of any kind.

    So long, in processor time, a thread may keep the interpreter's lock from the loop.
    """
    steps_s, seen_s = list[float](), dict[int, float]()

    def look(_frame: object, _event: str, _arg: object) -> None:
        now_s, thread = time.thread_time(), threading.get_ident()
        steps_s.append(now_s - seen_s.get(thread, now_s))
        seen_s[thread] = now_s

    threading.setprofile(look)
    try:
        yield steps_s
    finally:
        threading.setprofile(None)


async def test_the_loop_stays_quick_beside_large_bodies() -> None:
    """The largest body that is read, four at once: nothing holds up the loop for long.

    Neither what runs in it nor, by the interpreter's lock, what runs in threads. All is measured
    in one thread's time on the processor: what others do to the machine does not count.
    """
    worst_s = 0.0

    async def watch() -> None:
        nonlocal worst_s
        while True:
            began_s = time.thread_time()
            await asyncio.sleep(0.005)
            worst_s = max(worst_s, time.thread_time() - began_s)

    bodies = [
        json.dumps({f"f{n}": "y" * 120 for n in range(100_000)}),
        '{"f": [' + "1," * 7_000_000 + "1]}",
        '{"f": "' + "\\u0041" * 2_000_000 + '"}',
        '{"prompt": 1, "f": "' + "y" * 14_000_000 + '"}',
    ]
    assert all(len(each) < body.BODY_MAX_BYTES for each in bodies)
    async with api() as here:
        with steps() as steps_s:
            watching = asyncio.create_task(watch())
            answers = await asyncio.gather(
                *(here.client.post(PATH, content=each, headers=JSON) for each in bodies)
            )
            watching.cancel()
    assert {answer.status_code for answer in answers} == {422}
    assert worst_s < 0.25
    assert max(steps_s) < 0.1


async def test_a_slow_body_is_let_go_of() -> None:
    async with served(FakeEngine(), patience=Patience(silence_s=0.2)) as url, Raw(url) as client:
        await client.say(head(PATH, "Content-Length: 1000", "Connection: close") + b'{"prompt"')
        assert await client.status() == 408


async def test_a_body_by_drops_is_let_go_of() -> None:
    async with served(FakeEngine(), patience=Patience(whole_s=0.3)) as url, Raw(url) as client:
        await client.say(head(PATH, "Content-Length: 100000", "Connection: close"))
        status = asyncio.create_task(client.status())
        while not status.done():
            with contextlib.suppress(ConnectionError):
                await client.say(b"x")  # a line that was cut says so
            await asyncio.sleep(0.01)
        assert status.result() == 408


class Impatient(Patient):
    headers_timeout_s = 1.0
    write_timeout_s = 0.2


@pytest.mark.slow
async def test_headers_that_never_end_are_let_go_of() -> None:
    async with (
        served(FakeEngine(), protocol=Impatient) as url,
        Raw(url) as silent,
        Raw(url) as slow,
        Raw(url) as again,
    ):
        await slow.say(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
        await again.say(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /he")
        assert await silent.heard() == b""
        assert await slow.heard() == b""
        assert (await again.heard()).startswith(b"HTTP/1.1 200")
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{url}/health")).status_code == 200


async def test_a_request_that_takes_longer_than_headers_may_is_served() -> None:
    engine = FakeEngine()
    engine.gate.clear()
    async with served(engine, protocol=Impatient) as url, httpx.AsyncClient() as client:
        fields = {"prompt": "a", "width": 128, "height": 128}
        drawing = asyncio.create_task(client.post(url + PATH, json=fields, headers=AUTH))
        await asyncio.wait({drawing}, timeout=1.5)
        engine.gate.set()
        assert (await drawing).status_code == 200


async def test_an_answer_that_nobody_takes_is_let_go_of() -> None:
    engine = FakeEngine()
    engine.ballast = random.Random(1).randbytes(24 * MEGABYTE)
    async with served(engine, protocol=Impatient) as url, Raw(url) as client:
        fields = b'{"prompt": "a"}'
        await client.say(head(PATH, f"Content-Length: {len(fields)}") + fields)
        async with asyncio.timeout(60):
            while not client.writer.transport.is_closing():
                with contextlib.suppress(ConnectionError):
                    await client.say(b"x")  # a line that was cut says so
                await asyncio.sleep(0.02)


async def test_a_client_that_is_gone_frees_its_place_on_a_real_socket() -> None:
    engine = FakeEngine()
    engine.gate.clear()
    async with served(engine) as url:
        fields = json.dumps({"prompt": "a", "width": 128, "height": 128}).encode()
        async with Raw(url) as client:
            length = f"Content-Length: {len(fields)}"
            await client.say(head(PATH, length, "Content-Type: application/json") + fields)
            await asyncio.wait_for(engine.began.wait(), 60)
            client.writer.transport.abort()
        async with asyncio.timeout(60):
            while engine.busy:  # noqa: ASYNC110  (the server's own pace)
                await asyncio.sleep(0.01)
        assert engine.cancelled == 1
