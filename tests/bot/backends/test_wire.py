import json
from pathlib import Path
from typing import Any

import pytest

from bot import errors
from bot.backends.wire import failure_of, read_answer, to_json, to_multipart, words_of
from bot.domain.catalogue import Catalogue
from bot.domain.model import SD21
from bot.request.image_request import ImageRequest
from tests.support.fake_deepinfra import png

WIRE = Path(__file__).parents[2] / "support/wire"
TAKES = Catalogue(follow_replacements=False).takes(SD21.name)
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


def recorded(name: str) -> Any:
    return json.loads((WIRE / name).read_text())


def test_every_field_of_the_seed_page_goes_out_as_json() -> None:
    request = ImageRequest(**ALL_FIELDS, webhook="https://example.org/done", model=SD21.name)
    assert to_json(request, TAKES) == ALL_FIELDS


def test_every_field_of_the_seed_page_goes_out_as_a_form_with_a_file() -> None:
    image = png(64, 64)
    request = ImageRequest(**ALL_FIELDS, image=image, webhook="https://example.org/done")
    assert to_multipart(request, TAKES) == {
        "prompt": (None, "a cat"),
        "negative_prompt": (None, "dogs"),
        "num_images": (None, "3"),
        "num_inference_steps": (None, "30"),
        "guidance_scale": (None, "7.25"),
        "strength": (None, "0.5"),
        "width": (None, "512"),
        "height": (None, "640"),
        "seed": (None, "42"),
        "use_compel": (None, "true"),
        "lora": (None, "watercolour"),
        "image": ("image.png", image, "image/png"),
    }


def test_what_is_empty_or_not_taken_stays_at_home() -> None:
    request = ImageRequest(prompt="a cat", seed=0, lora="", guidance_scale=3.0)
    assert to_json(request, {"prompt", "seed", "lora", "negative_prompt", "image", "webhook"}) == {
        "prompt": "a cat",
        "seed": 0,
    }


def an_answer(**changes: Any) -> dict[str, Any]:
    status = {"status": "succeeded", "runtime_ms": 228, "cost": 0.00011399999493733048}
    return {
        "images": ["data:image/png;base64,QQ==", "Qg=="],
        "nsfw_content_detected": [False, True],
        "seed": 42,
        "request_id": "RabcdefghijklmnopqrstuvW",
        "inference_status": status,
        **changes,
    }


def test_a_good_answer_is_read_whole() -> None:
    answer = read_answer(an_answer())
    assert answer.images == ("data:image/png;base64,QQ==", "Qg==")
    assert answer.flags == (False, True)
    assert (answer.seed, answer.cost_micros, answer.runtime_ms) == (42, 114, 228)
    assert answer.request_id == "RabcdefghijklmnopqrstuvW"


@pytest.mark.parametrize(
    ("flags", "read"),
    [
        ([True], (True, None)),
        (None, (None, None)),
        ([], (None, None)),
        (["false", 0], (None, None)),
        (False, (None, None)),
        ([False, False, True], (False, False)),
    ],
)
def test_a_verdict_that_is_missing_or_strange_is_unknown(flags: Any, read: Any) -> None:
    assert read_answer(an_answer(nsfw_content_detected=flags)).flags == read


@pytest.mark.parametrize("strange", [None, "42", -1, float("nan"), float("inf"), True, 10**30, []])
def test_numbers_that_are_none_are_unknown(strange: Any) -> None:
    status = {"status": "succeeded", "runtime_ms": strange, "cost": "?"}
    answer = read_answer(an_answer(seed=strange, inference_status=status))
    assert (answer.seed, answer.runtime_ms, answer.cost_micros) == (None, None, None)


@pytest.mark.parametrize("cost", [0.0015, "0.0015", "1.5e-3"])
def test_a_cost_may_come_as_text(cost: Any) -> None:
    assert read_answer(an_answer(inference_status={"cost": cost})).cost_micros == 1_500


@pytest.mark.parametrize("cost", [None, -1, float("nan"), True, "free", 1e9, {}])
def test_a_cost_that_is_no_amount_is_unknown(cost: Any) -> None:
    assert read_answer(an_answer(inference_status={"cost": cost})).cost_micros is None


@pytest.mark.parametrize("strange", [None, 7, "", "R\n", "R" * 101])
def test_a_request_id_that_is_no_name_is_left_out(strange: Any) -> None:
    assert read_answer(an_answer(request_id=strange)).request_id is None


def test_partner_models_answer_with_addresses() -> None:
    one = read_answer(recorded("answer_partner_url.json"))
    assert (one.images, one.flags) == (("https://cdn.example.com/a.png",), (None,))
    assert (one.cost_micros, one.runtime_ms) == (40_000, 5_210)
    both = read_answer(recorded("answer_partner_urls.json"))
    assert both.images == ("https://cdn.example.com/a.png", "https://cdn.example.com/b.png")
    assert both.cost_micros is None


def test_more_than_four_images_were_not_asked_for() -> None:
    assert len(read_answer(an_answer(images=["QQ=="] * 9)).images) == 4


def test_a_moderated_request_is_told_from_an_empty_one() -> None:
    with pytest.raises(errors.BackendModerated) as caught:
        read_answer(recorded("answer_moderated.json"))
    assert caught.value.detail == "HTTP 200: request_moderated"
    inside = an_answer(images=[], inference_status={"status": "request_moderated", "cost": 0.04})
    with pytest.raises(errors.BackendModerated) as caught:
        read_answer(inside)
    assert caught.value.billed_micros == 40_000


def test_the_sample_of_the_seed_page_has_no_picture() -> None:
    with pytest.raises(errors.BackendEmpty) as caught:
        read_answer(recorded("answer_page.json"))
    assert caught.value.detail == "HTTP 200: no pictures, status 'unknown'"


@pytest.mark.parametrize("images", [[], None, "", [None, 7], {}, [[]]])
def test_no_picture_is_an_error_and_tells_what_it_cost(images: Any) -> None:
    with pytest.raises(errors.BackendEmpty) as caught:
        read_answer(an_answer(images=images))
    assert caught.value.billed_micros == 114


def test_a_failed_inference_is_the_services_fault() -> None:
    status = {"status": "failed", "cost": 0.0001}
    with pytest.raises(errors.BackendBroken) as caught:
        read_answer({"images": [], "error": "CUDA out of memory", "inference_status": status})
    assert caught.value.detail == "HTTP 200: failed: CUDA out of memory"
    assert caught.value.billed_micros == 100


@pytest.mark.parametrize("document", [None, [], "images", 7])
def test_an_answer_that_is_no_object_is_garbled(document: Any) -> None:
    with pytest.raises(errors.BackendGarbled):
        read_answer(document)


@pytest.mark.parametrize(
    ("status", "file", "kind", "detail"),
    [
        (401, "error_401.json", "BackendKeyRefused", "HTTP 401: Not authenticated"),
        (
            401,
            "error_401_openai.json",
            "BackendKeyRefused",
            "HTTP 401: Incorrect API key provided",
        ),
        (403, "error_401.json", "BackendKeyRefused", "HTTP 403: Not authenticated"),
        (
            402,
            "error_402.json",
            "BackendNeedsMoney",
            "HTTP 402: You need positive balance to do inference, please top up your account",
        ),
        (404, "error_404.json", "BackendModelMissing", "HTTP 404: Model not found"),
        (
            422,
            "error_422.json",
            "BackendRejected",
            (
                "HTTP 422: width: Input should be 128, 256 or 384; "
                "num_images: Input should be less than or equal to 4"
            ),
        ),
        (
            422,
            "error_422_text.json",
            "BackendRejected",
            "HTTP 422: guidance_scale must be at most 20",
        ),
        (
            429,
            "error_429.json",
            "BackendBusy",
            "HTTP 429: Model is busy, please try again later",
        ),
    ],
)
def test_every_shape_of_an_error_is_read(status: int, file: str, kind: str, detail: str) -> None:
    error = failure_of(status, recorded(file))
    assert (type(error).__name__, error.detail) == (kind, detail)
    assert error.billed_micros == 0


@pytest.mark.parametrize(
    ("status", "kind", "unknown"),
    [
        (400, "BackendRejected", False),
        (409, "BackendRejected", False),
        (423, "BackendLocked", False),
        (503, "BackendBusy", False),
        (500, "BackendBroken", False),
        (502, "BackendBroken", False),
        (302, "BackendBroken", False),
        (504, "BackendTimedOut", True),
        (408, "BackendTimedOut", True),
    ],
)
def test_a_status_without_words_still_says_what_happened(
    status: int, kind: str, *, unknown: bool
) -> None:
    error = failure_of(status, "")
    assert (type(error).__name__, error.detail) == (kind, f"HTTP {status}")
    assert error.outcome_unknown is unknown


def test_the_services_words_are_one_short_line_without_what_somebody_typed() -> None:
    assert words_of({"error": "a\nb\x00\tc " + "x" * 900}) == "a b c " + "x" * 293 + "…"
    assert "somebody" not in words_of(recorded("error_422.json"))


@pytest.mark.parametrize(
    "document", [None, 7, {}, {"detail": None}, {"detail": [7, None, {}]}, [[[[["deep"]]]]]]
)
def test_a_shape_that_nobody_knows_has_no_words(document: Any) -> None:
    assert words_of(document) == ""
