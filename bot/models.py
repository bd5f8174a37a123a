"""The model catalogue: who draws what, in which ranges, at which price."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.request import ImageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What a model takes for one option. `allowed` is empty where any value in range will do."""

    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A tariff as the catalogue states it; `pricing.py` computes with it.

    "image": `micros` for one picture of `width_px` × `height_px` at `steps` steps, in proportion.
    "time": `micros` a second. "free": nothing.
    """

    kind: Literal["image", "time", "free"]
    micros: int = 0
    width_px: int = 0
    height_px: int = 0
    steps: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model. `options` holds the fields of ImageRequest that it takes."""

    name: str
    options: Mapping[str, Range]
    price: Price
    about: str = ""
    deprecated_at: datetime | None = None
    replaced_by: str | None = None


class Catalogue:
    """The models that are known, and which of them members may use."""

    def update(self, models: Iterable[Model]) -> None:
        """Learn `models`; those of the same name are replaced, the others stay."""
        raise NotImplementedError

    def model(self, name: str) -> Model:
        """The model called `name`, "" for the default. Raises NotFound."""
        raise NotImplementedError

    def serving(self, name: str) -> Model:
        """The model that really draws when `name` is asked for: replacements are followed."""
        raise NotImplementedError

    def fit(self, request: ImageRequest) -> ImageRequest:
        """`request` for the model that really serves it.

        Options left open take that model's defaults; `model` becomes its name. Raises BadRequest
        for explicit options out of its ranges or unknown to it, NotAllowed for a model that
        members may not use here.
        """
        raise NotImplementedError

    def takes(self, name: str) -> frozenset[str]:
        """The fields that go over the wire to the model called `name`."""
        raise NotImplementedError

    def defaults(self, name: str) -> dict[str, Any]:
        """What the model called `name` does with options left open."""
        raise NotImplementedError

    def allowed(self) -> tuple[Model, ...]:
        """What members may use, the default first."""
        raise NotImplementedError
