"""The shapes of the wire, for the OpenAPI document and for /models/{name}."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.model import Model, Price, Range
from bot.domain.pricing import MICROS_PER_CENT
from bot.request.image_request import PROMPT_MAX_CHARS
from bot.request.options import BY_NAME

# Of the API. Which Limner this is, strangers need not know.
VERSION = "1"
# The wire names no limit; this is the largest integer that its clients and SQLite keep.
WIRE_SEED_MAX = 2**63 - 1
RequestId = Annotated[str, Field(pattern="^R[A-Za-z0-9]{23}$")]


class InferenceStatus(BaseModel):
    status: str = Field(description="succeeded, queued or failed")
    runtime_ms: int = Field(ge=0, description="the device's time that this request took")
    cost: float = Field(ge=0, description="US dollars")
    tokens_generated: int
    tokens_input: int


class Inference(BaseModel):
    images: list[str] = Field(description="data URLs of PNG pictures; picture i has seed + i")
    nsfw_content_detected: list[bool | None] = Field(description="null where nobody looked")
    seed: int
    request_id: RequestId
    inference_status: InferenceStatus


class OpenAIPicture(BaseModel):
    b64_json: str
    revised_prompt: str | None
    url: str | None


class OpenAIPictures(BaseModel):
    created: int
    data: list[OpenAIPicture]


class NativeWords(BaseModel):
    error: str


class NativeProblem(BaseModel):
    loc: list[str | int]
    msg: str
    type: str


class NativeRefusal(BaseModel):
    detail: NativeWords | list[NativeProblem]


class OpenAIWords(BaseModel):
    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIRefusal(BaseModel):
    error: OpenAIWords
    detail: NativeWords


class Tariff(BaseModel):
    type: str = Field(description="time")
    cents_per_sec: float


class Listed(BaseModel):
    model_config = ConfigDict(protected_namespaces=())

    model_name: str
    type: str
    reported_type: str
    description: str
    tags: list[str]
    pricing: Tariff
    deprecated: int | None
    replaced_by: str | None


class InField(BaseModel):
    name: str
    parent: str | None
    ftype: str
    description: str
    allowed: list[Any] | None
    examples: list[Any] | None
    default: Any
    minimum: float | None
    maximum: float | None
    exclusiveMinimum: float | None  # noqa: N815  (the wire's)
    exclusiveMaximum: float | None  # noqa: N815


class Detailed(Listed):
    version: str
    featured: bool
    public: bool
    in_fields: list[InField]
    in_schema: dict[str, Any]
    out_schema: dict[str, Any]


class OpenAIModel(BaseModel):
    id: str
    object: str
    created: int
    owned_by: str


class OpenAIModels(BaseModel):
    object: str
    data: list[OpenAIModel]


class CostsWanted(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    request_ids: list[Annotated[str, Field(max_length=100)]] = Field(
        alias="requestIds", max_length=1_000
    )


class Cost(BaseModel):
    requestId: str  # noqa: N815  (the wire's)
    costNanoUsd: int  # noqa: N815


class CostsFound(BaseModel):
    requests: list[Cost]


class RateLimit(BaseModel):
    rate_limit: int


class Health(BaseModel):
    model_config = ConfigDict(extra="allow")

    ok: bool
    server: str = Field(description="limner")
    progress: str = Field(description="what to name in Accept for progress")


def listed(model: Model) -> Listed:
    return Listed(
        model_name=model.name,
        type="text-to-image",
        reported_type="text-to-image",
        description=model.about,
        tags=[],
        pricing=tariff(model.price),
        deprecated=int(model.deprecated_at.timestamp()) if model.deprecated_at else None,
        replaced_by=model.replaced_by,
    )


def detailed(model: Model) -> Detailed:
    return Detailed(
        **listed(model).model_dump(),
        version=VERSION,
        featured=False,
        public=True,
        in_fields=list(in_fields(model)),
        in_schema=in_schema(model),
        out_schema=Inference.model_json_schema(),
    )


def tariff(price: Price) -> Tariff:
    micros = price.micros if price.kind == "time" else 0
    return Tariff(type="time", cents_per_sec=micros / MICROS_PER_CENT)


def in_fields(model: Model) -> Iterator[InField]:
    yield _in_field("prompt", Range())
    for name, takes in model.options.items():
        yield _in_field(name, takes)
    yield _in_field("webhook", Range())


def in_schema(model: Model) -> dict[str, Any]:
    """What a JSON body may hold. Numbers may come as text; fields unknown here are ignored."""
    properties = {"prompt": _property("prompt", Range())}
    properties |= {name: _property(name, takes) for name, takes in model.options.items()}
    properties["webhook"] = {
        "type": "string",
        "description": BY_NAME["webhook"].help,
        "examples": ["https://example.org/done"],
        "pattern": "^https?://",
    }
    return {"type": "object", "properties": properties, "required": ["prompt"]}


_FTYPES = {str: "string", int: "integer", float: "number", bool: "boolean", bytes: "file"}


def _in_field(name: str, takes: Range) -> InField:
    return InField(
        name=name,
        parent=None,
        ftype=_FTYPES[BY_NAME[name].type],
        description=BY_NAME[name].help,
        allowed=list(takes.allowed) or None,
        examples=None,
        default=takes.default,
        minimum=takes.minimum,
        maximum=takes.maximum,
        exclusiveMinimum=None,
        exclusiveMaximum=None,
    )


def _property(name: str, takes: Range) -> dict[str, Any]:
    option = BY_NAME[name]
    kind = "string" if option.type is bytes else _FTYPES[option.type]
    found: dict[str, Any] = {"type": kind, "description": option.help}
    if takes.allowed:
        found["enum"] = list(takes.allowed)
    if takes.default is not None:
        found["default"] = takes.default
    if takes.minimum is not None:
        found["minimum"] = takes.minimum
    if takes.maximum is not None:
        found["maximum"] = takes.maximum
    if name == "seed":
        found["maximum"] = WIRE_SEED_MAX
    if name == "prompt":
        found |= {"minLength": 1, "maxLength": PROMPT_MAX_CHARS, "examples": ["a cat"]}
    if name == "negative_prompt":
        found["maxLength"] = PROMPT_MAX_CHARS
    if name == "image":
        found |= {"format": "data-url", "pattern": "^data:image/(png|jpeg|webp);base64,"}
    return found
