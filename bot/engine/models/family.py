"""The seam to a family of models: all that the step loop knows of what it draws with.

SD 1 and 2 are in `stable_diffusion.py`. Another family (SDXL, flow matching) is a class beside it:
what it needs besides the text rides in the condition, and its scheduler becomes a table like any.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import torch

# What guides one row, by the denoiser's own names: {"encoder_hidden_states": (L, D)} for SD.
Condition = Mapping[str, torch.Tensor]
# Draws the latents of one starting picture with a picture's own generator; (C, h, w).
Posterior = Callable[[torch.Generator], torch.Tensor]


class Family(Protocol):
    """Weights on a device. R is rows, C latent channels, h and w the latents' sides.

    `decode` and `flags` are called on another thread than the rest.
    """

    device: torch.device
    dtype: torch.dtype
    channels: int
    factor: int  # pixels for each latent, on a side
    scheduler: Any  # the folder's own

    def condition(
        self, prompt: str, negative: str | None, *, weighted: bool, lora: str
    ) -> tuple[Condition, Condition | None]:
        """Both conditions, of the same shape; None for a `negative` of None."""

    def predict(
        self, x: torch.Tensor, t: torch.Tensor, condition: Condition, loras: Sequence[str]
    ) -> torch.Tensor:
        """The denoiser's output (R, C, h, w) for x of that shape, t (R), condition (R, …).

        `loras` has a name for each row, "" for none.
        """

    def posterior(self, picture: torch.Tensor) -> Posterior:
        """Encode a starting picture (3, H, W) from -1 to 1."""

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        """(n, C, h, w) float32 → pictures (n, 3, H, W) from 0 to 1, float32, on the CPU."""

    def flags(self, pictures: torch.Tensor) -> list[bool | None]:
        """The verdicts of the folder's checker on copies of (n, 3, H, W); all None without one."""
