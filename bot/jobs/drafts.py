"""What can be asked of a result (again, varied, larger, changed), as a request to submit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.asker import Asker
from bot.domain.job import Action, Job
from bot.errors import Conflict, NotFound
from bot.jobs.access import refuse_hidden, visible_picture
from bot.ports import Address, Pictures
from bot.request import options
from bot.request.image_request import SIDES_PX, ImageRequest
from bot.request.notes import Note

# The strength of a variation: how far it may go from its picture.
VARY_STRENGTH = 0.6
# The strength of an enlargement: it shall change little.
UPSCALE_STRENGTH = 0.3


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a job comes from; `parent` is a job's key, `picture` counts from 1."""

    action: Action = Action.IMAGINE
    parent: str | None = None
    picture: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A request to be quoted and then submitted."""

    request: ImageRequest
    private: bool = False
    origin: Origin = Origin()
    notes: tuple[Note, ...] = ()  # on what was typed; its card shows them

    def starting_from(self, image: bytes) -> "Draft":
        """This draft with a starting image. Raises BadRequest."""
        return replace(self, request=changed(self.request, {"image": image}))


@dataclass(frozen=True, slots=True)
class CardPlace:
    """Where the card of a new job goes: the surface's name and its own address."""

    surface: str
    address: Address


@dataclass(frozen=True, slots=True)
class Again:
    """The same request with a new seed."""

    job: str  # the public id, here and below


@dataclass(frozen=True, slots=True)
class Vary:
    """Redraw a picture with itself as the starting image."""

    job: str
    picture: int  # from 1, here and below


@dataclass(frozen=True, slots=True)
class Upscale:
    """Redraw a picture as large as it gets, close to what it was."""

    job: str
    picture: int


@dataclass(frozen=True, slots=True)
class Edit:
    """The same starting image with other `values`, by field name; all other options are open again.

    It is private if the first one was, or if asked for now.
    """

    job: str
    values: Mapping[str, Any]
    private: bool = False
    notes: tuple[Note, ...] = ()


Plan = Again | Vary | Upscale | Edit


async def draft_of(what: Plan, job: Job, pictures: Pictures) -> Draft:
    """The draft of what is asked of `job`. Raises NotFound, Conflict, BadRequest."""
    fields = await asked_of(job, pictures)
    match what:
        case Again():
            return _draft(job, fields, Origin(Action.AGAIN, job.key))
        case Vary(picture=number):
            size = {"width": job.request.width, "height": job.request.height}
            fields |= {**size, "strength": VARY_STRENGTH}
            fields["image"] = await _picture(job, number, pictures)
            return _draft(job, fields, Origin(Action.VARY, job.key, number))
        case Upscale(picture=number):
            fields |= {**_larger(job), "num_images": 1, "strength": UPSCALE_STRENGTH}
            fields["image"] = await _picture(job, number, pictures)
            return _draft(job, fields, Origin(Action.UPSCALE, job.key, number))
        case Edit(values=values, private=private, notes=notes):
            image = {name: fields[name] for name in fields if name == "image"}
            origin = Origin(Action.EDIT, job.key)
            made = _draft(job, {**image, **values}, origin, private=private)
            return replace(made, notes=notes)


def refuse_gone(asker: Asker, origin: Origin, parent: Job) -> None:
    """Raises NotFound or NotYours where a draft's job or picture was taken away since.

    Between planning and submitting, a platform may have kept us waiting.
    """
    refuse_hidden(asker, parent)
    if not parent.request.prompt:
        raise NotFound("job", parent.public_id)
    if origin.picture is not None:
        visible_picture(parent, origin.picture)


def _draft(job: Job, fields: Mapping[str, Any], origin: Origin, *, private: bool = False) -> Draft:
    return Draft(options.validate(fields), private or job.private, origin)


async def _picture(job: Job, number: int, pictures: Pictures) -> bytes:
    picture = visible_picture(job, number)
    return await pictures.read(picture.sha256, picture.type)


async def asked_of(job: Job, pictures: Pictures, *, keep_seed: bool = False) -> dict[str, Any]:
    """What the person chose, by field name, with the starting image. Raises NotFound."""
    if not job.request.prompt:
        raise NotFound("job", job.public_id)  # its words are gone: erased, or too old
    dropped = {"webhook"} if keep_seed else {"webhook", "seed"}
    asked = {name: getattr(job.request, name) for name in job.request.model_fields_set - dropped}
    asked["model"] = job.asked_model
    if job.image is not None:
        asked["image"] = await pictures.read(job.image.sha256, job.image.type)
    return asked


def changed(request: ImageRequest, changes: Mapping[str, Any]) -> ImageRequest:
    """`request` as if `changes` had been asked for. Raises BadRequest."""
    asked = {name: getattr(request, name) for name in request.model_fields_set}
    return options.validate({**asked, **changes})


def _larger(job: Job) -> dict[str, int]:
    size = enlarged(job.request.width, job.request.height)
    if size is None:
        raise Conflict("largest")
    return {"width": size[0], "height": size[1]}


def enlarged(width_px: int, height_px: int) -> tuple[int, int] | None:
    """The largest size of the same shape that can be asked for; None if it is no larger."""
    factor = min(SIDES_PX[-1] / width_px, SIDES_PX[-1] / height_px)
    size = tuple(max(s for s in SIDES_PX if s <= side * factor) for side in (width_px, height_px))
    return (size[0], size[1]) if size[0] * size[1] > width_px * height_px else None
