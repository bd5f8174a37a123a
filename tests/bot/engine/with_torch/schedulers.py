"""Twelve configurations of nine deterministic schedulers, and some that have no table."""

from typing import Any

import diffusers

from tests.bot.engine.with_torch.tiny_model import SD21_SCHEDULER

DETERMINISTIC: dict[str, tuple[str, dict[str, Any]]] = {
    "DDIM": ("DDIMScheduler", {}),
    "Euler": ("EulerDiscreteScheduler", {}),
    "Euler Karras": ("EulerDiscreteScheduler", {"use_karras_sigmas": True}),
    "DPM++ 2M": ("DPMSolverMultistepScheduler", {}),
    "DPM++ 2M Karras": ("DPMSolverMultistepScheduler", {"use_karras_sigmas": True}),
    "DPM++ 3M": ("DPMSolverMultistepScheduler", {"solver_order": 3}),
    "UniPC": ("UniPCMultistepScheduler", {}),
    "PNDM": ("PNDMScheduler", {"skip_prk_steps": True}),
    "Heun": ("HeunDiscreteScheduler", {}),
    "KDPM2": ("KDPM2DiscreteScheduler", {}),
    "DEIS": ("DEISMultistepScheduler", {}),
    "DPM singlestep": ("DPMSolverSinglestepScheduler", {"lower_order_final": True}),
}
WITHOUT_TABLE: dict[str, tuple[str, dict[str, Any]]] = {
    "Euler ancestral": ("EulerAncestralDiscreteScheduler", {}),
    "KDPM2 ancestral": ("KDPM2AncestralDiscreteScheduler", {}),
    "LCM": ("LCMScheduler", {}),
    "DDPM": ("DDPMScheduler", {}),
    "TCD": ("TCDScheduler", {}),
    "DDIM that clips": ("DDIMScheduler", {"clip_sample": True}),
    "SDE-DPM++": ("DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++"}),
}


def scheduler_called(name: str) -> Any:
    """One of either table with the settings of SD 2.1."""
    kind, options = {**DETERMINISTIC, **WITHOUT_TABLE}[name]
    base = diffusers.DDIMScheduler(**SD21_SCHEDULER)
    return getattr(diffusers, kind).from_config(base.config, **options)
