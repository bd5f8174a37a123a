"""The composition root: settings → storage, backend, jobs, adapters; the order of start and stop.

Nothing else knows everything; nobody imports this but the command line and the tests.
"""

import asyncio
import logging
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx

from adapters import pinned
from adapters.alerts import WebhookAlerts
from adapters.webhook import WebhookSurface
from bot import classifier
from bot.addresses import PinnedUrl, resolve_public
from bot.administration import Administration
from bot.admission import Admission, Limits
from bot.backends.api import ApiBackend
from bot.backends.catalogue import CatalogueUnavailable, fetch_models
from bot.backends.child import command as engine_command
from bot.backends.child import launch
from bot.backends.local import LocalBackend
from bot.backends.pool import Pool
from bot.board import Board, Pace
from bot.books import Books
from bot.budget_watch import BudgetWatch
from bot.cards import Cards
from bot.chores import (
    DEADLINES_EVERY_S,
    DELIVERIES_KEPT,
    MODELS_EVERY_S,
    RETENTION_EVERY_S,
    TOKENS_EVERY_S,
    Chore,
    retire,
    run_chores,
)
from bot.claims import Claims
from bot.clock import SystemClock
from bot.effects import Effects
from bot.errands import Errands
from bot.hashes import BlockedHashes
from bot.job import Job
from bot.jobs import Desk, Jobs
from bot.judging import Judge
from bot.models import BUILT_IN, SD21, SKETCH_MODELS, Catalogue, Model
from bot.moderator_links import ModeratorLinks
from bot.ports import Announcer, Backend, Clock, Names, Pictures, Roles, Surface
from bot.presets import Presets
from bot.privacy import Privacy
from bot.queue import FairQueue
from bot.reactions import Reactions
from bot.reviews import Reviews
from bot.settings import Endpoint, Settings, is_deepinfra
from bot.studio import Studio
from bot.workers import PictureWorker
from storage.books import SqliteBooks
from storage.pictures import PictureFiles

MEGABYTE = 1_000_000

log = logging.getLogger(__name__)

Resolve = Callable[[str], Awaitable[PinnedUrl]]


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A bot that runs: everything that adapters and the command line need of it."""

    settings: Settings
    clock: Clock
    http: httpx.AsyncClient
    books: Books
    backend: Backend
    catalogue: Catalogue
    pictures: Pictures
    studio: Studio
    administration: Administration
    privacy: Privacy
    jobs: Jobs
    cards: Cards
    surfaces: dict[str, Surface]
    announcers: dict[str, Announcer]
    presets: Presets
    reactions: Reactions
    reviews: Reviews
    effects: Effects
    roles: dict[str, Roles]  # who moderates, by platform
    names: dict[str, Names]  # what communities and channels are called, by platform
    links: ModeratorLinks
    claims: Claims
    alerts: WebhookAlerts
    health: dict[str, Callable[[], Mapping[str, Any]]]  # what each adapter says of itself
    doors: dict[str, Any]  # the ASGI apps of those to whom their platform comes, by first folder


@asynccontextmanager
async def assembled(
    settings: Settings,
    *,
    clock: Clock | None = None,
    rng: random.Random | None = None,
    resolve: Resolve = resolve_public,
) -> AsyncIterator[App]:
    """Everything in its place and nothing at work yet; surfaces may still be added.

    `resolve` decides where webhooks and fetched pictures may lead. Raises Misconfigured.
    """
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        books = SqliteBooks.open(settings.database_path, clock.now())
        stack.push_async_callback(books.close)
        worker = PictureWorker()
        stack.push_async_callback(worker.close)
        pictures = PictureFiles(settings.data_dir, worker)
        await pictures.open()
        http = await stack.enter_async_context(_http_client())
        webhooks = await stack.enter_async_context(pinned.client())
        alerts = WebhookAlerts(settings.alert_webhook_url, http, clock)
        stack.push_async_callback(alerts.close)

        catalogue = _catalogue(settings)
        if _is_paid(settings):
            catalogue.update(await books.owner.models())
        backend = _backend(
            settings,
            _Tools(http, alerts, worker, pictures.inbox, clock),
            catalogue,
            rng or random.Random(),  # noqa: S311  (jitter)
            resolve,
        )

        def places() -> int:
            return min(settings.max_running, backend.capacity)

        queue = FairQueue(places, settings.running_per_person)
        board = Board(books.jobs, catalogue, queue, clock, places, _pace(settings))
        surfaces: dict[str, Surface] = {}
        cards = Cards(books, surfaces, board.view, clock)
        claims = Claims(books.owner, settings.allowed_communities)
        await claims.load()
        admission = Admission(
            books=books,
            backend=backend,
            catalogue=catalogue,
            pictures=pictures,
            clock=clock,
            limits=_limits(settings),
            claims=claims,
        )
        announcers: dict[str, Announcer] = {}
        watch = BudgetWatch(admission, books.chat, announcers, clock)
        errands = Errands()
        stack.push_async_callback(errands.close)
        judge = _judge(stack, books, pictures)

        def changed(job: Job) -> None:
            board.changed(job)
            cards.kick()

        effects = Effects(
            books=books,
            pictures=pictures,
            surfaces=surfaces,
            announcers=announcers,
            alerts=alerts,
            changed=changed,
            clock=clock,
        )

        def kick() -> None:
            cards.kick()
            effects.kick()

        jobs = Jobs(
            Desk(
                books,
                backend,
                pictures,
                queue,
                board,
                clock,
                judge,
                kick,
                lambda job: errands.send(watch.look(job)),
            )
        )
        studio = Studio(
            books=books,
            admission=admission,
            pictures=pictures,
            worker=worker,
            jobs=jobs,
            board=board,
            judge=judge,
            clock=clock,
            resolve=resolve,
        )
        surfaces["webhook"] = WebhookSurface(webhooks, resolve, studio)
        yield App(
            settings=settings,
            clock=clock,
            http=http,
            books=books,
            backend=backend,
            catalogue=catalogue,
            pictures=pictures,
            studio=studio,
            administration=Administration(books, clock, settings.budgets, settings.timezone),
            privacy=Privacy(books, pictures, clock),
            jobs=jobs,
            cards=cards,
            surfaces=surfaces,
            announcers=announcers,
            presets=Presets(books.chat),
            reactions=Reactions(books, board, clock, kick),
            reviews=Reviews(books, pictures, judge, clock, kick, changed),
            effects=effects,
            roles={},
            names={},
            links=ModeratorLinks(clock),
            claims=claims,
            alerts=alerts,
            health={},
            doors={},
        )


@asynccontextmanager
async def at_work(app: App) -> AsyncIterator[None]:
    """Take up what an earlier process left and work until the block ends; then drain."""
    if _is_paid(app.settings) and not app.catalogue.knows(app.settings.model):
        await learn_models(app)
    await app.jobs.recover()
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
    if _is_paid(app.settings):
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


def _judge(stack: AsyncExitStack, books: Books, pictures: Pictures) -> Judge:
    """With a classifier of our own where the extra is installed."""
    if not classifier.is_installed():
        return Judge(books, pictures)
    looker = classifier.LocalClassifier()
    stack.push_async_callback(looker.close)
    return Judge(books, pictures, looker, BlockedHashes(books.cases))


def _http_client() -> httpx.AsyncClient:
    """The one client for the inference API and the owner's alerts."""
    return httpx.AsyncClient(
        follow_redirects=False,
        limits=httpx.Limits(max_connections=64, max_keepalive_connections=16),
        headers={"User-Agent": f"limner/{version('limner')}"},
    )


@dataclass(frozen=True, slots=True)
class _Tools:
    """What a backend works with."""

    http: httpx.AsyncClient
    alerts: WebhookAlerts
    worker: PictureWorker
    inbox: Path
    clock: Clock


def _backend(
    settings: Settings,
    tools: _Tools,
    catalogue: Catalogue,
    rng: random.Random,
    resolve: Resolve,
) -> Backend:

    def api_at(*endpoints: Endpoint) -> ApiBackend:
        return ApiBackend(
            tools.http,
            Pool(endpoints, clock=tools.clock, alerts=tools.alerts),
            catalogue,
            tools.worker,
            tools.inbox,
            clock=tools.clock,
            rng=rng,
            resolve=resolve,
        )

    if _is_paid(settings):
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
            rng=rng,
            alerts=tools.alerts,
        )
    from bot.backends.sketch.backend import SketchBackend  # noqa: PLC0415  (only where it draws)

    return SketchBackend(tools.worker, tools.inbox)


def _is_paid(settings: Settings) -> bool:
    return settings.resolved_backend == "api"


def _catalogue(settings: Settings) -> Catalogue:
    models = _known_models(settings)
    is_sketch = settings.resolved_backend == "sketch"
    return Catalogue(
        models,
        default=models[0].name if is_sketch else settings.model,
        allowed=settings.models_allowed if _is_paid(settings) else (),
        accepted=settings.models_accepted,
        max_picture_micros=settings.max_picture_micros,
    )


def _known_models(settings: Settings) -> tuple[Model, ...]:
    """What is known before any catalogue was read."""
    if settings.resolved_backend == "sketch":
        return SKETCH_MODELS
    if settings.resolved_backend == "local":
        # The engine's own page replaces this as soon as it runs; it is called what MODEL says.
        return (replace(SKETCH_MODELS[0], name=settings.model),)
    if any(is_deepinfra(endpoint.url) for endpoint in settings.endpoints):
        return BUILT_IN
    # Another server may well have the model itself; its own catalogue will say.
    return (replace(SD21, deprecated_at=None, replaced_by=None),)


def _pace(settings: Settings) -> Pace:
    if settings.resolved_backend == "sketch":
        return Pace(counts_steps=False, first_guess_s=1.0)
    return Pace()


def _limits(settings: Settings) -> Limits:
    return Limits(
        budgets=settings.budgets,
        timezone=settings.timezone,
        open_per_person=settings.running_per_person + settings.waiting_per_person,
        open_at_all=settings.max_running + settings.max_waiting,
        min_free_bytes=settings.min_free_disk_mb * MEGABYTE,
        set_up_first=frozenset({"discord"}),
    )
