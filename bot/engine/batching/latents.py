"""Where a picture begins: noise, or a starting picture with some noise."""

import torch
from diffusers.utils.torch_utils import randn_tensor

from bot.engine.batching.canvas import Canvas, DrawOrder, Work
from bot.engine.models.family import Family, Posterior
from bot.engine.sampling.scheduler_table import HISTORY_MAX, Table
from bot.engine.sampling.stock_stepper import StockStepper


def canvases(work: Work, family: Family, first_number: int) -> list[Canvas]:
    """One canvas for each picture of `work`, encoded and ready for its first step."""
    order = work.order
    condition, negative = family.condition(
        order.prompt,
        order.negative if order.guided else None,
        weighted=order.weighted,
        lora=order.lora,
    )
    posterior = None if order.picture is None else family.posterior(order.picture)
    made = []
    for index in range(order.count):
        # On the CPU, so that a seed means the same picture on every device.
        generator = torch.Generator().manual_seed(order.seed + index)
        course = work.table or StockStepper(
            order.scheduler, order.steps, order.kept_share, generator
        )
        first = _first(order, family, course, posterior, generator)
        made.append(
            Canvas(
                number=first_number + index,
                index=index,
                work=work,
                course=course,
                state=_remembering(first, course),
                condition=condition,
                negative=negative,
            )
        )
    return made


def _first(
    order: DrawOrder,
    family: Family,
    course: Table | StockStepper,
    posterior: Posterior | None,
    generator: torch.Generator,
) -> torch.Tensor:
    """x[0], (C, h, w) float32. First the posterior, then the noise, as the stock pipelines do."""
    kept = None if posterior is None else posterior(generator).float()
    if kept is not None and course.noise_scale == 0:
        return kept
    height, width = order.height_px // family.factor, order.width_px // family.factor
    shape = (1, family.channels, height, width)
    noise = randn_tensor(shape, generator=generator, device=family.device, dtype=family.dtype)
    x = noise[0].float() * course.noise_scale
    return x if kept is None else kept * course.image_scale + x


def _remembering(x: torch.Tensor, course: Table | StockStepper) -> torch.Tensor:
    history = course.history if isinstance(course, Table) else 1
    assert history <= HISTORY_MAX
    state = x.new_zeros((2 * history - 1, *x.shape))
    state[0] = x
    return state
