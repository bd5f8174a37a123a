"""What is drawn: an order, the work on it, and one canvas for each of its pictures."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import torch

from bot.engine.models.family import Condition
from bot.engine.sampling.scheduler_table import COLUMNS, SCALE, TIME, Table
from bot.engine.sampling.stock_stepper import StockStepper
from bot.errors import BotError
from bot.images.result import Drawn, DrawnPicture

# The column of `Canvas.coefficients` after those of the table.
GUIDANCE = COLUMNS


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
        """Whether guidance acts. Source: StableDiffusionPipeline.do_classifier_free_guidance."""
        return self.guidance > 1


class Watcher(Protocol):
    """Hears how a work goes. Called from the engine's threads; must be quick and never raise."""

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
    steps_s: float = 0.0  # its share of the steps' time; written by the step thread
    decode_s: float = 0.0  # its share of decoding; written by the finishing thread
    previewed_s: float | None = None
    pictures: dict[int, DrawnPicture] = field(default_factory=dict)

    @property
    def share_done(self) -> float:
        steps = sum(canvas.steps for canvas in self.canvases)
        return sum(canvas.k for canvas in self.canvases) / steps if steps else 1.0

    def fail(self, error: BotError) -> None:
        """Tell the watcher, unless the work is over already."""
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
        """The state whose first row the denoiser sees next, before a table's scale is applied."""
        if isinstance(self.course, StockStepper):
            return self.course.model_input(self.k, self.state[0])[None]
        return self.state

    def coefficients(self) -> torch.Tensor:
        """The table's row of step `k`, then the guidance: (COLUMNS + 1) float32.

        Without a table it holds t and a scale of 1, as `model_input` has scaled already.
        """
        guidance = self.work.order.guidance if self.negative is not None else 1.0
        row = torch.zeros(COLUMNS + 1)
        if isinstance(self.course, Table):
            row[:COLUMNS] = self.course.rows[self.k]
        else:
            row[TIME], row[SCALE] = float(self.course.times[self.k]), 1.0
        row[GUIDANCE] = guidance
        return row
