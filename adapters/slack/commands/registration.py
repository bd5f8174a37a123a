"""Registers the two commands, the shortcuts, and all other listeners with a bolt app."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.chat.custom_ids import CASE, PAGE, PURGE, QUEUE, RESULT
from adapters.slack.actions import answers, other_place
from adapters.slack.actions.draw import CardPost, pending_of
from adapters.slack.actions.other_place import JOIN, PRIVATE, draw_or_offer
from adapters.slack.actions.replies import answer, reporting_errors
from adapters.slack.commands import limner_commands, messages, mod_commands
from adapters.slack.connection.manifest import Command, Event, GlobalShortcut, MessageShortcut
from adapters.slack.context import Context
from adapters.slack.forms import (
    case_form,
    fields,
    form_errors,
    modals,
    request_form,
    reveal,
    settings_form,
    setup_form,
)
from adapters.slack.forms.modals import Origin
from adapters.slack.interactions import buttons, case_buttons, home
from adapters.slack.platform import files
from adapters.slack.platform.call import Body, Call
from adapters.slack.rendering.markup import read
from bot.domain.asker import SLACK, Asker
from bot.domain.case import Category
from bot.errors import BadRequest, NotFound, Problem, QueueFull, ShuttingDown
from bot.jobs.drafts import Draft
from bot.request import command_parser, options
from bot.spelling import nearest
from bot.wording import answers as said
from bot.wording.settings import commands as limner

# Of the 3 s that Slack waits for what becomes of a form.
FORM_S = 2.5
Ack = Callable[..., Awaitable[Any]]
Act = Callable[[Context, Call, str], Awaitable[None]]
OnBody = Callable[[Context, Call, Body], Awaitable[None]]


def register(app: AsyncApp, here: Context) -> None:
    """Register all listeners. Each acknowledges first and does the rest in a background task."""

    def then(
        read_call: Callable[[Body], Call],
        act: OnBody,
        draws: Callable[[Body], bool] = lambda _: False,
    ) -> Any:
        async def listener(ack: Ack, body: dict[str, Any]) -> None:
            call = read_call(body)
            begun = draws(body) and await here.pending_cards.begin(pending_of(here, call))
            await ack()
            await in_background(here, call, lambda: act(here, call, body), begun=begun)

        return listener

    for command in Command:
        app.command(command)(then(Call.of_command, _ON_COMMAND[command], _draws))
    for shortcut in GlobalShortcut:
        app.global_shortcut(shortcut)(then(Call.of_action, _ON_GLOBAL[shortcut]))
    for choice in MessageShortcut:
        app.message_shortcut(choice)(then(Call.of_action, _ON_MESSAGE[choice]))
    app.action(_whole(RESULT))(then(Call.of_action, buttons.on_press, buttons.draws))
    app.action(_whole(CASE))(then(Call.of_action, case_buttons.on_press))
    app.action(QUEUE)(then(Call.of_action, case_buttons.on_pick))
    app.action(_whole(PURGE))(then(Call.of_action, mod_commands.on_purge))
    app.action(PAGE)(then(Call.of_action, _nothing))
    app.action(re.compile(r"wish:.+"))(then(Call.of_action, request_form.on_change))
    for button in (PRIVATE, JOIN):
        app.action(button)(then(Call.of_action, _elsewhere, lambda _: True))
    app.action(request_form.MORE_ID)(then(Call.of_action, request_form.on_more))
    app.action(re.compile(r"privacy:.+"))(then(Call.of_action, _privacy_press))
    app.action(re.compile(r"home:.+"))(then(Call.of_action, home.on_press))
    app.event(Event.APP_HOME_OPENED)(then(Call.of_event, home.on_opened))
    _register_messages(app, here)
    _register_forms(app, here)


def _register_messages(app: AsyncApp, here: Context) -> None:
    """Bolt acknowledges an event by itself: after the middleware, and before the listener."""

    async def begin(
        body: dict[str, Any], context: dict[str, Any], next_: Callable[[], Awaitable[None]]
    ) -> None:
        if messages.is_for_us(body) and messages.draws(body):
            pending = pending_of(here, Call.of_message(body))
            context["begun"] = await here.pending_cards.begin(pending)
        await next_()

    async def heard(body: dict[str, Any], context: dict[str, Any]) -> None:
        if not messages.is_for_us(body):
            return
        call, begun = Call.of_message(body), bool(context.get("begun"))
        await in_background(here, call, lambda: messages.on_message(here, call, body), begun=begun)

    for event in (Event.APP_MENTION, Event.MESSAGE_IM.partition(".")[0]):
        app.event(event, middleware=[begin])(heard)


def _register_forms(app: AsyncApp, here: Context) -> None:
    """A form is checked before it is acknowledged, as the answer shows what is wrong with it."""

    async def drawing_submitted(ack: Ack, body: dict[str, Any]) -> None:
        call, clock = _form_call(body), here.services.clock
        until_s = clock.monotonic() + FORM_S
        wrong, act = await request_form.on_submitted(here, call, body["view"])
        if act is None:
            await ack(**wrong)
            return
        begun = await here.pending_cards.begin(pending_of(here, call))
        post = CardPost()
        await in_background(here, call, lambda: act(post), begun=begun)
        refusal = await post.refusal(max(0.0, until_s - clock.monotonic()))
        await ack(**(form_errors.closed(refusal, body["view"]) if refusal else {}))

    async def report(ack: Ack, body: dict[str, Any]) -> None:
        await ack()
        call = _form_call(body)
        await in_background(here, call, lambda: _report(here, call, body["view"]))

    async def decide(ack: Ack, body: dict[str, Any]) -> None:
        await ack()
        call = Call.of_view(body, case_form.channel_of(body["view"]))
        await in_background(here, call, lambda: case_form.on_decided(here, call, body["view"]))

    async def revealed(ack: Ack, body: dict[str, Any]) -> None:
        await ack()
        call = Call.of_view(body)
        await in_background(here, call, lambda: reveal.end(here, call, str(body["view"]["id"])))

    async def settings(ack: Ack, body: dict[str, Any]) -> None:
        call = _form_call(body)
        await ack(**await settings_form.on_settings(here, call, body["view"]))
        await in_background(here, call, lambda: home.refresh(here, call))

    async def setup(ack: Ack, body: dict[str, Any]) -> None:
        call = _form_call(body)
        wrong, act = await setup_form.on_setup(here, call, body["view"])
        await ack(**wrong)
        if act is not None:
            await in_background(here, call, act)

    for name, listener in (
        ("wish", drawing_submitted),
        ("report", report),
        ("decide", decide),
        ("settings", settings),
        ("setup", setup),
    ):
        app.view(name)(listener)
    app.view_closed(reveal.CALLBACK)(revealed)


def _form_call(body: Body) -> Call:
    origin = Origin.read(body["view"].get("private_metadata", ""))
    return Call.of_view(body, origin.channel, message=origin.message, thread=origin.thread)


async def in_background(
    here: Context, call: Call, act: Callable[[], Awaitable[None]], *, begun: bool = False
) -> None:
    """Run `act` after the acknowledgement, as a task that a shutdown waits for.

    `begun` says that the request is stored until whoever asked knows how it ended.
    """

    async def report(act: Callable[[], Awaitable[None]]) -> None:
        await reporting_errors(here, call, act)
        if begun:
            await here.pending_cards.answered(pending_of(here, call).key)

    if not here.tasks.start(report(act), name=call.event):
        await report(lambda: _refuse_all(here))


def _draws(body: Body) -> bool:
    """Whether a command asks for a picture; without words, it opens the form."""
    return body.get("command") == Command.IMAGINE and bool(read(body.get("text") or "").strip())


def _whole(pattern: str) -> re.Pattern[str]:
    """`pattern`, anchored: bolt would otherwise find it anywhere in an action id."""
    return re.compile(f"^(?:{pattern})$")


async def _refuse_all(here: Context) -> None:
    raise ShuttingDown if here.tasks.closing else QueueFull


# --- /imagine -------------------------------------------------------------------------------------


async def _imagine(here: Context, call: Call, body: Body) -> None:
    """Draw the words after the command; without any, open the form. Raises BotError."""
    words = read(body.get("text") or "").strip()
    if not words:
        await request_form.open_form(here, call)
        return
    parsed = command_parser.parse(f"/imagine {words}")
    request = options.validate(parsed.fields)
    asker = await here.asker(call)
    draft = Draft(request, parsed.private, notes=parsed.notes)
    await draw_or_offer(here, call, asker, draft, words)


async def _elsewhere(here: Context, call: Call, body: Body) -> None:
    """Draw somewhere else what a channel took no card of."""
    act = request_form.on_other_place if body.get("view") else other_place.on_press
    await act(here, call, body)


async def _imagine_shortcut(here: Context, call: Call, body: Body) -> None:
    del body
    await request_form.open_form(here, call)


# --- /limner --------------------------------------------------------------------------------------


async def _limner(here: Context, call: Call, body: Body) -> None:
    """The first word is the subcommand: all apps of a workspace share the names of commands."""
    word, _, rest = (body.get("text") or "").strip().partition(" ")
    act = COMMANDS.get(word.lower() or "help")
    if act is None:
        known = {"got": word[:40], "choices": [*COMMANDS], "nearest": nearest(word, COMMANDS)}
        raise BadRequest((Problem("", "unknown_word", known),))
    await act(here, call, rest.strip())


def _asked(act: Callable[[Context, Call, Asker], Awaitable[None]]) -> Act:
    """A subcommand that ignores the words after it."""

    async def run(here: Context, call: Call, _: str) -> None:
        await act(here, call, await here.asker(call))

    return run


async def _show(here: Context, call: Call, text: str) -> None:
    await answers.show(here, call, await here.asker(call), read(text))


async def _cancel(here: Context, call: Call, text: str) -> None:
    await answers.cancel(here, call, await here.asker(call), read(text))


async def _settings(here: Context, call: Call, text: str) -> None:
    """Without words, open the form; options are added to the defaults that are kept."""
    if not text:
        await settings_form.open_settings(here, call)
        return
    asker, studio = await here.asker(call), here.services.studio
    parsed = command_parser.parse(f"/settings {read(text)}")
    kept = {} if parsed.arguments else await studio.defaults(asker)
    await studio.set_defaults(asker, {**kept, **parsed.fields})
    await answer(here, call, said.own_defaults(await studio.defaults(asker), SLACK))


async def _style(here: Context, call: Call, text: str) -> None:
    """Keep options under a name; a name without options is dropped."""
    name, _, rest = read(text).partition(" ")
    if not name:
        known = await here.services.presets.names(await here.asker(call))
        await answer(here, call, said.styles(known))
        return
    asker = await here.asker(call)
    values = command_parser.parse(f"/settings {rest}").fields
    await here.services.presets.save(asker, name, values)
    await answer(here, call, said.style_kept(name.lower(), SLACK, saved=bool(values)))


async def _help(here: Context, call: Call, text: str) -> None:
    word = read(text).strip().lower()
    if word == "admin" or word in limner_commands.COMMANDS:
        await answer(here, call, limner.overview())
        return
    await answers.help_(here, call, word)


async def _privacy(here: Context, call: Call, text: str) -> None:
    """Works also where the person may not use the bot any more: the data is still theirs."""
    del text
    await answers.privacy(here, call)


COMMANDS: Mapping[str, Act] = {
    "quota": _asked(answers.quota),
    "show": _show,
    "models": _asked(answers.models),
    "cancel": _cancel,
    "settings": _settings,
    "style": _style,
    "privacy": _privacy,
    "help": _help,
    "mod": mod_commands.run,
    **limner_commands.COMMANDS,
}


# --- the menu on a message ------------------------------------------------------------------------


async def _start_from(here: Context, call: Call, body: Body) -> None:
    """Only the person's own upload or a picture of the bot, not what somebody else uploaded."""
    message = body["message"]
    if message.get("bot_id"):
        job = buttons.job_of(message)
        view = await here.services.studio.show(await here.asker(call), job)
        if not view.pictures:
            raise NotFound("picture", job)
        number = view.pictures[0].number
        await request_form.open_form(here, call, Origin.at(call, job=job, picture=number))
        return
    if message.get("user") != call.person:
        raise BadRequest((Problem("image", "not_your_image", {}),))
    file = str(files.picture_in(message)["id"])
    await request_form.open_form(here, call, Origin.at(call, file=file))


async def _parameters_of(here: Context, call: Call, body: Body) -> None:
    job = buttons.job_of(body["message"])
    await answers.parameters(here, call, await here.asker(call), job)


async def _report_image(here: Context, call: Call, body: Body) -> None:
    await modals.open_report(here, call, buttons.job_of(body["message"]))


_ON_COMMAND: Mapping[Command, OnBody] = {Command.IMAGINE: _imagine, Command.LIMNER: _limner}
_ON_GLOBAL: Mapping[GlobalShortcut, OnBody] = {GlobalShortcut.IMAGINE: _imagine_shortcut}
_ON_MESSAGE: Mapping[MessageShortcut, OnBody] = {
    MessageShortcut.USE_AS_START: _start_from,
    MessageShortcut.SHOW_PARAMETERS: _parameters_of,
    MessageShortcut.REPORT: _report_image,
}


# --- forms and buttons that are no card's ---------------------------------------------------------


async def _report(here: Context, call: Call, view: Mapping[str, Any]) -> None:
    origin = Origin.read(view.get("private_metadata", ""))
    values = fields.values_of(view)
    category = Category(values.get("category", Category.OTHER))
    reason, asker = str(values.get("reason", "")), await here.asker(call)
    await buttons.report(here, call, asker, origin.job, reason, category)


async def _nothing(here: Context, call: Call, body: Body) -> None:
    """Acknowledges buttons that are only links, of which Slack sends an event as well."""


async def _privacy_press(here: Context, call: Call, body: Body) -> None:
    verb = body["actions"][0]["action_id"].partition(":")[2]
    if verb == "export":
        await answers.export(here, call)
    elif verb == "erase":
        await answers.erase(here, call)
        await home.refresh(here, call)  # it had their newest results
