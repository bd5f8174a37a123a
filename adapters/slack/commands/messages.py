"""What people write to the bot: a mention in a channel or a thread, or a message to it alone."""

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapters.slack.actions import answers
from adapters.slack.actions.draw import Fetch, draw
from adapters.slack.actions.replies import answer
from adapters.slack.connection.manifest import AGENT_SCOPE
from adapters.slack.context import Context
from adapters.slack.platform import files
from adapters.slack.platform.call import Body, Call
from adapters.slack.platform.web_api import TROUBLE, code_of
from adapters.slack.rendering import blocks
from adapters.slack.rendering.markup import read
from bot.jobs.drafts import Draft
from bot.request import command_parser, options
from bot.wording import explain_note, labels

# The only kind of message, besides plain ones, that a person wrote: one with files.
_WITH_FILES = "file_share"
log = logging.getLogger(__name__)
_COMMAND = re.compile(r"/imagine(?:\s+|$)", re.IGNORECASE)


def is_from_person(body: Body) -> bool:
    """False for what apps say, this one among them, and for changes of what was said before.

    Source: https://docs.slack.dev/reference/events/message ("Message subtypes")
    """
    event = body["event"]
    return (
        bool(event.get("user") and event.get("ts"))
        and not event.get("bot_id")
        and not event.get("edited")
        and event.get("subtype", _WITH_FILES) == _WITH_FILES
    )


def is_to_us_alone(body: Body) -> bool:
    return str(body["event"].get("channel_type")) == "im"


async def on_message(here: Context, call: Call, body: Body) -> None:
    """Draw what was written; without words, or at "help", say how that goes. Raises BotError."""
    event = body["event"]
    words = _words(str(event.get("text") or ""), _own_id(body))
    if words.lower() == "help" or not (words or event.get("files")):
        opens = blocks.actions([blocks.button(labels.IMAGINE, "home:imagine", style="primary")])
        await answers.help_(here, call, "", opens)
        return
    parsed = command_parser.parse(f"/imagine {words}")
    request = options.validate(parsed.fields)
    asker = await here.asker(call)
    call = await _in_agents_thread(here, call, str(event["ts"]))
    await draw(here, call, asker, Draft(request, parsed.private), _fetch(here, call, event))
    for note in parsed.notes:
        await answer(here, call, explain_note(note))


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


def _words(text: str, own_id: str) -> str:
    """What was written beside the mention of us."""
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
