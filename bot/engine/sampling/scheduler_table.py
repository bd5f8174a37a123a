"""Any deterministic diffusers scheduler as a table of numbers.

Every deterministic scheduler is linear in the sample and the model's outputs. So the stock
scheduler is run once on basis vectors, which gives its impulse response, and the shortest
recurrence that reproduces it is fitted, and tried on random numbers against the scheduler itself:

    x[k+1] = Σⱼ a[k][j]·x[k-j] + Σⱼ b[k][j]·m[k-j]     the model sees s[k]·x[k] at time t[k]

m is the model's output after guidance. No scheduler's formula is written here. With a table,
pictures of different schedulers, step counts and strengths share one update.
"""

import copy
import inspect
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import torch

# The longest memory of any scheduler here: LMS and PNDM look back four steps.
HISTORY_MAX = 4
# Relative: linear schedulers were seen up to 2e-7, others at 1e-2.
RESIDUAL_MAX = 1e-6
# Relative, in the trial: linear ones that compute in float32 are at 1e-6, others at 1e-2.
TRIAL_MAX = 1e-5
TRIAL_WIDTH = 32
TABLES_KEPT = 256
# The columns of `Table.rows`: t, s, then HISTORY_MAX of a and of b from here on, the newest first.
TIME, SCALE, A, B = 0, 1, 2, 2 + HISTORY_MAX
COLUMNS = 2 + 2 * HISTORY_MAX


class NotLinear(Exception):
    """The scheduler is stochastic or clips: it has to be run itself, see `stock_stepper.py`."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Table:
    """`rows[k]` is (t, s, a₀…a₃, b₀…b₃) of step k, beyond `history` zero; (K, COLUMNS) float32.

    The first sample is image_scale · (encoded picture) + noise_scale · (noise).
    """

    rows: torch.Tensor
    history: int
    image_scale: float
    noise_scale: float

    @property
    def steps(self) -> int:
        return int(self.rows.shape[0])


def begin_of(steps: int, strength: float | None) -> int:
    """How many of `steps` a starting picture skips.

    Source: StableDiffusionImg2ImgPipeline.get_timesteps.
    """
    if strength is None:
        return 0
    return max(steps - min(int(steps * strength), steps), 0)


def started(scheduler: Any, steps: int, strength: float | None) -> tuple[Any, torch.Tensor]:
    """A fresh copy of `scheduler`, ready for its first step, and its timesteps from there on."""
    fresh = copy.deepcopy(scheduler)  # constructing some of them takes a third of a second
    fresh.set_timesteps(steps)
    begin = begin_of(steps, strength)
    if begin == steps:
        return fresh, fresh.timesteps[:0]  # none, although some have one more step than asked
    begin *= getattr(fresh, "order", 1)
    if strength is not None and hasattr(fresh, "set_begin_index"):
        fresh.set_begin_index(begin)
    return fresh, fresh.timesteps[begin:]


def first_scales(scheduler: Any, times: torch.Tensor, *, image: bool) -> tuple[float, float]:
    """(image_scale, noise_scale) of a scheduler from `started`."""
    if not image:
        return 0.0, float(getattr(scheduler, "init_noise_sigma", 1.0))
    if len(times) == 0:
        return 1.0, 0.0
    one, zero = torch.ones(1, 1, 1, 1, dtype=torch.float64), torch.zeros(1, 1, 1, 1)
    return (
        float(scheduler.add_noise(one, zero.double(), times[:1])),
        float(scheduler.add_noise(zero.double(), one, times[:1])),
    )


def compile_table(scheduler: Any, steps: int, strength: float | None = None) -> Table:
    """The table of `scheduler` at `steps`; `strength` is None without a starting picture.

    Raises NotLinear.
    """
    config = scheduler.config
    if config.get("clip_sample") or config.get("thresholding"):
        raise NotLinear(f"{type(scheduler).__name__} clips")
    with torch.random.fork_rng(devices=[]):  # some draw noise from torch's global generator
        fresh, times = started(scheduler, steps, strength)
        image_scale, noise_scale = first_scales(fresh, times, image=strength is not None)
        scales, response = _respond(fresh, times)
        history, weights = _recurrence(response, type(scheduler).__name__)
        head = torch.stack([times.to(torch.float64), torch.tensor(scales, dtype=torch.float64)], 1)
        _try_out(started(scheduler, steps, strength)[0], times, weights)
    return Table(
        rows=torch.cat([head.reshape(-1, 2), weights], 1).float(),
        history=history,
        image_scale=image_scale,
        noise_scale=noise_scale,
    )


def _respond(scheduler: Any, times: torch.Tensor) -> tuple[list[float], torch.Tensor]:
    """The input scales (K), and x[k] in terms of (x[0], m[0], m[1], …): (K+1, K+1) float64."""
    count = len(times)
    basis = torch.eye(count + 1, dtype=torch.float64)
    probe = torch.ones(1, 1, 1, 1, dtype=torch.float64)
    x = basis[:1].reshape(1, 1, 1, -1)
    samples, scales = [basis[0]], []
    chance = _chance(scheduler)
    for k, time in enumerate(times):
        scales.append(float(scheduler.scale_model_input(probe, time)))
        output = basis[k + 1].reshape(1, 1, 1, -1).clone()
        x = scheduler.step(output, time, x, return_dict=False, **chance)[0].to(torch.float64)
        samples.append(x.reshape(-1))
    return scales, torch.stack(samples)


def _chance(scheduler: Any, seed: int = 0) -> dict[str, Any]:
    """Arguments of `step`: a generator for schedulers that take one, else nothing."""
    takes = "generator" in inspect.signature(scheduler.step).parameters
    return {"generator": torch.Generator().manual_seed(seed)} if takes else {}


def _recurrence(response: torch.Tensor, name: str) -> tuple[int, torch.Tensor]:
    """(history, weights), weights (K, 2·HISTORY_MAX) float64: a then b, newest first."""
    worst = 0.0
    for history in range(1, HISTORY_MAX + 1):
        worst, weights = _fit(response, history)
        if worst < RESIDUAL_MAX:
            return history, weights
    raise NotLinear(f"{name}: no recurrence of {HISTORY_MAX} steps, residual {worst:.1e}")


def _fit(response: torch.Tensor, history: int) -> tuple[float, torch.Tensor]:
    """The least-squares recurrence that looks back `history` steps, and its worst residual."""
    count = response.shape[0] - 1
    basis = torch.eye(count + 1, dtype=torch.float64)
    weights = torch.zeros(count, 2 * HISTORY_MAX, dtype=torch.float64)
    worst = 0.0
    for k in range(count):
        back = min(history, k + 1)
        known = [response[k - j] for j in range(back)] + [basis[k + 1 - j] for j in range(back)]
        matrix = torch.stack(known, 1)[: k + 2]  # later outputs have no influence yet
        target = response[k + 1][: k + 2]
        found = torch.linalg.lstsq(matrix, target[:, None], driver="gelsd").solution[:, 0]
        residual = (matrix @ found - target).abs().max() / target.abs().max()
        worst = max(worst, float(residual.nan_to_num(nan=1.0)))
        if worst >= RESIDUAL_MAX:
            break
        weights[k, :back] = found[:back]
        weights[k, HISTORY_MAX : HISTORY_MAX + back] = found[back:]
    return worst, weights


def _try_out(scheduler: Any, times: torch.Tensor, weights: torch.Tensor) -> None:
    """Compare the recurrence with the scheduler on random numbers. Raises NotLinear.

    With few steps any scheduler fits a recurrence of four; noise and clipping show here.
    """
    generator = torch.Generator().manual_seed(1)
    shape = (len(times) + 1, 1, 1, 1, TRIAL_WIDTH)
    first, *outputs = torch.randn(shape, generator=generator, dtype=torch.float64)
    chance = _chance(scheduler, seed=1)
    samples, theirs = [first], first
    for k, time in enumerate(times):
        theirs = scheduler.step(outputs[k], time, theirs, return_dict=False, **chance)[0].double()
        back = range(min(HISTORY_MAX, k + 1))
        ours = sum(weights[k, j] * samples[k - j] for j in back)
        ours = ours + sum(weights[k, HISTORY_MAX + j] * outputs[k - j] for j in back)
        samples.append(ours)
        off = float((ours - theirs).abs().max() / theirs.abs().max())
        if not off < TRIAL_MAX:
            raise NotLinear(f"{type(scheduler).__name__}: off by {off:.1e} at step {k}")


class Tables:
    """Caches tables. Compiling one takes 10 ms to seconds, so the step thread never calls `get`."""

    def __init__(self, kept: int = TABLES_KEPT) -> None:
        self._kept = kept
        self._tables: OrderedDict[tuple[str, str, int, int], Table | None] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, scheduler: Any, steps: int, strength: float | None) -> Table | None:
        """None for a scheduler that has no table."""
        config = json.dumps(dict(scheduler.config), sort_keys=True, default=str)
        begin = -1 if strength is None else begin_of(steps, strength)
        key = (type(scheduler).__name__, config, steps, begin)
        with self._lock:
            if key in self._tables:
                self._tables.move_to_end(key)
                return self._tables[key]
        try:
            table = compile_table(scheduler, steps, strength)
        except NotLinear:
            table = None
        with self._lock:
            self._tables[key] = table
            while len(self._tables) > self._kept:
                self._tables.popitem(last=False)
        return table
