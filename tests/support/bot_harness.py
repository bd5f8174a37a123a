"""The bot as `limner run` builds it, with fakes at the edges."""

import asyncio
import hashlib
import io
import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import asdict, dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image

from bot.app.backend_choice import Tools
from bot.app.composition import App, Replacements, build_app
from bot.app.lifecycle import at_work
from bot.config.settings import Settings
from bot.domain.asker import Asker
from bot.domain.budgets import Balance, Budgets, gates
from bot.domain.job import Job
from bot.domain.job_view import JobView, Phase
from bot.errors import BackendResting
from bot.images.result import ImageResult, OnProgress, Picture, PictureType
from bot.jobs.drafts import CardPlace, Draft, Plan
from bot.platforms import Platform
from bot.ports import Address, Checkpoint, Classifier
from bot.request.image_request import ImageRequest
from bot.request.options import validate
from bot.urls import PinnedUrl
from bot.wording import Sentence, plain
from storage.picture_files import PictureFiles
from storage.sqlite_store import SqliteStore
from tests.support.clock import FakeClock

ANN = Asker(platform="discord", community="c1", channel="art", person="ann", name="Ann")
BOB = replace(ANN, person="bob", name="Bob")
OWNER = Asker(
    platform="web", community="local", channel="playground", person="owner", is_owner=True
)


class FakeBackend:
    """Implements ports.Backend: small real pictures, a colour a seed; holds its brush when told."""

    name = "api"

    def __init__(self, inbox: Path) -> None:
        self.inbox = inbox
        self.repeatable = False
        self.capacity = 4
        self.price_micros = 1_000
        self.bill_micros: int | None = None  # None is the price
        self.flagged: bool | None = False
        self.kind = PictureType.PNG
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

    async def run(self, capacity_grew: Callable[[], None]) -> None:
        """There is nothing to do."""

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
        image = Image.new("RGB", (16, 16), (colour[0], colour[1], colour[2]))
        image.save(file, self.kind.name)
        data = file.getvalue()
        path = self.inbox / f"{seed}-{len(self.drawn)}{self.kind.suffix}"
        path.write_bytes(data)
        return Picture(
            path=path,
            sha256=hashlib.sha256(data).hexdigest(),
            type=self.kind,
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


async def anywhere(url: str) -> PinnedUrl:
    return PinnedUrl(url=url, host="example.org", port=443, ip="127.0.0.1")


def prompted(prompt: str = "a cat", **options: Any) -> ImageRequest:
    return validate({"prompt": prompt, **options})


@dataclass(frozen=True, slots=True, kw_only=True)
class BotHarness(App):
    """The bot at work, and a test's hands on what stands outside of it.

    `store`, `backend` and `pictures` are those behind what stands around them.
    """

    clock: FakeClock
    store: SqliteStore
    backend: FakeBackend
    pictures: PictureFiles
    alerts: FakeAlerts
    surface: FakeSurface
    _events: Iterator[int] = field(default_factory=partial(itertools.count, 1))

    async def imagine(
        self, asker: Asker = ANN, request: ImageRequest | None = None, **how: Any
    ) -> JobView:
        """A wish of its own, or the same again where `event_id` says so."""
        event_id = how.pop("event_id", f"event-{next(self._events)}")
        card = CardPlace("wall", {"nail": event_id})
        draft = Draft(request or prompted(), **how)
        return await self.studio.submit(asker, draft, event_id=event_id, card=card)

    async def redraw(self, asker: Asker, what: Plan, event_id: str = "b1") -> JobView:
        draft = await self.studio.plan(asker, what)
        card = CardPlace("wall", {"nail": event_id})
        return await self.studio.submit(asker, draft, event_id=event_id, card=card)

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
            gates(asker, self.settings.budgets, "UTC"), self.clock.now()
        )

    async def job(self, view: JobView) -> Job:
        return await self.store.jobs.job(view.key)


@asynccontextmanager
async def bot_harness(
    data_dir: Path,
    budgets: Budgets | None = None,
    *,
    around_store: Callable[[SqliteStore], Any] = lambda store: store,
    around_backend: Callable[[FakeBackend], Any] = lambda fake_backend: fake_backend,
    around_pictures: Callable[[PictureFiles], Any] = lambda pictures: pictures,
    around_surface: Callable[[FakeSurface], Any] = lambda fake_surface: fake_surface,
    clock: FakeClock | None = None,
    prepare: Callable[[FakeBackend], object] = lambda _: None,
    adapter: Callable[["BotHarness"], AbstractAsyncContextManager[object]] = nullcontext,
    classifier: Classifier | None = None,
    **settings: Any,
) -> AsyncIterator[BotHarness]:
    """The bot as `limner run` builds it, at work, with fakes for what stands outside.

    `around_…` puts something between a port and who calls it; `adapter` lets one in before the
    work begins.
    """
    clock = clock or FakeClock()
    alerts, surface = FakeAlerts(), FakeSurface()
    behind: dict[str, Any] = {}

    def backend_in(tools: Tools) -> Any:
        behind["backend"] = fake = FakeBackend(tools.inbox)
        prepare(fake)
        return around_backend(fake)

    def store_behind(store: SqliteStore) -> Any:
        behind["store"] = store
        return around_store(store)

    def pictures_behind(pictures: PictureFiles) -> Any:
        behind["pictures"] = pictures
        return around_pictures(pictures)

    replacements = Replacements(
        clock=clock,
        resolve=anywhere,
        alerts=alerts,
        backend=backend_in,
        classifier=lambda: classifier,
        around_store=store_behind,
        around_pictures=pictures_behind,
    )
    async with build_app(_settings(data_dir, budgets, settings), replacements) as app:
        known = {each.name: getattr(app, each.name) for each in fields(App)}
        known |= {"clock": clock, "alerts": alerts, "surface": surface, **behind}
        core = BotHarness(**known)
        core.platforms.add(Platform(name="wall", surface=around_surface(surface)))
        async with adapter(core), at_work(app):
            yield core


def _settings(data_dir: Path, budgets: Budgets | None, given: Mapping[str, Any]) -> Settings:
    limits = {f"budget_{name}": micros for name, micros in asdict(budgets or Budgets()).items()}
    usual: dict[str, Any] = {
        "backend": "sketch",
        "data_dir": data_dir,
        "min_free_disk_mb": 0,
        "max_running": 200,
        "drain_s": 0,
        "allowed_communities": ("c1", "c2"),
    }
    return Settings(**{**usual, **limits, **given})
