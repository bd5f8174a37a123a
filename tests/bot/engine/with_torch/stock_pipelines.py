"""What the stock pipelines make of an order: the measure of everything here."""

from pathlib import Path
from typing import Any

import torch
from compel import Compel
from diffusers import StableDiffusionImg2ImgPipeline, StableDiffusionPipeline
from PIL import Image

from bot.engine.batching.canvas import DrawOrder


class Stock:
    """diffusers' own pipelines with weights of their own, one for each LoRA and one without."""

    def __init__(self, folder: Path, lora_folder: Path) -> None:
        self._pipes = {name: _pipe(folder, lora_folder, name) for name in ("", "ink", "oil")}
        self._own = self._pipes[""].scheduler

    def latents(self, order: DrawOrder, index: int = 0) -> torch.Tensor:
        """(C, h, w) of picture `index`."""
        return self._run(order, index, "latent")[0]

    def image(self, order: DrawOrder, index: int = 0) -> Image.Image:
        found: Image.Image = self._run(order, index, "pil")[0]
        return found

    def _run(self, order: DrawOrder, index: int, output_type: str) -> Any:
        pipe = self._pipes[order.lora]
        if order.picture is not None:
            pipe = StableDiffusionImg2ImgPipeline(**{**pipe.components, "scheduler": self._own})
            pipe.set_progress_bar_config(disable=True)
        pipe.scheduler = type(order.scheduler).from_config(order.scheduler.config)
        with torch.no_grad():
            return pipe(
                **_words(order, pipe),
                **_start(order),
                num_inference_steps=order.steps,
                guidance_scale=order.guidance,
                generator=torch.Generator().manual_seed(order.seed + index),
                output_type=output_type,
            ).images


def _pipe(folder: Path, lora_folder: Path, lora: str) -> Any:
    pipe = StableDiffusionPipeline.from_pretrained(folder, local_files_only=True)
    pipe.set_progress_bar_config(disable=True)
    if lora:
        pipe.load_lora_weights(lora_folder, weight_name=f"{lora}.safetensors")
    return pipe


def _words(order: DrawOrder, pipe: Any) -> dict[str, Any]:
    if not order.weighted:
        return {"prompt": order.prompt, "negative_prompt": order.negative}
    compel = Compel(tokenizer=pipe.tokenizer, text_encoder=pipe.text_encoder)
    with torch.no_grad():
        words, without = compel(order.prompt), compel(order.negative)
    return {"prompt_embeds": words, "negative_prompt_embeds": without}


def _start(order: DrawOrder) -> dict[str, Any]:
    if order.picture is None:
        return {"height": order.height_px, "width": order.width_px}
    return {"image": order.picture[None] / 2 + 0.5, "strength": order.strength}


def difference(found: torch.Tensor, wanted: torch.Tensor) -> float:
    """The largest, as a share of the largest value."""
    return float((found - wanted).abs().max() / wanted.abs().max())
