"""Turns a command, a form or a button into a job: checks, posts the card, holds the money."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.context import Context
from adapters.slack.delivery.card_address import CardAddress
from adapters.slack.delivery.card_delivery import Message
from adapters.slack.delivery.send_once import may_work_later
from adapters.slack.platform import limits
from adapters.slack.platform.call import Call
from adapters.slack.platform.web_api import TROUBLE, code_of
from adapters.slack.rendering import job_card
from bot.domain.asker import SLACK, Asker
from bot.domain.job import job_key
from bot.domain.pending_card import PendingCard
from bot.errors import Broken, CantPost
from bot.jobs.drafts import CardPlace, Draft

# Slack waits 3 s for an answer: https://docs.slack.dev/interactivity/handling-user-interaction
PREFLIGHT_S = 2.0

log = logging.getLogger(__name__)
# Fetches a starting image; slow, and so only called once the card is posted.
Fetch = Callable[[], Awaitable[bytes]]


async def draw(
    here: Context, call: Call, asker: Asker, draft: Draft, fetch: Fetch | None = None
) -> None:
    """Refuse first and privately, or show the card and queue the job. Raises BotError.

    The card is posted before the hold: where the bot can't post, no money was reserved yet.
    """
    key = job_key(SLACK, call.team, call.event)
    if not await here.once(f"slack:{key}"):
        return
    await here.services.studio.quote(asker, draft.request, within_s=PREFLIGHT_S)
    client = await here.clients.client_for(call.team)
    channel = await _place(client, call, draft)
    pending = PendingCard(
        key=key,
        platform=SLACK,
        community=call.team,
        channel=channel,
        thread=call.thread if channel == call.channel else "",
        at=here.services.clock.now(),
    )
    async with here.pending_cards.announced(pending):
        address = await _open_card(here, client, call, draft, pending)
        try:
            if fetch is not None:
                draft = draft.starting_from(await fetch())
            place = CardPlace(SLACK, address.to_record())
            await here.services.studio.submit(asker, draft, event_id=call.event, card=place)
        except BaseException:
            await here.pending_cards.settle(pending, address.ts)
            raise


async def follow_up(here: Context, call: Call, asker: Asker) -> Call:
    """`call`, for what is drawn anew of the card where it was pressed: one idea, one post.

    It goes into the card's thread, unless the workspace's admins chose the channel.
    """
    if call.thread or not call.message:
        return call
    settings = await here.services.studio.community(asker)
    return call if settings.own_posts else replace(call, thread=call.message)


async def _place(client: AsyncWebClient, call: Call, draft: Draft) -> str:
    """The channel that the card is posted in. Raises CantPost."""
    if call.channel and not draft.private:
        return call.channel
    try:
        got = await client.conversations_open(users=call.person)
    except SlackApiError as error:
        await _refuse_where_closed(client, error)
        raise
    return str(got["channel"]["id"])


async def _open_card(
    here: Context, client: AsyncWebClient, call: Call, draft: Draft, pending: PendingCard
) -> CardAddress:
    """Post the message that will become the result. Raises CantPost, Broken."""
    made = job_card.opening(call.person, draft.request.prompt)
    summary = job_card.opening_summary(call.name, draft.request.prompt)
    message = Message(pending.key, summary, made)
    try:
        sent = await client.chat_postMessage(
            channel=pending.channel,
            thread_ts=pending.thread or None,
            unfurl_links=False,
            unfurl_media=False,
            **message.said(),
        )
    except TROUBLE as error:
        if pending.thread and code_of(error) in limits.THREAD_GONE:
            pending = replace(pending, thread="")
            await here.pending_cards.unheard(pending)
            return await _open_card(here, client, call, draft, pending)
        await _not_posted(here, client, pending, error)
        raise Broken from error
    return CardAddress(
        team=call.team,
        person=call.person,
        channel=pending.channel,
        ts=str(sent["ts"]),
        thread=pending.thread,
        private=draft.private or not call.channel,
    )


async def _not_posted(
    here: Context, client: AsyncWebClient, pending: PendingCard, error: BaseException
) -> None:
    """Raises CantPost or `error` where Slack refused the card; else it may have arrived."""
    if isinstance(error, SlackApiError) and not may_work_later(error):
        await here.pending_cards.forget(pending)
        await _refuse_where_closed(client, error)
        raise error
    log.warning("a card may have arrived: %r", error)
    await here.pending_cards.unheard(pending)


async def _refuse_where_closed(client: AsyncWebClient, error: SlackApiError) -> None:
    """Raises CantPost where the channel doesn't let the bot post."""
    if code_of(error) in limits.NO_WAY_IN:
        raise CantPost(missing=(await _own_name(client),)) from error


async def _own_name(client: AsyncWebClient) -> str:
    """The bot's name as it is typed after /invite."""
    got = await client.auth_test()
    return f"@{got.get('user') or 'Limner'}"
