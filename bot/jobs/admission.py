"""Whether a request may be drawn, what it costs and what is left; all before money is held."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from bot.accounts.community_claims import CommunityClaims
from bot.domain.asker import Asker
from bot.domain.budgets import Balance, Gate, Quota, gates
from bot.domain.catalogue import Catalogue
from bot.domain.community_settings import CommunitySettings
from bot.domain.job import Job, NewJob
from bot.domain.model import Model
from bot.domain.moderation_policy import Flagged, Tier, policy_for
from bot.domain.person import Standing
from bot.errors import NoSpace, NotAllowed, PromptRefused
from bot.moderation.screen.prompt_screen import tier_of
from bot.platforms import Platforms
from bot.ports import Backend, Clock, Pictures
from bot.request import options
from bot.request.image_request import ImageRequest
from bot.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The owner's limits, which hold for everybody."""

    timezone: str
    open_per_person: int  # running and waiting together
    open_at_all: int
    min_free_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a request would cost at most, and what it leaves. None is no limit."""

    request: ImageRequest  # fitted to the model that serves
    takes: frozenset[str]  # the fields that this model takes
    asked_model: str  # by its full name
    backend: str
    micros: int
    left_micros: int | None  # the smallest of all levels
    pictures_left: int | None  # of this kind, with what is left now


class Admission:
    """Checks requests; only `reserve` writes. Every method raises BotError."""

    def __init__(
        self,
        *,
        store: Store,
        backend: Backend,
        catalogue: Catalogue,
        pictures: Pictures,
        clock: Clock,
        limits: Limits,
        claims: CommunityClaims,
        platforms: Platforms,
    ) -> None:
        self._store = store
        self._backend = backend
        self._catalogue = catalogue
        self._pictures = pictures
        self._clock = clock
        self._limits = limits
        self._claims = claims
        self._platforms = platforms

    async def quote(self, asker: Asker, request: ImageRequest) -> Quote:
        """The price of `request`; raises whatever refuses it. Read-only."""
        standing = await self._admit(asker)
        settings = standing.settings
        fitted = self._fit(_with_defaults(request, standing.defaults), settings)
        await _refuse_words(asker, fitted, settings)
        if self._pictures.free_bytes() < self._limits.min_free_bytes:
            raise NoSpace
        micros = self._backend.price(fitted)
        for balance in standing.balances:
            balance.refuse(micros)
        left = _least_left(standing.balances)
        return Quote(
            request=fitted,
            takes=self._catalogue.takes(fitted.model),
            asked_model=self._catalogue.model(request.model).name,
            backend=self._backend.name,
            micros=micros,
            left_micros=left,
            pictures_left=_pictures_for(left, micros, fitted.num_images),
        )

    async def reserve(self, new: NewJob, now: datetime) -> Job:
        """Hold the money on every level and write the job, or nothing."""
        settings = await self._community(new.asker)
        return await self._store.jobs.reserve(
            new,
            self._gates(new.asker, settings),
            now,
            open_per_person=self._limits.open_per_person,
            open_at_all=self._limits.open_at_all,
        )

    async def quota(self, asker: Asker) -> Quota:
        """What is left on every level, and how many pictures of the default kind that is."""
        gates_of = partial(self._gates, asker)
        standing = await self._store.people.standing(asker, gates_of, self._clock.now())
        balances = standing.balances
        usual = self._backend.price(self._catalogue.fit(options.validate({"prompt": "picture"})))
        return Quota(
            windows=balances,
            pictures_left=_pictures_for(_least_left(balances), usual, 1),
            free=usual == 0,
        )

    def offered(self) -> tuple[Model, ...]:
        """The models that the owner offers, whichever of them a community has chosen."""
        return self._catalogue.allowed()

    async def models(self, asker: Asker) -> tuple[Model, ...]:
        """The models that `asker` may use, the default first."""
        chosen = (await self._community(asker)).models
        return tuple(m for m in self._catalogue.allowed() if not chosen or m.name in chosen)

    async def _admit(self, asker: Asker) -> Standing:
        """Raises when `asker` may not draw here now, whatever they ask for."""
        now = self._clock.now()
        self._claims.check(asker.platform, asker.community)
        standing = await self._store.people.standing(asker, partial(self._gates, asker), now)
        settings = standing.settings
        platform = self._platforms.find(asker.platform)
        if platform and platform.setup_required and not settings.set_up:
            raise NotAllowed("not_set_up")
        if standing.bar is not None:
            raise standing.bar
        settings.refuse(asker, now)
        self._backend.check()
        return standing

    def _fit(self, request: ImageRequest, settings: CommunitySettings) -> ImageRequest:
        fitted = self._catalogue.fit(request)
        asked = self._catalogue.model(request.model).name
        if settings.models and not {asked, fitted.model} & set(settings.models):
            raise NotAllowed("model_not_allowed")
        return fitted

    async def _community(self, asker: Asker) -> CommunitySettings:
        return await self._store.people.community(asker.platform, asker.community)

    def _gates(self, asker: Asker, settings: CommunitySettings) -> tuple[Gate, ...]:
        """Pure: a reading thread calls it."""
        ceiling = self._claims.ceiling(asker.platform, asker.community)
        limits = settings.budgets_for(asker, ceiling)
        return gates(asker, limits, self._limits.timezone)


def _with_defaults(request: ImageRequest, kept: Mapping[str, Any]) -> ImageRequest:
    """`request` with the person's own defaults in options that they left open."""
    missing = {name: value for name, value in kept.items() if not request.given(name)}
    if not missing:
        return request
    chosen = {name: getattr(request, name) for name in request.model_fields_set}
    return options.validate({**missing, **chosen})


async def _refuse_words(asker: Asker, request: ImageRequest, settings: CommunitySettings) -> None:
    """Raises PromptRefused for the hard tier, and for the others where soft words are blocked."""
    tier = await tier_of(request, settings)
    if tier is Tier.HARD:
        raise PromptRefused(hard=True)
    if tier is not Tier.NONE and policy_for(asker, settings).soft_words is Flagged.BLOCK:
        raise PromptRefused


def _least_left(balances: Iterable[Balance]) -> int | None:
    return min((b.left_micros for b in balances if b.left_micros is not None), default=None)


def _pictures_for(left_micros: int | None, micros: int, count: int) -> int | None:
    """How many pictures of the same kind `left_micros` pays for; None is no limit."""
    if left_micros is None or micros == 0:
        return None
    return left_micros * count // micros
