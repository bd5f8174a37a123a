"""`limner doctor` tries the inference API: addresses, keys, and the model."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from http import HTTPStatus

import httpx

from bot.backends.model_list import CatalogueUnavailable, fetch_models
from bot.cli.finding import Finding, bad, good, note
from bot.config.fields import Endpoint, is_deepinfra
from bot.config.settings import Settings
from bot.domain.catalogue import Catalogue
from bot.domain.model import Model
from bot.domain.pricing import default_picture_micros
from bot.errors import NotFound
from bot.wording import money

KEY_TIMEOUT_S = 10.0
CATALOGUE_TIMEOUT_S = 45.0
# A request that costs nothing and needs a valid key.
KEY_PATH = "/v1/me/rate_limit"

SCOPED_KEY = (
    "A scoped key with spending_limit and models (POST /v1/scoped-jwt) bounds what can be lost "
    "with it; use one instead of the account's own."
)


async def examine_api(
    settings: Settings, http: httpx.AsyncClient, now: datetime
) -> AsyncIterator[Finding]:
    for endpoint in settings.endpoints:
        yield await _key(endpoint, http)
    if settings.deepinfra_token or any(is_deepinfra(e.url) and e.key for e in settings.endpoints):
        yield good("Key: whoever has DeepInfra's may spend what it allows.", SCOPED_KEY)
    yield await _model(settings, http, now)


async def _key(endpoint: Endpoint, http: httpx.AsyncClient) -> Finding:
    status = await _status(endpoint, http)
    what = f"Pictures: {endpoint.url}"
    if isinstance(status, str):
        return bad(f"{what} can't be reached ({status}).", "Check the address and the network.")
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        key = "refuses the key" if endpoint.key else "wants a key"
        where = "DEEPINFRA_TOKEN" if is_deepinfra(endpoint.url) else "API_KEYS"
        return bad(f"{what} {key}.", f"Put a valid one into {where}.")
    if status == HTTPStatus.PAYMENT_REQUIRED:
        return bad(f"{what} wants money.", "Add to the balance of the account.")
    if status == HTTPStatus.OK:
        return good(f"{what}, the key is good.")
    return note(f"{what} answers; whether the key is good can't be tried ({status}).")


async def _status(endpoint: Endpoint, http: httpx.AsyncClient) -> int | str:
    """The HTTP status of the answer, or why there was none."""
    headers = {}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key.get_secret_value()}"
    try:
        async with (
            asyncio.timeout(KEY_TIMEOUT_S),
            http.stream(
                "GET", endpoint.url + KEY_PATH, headers=headers, follow_redirects=False
            ) as answer,
        ):
            return answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        return type(error).__name__


async def _model(settings: Settings, http: httpx.AsyncClient, now: datetime) -> Finding:
    try:
        async with asyncio.timeout(CATALOGUE_TIMEOUT_S):
            models = await fetch_models(http, settings.endpoints[0], now=now)
    except (CatalogueUnavailable, TimeoutError) as error:
        why = str(error) or "no answer in time"
        return note(
            f"Model: {settings.model}; whether it is live can't be tried ({why}).",
            "What was learned before stays in use.",
        )
    catalogue = Catalogue(
        models,
        default=settings.model,
        allowed=settings.models_allowed,
        accepted=settings.models_accepted,
        max_picture_micros=settings.max_picture_micros,
    )
    return _judged(settings, catalogue)


def _judged(settings: Settings, catalogue: Catalogue) -> Finding:
    live = _cheapest_live(catalogue)
    advice = f"Set MODEL={live.name} ({_price(live)})." if live else ""
    try:
        asked, serving = catalogue.model(settings.model), catalogue.serving(settings.model)
    except NotFound:
        return bad(f"Model: {settings.model} is unknown there.", advice or "Set MODEL.")
    if serving is asked and asked.deprecated_at is None:
        return good(f"Model: {asked.name}, {_price(asked)}.")
    if serving is asked:
        return note(f"Model: {asked.name} is deprecated ({asked.deprecated_at:%Y-%m-%d}).", advice)
    text = f"Model: {asked.name} is retired; {serving.name} draws in its place ({_price(serving)})"
    dearer = default_picture_micros(serving) > default_picture_micros(asked)
    if dearer and serving.name not in settings.models_accepted:
        return bad(
            f"{text}, which costs more than {_price(asked)}.",
            f"Set MODELS_ACCEPTED={serving.name} if that is fine, or MODEL to another one.",
        )
    return note(f"{text}.", advice)


def _cheapest_live(catalogue: Catalogue) -> Model | None:
    live = [m for m in catalogue.allowed() if not m.deprecated_at and not m.replaced_by]
    return min(live, key=default_picture_micros, default=None)


def _price(model: Model) -> str:
    return f"{money(default_picture_micros(model))} a picture"
