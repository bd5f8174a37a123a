"""One step of several canvases: gather their rows, predict once, give everyone their own update.

N is canvases, R rows (one for each canvas, two with guidance, then copies of the first row up to
the width), H the longest memory in the batch, S = 2·H - 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from bot.engine.batching.canvas import GUIDANCE, Canvas
from bot.engine.models.family import Condition, Family
from bot.engine.runtime.device import moved
from bot.engine.sampling.scheduler_table import SCALE, TIME, A, B
from bot.engine.sampling.stock_stepper import StockStepper


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Inputs:
    """All that a step reads; a CUDA graph is captured with one of these and refilled by `take`."""

    states: torch.Tensor  # (N, S, C, h, w) float32
    coefficients: torch.Tensor  # (N, COLUMNS + 1) float32
    canvas_of: torch.Tensor  # (R) int64: the canvas of each row
    plain_row: torch.Tensor  # (N) int64: the row without the prompt; guided_row if there is none
    guided_row: torch.Tensor  # (N) int64: the row with the prompt
    condition: Condition  # each (R, …)

    def tensors(self) -> list[torch.Tensor]:
        """All tensors in a fixed order, so that those of two `Inputs` can be paired."""
        fixed = [self.states, self.coefficients, self.canvas_of, self.plain_row, self.guided_row]
        return [*fixed, *(self.condition[name] for name in sorted(self.condition))]

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(tensor.shape) for tensor in self.tensors())

    def copied(self) -> "Inputs":
        return Inputs(
            states=self.states.clone(),
            coefficients=self.coefficients.clone(),
            canvas_of=self.canvas_of.clone(),
            plain_row=self.plain_row.clone(),
            guided_row=self.guided_row.clone(),
            condition={name: tensor.clone() for name, tensor in self.condition.items()},
        )

    def take(self, given: "Inputs") -> None:
        """Copy `given`, which has the same shapes, into these tensors in place."""
        for own, other in zip(self.tensors(), given.tensors(), strict=True):
            own.copy_(other)


def gather(canvases: Sequence[Canvas], width: int, *, slots: int, device: torch.device) -> Inputs:
    """The inputs of one step, filled up to `width` rows and `slots` canvases with the first one."""
    history = max(canvas.history for canvas in canvases)
    states = [_padded(canvas.model_input(), canvas.history, history) for canvas in canvases]
    coefficients = [canvas.coefficients() for canvas in canvases]
    owner: list[int] = []
    plain: list[int] = []
    guided: list[int] = []
    conditions: list[Condition] = []
    for number, canvas in enumerate(canvases):
        plain.append(len(owner))
        if canvas.negative is not None:
            owner.append(number)
            conditions.append(canvas.negative)
        guided.append(len(owner))
        owner.append(number)
        conditions.append(canvas.condition)
    spare_rows, spare_slots = width - len(owner), slots - len(canvases)
    conditions += conditions[:1] * spare_rows
    return Inputs(
        states=torch.stack(states + states[:1] * spare_slots),
        coefficients=moved(torch.stack(coefficients + coefficients[:1] * spare_slots), device),
        canvas_of=moved(torch.tensor(owner + [0] * spare_rows), device),
        plain_row=moved(torch.tensor(plain + [0] * spare_slots), device),
        guided_row=moved(torch.tensor(guided + [0] * spare_slots), device),
        condition={name: torch.stack([one[name] for one in conditions]) for name in conditions[0]},
    )


def lora_of_rows(canvases: Sequence[Canvas], width: int) -> list[str]:
    """The LoRA of each row, "" for none."""
    names = [canvas.work.order.lora for canvas in canvases for _ in range(canvas.rows)]
    return names + [""] * (width - len(names))


def step(family: Family, inputs: Inputs, loras: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """(next samples, guided outputs), both (N, C, h, w) float32."""
    x = inputs.states[:, 0]
    scaled = x * _column(inputs, SCALE)
    rows = inputs.canvas_of
    t = inputs.coefficients[:, TIME][rows]
    out = family.predict(scaled[rows], t, inputs.condition, loras).float()
    plain, guided = out[inputs.plain_row], out[inputs.guided_row]
    m = plain + _column(inputs, GUIDANCE) * (guided - plain)
    return _recur(inputs, m), m


def _recur(inputs: Inputs, m: torch.Tensor) -> torch.Tensor:
    """Σⱼ aⱼ·x[k-j] + Σⱼ bⱼ·m[k-j], added one by one, so that rounding doesn't depend on H."""
    history = (inputs.states.shape[1] + 1) // 2
    x = inputs.states[:, 0] * _column(inputs, A) + m * _column(inputs, B)
    for j in range(1, history):
        x = x + inputs.states[:, j] * _column(inputs, A + j)
        x = x + inputs.states[:, history + j - 1] * _column(inputs, B + j)
    return x


def keep(canvases: Sequence[Canvas], inputs: Inputs, x: torch.Tensor, m: torch.Tensor) -> None:
    """Move the canvases with a table one step on. Those without do it in `keep_stock`.

    All move or, if memory runs out, none: each state is computed before any is stored. They are
    copies, so that `x` and `m` may be overwritten.
    """
    history = (inputs.states.shape[1] + 1) // 2
    newer = torch.cat(
        [
            x[:, None],
            inputs.states[:, : history - 1],
            *([m[:, None]] if history > 1 else []),
            inputs.states[:, history : 2 * history - 2],
        ],
        1,
    )
    moved_on = [
        (canvas, _shortened(newer[number], canvas.history, history))
        for number, canvas in enumerate(canvases)
        if not isinstance(canvas.course, StockStepper)
    ]
    for canvas, state in moved_on:
        canvas.state = state
        canvas.k += 1


def keep_stock(canvas: Canvas, m: torch.Tensor) -> None:
    """Move a canvas with a scheduler of its own one step on from its output (C, h, w)."""
    assert isinstance(canvas.course, StockStepper)
    # A copy: the scheduler may keep it, and a graph's next replay writes over `m`.
    canvas.state = canvas.course.advance(canvas.k, m.clone(), canvas.state[0])[None].float()
    canvas.k += 1


def _padded(state: torch.Tensor, own: int, history: int) -> torch.Tensor:
    """A state that looks back `own` steps as one of `history`, older ones zero."""
    if own == history:
        return state
    zeros = state.new_zeros((history - own, *state.shape[1:]))
    return torch.cat([state[:own], zeros, state[own:], zeros])


def _shortened(state: torch.Tensor, own: int, history: int) -> torch.Tensor:
    """The inverse of `_padded`."""
    if own == history:
        return state
    return torch.cat([state[:own], state[history : history + own - 1]])


def _column(inputs: Inputs, column: int) -> torch.Tensor:
    return inputs.coefficients[:, column].reshape(-1, 1, 1, 1)
