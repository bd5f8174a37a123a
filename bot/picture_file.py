"""Every picture leaves the bot through here: with the mark of generated media, and a whole one with
its parameters.

What is stored stays as it was drawn; both are added on the way out.
"""

import asyncio
import json
import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.job import Job
from bot.images.metadata import (
    ALGORITHMIC_MEDIA,
    SOFTWARE,
    TRAINED_ALGORITHMIC_MEDIA,
    with_metadata,
)
from bot.images.result import PictureType
from bot.request.image_request import ImageRequest

# Parameters and mark: two prompts of 3,000 characters, written twice.
PROVENANCE_MAX_BYTES = 64_000


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A picture as it leaves the bot, with its parameters and the mark of generated media."""

    data: bytes
    name: str
    media_type: str


async def with_provenance(job: Job, number: int, data: bytes, kind: PictureType) -> File:
    """`data` with the parameters and the mark of generated media."""
    parameters = parameters_text(
        job.request,
        seed=job.seed,
        model=job.drawn_by or job.request.model,
        takes=job.takes,
        sampler="none" if job.backend == "sketch" else "unknown",
        number=number,
        count=len(job.pictures),
    )
    name = f"limner-{job.public_id}-{number}{kind.suffix}"
    return File(data=await marked(job, data, kind, parameters), name=name, media_type=kind.value)


async def marked(job: Job, data: bytes, kind: PictureType, parameters: str | None = None) -> bytes:
    """`data`, a picture of `job` or made from one, with the mark that says how it was drawn."""
    source = ALGORITHMIC_MEDIA if job.backend == "sketch" else TRAINED_ALGORITHMIC_MEDIA
    return await asyncio.to_thread(with_metadata, data, kind, parameters, source)


def parameters_text(
    request: ImageRequest,
    *,
    seed: int,
    model: str,
    takes: Collection[str] | None = None,
    sampler: str = "unknown",
    number: int = 1,
    count: int = 1,
) -> str:
    """How picture `number` of `count` was made, in the notation that other tools read.

    Only what the model `takes` is said; None is everything. Readers want a sampler, which services
    don't tell.

    Source: the "parameters" text of AUTOMATIC1111's web UI, and its readers.
    """
    values: dict[str, object] = {
        "Steps": request.num_inference_steps,
        "Sampler": sampler,
        "CFG scale": f"{request.guidance_scale:g}",
        "Seed": seed,
        "Size": f"{request.width}x{request.height}",
        "Model": model,
    }
    if request.image is not None:
        values["Denoising strength"] = f"{request.strength:g}"
    left_out = set() if takes is None else {_OPTIONS[n] for n in _OPTIONS if n not in takes}
    values = {name: value for name, value in values.items() if name not in left_out}
    if count > 1:
        values |= {"Batch size": count, "Batch pos": number - 1}
    values["Version"] = SOFTWARE
    # Sites find a LoRA by this mark in the prompt.
    lora = f" <lora:{request.lora}:1>" if request.lora and "Lora" not in left_out else ""
    lines = [_unmarked(request.prompt) + lora]
    if request.negative_prompt and "Negative prompt" not in left_out:
        lines.append(f"Negative prompt: {_unmarked(request.negative_prompt)}")
    lines.append(", ".join(f"{name}: {_quoted(str(value))}" for name, value in values.items()))
    return "\n".join(lines)


_OPTIONS = {
    "num_inference_steps": "Steps",
    "guidance_scale": "CFG scale",
    "width": "Size",
    "strength": "Denoising strength",
    "negative_prompt": "Negative prompt",
    "lora": "Lora",
}
_MARKS = re.compile(r"\b(negative prompt|steps)(?=:)", re.IGNORECASE)


def _unmarked(words: str) -> str:
    """`words` in which readers find none of the notation's own marks."""
    return _MARKS.sub(r"\1 ", words)


def _quoted(value: str) -> str:
    """`value`, in JSON quotes if it contains the notation's own signs."""
    return json.dumps(value, ensure_ascii=False) if set(value) & set(',:\n"') else value
