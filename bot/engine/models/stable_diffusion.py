"""Stable Diffusion 1 and 2 from a diffusers folder."""

from collections.abc import Sequence
from typing import Any

import diffusers
import torch
import transformers
from diffusers import StableDiffusionPipeline

from bot.engine.models.compiled import Compiled
from bot.engine.models.family import Condition, Posterior
from bot.engine.models.loras import Loras
from bot.engine.models.model_folder import ModelFolder
from bot.engine.models.prompt_encoder import Text
from bot.engine.models.safety_checker import Checker
from bot.engine.runtime.failures import in_words
from bot.errors import Misconfigured

TEXT = "encoder_hidden_states"


class StableDiffusion:
    """Implements Family with the parts of the folder's pipeline; none of its loops runs."""

    def __init__(
        self,
        pipe: Any,
        *,
        device: torch.device,
        dtype: torch.dtype,
        loras: Loras,
        compiled: bool = False,
    ) -> None:
        self.device, self.dtype = device, dtype
        self._unet, self._vae = pipe.unet.eval(), pipe.vae.eval()
        self.channels = int(self._unet.config.in_channels)
        self.factor = 2 ** (len(self._vae.config.block_out_channels) - 1)
        self.scheduler = pipe.scheduler
        self._loras = loras
        self._text = Text(pipe, loras, device)
        self._checker = Checker.of(pipe, device)
        self._memory = torch.channels_last if device.type == "cuda" else torch.contiguous_format
        self._unet.to(memory_format=self._memory)
        self._vae.to(memory_format=self._memory)
        self._fast = Compiled(self._unet) if compiled else self._unet

    def condition(
        self, prompt: str, negative: str | None, *, weighted: bool, lora: str
    ) -> tuple[Condition, Condition | None]:
        words, without = self._text.encode(prompt, negative, weighted=weighted, lora=lora)
        return {TEXT: words}, None if without is None else {TEXT: without}

    def predict(
        self, x: torch.Tensor, t: torch.Tensor, condition: Condition, loras: Sequence[str]
    ) -> torch.Tensor:
        unet = self._unet if any(loras) else self._fast
        with self._loras.active(loras):
            x = x.to(self.dtype, memory_format=self._memory)
            return unet(x, t, encoder_hidden_states=condition[TEXT], return_dict=False)[0]

    def posterior(self, picture: torch.Tensor) -> Posterior:
        pixels = picture[None].to(self.device, self.dtype, memory_format=self._memory)
        found = self._vae.encode(pixels).latent_dist
        scale = self._vae.config.scaling_factor
        return lambda generator: found.sample(generator)[0] * scale

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        scaled = latents.to(self.dtype, memory_format=self._memory)
        scaled = scaled / self._vae.config.scaling_factor
        pictures = self._vae.decode(scaled, return_dict=False)[0]
        return (pictures.float() / 2 + 0.5).cpu()  # clamped later: first it is checked to be finite

    def flags(self, pictures: torch.Tensor) -> list[bool | None]:
        if self._checker is None:
            return [None] * len(pictures)
        return [*self._checker.flags(pictures)]


def load(folder: ModelFolder, *, dtype: torch.dtype) -> Any:
    """The folder's pipeline on the CPU; nothing is fetched. Raises Misconfigured."""
    for theirs in (diffusers.utils.logging, transformers.utils.logging):
        theirs.set_verbosity_error()
        theirs.disable_progress_bar()
    try:
        pipe = StableDiffusionPipeline.from_pretrained(
            str(folder.path),
            dtype=dtype,
            variant=folder.variant,
            local_files_only=True,
            requires_safety_checker=folder.has_checker,
        )
    except Exception as error:  # its parts raise many kinds
        text = f"{folder.path} can't be loaded: {in_words(error)}"
        raise Misconfigured((text,)) from error
    pipe.set_progress_bar_config(disable=True)
    return pipe
