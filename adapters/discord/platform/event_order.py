"""Reads the gateway's events in their order, but interactions at once.

At a start thousands of servers come on one line, and for an interaction that comes between them
Discord waits three seconds. To build a server takes several times as long as to read past it: that
is done afterwards, one at a time, and what else happens waits its turn behind. The server of an
interaction comes first: its channels and roles may be among the options.
"""

import asyncio
import pickle
from collections import deque
from collections.abc import Callable
from typing import Any

Parse = Callable[[Any], None]

_SERVER = "GUILD_CREATE"
_INTERACTION = "INTERACTION_CREATE"
# What begins a session comes before its servers.
_AT_ONCE = frozenset({"READY", "RESUMED"})
# Their data is a server's own, and its id is not under "guild_id".
_OF_SERVERS = frozenset({_SERVER, "GUILD_UPDATE", "GUILD_DELETE"})
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
        self._waiting: deque[tuple[Any, Parse, bytes]] = deque()
        self._working: asyncio.Task[None] | None = None

    def put_between(self, event: str, parse: Parse) -> Parse:
        """`parse`, which must not raise, in its turn."""
        if event in _AT_ONCE:
            return parse

        def in_turn(data: Any) -> None:
            if not isinstance(data, dict):
                parse(data)
                return
            if event == _INTERACTION:
                self._come_first(data.get("guild_id"))
                parse(data)
                return
            if event == _SERVER:
                data = {**data, **{name: [] for name in _UNUSED if name in data}}
            elif not self._waiting:
                parse(data)
                return
            server = data.get("id" if event in _OF_SERVERS else "guild_id")
            self._waiting.append((server, parse, pickle.dumps(data, pickle.HIGHEST_PROTOCOL)))
            if self._working is None or self._working.done():
                self._working = asyncio.create_task(self._work(), name="servers of Discord")

        return in_turn

    def _come_first(self, server: Any) -> None:
        """Read what waits of a server now."""
        if server is None or not self._waiting:
            return
        before, self._waiting = self._waiting, deque()
        for each in before:
            if each[0] == server:
                _read(each)
            else:
                self._waiting.append(each)

    async def _work(self) -> None:
        while self._waiting:
            _read(self._waiting.popleft())
            await asyncio.sleep(0)

    def forget(self) -> None:
        """The line ended: a new one tells everything anew."""
        self._waiting.clear()


def _read(waiting: tuple[Any, Parse, bytes]) -> None:
    _, parse, packed = waiting
    parse(pickle.loads(packed))  # noqa: S301  (packed by in_turn)
