"""DeepInfra's native inference API without the network: request → body, answer → values.

Source: DeepInfra's OpenAPI document and its official clients; shapes of partner models as recorded.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.pricing import charged_micros
from bot.errors import (
    BackendBroken,
    BackendBusy,
    BackendEmpty,
    BackendFailed,
    BackendGarbled,
    BackendKeyRefused,
    BackendLocked,
    BackendModelMissing,
    BackendModerated,
    BackendNeedsMoney,
    BackendRejected,
    BackendTimedOut,
)
from bot.images.header import read_header
from bot.request.image_request import PICTURES_MAX, ImageRequest
from bot.text import one_line

# How much of the service's explanation is kept, so that it can't flood the log.
WORDS_MAX_CHARS = 300
WORDS_MAX_PROBLEMS = 5
REQUEST_ID_MAX_CHARS = 100
# Above these a number is taken for unreadable: $1,000 for one request, SQLite's largest integer.
COST_MAX_MICROS = 1_000_000_000
WHOLE_MAX = 2**63 - 1

# A value of a multipart form for httpx: file name, content, and media type where there is a name.
Part = tuple[None, str] | tuple[str, bytes, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A good answer. What is missing or unreadable in it is None.

    `images` are data URLs, bare base64 or addresses; `flags` has one verdict for each.
    """

    images: tuple[str, ...]
    flags: tuple[bool | None, ...]
    seed: int | None
    cost_micros: int | None
    runtime_ms: int | None
    request_id: str | None


def to_json(request: ImageRequest, takes: Collection[str]) -> dict[str, Any]:
    """The body of a request without a starting image; `takes` names the model's fields.

    The webhook is not part of it: the bot itself posts the result there.
    """
    values = {name: getattr(request, name) for name in ImageRequest.model_fields if name in takes}
    return {
        name: value
        for name, value in values.items()
        if name not in ("image", "webhook", "model") and value not in (None, "")
    }


def to_multipart(request: ImageRequest, takes: Collection[str]) -> dict[str, Part]:
    """The same as a form. The file name marks the image as binary; numbers are JSON as text."""
    assert request.image is not None
    media_type = read_header(request.image).type
    parts: dict[str, Part] = {
        name: (None, value if isinstance(value, str) else json.dumps(value))
        for name, value in to_json(request, takes).items()
    }
    return {**parts, "image": (f"image{media_type.suffix}", request.image, media_type.value)}


def read_answer(document: Any) -> Answer:
    """The answer in a 200's document, in any model's shape. Raises BackendFailed."""
    if not isinstance(document, Mapping):
        raise BackendGarbled(detail="the answer is no JSON object")
    status = document.get("inference_status")
    facts = status if isinstance(status, Mapping) else {}
    cost_micros = _cost_micros(facts.get("cost"))
    state = _state(document, facts)
    if state in ("request_moderated", "content_moderated"):
        raise BackendModerated(billed_micros=cost_micros or 0, detail=f"HTTP 200: {state}")
    if state == "failed":
        words = words_of(document) or "no reason given"
        raise BackendBroken(billed_micros=cost_micros or 0, detail=f"HTTP 200: failed: {words}")
    images = tuple(_images(document))[:PICTURES_MAX]  # a request can't have asked for more
    if not images:
        raise BackendEmpty(
            billed_micros=cost_micros or 0, detail=f"HTTP 200: no pictures, status {state!r:.40}"
        )
    return Answer(
        images=images,
        flags=_flags(document.get("nsfw_content_detected"), len(images)),
        seed=_whole(document.get("seed")),
        cost_micros=cost_micros,
        runtime_ms=_whole(facts.get("runtime_ms")),
        request_id=_request_id(document.get("request_id")),
    )


def failure_of(status: int, document: Any, key: str = "") -> BackendFailed:
    """The error that an HTTP status other than 2xx means, with the service's own words.

    Some services quote the key that they refuse; it is not repeated.
    """
    words = words_of(document, key)
    detail = f"HTTP {status}: {words}" if words else f"HTTP {status}"
    if status in _FAILURES:
        return _FAILURES[status](detail=detail)
    if 400 <= status < 500:  # noqa: PLR2004  (the class of client errors)
        return BackendRejected(detail=detail)
    return BackendBroken(detail=detail)


_FAILURES: Mapping[int, type[BackendFailed]] = {
    401: BackendKeyRefused,
    402: BackendNeedsMoney,
    403: BackendKeyRefused,
    404: BackendModelMissing,
    # A gateway gave up waiting: the service behind it may still be drawing.
    408: BackendTimedOut,
    504: BackendTimedOut,
    524: BackendTimedOut,
    423: BackendLocked,
    429: BackendBusy,
    503: BackendBusy,
}


def words_of(document: Any, key: str = "") -> str:
    """The service's explanation, in any of its shapes, on one line and bounded; "" for none.

    {"error": s}, {"detail": s}, {"detail": {"error": s}}, {"error": {"message": s}} and
    {"detail": [{"loc": …, "msg": …}]}.
    """
    found = _words(document, depth=3, key=key)
    return one_line("".join(c if c.isprintable() else " " for c in found), WORDS_MAX_CHARS)


def _words(value: Any, depth: int, key: str) -> str:
    if isinstance(value, str):
        # Before it is cut, or a part of the key would stay.
        known = value.replace(key, "[key]") if key else value
        return known[: 2 * WORDS_MAX_CHARS]
    if depth and isinstance(value, Mapping):
        for name in ("detail", "error", "message", "msg"):
            if words := _words(value.get(name), depth - 1, key):
                return words
    if depth and isinstance(value, list):
        problems = [_problem(item, depth - 1, key) for item in value[:WORDS_MAX_PROBLEMS]]
        return "; ".join(filter(None, problems))
    return ""


def _problem(item: Any, depth: int, key: str) -> str:
    """One problem of a 422: where and what, without its "input", which may be a prompt."""
    words = _words(item, depth, key)
    loc = item.get("loc") if isinstance(item, Mapping) else None
    place = [str(part)[:40] for part in loc[:4] if part != "body"] if isinstance(loc, list) else []
    return f"{'.'.join(place)}: {words}" if place and words else words


def _state(document: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    state = facts.get("status", document.get("status"))
    if document.get("status") == "request_moderated":
        state = "request_moderated"
    return state if isinstance(state, str) else ""


def _images(document: Mapping[str, Any]) -> Iterable[str]:
    for key in ("images", "image_urls", "image_url"):
        value = document.get(key)
        found = value if isinstance(value, list) else [value]
        if images := [image for image in found if image and isinstance(image, str)]:
            return images
    return ()


def _flags(value: Any, count: int) -> tuple[bool | None, ...]:
    """`count` verdicts; None, for unknown, wherever there is no boolean."""
    found = value if isinstance(value, list) else []
    known = [flag if isinstance(flag, bool) else None for flag in found[:count]]
    return (*known, *[None] * (count - len(known)))


def _cost_micros(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        micros = charged_micros(value)
    except ValueError:
        return None
    return micros if micros <= COST_MAX_MICROS else None


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # The comparison is False for NaN.
    return int(value) if 0 <= value <= WHOLE_MAX else None


def _request_id(value: Any) -> str | None:
    if isinstance(value, str) and value.isprintable() and len(value) <= REQUEST_ID_MAX_CHARS:
        return value or None
    return None
