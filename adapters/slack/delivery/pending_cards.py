"""Cards come before their hold, and none may wait for ever for a job that never was.

Each is written down before it is posted, and forgotten in the step that makes its job. What is
left, because the bot died or Slack didn't say how a send ended, is looked for by the key that it
carries and taken away.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from slack_sdk.errors import SlackApiError

from adapters.slack.delivery.card_delivery import CLOCKS_DIFFER, find
from adapters.slack.platform import limits
from adapters.slack.platform.web_api import TROUBLE, Clients, code_of
from bot.domain.asker import SLACK
from bot.domain.pending_card import PendingCard
from bot.ports import Clock, Unreachable
from bot.store import PendingCardStore

# What was sent is in the history by then.
LOOK_AFTER = timedelta(seconds=5)
LOOK_EVERY_S = 5.0
# A card arrives within this of its announcement; "wait" may be said in between.
ARRIVES_WITHIN = timedelta(minutes=15)
AT_ONCE = 20
# An outage of half a day is outlived; where nothing can be read, that hardly changes.
TRIES_MAX = 24
BLIND_TRIES_MAX = 5
BACKOFF_MAX = timedelta(hours=1)
_BLIND = limits.UNREADABLE | limits.TOKEN_DEAD

log = logging.getLogger(__name__)


class PendingCards:
    """One for all workspaces."""

    def __init__(self, store: PendingCardStore, clients: Clients, clock: Clock) -> None:
        self._store = store
        self._clients = clients
        self._clock = clock
        self._under_way: set[str] = set()

    @asynccontextmanager
    async def announced(self, card: PendingCard) -> AsyncIterator[None]:
        """Written down. While the block runs it is the block's to end; what it leaves is ours."""
        self._under_way.add(card.key)
        try:
            await self._store.announce(card, card.at + LOOK_AFTER)
            yield
        finally:
            self._under_way.discard(card.key)

    async def forget(self, card: PendingCard) -> None:
        """Nothing was posted, for sure."""
        await self._store.forget(card.key)

    async def unheard(self, card: PendingCard) -> None:
        """It may have been posted: look when it must have arrived."""
        await self._store.announce(card, self._clock.now() + LOOK_AFTER)

    async def settle(self, card: PendingCard, ts: str = "") -> None:
        """Take the card away, unless a job came of it; later, where that can't be done now.

        Without its `ts` it is looked for.
        """
        try:
            if await self._store.is_orphan(card.key):
                await self._take_away(card, ts)
        except TROUBLE as error:
            await self._not_now(card, error)
        else:
            await self._store.forget(card.key)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("looking for cards that are no job's stumbled; it goes on")
            await self._clock.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Settle what an earlier process left, or nobody heard of again."""
        due = await self._store.due(SLACK, self._clock.now(), AT_ONCE + len(self._under_way))
        left = [each for each in due if each.key not in self._under_way]
        await asyncio.gather(*map(self.settle, left[:AT_ONCE]))

    async def _take_away(self, card: PendingCard, ts: str) -> None:
        client = await self._clients.client_for(card.community)
        oldest = f"{(card.at - CLOCKS_DIFFER).timestamp():.6f}"
        latest = f"{(card.at + ARRIVES_WITHIN).timestamp():.6f}"
        ts = ts or await find(client, card.channel, card.key, oldest, latest)
        if not ts:
            return
        try:
            await client.chat_delete(channel=card.channel, ts=ts)
        except SlackApiError as error:
            if code_of(error) not in limits.MESSAGE_GONE:
                raise
        log.info("a card that was no job's was taken away")

    async def _not_now(self, card: PendingCard, error: BaseException) -> None:
        blind = isinstance(error, Unreachable) or code_of(error) in _BLIND
        if card.tries + 1 < (BLIND_TRIES_MAX if blind else TRIES_MAX):
            delay = min(LOOK_AFTER * 2**card.tries, BACKOFF_MAX)
            await self._store.postpone(card.key, self._clock.now() + delay)
            return
        why = code_of(error) or type(error).__name__
        log.warning("a card that is no job's may stand in %s: %s", card.channel, why)
        await self._store.forget(card.key)
