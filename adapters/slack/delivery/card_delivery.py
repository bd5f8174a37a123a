"""Delivers exactly one message with the pictures, by the first of these that works:

1. Update the card that was posted before the hold. To repeat this changes nothing.
2. If it can't be changed any more, look for the job's key among the channel's messages: an
   earlier attempt may have arrived.
3. Send a new message. Slack has no nonce, so the attempt is stored before it is made.
4. Send to the person's private messages in the same way. Private results start there.

A card that somebody deleted is not posted again: Deleted. Where an attempt may have arrived and
history can't be read, nothing more is sent: Uncertain.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.delivery.card_address import Attempt, CardAddress
from adapters.slack.platform import limits
from adapters.slack.platform.web_api import code_of
from adapters.slack.rendering import job_card
from adapters.slack.rendering.blocks import Block
from bot.ports import Clock, Deleted, Unreachable

# Our clock and Slack's may differ by this much.
CLOCKS_DIFFER = timedelta(minutes=2)
PAGES_MAX = 5

log = logging.getLogger(__name__)
Checkpoint = Callable[[CardAddress], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Message:
    """What to deliver; `text` is the summary of `blocks`."""

    key: str
    text: str
    blocks: Sequence[Block]

    def said(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "blocks": list(self.blocks),
            "metadata": job_card.metadata(self.key),
        }


class Uncertain(Unreachable):
    """A message may have arrived, and there is no way to find out."""


class CardDelivery:
    """Delivers one message once."""

    def __init__(
        self, client: AsyncWebClient, clock: Clock, address: CardAddress, checkpoint: Checkpoint
    ) -> None:
        self._client = client
        self._clock = clock
        self._checkpoint = checkpoint
        self.address = address

    async def deliver(self, message: Message) -> None:
        """Raises Unreachable when no way is left, SlackApiError where a later try may help."""
        for attempt in self._attempts():
            if await attempt(message):
                done = {"posted": True, "attempt": Attempt.NONE, "attempted_at": None}
                await self.keep(**done, waits_for="")
                return
        raise Unreachable("Slack has no way to this person")

    def _attempts(self) -> Iterator[Callable[[Message], Awaitable[bool]]]:
        yield self._by_update
        if self.address.attempt is not Attempt.DM and not self.address.private:
            yield self._found
            yield self._by_new_message
        if not self.address.only_here:
            yield self._by_dm

    async def _by_update(self, message: Message) -> bool:
        here = self.address
        if not here.ts or here.attempt:
            return False
        try:
            await self._update(here.channel, here.ts, message)
        except SlackApiError as error:
            code = code_of(error)
            if code == limits.MESSAGE_NOT_FOUND:
                raise Deleted("the message was deleted") from error
            if code in limits.MESSAGE_CLOSED and not here.posted:
                await self.keep(ts="", closed_ts=here.ts)
                return False
            if code in limits.MESSAGE_CLOSED:
                raise Unreachable("the message can't be changed any more") from error
            if code in limits.NO_WAY_IN:
                return False
            raise
        return True

    async def _found(self, message: Message) -> bool:
        """Look for an earlier attempt whose end is unknown, and update it."""
        here = self.address
        if here.attempt is not Attempt.NEW:
            return False
        try:
            found = await self._search(here.channel, message.key, here.thread)
        except SlackApiError as error:
            if code_of(error) in limits.UNREADABLE:
                raise Uncertain("a message may have arrived where nothing can be read") from error
            raise
        if not found:
            return False
        await self._update(here.channel, found, message)
        await self.keep(ts=found)
        return True

    async def _by_new_message(self, message: Message) -> bool:
        if self.address.ts:  # the card is there, but can't be changed any more
            return False
        await self._begin(Attempt.NEW)
        try:
            sent = await self._send_in_thread(message)
        except SlackApiError as error:
            if code_of(error) in limits.NO_WAY_IN:
                return False
            raise
        await self.keep(ts=sent)
        return True

    async def _by_dm(self, message: Message) -> bool:
        try:
            channel = await self._open_dm()
            if found := await self._found_in_dm(channel, message.key):
                await self._update(channel, found, message)
                await self.keep(channel=channel, ts=found, private=True)
                return True
            await self._begin(Attempt.DM)
            sent = await self._send(channel, message)
        except SlackApiError as error:
            code = code_of(error)
            if code in limits.UNREADABLE and self.address.attempt is Attempt.DM:
                raise Uncertain("a private message may have arrived") from error
            if code in limits.NO_WAY_IN:
                return False
            raise
        await self.keep(channel=channel, ts=sent, private=True)
        return True

    async def _found_in_dm(self, channel: str, key: str) -> str:
        return await self._search(channel, key) if self.address.attempt is Attempt.DM else ""

    async def _open_dm(self) -> str:
        got = await self._client.conversations_open(users=self.address.person)
        return str(got["channel"]["id"])

    async def _begin(self, attempt: Attempt) -> None:
        """Store that a new message is about to be sent."""
        if self.address.attempt is not attempt:
            await self.keep(attempt=attempt, attempted_at=self._clock.now())

    async def _update(self, channel: str, ts: str, message: Message) -> None:
        await self._client.chat_update(channel=channel, ts=ts, **message.said())

    async def _send_in_thread(self, message: Message) -> str:
        """Send to the channel, in the card's thread if that is still there."""
        here = self.address
        try:
            return await self._send(here.channel, message, here.thread)
        except SlackApiError as error:
            if not here.thread or code_of(error) not in limits.THREAD_GONE:
                raise
        await self.keep(thread="")
        return await self._send(here.channel, message)

    async def _send(self, channel: str, message: Message, thread: str = "") -> str:
        got = await self._client.chat_postMessage(
            channel=channel,
            thread_ts=thread or None,
            unfurl_links=False,
            unfurl_media=False,
            **message.said(),
        )
        return str(got["ts"])

    async def _search(self, channel: str, key: str, thread: str = "") -> str:
        """The `ts` of the newest message with the job's key since the attempt, "" if none."""
        since, old = self._since(), self.address.closed_ts
        return await find(self._client, channel, key, since, thread=thread, but=old)

    def _since(self) -> str:
        since = (self.address.attempted_at or self._clock.now()) - CLOCKS_DIFFER
        return f"{since.timestamp():.6f}"

    async def keep(self, **changes: Any) -> None:
        self.address = replace(self.address, **changes)
        await self._checkpoint(self.address)


async def find(
    client: AsyncWebClient,
    channel: str,
    key: str,
    oldest: str,
    latest: str = "",
    *,
    thread: str = "",
    but: str = "",
) -> str:
    """The `ts` of our message with a job's key, "" if none; `but` is one that doesn't count.

    Raises Uncertain as `newest` does.
    """
    try:
        async for message in newest(client, channel, oldest, latest, thread):
            if job_card.key_of(message) == key and message["ts"] != but:
                return str(message["ts"])
    except SlackApiError as error:
        if not thread or code_of(error) not in limits.THREAD_GONE:
            raise
    return ""


async def newest(
    client: AsyncWebClient, channel: str, oldest: str, latest: str = "", thread: str = ""
) -> AsyncIterator[Mapping[str, Any]]:
    """The messages since `oldest`, newest first; those of a thread oldest first.

    Raises Uncertain after PAGES_MAX pages.
    """
    cursor = ""
    for _ in range(PAGES_MAX):
        wanted: dict[str, Any] = {
            "channel": channel,
            "oldest": oldest,
            "latest": latest or None,
            "limit": limits.HISTORY_PAGE,
            "include_all_metadata": True,
            "cursor": cursor or None,
        }
        if thread:
            got = await client.conversations_replies(ts=thread, **wanted)
        else:
            got = await client.conversations_history(**wanted)
        for message in got["messages"]:
            yield message
        cursor = (got.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return
    raise Uncertain("too much was said since then")
