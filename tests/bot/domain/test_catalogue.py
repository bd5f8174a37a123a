import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.model import BUILT_IN, SD21, SDXL_TURBO, SKETCH_MODELS, Model, Price, Range
from bot.domain.pricing import default_picture_micros
from bot.errors import BadRequest, NotAllowed, NotFound, Problem
from bot.request.image_request import ImageRequest

TURBO = "stabilityai/sdxl-turbo"
SEED_PAGE_SIDES = (128, 256, 384, 448, 512, 576, 640, 704, 768, 832, 896, 960, 1024)
FLUX = Model(
    name="black-forest-labs/FLUX-1-schnell",
    options={
        "num_images": Range(default=1, minimum=1, maximum=2),
        "num_inference_steps": Range(default=1, minimum=1, maximum=12),
        "width": Range(default=1024, minimum=256, maximum=1440),
        "height": Range(default=1024, minimum=256, maximum=1440),
        "seed": Range(),
    },
    price=Price(kind="image", micros=500, width_px=1024, height_px=1024, steps=1),
)
DEAR = Model(
    name="ByteDance/Seedream-4",
    options={"width": Range(), "height": Range()},
    price=Price(kind="image", micros=40_000),
)


def asks(**values: Any) -> ImageRequest:
    return ImageRequest(prompt="a cat", **values)


def problems_of(catalogue: Catalogue, request: ImageRequest) -> tuple[Problem, ...]:
    with pytest.raises(BadRequest) as caught:
        catalogue.fit(request)
    return caught.value.problems


def own_server(**values: Any) -> Catalogue:
    """A server that draws what it is asked for, as the sketch backend does."""
    return Catalogue(follow_replacements=False, **values)


def test_the_default_model_takes_what_the_seed_page_says() -> None:
    assert SD21.options == {
        "negative_prompt": Range(default=""),
        "image": Range(),
        "num_images": Range(default=1, minimum=1, maximum=4),
        "num_inference_steps": Range(default=25, minimum=1, maximum=512),
        "guidance_scale": Range(default=7.5, minimum=1, maximum=20),
        "strength": Range(default=0.8, minimum=0, maximum=1),
        "width": Range(default=768, allowed=SEED_PAGE_SIDES),
        "height": Range(default=768, allowed=SEED_PAGE_SIDES),
        "seed": Range(minimum=0),
        "use_compel": Range(default=False),
        "lora": Range(default=""),
    }


def test_what_was_left_open_takes_the_serving_models_defaults() -> None:
    fitted = Catalogue().fit(asks(width=512))
    assert fitted.model == TURBO
    assert (fitted.num_inference_steps, fitted.guidance_scale) == (5, 1.0)
    assert (fitted.width, fitted.height) == (512, 768)


def test_what_was_left_open_stays_known_as_left_open() -> None:
    fitted = Catalogue().fit(asks(width=512))
    assert fitted.given("width")
    assert not fitted.given("num_inference_steps")
    assert not fitted.given("model")


def test_fitting_again_changes_nothing() -> None:
    catalogue = Catalogue(allowed=(FLUX.name,))
    once = catalogue.fit(asks(width=512))
    assert catalogue.fit(once) == once


def test_where_no_replacement_is_followed_the_asked_model_draws_with_its_own_defaults() -> None:
    fitted = own_server().fit(asks())
    assert fitted.model == "stabilityai/stable-diffusion-2-1"
    assert (fitted.num_inference_steps, fitted.guidance_scale) == (25, 7.5)


def test_explicit_options_out_of_range_are_refused_with_the_range() -> None:
    request = asks(num_inference_steps=25, guidance_scale=7.5)
    bounds = {"minimum": 1, "maximum": 10}
    assert problems_of(Catalogue(), request) == (
        Problem("num_inference_steps", "out_of_range", {**bounds, "got": 25, "whole": True}),
    )


def test_an_explicit_value_that_is_not_listed_is_refused_with_the_nearest() -> None:
    square = replace(FLUX, options={**FLUX.options, "width": Range(allowed=(512, 1024))})
    catalogue = Catalogue((square,), default=square.name)
    assert problems_of(catalogue, asks(width=960)) == (
        Problem("width", "not_listed", {"choices": [512, 1024], "nearest": 1024, "got": 960}),
    )


def test_an_explicit_option_that_the_model_does_not_know_is_refused() -> None:
    catalogue = Catalogue((FLUX,), default=FLUX.name)
    problems = problems_of(catalogue, asks(guidance_scale=5.0, lora="watercolour", num_images=2))
    assert problems == (
        Problem("guidance_scale", "not_an_option", {"model": FLUX.name}),
        Problem("lora", "not_an_option", {"model": FLUX.name}),
    )


def test_asking_for_nothing_is_no_mistake() -> None:
    catalogue = Catalogue((DEAR,), default=DEAR.name)
    fitted = catalogue.fit(
        asks(negative_prompt="", image=None, num_images=1, use_compel=False, lora="", seed=7)
    )
    assert fitted.seed == 7


def test_an_option_that_the_model_does_not_know_stays_as_it_is_and_is_not_sent() -> None:
    catalogue = Catalogue((FLUX,), default=FLUX.name)
    assert catalogue.fit(asks()).guidance_scale == 7.5
    assert catalogue.takes(FLUX.name) == {
        *("prompt", "seed", "num_images", "num_inference_steps", "width", "height")
    }


def test_the_webhook_is_never_sent() -> None:
    assert "webhook" not in own_server().takes("")


def test_the_number_of_pictures_is_bounded_by_the_model() -> None:
    catalogue = Catalogue((FLUX, DEAR), default=FLUX.name, max_picture_micros=None)
    bounds = {"minimum": 1, "maximum": 2}
    assert problems_of(catalogue, asks(num_images=4)) == (
        Problem("num_images", "out_of_range", {**bounds, "got": 4, "whole": True}),
    )
    assert problems_of(catalogue, asks(num_images=2, model=DEAR.name)) == (
        Problem("num_images", "not_an_option", {"model": DEAR.name}),
    )


@pytest.mark.parametrize(
    ("range_", "width"),
    [
        (Range(minimum=1024, maximum=2048), 1024),
        (Range(maximum=512.0), 512),
        (Range(allowed=(256, 640)), 640),
        (Range(minimum=256), 768),
    ],
)
def test_without_a_stated_default_an_open_option_goes_to_the_nearest_that_will_do(
    range_: Range, width: int
) -> None:
    model = replace(FLUX, options={"width": range_})
    fitted = Catalogue((model,), default=model.name).fit(asks())
    assert fitted.width == width
    assert isinstance(fitted.width, int)


def test_people_may_leave_out_the_organisation_and_the_capitals() -> None:
    catalogue = Catalogue((*BUILT_IN, FLUX))
    assert catalogue.model("flux-1-schnell") is FLUX
    assert catalogue.model("Stabilityai/SDXL-turbo") is SDXL_TURBO
    assert catalogue.model("") is SD21


def test_a_short_name_that_two_models_share_names_neither() -> None:
    catalogue = Catalogue((FLUX, replace(FLUX, name="someone/FLUX-1-schnell")), default=FLUX.name)
    with pytest.raises(NotFound):
        catalogue.model("flux-1-schnell")


def test_an_unknown_model_is_refused_beside_its_option_with_the_nearest() -> None:
    catalogue = Catalogue((*BUILT_IN, FLUX))
    with pytest.raises(NotFound) as caught:
        catalogue.model("flx-schnell")
    assert (caught.value.what, caught.value.name) == ("model", "flx-schnell")
    (problem,) = problems_of(catalogue, asks(model="flx-schnell"))
    assert (problem.option, problem.code) == ("model", "not_listed")
    assert problem.data["nearest"] == FLUX.name
    assert problem.data["choices"] == [SD21.name, FLUX.name, TURBO]


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("flux-1-schenll", FLUX.name),  # letters that changed places
        ("schnell", FLUX.name),  # a part of its name
        ("sdxl-trubo", TURBO),
        ("ab", None),
        ("", None),
        ("something-else", None),
    ],
)
def test_a_mistyped_model_is_recognised_and_a_strange_one_is_not(
    typed: str, near: str | None
) -> None:
    catalogue = Catalogue((*BUILT_IN, FLUX), default="gone/away")
    (problem,) = problems_of(catalogue, asks(model=typed))
    assert problem.data["nearest"] == near


def test_a_replaced_model_is_offered_with_what_its_replacement_takes_and_costs() -> None:
    offered = Catalogue().allowed()[0]
    assert (offered.name, offered.replaced_by) == (SD21.name, TURBO)
    assert offered.options["num_inference_steps"] == Range(default=5, minimum=1, maximum=10)
    assert offered.price == Price(kind="image", micros=200, width_px=1024, height_px=1024, steps=5)


def test_a_server_that_draws_what_it_is_asked_for_offers_its_own_ranges() -> None:
    assert own_server().allowed()[0] == SD21


def test_replacements_that_run_in_a_circle_end() -> None:
    here, there = replace(SD21, replaced_by=TURBO), replace(SDXL_TURBO, replaced_by=SD21.name)
    assert Catalogue((here, there)).serving("") is there


def test_a_replacement_that_nobody_knows_is_not_followed() -> None:
    assert Catalogue((SD21,)).serving("") is SD21


def test_a_dearer_replacement_waits_for_the_owners_word() -> None:
    dear_turbo = replace(SDXL_TURBO, price=Price(kind="image", micros=4_000))
    with pytest.raises(NotAllowed) as caught:
        Catalogue((SD21, dear_turbo)).fit(asks())
    assert caught.value.why == "replacement_costs_more"
    assert Catalogue((SD21, dear_turbo), accepted=[TURBO]).fit(asks()).model == TURBO
    assert Catalogue((SD21, dear_turbo)).fit(asks(model=TURBO)).model == TURBO


def test_members_get_what_is_cheap_enough_when_nothing_is_named() -> None:
    catalogue = Catalogue((*BUILT_IN, FLUX, DEAR))
    assert [model.name for model in catalogue.allowed()] == [SD21.name, FLUX.name, TURBO]
    with pytest.raises(NotAllowed) as caught:
        catalogue.fit(asks(model=DEAR.name))
    assert caught.value.why == "model_not_allowed"


def test_members_get_the_named_models_and_always_the_default_with_its_replacement() -> None:
    catalogue = Catalogue((*BUILT_IN, FLUX, DEAR), allowed=(DEAR.name,), max_picture_micros=None)
    assert [model.name for model in catalogue.allowed()] == [SD21.name, DEAR.name, TURBO]
    with pytest.raises(NotAllowed):
        catalogue.fit(asks(model=FLUX.name))


def test_the_price_limit_holds_for_named_models_too() -> None:
    catalogue = Catalogue((*BUILT_IN, DEAR), allowed=(DEAR.name,))
    assert [model.name for model in catalogue.allowed()] == [SD21.name, TURBO]


def test_a_replaced_model_is_not_listed_unless_it_was_named() -> None:
    old = replace(FLUX, name="black-forest-labs/FLUX-0", replaced_by=FLUX.name)
    listed = [model.name for model in Catalogue((*BUILT_IN, FLUX, old)).allowed()]
    assert old.name not in listed
    named = Catalogue((*BUILT_IN, FLUX, old), allowed=(old.name,))
    assert [model.name for model in named.allowed()] == [SD21.name, old.name, FLUX.name, TURBO]
    assert named.fit(asks(model=old.name)).model == FLUX.name


def test_the_owners_default_model_may_cost_more_than_the_limit() -> None:
    catalogue = Catalogue((DEAR,), default=DEAR.name)
    assert catalogue.fit(asks()).model == DEAR.name


def test_more_steps_and_pixels_do_not_get_around_the_price_limit() -> None:
    catalogue = Catalogue((FLUX,), default=FLUX.name, max_picture_micros=2_000)
    assert catalogue.fit(asks(num_inference_steps=4, num_images=2)).num_inference_steps == 4
    assert problems_of(catalogue, asks(num_inference_steps=8)) == (
        Problem("", "picture_too_dear", {"micros": 4_000, "limit_micros": 2_000}),
    )


def test_the_sketch_takes_all_that_the_seed_page_allows_for_nothing() -> None:
    catalogue = Catalogue(SKETCH_MODELS)
    request = asks(num_inference_steps=512, width=1024, height=1024, num_images=4)
    assert catalogue.fit(request).model == "stabilityai/stable-diffusion-2-1"
    assert [default_picture_micros(model) for model in catalogue.allowed()] == [0]


def test_defaults_are_the_models_own_and_old_cards_still_have_some() -> None:
    catalogue = Catalogue()
    assert catalogue.defaults(TURBO)["num_inference_steps"] == 5
    assert catalogue.defaults("")["num_inference_steps"] == 25
    assert catalogue.defaults("gone/model")["guidance_scale"] == 7.5


def test_what_is_learned_replaces_what_was_known_and_leaves_the_rest() -> None:
    catalogue = Catalogue()
    catalogue.update([replace(SDXL_TURBO, about="newer"), FLUX])
    assert catalogue.model(TURBO).about == "newer"
    assert catalogue.model("") is SD21


@pytest.mark.parametrize("model", [SD21, SDXL_TURBO, FLUX, DEAR])
def test_a_model_survives_the_way_through_json(model: Model) -> None:
    assert Model.from_record(json.loads(json.dumps(model.to_record()))) == model


def test_the_built_in_model_knows_when_it_was_deprecated() -> None:
    assert SD21.deprecated_at == datetime(2024, 9, 27, tzinfo=UTC)
    assert SD21.replaced_by == "stabilityai/sdxl-turbo"
