"""Pictures as they leave the bot: with their parameters and the mark of generated media."""

import asyncio
from dataclasses import dataclass

from bot.domain.job import Job
from bot.images.metadata import (
    ALGORITHMIC_MEDIA,
    TRAINED_ALGORITHMIC_MEDIA,
    parameters_text,
    with_metadata,
)
from bot.images.result import PictureType

# Parameters and mark: two prompts of 3,000 characters, written twice.
MARK_MAX_BYTES = 64_000


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A picture as it leaves the bot, with its parameters and the mark of generated media."""

    data: bytes
    name: str
    media_type: str


async def marked(job: Job, number: int, data: bytes, kind: PictureType) -> File:
    """`data` with the parameters and the mark of generated media."""
    parameters = parameters_text(
        job.request,
        seed=job.seed,
        model=job.drawn_by or job.request.model,
        number=number,
        count=len(job.pictures),
    )
    source = ALGORITHMIC_MEDIA if job.backend == "sketch" else TRAINED_ALGORITHMIC_MEDIA
    marked = await asyncio.to_thread(with_metadata, data, kind, parameters, source)
    name = f"limner-{job.public_id}-{number}{kind.suffix}"
    return File(data=marked, name=name, media_type=kind.value)
