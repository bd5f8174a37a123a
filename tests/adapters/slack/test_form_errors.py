"""What is wrong with a form: beside a field as Slack does it, or above all of them."""

from typing import Any

from adapters.slack.forms.form_errors import refusal
from adapters.slack.rendering import blocks
from bot.errors import BadRequest, NotFound, Problem, PromptRefused, QueueFull, QuotaExceeded

EMPTY = Problem("prompt", "missing", {})
UNKNOWN = Problem("", "unknown_option", {"got": "<@U1>", "nearest": None})
FULL = QuotaExceeded("person", "day", left_micros=0, needed_micros=1, opens_at=None)


def form(*names: str) -> dict[str, Any]:
    made = [blocks.field(name, name, blocks.text_input(name)) for name in names]
    return {**blocks.modal("wish", "Imagine", made, submit="Draw", metadata="{}"), "id": "V1"}


def places(error: Any, view: dict[str, Any]) -> list[str]:
    return [*refusal(error, view)["errors"]]


def test_each_sentence_stands_where_it_is_understood() -> None:
    view = form("prompt", "num_images", "size", "model", "style", "where")
    assert places(FULL, view) == ["num_images"]
    assert places(PromptRefused("words"), view) == ["prompt"]
    assert places(NotFound("preset", "x"), view) == ["style"]
    assert places(NotFound("model", "x"), view) == ["model"]
    wide = Problem("width", "not_listed", {"got": "1", "choices": "2"})
    assert places(BadRequest((EMPTY, wide)), view) == ["prompt", "size"]


def test_two_sentences_about_one_field_are_both_said() -> None:
    view = form("prompt", "size")
    problems = [Problem(each, "not_a_number", {"got": "x"}) for each in ("width", "height")]
    said = refusal(BadRequest(tuple(problems)), view)["errors"]["size"]
    assert said.count("x") == 2


def test_without_its_field_a_sentence_stands_above() -> None:
    made = refusal(FULL, form("prompt"))
    assert made["response_action"] == "update"
    assert made["view"]["blocks"][0]["text"]["text"].startswith("⚠ Your own budget for today")
    assert [b["block_id"] for b in made["view"]["blocks"]] == ["above", "prompt"]


def test_one_that_has_no_field_brings_the_others_along() -> None:
    made = refusal(BadRequest((EMPTY, UNKNOWN)), form("prompt"))
    first, second = made["view"]["blocks"][0]["text"]["text"].split("\n")
    assert first == "⚠ What should I draw? Please describe it."
    assert second.startswith("⚠ ")
    assert "<@U1>" not in second


def test_a_second_refusal_takes_the_place_of_the_first() -> None:
    once = refusal(QueueFull(), form("prompt"))["view"]
    twice = refusal(QueueFull(), once)["view"]
    assert twice == once
    assert "id" not in once
    assert once["private_metadata"] == "{}"
