"""Turns a command, a form or a button into a job: checks, posts the card, holds the money."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from slack_sdk.errors import SlackApiError

from adapters.slack.actions.replies import answer, reporting_errors
from adapters.slack.context import Context
from adapters.slack.delivery.card_address import CardAddress
from adapters.slack.delivery.card_delivery import Message
from adapters.slack.delivery.trouble import may_work_later
from adapters.slack.platform import limits
from adapters.slack.platform.call import Call
from adapters.slack.platform.pacing import POST, PacedClient
from adapters.slack.platform.web_api import TROUBLE, code_of
from adapters.slack.rendering import job_card
from bot.domain.asker import SLACK, Asker
from bot.domain.job import job_key
from bot.domain.pending_card import PendingCard
from bot.errors import CantPost
from bot.jobs.drafts import CardPlace, Draft
from bot.wording import answers as said
from bot.wording.cards import waits_for_channel

# Slack waits 3 s for an answer: https://docs.slack.dev/interactivity/handling-user-interaction
PREFLIGHT_S = 2.0
# Who waits for less than this for a card is told nothing.
TOLD_FROM_S = 3.0

log = logging.getLogger(__name__)
# Fetches a starting image; slow, and so only called once the card is posted.
Fetch = Callable[[], Awaitable[bytes]]


class CardPost:
    """For a form that waits a moment whether its card is posted, before it is acknowledged."""

    def __init__(self) -> None:
        self._end = asyncio.get_running_loop().create_future()

    def ended(self, closed: CantPost | None = None) -> bool:
        """The card is posted or refused. Returns False if nobody waits any more."""
        if self._end.done():
            return False
        self._end.set_result(closed)
        return True

    async def refusal(self, within_s: float) -> CantPost | None:
        """Why there is no card; None also where that is not known in time."""
        try:
            return await asyncio.wait_for(self._end, within_s)
        except TimeoutError:
            return None


async def draw(
    here: Context,
    call: Call,
    asker: Asker,
    draft: Draft,
    fetch: Fetch | None = None,
    *,
    post: CardPost | None = None,
) -> None:
    """Refuse first and privately, or show the card and queue the job. Raises BotError, TROUBLE.

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
        person=call.person,
    )
    async with here.pending_cards.announced(pending):
        _tell_place(here, client, call, pending)
        address = await _open_card(here, client, call, draft, pending)
        if post is not None:
            post.ended()
        try:
            if fetch is not None:
                draft = draft.starting_from(await fetch())
            place = CardPlace(SLACK, address.to_record())
            await here.services.studio.submit(asker, draft, event_id=call.event, card=place)
            here.response_urls.keep(key, client, call.response_url)
        except BaseException as error:
            if isinstance(error, Exception):  # who asked is told why
                pending = replace(pending, person="")
            await here.pending_cards.settle(pending, address.ts)
            raise
    await _say_where(here, client, call, address)


def pending_of(here: Context, call: Call) -> PendingCard:
    """The request that is acknowledged, before anything is known of its card."""
    return PendingCard(
        key=job_key(SLACK, call.team, call.event),
        platform=SLACK,
        community=call.team,
        channel="",
        at=here.services.clock.now(),
        person=call.person,
    )


async def follow_up(here: Context, call: Call, asker: Asker) -> Call:
    """`call`, for what is drawn anew of the card where it was pressed: one idea, one post.

    It goes into the card's thread, unless the workspace's admins chose the channel.
    """
    if call.thread or not call.message:
        return call
    settings = await here.services.studio.community(asker)
    return call if settings.own_posts else replace(call, thread=call.message)


async def _place(client: PacedClient, call: Call, draft: Draft) -> str:
    """The channel that the card is posted in. Raises CantPost."""
    if call.channel and not draft.private:
        return call.channel
    try:
        got = await client.conversations_open(users=call.person)
    except SlackApiError as error:
        await _refuse_where_closed(client, error, "")
        raise
    return str(got["channel"]["id"])


def _tell_place(here: Context, client: PacedClient, call: Call, pending: PendingCard) -> None:
    """Answer with the place in line where the channel takes the card only later."""
    line = client.line(POST, pending.channel)
    if (wait_s := line.wait_s) < TOLD_FROM_S:
        return
    words = waits_for_channel(line.ahead, wait_s)
    here.tasks.start(reporting_errors(here, call, lambda: answer(here, call, words)))


async def _open_card(
    here: Context, client: PacedClient, call: Call, draft: Draft, pending: PendingCard
) -> CardAddress:
    """Post the message that will become the result. Raises CantPost, TROUBLE."""
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
        raise
    return CardAddress(
        team=call.team,
        person=call.person,
        channel=pending.channel,
        ts=str(sent["ts"]),
        thread=pending.thread,
        private=draft.private or not call.channel,
        asked_in="" if call.direct else call.channel,
        asked_under="" if call.direct else call.thread,
    )


async def _not_posted(
    here: Context, client: PacedClient, pending: PendingCard, error: BaseException
) -> None:
    """Raises CantPost where the channel is closed. Else the card may have arrived, unless Slack
    refused it.
    """
    if isinstance(error, SlackApiError) and not may_work_later(error):
        await here.pending_cards.forget(pending)
        await _refuse_where_closed(client, error, pending.channel)
        return
    log.warning("a card may have arrived: %r", error)
    await here.pending_cards.unheard(pending)


async def _say_where(here: Context, client: PacedClient, call: Call, address: CardAddress) -> None:
    """Tell somebody in a channel that the result comes into their private messages, and where."""
    if not address.private or not call.channel or call.direct:
        return
    try:
        got = await client.chat_getPermalink(channel=address.channel, message_ts=address.ts)
        words = said.comes_in_private(str(got["permalink"]))
        await answer(here, call, words)
    except TROUBLE as error:
        log.info("where a result comes was not said: %s", code_of(error) or type(error).__name__)


async def _refuse_where_closed(client: PacedClient, error: SlackApiError, channel: str) -> None:
    """Raises CantPost where the channel, "" for the private messages, takes no card."""
    code = code_of(error)
    if code in limits.NO_WAY_IN:
        raise CantPost(_why_closed(code, channel), (await own_name(client),)) from error


def _why_closed(code: str, channel: str) -> str:
    if not channel or (channel.startswith("D") and code == "messages_tab_disabled"):
        return "direct"
    if code in limits.ARCHIVED:
        return "archived"
    if code == "not_in_channel":
        return "invite"
    if code == "channel_not_found":  # a private one, or somebody else's conversation
        return "foreign" if channel.startswith("D") else "by_hand"
    return "restricted"


async def own_name(client: PacedClient) -> str:
    """The bot's name as it is typed after /invite."""
    got = await client.auth_test()
    return f"@{got.get('user') or 'Limner'}"
