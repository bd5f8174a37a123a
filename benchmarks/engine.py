"""The engine beside the stock pipelines: `python -m benchmarks.engine [--tiny] [--model FOLDER]`

Three contestants on the same weights, in the same run, with the same traffic:

* stock: diffusers' pipeline as it is, one request after the other;
* compiled: the same with channels_last and torch.compile (on a GPU only: on a CPU it takes longer
  to compile than all the rest);
* engine: ours, with its threads, decoding and PNGs.

Three kinds of traffic: one picture alone; as many as there is room for, at 768, 512 and 256 px;
and heavy-tailed requests at 85 % of what stock can do. First come, first served follows from the
measured times of each kind of request, so it is computed; the engine's answers are waited for.

Without --model the weights are random, of full size on a GPU. --tiny is a model of 4 MB with an
eighth of the sides, for a CPU. A verdict on the goals is given on a GPU only.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from bot.engine import stable_diffusion
from bot.engine.assembly import wire
from bot.engine.device import gpus, pick
from bot.engine.folder import inspect
from bot.engine.options import EngineOptions
from bot.request import ImageRequest
from tests.engine import real_size, tiny

LOAD = 0.85
STEPS = 25
# What people ask for: mostly the default, now and then far more.
MIX_STEPS, MIX_WEIGHTS = (10, 25, 50, 150, 500), (8, 70, 17, 4, 1)
MIX_COUNTS, COUNT_WEIGHTS = (1, 2, 4), (75, 10, 15)
# Counted on the architecture of SD 2.1: 10⁹ operations of a row, and of decoding a picture.
ROW_GFLOP = {768: 2149, 512: 804, 256: 181}
DECODE_GFLOP = {768: 5754, 512: 2515, 256: 629}
# What a matrix product reaches in practice in half precision.
PEAK_GFLOP_S = {"H100": 790_000, "H200": 790_000, "A100": 280_000}


@dataclass(frozen=True)
class Scale:
    """How much is measured: the real sizes, or what a CPU does in a minute."""

    sides_px: dict[int, int]
    steps: int
    mix_steps: tuple[int, ...]
    requests: int
    saturating: int
    repeats: int


REAL = Scale({side: side for side in (768, 512, 256)}, STEPS, MIX_STEPS, 120, 48, 5)
TINY = Scale({768: 96, 512: 64, 256: 32}, 10, (4, 10, 20, 60, 200), 80, 24, 5)


@dataclass(frozen=True)
class Arrival:
    at_s: float
    steps: int
    count: int
    person: str


@dataclass
class Figures:
    """Of one contestant, by side: seconds of one picture alone, pictures a second in a crowd."""

    name: str
    one_s: dict[int, float] = field(default_factory=dict)
    rate: dict[int, float] = field(default_factory=dict)
    mix_s: list[float] = field(default_factory=list)

    @property
    def mean_s(self) -> float:
        return statistics.mean(self.mix_s)

    @property
    def p95_s(self) -> float:
        return sorted(self.mix_s)[int(0.95 * len(self.mix_s))]


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

    def _median(self, side_px: int, steps: int, count: int) -> float:
        def run() -> None:
            self._pipe(
                "the cat",
                negative_prompt="the dog",
                width=side_px,
                height=side_px,
                num_inference_steps=steps,
                num_images_per_prompt=count,
                generator=[torch.Generator().manual_seed(seed) for seed in range(count)],
            )

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
        request = ImageRequest(prompt="the cat", negative_prompt="the dog").fitted(
            {
                "width": side_px,
                "height": side_px,
                "num_inference_steps": steps,
                "num_images": count,
                "seed": 1,
            }
        )
        began = time.perf_counter()
        await self._engine.draw(request, lambda *_: None, caller=person)
        return time.perf_counter() - began


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
        found = inspect(tiny.build(Path(folder)))
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


def report(found: list[Figures], scale: Scale, device: torch.device) -> None:
    stock, ours = found[0], found[-1]
    print(f"\n{'':28}" + "".join(f"{one.name:>12}" for one in found) + "   times stock")
    for side, side_px in scale.sides_px.items():
        row = [one.one_s[side] for one in found]
        line = f"one picture, {side_px} px, ms"
        print(
            f"{line:28}" + "".join(f"{1000 * s:12.0f}" for s in row) + f"{row[0] / row[-1]:14.2f}"
        )
    for side, side_px in scale.sides_px.items():
        row = [one.rate[side] for one in found]
        line = f"crowd, {side_px} px, a second"
        print(f"{line:28}" + "".join(f"{r:12.2f}" for r in row) + f"{row[-1] / row[0]:14.2f}")
    for line, values in (
        ("mix, mean, s", [one.mean_s for one in found]),
        ("mix, 95 of 100 within, s", [one.p95_s for one in found]),
    ):
        print(
            f"{line:28}" + "".join(f"{s:12.2f}" for s in values) + f"{values[0] / values[-1]:14.2f}"
        )
    if device.type != "cuda":
        print("\nOn a CPU: the goals are for a GPU, and no verdict is given.")
        return
    floors(ours, scale)
    verdicts(stock, found[1] if len(found) > 2 else None, ours)


def floors(ours: Figures, scale: Scale) -> None:
    """How far from what the arithmetic alone takes on this card."""
    name = torch.cuda.get_device_name()
    peak = next((peak for card, peak in PEAK_GFLOP_S.items() if card in name), None)
    if peak is None or scale is not REAL:
        print(f"\nNo floor is known for {name}.")
        return
    print("\nfloor: the operations of a picture at the peak of this card")
    for side in scale.sides_px:
        floor_s = (2 * STEPS * ROW_GFLOP[side] + DECODE_GFLOP[side]) / peak
        alone, crowd = ours.one_s[side] / floor_s, 1 / ours.rate[side] / floor_s
        print(
            f"  {side} px: {1000 * floor_s:.0f} ms; alone {alone:.1f} times it, crowd {crowd:.1f}"
        )


def verdicts(stock: Figures, compiled_: Figures | None, ours: Figures) -> None:
    goals = [
        ("768 px, one picture, over stock", stock.one_s[768] / ours.one_s[768], 1.6),
        ("512 px, crowd, over stock", ours.rate[512] / stock.rate[512], 3.0),
        ("256 px, crowd, over stock", ours.rate[256] / stock.rate[256], 5.0),
        ("mix, mean, over stock", stock.mean_s / ours.mean_s, 5.0),
        ("mix, p95, over stock", stock.p95_s / ours.p95_s, 5.0),
    ]
    if compiled_ is not None:
        goals += [
            ("mix, mean, over compiled", compiled_.mean_s / ours.mean_s, 2.0),
            ("mix, p95, over compiled", compiled_.p95_s / ours.p95_s, 3.0),
        ]
    print("\ngoals")
    for line, ratio, goal in goals:
        print(f"  {'kept' if ratio >= goal else 'MISSED':7}{line}: {ratio:.2f}, goal {goal}")


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
    print(f"{card}, {dtype}, torch {torch.__version__}, diffusers {diffusers.__version__}; {model}")

    pipe = weights(arguments, device, dtype)
    stock = Pipeline(pipe, scale, "stock")
    stock.measure()
    arrivals = traffic(scale, stock.service_s)
    stock.serve(arrivals)
    found = [stock.figures]
    if not on_gpu or arguments.no_compile:
        print("torch.compile is left out.")
    else:
        with compiled(pipe):
            quick = Pipeline(pipe, scale, "compiled")
            quick.measure()
            quick.serve(arrivals)
        found.append(quick.figures)
    options = EngineOptions(
        model=Path(), device=str(device), dtype=str(dtype).removeprefix("torch."), max_pictures=4096
    )
    engine = wire(pipe, options, name="benchmark", sample_px=scale.sides_px[768])
    try:
        ours = Ours(engine, scale)

        async def run() -> None:
            await ours.measure()
            await ours.serve(arrivals)

        asyncio.run(run())
    finally:
        engine.close()
    found.append(ours.figures)
    report(found, scale, device)
    if on_gpu:
        print(f"peak memory: {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB")


if __name__ == "__main__":
    main()
