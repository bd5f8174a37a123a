import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.backends.model_list import CatalogueUnavailable, fetch_models, read_model, read_price
from bot.config.fields import Endpoint
from bot.domain.catalogue import Catalogue
from bot.domain.model import SD21, Model, Price, Range
from bot.request.image_request import ImageRequest
from tests.support.fake_deepinfra import FakeDeepInfra

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def fake() -> Iterator[FakeDeepInfra]:
    with FakeDeepInfra() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as open_client:
        yield open_client


async def fetched(client: httpx.AsyncClient, fake: FakeDeepInfra) -> dict[str, Model]:
    models = await fetch_models(client, Endpoint(fake.url, SecretStr("k")), now=NOW)
    return {model.name: model for model in models}


async def test_the_text_to_image_models_arrive_with_ranges_and_tariffs(
    client: httpx.AsyncClient, fake: FakeDeepInfra
) -> None:
    models = await fetched(client, fake)
    assert sorted(models) == [
        "ByteDance/Seedream-4",
        "black-forest-labs/FLUX-1-schnell",
        "stabilityai/sdxl-turbo",
        "stabilityai/stable-diffusion-2-1",
    ]
    flux = models["black-forest-labs/FLUX-1-schnell"]
    assert flux.options == {
        "num_images": Range(default=1, minimum=1, maximum=4),
        "num_inference_steps": Range(default=1, minimum=1, maximum=12),
        "width": Range(default=1024, minimum=128, maximum=1920),
        "height": Range(default=1024, minimum=128, maximum=1920),
        "seed": Range(minimum=0),
    }
    assert flux.price == Price(kind="image", micros=500, width_px=1024, height_px=1024, steps=1)
    assert flux.about == "FLUX.1 [schnell] is a 12 billion parameter rectified flow transformer."


async def test_what_the_catalogue_says_of_the_seeds_model_is_what_is_built_in(
    client: httpx.AsyncClient, fake: FakeDeepInfra
) -> None:
    sd21 = (await fetched(client, fake))["stabilityai/stable-diffusion-2-1"]
    lora = {"lora": Range()}
    assert replace(sd21, about="", options={**sd21.options, **lora}) == replace(
        SD21, about="", options={**SD21.options, **lora}
    )


async def test_a_request_is_fitted_to_what_was_fetched(
    client: httpx.AsyncClient, fake: FakeDeepInfra
) -> None:
    catalogue = Catalogue()
    catalogue.update((await fetched(client, fake)).values())
    fitted = catalogue.fit(ImageRequest(prompt="a cat"))
    assert (fitted.model, fitted.width, fitted.num_inference_steps) == (
        "stabilityai/sdxl-turbo",
        1024,
        5,
    )
    assert type(fitted.guidance_scale) is float


async def test_a_model_that_cannot_be_read_does_not_take_the_others_with_it(
    client: httpx.AsyncClient, fake: FakeDeepInfra
) -> None:
    fake.models["broken/one"] = {"model_name": "broken/one", "type": "text-to-image"}
    fake.models["gone/../one"] = {"model_name": "elsewhere", "type": "text-to-image"}
    assert len(await fetched(client, fake)) == 4


async def test_an_empty_list_is_no_catalogue(
    client: httpx.AsyncClient, fake: FakeDeepInfra
) -> None:
    fake.models.clear()
    with pytest.raises(CatalogueUnavailable, match="no text-to-image model"):
        await fetched(client, fake)


async def test_nobody_there_is_said_in_words(client: httpx.AsyncClient) -> None:
    with pytest.raises(CatalogueUnavailable, match=r"^/models/list: ConnectError$"):
        await fetch_models(client, Endpoint("http://127.0.0.1:9", None), now=NOW)


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (500, b"oh no", "^/models/list answers HTTP 500$"),
        (200, b"<html>", "^/models/list is no JSON$"),
        (200, b"[" * 100_000, "^/models/list is no JSON$"),
        (200, b'{"error": 1}', "no text-to-image model"),
        (200, b"[7, null, {}]", "no text-to-image model"),
        (200, bytes(16 * 1024 * 1024 + 1), "^/models/list is too large$"),
    ],
)
async def test_a_strange_list_is_said_in_words(status: int, body: bytes, why: str) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=body))
    async with httpx.AsyncClient(transport=transport) as client:
        with pytest.raises(CatalogueUnavailable, match=why):
            await fetch_models(client, Endpoint("https://x.example", None), now=NOW)


async def test_at_most_four_pages_are_asked_for_at_once() -> None:
    entries = [{"model_name": f"m{n}", "type": "text-to-image"} for n in range(12)]
    running, most, go = 0, 0, asyncio.Event()

    async def serve(request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        if request.url.path == "/models/list":
            return httpx.Response(200, json=entries)
        running += 1
        most = max(most, running)
        if running == 4 or request.url.path == "/models/m11":
            go.set()
        await go.wait()
        running -= 1
        return httpx.Response(200, json=a_page())

    async with httpx.AsyncClient(transport=httpx.MockTransport(serve)) as client:
        models = await fetch_models(client, Endpoint("https://x.example", None), now=NOW)
    assert (len(models), most) == (12, 4)


def a_page(**changes: Any) -> dict[str, Any]:
    return {
        "in_fields": [{"name": "prompt", "ftype": "string"}],
        "pricing": {"type": "time", "cents_per_sec": 0.05},
        **changes,
    }


def read(**changes: Any) -> Model | None:
    return read_model({"model_name": "a/b"}, a_page(**changes), NOW)


def option(name: str, **field: Any) -> Range:
    fields = [{"name": "prompt"}, {"name": name, **field}]
    model = read(in_fields=fields)
    assert model is not None
    return model.options[name]


def test_exclusive_bounds_of_whole_numbers_move_inwards() -> None:
    steps = option("num_inference_steps", exclusiveMinimum=0, exclusiveMaximum=51, default=10)
    assert steps == Range(default=10, minimum=1, maximum=50)
    both = option("num_images", minimum=1, exclusiveMinimum=1, maximum=9, exclusiveMaximum=5)
    assert both == Range(minimum=2, maximum=4)


def test_exclusive_bounds_of_other_numbers_stay_where_they_are() -> None:
    assert option("guidance_scale", exclusiveMinimum=0, maximum=20.5) == Range(
        minimum=0, maximum=20.5
    )


def test_values_take_the_type_of_their_option() -> None:
    assert option("width", allowed=["256", 512.0, "x", None, 0.5], default="512") == Range(
        default=512, allowed=(256, 512)
    )
    assert option("use_compel", default="yes") == Range()
    assert option("negative_prompt", default="", minimum=3) == Range(default="")


def test_fields_inside_other_fields_are_not_ours() -> None:
    model = read(in_fields=[{"name": "prompt"}, {"name": "width", "parent": "options"}])
    assert model is not None
    assert model.options == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"in_fields": None},
        {"in_fields": [{"name": "input"}]},
        {"in_schema": {"required": ["prompt", "image"]}},
        {"in_schema": {"required": ["prompt", "reference_ids"]}},
        {"pricing": None},
        {"pricing": {"type": "tokens", "cents_per_input_token": 1}},
    ],
)
def test_a_model_that_we_could_not_serve_is_not_offered(changes: dict[str, Any]) -> None:
    assert read(**changes) is None


def test_a_replacement_serves_from_the_day_of_the_deprecation_on() -> None:
    past, future = 1_700_000_000, 1_900_000_000
    replaced = read(deprecated=past, replaced_by="c/d")
    assert replaced is not None
    assert (replaced.deprecated_at, replaced.replaced_by) == (
        datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        "c/d",
    )
    announced = read(deprecated=future, replaced_by="c/d")
    assert announced is not None
    assert announced.deprecated_at == datetime(2030, 3, 17, 17, 46, 40, tzinfo=UTC)
    assert announced.replaced_by is None


@pytest.mark.parametrize("deprecated", [None, 0, -5, "soon", 1e30, True, []])
def test_a_deprecation_that_is_no_time_is_none(deprecated: Any) -> None:
    model = read(deprecated=deprecated, replaced_by="c/d")
    assert model is not None
    assert (model.deprecated_at, model.replaced_by) == (None, None)


@pytest.mark.parametrize(
    ("pricing", "price"),
    [
        ({"type": "time", "cents_per_sec": 0.05}, Price(kind="time", micros=500)),
        ({"type": "time", "cents_per_sec": 0}, Price(kind="time", micros=0)),
        (
            {
                "type": "image_units",
                "cents_per_image_unit": 0.00333,
                "default_width": 1024,
                "default_height": 768,
                "default_iterations": 28,
            },
            Price(kind="image", micros=34, width_px=1024, height_px=768, steps=28),
        ),
        ({"type": "image_units", "cents_per_image_unit": 4}, Price(kind="image", micros=40_000)),
        ({"type": "image_units"}, None),
        ({"type": "image_units", "cents_per_image_unit": -1}, None),
        ({"type": "image_units", "cents_per_image_unit": 1, "tiers": [{"from": 2}]}, None),
        ({"type": "time", "cents_per_sec": float("nan")}, None),
        ({"type": "output_length", "cents_per_output_sec": 1}, None),
        ([], None),
    ],
)
def test_a_tariff_is_read_or_unknown(pricing: Any, price: Price | None) -> None:
    assert read_price(pricing) == price


async def test_what_was_fetched_survives_the_way_through_the_database(
    client: httpx.AsyncClient, fake: FakeDeepInfra
) -> None:
    for model in (await fetched(client, fake)).values():
        assert Model.from_record(json.loads(json.dumps(model.to_record()))) == model
