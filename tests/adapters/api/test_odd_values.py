"""An odd value is accepted or refused alike as JSON, as text in JSON and in a form.

What the wire's page says of each field (a string, a number within its range, a yes or no) decides.
"""

import json
from typing import Any

import pytest

from adapters.api.schema.schemas import WIRE_SEED_MAX
from bot.errors import BadRequest, Problem
from tests.adapters.api.fake_engine import AUTH, PATH, Api
from tests.adapters.api.test_webhooks import Receiver, settled
from tests.support.fake_deepinfra import data_url, png

OPEN = "left open"
REFUSED = "refused"
# Field, text, and what it is drawn with; the text is also sent as JSON, where it is some.
VALUES: list[tuple[str, str, Any]] = [
    *(("seed", text, 5) for text in ("5", " 5 ", "5.0", "+5", "005", "0.5e1", "5px")),
    *(("seed", text, 10) for text in ("1e1", "1E+1")),
    ("seed", "-0", 0),
    ("seed", str(2**53 - 1), 2**53 - 1),
    ("seed", str(2**53), 2**53),
    ("seed", f" {2**53 + 1}\n", 2**53 + 1),
    ("seed", str(WIRE_SEED_MAX), WIRE_SEED_MAX),
    *(("seed", text, OPEN) for text in ("", "  ", "null")),
    *(("seed", text, REFUSED) for text in (str(WIRE_SEED_MAX + 1), "9" * 30, "9" * 4_000)),
    *(("seed", text, REFUSED) for text in ("-1", "5.5", "1e999", "NaN", "Infinity", "-inf")),
    *(("seed", text, REFUSED) for text in ("true", "false", "True", "None", "0x10", "1_000")),
    *(
        ("seed", text, REFUSED)
        for text in ("[1]", "{}", "five", "5 6", "٣", "\uff15", "²", "5\x006")
    ),
    ("num_images", "true", REFUSED),
    ("num_images", "2.0", 2),
    ("num_images", "0", REFUSED),
    ("num_inference_steps", "true", REFUSED),
    ("num_inference_steps", "2e1", 20),
    ("width", "512.0", 512),
    ("width", "true", REFUSED),
    ("width", "500", REFUSED),
    ("guidance_scale", "7,5", 7.5),
    ("guidance_scale", "1e1", 10.0),
    *(("guidance_scale", text, REFUSED) for text in ("true", "NaN", "1e400", "None", "1_0", "0.5")),
    ("strength", "true", REFUSED),
    *(("use_compel", text, True) for text in ("true", "1", "yes", "True", " true ")),
    *(("use_compel", text, False) for text in ("false", "0", "off")),
    *(("use_compel", text, OPEN) for text in ("null", "", " ")),
    *(("use_compel", text, REFUSED) for text in ("1.0", "2", "None", "[]", "maybe")),
    ("prompt", "moon\x00", "moon"),
    ("prompt", "a\x1b[1mb\r\nc", "a[1mb\nc"),
    *(("prompt", text, text) for text in ("None", "null", "true", "5", '"quoted"')),
    *(("prompt", text, REFUSED) for text in ("", "  ", "\x00")),
    ("negative_prompt", "None", "None"),
    ("negative_prompt", "", OPEN),
    ("lora", "moon\x00", "moon"),
    *(("webhook", text, REFUSED) for text in ("None", "null", "true", "somewhere", "file:///etc")),
    *(
        ("image", text, REFUSED)
        for text in ("None", "null", "true", "x", "[]", "https://a.example")
    ),
    ("image", "", OPEN),
    ("unknown", "true", OPEN),
]
# Of these texts a JSON value means something else.
WORDS = ("prompt", "negative_prompt", "lora", "webhook", "image")


async def drawn_as(here: Api, name: str, **sent: Any) -> Any:
    """What the engine got for `name`, or REFUSED with the field's own name."""
    before = len(here.engine.drawn)
    answer = await here.client.post(PATH, headers={**AUTH, **sent.pop("headers", {})}, **sent)
    if answer.status_code == 422:
        assert len(here.engine.drawn) == before
        assert [each["loc"][:2] for each in answer.json()["detail"]] == [["body", name]]
        return REFUSED
    assert answer.status_code == 200, answer.text
    _, request = here.engine.drawn[-1]
    return getattr(request, name) if name != "unknown" and request.given(name) else OPEN


def fields(name: str, value: Any) -> dict[str, Any]:
    return {"prompt": "a cat", "width": "128", "height": "128", name: value}


@pytest.mark.parametrize(("name", "text", "expected"), VALUES)
async def test_a_value_means_the_same_in_each_kind_of_body(
    here: Api, name: str, text: str, expected: Any
) -> None:
    form = {key: (None, value.encode()) for key, value in fields(name, text).items()}
    assert await drawn_as(here, name, files=form) == expected
    assert await drawn_as(here, name, data=fields(name, text)) == expected
    assert await drawn_as(here, name, json=fields(name, text)) == expected
    try:
        typed = json.loads(text, parse_constant=lambda constant: constant)
    except ValueError:
        return
    if name not in WORDS and typed is not None and not isinstance(typed, str):
        body = json.dumps(fields(name, 0)).replace(f'"{name}": 0', f'"{name}": {text}')
        json_type = {"Content-Type": "application/json"}
        assert await drawn_as(here, name, content=body, headers=json_type) == expected


@pytest.mark.parametrize("name", ["prompt", "negative_prompt", "lora", "webhook"])
@pytest.mark.parametrize("value", [5, True, 1.5, ["a"], {"a": "b"}])
async def test_what_is_no_text_is_none(here: Api, name: str, value: Any) -> None:
    assert await drawn_as(here, name, json=fields(name, value)) == REFUSED


@pytest.mark.parametrize("name", ["prompt", "negative_prompt", "lora", "seed", "width"])
async def test_null_leaves_a_field_open(here: Api, name: str) -> None:
    expected = REFUSED if name == "prompt" else OPEN
    sent = {**fields(name, None), "height": 128}
    assert await drawn_as(here, name, json=sent) == expected


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
async def test_a_word_that_is_no_json_is_refused_with_the_body(here: Api, constant: str) -> None:
    body = f'{{"prompt": "a cat", "seed": {constant}}}'
    answer = await here.client.post(PATH, content=body, headers=AUTH)
    assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["body"])


async def test_the_last_of_a_name_counts(here: Api) -> None:
    body = '{"prompt": "a", "prompt": "b", "seed": 1, "seed": 2, "width": 128, "height": 128}'
    pairs = [("prompt", "a"), ("prompt", "b"), ("seed", "1"), ("seed", "2")]
    sides = [("width", "128"), ("height", "128")]
    form = [(name, (None, value.encode())) for name, value in pairs + sides]
    urlencoded = "&".join("=".join(pair) for pair in pairs + sides)
    as_form = {**AUTH, "Content-Type": "application/x-www-form-urlencoded"}
    for sent in (
        {"content": body, "headers": AUTH},
        {"files": form, "headers": AUTH},
        {"content": urlencoded, "headers": as_form},
    ):
        assert (await here.client.post(PATH, **sent)).status_code == 200
        _, request = here.engine.drawn[-1]
        assert (request.prompt, request.seed) == ("b", 2)


async def test_one_picture_is_one_value(here: Api) -> None:
    one = data_url(png(64, 64))
    assert await drawn_as(here, "image", json=fields("image", one)) not in (REFUSED, OPEN)
    for several in ([one], [one, one], []):
        assert await drawn_as(here, "image", json=fields("image", several)) == REFUSED
    form = [(name, (None, value)) for name, value in fields("image", one).items()]
    assert await drawn_as(here, "image", files=form) not in (REFUSED, OPEN)
    file = ("image", ("cat.png", png(64, 64), "image/png"))
    assert await drawn_as(here, "image", files=[*form[:3], file]) not in (REFUSED, OPEN)
    assert await drawn_as(here, "image", files=[*form, file]) == REFUSED
    assert await drawn_as(here, "image", files=[*form[:3], file, file]) == REFUSED


async def test_a_picture_without_a_byte_is_refused_and_not_left_out(here: Api) -> None:
    assert await drawn_as(here, "image", json=fields("image", "data:image/png;base64,")) == REFUSED
    form = [(name, (None, value)) for name, value in fields("image", "").items()][:3]
    empty = ("image", ("cat.png", b"", "image/png"))
    assert await drawn_as(here, "image", files=[*form, empty]) == REFUSED
    # A browser sends a field in which nobody chose a file like this.
    unfilled = ("image", ("", b"", "application/octet-stream"))
    assert await drawn_as(here, "image", files=[*form, unfilled]) == OPEN


def with_file(name: str, content: bytes) -> list[tuple[str, tuple[Any, ...]]]:
    texts = {"prompt": "a cat", "width": "128", "height": "128"}
    texts.pop(name, None)
    parts: list[tuple[str, tuple[Any, ...]]] = [(n, (None, v)) for n, v in texts.items()]
    return [*parts, (name, ("file.txt", content, "text/plain"))]


@pytest.mark.parametrize("name", ["prompt", "negative_prompt", "lora", "seed", "width", "strength"])
async def test_a_file_is_no_text(here: Api, name: str) -> None:
    assert await drawn_as(here, name, files=with_file(name, b"512")) == REFUSED


@pytest.mark.parametrize("name", ["model", "prompt", "n", "size", "response_format", "seed"])
async def test_a_file_is_no_text_for_openai_either(here: Api, name: str) -> None:
    image = ("image", ("cat.png", png(64, 64), "image/png"))
    answer = await here.client.post(
        "/v1/openai/images/edits", files=[*with_file(name, b"b64_json"), image], headers=AUTH
    )
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, name)


async def test_a_file_whose_field_is_unknown_or_that_is_empty_is_left_out(here: Api) -> None:
    """Browsers send an empty file for what nobody chose."""
    assert await drawn_as(here, "unknown", files=with_file("unknown", b"5")) == OPEN
    assert await drawn_as(here, "seed", files=with_file("seed", b"")) == OPEN


URL = "https://hooks.example/done"


@pytest.mark.parametrize("content", [URL.encode(), f"{URL}\n".encode()])
async def test_a_webhook_may_be_a_file_as_the_page_says(content: bytes) -> None:
    receiver = Receiver()
    async with receiver.opened() as here:
        answer = await here.client.post(PATH, files=with_file("webhook", content), headers=AUTH)
        assert answer.json()["inference_status"]["status"] == "queued"
        await settled(here)
    assert [body["inference_status"]["status"] for body in receiver.bodies] == ["succeeded"]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"no address", b"x" * 100_000, png(64, 64)])
async def test_a_file_without_an_address_is_refused(here: Api, content: bytes) -> None:
    assert await drawn_as(here, "webhook", files=with_file("webhook", content)) == REFUSED


async def test_a_webhook_as_text_and_as_file_is_one_too_many(here: Api) -> None:
    parts = [*with_file("webhook", URL.encode()), ("webhook", (None, URL))]
    assert await drawn_as(here, "webhook", files=parts) == REFUSED


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (BadRequest((Problem("lora", "not_listed", {"got": "sun", "choices": ["moon"]}),)), "moon"),
        (RuntimeError("secret"), "broke"),
    ],
)
async def test_the_webhook_of_a_failed_drawing_says_why(trouble: Exception, words: str) -> None:
    receiver = Receiver()
    async with receiver.opened() as here:
        here.engine.trouble = [trouble]
        await here.infer(webhook=URL)
        await settled(here)
    (body,) = receiver.bodies
    assert body["inference_status"]["status"] == "failed"
    assert words in body["error"]
    assert "secret" not in body["error"]


async def test_a_large_seed_comes_back_as_it_was(here: Api) -> None:
    assert (await here.infer(seed=WIRE_SEED_MAX)).json()["seed"] == WIRE_SEED_MAX
