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
from bot.domain.pending_card import Opening
from bot.ports import Clock, Unreachable
from bot.store import OpeningBooks

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


class Openings:
    """One for all workspaces."""

    def __init__(self, books: OpeningBooks, clients: Clients, clock: Clock) -> None:
        self._books = books
        self._clients = clients
        self._clock = clock
        self._under_way: set[str] = set()

    @asynccontextmanager
    async def announced(self, opening: Opening) -> AsyncIterator[None]:
        """Written down. While the block runs it is the block's to end; what it leaves is ours."""
        self._under_way.add(opening.key)
        try:
            await self._books.announce(opening, opening.at + LOOK_AFTER)
            yield
        finally:
            self._under_way.discard(opening.key)

    async def forget(self, opening: Opening) -> None:
        """Nothing was posted, for sure."""
        await self._books.forget(opening.key)

    async def unheard(self, opening: Opening) -> None:
        """It may have been posted: look when it must have arrived."""
        await self._books.announce(opening, self._clock.now() + LOOK_AFTER)

    async def settle(self, opening: Opening, ts: str = "") -> None:
        """Take the card away, unless a job came of it; later, where that can't be done now.

        Without its `ts` it is looked for.
        """
        try:
            if await self._books.is_orphan(opening.key):
                await self._take_away(opening, ts)
        except TROUBLE as error:
            await self._not_now(opening, error)
        else:
            await self._books.forget(opening.key)

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
        due = await self._books.due("slack", self._clock.now(), AT_ONCE + len(self._under_way))
        left = [each for each in due if each.key not in self._under_way]
        await asyncio.gather(*map(self.settle, left[:AT_ONCE]))

    async def _take_away(self, opening: Opening, ts: str) -> None:
        client = await self._clients.client_for(opening.community)
        oldest = f"{(opening.at - CLOCKS_DIFFER).timestamp():.6f}"
        latest = f"{(opening.at + ARRIVES_WITHIN).timestamp():.6f}"
        ts = ts or await find(client, opening.channel, opening.key, oldest, latest)
        if not ts:
            return
        try:
            await client.chat_delete(channel=opening.channel, ts=ts)
        except SlackApiError as error:
            if code_of(error) not in limits.MESSAGE_GONE:
                raise
        log.info("a card that was no job's was taken away")

    async def _not_now(self, opening: Opening, error: BaseException) -> None:
        blind = isinstance(error, Unreachable) or code_of(error) in _BLIND
        if opening.tries + 1 < (BLIND_TRIES_MAX if blind else TRIES_MAX):
            delay = min(LOOK_AFTER * 2**opening.tries, BACKOFF_MAX)
            await self._books.postpone(opening.key, self._clock.now() + delay)
            return
        why = code_of(error) or type(error).__name__
        log.warning("a card that is no job's may stand in %s: %s", opening.channel, why)
        await self._books.forget(opening.key)
