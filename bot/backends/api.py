"""Drawing by DeepInfra, or by any server that speaks its wire."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import httpx

from bot.backends import wire
from bot.backends.answer_images import Image, unpack, unpack_fetched
from bot.backends.blank_pictures import asks_for_blank
from bot.backends.bounded_body import in_thread
from bot.backends.endpoint_pool import Pool
from bot.backends.image_fetch import FetchFailed, Resolve, fetch_picture
from bot.backends.inference_call import Refused, post
from bot.backends.progress_support import ProgressSupport
from bot.config.fields import Endpoint
from bot.domain.catalogue import Catalogue
from bot.domain.pricing import upper_cost
from bot.errors import (
    BackendBlank,
    BackendBusy,
    BackendFailed,
    BackendGarbled,
    BackendKeyRefused,
    BackendLocked,
    BackendModelMissing,
    BackendNeedsMoney,
    BackendUnkept,
    BackendUnreachable,
    Broken,
    QueueFull,
)
from bot.images import codec
from bot.images.result import ImageResult, OnProgress, Picture
from bot.ports import Clock
from bot.request.image_request import ImageRequest
from bot.urls import resolve_public

T = TypeVar("T")

# A picture takes seconds; the rest is for the service's own queue and the loading of models.
READ_TIMEOUT_S = 60.0
READ_TIMEOUT_PER_STEP_MEGAPIXEL_S = 0.5
READ_TIMEOUT_MAX_S = 600.0
BODIES_AT_ONCE = 4
UNPACK_TIMEOUT_S = 60.0
TRIES = 3
BACKOFF_S = 1.0
RETRY_AFTER_MAX_S = 20.0
FETCH_TRIES = 2
# Nothing was drawn, and it may be otherwise at the same address soon.
WORTH_A_PAUSE = (BackendBusy, BackendUnreachable)
# Nothing was drawn, so another address may be asked.
NOT_STARTED = (
    *WORTH_A_PAUSE,
    BackendKeyRefused,
    BackendLocked,
    BackendModelMissing,
    BackendNeedsMoney,
)


class Worker(Protocol):
    """Runs a function, importable by name, in another process."""

    async def run(self, function: Callable[..., T], *args: Any, timeout_s: float) -> T: ...


def read_timeout_s(request: ImageRequest) -> float:
    """How long to wait for the first byte of the answer."""
    megapixels = request.num_images * request.width * request.height / 1_000_000
    work = request.num_inference_steps * megapixels
    return min(READ_TIMEOUT_S + READ_TIMEOUT_PER_STEP_MEGAPIXEL_S * work, READ_TIMEOUT_MAX_S)


class ApiBackend:
    """Implements ports.Backend. `inbox` is a folder that exists and is ours."""

    name = "api"
    # A generation is billed, so a request whose outcome is unknown is never sent again.
    repeatable = False

    def __init__(
        self,
        client: httpx.AsyncClient,
        pool: Pool,
        catalogue: Catalogue,
        worker: Worker,
        inbox: Path,
        *,
        clock: Clock,
        rng: random.Random,
        timeout_s: Callable[[ImageRequest], float] = read_timeout_s,
        resolve: Resolve = resolve_public,
    ) -> None:
        self._client = client
        self._pool = pool
        self._catalogue = catalogue
        self._worker = worker
        self._inbox = inbox
        self._clock = clock
        self._rng = rng
        self._timeout_s = timeout_s
        self._resolve = resolve
        self._bodies = asyncio.Semaphore(BODIES_AT_ONCE)
        self._progress_support = ProgressSupport(client, clock)

    @property
    def capacity(self) -> int:
        return self._pool.capacity

    def price(self, request: ImageRequest) -> int:
        return upper_cost(self._catalogue.model(request.model), request)

    def check(self) -> None:
        self._pool.check()

    def address(self) -> str:
        return self._pool.pick()

    async def run(self, capacity_grew: Callable[[], None]) -> None:
        """As `ports.Backend`: there is nothing to do."""

    async def draw(
        self,
        request: ImageRequest,
        on_progress: OnProgress,
        *,
        address: str,
    ) -> ImageResult:
        """As `ports.Backend`. Where nothing was started other addresses are asked, then the
        busy ones again.
        """
        async with self._pool.request():
            stem = codec.fresh_stem()
            try:
                return await self._draw(request, on_progress, address, stem)
            except BaseException:
                with contextlib.suppress(OSError):  # what was raised says what was billed
                    await in_thread(codec.discard, self._inbox, stem)
                raise

    async def _draw(
        self, request: ImageRequest, on_progress: OnProgress, address: str, stem: str
    ) -> ImageResult:
        failed: dict[Endpoint, BackendFailed] = {}
        at: str | Endpoint | None = address
        tries = 1
        while True:
            with contextlib.suppress(*NOT_STARTED):
                async with self._pool.attempt(at or address) as endpoint:
                    try:
                        return await self._attempt(endpoint, request, on_progress, stem)
                    except NOT_STARTED as error:
                        failed[endpoint] = error
                        raise
            at = self._pool.other_than(failed)
            if at is None:
                at = await self._after_pause(failed, tries)
                tries += 1

    async def _after_pause(
        self, failed: Mapping[Endpoint, BackendFailed], tries: int
    ) -> Endpoint | None:
        """The address to ask again, of those that were only busy. Raises what they raised if there
        are none, or after TRIES.
        """
        busy = {at: error for at, error in failed.items() if isinstance(error, WORTH_A_PAUSE)}
        if not busy or tries == TRIES:
            raise list((busy or failed).values())[-1]
        pause_s = min(self._pause_s(tries, error.__cause__) for error in busy.values())
        await self._clock.sleep(pause_s)
        return self._pool.other_than(failed.keys() - busy.keys())

    def _pause_s(self, tries: int, cause: BaseException | None) -> float:
        backoff_s: float = BACKOFF_S * 2 ** (tries - 1) * self._rng.uniform(0.5, 1.5)
        if isinstance(cause, Refused):
            return max(backoff_s, min(cause.retry_after_s, RETRY_AFTER_MAX_S))
        return backoff_s

    async def _attempt(
        self, endpoint: Endpoint, request: ImageRequest, on_progress: OnProgress, stem: str
    ) -> ImageResult:
        body = self._inbox / f"{stem}.json"
        started_s = self._clock.monotonic()
        reports = await self._progress_support.reports_progress(endpoint)
        try:
            await post(
                self._client,
                endpoint,
                request,
                self._catalogue.takes(request.model),
                body,
                wait_s=self._timeout_s(request),
                bodies=self._bodies,
                now=self._clock.now(),
                on_progress=on_progress if reports else None,
            )
            unpacked = await self._work(unpack, body, self._inbox, stem)
        except (BackendGarbled, BackendUnkept) as error:
            # Something was drawn: without a readable bill the upper cost is taken for it.
            error.billed_micros = error.billed_micros or self.price(request)
            raise
        billed = unpacked.answer.cost_micros
        with _billed(self.price(request) if billed is None else billed):
            images = await self._complete(unpacked.images, stem)
            result = self._result(request, unpacked.answer, images, started_s)
            await in_thread(_leave_only, result.pictures, self._inbox, stem)
        return result

    async def _work(self, function: Callable[..., T], *args: Any) -> T:
        try:
            return await self._worker.run(function, *args, timeout_s=UNPACK_TIMEOUT_S)
        except (Broken, QueueFull) as error:
            detail = "HTTP 200: the answer took too much time or memory to decode"
            raise BackendGarbled(detail=detail) from error
        except OSError as error:
            detail = f"HTTP 200: the pictures could not be stored: {error.strerror}"
            raise BackendUnkept(detail=detail) from error

    async def _complete(self, images: Sequence[Image], stem: str) -> tuple[Picture | None, ...]:
        """`images`, with addresses replaced by the pictures fetched from them."""
        urls = {number: image for number, image in enumerate(images) if isinstance(image, str)}
        files = {number: self._inbox / f"{stem}-{number}.part" for number in urls}
        async with asyncio.TaskGroup() as group:
            fetches = {n: group.create_task(self._fetch(url, files[n])) for n, url in urls.items()}
        there = {number: files[number] for number, fetch in fetches.items() if fetch.result()}
        fetched = await self._work(unpack_fetched, there, self._inbox, stem) if there else {}
        return tuple(
            fetched.get(number) if isinstance(image, str) else image
            for number, image in enumerate(images)
        )

    async def _fetch(self, url: str, path: Path) -> bool:
        for _ in range(FETCH_TRIES):
            with contextlib.suppress(FetchFailed):
                await fetch_picture(self._client, url, path, resolve=self._resolve)
                return True
            await in_thread(path.unlink, True)  # noqa: FBT003  (missing_ok)
        return False

    def _result(
        self,
        request: ImageRequest,
        answer: wire.Answer,
        images: Sequence[Picture | None],
        started_s: float,
    ) -> ImageResult:
        cost_micros = self.price(request) if answer.cost_micros is None else answer.cost_micros
        flagged = zip(images, answer.flags, strict=True)
        kept = tuple(replace(image, flagged=flag) for image, flag in flagged if image)
        if not kept:
            detail = f"HTTP 200: {len(images)} pictures, none of which can be read"
            raise BackendGarbled(billed_micros=cost_micros, detail=detail)
        if not asks_for_blank(request.prompt):
            # One that is flagged is the service's verdict, drawn as black.
            kept = tuple(picture for picture in kept if not picture.blank or picture.flagged)
            if not kept:
                detail = f"HTTP 200: {len(images)} pictures of one colour"
                raise BackendBlank(billed_micros=cost_micros, detail=detail)
        waited_ms = int((self._clock.monotonic() - started_s) * 1_000)
        return ImageResult(
            pictures=kept,
            seed=(request.seed or 0) if answer.seed is None else answer.seed,
            model=request.model,
            cost_micros=cost_micros,
            runtime_ms=waited_ms if answer.runtime_ms is None else answer.runtime_ms,
            request_id=answer.request_id,
        )


@contextlib.contextmanager
def _billed(micros: int) -> Iterator[None]:
    """Whatever goes wrong in here, the answer has come and its bill is known."""
    try:
        yield
    except BackendFailed as error:
        error.billed_micros = error.billed_micros or micros
        raise
    except Exception as error:
        detail = f"HTTP 200: the pictures could not be kept: {type(error).__name__}"
        raise BackendUnkept(billed_micros=micros, detail=detail) from error


def _leave_only(kept: Sequence[Picture], inbox: Path, stem: str) -> None:
    """Delete every file of `stem` but the pictures `kept`: the body they came in, for one."""
    paths = {picture.path for picture in kept}
    for path in inbox.glob(f"{stem}*"):
        if path not in paths:
            path.unlink(missing_ok=True)
