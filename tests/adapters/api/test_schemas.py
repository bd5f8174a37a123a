"""The OpenAPI document is true: what it allows is answered, and as it says."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from adapters.api.schema.schemas import Detailed
from bot.backends.model_list import read_model
from bot.domain.model import Price, Range
from bot.request.image_request import SIDES_PX
from tests.adapters.api.fake_engine import AUTH, MODEL, Api, FakeEngine, opened
from tests.support.clock import NOON

pytestmark = pytest.mark.slow


class QuickEngine(FakeEngine):
    """Paints at most 128 px: thousands of answers are looked at."""

    async def draw(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        tiny = {"width": 128, "height": 128, "num_images": request.num_images}
        return await super().draw(request.fitted(tiny), *args, **kwargs)


EASEL = QuickEngine()
schema = schemathesis.openapi.from_asgi("/openapi.json", opened(EASEL).app)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
    ignored_auth,
]


@schema.parametrize()
@settings(
    max_examples=60,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_the_document_allows_is_answered_as_it_says(case: Any) -> None:
    case.call_and_validate(checks=CHECKS, headers=AUTH)


async def test_the_page_of_a_model_is_what_the_service_sends(here: Api) -> None:
    """The bot's own reader of the service's pages understands it."""
    listed = (await here.client.get("/models/list")).json()
    page = (await here.client.get(f"/models/{MODEL}")).json()
    Detailed.model_validate(page)
    model = read_model(listed[0], page, NOON)
    assert model is not None
    assert model.price == Price(kind="time", micros=500)
    assert model.options["width"] == Range(default=768, allowed=SIDES_PX)
    assert model.options["num_inference_steps"] == Range(default=25, minimum=1, maximum=512)
    assert set(model.options) == set(here.engine.model.options)
    assert (model.deprecated_at, model.replaced_by) == (None, None)


async def test_it_has_the_fields_of_the_recorded_page(here: Api) -> None:
    recorded = json.loads((Path(__file__).parents[2] / "support/wire/model_sd21.json").read_text())
    page = (await here.client.get(f"/models/{MODEL}")).json()
    assert page.keys() >= recorded.keys()
    names = [field["name"] for field in page["in_fields"]]
    assert names == [field["name"] for field in recorded["in_fields"]]
    assert page["in_fields"][0].keys() == recorded["in_fields"][0].keys()


async def test_an_answer_fits_the_schema_of_the_page(here: Api) -> None:
    page = (await here.client.get(f"/models/{MODEL}")).json()
    answer = (await here.infer(num_images=2)).json()
    jsonschema_rs.validate(page["out_schema"], answer)
    jsonschema_rs.validate(page["in_schema"], {"prompt": "a cat", "width": 512})


def test_the_walk_through_the_document_reached_the_engine() -> None:
    """Otherwise it would prove little; runs after it, in one process."""
    assert len(EASEL.drawn) > 50
