"""The backend of the benchmarks, in a process of its own: left alone, noise after half a second."""

import base64
import io
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from PIL import Image

from bot.app.composition import Replacements
from tests.support.fake_deepinfra import FakeDeepInfra, answer_to

KEY = "benchmark-key"
MODEL = "stabilityai/sdxl-turbo"
DRAWING_S = 0.5
# A classifier takes longer than all else that the bot does; benchmarks/moderation.py measures it.
NOBODY_LOOKS = Replacements(classifier=lambda: None)


def serve(pipe: Connection) -> None:
    """Answer after DRAWING_S; tell when each request came and when its pictures were ready."""
    with FakeDeepInfra(key=KEY) as fake:

        def behave(exchange: Any) -> None:
            came = time.monotonic()
            answer = noisy(answer_to(exchange.received))
            time.sleep(max(0.0, came + DRAWING_S - time.monotonic()))
            pipe.send((came, time.monotonic()))
            exchange.send(200, answer)

        fake.always(behave)
        pipe.send(fake.url)
        pipe.recv()


_NOISE: dict[tuple[int, int], str] = {}


def noisy(answer: dict[str, Any]) -> dict[str, Any]:
    """Pictures of one colour are no load: noise compresses like a photograph, that is, hardly."""
    return {**answer, "images": [_noise(url) for url in answer["images"]]}


def _noise(url: str) -> str:
    size = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).size
    if size not in _NOISE:
        buffer = io.BytesIO()
        Image.effect_noise(size, 60).convert("RGB").save(buffer, "PNG", compress_level=1)
        _NOISE[size] = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
    return _NOISE[size]


@dataclass(frozen=True)
class Backend:
    url: str
    pipe: Connection

    def drawn(self, count: int) -> list[tuple[float, float]]:
        """When the next `count` requests came and were ready."""
        return [self.pipe.recv() for _ in range(count)]


@contextmanager
def backend(behaviour: Callable[[Connection], None] = serve) -> Iterator[Backend]:
    """Runs `behaviour`, which sends its address first and ends when it is told anything."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=behaviour, args=(theirs,))
    server.start()
    try:
        yield Backend(ours.recv(), ours)
    finally:
        ours.send("stop")
        server.join(10)
