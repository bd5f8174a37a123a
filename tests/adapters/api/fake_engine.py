"""An engine at the port, for tests of its HTTP face: small real PNGs, a gate for its brush."""

import asyncio
import hashlib
import io
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydantic import SecretStr

from adapters import pinned_http
from adapters.api.app import ApiServer, Terms, create_app
from adapters.api.drawings.webhooks import Resolve
from adapters.api.requests.request_reader import Worker
from bot.config.engine_settings import CallerKey
from bot.domain.model import SD21, Model, Price
from bot.images import codec
from bot.images.metadata import with_metadata
from bot.images.result import Drawn, DrawnPicture, PictureType
from bot.ports import Clock, OnStep
from bot.request.image_request import ImageRequest
from bot.urls import resolve_public
from tests.support.clock import FakeClock

KEY = "a-key-of-the-tests"
OTHER_KEY = "another-key-of-the-tests"
AUTH = {"Authorization": f"Bearer {KEY}"}
MODEL = "stabilityai/stable-diffusion-2-1"
PATH = f"/v1/inference/{MODEL}"
KEYS = (
    CallerKey(name="ann", secret=SecretStr(KEY), at_once=4),
    CallerKey(name="bob", secret=SecretStr(OTHER_KEY)),
)


class FakeEngine:
    """Implements ports.Engine."""

    def __init__(self) -> None:
        price = Price(kind="time", micros=500)
        self.model = replace(SD21, price=price, deprecated_at=None, replaced_by=None)
        self.drawn: list[tuple[str, ImageRequest]] = []
        self.previews: list[bool] = []
        self.trouble: list[Exception] = []  # raised by the next drawings, in turn
        self.busy = 0
        self.cancelled = 0
        self.ok = True
        self.flagged: bool | None = False
        self.runtime_ms = 228
        self.steps = 4
        self.ballast = b""  # a chunk of every picture that only makes it heavy
        self.began = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    @property
    def models(self) -> Sequence[Model]:
        return (self.model,)

    async def draw(
        self, request: ImageRequest, on_step: OnStep, *, caller: str, previews: bool = False
    ) -> Drawn:
        assert request.seed is not None
        self.drawn.append((caller, request))
        self.previews.append(previews)
        self.busy += 1
        try:
            if self.trouble:
                raise self.trouble.pop(0)
            self.began.set()
            for step in range(self.steps):
                on_step(step / self.steps, PREVIEW if previews else None)
                await asyncio.sleep(0)
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.busy -= 1
        made = [_drawn(request, request.seed + n, self.ballast) for n in range(request.num_images)]
        return Drawn(
            pictures=tuple(DrawnPicture(png=png, flagged=self.flagged) for png in made),
            seed=request.seed,
            runtime_ms=self.runtime_ms,
        )

    def health(self) -> Mapping[str, Any]:
        return {"ok": self.ok, "why": "", "device": "fake", "drawn": len(self.drawn)}


def paint(request: ImageRequest, seed: int) -> bytes:
    """The answer to the same prompt and seed: as large as was asked, and marked."""
    return with_metadata(_drawn(request, seed), PictureType.PNG, None)


def _drawn(request: ImageRequest, seed: int, ballast: bytes = b"") -> bytes:
    digest = hashlib.sha256(f"{request.prompt}{seed}".encode()).digest()
    buffer = io.BytesIO()
    image = Image.new("RGB", (request.width, request.height), (digest[0], digest[1], digest[2]))
    more = PngInfo()
    if ballast:
        more.add(b"baLl", ballast)
    image.save(buffer, "PNG", compress_level=1, pnginfo=more)
    return buffer.getvalue()


def _preview() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16)).save(buffer, "JPEG")
    return buffer.getvalue()


PREVIEW = _preview()


class Inline:
    """The picture worker's seam, without the price of a process for each test."""

    async def starting_image(self, data: bytes) -> bytes:
        return await asyncio.to_thread(codec.prepare_starting_image, data)


class Api:
    """The app over a fake, and a client of it."""

    def __init__(self, engine: FakeEngine, server: ApiServer, client: httpx.AsyncClient) -> None:
        self.engine = engine
        self.server = server
        self.client = client

    async def infer(self, headers: Mapping[str, str] = AUTH, **fields: Any) -> httpx.Response:
        small = {"prompt": "a cat", "width": 128, "height": 128, **fields}
        return await self.client.post(PATH, json=small, headers=headers)


def opened(
    engine: FakeEngine,
    *,
    terms: Terms | None = None,
    http: httpx.AsyncClient | None = None,
    resolve: Resolve = resolve_public,
    clock: Clock | None = None,
    worker: Worker | None = None,
) -> ApiServer:
    return create_app(
        engine,
        terms or Terms(keys=KEYS, at_once=8, price_micros=500),
        worker=worker or Inline(),
        http=http or pinned_http.client(),
        resolve=resolve,
        clock=clock or FakeClock(auto=True),
        rng=random.Random(7),
    )


@asynccontextmanager
async def api(engine: FakeEngine | None = None, **options: Any) -> AsyncIterator[Api]:
    engine = engine or FakeEngine()
    async with pinned_http.client() as http:
        server = opened(engine, **{"http": http, **options})
        transport = httpx.ASGITransport(server.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://engine") as client:
            yield Api(engine, server, client)
        await server.close()
