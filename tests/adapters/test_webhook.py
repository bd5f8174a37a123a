import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import httpx
import pytest

from adapters import pinned_http
from adapters.webhook import NotDelivered, WebhookSurface, encode
from bot.domain.asker import Asker
from bot.domain.job_view import JobView, Phase, PictureView
from bot.jobs.studio import Studio
from bot.picture_file import File
from bot.ports import Unreachable
from bot.urls import resolve_public
from tests.support.views import job_view, picture_view

URL = "https://hooks.example:8443/result?token=abc"


def picture(number: int, *, spoiler: bool = False) -> PictureView:
    return picture_view(number, size_bytes=3, width_px=128, height_px=128, spoiler=spoiler)


VIEW = job_view(
    key="abcdefghijklmnop",
    public_id="7k3m9x2q",
    platform="terminal",
    name="",
    asked_model="stabilityai/sdxl-turbo",
    model="stabilityai/sdxl-turbo",
    seed=42,
    width_px=128,
    height_px=128,
    pictures=(picture(1), picture(3, spoiler=True)),
    asked_pictures=3,
    quote_micros=1_500,
    cost_micros=1_140,
)


class Store(Studio):
    """Has the bytes "cat" for every picture that this person may see."""

    def __init__(self) -> None:
        pass

    async def file(self, asker: Asker, public_id: str, number: int) -> File:
        assert (asker.platform, asker.community, asker.person) == ("terminal", "local", "owner")
        return File(data=b"cat", name=f"{public_id}-{number}.png", media_type="image/png")


class Receiver:
    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.got: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.got.append(request)
        return httpx.Response(self.statuses.pop(0), headers={"location": "http://127.0.0.1/"})


async def names(answers: Sequence[str], host: str, port: int) -> Sequence[str]:
    return answers


def surface(receiver: Receiver, *answers: str) -> WebhookSurface:
    resolver = partial(names, answers or ("93.184.216.34",))
    return WebhookSurface(
        pinned_http.client(httpx.MockTransport(receiver)),
        partial(resolve_public, resolver=resolver),
        Store(),
    )


class Card:
    def __init__(self) -> None:
        self.address: Mapping[str, Any] = {"url": URL}

    async def checkpoint(self, address: Mapping[str, Any]) -> None:
        self.address = address


async def test_the_result_arrives_in_the_shape_of_the_api() -> None:
    receiver, card = Receiver(204), Card()
    await surface(receiver).show(card.address, VIEW, card.checkpoint)
    (request,) = receiver.got
    assert json.loads(request.content) == {
        "request_id": "7k3m9x2q",
        "inference_status": {
            "status": "succeeded",
            "cost": 0.00114,
            "tokens_generated": 0,
            "tokens_input": 0,
        },
        "results": {
            "images": ["data:image/png;base64,Y2F0", "data:image/png;base64,Y2F0"],
            "nsfw_content_detected": [False, True],
            "seed": 42,
        },
    }


async def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    receiver, card = Receiver(200), Card()
    await surface(receiver).show(card.address, VIEW, card.checkpoint)
    (request,) = receiver.got
    assert str(request.url) == "https://93.184.216.34:8443/result?token=abc"
    assert request.headers["host"] == "hooks.example:8443"
    assert request.extensions["sni_hostname"] == "hooks.example"


async def test_an_ipv6_address_is_pinned_too() -> None:
    receiver, card = Receiver(200), Card()
    await surface(receiver, "2606:2800:220:1::1").show(card.address, VIEW, card.checkpoint)
    assert str(receiver.got[0].url) == "https://[2606:2800:220:1::1]:8443/result?token=abc"


async def test_a_name_that_now_leads_inside_is_not_called() -> None:
    receiver, card = Receiver(), Card()
    with pytest.raises(Unreachable):
        await surface(receiver, "10.0.0.7").show(card.address, VIEW, card.checkpoint)
    assert receiver.got == []


async def test_a_name_without_an_answer_is_tried_again_later() -> None:
    async def nothing(host: str, port: int) -> Sequence[str]:
        raise OSError

    resolve = partial(resolve_public, resolver=nothing)
    hook = WebhookSurface(pinned_http.client(httpx.MockTransport(Receiver())), resolve, Store())
    card = Card()
    with pytest.raises(NotDelivered):
        await hook.show(card.address, VIEW, card.checkpoint)


async def test_a_result_is_posted_once() -> None:
    receiver, card = Receiver(200), Card()
    hook = surface(receiver)
    for revision in (4, 5):
        await hook.show(card.address, replace(VIEW, revision=revision), card.checkpoint)
    assert len(receiver.got) == 1
    assert card.address == {"url": URL, "done": True}


@pytest.mark.parametrize("status", [408, 429, 500, 503])
async def test_what_a_retry_may_change_is_posted_again(status: int) -> None:
    receiver, card = Receiver(status, 200), Card()
    hook = surface(receiver)
    with pytest.raises(NotDelivered, match=str(status)):
        await hook.show(card.address, VIEW, card.checkpoint)
    await hook.show(card.address, VIEW, card.checkpoint)
    assert card.address == {"url": URL, "done": True}


@pytest.mark.parametrize("status", [301, 307, 400, 404, 410])
async def test_a_redirect_or_refusal_is_final_and_not_followed(status: int) -> None:
    receiver, card = Receiver(status), Card()
    with pytest.raises(Unreachable):
        await surface(receiver).show(card.address, VIEW, card.checkpoint)
    assert len(receiver.got) == 1
    assert card.address == {"url": URL}


@pytest.mark.parametrize(
    "view",
    [
        replace(VIEW, phase=Phase.WAITING, pictures=()),
        replace(VIEW, phase=Phase.DRAWING, pictures=()),
        replace(VIEW, phase=Phase.IN_REVIEW, pictures=(), in_review=1),
        replace(VIEW, in_review=1),
    ],
)
async def test_nothing_is_posted_before_the_last_verdict(view: JobView) -> None:
    receiver, card = Receiver(), Card()
    await surface(receiver).show(card.address, view, card.checkpoint)
    assert receiver.got == []


async def test_a_withheld_result_is_a_failure_without_pictures() -> None:
    receiver, card = Receiver(200), Card()
    view = replace(VIEW, phase=Phase.WITHHELD, pictures=())
    await surface(receiver).show(card.address, view, card.checkpoint)
    assert json.loads(receiver.got[0].content) == {
        "request_id": "7k3m9x2q",
        "inference_status": {
            "status": "failed",
            "cost": 0.00114,
            "tokens_generated": 0,
            "tokens_input": 0,
        },
        "error": "This was drawn, but it can't be shown here. Please describe it differently.",
    }


def test_too_large_a_result_is_posted_without_its_pictures() -> None:
    file = File(data=bytes(13 * 1024 * 1024), name="x.png", media_type="image/png")
    record = json.loads(encode(VIEW, [file, file]))
    assert record["results"]["images"] == []
    assert record["inference_status"]["status"] == "succeeded"
    assert record["error"] == (
        "The pictures are too large to be posted; they are kept under this id."
    )


async def test_it_arrives_over_a_real_connection_and_the_answer_is_not_read() -> None:
    got = bytearray()
    hung_up = asyncio.Event()

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        got.extend(head)
        length = next(
            int(h[15:]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-l")
        )
        await reader.readexactly(length)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\nx")
        await writer.drain()
        await reader.read()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        hung_up.set()

    server = await asyncio.start_server(endless, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, pinned_http.client() as http:
        resolve = partial(
            resolve_public, resolver=partial(names, ["127.0.0.1"]), allows=lambda _: True
        )
        card = Card()
        card.address = {"url": f"http://hooks.example:{port}/here"}
        await WebhookSurface(http, resolve, Store()).show(card.address, VIEW, card.checkpoint)
        await hung_up.wait()
    assert card.address["done"]
    assert bytes(got).startswith(b"POST /here HTTP/1.1\r\n")
    assert f"Host: hooks.example:{port}\r\n".encode() in got
