import asyncio
import base64
import errno
import io
import json
import random
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, Literal, TypeVar

import httpx
import pytest
from PIL import Image
from pydantic import SecretStr

from bot import errors
from bot.backends import api
from bot.backends.answer_images import unpack
from bot.backends.api import ApiBackend
from bot.backends.bounded_body import BadBody, receive
from bot.backends.endpoint_pool import Pool
from bot.backends.inference_call import post
from bot.config.fields import Endpoint
from bot.domain.catalogue import Catalogue
from bot.domain.model import SD21
from bot.errors import BackendFailed
from bot.images.result import PictureType
from bot.images.worker_pool import PictureWorker
from bot.request.image_request import ImageRequest
from bot.urls import PinnedUrl
from tests.support.clock import FakeClock
from tests.support.fake_deepinfra import (
    WIRE,
    Behaviour,
    FakeDeepInfra,
    answers,
    cuts,
    cuts_within,
    data_url,
    draws,
    floods,
    png,
    stalls_within,
    waits,
)

T = TypeVar("T")


class Inline:
    """The picture worker's seam, without the price of a process for each test."""

    async def run(self, function: Callable[..., T], *args: Any, timeout_s: float) -> T:
        return await asyncio.to_thread(function, *args)


class Told:
    """What the owner heard."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def alert(self, topic: str, text: str) -> None:
        self.texts.append(text)


class Rig:
    def __init__(self, inbox: Path, client: httpx.AsyncClient, fake: FakeDeepInfra) -> None:
        self.inbox, self.client, self.fake = inbox, client, fake
        self.clock = FakeClock(auto=True)
        self.catalogue = Catalogue(follow_replacements=False)
        self.endpoints = [Endpoint(fake.url, SecretStr(fake.key))]
        self.worker: api.Worker = Inline()
        self.wait_s = 30.0
        self.resolve = nowhere
        self.alerts = Told()

    @property
    def backend(self) -> ApiBackend:
        if not hasattr(self, "_backend"):
            self._backend = ApiBackend(
                self.client,
                Pool(self.endpoints, clock=self.clock, alerts=self.alerts),
                self.catalogue,
                self.worker,
                self.inbox,
                clock=self.clock,
                rng=random.Random(7),
                timeout_s=lambda _: self.wait_s,
                resolve=self.resolve,
            )
        return self._backend

    def fitted(self, **values: Any) -> ImageRequest:
        small = {"width": 128, "height": 128, "seed": 7, **values}
        return self.catalogue.fit(ImageRequest(prompt="a cat", **small))

    async def draws(self, **values: Any) -> Any:
        backend = self.backend
        return await backend.draw(self.fitted(**values), print, address=backend.address())

    async def fails(self, **values: Any) -> BackendFailed:
        """The error of a drawing that goes wrong and leaves nothing behind."""
        with pytest.raises(BackendFailed) as caught:
            await self.draws(**values)
        assert self.files() == []
        return caught.value

    def files(self) -> list[str]:
        return sorted(path.name for path in self.inbox.iterdir())


async def nowhere(url: str) -> PinnedUrl:
    raise errors.InvalidValue("private_address", {"host": url})


@pytest.fixture
def fake() -> Iterator[FakeDeepInfra]:
    with FakeDeepInfra() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as open_client:
        yield open_client


@pytest.fixture
def rig(tmp_path: Path, client: httpx.AsyncClient, fake: FakeDeepInfra) -> Rig:
    return Rig(tmp_path, client, fake)


ALL_FIELDS: dict[str, Any] = {
    "prompt": "a cat",
    "negative_prompt": "dogs",
    "num_images": 3,
    "num_inference_steps": 30,
    "guidance_scale": 7.25,
    "strength": 0.5,
    "width": 512,
    "height": 640,
    "seed": 42,
    "use_compel": True,
    "lora": "watercolour",
}


async def test_every_field_of_the_seed_page_arrives_typed_as_json(rig: Rig) -> None:
    request = rig.catalogue.fit(ImageRequest(**ALL_FIELDS, webhook="https://example.org/done"))
    await rig.backend.draw(request, print, address=rig.fake.url)
    (received,) = rig.fake.received
    assert (received.kind, received.model) == ("json", "stabilityai/stable-diffusion-2-1")
    assert received.fields == ALL_FIELDS
    assert {name: type(value) for name, value in received.fields.items()} == {
        name: type(value) for name, value in ALL_FIELDS.items()
    }


async def test_every_field_arrives_typed_beside_a_starting_image(rig: Rig) -> None:
    image = png(64, 64)
    request = rig.catalogue.fit(ImageRequest(**ALL_FIELDS, image=image))
    await rig.backend.draw(request, print, address=rig.fake.url)
    (received,) = rig.fake.received
    assert received.kind == "multipart"
    assert received.fields == ALL_FIELDS
    file = received.files["image"]
    assert (file.name, file.type, file.data) == ("image.png", "image/png", image)


async def test_the_key_goes_in_the_header_and_nothing_comes_packed(rig: Rig) -> None:
    await rig.draws()
    (received,) = rig.fake.received
    assert received.key == "test-key"
    assert received.headers["accept-encoding"] == "identity"


async def test_an_address_without_a_key_gets_none(rig: Rig) -> None:
    rig.fake.key = ""
    rig.endpoints = [Endpoint(rig.fake.url, None)]
    await rig.draws()
    assert "authorization" not in rig.fake.received[0].headers


@pytest.mark.parametrize("key", ["kéy", "two\nlines"])
async def test_a_key_that_no_header_can_carry_is_refused_before_it_is_sent(
    rig: Rig, key: str
) -> None:
    rig.endpoints = [Endpoint(rig.fake.url, SecretStr(key))]
    error = await rig.fails()
    assert type(error) is errors.BackendKeyRefused
    assert key not in error.detail
    assert rig.fake.received == []


async def test_pictures_arrive_as_files_with_all_that_is_known_of_them(rig: Rig) -> None:
    rig.fake.will(draws(nsfw_content_detected=[True]))
    result = await rig.draws(num_images=2, seed=5)
    one, two = result.pictures
    assert (one.path.read_bytes(), two.path.read_bytes()) == (png(128, 128, 5), png(128, 128, 6))
    assert (one.width_px, one.height_px, one.type) == (128, 128, PictureType.PNG)
    assert (one.flagged, two.flagged) == (True, None)
    assert (result.seed, result.model) == (5, "stabilityai/stable-diffusion-2-1")
    assert (result.runtime_ms, result.request_id) == (228, "RfakeAAAAAAAAAAAAAAAAAAA")
    # 0.0002 * 2 * 128² / 1024² * 25 / 5 dollars = 31.25 millionths
    assert result.cost_micros == 32
    assert rig.files() == sorted([one.path.name, two.path.name])


async def test_what_the_answer_leaves_out_comes_from_the_request_and_the_price(rig: Rig) -> None:
    rig.fake.will(draws(seed=None, request_id=None, inference_status=None))
    result = await rig.draws(seed=9)
    assert (result.seed, result.request_id) == (9, None)
    assert result.cost_micros == rig.backend.price(rig.fitted()) == 541


async def test_the_price_is_the_upper_cost_of_the_model(rig: Rig) -> None:
    assert rig.backend.price(rig.fitted(width=768, height=768)) == 1_975


async def test_bare_base64_is_a_picture_too(rig: Rig) -> None:
    rig.fake.will(draws(images=[base64.b64encode(png(64, 64)).decode()]))
    assert (await rig.draws()).pictures[0].width_px == 64


async def test_fewer_pictures_than_asked_are_better_than_none(rig: Rig) -> None:
    rig.fake.will(draws(images=[data_url(png(128, 128))], nsfw_content_detected=[False]))
    assert len((await rig.draws(num_images=4)).pictures) == 1


async def test_a_picture_that_cannot_be_read_does_not_take_the_others_with_it(rig: Rig) -> None:
    broken = ["data:image/png;base64,????", data_url(b"GIF89a"), data_url(png(128, 128)[:-40])]
    good = data_url(png(128, 128))
    rig.fake.will(draws(images=[*broken, good], nsfw_content_detected=[False, False, False, True]))
    (picture,) = (await rig.draws(num_images=4)).pictures
    assert picture.flagged is True
    assert rig.files() == [picture.path.name]


def of_one_colour(kind: str, colour: str = "black") -> str:
    file = io.BytesIO()
    Image.new("RGB", (512, 512), colour).save(file, kind)
    return data_url(file.getvalue(), f"image/{kind}")


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("colour", ["black", "#7f8081"])
async def test_a_picture_of_one_colour_is_a_fault_of_the_service(
    rig: Rig, kind: str, colour: str
) -> None:
    rig.fake.will(draws(images=[of_one_colour(kind, colour)], nsfw_content_detected=[False]))
    error = await rig.fails(width=512, height=512)
    assert (type(error), error.billed_micros > 0) == (errors.BackendBlank, True)


async def test_a_black_picture_that_is_flagged_is_a_verdict(rig: Rig) -> None:
    rig.fake.will(draws(images=[of_one_colour("png")], nsfw_content_detected=[True]))
    result = await rig.draws(width=512, height=512)
    assert [picture.flagged for picture in result.pictures] == [True]


@pytest.mark.parametrize(
    "prompt", ["a black square", "plain background", "weiße Fläche", "чёрный квадрат", "黒"]
)
async def test_who_asks_for_one_colour_gets_it(rig: Rig, prompt: str) -> None:
    rig.fake.will(draws(images=[of_one_colour("png")], nsfw_content_detected=[False]))
    request = rig.catalogue.fit(ImageRequest(prompt=prompt, width=512, height=512, seed=7))
    result = await rig.backend.draw(request, print, address=rig.backend.address())
    assert len(result.pictures) == 1


@pytest.mark.parametrize("prompt", ["a hundred tired, scattered foxes", "an avoided quarrel"])
async def test_a_word_inside_another_asks_for_no_colour(rig: Rig, prompt: str) -> None:
    rig.fake.will(draws(images=[of_one_colour("png")], nsfw_content_detected=[False]))
    request = rig.catalogue.fit(ImageRequest(prompt=prompt, width=512, height=512, seed=7))
    with pytest.raises(errors.BackendBlank):
        await rig.backend.draw(request, print, address=rig.backend.address())


async def test_one_colour_beside_other_pictures_is_left_out(rig: Rig) -> None:
    images = [of_one_colour("png"), data_url(png(512, 512))]
    rig.fake.will(draws(images=images, nsfw_content_detected=[False, False]))
    result = await rig.draws(width=512, height=512, num_images=2)
    assert [picture.blank for picture in result.pictures] == [False]


@pytest.mark.parametrize(
    "image",
    [
        "data:image/png;base64,????",
        "data:image/png,abc",
        data_url(b"<svg/>"),
        data_url(png(64, 64)[:100]),
        "http://plain.example/cat.png",
        "https://private.example/cat.png",
    ],
)
async def test_an_answer_of_which_no_picture_can_be_read_is_billed_to_the_house(
    rig: Rig, image: str
) -> None:
    rig.fake.will(draws(images=[image]))
    error = await rig.fails()
    assert type(error) is errors.BackendGarbled
    assert error.billed_micros == 16


@pytest.mark.parametrize(
    ("behaviour", "kind", "billed_micros"),
    [
        (answers(401, {"detail": {"error": "Not authenticated"}}), "BackendKeyRefused", 0),
        (answers(402, {"detail": {"error": "You need positive balance"}}), "BackendNeedsMoney", 0),
        (answers(403, {"detail": {"error": "Not authenticated"}}), "BackendKeyRefused", 0),
        (answers(404, {"detail": {"error": "Model not found"}}), "BackendModelMissing", 0),
        (answers(422, {"detail": [{"loc": ["body"], "msg": "no"}]}), "BackendRejected", 0),
        (answers(422, {"error": "no"}), "BackendRejected", 0),
        (answers(423, {"detail": "locked"}), "BackendLocked", 0),
        (answers(500, b"<html>oh no</html>"), "BackendBroken", 0),
        (answers(302, b"", {"Location": "/elsewhere"}), "BackendBroken", 0),
        (cuts(), "BackendCutOff", 0),
        (cuts_within(), "BackendCutOff", 0),
        (answers(200, b'{"images": ["'), "BackendGarbled", 541),
        (answers(200, b"[" * 100_000), "BackendGarbled", 541),
        (answers(200, b"\xff\xfe"), "BackendGarbled", 541),
        (answers(200, b""), "BackendGarbled", 541),
        (answers(200, b"x", {"Content-Encoding": "gzip"}), "BackendGarbled", 541),
        (draws(images=[]), "BackendEmpty", 16),
        (draws(status="request_moderated", images=[]), "BackendModerated", 16),
        (draws(inference_status={"status": "failed", "cost": 0.0001}), "BackendBroken", 100),
    ],
)
async def test_whatever_goes_wrong_ends_in_one_error_and_no_second_call(
    rig: Rig, behaviour: Behaviour, kind: str, billed_micros: int
) -> None:
    rig.fake.will(behaviour)
    error = await rig.fails()
    assert (type(error).__name__, error.billed_micros) == (kind, billed_micros)
    assert len(rig.fake.received) == 1
    assert rig.clock.slept_s == []


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_service_is_asked_three_times_with_growing_pauses(
    rig: Rig, status: int
) -> None:
    rig.fake.always(answers(status, {"detail": "busy"}))
    error = await rig.fails()
    assert (type(error), error.detail) == (errors.BackendBusy, f"HTTP {status}: busy")
    assert len(rig.fake.received) == 3
    first, second = rig.clock.slept_s
    assert 0.5 <= first <= 1.5
    assert 1.0 <= second <= 3.0


async def test_a_busy_service_that_recovers_draws(rig: Rig) -> None:
    rig.fake.will(answers(429), answers(503))
    assert len((await rig.draws()).pictures) == 1


@pytest.mark.parametrize(
    ("header", "pause_s"),
    [("7", 7.0), ("3600", 20.0), ("Sun, 22 Nov 2026 12:00:05 GMT", 5.0)],
)
async def test_the_service_may_say_when_to_come_back_within_reason(
    rig: Rig, header: str, pause_s: float
) -> None:
    rig.fake.will(answers(429, {}, {"Retry-After": header}))
    await rig.draws()
    assert rig.clock.slept_s == [pause_s]


@pytest.mark.parametrize("header", ["soon", "-5", "Sun, 22 Nov 2020 12:00:05 GMT", "²"])
async def test_a_strange_or_past_time_to_come_back_is_ignored(rig: Rig, header: str) -> None:
    rig.fake.will(answers(429, {}, {"Retry-After": header.encode().decode("latin-1")}))
    await rig.draws()
    assert 0.5 <= rig.clock.slept_s[0] <= 1.5


async def test_nobody_there_is_unreachable_after_three_tries(rig: Rig) -> None:
    rig.endpoints = [Endpoint("http://127.0.0.1:9", None)]
    error = await rig.fails()
    assert (type(error), error.detail) == (errors.BackendUnreachable, "ConnectError")
    assert len(rig.clock.slept_s) == 2


async def test_another_address_takes_over_where_nothing_was_started(
    rig: Rig, fake: FakeDeepInfra
) -> None:
    rig.endpoints = [Endpoint("http://127.0.0.1:9", SecretStr("dead")), *rig.endpoints]
    result = await rig.backend.draw(rig.fitted(), print, address="http://127.0.0.1:9")
    assert len(result.pictures) == 1
    assert [received.key for received in fake.received] == ["test-key"]


class Two(Rig):
    """Two addresses; the first is asked first."""

    def __init__(self, inbox: Path, client: httpx.AsyncClient, *fakes: FakeDeepInfra) -> None:
        super().__init__(inbox, client, fakes[0])
        self.endpoints = [Endpoint(fake.url, SecretStr(fake.key)) for fake in fakes]


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[tuple[Two, FakeDeepInfra, FakeDeepInfra]]:
    with FakeDeepInfra(key="key one") as one, FakeDeepInfra(key="key two") as other:
        async with httpx.AsyncClient(trust_env=False) as client:
            yield Two(tmp_path, client, one, other), one, other


@pytest.mark.parametrize("status", [401, 402, 403, 404, 423, 429, 503])
async def test_where_one_address_starts_nothing_the_other_one_draws_at_once(
    two: tuple[Two, FakeDeepInfra, FakeDeepInfra], status: int
) -> None:
    rig, one, other = two
    one.always(answers(status, {"detail": {"error": "no"}}))
    for _ in range(12):  # more than the breaker allows to fail
        await rig.backend.draw(rig.fitted(), print, address=one.url)
    assert (len(other.received), rig.clock.slept_s) == (12, [])
    assert {received.key for received in one.received} == {"key one"}
    assert {received.key for received in other.received} == {"key two"}
    assert rig.backend.capacity > 0
    told = [one.url in text and other.url not in text for text in rig.alerts.texts]
    assert told == ([True] * 12 if status in (401, 402, 403) else [])


async def test_an_address_that_was_paid_is_asked_again_after_a_pause(
    two: tuple[Two, FakeDeepInfra, FakeDeepInfra],
) -> None:
    rig, one, other = two
    one.will(answers(402, {"detail": {"error": "You need positive balance"}}))
    await rig.backend.draw(rig.fitted(), print, address=one.url)
    assert rig.backend.address() == other.url
    rig.clock.advance(60.0)
    assert rig.backend.address() == one.url
    await rig.backend.draw(rig.fitted(), print, address=one.url)
    assert (len(one.received), len(other.received)) == (2, 1)


@pytest.mark.parametrize("url", ["http://nowhere.invalid", "https://127.0.0.1:{port}"])
async def test_an_address_without_a_name_or_without_tls_leaves_it_to_the_other_one(
    rig: Rig, fake: FakeDeepInfra, url: str
) -> None:
    """The port speaks plain HTTP, so that the handshake fails."""
    broken = Endpoint(url.format(port=fake.port), SecretStr("broken"))
    rig.endpoints = [broken, *rig.endpoints]
    await rig.backend.draw(rig.fitted(), print, address=broken.url)
    assert [received.key for received in fake.received] == ["test-key"]
    assert rig.clock.slept_s == []


@pytest.mark.parametrize(
    ("statuses", "kind", "calls"),
    [
        ((401, 402), errors.BackendNeedsMoney, (1, 1)),
        ((404, 404), errors.BackendModelMissing, (1, 1)),
        # What is only busy is asked again after pauses, what refuses is not.
        ((401, 503), errors.BackendBusy, (1, 3)),
        ((503, 401), errors.BackendBusy, (3, 1)),
    ],
)
async def test_where_both_start_nothing_the_hopeful_one_is_asked_again(
    two: tuple[Two, FakeDeepInfra, FakeDeepInfra],
    statuses: tuple[int, int],
    kind: type[BackendFailed],
    calls: tuple[int, int],
) -> None:
    rig, one, other = two
    for fake, status in zip((one, other), statuses, strict=True):
        fake.always(answers(status, {"detail": {"error": "no"}}))
    with pytest.raises(kind):
        await rig.backend.draw(rig.fitted(), print, address=one.url)
    assert (len(one.received), len(other.received)) == calls


@pytest.mark.parametrize("behaviour", [answers(500, b""), answers(504, b""), cuts()])
async def test_what_may_have_been_drawn_is_never_asked_of_the_other_one(
    two: tuple[Two, FakeDeepInfra, FakeDeepInfra], behaviour: Behaviour
) -> None:
    rig, one, other = two
    one.always(behaviour)
    with pytest.raises(BackendFailed):
        await rig.backend.draw(rig.fitted(), print, address=one.url)
    assert (len(one.received), len(other.received)) == (1, 0)


async def test_no_answer_in_time_is_never_asked_again(rig: Rig) -> None:
    rig.fake.will(waits(threading.Event()))
    rig.wait_s = 0.2
    error = await rig.fails()
    assert (type(error), error.outcome_unknown) == (errors.BackendTimedOut, True)
    assert len(rig.fake.received) == 1


async def test_a_body_that_never_ends_runs_out_of_time(rig: Rig) -> None:
    rig.fake.will(stalls_within(threading.Event()))
    rig.wait_s = 0.2
    assert type(await rig.fails()) is errors.BackendTimedOut


async def test_a_body_that_announces_too_much_is_not_received(rig: Rig) -> None:
    rig.fake.will(answers(200, b"{", {"Content-Length": "268435457"}))
    error = await rig.fails()
    assert (type(error), error.detail) == (errors.BackendGarbled, "the body is too large")


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_is_received_up_to_its_limit(
    rig: Rig, tmp_path: Path, *, announced: bool
) -> None:
    rig.fake.key = ""
    rig.fake.always(floods(3_000_000, announced=announced))
    url, body = f"{rig.fake.url}/v1/inference/any", tmp_path / "body"
    async with rig.client.stream("POST", url, json={}) as response:
        with pytest.raises(BadBody, match="too large"):
            await receive(response, tmp_path / "refused", 2_999_999)
    async with rig.client.stream("POST", url, json={}) as response:
        await receive(response, body, 3_000_000)
    assert body.stat().st_size == 3_000_000


async def test_an_answer_that_the_disk_does_not_take_is_lost(rig: Rig) -> None:
    backend = rig.backend
    rig.inbox.rmdir()
    with pytest.raises(errors.BackendCutOff) as caught:
        await backend.draw(rig.fitted(), print, address=rig.fake.url)
    assert caught.value.detail == "the answer could not be kept: No such file or directory"


@pytest.mark.parametrize("before", [250, 295, 299, 595])
async def test_no_error_repeats_a_part_of_the_key(rig: Rig, before: int) -> None:
    """Long words are cut."""
    rig.fake.will(answers(401, {"detail": {"error": f"{'-' * before}{rig.fake.key}"}}))
    error = await rig.fails()
    assert "te" not in error.detail


async def test_no_error_repeats_the_key(rig: Rig) -> None:
    rig.fake.will(answers(401, {"error": "Invalid key test-key given"}))
    error = await rig.fails()
    assert error.detail == "HTTP 401: Invalid key [key] given"


async def test_cancelling_hangs_up_frees_the_place_and_leaves_nothing(rig: Rig) -> None:
    never = threading.Event()
    rig.fake.will(*[waits(never)] * 8, stalls_within(never))
    for count in range(1, 10):
        drawing = asyncio.create_task(rig.draws())
        await asyncio.to_thread(rig.fake.wait_for, count)
        drawing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await drawing
    assert rig.files() == []
    assert len((await rig.draws()).pictures) == 1
    assert rig.backend.capacity == 8


async def test_cancelling_while_pictures_are_decoded_leaves_nothing(rig: Rig) -> None:
    class Slow(Inline):
        def __init__(self) -> None:
            self.has_written = asyncio.Event()

        async def run(self, function: Callable[..., T], *args: Any, timeout_s: float) -> T:
            await super().run(function, *args, timeout_s=timeout_s)
            self.has_written.set()
            return await asyncio.Future()

    rig.worker = worker = Slow()
    drawing = asyncio.create_task(rig.draws())
    await worker.has_written.wait()
    assert rig.files() != []
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    assert rig.files() == []


class Door(asyncio.Semaphore):
    """Tells when somebody wants to come in."""

    def __init__(self, value: int) -> None:
        super().__init__(value)
        self.knocked = asyncio.Event()

    async def acquire(self) -> Literal[True]:
        self.knocked.set()
        return await super().acquire()


async def test_a_body_waits_for_its_turn_before_it_is_received(
    tmp_path: Path, rig: Rig, fake: FakeDeepInfra
) -> None:
    bodies, body = Door(0), tmp_path / "body.json"
    posting = asyncio.create_task(
        post(
            rig.client,
            Endpoint(fake.url, SecretStr(fake.key)),
            rig.fitted(),
            {"prompt", "width", "height"},
            body,
            wait_s=30,
            bodies=bodies,
            now=rig.clock.now(),
        )
    )
    await bodies.knocked.wait()
    assert not body.exists()
    bodies.release()
    await posting
    assert body.read_bytes().startswith(b'{"images": ["data:image/png;base64,')


async def test_a_decoder_that_gives_up_leaves_an_answer_that_cannot_be_read(rig: Rig) -> None:
    class GivesUp(Inline):
        async def run(self, function: Callable[..., T], *args: Any, timeout_s: float) -> T:
            raise errors.Broken

    rig.worker = GivesUp()
    error = await rig.fails()
    assert (type(error), error.billed_micros) == (errors.BackendGarbled, 541)


async def test_pictures_that_find_no_room_are_billed_at_their_price(rig: Rig) -> None:
    class NoRoom(Inline):
        async def run(self, function: Callable[..., T], *args: Any, timeout_s: float) -> T:
            raise OSError(errno.ENOSPC, "No space left on device")

    rig.worker = NoRoom()
    error = await rig.fails()
    assert (type(error), error.billed_micros) == (errors.BackendUnkept, 541)


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), errors.BackendUnkept),
        (errors.Broken(), errors.BackendGarbled),
        (errors.ShuttingDown(), errors.BackendUnkept),
        (ZeroDivisionError(), errors.BackendUnkept),
    ],
)
async def test_once_the_answer_is_read_its_bill_is_known_whatever_breaks(
    tmp_path: Path,
    trusting: httpx.AsyncClient,
    fake: FakeDeepInfra,
    by_address: FakeDeepInfra,
    trouble: Exception,
    kind: type[errors.BackendFailed],
) -> None:
    """The pictures of this one are fetched, and then the second look at them fails."""
    rig = Rig(tmp_path, trusting, fake)

    class Breaks(Inline):
        async def run(self, function: Callable[..., T], *args: Any, timeout_s: float) -> T:
            if function is not unpack:
                raise trouble
            return await super().run(function, *args, timeout_s=timeout_s)

    async def resolve(url: str) -> PinnedUrl:
        return PinnedUrl(url=url, host="pictures.test", port=by_address.port, ip="127.0.0.1")

    rig.worker, rig.resolve = Breaks(), resolve
    by_address.pictures["/cat.png"] = png(64, 32)
    url = f"https://pictures.test:{by_address.port}/cat.png"
    fake.will(draws(images=[url]))
    error = await rig.fails()
    assert (type(error), error.billed_micros) == (kind, 16)  # of 541 at most


def test_pictures_that_find_no_room_are_billed_as_the_answer_says(tmp_path: Path) -> None:
    body = tmp_path / "answer.json"
    cost = {"status": "succeeded", "cost": 0.0007}
    body.write_text(json.dumps({"images": [data_url(png(64, 64))], "inference_status": cost}))
    (tmp_path / "stem-0-1.png").mkdir()  # in the way, where the picture is to be written
    with pytest.raises(errors.BackendUnkept) as caught:
        unpack(body, tmp_path, "stem")
    assert caught.value.billed_micros == 700


async def test_five_failures_stop_the_backend_until_it_rested(rig: Rig) -> None:
    rig.fake.will(*[answers(500)] * 5)
    for _ in range(5):
        await rig.fails()
    with pytest.raises(errors.BackendResting):
        rig.backend.check()
    assert type(await rig.fails()) is errors.BackendResting
    assert (rig.backend.capacity, len(rig.fake.received)) == (0, 5)
    rig.clock.advance(15.0)
    await rig.draws()
    assert rig.backend.capacity == 8


def test_bigger_jobs_may_take_longer_within_bounds() -> None:
    request = ImageRequest(prompt="a cat")
    small = request.fitted({"width": 500, "height": 500, "num_inference_steps": 8})
    huge = request.fitted({"width": 1024, "height": 1024, "num_inference_steps": 512})
    assert api.read_timeout_s(small) == 61.0
    assert api.read_timeout_s(huge.fitted({"num_images": 4})) == 600.0


@pytest.fixture
def by_address() -> Iterator[FakeDeepInfra]:
    """A server of pictures over TLS whose certificate is for pictures.test."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(WIRE / "pictures_test.pem")
    with FakeDeepInfra(tls=context) as running:
        yield running


@pytest.fixture
async def trusting() -> AsyncIterator[httpx.AsyncClient]:
    context = ssl.create_default_context(cafile=WIRE / "pictures_test.pem")
    async with httpx.AsyncClient(verify=context) as open_client:
        yield open_client


async def test_a_picture_by_address_is_fetched_from_where_it_was_pinned_without_the_key(
    tmp_path: Path, trusting: httpx.AsyncClient, fake: FakeDeepInfra, by_address: FakeDeepInfra
) -> None:
    rig = Rig(tmp_path, trusting, fake)

    async def resolve(url: str) -> PinnedUrl:
        return PinnedUrl(url=url, host="pictures.test", port=by_address.port, ip="127.0.0.1")

    rig.resolve = resolve
    base = f"https://pictures.test:{by_address.port}"
    by_address.pictures["/cat.png?sig=1"] = png(64, 32)
    by_address.pictures["/no.png"] = b"<html>"
    urls = [f"{base}/gone.png", f"{base}/no.png", f"{base}/cat.png?sig=1"]
    fake.will(draws(images=[], image_urls=urls, nsfw_content_detected=[False, False, True]))
    (picture,) = (await rig.draws()).pictures
    assert (picture.width_px, picture.height_px, picture.flagged) == (64, 32, True)
    assert rig.files() == [picture.path.name]
    headers = dict(by_address.fetched)["/cat.png?sig=1"]
    assert headers["Host"] == f"pictures.test:{by_address.port}"
    assert "Authorization" not in headers


async def test_a_picture_by_address_is_not_taken_from_someone_else(
    tmp_path: Path, trusting: httpx.AsyncClient, fake: FakeDeepInfra, by_address: FakeDeepInfra
) -> None:
    rig = Rig(tmp_path, trusting, fake)

    async def resolve(url: str) -> PinnedUrl:
        return PinnedUrl(url=url, host="other.test", port=by_address.port, ip="127.0.0.1")

    rig.resolve = resolve
    by_address.pictures["/cat.png"] = png(64, 32)
    fake.will(draws(images=[f"https://other.test:{by_address.port}/cat.png"]))
    error = await rig.fails()
    assert type(error) is errors.BackendGarbled
    assert by_address.fetched == []


@pytest.mark.slow
async def test_the_real_picture_worker_brings_pictures_and_errors_back(rig: Rig) -> None:
    worker = PictureWorker()
    rig.worker = worker
    try:
        assert len((await rig.draws(num_images=4)).pictures) == 4
        rig.fake.will(draws(status="request_moderated"))
        for path in rig.inbox.iterdir():
            path.unlink()
        error = await rig.fails()
        assert (type(error), error.billed_micros) == (errors.BackendModerated, 16)
    finally:
        await worker.close()


def test_the_model_of_these_tests_is_the_seeds() -> None:
    assert Catalogue(follow_replacements=False).serving("") is SD21
