"""Builds an engine from its parts."""

import time
from typing import Any

import torch

from bot.engine.batching.canvas import DrawOrder
from bot.engine.batching.cuda_graphs import CudaRecorder, Graphs
from bot.engine.batching.postprocessing import Postprocessor
from bot.engine.batching.step_loop import Loop
from bot.engine.batching.step_runner import Eager
from bot.engine.engine import About, StepEngine
from bot.engine.models import stable_diffusion
from bot.engine.models.loras import Loras
from bot.engine.models.model_folder import ModelFolder
from bot.engine.runtime import device as devices
from bot.engine.runtime.failures import in_words
from bot.engine.runtime.options import Classify, EngineOptions
from bot.engine.sampling import schedulers
from bot.engine.sampling.scheduler_table import NotLinear, compile_table
from bot.errors import Misconfigured

# Any few will do: the calibration only repeats the first.
_CALIBRATION_STEPS = 4


def assemble(folder: ModelFolder, options: EngineOptions, classify: Classify | None) -> StepEngine:
    """Load `folder` onto its device and start. Raises Misconfigured."""
    device, dtype = _device(options)
    pipe = stable_diffusion.load(folder, dtype=dtype)
    try:
        pipe.to(device)
    except torch.OutOfMemoryError as error:
        text = f"{folder.path} does not fit into the memory of {device}."
        raise Misconfigured((text,)) from error
    except RuntimeError as error:  # such as a GPU in exclusive use, or an old driver
        text = f"The device {device} can't be used: {in_words(error)}"
        raise Misconfigured((text,)) from error
    return wire(pipe, options, name=folder.name, sample_px=folder.sample_px, classify=classify)


def wire(
    pipe: Any,
    options: EngineOptions,
    *,
    name: str,
    sample_px: int,
    classify: Classify | None = None,
) -> StepEngine:
    """An engine around a pipeline that lies on its device already. Raises Misconfigured."""
    device, dtype = _device(options)
    devices.use(device)
    try:
        scheduler = schedulers.named(options.scheduler, pipe.scheduler)
    except ValueError as error:
        raise Misconfigured((str(error),)) from error
    loras = Loras(pipe, options.loras)
    family = stable_diffusion.StableDiffusion(
        pipe, device=device, dtype=dtype, loras=loras, compiled=options.compile
    )
    side = devices.Side(device)
    fixed_rows, on_gpu = options.fixed_rows, device.type == "cuda"
    graphs = Graphs(family, CudaRecorder(side.quiet), fixed_rows)
    postprocessor = Postprocessor(family, side, classify=classify, together=not fixed_rows)
    loop = Loop(
        family,
        graphs if on_gpu else Eager(family, fixed_rows),
        postprocessor,
        loras,
        devices.EventStopwatch() if on_gpu else devices.WallStopwatch(),
        now=time.monotonic,
        fixed_rows=fixed_rows,
    )
    if on_gpu and not fixed_rows:
        _calibrate(loop, scheduler, sample_px)
    about = About(
        name=name,
        sample_px=sample_px,
        price_micros=options.price_micros,
        max_pictures=options.max_pictures,
        scheduler=scheduler,
    )
    return StepEngine(about, family, loras, loop, postprocessor)


def _device(options: EngineOptions) -> tuple[torch.device, torch.dtype]:
    try:
        return devices.pick(options.device, options.dtype, there=devices.gpus())
    except ValueError as error:
        raise Misconfigured((str(error),)) from None


def _calibrate(loop: Loop, scheduler: Any, side_px: int) -> None:
    """Measure the usual shape before anyone waits; others are measured while they are drawn."""
    try:
        table = compile_table(scheduler, _CALIBRATION_STEPS)
    except NotLinear:
        return
    order = DrawOrder(
        prompt="",
        width_px=side_px,
        height_px=side_px,
        steps=_CALIBRATION_STEPS,
        seed=0,
        scheduler=scheduler,
    )
    try:
        loop.calibrate(order, table)
    except Exception as error:  # whatever it is, every request would fail, too
        text = f"This model can't draw here: {in_words(error)}"
        raise Misconfigured((text,)) from error
