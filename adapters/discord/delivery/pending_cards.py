"""Tells people whose request was acknowledged, and whose job was never made.

What they asked for is stored before the acknowledgement, and forgotten in the transaction that
makes the job. What is left, because the bot died or an answer never arrived, is looked for: the
card says that nothing came of it, and whoever asked gets back what they wrote.
"""

import asyncio
import logging
from datetime import timedelta

import discord

from adapters.discord.delivery.card_address import CardAddress
from adapters.discord.delivery.send_once import mark_of, send_once
from adapters.discord.platform.interaction_reply import QUIET, edit_reply, whisper
from adapters.discord.platform.limits import (
    CANNOT_MESSAGE_USER,
    MESSAGES_PAGE,
    NO_WAY_IN,
    TOKEN_DEAD,
    UNKNOWN_MESSAGE,
)
from adapters.discord.rendering import job_card
from adapters.discord.rendering.copied_words import given_back
from adapters.discord.rendering.markup import sentence
from bot.domain.asker import DISCORD
from bot.domain.pending_card import PendingCard
from bot.ports import Clock
from bot.store import PendingCardStore
from bot.wording.answers import NOT_TAKEN_UP
from bot.wording.parts import without_charge

# From the acknowledgement to the job it takes milliseconds, and a starting image 15 s.
LOOK_AFTER = timedelta(seconds=20)
LOOK_EVERY_S = 5.0
AT_ONCE = 20
# Outlasts an outage of half a day.
TRIES_MAX = 20
BACKOFF_MAX = timedelta(hours=1)
# In a card's address: the interaction, by which its reply is known among messages; and whether
# nothing could have been charged.
INTERACTION = "interaction"
FREE = "free"

log = logging.getLogger(__name__)


class PendingCards:
    """The pending cards of all servers."""

    def __init__(self, client: discord.Client, store: PendingCardStore, clock: Clock) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._under_way: set[str] = set()

    async def announce(self, card: PendingCard) -> None:
        """Store the card. Its request takes care of it, until one of the following."""
        self._under_way.add(card.key)
        await self._store.announce(card, card.at + LOOK_AFTER)

    def made(self, key: str) -> None:
        """Its job is there."""
        self._under_way.discard(key)

    async def forget(self, key: str) -> None:
        """There is no job, and its asker knows."""
        try:
            await self._store.forget(key)
        finally:
            self._under_way.discard(key)

    async def leave(self, key: str) -> None:
        """Its asker could not be told: `look` does that from now on."""
        self._under_way.discard(key)
        await self._store.postpone(key, self._clock.now())

    async def run(self, connected: asyncio.Event) -> None:
        """Call `look` at intervals until cancelled; first for all that an earlier process left."""
        await connected.wait()
        ahead = LOOK_AFTER
        while True:
            try:
                await self.look(ahead)
                ahead = timedelta()
            except Exception:
                log.exception("looking for cards that are no job's stumbled; it goes on")
            await self._clock.sleep(LOOK_EVERY_S)

    async def look(self, ahead: timedelta = timedelta()) -> None:
        """Settle the cards that are due, or will be within `ahead`."""
        by, many = self._clock.now() + ahead, AT_ONCE + len(self._under_way)
        due = await self._store.due(DISCORD, by, many)
        left = [each for each in due if each.key not in self._under_way]
        await asyncio.gather(*map(self._settle, left[:AT_ONCE]))

    async def _settle(self, card: PendingCard) -> None:
        try:
            if await self._store.is_orphan(card.key):
                await self._tell(card)
        except Exception as error:  # noqa: BLE001  (a line that is away fails in many ways)
            await self._not_now(card, error)
        else:
            await self._store.forget(card.key)

    async def _tell(self, card: PendingCard) -> None:
        address = CardAddress.read(card.address)
        if not await self._by_token(card, address):
            await self._on_the_card(card, address)
            await self._by_dm(card, address)
        log.info("somebody was told that nothing came of their request")

    async def _by_token(self, card: PendingCard, address: CardAddress) -> bool:
        """Whether the reply says it, and whoever asked has their words."""
        if not address.token_lives(self._clock.now()):
            return False
        reply = (self._client, address.application_id, address.token)
        on_it, files = _notice(card, card.words if address.private else "")
        try:
            await edit_reply(*reply, on_it, files)
            if card.words and not address.private:
                # Not before the edit: what follows "is thinking" is as public as that.
                await whisper(*reply, *_notice(card, card.words))
        except discord.HTTPException as error:
            if error.code not in {UNKNOWN_MESSAGE, *TOKEN_DEAD}:
                raise
            return False
        return True

    async def _on_the_card(self, card: PendingCard, address: CardAddress) -> None:
        """Edit the reply with the bot's own token, where everybody sees it."""
        if address.private or not (address.channel and address.reachable):
            return
        place = self._client.get_partial_messageable(address.channel)
        asked = int(card.address.get(INTERACTION, 0))
        try:
            async for each in place.history(limit=MESSAGES_PAGE, after=discord.Object(asked)):
                if each.interaction_metadata and each.interaction_metadata.id == asked:
                    await each.edit(view=_notice(card)[0], allowed_mentions=QUIET)
                    return
        except discord.HTTPException as error:
            if error.code not in {UNKNOWN_MESSAGE, *NO_WAY_IN}:
                raise

    async def _by_dm(self, card: PendingCard, address: CardAddress) -> None:
        try:
            channel = await self._client.create_dm(discord.Object(address.person))
            layout, files = _notice(card, card.words, mark_of(card.key))
            await send_once(self._client, channel, layout, card.key, files)
        except discord.HTTPException as error:
            if error.code not in {CANNOT_MESSAGE_USER, *NO_WAY_IN}:
                raise

    async def _not_now(self, card: PendingCard, error: BaseException) -> None:
        if card.tries + 1 < TRIES_MAX:
            delay = min(LOOK_AFTER * 2 ** min(card.tries, 8), BACKOFF_MAX)
            await self._store.postpone(card.key, self._clock.now() + delay)
            return
        log.warning("somebody can't be told that nothing came of a request: %r", error)
        await self._store.forget(card.key)


def _notice(
    card: PendingCard, words: str = "", mark: int = 0
) -> tuple[discord.ui.LayoutView, list[discord.File]]:
    text, more, files = given_back(words)
    said = without_charge(NOT_TAKEN_UP) if card.address.get(FREE) else NOT_TAKEN_UP
    return job_card.notice(sentence(said) + text, job_card.FAILED, *more, mark=mark), files
