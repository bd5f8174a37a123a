"""The schedulers that can be had, by the names of their diffusers classes.

Another one is a line here and one in tests/bot/engine/with_torch/schedulers.py, where it is held
against its stock pipeline: it gets a table by itself (`scheduler_table.py`), or is run as it is
(`stock_stepper.py`).
"""

from typing import Any

import diffusers
import torch

from bot.engine.runtime.failures import in_words
from bot.engine.sampling.scheduler_table import NotLinear, compile_table
from bot.engine.sampling.stock_stepper import StockStepper

NAMES = (
    "DDIMScheduler",
    "DDPMScheduler",
    "DEISMultistepScheduler",
    "DPMSolverMultistepScheduler",
    "DPMSolverSinglestepScheduler",
    "EulerAncestralDiscreteScheduler",
    "EulerDiscreteScheduler",
    "HeunDiscreteScheduler",
    "KDPM2AncestralDiscreteScheduler",
    "KDPM2DiscreteScheduler",
    "LCMScheduler",
    "LMSDiscreteScheduler",
    "PNDMScheduler",
    "TCDScheduler",
    "UniPCMultistepScheduler",
)
_TRIAL_STEPS = 4


def named(name: str, own: Any) -> Any:
    """`own` for "", else the class called `name` with the configuration of `own`; tried out.

    Raises ValueError with a sentence.
    """
    wanted = name or type(own).__name__
    if wanted not in NAMES:
        whose = f'The scheduler "{wanted}"' if name else f"The model's own scheduler, {wanted},"
        instead = "" if name else " Set ENGINE_SCHEDULER to one of them."
        raise ValueError(
            f"{whose} is none that the engine draws with. It knows {', '.join(NAMES)}.{instead}"
        )
    try:
        found = getattr(diffusers, name).from_config(own.config) if name else own
        for strength in (None, 0.5):
            _try_out(found, strength)
    except Exception as error:  # needs scipy, or does not fit the model
        raise ValueError(f"The scheduler {wanted} can't be used here: {in_words(error)}") from error
    return found


def _try_out(scheduler: Any, strength: float | None) -> None:
    """Make a few steps on zeros. Raises whatever the scheduler raises."""
    try:
        compile_table(scheduler, _TRIAL_STEPS, strength)
    except NotLinear:
        stepper = StockStepper(scheduler, _TRIAL_STEPS, strength, torch.Generator().manual_seed(0))
        x = torch.zeros(1, 8, 8)
        for k in range(stepper.steps):
            x = stepper.advance(k, torch.zeros_like(x), stepper.model_input(k, x))
