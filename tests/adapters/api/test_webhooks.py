"""Webhooks: queued at once, delivered with patience, and never to where only we can go."""

import asyncio
import json
from base64 import b64decode
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from adapters import pinned_http
from adapters.api.app import Terms
from adapters.api.drawings import webhooks
from bot.config.engine_settings import CallerKey
from bot.errors import BackendBroken
from bot.urls import PinnedUrl, resolve_public
from tests.adapters.api.fake_engine import KEY, Api, FakeEngine, api, paint
from tests.adapters.api.test_inference import until

URL = "https://hooks.example:8443/done?token=abc"


class Receiver:
    """What stands at the address, and how its name resolves, in turn."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.received: list[httpx.Request] = []
        self.answers: list[str] = []  # of the name server; the last one stays
        self.resolved = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.received.append(request)
        status = self.statuses.pop(0) if self.statuses else 200
        return httpx.Response(status, headers={"Location": "http://169.254.169.254/"})

    async def resolve(self, url: str) -> PinnedUrl:
        async def resolver(host: str, port: int) -> list[str]:
            self.resolved += 1
            await asyncio.sleep(0)
            return [self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]]

        self.answers = self.answers or ["93.184.216.34"]
        return await resolve_public(url, resolver=resolver)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(request.content) for request in self.received]

    def opened(self, engine: FakeEngine | None = None, **options: Any) -> Any:
        http = pinned_http.client(httpx.MockTransport(self))
        return api(engine, http=http, resolve=self.resolve, **options)


async def settled(here: Api) -> None:
    await until(lambda: here.server.app.state.context.webhooks.open == 0)


async def test_it_is_queued_at_once_and_posted_when_done() -> None:
    receiver = Receiver()
    async with receiver.opened() as here:
        here.engine.gate.clear()
        answer = await here.infer(webhook=URL, seed=42)
        assert answer.status_code == 200
        document = answer.json()
        assert document["inference_status"]["status"] == "queued"
        assert (document["images"], document["seed"]) == ([], 42)
        assert receiver.received == []
        here.engine.gate.set()
        await settled(here)
        ((_, request),) = here.engine.drawn
    (posted,) = receiver.received
    assert posted.url.host == "93.184.216.34"
    assert posted.headers["host"] == "hooks.example:8443"
    assert posted.extensions["sni_hostname"] == "hooks.example"
    (body,) = receiver.bodies
    assert body.keys() == {"request_id", "inference_status", "results"}
    assert body["request_id"] == document["request_id"]
    assert body["inference_status"]["status"] == "succeeded"
    assert body["results"].keys() == {"images", "nsfw_content_detected", "seed"}
    (picture,) = body["results"]["images"]
    assert b64decode(picture.partition(",")[2]) == paint(request, 42)


async def test_a_failure_is_posted_without_what_is_for_the_owner() -> None:
    receiver = Receiver()
    engine = FakeEngine()
    engine.trouble = [BackendBroken(detail="secret")]
    async with receiver.opened(engine) as here:
        request_id = (await here.infer(webhook=URL)).json()["request_id"]
        await settled(here)
    (body,) = receiver.bodies
    assert body["request_id"] == request_id
    assert body.keys() == {"request_id", "inference_status", "error"}
    assert body["inference_status"]["status"] == "failed"
    assert body["error"] == "The engine failed. Try again."


@pytest.mark.parametrize("statuses", [(500, 404, 429, 200), (503, 200)])
async def test_a_receiver_that_stumbles_is_asked_again(statuses: tuple[int, ...]) -> None:
    receiver = Receiver(*statuses)
    async with receiver.opened() as here:
        await here.infer(webhook=URL)
        await settled(here)
    assert len(receiver.received) == len(statuses)
    assert len({request.content for request in receiver.received}) == 1


async def test_the_tries_come_to_an_end() -> None:
    receiver = Receiver(*[500] * 9)
    async with receiver.opened() as here:
        await here.infer(webhook=URL)
        await settled(here)
    assert len(receiver.received) == 5


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8770/metrics",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://[::ffff:10.0.0.1]/",
        "http://0x7f.1/",
        "http://localhost/",
        "http://gpu.internal/",
        "https://name:password@hooks.example/",
        "ftp://hooks.example/",
        "http://hooks.example:25/",
    ],
)
async def test_an_address_inside_is_refused_before_anything_is_drawn(url: str) -> None:
    receiver = Receiver()
    async with receiver.opened() as here:
        answer = await here.infer(webhook=url)
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["body", "webhook"]
        assert here.engine.drawn == []


async def test_a_name_that_leads_inside_is_refused_at_once() -> None:
    receiver = Receiver()
    receiver.answers = ["10.1.2.3"]
    async with receiver.opened() as here:
        assert (await here.infer(webhook=URL)).status_code == 422
        assert here.engine.drawn == []


async def test_a_name_that_leads_inside_later_gets_nothing() -> None:
    receiver = Receiver()
    receiver.answers = ["93.184.216.34", "127.0.0.1"]
    async with receiver.opened() as here:
        assert (await here.infer(webhook=URL)).status_code == 200
        await settled(here)
    assert receiver.received == []


async def test_a_redirect_is_not_followed() -> None:
    receiver = Receiver(307)
    async with receiver.opened() as here:
        await here.infer(webhook=URL)
        await settled(here)
    assert len(receiver.received) == 1


KEYS = tuple(
    CallerKey(name=f"caller {n}", secret=SecretStr(f"{KEY} {n}"), at_once=100) for n in range(3)
)


def call(here: Api, number: int) -> Any:
    key = KEYS[number].secret.get_secret_value()
    return here.infer(headers={"Authorization": f"Bearer {key}"}, webhook=URL)


async def test_only_so_many_webhooks_are_open_and_half_of_them_by_one_caller() -> None:
    engine = FakeEngine()
    engine.gate.clear()
    receiver = Receiver()
    async with receiver.opened(engine, terms=Terms(keys=KEYS)) as here:
        for number in (0, 1):
            for _ in range(webhooks.OPEN_OF_CALLER_MAX):
                assert (await call(here, number)).status_code == 200
            full = await call(here, number)
            assert (full.status_code, full.headers["Retry-After"]) == (429, "5")
        assert (await call(here, 2)).status_code == 429
        engine.gate.set()
        await settled(here)
        assert (await call(here, 0)).status_code == 200
        await settled(here)
        assert all(each.open == 0 for each in here.server.app.state.context.keys.callers)
    assert len(receiver.received) == webhooks.OPEN_MAX + 1


async def test_those_that_come_at_once_find_no_more_room_than_there_is() -> None:
    """A name takes a while to resolve, and all of them wait for it."""
    engine = FakeEngine()
    engine.gate.clear()
    receiver = Receiver()
    async with receiver.opened(engine, terms=Terms(keys=KEYS)) as here:
        answers = await asyncio.gather(*(call(here, 0) for _ in range(40)))
        found = [answer.status_code for answer in answers]
        assert found.count(200) == here.server.app.state.context.webhooks.open == 16
        assert found.count(429) == 24
        engine.gate.set()
        await settled(here)


async def test_what_is_open_when_the_server_stops_is_let_go_of() -> None:
    receiver = Receiver()
    engine = FakeEngine()
    engine.gate.clear()
    async with receiver.opened(engine) as here:
        await here.infer(webhook=URL)
        await until(lambda: engine.busy == 1)
    (body,) = receiver.bodies
    assert body["inference_status"]["status"] == "failed"
