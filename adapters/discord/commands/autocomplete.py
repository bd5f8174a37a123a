"""What the commands suggest while somebody types."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from discord.app_commands import Choice

from adapters.discord.actions.first_answer import PATIENCE_S
from adapters.discord.context import Context, Interaction
from adapters.discord.platform.limits import AUTOCOMPLETE_CHOICES_MAX, CHOICE_NAME_MAX_CHARS
from bot.domain.asker import Asker
from bot.domain.job_view import JobView
from bot.errors import BotError
from bot.request.forms import SIZES
from bot.wording import short_model
from bot.wording.moderation.cases import summary

Suggest = Callable[[Context, Asker], Awaitable[list[Choice[str]]]]


def suggesting(here: Context, suggest: Suggest) -> Any:
    """A callback that suggests what fits to the typed text; errors and a slow database give
    nothing.
    """

    async def complete(interaction: Interaction, current: str) -> list[Choice[str]]:
        try:
            async with asyncio.timeout(PATIENCE_S):
                known = await suggest(here, await here.asker(interaction))
        except (BotError, TimeoutError):
            return []
        typed = current.casefold()
        fitting = [c for c in known if typed in c.name.casefold() or typed in c.value.casefold()]
        return fitting[:AUTOCOMPLETE_CHOICES_MAX]

    return complete


async def models(here: Context, asker: Asker) -> list[Choice[str]]:
    known = await here.services.studio.models(asker)
    return [_choice(short_model(model.name), model.name) for model in known]


async def offered(here: Context, asker: Asker) -> list[Choice[str]]:
    """The models that admins choose from; none for others."""
    known = here.services.studio.offered() if asker.is_admin else ()
    return [_choice(model.name, model.name) for model in known]


async def styles(here: Context, asker: Asker) -> list[Choice[str]]:
    return [_choice(name, name) for name in await here.services.presets.names(asker)]


async def loras(here: Context, asker: Asker) -> list[Choice[str]]:
    """The LoRAs that the person used before, as there is no list of all."""
    views = await here.services.studio.history(asker, limit=50)
    used = dict.fromkeys(str(v.options["lora"]) for v in views if v.options.get("lora"))
    return [_choice(name, name) for name in used]


async def sizes(_: Context, __: Asker) -> list[Choice[str]]:
    return [_choice(size.replace("x", " × "), size) for size in SIZES]


async def own_jobs(here: Context, asker: Asker) -> list[Choice[str]]:
    own = await here.services.studio.history(asker, limit=AUTOCOMPLETE_CHOICES_MAX)
    liked = await here.services.reactions.favourites(asker)
    found = {view.public_id: view for view in (*liked, *own)}
    return [_job_choice(view) for view in found.values()]


async def open_jobs(here: Context, asker: Asker) -> list[Choice[str]]:
    own = await here.services.studio.history(asker, limit=AUTOCOMPLETE_CHOICES_MAX)
    return [_job_choice(view) for view in own if not view.phase.is_final]


async def cases(here: Context, asker: Asker) -> list[Choice[str]]:
    known = await here.services.reviews.queue(asker)
    return [_choice(summary(case), case.id) for case in known]


def _job_choice(view: JobView) -> Choice[str]:
    return _choice(f"{view.public_id} · {' '.join(view.prompt.split())}", view.public_id)


def _choice(name: str, value: str) -> Choice[str]:
    return Choice(name=name[:CHOICE_NAME_MAX_CHARS], value=value[:CHOICE_NAME_MAX_CHARS])
