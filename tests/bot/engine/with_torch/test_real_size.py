"""What holds for the tiny model holds for the architecture of the real one."""

from pathlib import Path

import pytest
import torch

from bot.engine.batching.canvas import DrawOrder
from bot.engine.models.loras import Loras
from bot.engine.models.stable_diffusion import StableDiffusion
from tests.bot.engine.with_torch.real_size import pipeline
from tests.bot.engine.with_torch.schedulers import scheduler_called
from tests.bot.engine.with_torch.step_harness import StepHarness, watch_of
from tests.bot.engine.with_torch.stock_pipelines import difference


@pytest.mark.slow
def test_the_architecture_of_sd21_at_128_px_equals_the_stock_pipeline(tmp_path: Path) -> None:
    pipe = pipeline(tmp_path, device="cpu", dtype=torch.float32)
    loras = Loras(pipe, None)
    family = StableDiffusion(pipe, device=torch.device("cpu"), dtype=torch.float32, loras=loras)
    wanted = [
        DrawOrder(
            prompt=prompt,
            width_px=128,
            height_px=128,
            steps=2,
            guidance=guidance,
            seed=5,
            scheduler=scheduler_called("DDIM"),
        )
        for prompt, guidance in (("the cat", 7.5), ("the dog", 1.0))
    ]

    works = StepHarness(family, loras).draw_staggered(wanted, [0, 1])

    for order, work in zip(wanted, works, strict=True):
        assert len(watch_of(work).pngs) == 1
        stock = pipe(
            order.prompt,
            negative_prompt="",
            width=128,
            height=128,
            num_inference_steps=2,
            guidance_scale=order.guidance,
            generator=torch.Generator().manual_seed(5),
            output_type="latent",
        ).images[0]
        assert difference(work.canvases[0].latents, stock) < 2e-5
