"""The running bot: what it resumes at the start, what runs beside the jobs, how it stops."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from bot.app.backend_choice import is_paid
from bot.app.composition import App
from bot.app.loops import Loop
from bot.app.nightly_backups import BACKUPS_LOOK_S, BackupPlan, NightlyBackups
from bot.app.periodic_tasks import (
    DEADLINES_EVERY_S,
    DELIVERIES_KEPT,
    LONG_TASK_TIMEOUT_S,
    MODELS_EVERY_S,
    RETENTION_EVERY_S,
    TOKENS_EVERY_S,
    PeriodicTask,
    run_periodic_tasks,
)
from bot.backends.model_list import CatalogueUnavailable, fetch_models
from bot.cleanup import ROWS_AT_ONCE, forget_all, retire
from bot.config.settings import Settings
from bot.moderation.screen import spelling

log = logging.getLogger(__name__)


@asynccontextmanager
async def at_work(app: App) -> AsyncIterator[None]:
    """Resume what an earlier process left and work until the block ends; then drain."""
    if is_paid(app.settings) and not app.catalogue.knows(app.settings.model):
        await learn_models(app)
    tasks = _periodic_tasks(app)
    for loop in (
        Loop("cards", app.outbox.run),
        Loop("enforcement", app.enforcement.run),
        Loop("periodic tasks", lambda: run_periodic_tasks(tasks, app.clock)),
        Loop("backend", lambda: app.backend.run(app.runner.capacity_grew), may_return=True),
    ):
        app.loops.start(loop)
    try:
        # Loaded by the first prompt, they would take most of the second that it has.
        await asyncio.gather(asyncio.to_thread(spelling.load), app.runner.sweep())
        yield
    finally:
        try:
            await app.runner.stop(app.settings.drain_s)
            await app.outbox.settle()
        finally:
            await app.loops.stop()


def _periodic_tasks(app: App) -> list[PeriodicTask]:
    keep = app.settings.retention
    tasks = [
        PeriodicTask("deadlines", DEADLINES_EVERY_S, app.runner.sweep),
        PeriodicTask("tokens", TOKENS_EVERY_S, lambda: _forget_tokens(app)),
        PeriodicTask(
            "retention",
            RETENTION_EVERY_S,
            lambda: retire(app.store, app.pictures, app.clock, keep),
            timeout_s=LONG_TASK_TIMEOUT_S,
        ),
        PeriodicTask(
            "departures",
            RETENTION_EVERY_S,
            app.departures.forget_due,
            timeout_s=LONG_TASK_TIMEOUT_S,
        ),
        PeriodicTask("deliveries", RETENTION_EVERY_S, lambda: _forget_deliveries(app)),
    ]
    if app.settings.backup_dir is not None:
        plan = _backup_plan(app.settings, app.settings.backup_dir)
        backups = NightlyBackups(plan, app.alerts, app.clock)
        tasks.append(
            PeriodicTask(
                "backup", BACKUPS_LOOK_S, backups.look, at_start=True, timeout_s=LONG_TASK_TIMEOUT_S
            )
        )
    if is_paid(app.settings):
        learn = PeriodicTask("models", MODELS_EVERY_S, lambda: learn_models(app), at_start=True)
        tasks.append(learn)
    return tasks


def _backup_plan(settings: Settings, folder: Path) -> BackupPlan:
    return BackupPlan(
        database=settings.database_path,
        pictures=settings.pictures_dir,
        folder=folder,
        kept=settings.backups_kept,
        hour=settings.backup_hour,
        timezone=settings.timezone,
    )


async def _forget_tokens(app: App) -> None:
    portion = partial(app.store.chat.forget_tokens, app.clock.now(), ROWS_AT_ONCE)
    await forget_all(portion, app.clock)


async def _forget_deliveries(app: App) -> None:
    before = app.clock.now() - DELIVERIES_KEPT
    portion = partial(app.store.installations.forget_deliveries, before, ROWS_AT_ONCE)
    await forget_all(portion, app.clock)


async def learn_models(app: App) -> None:
    """Fetch the catalogue of the first address that has one, and store it.

    If none has, what was known before stays.
    """
    for endpoint in app.settings.endpoints:
        try:
            models = await fetch_models(app.http, endpoint, now=app.clock.now())
        except CatalogueUnavailable as unavailable:
            log.warning("no model catalogue from %s: %s", endpoint.url, unavailable)
            continue
        app.catalogue.update(models)
        await app.store.owner.keep_models(models, app.clock.now())
        return
