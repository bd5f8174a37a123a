"""Short answers that only the one who asked can see."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace as replaced
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.context import Context
from adapters.slack.delivery.response_urls import respond
from adapters.slack.delivery.trouble import as_told
from adapters.slack.platform.call import Call
from adapters.slack.platform.limits import (
    EXPIRED_TRIGGER,
    MESSAGE_BLOCKS_MAX,
    MESSAGE_TEXT_MAX_CHARS,
)
from adapters.slack.platform.web_api import TROUBLE, code_of
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block
from adapters.slack.rendering.markup import sentence
from bot.domain.asker import SLACK
from bot.errors import BotError, Broken
from bot.ports import Unreachable
from bot.wording import Sentence, explain
from bot.wording.answers import NO_FORM

log = logging.getLogger(__name__)


async def answer(here: Context, call: Call, words: str | Sentence, *more: Block) -> None:
    """Say something to the one who asked; `words` are mrkdwn, one section for 3,000 characters."""
    text = words if isinstance(words, str) else sentence(words)
    made = [*blocks.sections(text.split("\n")), *more][:MESSAGE_BLOCKS_MAX]
    await whisper(here, call, text, made)


async def whisper(here: Context, call: Call, text: str, made: Sequence[Block]) -> None:
    """Answer by the response_url, which works also where the bot is no member of the channel; else
    by a message that only they see, or in their private messages.
    """
    client = await here.clients.client_for(call.team)
    summary = blocks.cut(text, MESSAGE_TEXT_MAX_CHARS)
    said: dict[str, Any] = {"text": summary, "blocks": list(made)}
    if call.response_url and await _respond(here, client, call, **said):
        return
    if call.channel and not call.direct:
        try:
            await client.chat_postEphemeral(
                channel=call.channel, user=call.person, thread_ts=call.thread or None, **said
            )
        except SlackApiError as error:
            log.info("an answer goes to the private messages: %s", code_of(error))
        else:
            return
    await say_in_private(client, call, **said)


async def say_in_private(client: AsyncWebClient, call: Call, **said: Any) -> None:
    """Post to the person's private messages: in the thread in which they are there, if any."""
    thread = call.thread if call.direct else ""
    await client.chat_postMessage(
        channel=call.channel if thread else call.person,
        thread_ts=thread or None,
        unfurl_links=False,
        **said,
    )


async def redraw(here: Context, call: Call, text: str, made: Sequence[Block]) -> None:
    """Replace a message that only they see; where it is too late for that, send a new one."""
    client = await here.clients.client_for(call.team)
    summary = blocks.cut(text, MESSAGE_TEXT_MAX_CHARS)
    said: dict[str, Any] = {"text": summary, "blocks": list(made), "replace_original": True}
    if not await _respond(here, client, call, **said):
        await whisper(here, replaced(call, response_url=""), text, made)


async def _respond(here: Context, client: AsyncWebClient, call: Call, **said: Any) -> bool:
    if call.thread:  # else the answer to a press in a thread is in the channel
        said["thread_ts"] = call.thread
    return await respond(client, call.response_url, here.services.clock, said)


async def refuse(here: Context, call: Call, error: BotError) -> None:
    """Tell the person why it was refused."""
    await answer(here, call, explain(error, platform=SLACK))


async def reporting_errors(here: Context, call: Call, act: Callable[[], Awaitable[None]]) -> None:
    """Run `act`; tell the person what goes wrong, and log it where the fault is ours."""
    try:
        try:
            await act()
        except BotError as error:
            await refuse(here, call, error)
        except Unreachable as gone:
            log.info("an interaction of a workspace that took the app off: %s", gone)
        except Exception as error:
            if code_of(error) in EXPIRED_TRIGGER:
                await answer(here, call, NO_FORM)
                return
            told = as_told(error)
            if isinstance(told, Broken):
                log.exception("an interaction broke")
            else:
                log.warning("an interaction failed: %s", code_of(error) or type(error).__name__)
            await refuse(here, call, told)
    except TROUBLE as error:
        log.warning("an answer did not arrive: %s", code_of(error) or type(error).__name__)
