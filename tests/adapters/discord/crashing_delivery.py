"""A whole bot that dies at a step of a delivery. A fork server makes one for each life.

Steps are what a delivery writes down on its way. Everything else is cut from outside: whoever holds
the pid may kill whenever a call comes in.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import adapters.discord.app  # noqa: F401  (what `limner run` loads late, no life loads again)
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
    "before the message": lambda was, now: is_new(was, now, attempt="message"),
    "before a new message": lambda was, now: is_new(was, now, attempt="new"),
    "a conversation is open": lambda was, now: bool(now["dm"]) and not was.get("dm"),
    "before a direct message": lambda was, now: is_new(was, now, attempt="dm"),
    "a new message is known": lambda was, now: (
        was.get("attempt") in ("new", "dm") and was.get("message") != now["message"]
    ),
    "posted": lambda was, now: is_new(was, now, posted=True),
}


async def live(
    environ: Mapping[str, str], step: str = "", when: str = "", ahead_s: float = 0.0
) -> None:
    def crashing(store: Any) -> Any:
        if step in (ANNOUNCED, HELD):
            return crashing_intake(store, step, when)
        if step:
            store.cards = CrashingCards(store.cards, STEPS, step, when)
        return store

    clock = FakeClock(runs=True)
    clock.advance(ahead_s)
    async with alive(environ, clock, around_store=crashing):
        await asyncio.Event().wait()
