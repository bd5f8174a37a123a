"""The engine beside the stock pipelines: `python -m benchmarks.engine [--tiny] [--model FOLDER]`

Three contestants on the same weights, in the same run, with the same traffic:

* stock: diffusers' pipeline as it is, one request after the other;
* compiled: the same with channels_last and torch.compile (on a GPU only: on a CPU it takes longer
  to compile than all the rest);
* engine: ours, with its threads, decoding and PNGs.

Three kinds of traffic: one picture alone; as many as there is room for, at 768, 512 and 256 px;
and heavy-tailed requests at 85 % of what stock can do. First come, first served follows from the
measured times of each kind of request, so it is computed; the engine's answers are waited for.

In the end a crowd's pictures are held against the pipeline's: speed with other pictures is none.

Without --model the weights are random, of full size on a GPU. --tiny is a model of 4 MB with an
eighth of the sides, for a CPU. A verdict on the goals is given on a GPU only.
"""

import argparse
import asyncio
import io
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers
from PIL import Image

from benchmarks.engine_report import REAL, TINY, Figures, Scale, report, table_row
from bot.engine.assembly import wire
from bot.engine.models import stable_diffusion
from bot.engine.models.model_folder import inspect
from bot.engine.runtime.device import gpus, pick
from bot.engine.runtime.failures import in_words
from bot.engine.runtime.options import EngineOptions
from bot.images.result import Drawn
from bot.request.image_request import ImageRequest
from tests.bot.engine.with_torch import real_size, tiny_model

PROMPT, NEGATIVE, SEED = "the cat", "the dog", 1
LOAD = 0.85
# What people ask for: mostly the default, now and then far more.
MIX_WEIGHTS = (8, 70, 17, 4, 1)
MIX_COUNTS, COUNT_WEIGHTS = (1, 2, 4), (75, 10, 15)


@dataclass(frozen=True)
class Arrival:
    at_s: float
    steps: int
    count: int
    person: str


class Pipeline:
    """diffusers' own pipeline; `service_s` is how long a request of the mix takes it."""

    def __init__(self, pipe: Any, scale: Scale, name: str) -> None:
        self._pipe, self._scale = pipe, scale
        self.figures = Figures(name)
        self._costs: dict[int, tuple[float, float]] = {}

    def measure(self) -> None:
        scale = self._scale
        for side, side_px in scale.sides_px.items():
            seconds = self._median(side_px, scale.steps, 1)
            self.figures.one_s[side], self.figures.rate[side] = seconds, 1 / seconds
        few, many = scale.steps // 2, scale.steps * 2
        for count in MIX_COUNTS:
            short_s = self._median(scale.sides_px[768], few, count)
            long_s = self._median(scale.sides_px[768], many, count)
            step_s = (long_s - short_s) / (many - few)
            self._costs[count] = (short_s - few * step_s, step_s)

    def service_s(self, steps: int, count: int) -> float:
        base_s, step_s = self._costs[count]
        return base_s + steps * step_s

    def serve(self, arrivals: list[Arrival]) -> None:
        """First come, first served."""
        free_s = 0.0
        for one in arrivals:
            free_s = max(free_s, one.at_s) + self.service_s(one.steps, one.count)
            self.figures.mix_s.append(free_s - one.at_s)

    def pixels(self) -> torch.Tensor:
        """The picture that is drawn most here, in 255 levels."""
        (image,) = self._draw(self._scale.sides_px[256], self._scale.steps, 1)
        return levels(image)

    def _draw(self, side_px: int, steps: int, count: int) -> Any:
        return self._pipe(
            PROMPT,
            negative_prompt=NEGATIVE,
            width=side_px,
            height=side_px,
            num_inference_steps=steps,
            num_images_per_prompt=count,
            generator=[torch.Generator().manual_seed(SEED + number) for number in range(count)],
        ).images

    def _median(self, side_px: int, steps: int, count: int) -> float:
        def run() -> None:
            self._draw(side_px, steps, count)

        run()
        return statistics.median(_timed(run) for _ in range(self._scale.repeats))


class Ours:
    """The engine, asked as the API's server asks it."""

    def __init__(self, engine: Any, scale: Scale) -> None:
        self._engine, self._scale = engine, scale
        self.figures = Figures("engine")

    async def measure(self) -> None:
        scale = self._scale
        for side, side_px in scale.sides_px.items():
            await self._crowd(side_px)  # widths are measured, graphs are captured
            alone = [await self._draw(side_px, scale.steps) for _ in range(scale.repeats)]
            self.figures.one_s[side] = statistics.median(alone)
            seconds = await self._crowd(side_px)
            self.figures.rate[side] = scale.saturating / seconds

    async def pixels(self) -> list[torch.Tensor]:
        """The same picture as the pipeline's, from a crowd that begins together."""
        drawn = await asyncio.gather(
            *(self._drawn(self._scale.sides_px[256], self._scale.steps) for _ in range(6))
        )
        return [levels(Image.open(io.BytesIO(one.pictures[0].png))) for one in drawn]

    async def serve(self, arrivals: list[Arrival]) -> None:
        began = time.perf_counter()

        async def one(arrival: Arrival) -> None:
            await asyncio.sleep(arrival.at_s)
            came = began + arrival.at_s
            side_px = self._scale.sides_px[768]
            await self._draw(side_px, arrival.steps, arrival.count, arrival.person)
            self.figures.mix_s.append(time.perf_counter() - came)

        await asyncio.gather(*map(one, arrivals))

    async def _crowd(self, side_px: int) -> float:
        began = time.perf_counter()
        people = range(self._scale.saturating)
        await asyncio.gather(
            *(self._draw(side_px, self._scale.steps, 1, f"person {n}") for n in people)
        )
        return time.perf_counter() - began

    async def _draw(
        self, side_px: int, steps: int, count: int = 1, person: str = "someone"
    ) -> float:
        began = time.perf_counter()
        await self._drawn(side_px, steps, count, person)
        return time.perf_counter() - began

    async def _drawn(
        self, side_px: int, steps: int, count: int = 1, person: str = "someone"
    ) -> Drawn:
        request = ImageRequest(prompt=PROMPT, negative_prompt=NEGATIVE).fitted(
            {
                "width": side_px,
                "height": side_px,
                "num_inference_steps": steps,
                "num_images": count,
                "seed": SEED,
            }
        )
        drawn: Drawn = await self._engine.draw(request, lambda *_: None, caller=person)
        return drawn


def levels(image: Image.Image) -> torch.Tensor:
    """(height · width · 3) from 0 to 255."""
    return torch.frombuffer(bytearray(image.convert("RGB").tobytes()), dtype=torch.uint8).float()


def traffic(scale: Scale, service_s: Callable[[int, int], float]) -> list[Arrival]:
    """Requests of all kinds, as many as fill LOAD of a server that needs `service_s` for each."""
    chance = random.Random(2)
    wanted = [
        (
            chance.choices(scale.mix_steps, MIX_WEIGHTS)[0],
            chance.choices(MIX_COUNTS, COUNT_WEIGHTS)[0],
        )
        for _ in range(scale.requests)
    ]
    gap_s = statistics.mean(service_s(*one) for one in wanted) / LOAD
    arrivals, at_s = [], 0.0
    for number, (steps, count) in enumerate(wanted):
        at_s += chance.expovariate(1 / gap_s)
        arrivals.append(Arrival(at_s, steps, count, f"person {number % 12}"))
    return arrivals


def _timed(run: Callable[[], None]) -> float:
    began = time.perf_counter()
    run()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - began


def weights(arguments: argparse.Namespace, device: torch.device, dtype: torch.dtype) -> Any:
    """A pipeline on its device."""
    if arguments.model:
        pipe = stable_diffusion.load(inspect(arguments.model), dtype=dtype).to(device)
        pipe.safety_checker = None
        return pipe
    with tempfile.TemporaryDirectory() as folder:
        if not arguments.tiny:
            return real_size.pipeline(Path(folder), device=str(device), dtype=dtype)
        transformers.utils.logging.disable_progress_bar()
        found = inspect(tiny_model.build(Path(folder)))
        return stable_diffusion.load(found, dtype=dtype).to(device)


@contextmanager
def compiled(pipe: Any) -> Iterator[Any]:
    """`pipe` as one makes it quick without an engine."""
    unet, decode = pipe.unet, pipe.vae.decode
    torch._dynamo.config.recompile_limit = 64  # noqa: SLF001  (one program for each shape)
    pipe.unet.to(memory_format=torch.channels_last)
    pipe.vae.to(memory_format=torch.channels_last)
    pipe.unet = torch.compile(unet, dynamic=False)
    pipe.vae.decode = torch.compile(decode, dynamic=False)
    try:
        yield pipe
    finally:
        pipe.unet, pipe.vae.decode = unet, decode


def measure_compiled(pipe: Any, scale: Scale, arrivals: list[Arrival]) -> list[Figures]:
    """Its figures, or none where there is no compiler: the others are worth having, too."""
    try:
        with compiled(pipe):
            quick = Pipeline(pipe, scale, "compiled")
            quick.measure()
    except Exception as error:  # noqa: BLE001  (theirs: many kinds)
        print(f"torch.compile is left out: {in_words(error)}")
        return []
    quick.serve(arrivals)
    return [quick.figures]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="a diffusers folder")
    parser.add_argument("--tiny", action="store_true", help="a model of 4 MB; the default on a CPU")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--dtype", default="auto")
    parser.add_argument("--no-compile", action="store_true", help="leave torch.compile out")
    arguments = parser.parse_args()
    device, dtype = pick(arguments.device, arguments.dtype, there=gpus())
    on_gpu = device.type == "cuda"
    arguments.tiny = arguments.tiny or not (on_gpu or arguments.model)
    scale = TINY if arguments.tiny else REAL
    if not on_gpu:
        torch.set_num_threads(1)
    card = torch.cuda.get_device_name() if on_gpu else "CPU"
    model = arguments.model or ("tiny, random" if arguments.tiny else "SD 2.1's size, random")
    versions = f"torch {torch.__version__}, diffusers {diffusers.__version__}"
    device_line = f"{card}, {versions}, {str(dtype).removeprefix('torch.')}; {model}"
    print(device_line)

    pipe = weights(arguments, device, dtype)
    stock = Pipeline(pipe, scale, "stock")
    stock.measure()
    arrivals = traffic(scale, stock.service_s)
    stock.serve(arrivals)
    wanted = stock.pixels()
    found = [stock.figures]
    if not on_gpu or arguments.no_compile:
        print("torch.compile is left out.")
    else:
        found += measure_compiled(pipe, scale, arrivals)
    options = EngineOptions(
        model=Path(), device=str(device), dtype=str(dtype).removeprefix("torch."), max_pictures=4096
    )
    engine = wire(pipe, options, name="benchmark", sample_px=scale.sides_px[768])
    try:
        ours = Ours(engine, scale)

        async def run() -> float:
            await ours.measure()
            await ours.serve(arrivals)
            return max(float((one - wanted).abs().mean()) for one in await ours.pixels())

        off = asyncio.run(run())
    finally:
        engine.close()
    found.append(ours.figures)
    report(found, scale, on_gpu=on_gpu, off=off)
    if on_gpu:
        print(f"peak memory: {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB")
    print(f"\nfor docs/benchmarks.md:\n{table_row(found, device_line)}")


if __name__ == "__main__":
    main()
