"""The composition root: settings → storage, backend, jobs; what is opened first and closed last.

Nothing else knows everything; nobody imports this but the command line and the tests.
"""

import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import httpx

from adapters import pinned_http
from adapters.alerts import WebhookAlerts
from adapters.webhook import WebhookSurface
from bot.accounts.administration import Administration
from bot.accounts.community_claims import CommunityClaims
from bot.accounts.presets import Presets
from bot.accounts.privacy import Privacy
from bot.app.backend_choice import (
    Resolve,
    Tools,
    backend_of,
    catalogue_of,
    duration_estimate_of,
    is_paid,
)
from bot.app.background_tasks import BackgroundTasks
from bot.app.system_clock import SystemClock
from bot.config.settings import Settings
from bot.connection import Connection
from bot.domain.catalogue import Catalogue
from bot.domain.job import Job
from bot.images.worker_pool import PictureWorker
from bot.jobs.admission import Admission, Limits
from bot.jobs.budget_alerts import BudgetWatch
from bot.jobs.card_outbox import CardOutbox
from bot.jobs.fair_queue import FairQueue
from bot.jobs.progress import ProgressTracker
from bot.jobs.reactions import Reactions
from bot.jobs.runner import JobDependencies, JobRunner
from bot.jobs.studio import Studio
from bot.jobs.submission import JobSubmission
from bot.moderation import classifier
from bot.moderation.blocked_hashes import BlockedHashes
from bot.moderation.enforcement import Enforcement
from bot.moderation.judge import Judge
from bot.moderation.review_links import ReviewLinks
from bot.moderation.reviews import Reviews
from bot.ports import Announcer, Backend, Clock, Names, Pictures, Roles, Surface
from bot.store import Store
from bot.urls import resolve_public
from storage.picture_files import PictureFiles
from storage.sqlite_store import SqliteStore

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A bot that runs: everything that adapters and the command line need of it."""

    settings: Settings
    clock: Clock
    rng: random.Random
    http: httpx.AsyncClient
    store: Store
    backend: Backend
    catalogue: Catalogue
    pictures: Pictures
    studio: Studio
    administration: Administration
    privacy: Privacy
    runner: JobRunner
    outbox: CardOutbox
    surfaces: dict[str, Surface]
    announcers: dict[str, Announcer]
    presets: Presets
    reactions: Reactions
    reviews: Reviews
    enforcement: Enforcement
    roles: dict[str, Roles]  # who moderates, by platform
    names: dict[str, Names]  # what communities and channels are called, by platform
    links: ReviewLinks
    claims: CommunityClaims
    alerts: WebhookAlerts
    connections: dict[str, Connection]  # to the chat platforms that are switched on
    health: dict[str, Callable[[], Mapping[str, Any]]]  # what each adapter says of itself
    mounts: dict[str, Any]  # the ASGI apps of those to whom their platform comes, by first folder


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
    async with AsyncExitStack() as stack:
        base = await _base(stack, settings, clock or SystemClock(), resolve)
        yield await _built(base, rng or random.Random())  # noqa: S311  (jitter)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """What everything else stands on: opened first, closed last."""

    settings: Settings
    clock: Clock
    resolve: Resolve
    store: SqliteStore
    worker: PictureWorker
    pictures: PictureFiles
    http: httpx.AsyncClient
    webhooks: httpx.AsyncClient
    alerts: WebhookAlerts
    background: BackgroundTasks
    judge: Judge


async def _base(stack: AsyncExitStack, settings: Settings, clock: Clock, resolve: Resolve) -> _Base:
    store = SqliteStore.open(settings.database_path, clock.now())
    stack.push_async_callback(store.close)
    worker = PictureWorker()
    stack.push_async_callback(worker.close)
    pictures = PictureFiles(settings.data_dir, worker)
    await pictures.open()
    http = await stack.enter_async_context(_http_client())
    webhooks = await stack.enter_async_context(pinned_http.client())
    alerts = WebhookAlerts(settings.alert_webhook_url, http, clock)
    stack.push_async_callback(alerts.close)
    background = BackgroundTasks()
    stack.push_async_callback(background.close)
    return _Base(
        settings=settings,
        clock=clock,
        resolve=resolve,
        store=store,
        worker=worker,
        pictures=pictures,
        http=http,
        webhooks=webhooks,
        alerts=alerts,
        background=background,
        judge=_judge(stack, store, pictures),
    )


def _judge(stack: AsyncExitStack, store: Store, pictures: Pictures) -> Judge:
    """With a classifier of our own where the extra is installed."""
    if not classifier.is_installed():
        return Judge(store, pictures)
    looker = classifier.LocalClassifier()
    stack.push_async_callback(looker.close)
    return Judge(store, pictures, looker, BlockedHashes(store.cases))


def _http_client() -> httpx.AsyncClient:
    """The one client for the inference API and the owner's alerts."""
    return httpx.AsyncClient(
        follow_redirects=False,
        limits=httpx.Limits(max_connections=64, max_keepalive_connections=16),
        headers={"User-Agent": f"limner/{version('limner')}"},
    )


async def _built(base: _Base, rng: random.Random) -> App:
    """From who draws, over who is next and what people see of it, to what people can do."""
    settings, store, clock = base.settings, base.store, base.clock
    catalogue = catalogue_of(settings)
    if is_paid(settings):
        catalogue.update(await store.owner.models())
    backend = _backend(base, catalogue, rng)
    claims = CommunityClaims(store.owner, settings.allowed_communities)
    await claims.load()
    admission = _admission(base, backend, catalogue, claims)
    scheduling = _scheduling(base, backend, catalogue)
    showing = _showing(base, scheduling.progress)
    runner = _runner(base, backend, admission, scheduling, showing)
    studio = _studio(base, admission, scheduling.progress, runner)
    showing.surfaces["webhook"] = WebhookSurface(base.webhooks, base.resolve, studio)
    return App(
        settings=settings,
        clock=clock,
        rng=rng,
        http=base.http,
        store=store,
        backend=backend,
        catalogue=catalogue,
        pictures=base.pictures,
        studio=studio,
        administration=Administration(store, clock, settings.budgets, settings.timezone),
        privacy=Privacy(store, base.pictures, clock),
        runner=runner,
        outbox=showing.outbox,
        surfaces=showing.surfaces,
        announcers=showing.announcers,
        presets=Presets(store.chat),
        reactions=Reactions(store, scheduling.progress, clock, showing.wake),
        reviews=Reviews(store, base.pictures, base.judge, clock, showing.wake, showing.changed),
        enforcement=showing.enforcement,
        roles={},
        names={},
        links=ReviewLinks(clock),
        claims=claims,
        alerts=base.alerts,
        connections={},
        health={},
        mounts={},
    )


def _backend(base: _Base, catalogue: Catalogue, rng: random.Random) -> Backend:
    inbox = base.pictures.inbox
    tools = Tools(base.http, base.alerts, base.worker, inbox, base.clock, rng, base.resolve)
    return backend_of(base.settings, tools, catalogue)


def _admission(
    base: _Base, backend: Backend, catalogue: Catalogue, claims: CommunityClaims
) -> Admission:
    return Admission(
        store=base.store,
        backend=backend,
        catalogue=catalogue,
        pictures=base.pictures,
        clock=base.clock,
        limits=_limits(base.settings),
        claims=claims,
    )


@dataclass(frozen=True, slots=True)
class _Scheduling:
    """Who is next, and how long it may take."""

    queue: FairQueue
    progress: ProgressTracker


def _scheduling(base: _Base, backend: Backend, catalogue: Catalogue) -> _Scheduling:
    def places() -> int:
        return min(base.settings.max_running, backend.capacity)

    queue = FairQueue(places, base.settings.running_per_person)
    estimate = duration_estimate_of(base.settings)
    return _Scheduling(
        queue, ProgressTracker(base.store.jobs, catalogue, queue, base.clock, places, estimate)
    )


@dataclass(frozen=True, slots=True)
class _Showing:
    """What people see, and who is to be woken when a job has changed."""

    surfaces: dict[str, Surface]
    announcers: dict[str, Announcer]
    outbox: CardOutbox
    enforcement: Enforcement
    changed: Callable[[Job], None]

    def wake(self) -> None:
        self.outbox.wake()
        self.enforcement.wake()


def _showing(base: _Base, progress: ProgressTracker) -> _Showing:
    surfaces: dict[str, Surface] = {}
    announcers: dict[str, Announcer] = {}
    outbox = CardOutbox(base.store, surfaces, progress.view, base.clock)

    def changed(job: Job) -> None:
        progress.changed(job)
        outbox.wake()

    enforcement = Enforcement(
        store=base.store,
        pictures=base.pictures,
        surfaces=surfaces,
        announcers=announcers,
        alerts=base.alerts,
        changed=changed,
        clock=base.clock,
    )
    return _Showing(surfaces, announcers, outbox, enforcement, changed)


def _runner(
    base: _Base, backend: Backend, admission: Admission, scheduling: _Scheduling, showing: _Showing
) -> JobRunner:
    watch = BudgetWatch(
        admission, base.store.chat, showing.announcers, base.clock, showing.enforcement.wake
    )
    return JobRunner(
        JobDependencies(
            base.store,
            backend,
            base.pictures,
            scheduling.queue,
            scheduling.progress,
            base.clock,
            base.judge,
            showing.wake,
            lambda job: base.background.start(watch.look(job)),
        )
    )


def _studio(
    base: _Base, admission: Admission, progress: ProgressTracker, runner: JobRunner
) -> Studio:
    submission = JobSubmission(
        store=base.store,
        admission=admission,
        pictures=base.pictures,
        worker=base.worker,
        runner=runner,
        judge=base.judge,
        clock=base.clock,
        resolve=base.resolve,
    )
    return Studio(
        store=base.store,
        admission=admission,
        pictures=base.pictures,
        worker=base.worker,
        submission=submission,
        runner=runner,
        progress=progress,
        clock=base.clock,
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        budgets=settings.budgets,
        timezone=settings.timezone,
        open_per_person=settings.running_per_person + settings.waiting_per_person,
        open_at_all=settings.max_running + settings.max_waiting,
        min_free_bytes=settings.min_free_disk_mb * MEGABYTE,
        set_up_first=frozenset({"discord"}),
    )
