"""The HTTP server of `limner serve`: the compatible API over one engine, in our own loop."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters import pinned_http
from adapters.api.app import Terms, create_app
from adapters.api.drawings.webhooks import Resolve
from adapters.incoming import Patience
from bot.app.listener import Patient, listen, listening, own_url
from bot.app.system_clock import SystemClock
from bot.config.engine_settings import EngineSettings
from bot.images.worker_pool import PictureWorker
from bot.ports import Clock, Engine
from bot.urls import resolve_public


@asynccontextmanager
async def serving(
    engine: Engine,
    settings: EngineSettings,
    *,
    clock: Clock | None = None,
    rng: random.Random | None = None,
    resolve: Resolve = resolve_public,
    patience: Patience | None = None,
    protocol: type[Patient] = Patient,
) -> AsyncIterator[str]:
    """Serve until the block ends, then drain; yields the address.

    `resolve` decides where webhooks may lead; `patience` and `protocol` say how slow a client
    may be. Raises Misconfigured when the port is taken.
    """
    listener = listen(
        settings.engine_host, settings.engine_port, names="ENGINE_HOST or ENGINE_PORT"
    )
    url = own_url(settings.engine_host, listener.getsockname()[1])
    terms = Terms(
        keys=settings.keys,
        at_once=settings.engine_key_requests,
        price_micros=settings.engine_price,
    )
    worker = PictureWorker()
    try:
        async with pinned_http.client() as http:
            server = create_app(
                engine,
                terms,
                worker=worker,
                http=http,
                resolve=resolve,
                clock=clock or SystemClock(),
                rng=rng or random.SystemRandom(),
                patience=patience,
            )
            async with listening(server.app, listener, protocol=protocol):
                try:
                    yield url
                finally:
                    await server.drain(settings.engine_drain_s)
                    await server.close()
    finally:
        await worker.close()
