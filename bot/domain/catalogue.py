"""The model catalogue: who draws what, in which ranges, at which price."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from bot.domain.pricing import upper_cost
from bot.errors import BadRequest, NotAllowed, NotFound, Problem
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
            for name, value in _REQUEST_DEFAULTS.items()
        }

    def default_picture_micros(self) -> int:
        """The upper cost of one picture of which only the prompt was given."""
        picture = ImageRequest(prompt="-").fitted({**self.defaults(), "num_images": 1})
        return upper_cost(self, picture)

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


_REQUEST_DEFAULTS = {
    name: field.default
    for name, field in ImageRequest.model_fields.items()
    if name not in ("prompt", "webhook", "model")
}
# Asking for nothing is no mistake, even where the model does not know the option.
_NOTHING: Mapping[str, Any] = {
    "negative_prompt": "",
    "image": None,
    "num_images": 1,
    "use_compel": False,
    "lora": "",
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


class Catalogue:
    """The models that are known, and which of them members may use.

    Those are the default model, the ones in `allowed` (when empty: all), each with what replaces
    it, as long as a default picture costs no more than `max_picture_micros`; the owner's default
    model may. A replacement that costs more than the model it replaces is used only when its name
    is in `accepted`. Without `follow_replacements` the asked model itself draws, as on a server
    of one's own.
    """

    def __init__(
        self,
        models: Iterable[Model] = BUILT_IN,
        *,
        default: str = SD21.name,
        allowed: Collection[str] = (),
        accepted: Collection[str] = (),
        max_picture_micros: int | None = 20_000,
        follow_replacements: bool = True,
    ) -> None:
        self.default = default
        self._allowed = tuple(allowed)
        self._accepted = frozenset(accepted)
        self._max_picture_micros = max_picture_micros
        self._follow_replacements = follow_replacements
        self._models: dict[str, Model] = {}
        self.update(models)

    def update(self, models: Iterable[Model]) -> None:
        """Learn `models`; those of the same name are replaced, the others stay."""
        self._models.update((model.name, model) for model in models)

    def knows(self, name: str) -> bool:
        try:
            self.model(name)
        except NotFound:
            return False
        return True

    def model(self, name: str) -> Model:
        """The model called `name`, "" for the default. Raises NotFound.

        People leave the organisation out and care little for capitals.
        """
        wanted = name or self.default
        if wanted in self._models:
            return self._models[wanted]
        wanted = wanted.casefold()
        same = [m for known, m in self._models.items() if known.casefold() == wanted]
        tails = [m for known, m in self._models.items() if _tail(known) == wanted]
        if len(found := same or tails) == 1:
            return found[0]
        raise NotFound("model", name or self.default)

    def serving(self, name: str) -> Model:
        """The model that really draws when `name` is asked for: replacements are followed."""
        model = self.model(name)
        seen = {model.name}
        while (
            self._follow_replacements
            and model.replaced_by in self._models
            and model.replaced_by not in seen
        ):
            model = self._models[model.replaced_by]
            seen.add(model.name)
        return model

    def fit(self, request: ImageRequest) -> ImageRequest:
        """`request` for the model that really serves it.

        Options left open take that model's defaults; `model` becomes its name. Raises BadRequest
        for explicit options out of its ranges or unknown to it, NotAllowed for a model that
        members may not use here.
        """
        asked = self._asked(request)
        serving = self.serving(asked.name)
        self._permit(asked, serving)
        if problems := tuple(_problems(request, serving)):
            raise BadRequest(problems)
        left_open = {
            name: value
            for name, value in serving.defaults().items()
            if name in serving.options and not request.given(name)
        }
        fitted = request.fitted({**left_open, "model": serving.name})
        self._check_price(serving, fitted)
        return fitted

    def takes(self, name: str) -> frozenset[str]:
        """The fields that go over the wire to the model called `name`."""
        return frozenset({"prompt", "seed", *self.model(name).options})

    def defaults(self, name: str) -> dict[str, Any]:
        """What the model called `name` does with options left open.

        A model that is no longer known reads like any other: old cards must still render.
        """
        try:
            return self.model(name).defaults()
        except NotFound:
            return dict(_REQUEST_DEFAULTS)

    def allowed(self) -> tuple[Model, ...]:
        """What members may use, the default first; replaced ones only where they were named.

        Ranges and price are those of the model that really draws.
        """
        default = [self._models[self.default]] if self.default in self._models else []
        others = (
            model
            for name, model in sorted(self._models.items())
            if name != self.default
            and self._may_use(model)
            and (name in self._allowed or self.serving(name) is model)
        )
        return tuple(map(self._as_served, (*default, *others)))

    def _as_served(self, model: Model) -> Model:
        serving = self.serving(model.name)
        if serving is model:
            return model
        return replace(
            model, options=serving.options, price=serving.price, replaced_by=serving.name
        )

    def _asked(self, request: ImageRequest) -> Model:
        try:
            return self.model(request.model)
        except NotFound:
            choices = [model.name for model in self.allowed()]
            near = _nearest_name(request.model, choices)
            data = {"choices": choices, "nearest": near, "got": request.model or self.default}
            raise BadRequest((Problem("model", "not_listed", data),)) from None

    def _permit(self, asked: Model, serving: Model) -> None:
        if not self._may_use(asked):
            raise NotAllowed("model_not_allowed")
        if serving.name in self._accepted or serving is asked:
            return
        if serving.default_picture_micros() > asked.default_picture_micros():
            raise NotAllowed("replacement_costs_more")

    def _may_use(self, model: Model) -> bool:
        """Whether `model` is one that the owner offers, or draws in the place of one."""
        if self.default in self._models and model in (
            self._models[self.default],
            self.serving(self.default),
        ):
            return True
        cost_micros = self.serving(model.name).default_picture_micros()
        if self._max_picture_micros is not None and cost_micros > self._max_picture_micros:
            return False
        return not self._allowed or any(
            name in self._models and model in (self._models[name], self.serving(name))
            for name in self._allowed
        )

    def _check_price(self, serving: Model, fitted: ImageRequest) -> None:
        """More steps and pixels cost more: the limit holds for each picture as it was asked."""
        if self._max_picture_micros is None:
            return
        limit_micros = max(self._max_picture_micros, serving.default_picture_micros())
        micros = upper_cost(serving, fitted.fitted({"num_images": 1}))
        if micros > limit_micros:
            data = {"micros": micros, "limit_micros": limit_micros}
            raise BadRequest((Problem("", "picture_too_dear", data),))


def _problems(request: ImageRequest, model: Model) -> Iterable[Problem]:
    for name in _REQUEST_DEFAULTS:
        value = getattr(request, name)
        if not request.given(name) or (name in _NOTHING and value == _NOTHING[name]):
            continue
        if name in model.options:
            if value is not None and (problem := model.options[name].problem(name, value)):
                yield problem
        elif name != "seed":  # always sent: it is part of every job, chosen or not
            yield Problem(name, "not_an_option", {"model": model.name})


def _range(values: Mapping[str, Any]) -> Range:
    return Range(**{**values, "allowed": tuple(values["allowed"])})


def _nearest(value: Any, choices: Collection[Any]) -> Any:
    if isinstance(value, str):
        return _nearest_name(value, [str(choice) for choice in choices])
    return min(choices, key=lambda choice: abs(choice - value))


# Shorter ones are parts of everything.
_PART_MIN_CHARS = 3


def _nearest_name(name: str, choices: Collection[str]) -> str | None:
    """The one that was probably meant: mistyped, or named by a part of its name."""
    tail, by_tail = _tail(name), {_tail(choice): choice for choice in choices}
    found = nearest(tail, by_tail)
    if found is None and len(tail) >= _PART_MIN_CHARS:
        found = next((each for each in by_tail if tail in each), None)
    return by_tail.get(found or "")


def _tail(name: str) -> str:
    """`name` without its organisation: what people remember."""
    return name.rsplit("/", 1)[-1].casefold()
