"""Reads the gateway's events in their order, but interactions at once.

At a start thousands of servers come on one line, and for an interaction that comes between them
Discord waits three seconds. To build a server takes several times as long as to read past it: that
is done afterwards, one at a time, and what else happens waits its turn behind.
"""

import asyncio
import pickle
from collections import deque
from collections.abc import Callable
from typing import Any

Parse = Callable[[Any], None]

_SERVER = "GUILD_CREATE"
# What begins a session comes before its servers.
_AT_ONCE = frozenset({"INTERACTION_CREATE", "READY", "RESUMED"})
# Of a server; nobody here looks at them, and they may be most of it.
_UNUSED = (
    "emojis",
    "stickers",
    "soundboard_sounds",
    "guild_scheduled_events",
    "stage_instances",
    "voice_states",
    "presences",
)


class EventOrder:
    """Between the gateway and discord.py's parsers."""

    def __init__(self) -> None:
        # Packed: as objects thousands of servers would take hundreds of megabytes.
        self._waiting: deque[tuple[Parse, bytes]] = deque()
        self._working: asyncio.Task[None] | None = None

    def put_between(self, event: str, parse: Parse) -> Parse:
        """`parse`, which must not raise, in its turn."""
        if event in _AT_ONCE:
            return parse

        def in_turn(data: Any) -> None:
            if event == _SERVER:
                data = {**data, **{name: [] for name in _UNUSED if name in data}}
            elif not self._waiting:
                parse(data)
                return
            self._waiting.append((parse, pickle.dumps(data, pickle.HIGHEST_PROTOCOL)))
            if self._working is None or self._working.done():
                self._working = asyncio.create_task(self._work(), name="servers of Discord")

        return in_turn

    async def _work(self) -> None:
        while self._waiting:
            parse, data = self._waiting.popleft()
            parse(pickle.loads(data))  # noqa: S301  (packed above)
            await asyncio.sleep(0)

    def forget(self) -> None:
        """The line ended: a new one tells everything anew."""
        self._waiting.clear()
