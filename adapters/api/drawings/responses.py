"""Answers with finished drawings. Their megabytes of base64 aren't for the event loop."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from adapters.api.drawings.drawings import Done

NANOS_PER_DOLLAR = 1_000_000_000


def inference(done: Done) -> dict[str, Any]:
    """The native answer."""
    return {
        **_results(done),
        "request_id": done.request_id,
        "inference_status": _status("succeeded", done.drawn.runtime_ms, done.cost_nanos),
    }


def queued(request_id: str, seed: int) -> dict[str, Any]:
    """The immediate answer to a request with a webhook."""
    return {
        "images": [],
        "nsfw_content_detected": [],
        "seed": seed,
        "request_id": request_id,
        "inference_status": _status("queued"),
    }


def hook(done: Done) -> dict[str, Any]:
    """The body for a webhook; its results are nested, unlike in an answer."""
    return {
        "request_id": done.request_id,
        "inference_status": _status("succeeded", done.drawn.runtime_ms, done.cost_nanos),
        "results": _results(done),
    }


def failed_hook(request_id: str, why: str) -> dict[str, Any]:
    """The body for a webhook whose drawing failed, for the reason in `why`."""
    return {"request_id": request_id, "inference_status": _status("failed"), "error": why}


def openai(done: Done, created: int) -> dict[str, Any]:
    """The answer of images/generations and its like; `created` is in Unix seconds."""
    data = [
        {"b64_json": _base64(picture.png), "revised_prompt": None, "url": None}
        for picture in done.drawn.pictures
    ]
    return {"created": created, "data": data}


async def encoded(build: Callable[..., dict[str, Any]], *args: Any) -> bytes:
    """`build(*args)` as JSON, made in a thread."""
    return await asyncio.to_thread(lambda: json.dumps(build(*args)).encode())


def as_json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


def _results(done: Done) -> dict[str, Any]:
    pictures = done.drawn.pictures
    return {
        "images": [f"data:image/png;base64,{_base64(picture.png)}" for picture in pictures],
        # null means that it was not checked, which is not the same as safe.
        "nsfw_content_detected": [picture.flagged for picture in pictures],
        "seed": done.drawn.seed,
    }


def _status(status: str, runtime_ms: int = 0, cost_nanos: int = 0) -> dict[str, Any]:
    return {
        "status": status,
        "runtime_ms": runtime_ms,
        "cost": cost_nanos / NANOS_PER_DOLLAR,
        "tokens_generated": 0,
        "tokens_input": 0,
    }


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")
