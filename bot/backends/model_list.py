"""Asking the service which models it has: ranges, defaults, tariffs, what replaces what.

GET /models/list names them, GET /models/{name} has the fields. A model is left out if its price
can't be computed here or if it requires a field other than the prompt.
"""

import asyncio
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any
from urllib.parse import quote

import httpx

from bot.backends.bounded_body import UNPACKED, BadBody, in_thread, receive_bytes
from bot.backends.inference_call import authorization
from bot.config.fields import Endpoint
from bot.domain.model import Model, Price, Range
from bot.domain.pricing import MICROS_PER_CENT
from bot.errors import BackendKeyRefused
from bot.request.image_request import NAME_MAX_CHARS, ImageRequest
from bot.text import one_line

LIST_MAX_BYTES = 16 * 1024 * 1024
DETAILS_MAX_BYTES = 1024 * 1024
MODELS_MAX = 200
REQUESTS_AT_ONCE = 4
TIMEOUT_S = 15.0
# For all requests together, because the bot's start may wait for them.
TOTAL_TIMEOUT_S = 120.0
ABOUT_MAX_CHARS = 200
# Of an option's listed values, as many are read.
CHOICES_MAX = 100

log = logging.getLogger(__name__)


class CatalogueUnavailable(Exception):
    """The catalogue can't be read now, and why; callers keep what they know of it."""


async def fetch_models(
    client: httpx.AsyncClient, endpoint: Endpoint, *, now: datetime
) -> tuple[Model, ...]:
    """The text-to-image models of the service at `endpoint`. Raises CatalogueUnavailable.

    A single model that can't be read is left out.
    """
    try:
        async with asyncio.timeout(TOTAL_TIMEOUT_S):
            listed = await _get(client, endpoint, "/models/list", LIST_MAX_BYTES)
            entries = tuple(_drawing(listed))[:MODELS_MAX]
            models = await _each_with_details(client, endpoint, entries, now)
    except TimeoutError as error:
        raise CatalogueUnavailable("the model list took too long") from error
    if not models:
        raise CatalogueUnavailable("the model list has no text-to-image model that can be read")
    return models


def read_model(entry: Mapping[str, Any], details: Mapping[str, Any], now: datetime) -> Model | None:
    """A model from its entry in the list and its own page; None if it can't be offered.

    For a deprecation that lies ahead only its time is kept: the replacement serves from then on.
    """
    name = entry.get("model_name")
    price = read_price(details.get("pricing") or entry.get("pricing"))
    fields = {str(field["name"]): field for field in _top_fields(details.get("in_fields"))}
    if not isinstance(name, str) or not 0 < len(name) <= NAME_MAX_CHARS or price is None:
        return None
    if "prompt" not in fields or _required(details.get("in_schema")) - {"prompt"}:
        return None
    deprecated_at = _moment(details.get("deprecated") or entry.get("deprecated"))
    replaced_by = details.get("replaced_by") or entry.get("replaced_by")
    if not isinstance(replaced_by, str) or deprecated_at is None or deprecated_at > now:
        replaced_by = None
    return Model(
        name=name,
        options={known: _range(known, fields[known]) for known in _KINDS if known in fields},
        price=price,
        about=_about(details.get("description") or entry.get("description")),
        deprecated_at=deprecated_at,
        replaced_by=replaced_by,
    )


def read_price(pricing: Any) -> Price | None:
    """The tariff, None if it is of a kind that can't be computed here."""
    if not isinstance(pricing, Mapping) or any(
        # Lists are tiers and the like: prices that depend on what is unknown here.
        isinstance(value, list | Mapping) and value
        for value in pricing.values()
    ):
        return None
    if pricing.get("type") == "time":
        micros = _micros(pricing.get("cents_per_sec"))
        return None if micros is None else Price(kind="time", micros=micros)
    if pricing.get("type") == "image_units":
        micros = _micros(pricing.get("cents_per_image_unit"))
        sizes = {
            "width_px": _count(pricing.get("default_width")),
            "height_px": _count(pricing.get("default_height")),
            "steps": _count(pricing.get("default_iterations")),
        }
        return None if micros is None else Price(kind="image", micros=micros, **sizes)
    return None


# The fields of a request that may go to a model, with the types of their values.
_KINDS: Mapping[str, type] = {
    "negative_prompt": str,
    "image": bytes,
    "num_images": int,
    "num_inference_steps": int,
    "guidance_scale": float,
    "strength": float,
    "width": int,
    "height": int,
    "seed": int,
    "use_compel": bool,
    "lora": str,
}
assert _KINDS.keys() == ImageRequest.model_fields.keys() - {"prompt", "webhook", "model"}


async def _each_with_details(
    client: httpx.AsyncClient,
    endpoint: Endpoint,
    entries: Sequence[Mapping[str, Any]],
    now: datetime,
) -> tuple[Model, ...]:
    places = asyncio.Semaphore(REQUESTS_AT_ONCE)

    async def one(entry: Mapping[str, Any]) -> Model | None:
        path = f"/models/{quote(entry['model_name'], safe='/')}"
        try:
            async with places:
                details = await _get(client, endpoint, path, DETAILS_MAX_BYTES)
        except CatalogueUnavailable as error:
            log.warning("left out of the catalogue: %s (%s)", entry["model_name"], error)
            return None
        return read_model(entry, details, now) if isinstance(details, Mapping) else None

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(entry)) for entry in entries]
    return tuple(model for task in tasks if (model := task.result()))


async def _get(client: httpx.AsyncClient, endpoint: Endpoint, path: str, limit_bytes: int) -> Any:
    try:
        async with client.stream(
            "GET",
            endpoint.url + path,
            headers={**UNPACKED, **authorization(endpoint)},
            timeout=TIMEOUT_S,
            follow_redirects=False,
        ) as response:
            if not response.is_success:
                raise CatalogueUnavailable(f"{path} answers HTTP {response.status_code}")
            data = await receive_bytes(response, limit_bytes)
        return await in_thread(json.loads, data)
    except BadBody as error:
        raise CatalogueUnavailable(f"{path} is {error}") from error
    except BackendKeyRefused as error:
        raise CatalogueUnavailable(error.detail) from error
    except (ValueError, RecursionError) as error:
        raise CatalogueUnavailable(f"{path} is no JSON") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CatalogueUnavailable(f"{path}: {type(error).__name__}") from error


def _drawing(listed: Any) -> Iterable[Mapping[str, Any]]:
    for entry in listed if isinstance(listed, list) else ():
        if (
            isinstance(entry, Mapping)
            and entry.get("type") == "text-to-image"
            and isinstance(entry.get("model_name"), str)
        ):
            yield entry


def _top_fields(in_fields: Any) -> Iterable[Mapping[str, Any]]:
    """The fields of the body itself, without those nested inside another one."""
    for field in in_fields if isinstance(in_fields, list) else ():
        if isinstance(field, Mapping) and "name" in field and not field.get("parent"):
            yield field


def _required(in_schema: Any) -> set[str]:
    required = in_schema.get("required") if isinstance(in_schema, Mapping) else None
    return {str(name) for name in required} if isinstance(required, list) else set()


def _range(name: str, field: Mapping[str, Any]) -> Range:
    kind = _KINDS[name]
    allowed = field.get("allowed")
    listed = allowed[:CHOICES_MAX] if isinstance(allowed, list) else ()
    choices = (_typed(kind, each) for each in listed)
    return Range(
        default=_typed(kind, field.get("default")),
        minimum=_bound(kind, field.get("minimum"), field.get("exclusiveMinimum"), +1),
        maximum=_bound(kind, field.get("maximum"), field.get("exclusiveMaximum"), -1),
        allowed=tuple(choice for choice in choices if choice is not None),
    )


def _typed(kind: type, value: Any) -> Any:
    """`value` as `kind`, None where it isn't one."""
    if kind in (int, float):
        number = _number(value)
        return None if number is None or (kind is int and number % 1) else kind(number)
    return value if kind in (str, bool) and isinstance(value, kind) else None


def _bound(kind: type, inclusive: Any, exclusive: Any, inwards: int) -> float | None:
    """The outermost value allowed. An exclusive bound of a float is returned as it is."""
    if kind not in (int, float):
        return None
    bounds = []
    if (number := _number(inclusive)) is not None:
        bounds.append(number)
    if (number := _number(exclusive)) is not None:
        bounds.append(number + inwards if kind is int and not number % 1 else number)
    if not bounds:
        return None
    found = max(bounds) if inwards > 0 else min(bounds)
    return int(found) if not found % 1 else float(found)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() and abs(number) < 2**64 else None


def _micros(cents: Any) -> int | None:
    number = _number(cents)
    if number is None or number < 0:
        return None
    return int((number * MICROS_PER_CENT).to_integral_value(ROUND_CEILING))


def _count(value: Any) -> int:
    number = _number(value)
    return int(number) if number is not None and number > 0 else 0


def _moment(value: Any) -> datetime | None:
    number = _number(value)
    if not number or number < 0:
        return None
    try:
        return datetime.fromtimestamp(float(number), UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _about(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return one_line(value[: 2 * ABOUT_MAX_CHARS], ABOUT_MAX_CHARS)
