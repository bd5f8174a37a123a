"""Progress as events: what the server sends, and what the bot's own client makes of it."""

import asyncio
import io
import json
import random
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from PIL import Image
from pydantic import SecretStr

from bot.backends.api import ApiBackend
from bot.backends.bounded_body import BadBody
from bot.backends.endpoint_pool import Pool
from bot.backends.progress_events import EventFailed, receive_events
from bot.backends.progress_support import ProgressSupport
from bot.config.fields import Endpoint
from bot.domain.catalogue import Catalogue
from bot.errors import BackendBroken, BackendBusy, QueueFull
from bot.request.image_request import ImageRequest
from tests.adapters.api.fake_engine import AUTH, KEY, PATH, Api, FakeEngine, api, paint
from tests.adapters.api.server import Raw, head, served
from tests.adapters.api.test_inference import until, watchers
from tests.bot.backends.test_api import Inline, Told
from tests.support.clock import FakeClock
from tests.support.fake_deepinfra import FakeDeepInfra

EVENTS = {**AUTH, "Accept": "text/event-stream"}
SMALL = {"prompt": "a cat", "width": 128, "height": 128, "seed": 7}


async def events_of(here: Api, query: str = "") -> list[tuple[str, dict[str, object]]]:
    answer = await here.client.post(PATH + query, json=SMALL, headers=EVENTS)
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    blocks = [block.split("\n") for block in answer.text.split("\n\n") if block]
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in blocks
    ]


async def test_progress_comes_before_the_whole_native_answer(here: Api) -> None:
    *progress, (name, result) = await events_of(here)
    assert progress
    assert all(each == "progress" and data.keys() == {"progress"} for each, data in progress)
    assert name == "result"
    plain = (await here.infer(seed=7)).json()
    assert result.keys() == plain.keys()
    assert result["images"] == plain["images"]
    assert here.engine.previews == [False, False]


async def test_previews_come_to_those_who_ask(here: Api) -> None:
    *progress, _ = await events_of(here, "?preview=true")
    kind, _, data = str(progress[0][1]["preview"]).partition(",")
    assert kind == "data:image/jpeg;base64"
    with Image.open(io.BytesIO(b64decode(data))) as preview:
        assert preview.size == (16, 16)
    assert here.engine.previews == [True]


async def test_who_does_not_ask_gets_plain_json(here: Api) -> None:
    answer = await here.client.post(PATH, json=SMALL, headers={**AUTH, "Accept": "*/*"})
    assert answer.headers["content-type"] == "application/json"


async def test_a_refusal_before_the_first_event_keeps_its_status(here: Api) -> None:
    here.engine.trouble = [QueueFull()]
    answer = await here.client.post(PATH, json=SMALL, headers=EVENTS)
    assert answer.status_code == 429
    answer = await here.client.post(PATH, json={}, headers=EVENTS)
    assert answer.status_code == 422


class Stumbling(FakeEngine):
    """Fails after its first step."""

    async def draw(self, *args: object, **kwargs: object) -> None:  # type: ignore[override]
        args[1](0.25, None)  # type: ignore[operator]
        for _ in range(100):  # the first event goes out meanwhile
            await asyncio.sleep(0)
        raise BackendBroken(detail="NaN")


async def test_a_failure_in_the_middle_is_an_event() -> None:
    engine = Stumbling()
    async with api(engine) as here:
        *_, last = await events_of(here)
    assert last == (
        "error",
        {"status": 500, "detail": {"error": "The engine failed. Try again."}},
    )


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def content(path: Path) -> bytes:
    return path.read_bytes()


@asynccontextmanager
async def backend_at(url: str, inbox: Path) -> AsyncIterator[ApiBackend]:
    clock = FakeClock(auto=True)
    async with httpx.AsyncClient() as client:
        yield ApiBackend(
            client,
            Pool([Endpoint(url, SecretStr(KEY))], clock=clock, alerts=Told()),
            CATALOGUE,
            Inline(),
            inbox,
            clock=clock,
            rng=random.Random(7),
        )


CATALOGUE = Catalogue(follow_replacements=False)
WISH = CATALOGUE.fit(ImageRequest(prompt="a cat", width=128, height=128, seed=7))


async def test_the_bot_sees_the_progress_of_a_server_of_ones_own(tmp_path: Path) -> None:
    seen: list[float] = []
    engine = FakeEngine()
    engine.gate.clear()
    async with served(engine) as url, backend_at(url, tmp_path) as backend:
        drawing = asyncio.create_task(backend.draw(WISH, seen.append, address=url))
        await until(lambda: seen)  # while it is still being drawn
        assert engine.busy == 1
        engine.gate.set()
        result = await drawing
    (picture,) = result.pictures
    assert picture.path.read_bytes() == paint(WISH, 7)
    assert (result.seed, result.cost_micros, result.runtime_ms) == (7, 114, 228)
    assert all(0 <= fraction <= 1 for fraction in seen)
    assert files(tmp_path) == [picture.path.name]


async def test_the_bot_is_told_of_a_failure_in_the_middle(tmp_path: Path) -> None:
    async with served(Stumbling()) as url, backend_at(url, tmp_path) as backend:
        with pytest.raises(BackendBroken):
            await backend.draw(WISH, lambda _: None, address=url)
    assert files(tmp_path) == []


async def test_a_busy_engine_is_asked_again(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.trouble = [BackendBusy(), QueueFull()]
    async with served(engine) as url, backend_at(url, tmp_path) as backend:
        await backend.draw(WISH, lambda _: None, address=url)
    assert len(engine.drawn) == 3


async def test_a_server_that_announces_nothing_is_asked_as_ever(tmp_path: Path) -> None:
    with FakeDeepInfra(key=KEY) as fake:
        async with backend_at(fake.url, tmp_path) as backend:
            await backend.draw(WISH, lambda _: None, address=fake.url)
        assert fake.received[0].headers["accept"] == "*/*"


async def test_deepinfra_itself_is_never_asked_what_it_can() -> None:
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        assert "authorization" not in request.headers
        return httpx.Response(200, json={"progress": "text/event-stream"})

    clock = FakeClock(auto=True)
    async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as client:
        support = ProgressSupport(client, clock)
        key = SecretStr(KEY)
        deepinfra = Endpoint("https://api.deepinfra.com", key)
        assert not await support.reports_progress(deepinfra)
        own = Endpoint("http://gpu.example:8770", key)
        assert await support.reports_progress(own)
        assert await support.reports_progress(own)
        assert asked == ["http://gpu.example:8770/health"]
        clock.advance(601)
        assert await support.reports_progress(own)
        assert len(asked) == 2


async def received(
    chunks: list[bytes], path: Path, limit_bytes: int = 1_000
) -> tuple[bytes, list[float]]:
    async def stream() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    seen: list[float] = []
    response = httpx.Response(200, content=stream())
    places = asyncio.Semaphore(1)
    try:
        await receive_events(
            response,
            path,
            limit_bytes,
            bodies=places,
            on_progress=seen.append,
            on_sign=lambda: None,
        )
    finally:
        assert not places.locked()
    return content(path), seen


WHOLE = (
    b': hello\r\n\r\nevent: progress\ndata: {"progress": 0.5}\n\n'
    b'event: progress\ndata: {"progress": 7}\n\nevent: progress\ndata: nonsense\n\n'
    b'event: unheard\ndata: of\n\nevent: result\ndata: {"a":\ndata: 1}\n\n'
)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1_000])
async def test_events_are_read_however_they_are_cut(tmp_path: Path, size: int) -> None:
    chunks = [WHOLE[n : n + size] for n in range(0, len(WHOLE), size)]
    data, seen = await received(chunks, tmp_path / "body")
    assert (json.loads(data), seen) == ({"a": 1}, [0.5])


async def test_a_stream_that_ends_early_was_cut_off(tmp_path: Path) -> None:
    for whole in (WHOLE[:40], WHOLE[:-3], b""):
        with pytest.raises(httpx.RemoteProtocolError):
            await received([whole], tmp_path / "body")


async def test_events_are_bounded(tmp_path: Path) -> None:
    with pytest.raises(BadBody):
        await received([b"event: result\ndata: " + b"x" * 2_000], tmp_path / "a")
    with pytest.raises(BadBody):
        await received([b"data: " + b"x" * 300_000], tmp_path / "b")
    with pytest.raises(BadBody):
        await received([b"data: " + b"x" * 1_000 + b"\n"] * 300, tmp_path / "c")


async def test_an_error_event_keeps_its_status_and_words(tmp_path: Path) -> None:
    event = b'event: error\ndata: {"status": 429, "detail": {"error": "busy"}}\n\n'
    with pytest.raises(EventFailed) as caught:
        await received([event], tmp_path / "body")
    assert caught.value.status == 429
    assert caught.value.document["detail"] == {"error": "busy"}


async def test_who_leaves_a_stream_frees_the_place() -> None:
    engine = FakeEngine()
    engine.gate.clear()
    async with served(engine) as url, Raw(url) as client:
        body = json.dumps(SMALL).encode()
        lines = (f"Content-Length: {len(body)}", "Accept: text/event-stream")
        await client.say(head(PATH, *lines) + body)
        assert await client.status() == 200
        await client.reader.readuntil(b"event: progress")
        client.writer.transport.abort()
        await until(lambda: not engine.busy)
        assert engine.cancelled == 1


async def test_two_streams_of_one_drawing_both_see_it() -> None:
    engine = FakeEngine()
    engine.gate.clear()
    async with api(engine) as here:
        both = [asyncio.create_task(events_of(here)) for _ in range(2)]
        await until(lambda: watchers(here) == 2)
        engine.gate.set()
        one, two = [await each for each in both]
    assert one[-1] == two[-1]
    assert len(engine.drawn) == 1
