"""From a command, a form or a button to a job: pre-flight, the card in its place, hold."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import limits, render
from adapters.slack.address import CardAddress
from adapters.slack.call import Call
from adapters.slack.context import Context
from adapters.slack.delivery import CLOCKS_DIFFER, Message, find
from adapters.slack.replies import TROUBLE, code_of
from bot.asker import Asker
from bot.errors import Broken, CantPost
from bot.job import job_key
from bot.request import ImageRequest
from bot.studio import CardPlace
from bot.view import JobView

PREFLIGHT_S = 2.0
# A card that may have arrived although Slack didn't say so is looked for after this long.
LOOK_AFTER_S = 5.0

log = logging.getLogger(__name__)
Begin = Callable[[Asker, str, CardPlace], Awaitable[JobView]]


@dataclass(frozen=True, slots=True)
class Wish:
    """`request` is what the pre-flight looks at; `begin` makes the job of it."""

    request: ImageRequest
    begin: Begin
    private: bool = False


async def draw(here: Context, call: Call, asker: Asker, wish: Wish) -> None:
    """Refuse first and privately, or show the card and queue the job. Raises BotError.

    The card comes before the hold: where the bot can't post, nothing was reserved yet.
    """
    key = job_key("slack", call.team, call.event)
    if not await here.rooms.once(f"slack:{key}"):
        return
    async with asyncio.timeout(PREFLIGHT_S):
        await here.rooms.studio.quote(asker, wish.request)
    client = await here.clients.client_for(call.team)
    address = await _open_card(here, client, call, wish, key)
    try:
        await wish.begin(asker, call.event, CardPlace("slack", address.to_record()))
    except BaseException:
        await _take_back(client, address)
        raise


async def _open_card(
    here: Context, client: AsyncWebClient, call: Call, wish: Wish, key: str
) -> CardAddress:
    """The message that the result will stand in. Raises CantPost, Broken."""
    made = render.opening(call.person, wish.request.prompt)
    message = Message(key, render.opening_summary(call.name, wish.request.prompt), made)
    began = here.rooms.clock.now()
    channel = call.channel
    try:
        if wish.private or not channel:
            got = await client.conversations_open(users=call.person)
            channel = str(got["channel"]["id"])
        sent = await client.chat_postMessage(
            channel=channel, unfurl_links=False, unfurl_media=False, **message.said()
        )
    except SlackApiError as error:
        if code_of(error) in limits.NO_WAY_IN:
            raise CantPost(missing=(await _own_name(client),)) from error
        raise
    except TROUBLE as error:
        log.warning("a card may have arrived: %r", error)
        here.tasks.start(_sweep(here, client, channel, key, began), name="a card that is no job's")
        raise Broken from error
    return CardAddress(
        team=call.team,
        person=call.person,
        channel=channel,
        ts=str(sent["ts"]),
        private=wish.private or not call.channel,
    )


async def _own_name(client: AsyncWebClient) -> str:
    """As one types it after /invite."""
    got = await client.auth_test()
    return f"@{got.get('user') or 'Limner'}"


async def _take_back(client: AsyncWebClient, address: CardAddress) -> None:
    """The card of something that did not become a job."""
    try:
        await client.chat_delete(channel=address.channel, ts=address.ts)
    except TROUBLE as error:
        log.warning("a card that is no job's could not be taken back: %r", error)


async def _sweep(
    here: Context, client: AsyncWebClient, channel: str, key: str, began: datetime
) -> None:
    """A card whose sending was cut off, and that arrived all the same."""
    await here.rooms.clock.sleep(LOOK_AFTER_S)
    try:
        oldest = f"{(began - CLOCKS_DIFFER).timestamp():.6f}"
        if channel and (ts := await find(client, channel, key, oldest)):
            await client.chat_delete(channel=channel, ts=ts)
    except TROUBLE as error:
        log.info("whether a card arrived can't be seen: %r", error)
