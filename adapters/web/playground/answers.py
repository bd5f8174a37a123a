"""The typed commands besides /imagine, each answered in the conversation."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from adapters.web.context import Context
from adapters.web.http.forms import Form
from adapters.web.playground.autocomplete import typed_options
from adapters.web.playground.draw import place_of
from adapters.web.playground.replies import said, turn
from bot.domain.asker import Asker
from bot.request.command_parser import Parsed
from bot.request.commands import BY_NAME, COMMANDS, IMAGINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One message: who typed what, and what it means."""

    here: Context
    asker: Asker
    text: str
    parsed: Parsed
    form: Form

    @property
    def public_id(self) -> str:
        return self.parsed.arguments[0] if self.parsed.arguments else ""

    @property
    def number(self) -> int | None:
        return int(self.parsed.arguments[1]) if len(self.parsed.arguments) > 1 else None


async def answer(spoken: Spoken) -> Response:
    return await _ANSWERS[spoken.parsed.command](spoken)


async def _again(spoken: Spoken) -> Response:
    view = await spoken.here.studio.again(
        spoken.asker,
        spoken.public_id,
        event_id=spoken.form.event_id,
        card=place_of(spoken.asker),
    )
    return turn(spoken.here, view, sent=True)


async def _vary(spoken: Spoken) -> Response:
    view = await spoken.here.studio.vary(
        spoken.asker,
        spoken.public_id,
        spoken.number or 1,
        event_id=spoken.form.event_id,
        card=place_of(spoken.asker),
    )
    return turn(spoken.here, view, sent=True)


async def _show(spoken: Spoken) -> Response:
    view = await spoken.here.studio.show(spoken.asker, spoken.public_id)
    return turn(spoken.here, view, sent=True, reveal=True)


async def _cancel(spoken: Spoken) -> Response:
    view = await spoken.here.studio.cancel(spoken.asker, spoken.public_id)
    return turn(spoken.here, view, sent=True, reveal=True)


async def _delete(spoken: Spoken) -> Response:
    view = await spoken.here.studio.delete(spoken.asker, spoken.public_id, spoken.number)
    return turn(spoken.here, view, sent=True, reveal=True)


async def _quota(spoken: Spoken) -> Response:
    quota = await spoken.here.studio.quota(spoken.asker)
    return said(spoken.here, spoken.text, "quota", quota)


async def _models(spoken: Spoken) -> Response:
    models = await spoken.here.studio.models(spoken.asker)
    return said(spoken.here, spoken.text, "models", models)


async def _settings(spoken: Spoken) -> Response:
    studio = spoken.here.studio
    kept = await studio.defaults(spoken.asker)
    if "reset" in spoken.parsed.arguments:
        kept = {}
    if spoken.parsed.fields or spoken.parsed.arguments:
        await studio.set_defaults(spoken.asker, {**kept, **spoken.parsed.fields})
        kept = await studio.defaults(spoken.asker)
    return said(spoken.here, spoken.text, "settings", kept)


async def _help(spoken: Spoken) -> Response:
    if not spoken.parsed.arguments:
        return said(spoken.here, spoken.text, "help", COMMANDS, typed_options(IMAGINE))
    command = BY_NAME[spoken.parsed.arguments[0]]
    return said(spoken.here, spoken.text, "command_help", command, typed_options(command))


_ANSWERS: dict[str, Callable[[Spoken], Awaitable[Response]]] = {
    "again": _again,
    "vary": _vary,
    "show": _show,
    "cancel": _cancel,
    "delete": _delete,
    "quota": _quota,
    "models": _models,
    "settings": _settings,
    "help": _help,
}
