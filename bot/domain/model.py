"""One model: what it takes of a request, at which price; and those that need no catalogue."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from bot.errors import Problem
from bot.request.image_request import SIDES_PX, ImageRequest
from bot.spelling import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What a model takes for one option. `allowed` is empty where any value in range will do."""

    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[Any, ...] = ()

    def problem(self, option: str, value: Any) -> Problem | None:
        """What is wrong with `value`, if anything is."""
        if self.allowed and value not in self.allowed:
            near = _nearest(value, self.allowed)
            data = {"choices": list(self.allowed), "nearest": near, "got": value}
            return Problem(option, "not_listed", data)
        too_low = self.minimum is not None and value < self.minimum
        if too_low or (self.maximum is not None and value > self.maximum):
            whole = isinstance(value, int)
            data = {"minimum": self.minimum, "maximum": self.maximum, "got": value, "whole": whole}
            return Problem(option, "out_of_range", data)
        return None

    def open_value(self, otherwise: Any) -> Any:
        """What an option left open becomes: the default, or what is nearest to `otherwise`."""
        if self.default is not None:
            return self.default
        if isinstance(otherwise, bool) or not isinstance(otherwise, int | float):
            return otherwise
        if self.allowed:
            return _nearest(otherwise, self.allowed)
        low = otherwise if self.minimum is None else max(otherwise, type(otherwise)(self.minimum))
        return low if self.maximum is None else min(low, type(otherwise)(self.maximum))


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A tariff as the catalogue states it; `pricing.py` computes with it.

    "image": `micros` for one picture of `width_px` by `height_px` at `steps` steps, in
    proportion; what is 0 has no influence. "time": `micros` a second. "free": nothing.
    """

    kind: Literal["image", "time", "free"]
    micros: int = 0
    width_px: int = 0
    height_px: int = 0
    steps: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model. `options` holds the fields of ImageRequest that it takes.

    `deprecated_at` may lie ahead; `replaced_by` is set once another model really serves.
    """

    name: str
    options: Mapping[str, Range]
    price: Price
    about: str = ""
    deprecated_at: datetime | None = None
    replaced_by: str | None = None

    def defaults(self) -> dict[str, Any]:
        """What it does with options left open, by field name."""
        return {
            name: self.options[name].open_value(value) if name in self.options else value
            for name, value in REQUEST_DEFAULTS.items()
        }

    def to_record(self) -> dict[str, Any]:
        """JSON-ready values; see `from_record`."""
        return {
            "name": self.name,
            "options": {name: asdict(range_) for name, range_ in self.options.items()},
            "price": asdict(self.price),
            "about": self.about,
            "deprecated_at": self.deprecated_at.isoformat() if self.deprecated_at else None,
            "replaced_by": self.replaced_by,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Model":
        deprecated_at = record["deprecated_at"]
        return cls(
            name=record["name"],
            options={name: _range(values) for name, values in record["options"].items()},
            price=Price(**record["price"]),
            about=record["about"],
            deprecated_at=datetime.fromisoformat(deprecated_at) if deprecated_at else None,
            replaced_by=record["replaced_by"],
        )


REQUEST_DEFAULTS = {
    name: field.default
    for name, field in ImageRequest.model_fields.items()
    if name not in ("prompt", "webhook", "model")
}

_SIDE = Range(default=768, allowed=SIDES_PX)

# Source: the model's page on DeepInfra, "Input fields"; tariff and replacement: its catalogue.
SD21 = Model(
    name="stabilityai/stable-diffusion-2-1",
    options={
        "negative_prompt": Range(default=""),
        "image": Range(),
        "num_images": Range(default=1, minimum=1, maximum=4),
        "num_inference_steps": Range(default=25, minimum=1, maximum=512),
        "guidance_scale": Range(default=7.5, minimum=1, maximum=20),
        "strength": Range(default=0.8, minimum=0, maximum=1),
        "width": _SIDE,
        "height": _SIDE,
        "seed": Range(minimum=0),
        "use_compel": Range(default=False),
        "lora": Range(default=""),
    },
    price=Price(kind="time", micros=500),
    about="latent text-to-image diffusion model, 768 px",
    deprecated_at=datetime(2024, 9, 27, tzinfo=UTC),
    replaced_by="stabilityai/sdxl-turbo",
)

# What serves SD 2.1's calls today, so that a start without network validates against it too. Only
# steps, guidance and tariff are documented; the catalogue's own words replace all of this.
SDXL_TURBO = Model(
    name="stabilityai/sdxl-turbo",
    options={
        **SD21.options,
        "num_inference_steps": Range(default=5, minimum=1, maximum=10),
        "guidance_scale": Range(default=1.0, minimum=0, maximum=20),
    },
    price=Price(kind="image", micros=200, width_px=1024, height_px=1024, steps=5),
    about="fast text-to-image model that draws in a few steps",
)

BUILT_IN = (SD21, SDXL_TURBO)

# A sketch takes whatever SD 2.1 takes, and costs nothing.
SKETCH_MODELS = (
    Model(name=SD21.name, options=SD21.options, price=Price(kind="free"), about=SD21.about),
)


def _range(values: Mapping[str, Any]) -> Range:
    return Range(**{**values, "allowed": tuple(values["allowed"])})


def _nearest(value: Any, choices: Collection[Any]) -> Any:
    if isinstance(value, str):
        return nearest_name(value, [str(choice) for choice in choices])
    return min(choices, key=lambda choice: abs(choice - value))


# Shorter texts are part of too many names.
_PART_MIN_CHARS = 3


def nearest_name(name: str, choices: Collection[str]) -> str | None:
    """The one that was probably meant: mistyped, or named by a part of its name."""
    tail, by_tail = short_name(name), {short_name(choice): choice for choice in choices}
    found = nearest(tail, by_tail)
    if found is None and len(tail) >= _PART_MIN_CHARS:
        found = next((each for each in by_tail if tail in each), None)
    return by_tail.get(found or "")


def short_name(name: str) -> str:
    """`name` without its organisation: what people remember."""
    return name.rsplit("/", 1)[-1].casefold()
