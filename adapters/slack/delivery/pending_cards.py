"""Requests until their job is made: none is lost unheard, and no card waits for ever.

Each is stored before it is acknowledged, again before its card is posted, and forgotten in the
transaction that makes its job. What is left, because the bot died or Slack didn't say how a send
ended, is looked for by the key that the card carries, and deleted; who asked is told.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from slack_sdk.errors import SlackApiError

from adapters.slack.delivery.card_delivery import CLOCKS_DIFFER, find
from adapters.slack.delivery.send_once import send_once
from adapters.slack.platform import limits
from adapters.slack.platform.once import Once
from adapters.slack.platform.web_api import TROUBLE, Clients, code_of
from adapters.slack.rendering.blocks import section
from adapters.slack.rendering.markup import sentence
from bot.domain.asker import SLACK
from bot.domain.pending_card import PendingCard
from bot.ports import Clock, Unreachable
from bot.store import PendingCardStore
from bot.wording.cards import LOST_WITH_A_RESTART

# A message that was sent shows in the history by then.
LOOK_AFTER = timedelta(seconds=5)
LOOK_EVERY_S = 5.0
# Slack waits 3 s for an acknowledgement.
BEGIN_S = 1.0
# A card arrives within this of being stored, even where Slack's rate limit delays it.
ARRIVES_WITHIN = timedelta(minutes=15)
AT_ONCE = 20
# Outlasts an outage of half a day. Where the bot may not read, fewer tries: that rarely changes.
TRIES_MAX = 24
BLIND_TRIES_MAX = 5
BACKOFF_MAX = timedelta(hours=1)
_BLIND = limits.UNREADABLE | limits.TOKEN_DEAD

log = logging.getLogger(__name__)


class PendingCards:
    """The pending cards of all workspaces."""

    def __init__(self, store: PendingCardStore, clients: Clients, clock: Clock, once: Once) -> None:
        self._store = store
        self._clients = clients
        self._clock = clock
        self._once = once
        self._under_way: set[str] = set()

    async def begin(self, card: PendingCard) -> bool:
        """Store a request before it is acknowledged. Returns whether it is to be `answered`.

        It is acknowledged in time even where the store is slow or full: what is wrong is said in
        words then, and not by Slack.
        """
        if card.key in self._under_way:  # Slack sent it again
            return False
        self._under_way.add(card.key)
        try:
            async with asyncio.timeout(BEGIN_S):
                await self._store.begin(card, card.at + LOOK_AFTER)
        except Exception as error:  # noqa: BLE001  (see above)
            log.warning("a request is acknowledged before it is stored: %r", error)
        return True

    async def answered(self, key: str) -> None:
        """Whoever asked knows how it ended, or sees its job."""
        try:
            await self._store.answered(key)
        finally:
            self._under_way.discard(key)

    @asynccontextmanager
    async def announced(self, card: PendingCard) -> AsyncIterator[None]:
        """Store the card. While the block runs, the block takes care of it; then `look` does."""
        was_known = card.key in self._under_way
        self._under_way.add(card.key)
        try:
            await self._store.announce(card, card.at + LOOK_AFTER)
            yield
        finally:
            if not was_known:
                self._under_way.discard(card.key)

    async def forget(self, card: PendingCard) -> None:
        """Drop a card that was certainly not posted."""
        await self._store.forget(card.key)

    async def unheard(self, card: PendingCard) -> None:
        """Keep a card that may have been posted, to look for it once it must have arrived."""
        await self._store.announce(card, self._clock.now() + LOOK_AFTER)

    async def settle(self, card: PendingCard, ts: str = "") -> None:
        """Delete the card unless it has a job; try again later where that fails.

        Without `ts`, the message is looked for.
        """
        try:
            if await self._store.is_orphan(card.key):
                await self._take_away(card, ts)
                await self._tell(card)
        except TROUBLE as error:
            await self._not_now(card, error)
        else:
            await self._store.forget(card.key)

    async def run(self) -> None:
        """Call `look` at intervals until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("looking for cards that are no job's stumbled; it goes on")
            await self._clock.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Settle the cards that are due: an earlier process left them, or their send didn't end."""
        due = await self._store.due(SLACK, self._clock.now(), AT_ONCE + len(self._under_way))
        left = [each for each in due if each.key not in self._under_way]
        await asyncio.gather(*map(self.settle, left[:AT_ONCE]))

    async def _take_away(self, card: PendingCard, ts: str) -> None:
        client = await self._clients.client_for(card.community)
        oldest = f"{(card.at - CLOCKS_DIFFER).timestamp():.6f}"
        latest = f"{(card.at + ARRIVES_WITHIN).timestamp():.6f}"
        if not card.channel:
            return
        place = card.channel, card.key, oldest, latest
        ts = ts or await find(client, *place, thread=card.thread)
        if not ts:
            return
        try:
            await client.chat_delete(channel=card.channel, ts=ts)
        except SlackApiError as error:
            if code_of(error) not in limits.MESSAGE_GONE:
                raise
        log.info("a card that was no job's was taken away")

    async def _tell(self, card: PendingCard) -> None:
        """Tell who asked that the request is lost, once."""
        if not card.person:
            return
        client = await self._clients.client_for(card.community)
        got = await client.conversations_open(users=card.person)
        words = sentence(LOST_WITH_A_RESTART)
        await send_once(
            client,
            str(got["channel"]["id"]),
            words,
            [section(words)],
            key=f"lost {card.key}",
            once=self._once,
            now=self._clock.now(),
        )

    async def _not_now(self, card: PendingCard, error: BaseException) -> None:
        blind = isinstance(error, Unreachable) or code_of(error) in _BLIND
        if card.tries + 1 < (BLIND_TRIES_MAX if blind else TRIES_MAX):
            delay = min(LOOK_AFTER * 2**card.tries, BACKOFF_MAX)
            await self._store.postpone(card.key, self._clock.now() + delay)
            return
        why = code_of(error) or type(error).__name__
        log.warning("a card that is no job's may stand in %s: %s", card.channel, why)
        await self._store.forget(card.key)
