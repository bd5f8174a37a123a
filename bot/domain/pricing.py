"""What a request costs at most, before the call; integers of micro-dollars all the way.

Source: DeepInfra's price formula for "image_units" (cents, area ratio, iteration ratio, multiplied)
and the tariff of "time" models, a price for each second that the service computes.
"""

from decimal import ROUND_CEILING, Decimal, InvalidOperation

from bot.domain.model import Model
from bot.request.image_request import ImageRequest

MICROS_PER_DOLLAR = 1_000_000
MICROS_PER_CENT = 10_000
# "time" models: an upper estimate of what the service computes. The documented sample, 25 steps,
# took 0.228 s; a slower card needs about 0.1 s for a step of one megapixel, so this is twice that.
BASE_MS = 1_000
STEP_MEGAPIXEL_MS = 200
STEPS_IF_UNKNOWN = 50
# Costs arrive as floats of 32 bits: each stands for any amount within half a unit of its last bit.
_FLOAT32_NOISE = Decimal(2) ** -24


def upper_cost(model: Model, request: ImageRequest) -> int:
    """The most that `model` will charge for `request`, which is fitted to it.

    Whether the number of pictures multiplies is not documented, so it does here.
    """
    price = model.price
    if price.kind == "free":
        return 0
    if price.kind == "time":
        return _ceil_div(price.micros * _computed_ms(model, request), 1_000)
    units, per = request.num_images, 1
    if price.width_px and price.height_px and {"width", "height"} <= model.options.keys():
        units, per = units * request.width * request.height, per * price.width_px * price.height_px
    if price.steps and "num_inference_steps" in model.options:
        units, per = units * request.num_inference_steps, per * price.steps
    return _ceil_div(price.micros * units, per)


def default_picture_micros(model: Model) -> int:
    """The upper cost of one picture of which only the prompt was given."""
    picture = ImageRequest(prompt="-").fitted({**model.defaults(), "num_images": 1})
    return upper_cost(model, picture)


def charged_micros(cost_dollars: float | str | Decimal) -> int:
    """What the service says it charged: the least amount it can mean, rounded up once.

    Raises ValueError for what is no amount.
    """
    try:
        exact = Decimal(str(cost_dollars))
    except InvalidOperation as error:
        raise ValueError(f"not an amount: {cost_dollars!r}") from error
    if not exact.is_finite() or exact < 0:
        raise ValueError(f"not an amount: {cost_dollars!r}")
    micros = exact * (1 - _FLOAT32_NOISE) * MICROS_PER_DOLLAR
    return int(micros.to_integral_value(ROUND_CEILING))


def _computed_ms(model: Model, request: ImageRequest) -> int:
    known = "num_inference_steps" in model.options
    steps = request.num_inference_steps if known else STEPS_IF_UNKNOWN
    pixels = request.num_images * request.width * request.height
    return BASE_MS + _ceil_div(STEP_MEGAPIXEL_MS * steps * pixels, 1_000_000)


def _ceil_div(amount: int, by: int) -> int:
    return -(-amount // by)
