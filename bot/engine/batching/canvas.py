"""What is drawn: an order, the work on it, and one canvas for each of its pictures."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import torch

from bot.engine.models.family import Condition
from bot.engine.sampling.scheduler_table import COLUMNS, Table
from bot.engine.sampling.stock_stepper import StockStepper
from bot.errors import BotError
from bot.images.result import Drawn, DrawnPicture


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawOrder:
    """What to draw. `picture` is a starting picture (3, height, width) from -1 to 1, or None.

    `scheduler` is ready to be copied; picture i has the seed `seed` + i.
    """

    prompt: str
    negative: str = ""
    width_px: int
    height_px: int
    steps: int
    guidance: float = 7.5
    seed: int
    count: int = 1
    scheduler: Any
    picture: torch.Tensor | None = None
    strength: float = 0.8
    weighted: bool = False
    lora: str = ""
    previews: bool = False

    @property
    def kept_share(self) -> float | None:
        """The strength, None without a starting picture."""
        return None if self.picture is None else self.strength

    @property
    def guided(self) -> bool:
        """Source: StableDiffusionPipeline.do_classifier_free_guidance."""
        return self.guidance > 1


class Watcher(Protocol):
    """Who asked. Called from the engine's threads; cheap, and never raises."""

    def stepped(self, share: float, preview: bytes | None) -> None: ...

    def finished(self, drawn: Drawn) -> None: ...

    def failed(self, error: BotError) -> None: ...


@dataclass(eq=False, slots=True, kw_only=True)
class Work:
    """One order on its way. `table` is None for a scheduler that has none.

    `over` is set by whoever ends it early, from any thread; the step loop then drops it.
    """

    order: DrawOrder
    table: Table | None
    caller: str
    watcher: Watcher
    arrived_s: float
    canvases: list["Canvas"] = field(default_factory=list)
    over: bool = False
    steps_s: float = 0.0  # its share of the steps that it took part in; the step thread's
    decode_s: float = 0.0  # likewise of decoding; the finisher's
    previewed_s: float | None = None
    pictures: dict[int, DrawnPicture] = field(default_factory=dict)

    @property
    def share_done(self) -> float:
        steps = sum(canvas.steps for canvas in self.canvases)
        return sum(canvas.k for canvas in self.canvases) / steps if steps else 1.0

    def fail(self, error: BotError) -> None:
        """Once: whatever comes later is of no interest."""
        if not self.over:
            self.over = True
            self.watcher.failed(error)


@dataclass(eq=False, slots=True, kw_only=True)
class Canvas:
    """One picture being drawn, before step `k`.

    `state` holds the samples x[k], x[k-1], … and the outputs m[k-1], …, newest first, of as many
    steps as the table looks back: (2·history - 1, C, h, w) float32.
    """

    number: int
    index: int
    work: Work
    course: Table | StockStepper
    state: torch.Tensor
    condition: Condition
    negative: Condition | None
    k: int = 0
    # Canvases of one bucket fit into one batch: equal latents, equally long text.
    bucket: tuple[tuple[int, ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        shapes = (tuple(tensor.shape) for _, tensor in sorted(self.condition.items()))
        self.bucket = (tuple(self.state.shape[1:]), *shapes)

    @property
    def steps(self) -> int:
        return self.course.steps

    @property
    def done(self) -> bool:
        return self.k >= self.course.steps

    @property
    def history(self) -> int:
        return self.course.history if isinstance(self.course, Table) else 1

    @property
    def rows(self) -> int:
        return 1 if self.negative is None else 2

    @property
    def latents(self) -> torch.Tensor:
        """(C, h, w) float32."""
        return self.state[0]

    def model_input(self) -> torch.Tensor:
        """What the denoiser sees next of the latents, before the table's own scale."""
        if isinstance(self.course, StockStepper):
            return self.course.model_input(self.k, self.state[0])[None]
        return self.state

    def coefficients(self) -> torch.Tensor:
        """The table's row of step `k` and the guidance: (COLUMNS + 1) float32."""
        guidance = self.work.order.guidance if self.negative is not None else 1.0
        row = torch.zeros(COLUMNS + 1)
        if isinstance(self.course, Table):
            row[:-1] = self.course.rows[self.k]
        else:
            row[0], row[1] = float(self.course.times[self.k]), 1.0
        row[-1] = guidance
        return row
