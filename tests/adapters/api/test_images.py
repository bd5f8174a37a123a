"""OpenAI's shape of the images API, and refusals in its dialect."""

import base64
from typing import Any

import pytest

from tests.adapters.api.fake_engine import AUTH, MODEL, Api, paint
from tests.support.fake_deepinfra import png

PREFIXES = ["/v1/openai/images", "/v1/images"]
SMALL = {"model": MODEL, "prompt": "a cat", "size": "128x128"}


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_pictures_come_as_bare_base64(here: Api, prefix: str) -> None:
    fields = {**SMALL, "n": 2, "quality": "hd", "style": "vivid", "user": "u1", "seed": 5}
    answer = await here.client.post(f"{prefix}/generations", json=fields, headers=AUTH)
    assert answer.status_code == 200
    ((_, request),) = here.engine.drawn
    assert (request.width, request.height, request.num_images) == (128, 128, 2)
    document = answer.json()
    assert document["created"] == 1_795_348_800
    assert [base64.b64decode(each["b64_json"]) for each in document["data"]] == [
        paint(request, 5),
        paint(request, 6),
    ]
    assert document["data"][0].keys() == {"b64_json", "revised_prompt", "url"}


async def test_without_a_model_and_a_size_the_defaults_draw(here: Api) -> None:
    fields = {"prompt": "a cat", "size": "auto", "response_format": "b64_json"}
    answer = await here.client.post("/v1/openai/images/generations", json=fields, headers=AUTH)
    assert answer.status_code == 200
    ((_, request),) = here.engine.drawn
    assert (request.model, request.width, request.height) == (MODEL, 768, 768)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("name", ["image", "image[]"])
async def test_an_edit_starts_from_the_picture(here: Api, prefix: str, name: str) -> None:
    parts: dict[str, Any] = {key: (None, value) for key, value in SMALL.items()}
    parts[name] = ("blob", png(64, 64), "application/octet-stream")
    answer = await here.client.post(f"{prefix}/edits", files=parts, headers=AUTH)
    assert answer.status_code == 200
    ((_, request),) = here.engine.drawn
    assert request.image is not None
    assert request.prompt == "a cat"


async def test_a_variation_needs_no_words(here: Api) -> None:
    parts: dict[str, Any] = {
        "image": ("image.png", png(64, 64), "image/png"),
        "size": (None, "128x128"),
    }
    answer = await here.client.post("/v1/openai/images/variations", files=parts, headers=AUTH)
    assert answer.status_code == 200
    ((_, request),) = here.engine.drawn
    assert request.prompt == ""
    assert request.image is not None


@pytest.mark.parametrize(
    ("route", "fields", "files", "param"),
    [
        ("generations", {**SMALL, "n": 9}, {}, "num_images"),
        ("generations", {**SMALL, "prompt": ""}, {}, "prompt"),
        ("generations", {**SMALL, "size": "big"}, {}, "size"),
        ("generations", {**SMALL, "size": "129x128"}, {}, "width"),
        ("generations", {**SMALL, "response_format": "url"}, {}, "response_format"),
        ("edits", SMALL, {}, "image"),
        ("edits", SMALL, {"image": b"no picture"}, "image"),
        ("edits", SMALL, {"image": png(8, 8), "mask": png(8, 8)}, "mask"),
        ("variations", {}, {}, "image"),
    ],
)
async def test_what_to_mend_is_said_in_both_dialects(
    here: Api, route: str, fields: dict[str, Any], files: dict[str, bytes], param: str
) -> None:
    parts: dict[str, Any] = {name: (None, str(value)) for name, value in fields.items()}
    parts |= {name: ("blob", data, "image/png") for name, data in files.items()}
    parts["user"] = (None, "somebody")
    answer = await here.client.post(f"/v1/openai/images/{route}", files=parts, headers=AUTH)
    assert answer.status_code == 422
    document = answer.json()
    assert document["error"]["param"] == param
    assert document["error"]["type"] == "invalid_request_error"
    assert document["error"]["message"] == document["detail"]["error"]
    assert here.engine.drawn == []


async def test_two_pictures_to_start_from_are_one_too_many(here: Api) -> None:
    files: list[tuple[str, Any]] = [
        ("image", ("blob", png(8, 8), "image/png")),
        ("image", ("blob", png(8, 8), "image/png")),
        ("prompt", (None, "a cat")),
    ]
    answer = await here.client.post("/v1/openai/images/edits", files=files, headers=AUTH)
    assert answer.status_code == 422
    assert "send one" in answer.json()["error"]["message"]


async def test_what_the_framework_refuses_speaks_the_dialect_of_its_path(here: Api) -> None:
    answers = [
        await here.client.get("/v1/openai/nothing"),
        await here.client.get("/v1/openai/images/generations"),
        await here.client.post("/v1/openai/images/generations", json=SMALL),
        await here.client.post(
            "/v1/openai/images/generations", json={**SMALL, "model": "a/b"}, headers=AUTH
        ),
    ]
    assert [answer.status_code for answer in answers] == [404, 405, 401, 404]
    assert [answer.json()["error"]["code"] for answer in answers] == [
        "not_found",
        "method_not_allowed",
        "invalid_api_key",
        "model_not_found",
    ]
    assert answers[1].headers["allow"] == "POST"
    native = [await here.client.get("/nothing"), await here.client.get(f"/v1/inference/{MODEL}")]
    assert [answer.json() for answer in native] == [
        {"detail": {"error": "Not Found"}},
        {"detail": {"error": "Method Not Allowed"}},
    ]


@pytest.mark.parametrize("path", ["/v1/openai/models", "/v1/models"])
async def test_the_models_are_listed(here: Api, path: str) -> None:
    assert (await here.client.get(path)).json() == {
        "object": "list",
        "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "stabilityai"}],
    }
