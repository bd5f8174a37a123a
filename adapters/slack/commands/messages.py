"""What people write to the bot: a mention in a channel or a thread, or a message to it alone."""

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapters.slack.actions import answers
from adapters.slack.actions.draw import Fetch
from adapters.slack.actions.other_place import draw_or_offer
from adapters.slack.actions.replies import reporting_errors
from adapters.slack.connection.manifest import AGENT_SCOPE, Event
from adapters.slack.context import Context
from adapters.slack.platform import files
from adapters.slack.platform.call import Body, Call
from adapters.slack.platform.web_api import TROUBLE, code_of
from adapters.slack.rendering import blocks
from adapters.slack.rendering.markup import read
from bot.jobs.drafts import Draft
from bot.request import command_parser, options
from bot.wording import labels

# The kinds of messages that a person wrote: plain ones, some with files, and replies that are also
# sent to the channel.
_WRITTEN = ("", "file_share", "thread_broadcast")
log = logging.getLogger(__name__)
_COMMAND = re.compile(r"/imagine(?:\s+|$)", re.IGNORECASE)


def is_for_us(body: Body) -> bool:
    """Whether somebody mentions us, or writes to us alone."""
    event = body["event"]
    return _is_from_person(event) and (
        event["type"] == Event.APP_MENTION or event.get("channel_type") == "im"
    )


def _is_from_person(event: Mapping[str, Any]) -> bool:
    """False for what apps say, this one among them, and for changes of what was said before.

    Source: https://docs.slack.dev/reference/events/message ("Message subtypes")
    """
    return (
        bool(event.get("user") and event.get("ts"))
        and not event.get("bot_id")
        and not event.get("edited")
        and event.get("subtype", "") in _WRITTEN
    )


def draws(body: Body) -> bool:
    """Whether a message asks for a picture; without words, or at "help", it asks how that goes."""
    words = _words(body)
    return words.lower() != "help" and bool(words or body["event"].get("files"))


async def on_message(here: Context, call: Call, body: Body) -> None:
    """Draw what was written, or say how that goes; what is wrong is told in the same place."""
    placed = await _in_agents_thread(here, call, str(body["event"]["ts"]))
    await reporting_errors(here, placed, lambda: _answer(here, placed, body))


async def _answer(here: Context, call: Call, body: Body) -> None:
    """Raises BotError."""
    if not draws(body):
        opens = blocks.actions([blocks.button(labels.IMAGINE, "home:imagine", style="primary")])
        await answers.help_(here, call, "", opens)
        return
    words = _words(body)
    parsed = command_parser.parse(f"/imagine {words}")
    request = options.validate(parsed.fields)
    asker = await here.asker(call)
    draft = Draft(request, parsed.private, notes=parsed.notes)
    await draw_or_offer(here, call, asker, draft, words, _fetch(here, call, body["event"]))


async def _in_agents_thread(here: Context, call: Call, ts: str) -> Call:
    """In Slack's agent view each message to us begins a thread, in which its answer belongs."""
    if not call.direct or call.thread:
        return call
    try:
        granted = await here.scopes.granted(await here.clients.client_for(call.team))
    except TROUBLE as error:
        log.info("whether this is an agent is not known: %s", code_of(error) or error)
        return call
    return replace(call, thread=ts) if AGENT_SCOPE in granted else call


def _words(body: Body) -> str:
    """What was written beside the mention of us."""
    text, own_id = str(body["event"].get("text") or ""), _own_id(body)
    rest = re.sub(rf"<@{own_id}(?:\|[^>]*)?>", " ", text) if own_id else text
    return _COMMAND.sub("", read(rest).strip(), count=1).strip()


def _own_id(body: Body) -> str:
    """Our bot's user id in the workspace."""
    for each in body.get("authorizations") or ():
        if each.get("is_bot"):
            return re.escape(str(each.get("user_id") or ""))
    return ""


def _fetch(here: Context, call: Call, event: Mapping[str, Any]) -> Fetch | None:
    """Gets the picture that came with a message as the starting image. Raises BadRequest."""
    if not event.get("files"):
        return None
    file = str(files.picture_in(event)["id"])

    async def fetch() -> bytes:
        return await files.fetched(await here.clients.client_for(call.team), file)

    return fetch
