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
from bot.accounts.community_claims import Claims
from bot.accounts.presets import Presets
from bot.accounts.privacy import Privacy
from bot.app.backend_choice import Resolve, Tools, backend_of, catalogue_of, is_paid, pace_of
from bot.app.background_tasks import Errands
from bot.app.system_clock import SystemClock
from bot.config.settings import Settings
from bot.connection import Connection
from bot.domain.catalogue import Catalogue
from bot.domain.job import Job
from bot.images.worker_pool import PictureWorker
from bot.jobs.admission import Admission, Limits
from bot.jobs.budget_alerts import BudgetWatch
from bot.jobs.card_outbox import Cards
from bot.jobs.fair_queue import FairQueue
from bot.jobs.progress import Board
from bot.jobs.reactions import Reactions
from bot.jobs.runner import Desk, Jobs
from bot.jobs.studio import Studio
from bot.jobs.submission import Orders
from bot.moderation import classifier
from bot.moderation.blocked_hashes import BlockedHashes
from bot.moderation.enforcement import Effects
from bot.moderation.judge import Judge
from bot.moderation.review_links import ModeratorLinks
from bot.moderation.reviews import Reviews
from bot.ports import Announcer, Backend, Clock, Names, Pictures, Roles, Surface
from bot.store import Books
from bot.urls import resolve_public
from storage.picture_files import PictureFiles
from storage.sqlite_store import SqliteBooks

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A bot that runs: everything that adapters and the command line need of it."""

    settings: Settings
    clock: Clock
    rng: random.Random
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
    connections: dict[str, Connection]  # to the chat platforms that are switched on
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
    async with AsyncExitStack() as stack:
        base = await _base(stack, settings, clock or SystemClock(), resolve)
        yield await _built(base, rng or random.Random())  # noqa: S311  (jitter)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """What everything else stands on: opened first, closed last."""

    settings: Settings
    clock: Clock
    resolve: Resolve
    books: SqliteBooks
    worker: PictureWorker
    pictures: PictureFiles
    http: httpx.AsyncClient
    webhooks: httpx.AsyncClient
    alerts: WebhookAlerts
    errands: Errands
    judge: Judge


async def _base(stack: AsyncExitStack, settings: Settings, clock: Clock, resolve: Resolve) -> _Base:
    books = SqliteBooks.open(settings.database_path, clock.now())
    stack.push_async_callback(books.close)
    worker = PictureWorker()
    stack.push_async_callback(worker.close)
    pictures = PictureFiles(settings.data_dir, worker)
    await pictures.open()
    http = await stack.enter_async_context(_http_client())
    webhooks = await stack.enter_async_context(pinned_http.client())
    alerts = WebhookAlerts(settings.alert_webhook_url, http, clock)
    stack.push_async_callback(alerts.close)
    errands = Errands()
    stack.push_async_callback(errands.close)
    return _Base(
        settings=settings,
        clock=clock,
        resolve=resolve,
        books=books,
        worker=worker,
        pictures=pictures,
        http=http,
        webhooks=webhooks,
        alerts=alerts,
        errands=errands,
        judge=_judge(stack, books, pictures),
    )


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


async def _built(base: _Base, rng: random.Random) -> App:
    """From who draws, over who is next and what people see of it, to what people can do."""
    settings, books, clock = base.settings, base.books, base.clock
    catalogue = catalogue_of(settings)
    if is_paid(settings):
        catalogue.update(await books.owner.models())
    backend = _backend(base, catalogue, rng)
    claims = Claims(books.owner, settings.allowed_communities)
    await claims.load()
    admission = _admission(base, backend, catalogue, claims)
    line = _line(base, backend, catalogue)
    sight = _sight(base, line.board)
    jobs = _jobs(base, backend, admission, line, sight)
    studio = _studio(base, admission, line.board, jobs)
    sight.surfaces["webhook"] = WebhookSurface(base.webhooks, base.resolve, studio)
    return App(
        settings=settings,
        clock=clock,
        rng=rng,
        http=base.http,
        books=books,
        backend=backend,
        catalogue=catalogue,
        pictures=base.pictures,
        studio=studio,
        administration=Administration(books, clock, settings.budgets, settings.timezone),
        privacy=Privacy(books, base.pictures, clock),
        jobs=jobs,
        cards=sight.cards,
        surfaces=sight.surfaces,
        announcers=sight.announcers,
        presets=Presets(books.chat),
        reactions=Reactions(books, line.board, clock, sight.kick),
        reviews=Reviews(books, base.pictures, base.judge, clock, sight.kick, sight.changed),
        effects=sight.effects,
        roles={},
        names={},
        links=ModeratorLinks(clock),
        claims=claims,
        alerts=base.alerts,
        connections={},
        health={},
        doors={},
    )


def _backend(base: _Base, catalogue: Catalogue, rng: random.Random) -> Backend:
    inbox = base.pictures.inbox
    tools = Tools(base.http, base.alerts, base.worker, inbox, base.clock, rng, base.resolve)
    return backend_of(base.settings, tools, catalogue)


def _admission(base: _Base, backend: Backend, catalogue: Catalogue, claims: Claims) -> Admission:
    return Admission(
        books=base.books,
        backend=backend,
        catalogue=catalogue,
        pictures=base.pictures,
        clock=base.clock,
        limits=_limits(base.settings),
        claims=claims,
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """Who is next, and how long it may take."""

    queue: FairQueue
    board: Board


def _line(base: _Base, backend: Backend, catalogue: Catalogue) -> _Line:
    def places() -> int:
        return min(base.settings.max_running, backend.capacity)

    queue = FairQueue(places, base.settings.running_per_person)
    pace = pace_of(base.settings)
    return _Line(queue, Board(base.books.jobs, catalogue, queue, base.clock, places, pace))


@dataclass(frozen=True, slots=True)
class _Sight:
    """What people see, and who is to be woken when a job has changed."""

    surfaces: dict[str, Surface]
    announcers: dict[str, Announcer]
    cards: Cards
    effects: Effects
    changed: Callable[[Job], None]

    def kick(self) -> None:
        self.cards.kick()
        self.effects.kick()


def _sight(base: _Base, board: Board) -> _Sight:
    surfaces: dict[str, Surface] = {}
    announcers: dict[str, Announcer] = {}
    cards = Cards(base.books, surfaces, board.view, base.clock)

    def changed(job: Job) -> None:
        board.changed(job)
        cards.kick()

    effects = Effects(
        books=base.books,
        pictures=base.pictures,
        surfaces=surfaces,
        announcers=announcers,
        alerts=base.alerts,
        changed=changed,
        clock=base.clock,
    )
    return _Sight(surfaces, announcers, cards, effects, changed)


def _jobs(base: _Base, backend: Backend, admission: Admission, line: _Line, sight: _Sight) -> Jobs:
    watch = BudgetWatch(
        admission, base.books.chat, sight.announcers, base.clock, sight.effects.kick
    )
    return Jobs(
        Desk(
            base.books,
            backend,
            base.pictures,
            line.queue,
            line.board,
            base.clock,
            base.judge,
            sight.kick,
            lambda job: base.errands.send(watch.look(job)),
        )
    )


def _studio(base: _Base, admission: Admission, board: Board, jobs: Jobs) -> Studio:
    orders = Orders(
        books=base.books,
        admission=admission,
        pictures=base.pictures,
        worker=base.worker,
        jobs=jobs,
        judge=base.judge,
        clock=base.clock,
        resolve=base.resolve,
    )
    return Studio(
        books=base.books,
        admission=admission,
        pictures=base.pictures,
        worker=base.worker,
        orders=orders,
        jobs=jobs,
        board=board,
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
