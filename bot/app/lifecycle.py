"""A bot at work: what it takes up when it starts, what runs beside the jobs, how it stops."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.app.backend_choice import is_paid
from bot.app.composition import App
from bot.app.periodic_tasks import (
    DEADLINES_EVERY_S,
    DELIVERIES_KEPT,
    MODELS_EVERY_S,
    RETENTION_EVERY_S,
    TOKENS_EVERY_S,
    Chore,
    run_chores,
)
from bot.backends.local import LocalBackend
from bot.backends.model_list import CatalogueUnavailable, fetch_models
from bot.cleanup import retire

log = logging.getLogger(__name__)


@asynccontextmanager
async def at_work(app: App) -> AsyncIterator[None]:
    """Take up what an earlier process left and work until the block ends; then drain."""
    if is_paid(app.settings) and not app.catalogue.knows(app.settings.model):
        await learn_models(app)
    await app.jobs.sweep()
    loops = [
        asyncio.create_task(app.cards.run(), name="cards"),
        asyncio.create_task(app.effects.run(), name="effects"),
        asyncio.create_task(run_chores(_chores(app), app.clock), name="chores"),
    ]
    if isinstance(app.backend, LocalBackend):
        running = app.backend.run(app.jobs.capacity_grew)
        loops.append(asyncio.create_task(running, name="engine"))
    try:
        yield
    finally:
        await app.jobs.stop(app.settings.drain_s)
        await app.cards.settle()
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)


def _chores(app: App) -> list[Chore]:
    keep = app.settings.retention
    chores = [
        Chore("deadlines", DEADLINES_EVERY_S, app.jobs.sweep),
        Chore("tokens", TOKENS_EVERY_S, lambda: app.books.chat.forget_tokens(app.clock.now())),
        Chore(
            "retention",
            RETENTION_EVERY_S,
            lambda: retire(app.books, app.pictures, app.clock, keep),
        ),
        Chore(
            "deliveries",
            RETENTION_EVERY_S,
            lambda: app.books.installations.forget_deliveries(app.clock.now() - DELIVERIES_KEPT),
        ),
    ]
    if is_paid(app.settings):
        learn = Chore("models", MODELS_EVERY_S, lambda: learn_models(app), at_start=True)
        chores.append(learn)
    return chores


async def learn_models(app: App) -> None:
    """Ask for the catalogue and keep it. An outage of that endpoint changes nothing."""
    try:
        models = await fetch_models(app.http, app.settings.endpoints[0], now=app.clock.now())
    except CatalogueUnavailable as unavailable:
        log.warning("the model catalogue could not be read: %s", unavailable)
        return
    app.catalogue.update(models)
    await app.books.owner.keep_models(models, app.clock.now())
