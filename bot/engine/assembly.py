"""The parts of an engine, wired."""

import time

import torch

from bot.engine import device as devices
from bot.engine import schedulers, stable_diffusion
from bot.engine.canvas import Order
from bot.engine.engine import About, StepEngine
from bot.engine.finishing import Finisher
from bot.engine.folder import ModelFolder
from bot.engine.loop import Loop
from bot.engine.loras import Loras
from bot.engine.options import Classify, EngineOptions
from bot.engine.runner import Eager, Graphs
from bot.engine.sampler import NotLinear, compile_table
from bot.errors import Misconfigured

# Enough for the calibration, which repeats the first.
_CALIBRATION_STEPS = 4


def assemble(folder: ModelFolder, options: EngineOptions, classify: Classify | None) -> StepEngine:
    """Load `folder` onto its device and start. Raises Misconfigured."""
    try:
        device, dtype = devices.pick(options.device, options.dtype)
    except ValueError as error:
        raise Misconfigured((str(error),)) from None
    pipe = stable_diffusion.load(folder, dtype=dtype)
    try:
        scheduler = schedulers.named(options.scheduler, pipe.scheduler)
        pipe.to(device)
    except (ValueError, torch.OutOfMemoryError) as error:
        raise Misconfigured((str(error)[:300],)) from error
    loras = Loras(pipe, options.loras)
    family = stable_diffusion.StableDiffusion(
        pipe, device=device, dtype=dtype, loras=loras, compiled=options.compile
    )
    side = devices.Side(device)
    fixed_rows = options.fixed_rows
    on_gpu = device.type == "cuda"
    finisher = Finisher(
        family,
        side,
        classify=classify,
        flag_from=options.flag_from,
        together=not fixed_rows,
    )
    loop = Loop(
        family,
        Graphs(family, side.quiet, fixed_rows) if on_gpu else Eager(family, fixed_rows),
        finisher,
        loras,
        devices.EventStopwatch() if on_gpu else devices.WallStopwatch(),
        now=time.monotonic,
        fixed_rows=fixed_rows,
    )
    if on_gpu and not fixed_rows:
        _calibrate(loop, scheduler, folder.sample_px)
    about = About(
        name=folder.name,
        sample_px=folder.sample_px,
        price_micros=options.price_micros,
        max_pictures=options.max_pictures,
        scheduler=scheduler,
    )
    return StepEngine(about, family, loras, loop, finisher)


def _calibrate(loop: Loop, scheduler: object, side_px: int) -> None:
    """Measure the usual shape before anyone waits; others are measured while they are drawn."""
    try:
        table = compile_table(scheduler, _CALIBRATION_STEPS)
    except NotLinear:
        return
    order = Order(
        prompt="",
        width_px=side_px,
        height_px=side_px,
        steps=_CALIBRATION_STEPS,
        seed=0,
        scheduler=scheduler,
    )
    loop.calibrate(order, table)
