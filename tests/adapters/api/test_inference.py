"""The native dialect, as its clients really speak it."""

import asyncio
import base64
import gzip
import io
import json
import re
from typing import Any

import httpx
import pytest
from PIL import Image

from bot.errors import BackendBroken, BackendBusy, BackendTimedOut, QueueFull
from bot.request.image_request import ImageRequest
from tests.adapters.api.fake_engine import AUTH, MODEL, OTHER_KEY, PATH, Api, FakeEngine, api, paint
from tests.support.fake_deepinfra import data_url, png


def pictures_of(answer: httpx.Response) -> list[bytes]:
    found = answer.json()["images"]
    assert all(each.startswith("data:image/png;base64,") for each in found)
    return [base64.b64decode(each.partition(",")[2]) for each in found]


async def test_an_answer_has_everything_that_the_page_promises(here: Api) -> None:
    answer = await here.infer(seed=42, num_images=2)
    document = answer.json()
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    wish = ImageRequest(prompt="a cat", width=128, height=128)
    assert pictures_of(answer) == [paint(wish, 42), paint(wish, 43)]
    assert document["nsfw_content_detected"] == [False, False]
    assert document["seed"] == 42
    assert re.fullmatch("R[A-Za-z0-9]{23}", document["request_id"])
    assert document["inference_status"] == {
        "status": "succeeded",
        "runtime_ms": 228,
        "cost": 0.000114,
        "tokens_generated": 0,
        "tokens_input": 0,
    }


async def test_what_nobody_looked_at_is_not_called_safe() -> None:
    engine = FakeEngine()
    engine.flagged = None
    async with api(engine) as here:
        answer = await here.infer(num_images=2)
    assert answer.json()["nsfw_content_detected"] == [None, None]


async def test_every_field_of_the_page_reaches_the_engine(here: Api) -> None:
    fields: dict[str, Any] = {
        "negative_prompt": "dogs",
        "num_images": 3,
        "num_inference_steps": 30,
        "guidance_scale": 7.25,
        "strength": 0.5,
        "width": 256,
        "height": 128,
        "seed": 42,
        "use_compel": True,
        "lora": "watercolour",
        "image": data_url(png(64, 32)),
    }
    assert (await here.infer(**fields)).status_code == 200
    ((caller, request),) = here.engine.drawn
    assert caller == "ann"
    assert {name: getattr(request, name) for name in fields} | {"image": ""} == {
        **fields,
        "image": "",
    }
    assert request.image is not None
    assert Image.open(io.BytesIO(request.image)).size == (64, 32)
    assert request.model == MODEL


async def test_fields_left_open_take_the_models_defaults(here: Api) -> None:
    await here.client.post(PATH, json={"prompt": "a cat"}, headers=AUTH)
    (_, request) = here.engine.drawn[0]
    assert (request.width, request.height, request.num_inference_steps) == (768, 768, 25)
    assert (request.guidance_scale, request.num_images) == (7.5, 1)


@pytest.mark.parametrize("open_seed", ["", None, "null"])
async def test_an_empty_seed_is_random_and_told(here: Api, open_seed: str | None) -> None:
    one, two = [(await here.infer(seed=open_seed)).json()["seed"] for _ in range(2)]
    assert isinstance(one, int)
    assert one != two
    assert [request.seed for _, request in here.engine.drawn] == [one, two]


async def test_numbers_may_come_as_text_and_unknown_fields_are_ignored(here: Api) -> None:
    answer = await here.infer(
        width="256", height="128", seed="7", num_images="2", aspect_ratio="1:1", quality=["hd"]
    )
    assert answer.status_code == 200
    (_, request) = here.engine.drawn[0]
    assert (request.width, request.height, request.seed, request.num_images) == (256, 128, 7, 2)


async def test_a_form_is_read_like_json(here: Api) -> None:
    parts: dict[str, Any] = {
        "prompt": (None, "7"),
        "num_images": (None, "2"),
        "use_compel": (None, "true"),
        "width": (None, "128"),
        "height": (None, "128"),
        "seed": (None, "null"),
        "image": ("blob", png(32, 32), "image/png"),
    }
    answer = await here.client.post(PATH, files=parts, headers=AUTH)
    assert answer.status_code == 200
    (_, request) = here.engine.drawn[0]
    assert (request.prompt, request.num_images, request.use_compel) == ("7", 2, True)
    assert request.image is not None


async def test_a_packed_body_is_read(here: Api) -> None:
    body = gzip.compress(json.dumps({"prompt": "a cat", "width": 128, "height": 128}).encode())
    headers = {**AUTH, "Content-Encoding": "gzip", "Content-Type": "application/json"}
    assert (await here.client.post(PATH, content=body, headers=headers)).status_code == 200


async def test_what_curl_sends_without_a_type_is_read(here: Api) -> None:
    headers = {**AUTH, "Content-Type": "application/x-www-form-urlencoded"}
    for body in ('{"prompt": "a cat", "width": 128, "height": 128}', "prompt=a+cat&width=128"):
        answer = await here.client.post(PATH, content=body, headers=headers)
        assert answer.status_code == 200
    assert [request.prompt for _, request in here.engine.drawn] == ["a cat", "a cat"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer a-key-of-the-tests"},
        {"Authorization": "bearer a-key-of-the-tests"},
        {"xi-api-key": "a-key-of-the-tests"},
    ],
)
async def test_a_key_may_come_in_each_usual_way(here: Api, headers: dict[str, str]) -> None:
    assert (await here.infer(headers)).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}]
)
async def test_nobody_else_may_draw(here: Api, headers: dict[str, str]) -> None:
    answer = await here.infer(headers)
    assert answer.status_code == 401
    assert answer.json() == {"detail": {"error": "Not authenticated"}}
    assert here.engine.drawn == []


async def test_an_unknown_model_is_not_found_before_the_body_is_read(here: Api) -> None:
    answer = await here.client.post("/v1/inference/nobody/nothing", content=b"{", headers=AUTH)
    assert answer.status_code == 404
    assert answer.json() == {"detail": {"error": "Model not found"}}


async def test_everything_to_mend_is_said_at_once_and_nothing_is_repeated(here: Api) -> None:
    answer = await here.infer(prompt=" ", num_images=9, width=100, guidance_scale="much")
    assert answer.status_code == 422
    problems = {each["loc"][1]: each for each in answer.json()["detail"]}
    assert set(problems) == {"prompt", "num_images", "width", "guidance_scale"}
    assert problems["num_images"]["msg"] == "For images choose 1 to 4; you asked for 9."
    assert all({"loc", "msg", "type"} == each.keys() for each in problems.values())


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ("https://example.org/cat.png", "addresses aren't fetched"),
        ("data:image/png;base64,AAAA", "no PNG, JPEG or WebP picture"),
        ("data:image/png,plain", "no data URL in base64"),
        ("!!!", "no base64"),
        (data_url(png(64, 64)[:-30]), "damaged"),
        (data_url(png(4097, 1)), "more than 4096 pixels"),
        ([data_url(png(8, 8)), data_url(png(8, 8))], "send one"),
        (7, "a data URL"),
    ],
)
async def test_a_starting_image_that_is_none_is_refused(here: Api, image: Any, words: str) -> None:
    answer = await here.infer(image=image)
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == ["body", "image"]
    assert words in problem["msg"]


@pytest.mark.parametrize(
    ("error", "status", "retry"),
    [
        (QueueFull(), 429, "2"),
        (BackendBusy(detail="out of memory"), 503, "2"),
        (BackendTimedOut(), 504, None),
        (BackendBroken(detail="NaN in row 3"), 500, None),
        (RuntimeError("a fault"), 500, None),
    ],
)
async def test_what_the_engine_cannot_do_has_its_status(
    error: Exception, status: int, retry: str | None
) -> None:
    engine = FakeEngine()
    engine.trouble = [error]
    async with api(engine) as here:
        answer = await here.infer()
        assert answer.status_code == status
        assert isinstance(answer.json()["detail"]["error"], str)
        assert "NaN" not in answer.text
        assert answer.headers.get("retry-after") == retry
        assert (await here.infer()).status_code == 200


async def test_a_key_has_only_so_many_requests_open(here: Api) -> None:
    here.engine.gate.clear()
    open_ones = [asyncio.create_task(here.infer(seed=seed)) for seed in range(4)]
    await until(lambda: here.engine.busy == 4)
    refused = await here.infer(seed=5)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "1"
    other = asyncio.create_task(here.infer({"Authorization": f"Bearer {OTHER_KEY}"}, seed=6))
    await until(lambda: here.engine.busy == 5)
    here.engine.gate.set()
    assert {(await each).status_code for each in (*open_ones, other)} == {200}
    assert (await here.infer(seed=5)).status_code == 200


async def test_equal_requests_of_a_key_are_drawn_and_charged_once(here: Api) -> None:
    here.engine.gate.clear()
    twins = [asyncio.create_task(here.infer(seed=42)) for _ in range(3)]
    stranger = asyncio.create_task(here.infer({"Authorization": f"Bearer {OTHER_KEY}"}, seed=42))
    await until(lambda: watchers(here) == 4)
    here.engine.gate.set()
    documents = [(await each).json() for each in twins]
    assert documents[0] == documents[1] == documents[2]
    assert (await stranger).json()["request_id"] != documents[0]["request_id"]
    assert sorted(caller for caller, _ in here.engine.drawn) == ["ann", "bob"]


async def test_requests_without_a_seed_are_never_shared(here: Api) -> None:
    one, two = await asyncio.gather(here.infer(), here.infer())
    assert one.json()["seed"] != two.json()["seed"]
    assert len(here.engine.drawn) == 2


async def test_the_last_one_to_leave_frees_the_place(here: Api) -> None:
    here.engine.gate.clear()
    first = asyncio.create_task(here.infer(seed=42))
    second = asyncio.create_task(here.infer(seed=42))
    await until(lambda: watchers(here) == 2)
    await cancelled(first)
    assert (here.engine.busy, here.engine.cancelled) == (1, 0)
    await cancelled(second)
    await until(lambda: here.engine.busy == 0)
    assert here.engine.cancelled == 1
    here.engine.gate.set()
    assert (await here.infer(seed=42)).status_code == 200


async def test_what_a_request_cost_can_be_asked_by_its_key_alone(here: Api) -> None:
    request_id = (await here.infer()).json()["request_id"]
    wanted = {"requestIds": [request_id, "Rnobody"]}
    answer = await here.client.post("/v1/request-costs", json=wanted, headers=AUTH)
    assert answer.json() == {"requests": [{"requestId": request_id, "costNanoUsd": 114_000}]}
    other = {"Authorization": f"Bearer {OTHER_KEY}"}
    answer = await here.client.post("/v1/request-costs", json=wanted, headers=other)
    assert answer.json() == {"requests": []}
    answer = await here.client.post("/v1/request-costs", json={"requestIds": 3}, headers=AUTH)
    assert answer.status_code == 422


async def test_a_server_that_stops_lets_go_of_everybody_in_time(here: Api) -> None:
    here.engine.gate.clear()
    running = asyncio.create_task(here.infer())
    await until(lambda: here.engine.busy == 1)
    here.server.stopping = True
    assert (await here.infer()).status_code == 503
    assert (await here.client.get("/health")).status_code == 200
    await here.server.close()
    assert (await running).status_code == 503
    assert here.engine.busy == 0


def watchers(here: Api) -> int:
    """Requests that wait for a drawing."""
    running = here.server.app.state.context.drawings._running
    return sum(len(each.watchers) for each in running)


async def until(true: Any, timeout_s: float = 5.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not true():  # noqa: ASYNC110  (somebody else's state)
            await asyncio.sleep(0)


async def cancelled(task: "asyncio.Task[httpx.Response]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
