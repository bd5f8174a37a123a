"""A whole bot that dies at a step of a delivery. A fork server makes one for each life.

Steps are what a delivery writes down on its way. Everything else is cut from outside: whoever holds
the pid may kill whenever a call comes in.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import adapters.discord.app  # noqa: F401  (what `limner run` loads late, no life loads again)
from tests.support.clock import FakeClock
from tests.support.fork_server import kill_self
from tests.support.whole_bot import alive

Address = Mapping[str, Any]
# What is written down at each step: the address as it was and as it becomes.
STEPS: dict[str, Callable[[Address, Address], bool]] = {
    "before the message": lambda was, now: is_new(was, now, attempt="message"),
    "before a new message": lambda was, now: is_new(was, now, attempt="new"),
    "a conversation is open": lambda was, now: bool(now["dm"]) and not was.get("dm"),
    "before a direct message": lambda was, now: is_new(was, now, attempt="dm"),
    "a new message is known": lambda was, now: (
        was.get("attempt") in ("new", "dm") and was.get("message") != now["message"]
    ),
    "posted": lambda was, now: is_new(was, now, posted=True),
    "before the cost is told": lambda was, now: is_new(was, now, cost_told=True),
}


def is_new(was: Address, now: Address, **wanted: Any) -> bool:
    return all(now[name] == value != was.get(name) for name, value in wanted.items())


SHOWN = "shown"


class CrashingPort:
    """Stands before the cards' store and takes the process down at one step."""

    def __init__(self, cards: Any, step: str, when: str) -> None:
        self._cards = cards
        self._step = step
        self._when = when
        self._last: Address = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cards, name)

    async def checkpoint(self, card: int, address: Address) -> None:
        hit = self._step != SHOWN and STEPS[self._step](self._last, address)
        self._last = address
        await self._dying(hit, lambda: self._cards.checkpoint(card, address))

    async def shown(self, card: int, revision: int) -> None:
        hit = self._step == SHOWN and bool(self._last.get("posted"))
        await self._dying(hit, lambda: self._cards.shown(card, revision))

    async def _dying(self, hit: bool, act: Callable[[], Any]) -> None:
        if hit and self._when == "before":
            kill_self()
        await act()
        if hit:
            kill_self()


async def live(
    environ: Mapping[str, str], step: str = "", when: str = "", ahead_s: float = 0.0
) -> None:
    def crashing(store: Any) -> Any:
        if step:
            store.cards = CrashingPort(store.cards, step, when)
        return store

    clock = FakeClock(runs=True)
    clock.advance(ahead_s)
    async with alive(environ, clock, around_store=crashing):
        await asyncio.Event().wait()
