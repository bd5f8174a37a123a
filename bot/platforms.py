"""Chat platforms, the page, the terminal and webhooks, with what each offers to the bot."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.connection import Connection
from bot.ports import Address, Announcer, Names, Roles, Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What the bot uses of one platform; None where the platform doesn't have it."""

    name: str  # as rows remember it: "discord"
    surface: Surface
    announcer: Announcer | None = None
    roles: Roles | None = None
    names: Names | None = None
    link: Callable[[Address], str] | None = None  # to the message of a card; "" where it has none
    connection: Connection | None = None
    health: Callable[[], Mapping[str, Any]] | None = None
    app: Any = None  # the ASGI app of a platform that calls us
    leave: Callable[[str], Awaitable[None]] | None = None  # a community that it may not be in
    setup_required: bool = False  # whether an admin sets the bot up before anybody draws

    @property
    def is_up(self) -> bool:
        """False while its connection is known to be down; one that is called has none."""
        return self.connection is None or self.connection.is_up

    @property
    def is_starting(self) -> bool:
        """Whether its first answer is still waited for."""
        return self.connection is not None and self.connection.is_starting


class Platforms:
    """The platforms that run now, by name."""

    def __init__(self) -> None:
        self._running: dict[str, Platform] = {}

    def __iter__(self) -> Iterator[Platform]:
        return iter(tuple(self._running.values()))

    def add(self, platform: Platform) -> None:
        """`platform` runs from now on, in place of one with its name."""
        self._running[platform.name] = platform

    @contextmanager
    def added(self, platform: Platform) -> Iterator[None]:
        """`platform` runs until the block ends."""
        self.add(platform)
        try:
            yield
        finally:
            del self._running[platform.name]

    def find(self, name: str) -> Platform | None:
        return self._running.get(name)

    async def leave(self, name: str, community: str) -> None:
        """Take the bot out of a community that it may not be in, where the platform can."""
        if (found := self.find(name)) and found.leave:
            await found.leave(community)

    def surface(self, name: str) -> Surface | None:
        return found.surface if (found := self.find(name)) else None

    def announcer(self, name: str) -> Announcer | None:
        return found.announcer if (found := self.find(name)) else None

    def roles(self, name: str) -> Roles | None:
        return found.roles if (found := self.find(name)) else None

    def link(self, name: str, address: Address) -> str:
        """The address at which people open the message of a card; "" where that isn't known."""
        found = self.find(name)
        return found.link(address) if found and found.link else ""

    def names(self, name: str) -> Names | None:
        return found.names if (found := self.find(name)) else None
