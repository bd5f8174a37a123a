"""From what was typed to a job: a new one, or an edited one."""

from collections.abc import Mapping
from typing import Any

from adapters.web.context import Context
from adapters.web.http.forms import Form
from bot.domain.asker import Asker
from bot.domain.job import read_public_id
from bot.domain.job_view import JobView
from bot.jobs.studio import CardPlace
from bot.request import options
from bot.request.command_parser import Parsed
from bot.request.image_request import ImageRequest


def place_of(asker: Asker) -> CardPlace:
    return CardPlace("web", {"person": asker.person})


async def draw(here: Context, asker: Asker, parsed: Parsed, form: Form) -> JobView:
    """Queue what `parsed` asks for, with the form's picture. Raises BotError."""
    place = place_of(asker)
    if edited := form.text("edit_of"):
        changes = await _changes(here, asker, edited, parsed, form)
        return await here.studio.edit(
            asker,
            read_public_id(edited),
            changes,
            event_id=form.event_id,
            card=place,
            private=parsed.private,
        )
    return await here.studio.imagine(
        asker,
        request_of(parsed, form.image),
        event_id=form.event_id,
        card=place,
        private=parsed.private,
    )


def request_of(parsed: Parsed, image: bytes | None = None) -> ImageRequest:
    return options.validate({**parsed.fields, "image": image})


async def _changes(
    here: Context, asker: Asker, edited: str, parsed: Parsed, form: Form
) -> Mapping[str, Any]:
    """What the text says now; what it no longer says is left open again.

    The starting image is no part of the text: it stays unless another one comes along.
    """
    before = await here.studio.request_of(asker, read_public_id(edited))
    said_before = before.model_fields_set - {"image"}
    image = {} if form.image is None else {"image": form.image}
    return {**dict.fromkeys(said_before), **parsed.fields, **image}
