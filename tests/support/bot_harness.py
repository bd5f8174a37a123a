"""A composition root for tests: the real services, with a fake at the port Backend."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from PIL import Image

from bot.accounts.administration import Administration
from bot.accounts.community_claims import CommunityClaims
from bot.accounts.presets import Presets
from bot.accounts.privacy import Privacy
from bot.app.background_tasks import BackgroundTasks
from bot.domain.asker import Asker
from bot.domain.budgets import Balance, Budgets, gates
from bot.domain.catalogue import Catalogue
from bot.domain.job import Job
from bot.domain.job_view import JobView, Phase
from bot.domain.model import SKETCH_MODELS
from bot.errors import BackendResting
from bot.images.result import ImageResult, OnProgress, Picture, PictureType
from bot.images.worker_pool import PictureWorker
from bot.jobs.admission import Admission, Limits
from bot.jobs.budget_alerts import BudgetWatch
from bot.jobs.card_outbox import CardOutbox
from bot.jobs.fair_queue import FairQueue
from bot.jobs.progress import ProgressTracker
from bot.jobs.reactions import Reactions
from bot.jobs.runner import JobDependencies, JobRunner
from bot.jobs.studio import CardPlace, Studio
from bot.jobs.submission import JobSubmission
from bot.moderation.blocked_hashes import BlockedHashes
from bot.moderation.enforcement import Enforcement
from bot.moderation.judge import Judge
from bot.moderation.reviews import Reviews
from bot.ports import (
    Address,
    Announcer,
    Checkpoint,
    Classifier,
    Clock,
    HashMatcher,
    Pictures,
    Surface,
)
from bot.request.image_request import ImageRequest
from bot.request.options import validate
from bot.store import Store
from bot.urls import PinnedUrl
from bot.wording import Sentence, plain
from storage.picture_files import PictureFiles
from storage.sqlite_store import SqliteStore

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANN = Asker(platform="discord", community="c1", channel="art", person="ann", name="Ann")
BOB = replace(ANN, person="bob", name="Bob")
OWNER = Asker(
    platform="web", community="local", channel="playground", person="owner", is_owner=True
)


class ManualClock:
    """Stands still until a test moves it. `sleep` ends when the time has come."""

    def __init__(self, now: datetime = NOON) -> None:
        self._start = now
        self._elapsed_s = 0.0
        self._futures: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed_s)

    def monotonic(self) -> float:
        return self._elapsed_s

    async def sleep(self, delay_s: float) -> None:
        future = asyncio.get_running_loop().create_future()
        self._futures.append((self._elapsed_s + delay_s, future))
        await future

    @property
    def sleepers(self) -> int:
        return sum(not future.done() for _, future in self._futures)

    def advance(self, by: timedelta) -> None:
        self._elapsed_s += by.total_seconds()
        for due_s, future in self._futures:
            if due_s <= self._elapsed_s and not future.done():
                future.set_result(None)


class FakeBackend:
    """Implements ports.Backend: small real PNGs, one colour a seed; holds its brush when told."""

    name = "api"

    def __init__(self, inbox: Path) -> None:
        self.inbox = inbox
        self.repeatable = False
        self.capacity = 4
        self.price_micros = 1_000
        self.bill_micros: int | None = None  # None is the price
        self.flagged: bool | None = False
        self.trouble: list[Exception] = []  # raised by the next calls, in turn
        self.resting = False
        self.drawn: list[ImageRequest] = []
        self.busy = 0
        self.may_finish = asyncio.Event()
        self.may_finish.set()

    def price(self, request: ImageRequest) -> int:
        return self.price_micros * request.num_images

    def check(self) -> None:
        if self.resting:
            raise BackendResting

    def address(self) -> str:
        return "easel"

    async def draw(
        self, request: ImageRequest, on_progress: OnProgress, *, address: str
    ) -> ImageResult:
        assert request.seed is not None
        self.drawn.append(request)
        self.busy += 1
        try:
            on_progress(0.5)
            await self.may_finish.wait()
        finally:
            self.busy -= 1
        if self.trouble:
            raise self.trouble.pop(0)
        bill = self.price(request) if self.bill_micros is None else self.bill_micros
        return ImageResult(
            pictures=tuple(
                self._paint(request, request.seed + n) for n in range(request.num_images)
            ),
            seed=request.seed,
            model=request.model,
            cost_micros=bill,
            runtime_ms=1,
            request_id="R1",
        )

    def _paint(self, request: ImageRequest, seed: int) -> Picture:
        colour = hashlib.sha256(f"{request.prompt}{seed}".encode()).digest()
        file = io.BytesIO()
        Image.new("RGB", (16, 16), (colour[0], colour[1], colour[2])).save(file, "PNG")
        data = file.getvalue()
        path = self.inbox / f"{seed}-{len(self.drawn)}.png"
        path.write_bytes(data)
        return Picture(
            path=path,
            sha256=hashlib.sha256(data).hexdigest(),
            type=PictureType.PNG,
            size_bytes=len(data),
            width_px=16,
            height_px=16,
            flagged=self.flagged,
        )


class FakeSurface:
    """Implements ports.Surface: remembers what hangs where."""

    def __init__(self) -> None:
        self.shown: dict[str, list[JobView]] = {}
        self.withdrawn: list[str] = []
        self.told: list[tuple[str, str]] = []
        self.trouble: list[Exception] = []

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        await checkpoint({**address, "seen": view.revision})
        self.shown.setdefault(address["nail"], []).append(view)

    def shows(self, nail: str, phase: Phase) -> bool:
        return nail in self.shown and self.shown[nail][-1].phase is phase

    async def withdraw(self, address: Address) -> None:
        self.withdrawn.append(address["nail"])

    async def tell(
        self, person: str, notice: Sentence, *, key: str = "", community: str = ""
    ) -> None:
        self.told.append((person, plain(notice)))


class FakeAlerts:
    """Implements ports.Alerts: what the owner heard."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    async def alert(self, topic: str, text: str) -> None:
        self.heard.append((topic, text))


@dataclass
class _Changed:
    progress: ProgressTracker
    outbox: CardOutbox

    def __call__(self, job: Job) -> None:
        self.progress.changed(job)
        self.outbox.wake()


@dataclass
class _Wake:
    outbox: CardOutbox
    enforcement: Enforcement

    def __call__(self) -> None:
        self.outbox.wake()
        self.enforcement.wake()


async def anywhere(url: str) -> PinnedUrl:
    return PinnedUrl(url=url, host="example.org", port=443, ip="127.0.0.1")


def wish(prompt: str = "a cat", **options: Any) -> ImageRequest:
    return validate({"prompt": prompt, **options})


@dataclass
class BotHarness:
    clock: ManualClock
    store: SqliteStore
    backend: FakeBackend
    pictures: PictureFiles
    surface: FakeSurface
    runner: JobRunner
    outbox: CardOutbox
    studio: Studio
    administration: Administration
    privacy: Privacy
    limits: Limits
    progress: ProgressTracker
    surfaces: dict[str, Surface]
    claims: CommunityClaims
    presets: Presets
    reactions: Reactions
    reviews: Reviews
    enforcement: Enforcement
    alerts: "FakeAlerts"
    announcers: dict[str, Announcer]
    _events: int = field(default=0)

    async def imagine(
        self, asker: Asker = ANN, request: ImageRequest | None = None, **how: Any
    ) -> JobView:
        """A wish of its own, or the same again where `event_id` says so."""
        self._events += 1
        event_id = how.pop("event_id", f"event-{self._events}")
        return await self.studio.imagine(
            asker,
            request or wish(),
            event_id=event_id,
            card=CardPlace("wall", {"nail": event_id}),
            **how,
        )

    async def finished(self, view: JobView) -> JobView:
        """The job's last view."""
        async with asyncio.timeout(20):
            return [seen async for seen in self.studio.watch(view.key)][-1]

    async def until(self, condition: Callable[[], object]) -> None:
        """Let everything run until `condition` holds."""
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110  (it may look at a file or a counter)
                await asyncio.sleep(0.001)

    async def balances(self, asker: Asker = ANN) -> list[Balance]:
        return await self.store.jobs.balances(
            gates(asker, self.limits.budgets, "UTC"), self.clock.now()
        )

    async def job(self, view: JobView) -> Job:
        return await self.store.jobs.job(view.key)


@asynccontextmanager
async def bot_harness(
    data_dir: Path,
    budgets: Budgets | None = None,
    *,
    running_per_person: int = 1,
    waiting_per_person: int = 3,
    min_free_bytes: int = 1,
    around_store: Callable[[SqliteStore], Any] = lambda store: store,
    around_backend: Callable[[FakeBackend], Any] = lambda fake_backend: fake_backend,
    around_pictures: Callable[[PictureFiles], Any] = lambda pictures: pictures,
    around_surface: Callable[[FakeSurface], Any] = lambda fake_surface: fake_surface,
    clock: Clock | None = None,
    prepare: Callable[[FakeBackend], object] = id,
    adapter: Callable[["BotHarness"], AbstractAsyncContextManager[object]] = nullcontext,
    communities: tuple[str, ...] = ("c1", "c2"),
    classifier: Classifier | None = None,
    matcher: HashMatcher | None = None,
    set_up_first: frozenset[str] = frozenset(),
) -> AsyncIterator[BotHarness]:
    """Everything at work. `around_…` puts something between a port and who calls it; `door` lets
    an adapter in before the work begins."""
    hands = clock if isinstance(clock, ManualClock) else ManualClock()
    clock = clock or hands
    real = SqliteStore.open(data_dir / "limner.db", clock.now())
    worker = PictureWorker()
    files = PictureFiles(data_dir, worker)
    await files.open()
    fake_backend, fake_surface = FakeBackend(files.inbox), FakeSurface()
    prepare(fake_backend)
    store: Store = around_store(real)
    pictures: Pictures = around_pictures(files)
    backend = around_backend(fake_backend)
    catalogue = Catalogue(SKETCH_MODELS, follow_replacements=False)
    queue = FairQueue(lambda: fake_backend.capacity, running_per_person)
    progress = ProgressTracker(store.jobs, catalogue, queue, clock, lambda: fake_backend.capacity)
    surfaces: dict[str, Surface] = {"wall": around_surface(fake_surface)}
    outbox = CardOutbox(store, surfaces, progress.view, clock)
    limits = Limits(
        budgets=budgets or Budgets(),
        timezone="UTC",
        open_per_person=running_per_person + waiting_per_person,
        open_at_all=500,
        min_free_bytes=min_free_bytes,
        set_up_first=set_up_first,
    )
    claims = CommunityClaims(store.owner, communities)
    await claims.load()
    admission = Admission(
        store=store,
        backend=backend,
        catalogue=catalogue,
        pictures=pictures,
        clock=clock,
        limits=limits,
        claims=claims,
    )
    announcers: dict[str, Announcer] = {}
    background = BackgroundTasks()
    judge = Judge(store, pictures, classifier, matcher or BlockedHashes(real.cases))

    changed = _Changed(progress, outbox)
    enforcement = Enforcement(
        store=store,
        pictures=pictures,
        surfaces=surfaces,
        announcers=announcers,
        alerts=FakeAlerts(),
        changed=changed,
        clock=clock,
    )
    wake = _Wake(outbox, enforcement)
    watch = BudgetWatch(admission, store.chat, announcers, clock, enforcement.wake)
    dependencies = JobDependencies(store, backend, pictures, queue, progress, clock, judge, wake)
    runner = JobRunner(
        replace(dependencies, after_payment=lambda job: background.start(watch.look(job)))
    )
    studio = Studio(
        store=store,
        admission=admission,
        pictures=pictures,
        worker=worker,
        submission=JobSubmission(
            store=store,
            admission=admission,
            pictures=pictures,
            worker=worker,
            runner=runner,
            judge=judge,
            clock=clock,
            resolve=anywhere,
        ),
        runner=runner,
        progress=progress,
        clock=clock,
    )
    core = BotHarness(
        clock=hands,
        store=real,
        backend=fake_backend,
        pictures=files,
        surface=fake_surface,
        runner=runner,
        outbox=outbox,
        studio=studio,
        administration=Administration(store, clock, limits.budgets, "UTC"),
        privacy=Privacy(store, pictures, clock),
        limits=limits,
        progress=progress,
        surfaces=surfaces,
        claims=claims,
        presets=Presets(store.chat),
        reactions=Reactions(store, progress, clock, wake),
        reviews=Reviews(store, pictures, judge, clock, wake, changed),
        enforcement=enforcement,
        alerts=cast("FakeAlerts", enforcement._alerts),
        announcers=announcers,
    )
    try:
        async with adapter(core):
            await runner.sweep()
            showing = asyncio.create_task(outbox.run())
            enforcing = asyncio.create_task(enforcement.run())
            try:
                yield core
            finally:
                await runner.stop(drain_s=0)
                await background.close()
                showing.cancel()
                enforcing.cancel()
                await asyncio.gather(showing, enforcing, return_exceptions=True)
    finally:
        await worker.close()
        await real.close()
