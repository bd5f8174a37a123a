"""Does things once for each topic, also after a restart: messages, events, orders."""

from collections.abc import Awaitable, Callable

from bot.domain.asker import SLACK
from bot.ports import Clock
from bot.store import InstallationStore

# Takes a topic; returns whether it came for the first time.
Once = Callable[[str], Awaitable[bool]]


def once_in(store: InstallationStore, clock: Clock) -> Once:
    async def once(topic: str) -> bool:
        return await store.take_delivery(f"{SLACK}:{topic}", clock.now())

    return once
