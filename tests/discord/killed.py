"""Whole bots that die: one process that has everything loaded forks a bot for each life.

    with Nursery() as nursery:
        pid = nursery.begin(environ, "posted", "after")    # dies there by kill -9
        nursery.ended(pid)                                 # waits, and returns the signal

Steps are what a delivery writes down on its way. Everything else is cut from outside: whoever holds
the pid may kill whenever a call comes in.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn, Self

ROOT = Path(__file__).parents[2]
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
LIFE_MAX_S = 30.0


class Nursery:
    """The process that forks. Its lives are its children."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.discord.killed"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(
        self, environ: Mapping[str, str], step: str = "", when: str = "", *, ahead_s: float = 0.0
    ) -> int:
        """`ahead_s` is how far its clock is ahead."""
        return int(self._ask({"begin": [environ, step, when, ahead_s]}))

    def ended(self, pid: int) -> int:
        """By which signal it ended, 0 for none."""
        return int(self._ask({"ended": pid}))

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        self.ended(pid)

    def _ask(self, question: dict[str, Any]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


# In the nursery's process.


class Deadly:
    """Stands before the cards' books and takes the process down at one step."""

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
            die()
        await act()
        if hit:
            die()


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


async def live(environ: Mapping[str, str], step: str, when: str, ahead_s: float) -> None:
    from bot.clock import SystemClock  # noqa: PLC0415  (loaded by main, long before the fork)
    from tests.discord.life import alive  # noqa: PLC0415

    class Ahead(SystemClock):
        def now(self) -> datetime:
            return super().now() + timedelta(seconds=ahead_s)

    def deadly(cards: Any) -> Any:
        return Deadly(cards, step, when) if step else cards

    async with alive(environ, Ahead(), around_cards=deadly):
        await asyncio.Event().wait()


def main() -> None:
    import tests.discord.life  # noqa: F401, PLC0415  (everything is loaded once)

    living = set[int]()
    for line in sys.stdin:
        question = json.loads(line)
        if "begin" in question:
            answer = os.fork()
            if not answer:
                _child(*question["begin"])
            living.add(answer)
        else:
            living.discard(question["ended"])
            answer = _signal_of(question["ended"])
        print(answer, flush=True)  # noqa: T201  (the answer)
    for pid in living:
        os.kill(pid, signal.SIGKILL)


def _signal_of(pid: int) -> int:
    """By which signal a life ended; one that would not end is ended, and that is 0."""
    until_s = time.monotonic() + LIFE_MAX_S
    while time.monotonic() < until_s:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return 0


def _child(environ: Mapping[str, str], step: str, when: str, ahead_s: float) -> NoReturn:
    """Nothing of the nursery's pipes is touched in here; what it says goes beside its data."""
    said = os.open(environ["DATA_DIR"] + "/said.txt", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (0, 1, 2):
        os.dup2(said, stream)
    asyncio.run(live(environ, step, when, ahead_s))
    os._exit(0)


if __name__ == "__main__":
    main()
