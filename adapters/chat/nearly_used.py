"""Says once for each budget and window that most of it is used."""

import hashlib
from collections.abc import AsyncIterator

from bot.domain.budgets import Balance, Quota, period
from bot.ports import Clock
from bot.store import ChatStore
from bot.wording import Sentence
from bot.wording.budgets import nearly_used


class NearlyUsed:
    def __init__(self, platform: str, chat: ChatStore, clock: Clock) -> None:
        self._platform = platform
        self._chat = chat
        self._clock = clock

    async def news(self, quota: Quota) -> AsyncIterator[Sentence]:
        """What was not said yet, also before a restart."""
        for window in quota.windows:
            if window.is_nearly_used and await self._is_news(window):
                yield nearly_used(window)

    async def _is_news(self, window: Balance) -> bool:
        """The topic is kept as a hash, as it names a person."""
        gate, now = window.gate, self._clock.now()
        name = period(gate.window, now, gate.timezone).name
        topic = f"nearly_used:{gate.community}:{gate.person}:{name}"
        digest = hashlib.sha256(topic.encode()).hexdigest()
        return await self._chat.tell_once(f"{self._platform}:{digest}", now)
