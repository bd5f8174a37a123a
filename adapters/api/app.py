"""The compatible API over an engine, as one ASGI app without global state."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from fastapi import FastAPI

from adapters.api.context import Context
from adapters.api.drawings.costs import Costs
from adapters.api.drawings.drawings import Drawings
from adapters.api.drawings.webhooks import Resolve, Webhooks
from adapters.api.requests.body_memory import BodyMemory
from adapters.api.requests.guard import Guard
from adapters.api.requests.keys import Keys
from adapters.api.requests.metrics import Metrics
from adapters.api.requests.request_reader import Reader, Worker
from adapters.api.routes import account, catalogue, images, inference
from adapters.api.schema import schemas
from adapters.api.schema.errors import handle_refusals
from adapters.incoming import Patience
from bot.config.engine_settings import CallerKey
from bot.domain.catalogue import Catalogue
from bot.ports import Clock, Engine

# Time for posting webhooks, after the time for drawing.
SETTLE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Keys, how many requests each may have open, and the price in micro-dollars a second."""

    keys: Sequence[CallerKey] = ()
    at_once: int = 16
    price_micros: int = 0


class ApiServer:
    """The app, with the ways to close it."""

    def __init__(self, app: FastAPI, context: Context) -> None:
        self.app = app
        self._context = context
        self.stopping = False

    async def drain(self, timeout_s: float) -> None:
        """Refuse new requests and let running ones finish for `timeout_s`."""
        self.stopping = True
        await self._context.drawings.settle(timeout_s)

    async def close(self) -> None:
        """End running drawings; their callers get an error."""
        self.stopping = True
        await self._context.drawings.stop()
        await self._context.webhooks.settle(SETTLE_S)


def create_app(
    engine: Engine,
    terms: Terms,
    *,
    worker: Worker,
    http: httpx.AsyncClient,
    resolve: Resolve,
    clock: Clock,
    rng: random.Random,
    patience: Patience | None = None,
) -> ApiServer:
    """`http` posts webhooks (`pinned_http.client`) to where `resolve` says they lead."""
    metrics = Metrics()
    costs = Costs(micros_per_s=terms.price_micros)
    models = Catalogue(
        engine.models,
        default=engine.models[0].name,
        max_picture_micros=None,
        follow_replacements=False,
    )
    keys = Keys(terms.keys, at_once=terms.at_once)
    context = Context(
        engine=engine,
        catalogue=models,
        keys=keys,
        memory=BodyMemory(),
        patience=patience or Patience(),
        reader=Reader(models, worker),
        drawings=Drawings(engine, costs, metrics, rng),
        webhooks=Webhooks(http, resolve, clock=clock, rng=rng, metrics=metrics),
        costs=costs,
        metrics=metrics,
        clock=clock,
    )
    app = FastAPI(
        title="Limner",
        version=schemas.VERSION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.context = context
    app.include_router(inference.create_router(engine.models[0]))
    app.include_router(images.create_router(engine.models[0]))
    app.include_router(catalogue.native)
    app.include_router(catalogue.openai)
    app.include_router(account.router)
    handle_refusals(app)
    server = ApiServer(app, context)
    app.add_middleware(Guard, keys=keys, metrics=metrics, stopping=lambda: server.stopping)
    return server
