"""Texts that are far too long are refused by their length; nobody looks at their characters.

The processor's time counts, how busy the machine is does not. What is measured takes a thousandth
of what it took character by character; the bounds are wide.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from adapters.api.requests.body import BODY_MAX_BYTES
from bot.errors import BadRequest, InvalidValue, Problem
from bot.request import command_parser, forms
from bot.request.image_request import PROMPT_MAX_CHARS
from bot.request.options import OPTIONS, validate
from bot.urls import check_url
from tests.adapters.api.fake_engine import AUTH, PATH, api

LIGATURE = "\ufdfa"  # 18 letters, once it is normalised
TEXTS = ("x", "9", "a ", "\r\n", "\x00", LIGATURE)


def filling(text: str, size_bytes: int = BODY_MAX_BYTES - 1_000) -> str:
    return text * (size_bytes // len(text.encode()))


def spent_s(work: Callable[[], object]) -> float:
    """The least of three times of this thread on the processor."""

    def once() -> float:
        began_s = time.thread_time()
        with suppress(BadRequest, InvalidValue):
            work()
        return time.thread_time() - began_s

    return min(once() for _ in range(3))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("option", [o.name for o in OPTIONS if o.type is not bytes])
def test_an_option_costs_no_more_than_the_body_that_brought_it(option: str, text: str) -> None:
    value = filling(text)
    body = json.dumps({option: value})
    fields = {"prompt": "a cat", option: value}
    assert spent_s(lambda: validate(fields)) < 10 * spent_s(lambda: json.loads(body)) + 0.01


@pytest.mark.parametrize("option", ["prompt", "negative_prompt", "lora", "webhook", "model"])
def test_a_long_text_is_refused_with_its_length(option: str) -> None:
    (limit,) = (o.max_length for o in OPTIONS if o.name == option)
    assert limit is not None
    for length in (limit + 1, 2 * limit, 2 * limit + 1, 100 * limit):
        with pytest.raises(BadRequest) as caught:
            validate({"prompt": "a cat", option: "x" * length})
        assert caught.value.problems == (
            Problem(option, "too_long", {"limit": limit, "got": length}),
        )


def test_line_breaks_of_two_characters_count_as_one() -> None:
    longest = "a" + "\r\n" * (PROMPT_MAX_CHARS - 2) + "b"
    assert validate({"prompt": longest}).prompt == longest.replace("\r\n", "\n")


@pytest.mark.parametrize("read", [command_parser.parse, forms.read_options, forms.read_size])
@pytest.mark.parametrize("text", TEXTS)
def test_a_typed_text_costs_no_more_than_the_body_that_brought_it(
    read: Callable[[str], object], text: str
) -> None:
    value = filling(text)
    body = json.dumps(value)
    assert spent_s(lambda: read(value)) < 10 * spent_s(lambda: json.loads(body)) + 0.01


def test_a_host_that_grows_when_it_is_normalised_is_not_encoded() -> None:
    host = LIGATURE * 1_900
    codec_s = spent_s(lambda: suppressed_idna(host))
    assert spent_s(lambda: check_url(f"https://{host}/")) < codec_s / 5
    with pytest.raises(InvalidValue, match="not_a_url"):
        check_url(f"https://{LIGATURE * 20}/")


def suppressed_idna(host: str) -> None:
    with suppress(UnicodeError):
        host.encode("idna")


@pytest.mark.parametrize("field", ["prompt", "negative_prompt", "seed", "lora", "webhook"])
async def test_the_api_refuses_it_as_quickly_as_a_body_of_that_size_without_it(field: str) -> None:
    """Both bodies are received and decoded; one holds the text where nobody reads it."""

    async def refused_s(fields: dict[str, object]) -> float:
        content = json.dumps(fields, ensure_ascii=False).encode()
        began_s = time.process_time()
        answer = await here.client.post(PATH, content=content, headers=headers)
        assert answer.status_code == 422
        return time.process_time() - began_s

    headers = {**AUTH, "Content-Type": "application/json"}
    async with api() as here:
        for text in ("x", LIGATURE):
            value = filling(text)
            unread_s = min([await refused_s({"prompt": "", "other": value}) for _ in range(3)])
            read_s = min([await refused_s({"prompt": "a", field: value}) for _ in range(3)])
            assert read_s < 5 * unread_s + 0.05
