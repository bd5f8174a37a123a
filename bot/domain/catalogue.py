"""The model catalogue: who draws what, in which ranges, at which price."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.model import BUILT_IN, REQUEST_DEFAULTS, SD21, Model, nearest_name, short_name
from bot.domain.pricing import default_picture_micros, upper_cost
from bot.errors import BadRequest, NotAllowed, NotFound, Problem
from bot.request.image_request import ImageRequest

# These values ask for nothing, so they are accepted where the model doesn't know the option.
_NOTHING: Mapping[str, Any] = {
    "negative_prompt": "",
    "image": None,
    "num_images": 1,
    "use_compel": False,
    "lora": "",
}


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

        The organisation may be left out, and case is ignored.
        """
        wanted = name or self.default
        if wanted in self._models:
            return self._models[wanted]
        wanted = wanted.casefold()
        same = [m for known, m in self._models.items() if known.casefold() == wanted]
        tails = [m for known, m in self._models.items() if short_name(known) == wanted]
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

        A model that is no longer known has the request's own, as old cards must still render.
        """
        try:
            return self.model(name).defaults()
        except NotFound:
            return dict(REQUEST_DEFAULTS)

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
            near = nearest_name(request.model, choices)
            data = {"choices": choices, "nearest": near, "got": request.model or self.default}
            raise BadRequest((Problem("model", "not_listed", data),)) from None

    def _permit(self, asked: Model, serving: Model) -> None:
        if not self._may_use(asked):
            raise NotAllowed("model_not_allowed")
        if serving.name in self._accepted or serving is asked:
            return
        if default_picture_micros(serving) > default_picture_micros(asked):
            raise NotAllowed("replacement_costs_more")

    def _may_use(self, model: Model) -> bool:
        """Whether `model` is one that the owner offers, or draws in the place of one."""
        if self.default in self._models and model in (
            self._models[self.default],
            self.serving(self.default),
        ):
            return True
        cost_micros = default_picture_micros(self.serving(model.name))
        if self._max_picture_micros is not None and cost_micros > self._max_picture_micros:
            return False
        return not self._allowed or any(
            name in self._models and model in (self._models[name], self.serving(name))
            for name in self._allowed
        )

    def _check_price(self, serving: Model, fitted: ImageRequest) -> None:
        """Raises BadRequest if a picture with these steps and pixels costs more than the limit."""
        if self._max_picture_micros is None:
            return
        limit_micros = max(self._max_picture_micros, default_picture_micros(serving))
        micros = upper_cost(serving, fitted.fitted({"num_images": 1}))
        if micros > limit_micros:
            data = {"micros": micros, "limit_micros": limit_micros}
            raise BadRequest((Problem("", "picture_too_dear", data),))


def _problems(request: ImageRequest, model: Model) -> Iterable[Problem]:
    for name in REQUEST_DEFAULTS:
        value = getattr(request, name)
        if not request.given(name) or (name in _NOTHING and value == _NOTHING[name]):
            continue
        if name in model.options:
            if value is not None and (problem := model.options[name].problem(name, value)):
                yield problem
        elif name != "seed":  # always sent: it is part of every job, chosen or not
            yield Problem(name, "not_an_option", {"model": model.name})
