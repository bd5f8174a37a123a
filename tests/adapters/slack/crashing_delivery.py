"""A whole bot that dies at a step of a delivery on Slack. A fork server makes one for each life.

Steps are what a delivery writes down on its way. Everything else is cut from outside: whoever holds
the pid may kill whenever a call comes in.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import adapters.slack.app  # noqa: F401  (what `limner run` loads late, no life loads again)
from tests.support.clock import FakeClock
from tests.support.killed_bots import (
    ANNOUNCED,
    HELD,
    CrashingCards,
    Step,
    crashing_intake,
    is_new,
)
from tests.support.whole_bot import alive

# What is written down at each step: the address as it was and as it becomes.
STEPS: dict[str, Step] = {
    "the files are known": lambda was, now: bool(now["files"]) and not was.get("files"),
    "the card is gone": lambda was, now: bool(was.get("ts")) and not now["ts"],
    "before a new message": lambda was, now: is_new(was, now, attempt="new"),
    "before a direct message": lambda was, now: is_new(was, now, attempt="dm"),
    "a new message is known": lambda was, now: (
        bool(was.get("attempt")) and bool(now["ts"]) and was.get("ts") != now["ts"]
    ),
    "before a file is shared": lambda was, now: len(now["shared"]) > len(was.get("shared", {})),
    "posted": lambda was, now: is_new(was, now, posted=True),
}


class CrashingPort(CrashingCards):
    async def due(self, *asked: Any) -> Any:
        """What a card's address was before its delivery began."""
        found = await self._cards.due(*asked)
        if found:
            self._last = found[0].address
        return found


def crashing(store: Any, step: str, when: str) -> Any:
    """Have the process die before or after one step is written down."""
    if step in (ANNOUNCED, HELD):
        return crashing_intake(store, step, when)
    if step:
        store.cards = CrashingPort(store.cards, STEPS, step, when)
    return store


async def live(
    environ: Mapping[str, str],
    step: str = "",
    when: str = "",
    hurry: float = 1.0,
    ahead_s: float = 0.0,
) -> None:
    clock = FakeClock(runs=True, hurry=hurry)
    clock.advance(ahead_s)
    async with alive(environ, clock, around_store=lambda store: crashing(store, step, when)):
        await asyncio.Event().wait()
