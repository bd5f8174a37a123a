import pytest

from bot.domain.model import SD21, SDXL_TURBO, Model, Price, Range
from bot.domain.pricing import charged_micros, upper_cost
from bot.request.image_request import ImageRequest


def asks(**values: object) -> ImageRequest:
    return ImageRequest(prompt="a cat").fitted(values)


def flux(price: Price, *options: str) -> Model:
    return Model(name="f", options={name: Range() for name in options}, price=price)


ALL = ("width", "height", "num_inference_steps", "num_images")
SCHNELL = flux(Price(kind="image", micros=500, width_px=1024, height_px=1024, steps=1), *ALL)
DEV = flux(Price(kind="image", micros=9_000, width_px=1024, height_px=1024, steps=25), *ALL)
FLAT = flux(Price(kind="image", micros=40_000, width_px=1024, height_px=1024, steps=25))


@pytest.mark.parametrize(
    ("model", "request_", "micros"),
    [
        (SCHNELL, asks(width=1024, height=1024, num_inference_steps=1), 500),
        (SCHNELL, asks(width=1024, height=1024, num_inference_steps=4), 2_000),
        (DEV, asks(width=512, height=512, num_inference_steps=25), 2_250),
        (DEV, asks(width=768, height=768, num_inference_steps=28), 5_670),
        (SDXL_TURBO, asks(width=1024, height=1024, num_inference_steps=5), 200),
        (SDXL_TURBO, asks(width=1024, height=1024, num_inference_steps=10, num_images=4), 1_600),
    ],
)
def test_a_picture_costs_in_proportion_to_area_steps_and_count(
    model: Model, request_: ImageRequest, micros: int
) -> None:
    assert upper_cost(model, request_) == micros


def test_a_fraction_of_a_micro_dollar_is_rounded_up_once() -> None:
    # 200 * 128² / 1024² * 1 / 5 = 0.625, four times 2.5
    tiny = asks(width=128, height=128, num_inference_steps=1)
    assert upper_cost(SDXL_TURBO, tiny) == 1
    assert upper_cost(SDXL_TURBO, tiny.fitted({"num_images": 4})) == 3


def test_what_a_model_does_not_take_does_not_change_its_price() -> None:
    assert upper_cost(FLAT, asks(width=128, height=128, num_inference_steps=512)) == 40_000
    assert upper_cost(FLAT, asks(num_images=3)) == 120_000


def test_a_tariff_without_a_size_or_steps_is_a_price_for_each_picture() -> None:
    plain = flux(Price(kind="image", micros=700), *ALL)
    assert upper_cost(plain, asks(width=1024, num_inference_steps=50, num_images=2)) == 1_400


def test_time_is_estimated_above_what_a_slow_card_needs() -> None:
    # 1 s and 0.2 s for each step of a megapixel: 25 * 0.589824 * 0.2 = 2.9492 s
    assert upper_cost(SD21, asks()) == 1_975
    assert upper_cost(SD21, asks(width=1024, height=1024, num_images=4)) == 10_986


def test_time_without_steps_counts_as_fifty() -> None:
    slow = flux(Price(kind="time", micros=1_000), "width", "height")
    assert upper_cost(slow, asks(width=1024, height=1024, num_inference_steps=1)) == 11_486


def test_free_is_zero() -> None:
    assert upper_cost(flux(Price(kind="free"), *ALL), asks(num_images=4)) == 0


@pytest.mark.parametrize(
    ("cost", "micros"),
    [
        (0.0, 0),
        (0.000114, 114),
        (0.00011399999493733048, 114),  # 0.000114 as a float of 32 bits
        (0.0005000000237487257, 500),  # 0.0005 likewise
        ("0.0000001", 1),
        (1e-07, 1),
        (0.0001141, 115),
        (12.345678, 12_345_678),
        (3, 3_000_000),
    ],
)
def test_a_charge_becomes_whole_micro_dollars(cost: float | str, micros: int) -> None:
    assert charged_micros(cost) == micros


@pytest.mark.parametrize("cost", [-0.01, float("nan"), float("inf"), "free", ""])
def test_a_charge_that_is_no_amount_is_refused(cost: float | str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        charged_micros(cost)
