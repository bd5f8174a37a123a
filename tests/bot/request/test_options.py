"""The options are those of the model's page, and whatever people fill in is read or explained."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadRequest, Problem
from bot.request.image_request import ImageRequest
from bot.request.options import BY_NAME, BY_SPELLING, OPTIONS, validate

SIDES = (128, 256, 384, 448, 512, 576, 640, 704, 768, 832, 896, 960, 1024)


def problems_of(**fields: Any) -> list[Problem]:
    with pytest.raises(BadRequest) as caught:
        validate({"prompt": "a cat", **fields})
    return list(caught.value.problems)


def test_the_options_are_the_input_fields_of_the_models_page_and_the_model() -> None:
    facts = [(o.name, o.type, o.minimum, o.maximum, o.choices, o.default) for o in OPTIONS]
    assert facts == [
        ("prompt", str, None, None, (), None),
        ("negative_prompt", str, None, None, (), ""),
        ("image", bytes, None, None, (), None),
        ("num_images", int, 1, 4, (), 1),
        ("num_inference_steps", int, 1, 512, (), 25),
        ("guidance_scale", float, 1, 20, (), 7.5),
        ("strength", float, 0, 1, (), 0.8),
        ("width", int, None, None, SIDES, 768),
        ("height", int, None, None, SIDES, 768),
        ("seed", int, 0, 9_007_199_254_740_991, (), None),
        ("use_compel", bool, None, None, (), False),
        ("lora", str, None, None, (), ""),
        ("webhook", str, None, None, (), ""),
        ("model", str, None, None, (), ""),
    ]


def test_only_the_prompt_is_required_and_only_the_webhook_is_kept_out_of_chat() -> None:
    assert [o.name for o in OPTIONS if o.required] == ["prompt"]
    assert [o.name for o in OPTIONS if not o.chat] == ["webhook"]


def test_lengths_are_part_of_the_options() -> None:
    lengths = [(o.name, o.min_length, o.max_length) for o in OPTIONS if o.max_length]
    assert lengths == [
        ("prompt", 1, 3_000),
        ("negative_prompt", None, 3_000),
        ("lora", None, 200),
        ("webhook", None, 2_000),
        ("model", None, 200),
    ]


def test_no_spelling_means_two_options() -> None:
    assert sum(len(option.spellings) for option in OPTIONS) == len(BY_SPELLING)


def test_help_fits_where_discord_shows_it() -> None:
    assert all(1 <= len(option.help) <= 100 for option in OPTIONS)
    # Source: Discord's pattern for the names of options.
    assert all(option.short.islower() and len(option.short) <= 32 for option in OPTIONS)


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("num_images", "2", 2),
        ("num_inference_steps", " 30 ", 30),
        ("num_inference_steps", 30.0, 30),
        ("guidance_scale", "7.5", 7.5),
        ("guidance_scale", "7,5", 7.5),
        ("strength", "1", 1.0),
        ("width", "512", 512),
        ("height", "512px", 512),
        ("seed", "0", 0),
        ("use_compel", "yes", True),
        ("use_compel", "TRUE", True),
        ("use_compel", "off", False),
        ("use_compel", 1, True),
        ("model", " a/b ", "a/b"),
    ],
)
def test_typed_text_is_read_as_the_value_it_means(field: str, typed: object, value: object) -> None:
    request = validate({"prompt": "a cat", field: typed})
    assert getattr(request, field) == value
    assert type(getattr(request, field)) is type(value)


def test_short_names_are_understood_like_the_long_ones() -> None:
    request = validate({"prompt": "a cat", "no": "dogs", "n": 2, "cfg": 3})
    assert (request.negative_prompt, request.num_images, request.guidance_scale) == ("dogs", 2, 3.0)


def test_what_was_left_empty_in_a_form_is_left_open() -> None:
    request = validate({"prompt": "a cat", "seed": "", "width": " ", "lora": None, "image": None})
    assert request.model_fields_set == {"prompt"}


@pytest.mark.parametrize(
    ("field", "value", "code", "data"),
    [
        ("num_images", 5, "out_of_range", {"minimum": 1, "maximum": 4, "got": 5, "whole": True}),
        (
            "strength",
            "-1",
            "out_of_range",
            {"minimum": 0, "maximum": 1, "got": "-1", "whole": False},
        ),
        (
            "num_images",
            1.5,
            "not_a_number",
            {"minimum": 1, "maximum": 4, "got": 1.5, "whole": True},
        ),
        ("width", 800, "not_listed", {"choices": SIDES, "got": 800, "nearest": 768}),
        ("width", 10**9, "not_listed", {"choices": SIDES, "got": 10**9, "nearest": 1024}),
        ("use_compel", "maybe", "not_yes_or_no", {"got": "maybe"}),
        ("lora", "x" * 201, "too_long", {"limit": 200, "got": 201}),
        ("lora", 7, "not_text", {"got": 7}),
        ("image", b"", "image_empty", {}),
        ("image", b" ", "image_type", {}),
        ("image", b"GIF89a", "image_type", {}),
        ("webhook", "example.org", "not_a_url", {}),
        ("webhook", "http://10.0.0.1/", "private_address", {"host": "10.0.0.1"}),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(
    field: str, value: object, code: str, data: dict[str, Any]
) -> None:
    assert problems_of(**{field: value}) == [Problem(field, code, data)]


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", float("nan"), float("inf"), "1e999"])
def test_what_is_no_finite_number_is_refused(value: object) -> None:
    (problem,) = problems_of(guidance_scale=value)
    assert problem.code in ("not_a_number", "out_of_range")
    assert isinstance(problem.data["got"], str)


@pytest.mark.parametrize("value", ["9" * 5_000, 10**4_000, -2, 2**53])
def test_a_seed_that_a_browser_could_not_keep_is_refused(value: object) -> None:
    (problem,) = problems_of(seed=value)
    assert problem.code == "out_of_range"
    assert len(json.dumps(problem.data)) < 200


@pytest.mark.parametrize("prompt", ["", "  ", None, "\x00"])
def test_without_words_the_prompt_is_missing(prompt: object) -> None:
    assert problems_of(prompt=prompt) == [Problem("prompt", "missing", {})]


def test_everything_wrong_is_named_at_once_in_the_order_of_the_options() -> None:
    found = problems_of(seed=-2, width=7, num_images="many", sise=3)
    assert [(p.option, p.code) for p in found] == [
        ("", "unknown_option"),
        ("num_images", "not_a_number"),
        ("width", "not_listed"),
        ("seed", "out_of_range"),
    ]


def test_a_wrong_value_is_repeated_short_and_harmless() -> None:
    (problem,) = problems_of(width="\x1b[31m" + "x" * 500)
    assert problem.data["got"] == "[31m" + "x" * 35 + "…"


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=50),
    st.binary(max_size=50),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=3),
)


@given(st.dictionaries(st.sampled_from(sorted(BY_SPELLING)), VALUES, max_size=6))
def test_any_values_are_read_or_explained_in_json(fields: dict[str, Any]) -> None:
    try:
        request = validate(fields)
    except BadRequest as refused:
        told = [problem.data for problem in refused.problems]
        names = {problem.option for problem in refused.problems}
    else:
        assert isinstance(request, ImageRequest)
        told, names = [], set()
    json.dumps(told, allow_nan=False)
    assert names <= BY_NAME.keys()
