"""Makes jobs of what was typed: new ones, and ones from a result."""

from adapters.web.context import Context
from adapters.web.http.forms import Form
from bot.domain.asker import Asker
from bot.domain.job import read_public_id
from bot.domain.job_view import JobView
from bot.jobs.drafts import CardPlace, Draft, Edit, Plan
from bot.request import options
from bot.request.command_parser import Parsed
from bot.request.image_request import ImageRequest


async def draw(here: Context, asker: Asker, parsed: Parsed, form: Form) -> JobView:
    """Queue what `parsed` asks for, with the form's picture. Raises BotError."""
    if edited := form.text("edit_of"):
        return await redraw(here, asker, _change(edited, parsed, form), form)
    draft = Draft(request_of(parsed, form.image), parsed.private, notes=parsed.notes)
    return await _submit(here, asker, draft, form)


async def redraw(here: Context, asker: Asker, what: Plan, form: Form) -> JobView:
    """Queue what is asked of a result. Raises BotError."""
    return await _submit(here, asker, await here.studio.plan(asker, what), form)


async def _submit(here: Context, asker: Asker, draft: Draft, form: Form) -> JobView:
    place = CardPlace("web", {"person": asker.person})
    return await here.studio.submit(asker, draft, event_id=form.event_id, card=place)


def request_of(parsed: Parsed, image: bytes | None = None) -> ImageRequest:
    return options.validate({**parsed.fields, "image": image})


def _change(edited: str, parsed: Parsed, form: Form) -> Edit:
    """The change that an edited text asks for; options no longer in it are open again.

    The starting image is no part of the text: it stays unless another one is sent.
    """
    image = {} if form.image is None else {"image": form.image}
    values = {**parsed.fields, **image}
    return Edit(read_public_id(edited), values, private=parsed.private, notes=parsed.notes)
