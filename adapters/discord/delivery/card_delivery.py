"""Delivers exactly one message with the pictures, by the first way that works:

1. Edit the reply, while the interaction's token lives.
2. Edit the same message with the bot's own token.
3. Look for the job among the bot's recent messages; an earlier attempt may have arrived.
4. A new message whose nonce is the job's key, as where the thread of the first is archived.
5. A private message. A private result goes from 1 straight here.

A message that somebody deleted is not posted again.

A way is written down before it is tried, so that a restart knows what may have happened.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any

import discord

from adapters.discord.delivery.card_address import Attempt, CardAddress
from adapters.discord.platform import limits
from adapters.discord.platform.interaction_reply import QUIET, edit_reply
from bot.ports import Clock, Deleted, Unreachable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """The message to deliver; `draw` makes a new layout for each attempt."""

    key: str
    public_id: str
    draw: Callable[[], discord.ui.LayoutView]
    attachments: tuple[Attachment, ...] = ()

    def files(self) -> list[discord.File]:
        return [discord.File(BytesIO(each.data), each.name) for each in self.attachments]


Checkpoint = Callable[[CardAddress], Awaitable[None]]


class CardDelivery:
    """One delivery of one message."""

    def __init__(
        self, client: discord.Client, clock: Clock, address: CardAddress, checkpoint: Checkpoint
    ) -> None:
        self._client = client
        self._clock = clock
        self._checkpoint = checkpoint
        self._saw_enough = True
        self._has_gone = False
        self.address = address

    async def deliver(self, message: Message) -> None:
        """Deliver it.

        Raises Deleted if somebody took the message away, Unreachable if no way is left,
        HTTPException if a retry may help.
        """
        try:
            for attempt in self._attempts():
                if await attempt(message):
                    await self._keep(posted=True)
                    return
        except discord.HTTPException as error:
            if error.code == limits.UNKNOWN_MESSAGE:
                raise Deleted("the message was deleted") from error
            raise
        raise Unreachable("Discord has no way to this person")

    def _attempts(self) -> Iterator[Callable[[Message], Awaitable[bool]]]:
        here = self.address
        if here.dm:
            yield self._by_dm
            return
        yield self._by_token
        if here.channel and here.reachable and not here.private:
            yield self._by_message
            yield self._found
            yield self._by_new_message
        yield self._by_dm

    async def _by_token(self, message: Message) -> bool:
        here = self.address
        if not here.token or here.attempt is Attempt.NEW:  # a new message took its place
            return False
        if not here.token_lives(self._clock.now()):
            self.address = here.without_token()
            await self._leave_token()
            return False
        try:
            sent = await edit_reply(
                self._client, here.application_id, here.token, message.draw(), message.files()
            )
        except discord.HTTPException as error:
            if error.code not in limits.TOKEN_DEAD:
                raise
            self.address = here.without_token()
            await self._leave_token()
            return False
        if sent != here.message:
            await self._keep(message=sent)
        return True

    async def _by_message(self, message: Message) -> bool:
        here = self.address
        if not here.message or self._is_sending_anew():
            return False
        await self._leave_token()
        try:
            await self._edit(here.channel, here.message, message)
        except discord.HTTPException as error:
            if error.code in limits.NO_WAY_IN:
                return False
            raise
        return True

    async def _found(self, message: Message) -> bool:
        """Edit the message of an earlier attempt whose outcome is unknown, if there is one."""
        here = self.address
        try:
            found = await self._search(here.channel, message.public_id)
        except discord.HTTPException as error:
            if error.code not in limits.NO_WAY_IN:
                raise
            self._refuse_uncertain(Attempt.NEW)
            return False
        if found is None or found == here.message:
            if not self._saw_enough:
                self._refuse_uncertain(Attempt.NEW)
            elif found is None and self._has_gone:
                raise Deleted("the message was deleted")
            return False
        await self._keep(message=found)
        await self._edit(here.channel, found, message)
        return True

    async def _by_new_message(self, message: Message) -> bool:
        await self._begin(Attempt.NEW)
        try:
            sent = await self._send(self.address.channel, message)
        except discord.HTTPException as error:
            if error.code in limits.NO_WAY_IN:
                return False
            raise
        await self._keep(message=sent)
        return True

    async def _by_dm(self, message: Message) -> bool:
        try:
            dm = self.address.dm or await self._open_dm()
            if self.address.attempt is Attempt.DM:
                found = self.address.message or await self._search(dm, message.public_id)
                if found:
                    await self._edit(dm, found, message)
                    return True
            await self._begin(Attempt.DM)
            sent = await self._send(dm, message)
        except discord.HTTPException as error:
            if error.code in limits.NO_WAY_IN | {limits.CANNOT_MESSAGE_USER}:
                return False
            raise
        await self._keep(message=sent)
        return True

    async def _open_dm(self) -> int:
        channel = await self._client.create_dm(discord.Object(self.address.person))
        await self._keep(dm=channel.id, message=0)
        return channel.id

    async def _leave_token(self) -> None:
        """Note that the token isn't used again, as a message by another way may have arrived."""
        attempt = self.address.attempt
        await self._keep(attempt=Attempt.MESSAGE if attempt is Attempt.TOKEN else attempt)

    async def _begin(self, attempt: Attempt) -> None:
        """Note that a new message is about to be sent."""
        if self.address.attempt is not attempt:
            await self._keep(attempt=attempt, attempted_at=self._clock.now())

    def _is_sending_anew(self) -> bool:
        """Whether a new message may have arrived already: it, not the old one, is to be edited."""
        return self.address.attempt is Attempt.NEW and self.address.attempted_at is not None

    def _refuse_uncertain(self, attempt: Attempt) -> None:
        """Raises Unreachable if an earlier message may have arrived and can't be looked for."""
        here = self.address
        if here.attempt is not attempt or here.attempted_at is None:
            return
        if self._clock.now() > here.attempted_at + limits.NONCE_HONOURED:
            raise Unreachable("a message may have arrived, and its channel can't be read")

    async def _edit(self, channel: int, number: int, message: Message) -> None:
        place = self._client.get_partial_messageable(channel)
        await place.get_partial_message(number).edit(
            view=message.draw(), attachments=message.files(), allowed_mentions=QUIET
        )

    async def _send(self, channel: int, message: Message) -> int:
        place = self._client.get_partial_messageable(channel)
        sent = await place.send(
            view=message.draw(),
            files=message.files(),
            nonce=message.key,
            allowed_mentions=QUIET,
        )
        return sent.id

    async def _search(self, channel: int, public_id: str) -> int | None:
        """The newest message of ours that shows the job."""
        place = self._client.get_partial_messageable(channel)
        own = self._client.user
        seen = [each async for each in place.history(limit=limits.MESSAGES_PAGE)]
        self._saw_enough = self._reaches_back(seen)
        self._has_gone = self._lacks_ours(seen)
        for each in seen:
            if own is not None and each.author.id == own.id and shows_job(each, public_id):
                return each.id
        return None

    def _reaches_back(self, seen: Sequence[discord.Message]) -> bool:
        """Whether a message sent at the earlier attempt would be among `seen`.

        Without Read Message History a channel looks empty, and that is no error.
        """
        since = self.address.attempted_at
        if since is None or not seen:
            return since is None
        return len(seen) < limits.MESSAGES_PAGE or seen[-1].created_at < since

    def _lacks_ours(self, seen: Sequence[discord.Message]) -> bool:
        """Whether our message would be among `seen`, and isn't; an archived thread says no more."""
        ours = self.address.message
        if not ours or not seen or self._is_sending_anew():
            return False
        reaches = len(seen) < limits.MESSAGES_PAGE or seen[-1].id < ours
        return reaches and ours not in [each.id for each in seen]

    async def _keep(self, **changes: Any) -> None:
        changed = replace(self.address, **changes)
        if changed.posted:
            changed = replace(changed, attempted_at=None)
        self.address = changed
        await self._checkpoint(changed)


def shows_job(message: discord.Message, public_id: str) -> bool:
    """Whether one of our messages is the card of a job, and not one that came from it.

    Its id is in every button and ends the line of facts; that of a parent stands above.
    """
    texts = _strings(message.components)
    return any(f":{public_id}" in text or f" · `{public_id}`" in text for text in texts)


def texts_in(message: discord.Message) -> list[str]:
    """All custom ids and all that can be read of a message, outside in."""
    return _strings(message.components)


def _strings(components: Sequence[Any]) -> list[str]:
    found: list[str] = []
    waiting: list[Any] = list(components)
    while waiting:
        each = waiting.pop(0)
        found += [text for text in _texts(each) if isinstance(text, str)]
        waiting += _children(each)
    return found


def _texts(component: Any) -> Iterable[Any]:
    return (getattr(component, "custom_id", None), getattr(component, "content", None))


def _children(component: Any) -> list[Any]:
    return list(getattr(component, "children", None) or ())


def is_over_limit(error: discord.HTTPException) -> bool:
    return error.status == _PAYLOAD_TOO_LARGE or error.code == limits.REQUEST_ENTITY_TOO_LARGE


_PAYLOAD_TOO_LARGE = 413


def is_automod(error: discord.HTTPException) -> bool:
    return error.code in limits.AUTOMOD


def expiry_of(created_at: datetime) -> datetime:
    return created_at + limits.INTERACTION_TOKEN_LIFETIME
