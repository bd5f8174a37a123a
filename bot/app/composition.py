"""The composition root: builds storage, backend and jobs from the settings.

What is opened first is closed last. Only the command line and the tests import this.
"""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import httpx

from adapters import outgoing_http, pinned_http
from adapters.alerts import WebhookAlerts
from adapters.webhook import WebhookSurface
from bot.accounts.administration import Administration
from bot.accounts.community_claims import Ceilings, CommunityClaims
from bot.accounts.departures import Departures
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
from bot.app.loops import Loops
from bot.app.system_clock import SystemClock
from bot.config.fields import MEGABYTE
from bot.config.settings import Settings
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
from bot.jobs.sharing import SharedResults, sharing_key
from bot.jobs.studio import Studio
from bot.jobs.submission import JobSubmission
from bot.moderation import classifier
from bot.moderation.blocked_hashes import BlockedHashes
from bot.moderation.classifiers.service import ModerationService
from bot.moderation.enforcement import Enforcement
from bot.moderation.judge import Judge
from bot.moderation.review_links import ReviewLinks
from bot.moderation.reviews import Reviews
from bot.moderation.sanctions import Sanctions
from bot.moderation.tracing import Tracing
from bot.moderation.word_lists import CommunityWords
from bot.platforms import Platform, Platforms
from bot.ports import Alerts, Backend, Classifier, Clock, Pictures
from bot.store import Store
from bot.urls import resolve_public
from storage.picture_files import PictureFiles
from storage.sqlite_store import SqliteStore


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A bot: everything that adapters and the command line need of it."""

    settings: Settings
    clock: Clock
    rng: random.Random
    http: httpx.AsyncClient
    store: Store
    backend: Backend
    catalogue: Catalogue
    pictures: Pictures
    platforms: Platforms
    studio: Studio
    administration: Administration
    privacy: Privacy
    departures: Departures
    progress: ProgressTracker
    runner: JobRunner
    outbox: CardOutbox
    presets: Presets
    reactions: Reactions
    shared: SharedResults
    reviews: Reviews
    sanctions: Sanctions
    words: CommunityWords
    enforcement: Enforcement
    links: ReviewLinks
    claims: CommunityClaims
    alerts: Alerts
    loops: Loops


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacements:
    """What tests put in the place of the world outside; the defaults are the real thing.

    `resolve` decides where webhooks and fetched pictures may lead. A wrapper around the store or
    the pictures is what everybody else calls instead of them.
    """

    clock: Clock = field(default_factory=SystemClock)
    rng: random.Random = field(default_factory=random.Random)
    resolve: Resolve = resolve_public
    alerts: Alerts | None = None
    backend: Callable[[Tools], Backend] | None = None
    classifier: Callable[[], Classifier | None] | None = None
    around_store: Callable[[SqliteStore], Store] = lambda store: store
    around_pictures: Callable[[PictureFiles], Pictures] = lambda pictures: pictures


@asynccontextmanager
async def build_app(settings: Settings, replace: Replacements | None = None) -> AsyncIterator[App]:
    """Everything built and nothing running yet; platforms may still be added.

    Raises Misconfigured.
    """
    async with AsyncExitStack() as stack:
        yield await _build(stack, settings, replace or Replacements())


async def _build(stack: AsyncExitStack, settings: Settings, replace: Replacements) -> App:
    """Build in paragraphs, one for each subject. `stack` closes what was opened, the first last."""
    clock, rng, resolve = replace.clock, replace.rng, replace.resolve

    # What is kept: rows and files.
    database = SqliteStore.open(settings.database_path, clock.now())
    stack.push_async_callback(database.close)
    store = replace.around_store(database)
    worker = PictureWorker()
    stack.push_async_callback(worker.close)
    files = PictureFiles(settings.data_dir, worker)
    await files.open()
    pictures = replace.around_pictures(files)

    # HTTP clients: for the inference API and alerts, and for addresses that people named.
    http = await stack.enter_async_context(outgoing_http.client(settings.proxy))
    webhooks = await stack.enter_async_context(pinned_http.client())
    alerts = replace.alerts or _webhook_alerts(stack, settings, http, clock)

    # The backend that draws.
    catalogue = catalogue_of(settings)
    if is_paid(settings):
        catalogue.update(await store.owner.models())
    tools = Tools(
        http=http,
        alerts=alerts,
        worker=worker,
        inbox=files.inbox,
        clock=clock,
        rng=rng,
        resolve=resolve,
    )
    backend = replace.backend(tools) if replace.backend else backend_of(settings, tools, catalogue)

    # The platforms, and who may draw what there.
    platforms = Platforms()
    ceilings = Ceilings(budgets=settings.budgets, strangers=settings.strangers_budgets)
    claims = CommunityClaims(store.communities, clock, settings.allowed_communities, ceilings)
    await claims.load()
    admission = Admission(
        store=store,
        backend=backend,
        catalogue=catalogue,
        pictures=pictures,
        clock=clock,
        limits=_limits(settings),
        claims=claims,
        platforms=platforms,
    )

    # The queue, and the progress of each job.
    def places() -> int:
        return min(settings.max_running, backend.capacity)

    queue = FairQueue(places, settings.running_per_person)
    shared = SharedResults(store, await sharing_key(store.owner))
    progress = ProgressTracker(
        store.jobs, catalogue, queue, clock, places, duration_estimate_of(settings), shared.link
    )

    # Cards and notices.
    outbox = CardOutbox(store, platforms, progress.view, clock)

    def changed(job: Job) -> None:
        progress.changed(job)
        outbox.wake()

    judge = Judge(
        store,
        pictures,
        _classifier(stack, settings, replace),
        BlockedHashes(store.cases),
        _moderation(settings, http, worker, clock),
    )
    enforcement = Enforcement(
        store=store,
        pictures=pictures,
        platforms=platforms,
        alerts=alerts,
        changed=changed,
        clock=clock,
        tracing=Tracing(store, pictures, worker, judge, clock),
    )

    def wake() -> None:
        outbox.wake()
        enforcement.wake()

    # From a request to its pictures.
    background = BackgroundTasks()
    stack.push_async_callback(background.close)
    budgets = BudgetWatch(admission, store.chat, platforms, clock, enforcement.wake)
    runner = JobRunner(
        JobDependencies(
            store=store,
            backend=backend,
            pictures=pictures,
            queue=queue,
            progress=progress,
            clock=clock,
            judge=judge,
            wake_cards=wake,
            after_payment=lambda job: background.start(budgets.look(job)),
        )
    )
    submission = JobSubmission(
        store=store,
        admission=admission,
        pictures=pictures,
        worker=worker,
        runner=runner,
        judge=judge,
        clock=clock,
        resolve=resolve,
    )
    studio = Studio(
        store=store,
        admission=admission,
        pictures=pictures,
        worker=worker,
        submission=submission,
        runner=runner,
        progress=progress,
        clock=clock,
    )
    platforms.add(Platform(name="webhook", surface=WebhookSurface(webhooks, resolve, studio)))

    # What adapters call.
    privacy = Privacy(store, pictures, clock, settings.moderation_host)
    return App(
        settings=settings,
        clock=clock,
        rng=rng,
        http=http,
        store=store,
        backend=backend,
        catalogue=catalogue,
        pictures=pictures,
        platforms=platforms,
        studio=studio,
        administration=Administration(store, clock, claims.ceiling, settings.timezone),
        privacy=privacy,
        departures=Departures(store.communities, privacy, claims, clock, settings.retention.left),
        progress=progress,
        runner=runner,
        outbox=outbox,
        presets=Presets(store.chat),
        reactions=Reactions(store, progress, clock, wake),
        shared=shared,
        reviews=Reviews(
            store=store,
            pictures=pictures,
            platforms=platforms,
            judge=judge,
            clock=clock,
            wake=wake,
            changed=changed,
        ),
        sanctions=Sanctions(store, clock, wake=wake, changed=changed),
        words=CommunityWords(store.people, clock),
        enforcement=enforcement,
        links=ReviewLinks(clock),
        claims=claims,
        alerts=alerts,
        loops=Loops(clock, alerts),
    )


def _webhook_alerts(
    stack: AsyncExitStack, settings: Settings, http: httpx.AsyncClient, clock: Clock
) -> Alerts:
    alerts = WebhookAlerts(settings.alert_webhook_url, http, clock)
    stack.push_async_callback(alerts.close)
    return alerts


def _classifier(
    stack: AsyncExitStack, settings: Settings, replace: Replacements
) -> Classifier | None:
    """The local classifier, if its extra is installed. Raises Misconfigured."""
    if replace.classifier is not None:
        return replace.classifier()
    models = classifier.read_models(settings.moderation_model, dict(settings.moderation_labels))
    if not models:
        return None
    looker = classifier.LocalClassifier(models=models)
    stack.push_async_callback(looker.close)
    return looker


def _moderation(
    settings: Settings, http: httpx.AsyncClient, worker: PictureWorker, clock: Clock
) -> ModerationService | None:
    if settings.moderation_url is None:
        return None
    return ModerationService(
        http,
        worker,
        clock,
        url=settings.moderation_url,
        key=settings.moderation_key,
        model=settings.moderation_service_model,
        rules=dict(settings.moderation_rules),
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        timezone=settings.timezone,
        open_per_person=settings.running_per_person + settings.waiting_per_person,
        open_at_all=settings.max_running + settings.max_waiting,
        min_free_bytes=settings.min_free_disk_mb * MEGABYTE,
    )
