"""The typed commands besides /imagine, each answered in the conversation."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from adapters.web.context import Context
from adapters.web.http.forms import Form
from adapters.web.playground.autocomplete import typed_options
from adapters.web.playground.draw import redraw
from adapters.web.playground.replies import said, turn
from bot.domain.asker import Asker
from bot.jobs.drafts import Again, Vary
from bot.request.command_parser import Parsed
from bot.request.commands import BY_NAME, COMMANDS, IMAGINE


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedCommand:
    """One message: who typed it, its text, and how it was parsed."""

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


async def answer(typed: TypedCommand) -> Response:
    return await _ANSWERS[typed.parsed.command](typed)


async def _again(typed: TypedCommand) -> Response:
    view = await redraw(typed.here, typed.asker, Again(typed.public_id), typed.form)
    return turn(typed.here, view, sent=True)


async def _vary(typed: TypedCommand) -> Response:
    what = Vary(typed.public_id, typed.number or 1)
    view = await redraw(typed.here, typed.asker, what, typed.form)
    return turn(typed.here, view, sent=True)


async def _show(typed: TypedCommand) -> Response:
    view = await typed.here.studio.show(typed.asker, typed.public_id)
    return turn(typed.here, view, sent=True, reveal=True)


async def _cancel(typed: TypedCommand) -> Response:
    view = await typed.here.studio.cancel(typed.asker, typed.public_id)
    return turn(typed.here, view, sent=True, reveal=True)


async def _delete(typed: TypedCommand) -> Response:
    view = await typed.here.studio.delete(typed.asker, typed.public_id, typed.number)
    return turn(typed.here, view, sent=True, reveal=True)


async def _quota(typed: TypedCommand) -> Response:
    quota = await typed.here.studio.quota(typed.asker)
    return said(typed.here, typed.text, "quota", quota)


async def _models(typed: TypedCommand) -> Response:
    models = await typed.here.studio.models(typed.asker)
    return said(typed.here, typed.text, "models", models)


async def _settings(typed: TypedCommand) -> Response:
    studio = typed.here.studio
    kept = await studio.defaults(typed.asker)
    if "reset" in typed.parsed.arguments:
        kept = {}
    if typed.parsed.fields or typed.parsed.arguments:
        await studio.set_defaults(typed.asker, {**kept, **typed.parsed.fields})
        kept = await studio.defaults(typed.asker)
    return said(typed.here, typed.text, "settings", kept)


async def _help(typed: TypedCommand) -> Response:
    if not typed.parsed.arguments:
        return said(typed.here, typed.text, "help", COMMANDS, typed_options(IMAGINE))
    command = BY_NAME[typed.parsed.arguments[0]]
    return said(typed.here, typed.text, "command_help", command, typed_options(command))


_ANSWERS: dict[str, Callable[[TypedCommand], Awaitable[Response]]] = {
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
