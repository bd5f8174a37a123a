"""The backend that the settings name, and the models that it can draw with."""

import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from bot.backends.api import ApiBackend
from bot.backends.endpoint_pool import Pool
from bot.backends.engine_process import command as engine_command
from bot.backends.engine_process import launch
from bot.backends.local import LocalBackend
from bot.config.fields import Endpoint, is_deepinfra
from bot.config.settings import Settings
from bot.domain.catalogue import Catalogue
from bot.domain.model import BUILT_IN, SD21, SKETCH_MODELS, Model
from bot.images.worker_pool import PictureWorker
from bot.jobs.progress import DurationEstimate
from bot.ports import Alerts, Backend, Clock
from bot.urls import PinnedUrl

Resolve = Callable[[str], Awaitable[PinnedUrl]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What backends are built from."""

    http: httpx.AsyncClient
    alerts: Alerts
    worker: PictureWorker
    inbox: Path
    clock: Clock
    rng: random.Random
    resolve: Resolve


def backend_of(settings: Settings, tools: Tools, catalogue: Catalogue) -> Backend:
    """The backend that `settings` name; it reads `catalogue` at each drawing."""

    def api_at(*endpoints: Endpoint) -> ApiBackend:
        return ApiBackend(
            tools.http,
            Pool(endpoints, clock=tools.clock, alerts=tools.alerts),
            catalogue,
            tools.worker,
            tools.inbox,
            clock=tools.clock,
            rng=tools.rng,
            resolve=tools.resolve,
        )

    if is_paid(settings):
        return api_at(*settings.endpoints)
    if settings.resolved_backend == "local":
        assert settings.engine_model is not None
        words = engine_command(settings.engine_model)
        return LocalBackend(
            lambda: launch(words, os.environ, name=settings.model),
            api_at,
            catalogue,
            tools.http,
            clock=tools.clock,
            rng=tools.rng,
            alerts=tools.alerts,
        )
    from bot.backends.sketch.backend import SketchBackend  # noqa: PLC0415  (only where it draws)

    return SketchBackend(tools.worker, tools.inbox)


def is_paid(settings: Settings) -> bool:
    """Whether the backend is a service that bills for pictures and has a catalogue."""
    return settings.resolved_backend == "api"


def catalogue_of(settings: Settings) -> Catalogue:
    """The models that are known before the backend's own catalogue was read."""
    models = _known_models(settings)
    is_sketch = settings.resolved_backend == "sketch"
    return Catalogue(
        models,
        default=models[0].name if is_sketch else settings.model,
        allowed=settings.models_allowed if is_paid(settings) else (),
        accepted=settings.models_accepted,
        max_picture_micros=settings.max_picture_micros,
    )


def _known_models(settings: Settings) -> tuple[Model, ...]:
    if settings.resolved_backend == "sketch":
        return SKETCH_MODELS
    if settings.resolved_backend == "local":
        # Named as MODEL says; the engine's own page replaces it as soon as the engine runs.
        return (replace(SKETCH_MODELS[0], name=settings.model),)
    if any(is_deepinfra(endpoint.url) for endpoint in settings.endpoints):
        return BUILT_IN
    # Another server may still serve SD 2.1 itself; its catalogue will tell.
    return (replace(SD21, deprecated_at=None, replaced_by=None),)


def duration_estimate_of(settings: Settings) -> DurationEstimate:
    """The first estimate of how long a picture takes."""
    if settings.resolved_backend == "sketch":
        return DurationEstimate(counts_steps=False, first_guess_s=1.0)
    return DurationEstimate()
