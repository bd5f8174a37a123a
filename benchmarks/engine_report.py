"""What benchmarks/engine.py says in the end: figures side by side, floors, and verdicts."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import torch

STEPS = 25
# Counted on the architecture of SD 2.1: 10⁹ operations of a row, and of decoding a picture.
ROW_GFLOP = {768: 2149, 512: 804, 256: 181}
DECODE_GFLOP = {768: 5754, 512: 2515, 256: 629}
# What a matrix product reaches in practice in half precision.
PEAK_GFLOP_S = {"H100": 790_000, "H200": 790_000, "A100": 280_000}
# Half precision rounds differently in another order of rows; another picture is off by tens.
OFF_MAX = 3.0


@dataclass(frozen=True)
class Scale:
    """How much is measured: the real sizes, or what a CPU does in a minute."""

    sides_px: dict[int, int]
    steps: int
    mix_steps: tuple[int, ...]
    requests: int
    saturating: int
    repeats: int


REAL = Scale({side: side for side in (768, 512, 256)}, STEPS, (10, 25, 50, 150, 500), 120, 48, 5)
TINY = Scale({768: 96, 512: 64, 256: 32}, 10, (4, 10, 20, 60, 200), 80, 24, 5)


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


def report(found: list[Figures], scale: Scale, *, on_gpu: bool, off: float) -> None:
    """`off` is how far the engine's picture is from the pipeline's, in levels of 255."""
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
    same = "kept" if off <= OFF_MAX else "MISSED"
    print(f"\n{same:7}the same picture: {off:.2f} levels of 255 off in the mean, up to {OFF_MAX}")
    if not on_gpu or scale is not REAL:
        print("The goals are for a model of full size on a GPU: no verdict is given.")
        return
    floors(ours)
    verdicts(stock, found[1] if len(found) > 2 else None, ours)


def floors(ours: Figures) -> None:
    """How far from what the arithmetic alone takes on this card."""
    name = torch.cuda.get_device_name()
    peak = next((peak for card, peak in PEAK_GFLOP_S.items() if card in name), None)
    if peak is None:
        print(f"\nNo floor is known for {name}.")
        return
    print("\nfloor: the operations of a picture at the peak of this card")
    for side, row_gflop in ROW_GFLOP.items():
        floor_s = (2 * STEPS * row_gflop + DECODE_GFLOP[side]) / peak
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


def table_row(found: list[Figures], device_line: str) -> str:
    """Stock, what is between, engine, and how many times better, for the table in the docs."""

    def cell(values: list[float], form: str, better: float) -> str:
        return f"{', '.join(f'{value:{form}}' for value in values)}: {better:.1f}"

    def of_sides(read: Callable[[Figures], dict[int, float]], form: str, unit: float) -> str:
        cells = []
        for side in read(found[0]):
            values = [unit * read(one)[side] for one in found]
            times = values[-1] / values[0] if unit == 1 else values[0] / values[-1]
            cells.append(cell(values, form, times))
        return " / ".join(cells)

    means, p95s = [one.mean_s for one in found], [one.p95_s for one in found]
    cells = (
        f"{datetime.now(UTC):%Y-%m-%d}",
        device_line,
        of_sides(lambda one: one.one_s, ".0f", 1000),
        of_sides(lambda one: one.rate, ".1f", 1),
        cell(means, ".2f", means[0] / means[-1]),
        cell(p95s, ".2f", p95s[0] / p95s[-1]),
    )
    return f"| {' | '.join(cells)} |"
