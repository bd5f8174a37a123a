"""What the OpenAPI document says of routes that read their bodies themselves."""

from typing import Annotated, Any

from fastapi import Path

from adapters.api.schema.schemas import NativeRefusal, OpenAIRefusal, in_schema
from bot.domain.model import Model
from bot.request.image_request import PICTURES_MAX, PROMPT_MAX_CHARS

_STATUSES = {
    401: "no such key",
    403: "no key is set, and this is not a program of this machine",
    404: "no such model",
    408: "the body took too long to arrive",
    413: "the body is too large",
    415: "a type or packing that is not read",
    422: "something to mend",
    429: "too many requests",
    500: "a fault of this server",
    503: "no capacity, or it stops",
    504: "it took too long",
}
# It contains a slash.
ModelName = Annotated[
    str,
    Path(
        description="organisation/model",
        json_schema_extra={"pattern": "^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$"},
    ),
]
Responses = dict[int | str, dict[str, Any]]

NATIVE: Responses = {
    status: {"model": NativeRefusal, "description": words} for status, words in _STATUSES.items()
}
OPENAI: Responses = {
    status: {"model": OpenAIRefusal, "description": words} for status, words in _STATUSES.items()
}
EVENTS: dict[str, Any] = {
    "text/event-stream": {
        "schema": {"type": "string", "description": "progress, then result or error"}
    }
}
FILE = {"type": "string", "format": "binary"}


def native_body(model: Model) -> dict[str, Any]:
    schema = in_schema(model)
    form = {**schema, "properties": {**schema["properties"], "image": FILE}}
    return _body({"application/json": schema, "multipart/form-data": form})


def openai_body(model: Model, *, picture: bool, prompt_needed: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "model": {"type": "string", "examples": [model.name]},
        "prompt": {"type": "string", "minLength": 1, "maxLength": PROMPT_MAX_CHARS},
        "n": {"type": "integer", "minimum": 1, "maximum": PICTURES_MAX, "default": 1},
        "size": {"type": "string", "examples": ["512x512"]},
        "response_format": {"type": "string", "enum": ["b64_json"]},
    }
    required = ["prompt"] if prompt_needed else []
    if not picture:
        schema = {"type": "object", "properties": properties, "required": required}
        return _body({"application/json": schema})
    schema = {
        "type": "object",
        "properties": {**properties, "image": FILE},
        "required": [*required, "image"],
    }
    return _body({"multipart/form-data": schema})


def in_json(*statuses: int) -> Responses:
    """Refusals of a route whose good answer isn't JSON."""
    schema = {"$ref": f"#/components/schemas/{NativeRefusal.__name__}"}
    content = {"application/json": {"schema": schema}}
    return {status: {"description": _STATUSES[status], "content": content} for status in statuses}


def json_body(schema: dict[str, Any]) -> dict[str, Any]:
    return _body({"application/json": schema})


def _body(schemas: dict[str, Any]) -> dict[str, Any]:
    content = {kind: {"schema": schema} for kind, schema in schemas.items()}
    return {"requestBody": {"required": True, "content": content}}
