"""A bot is killed while it brings cards, and what has to be true of its database afterwards."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from storage.ledger_check import faults
from storage.sqlite_store import open_for_reading
from tests.support.fork_server import kill_self

Address = Mapping[str, Any]
# Whether an address that is written down, after an earlier one, is the step at which to die.
Step = Callable[[Address, Address], bool]
# The step that is none of an address: the card is noted as shown.
SHOWN = "shown"
# On the way to a job, before there is a card to write down anything of.
ANNOUNCED, HELD = "the card is announced", "the money is held"


class CrashingCards:
    """Stands before the cards' store and takes the process down "before" or "after" one step."""

    def __init__(self, cards: Any, steps: Mapping[str, Step], step: str, when: str) -> None:
        self._cards = cards
        self._steps = steps
        self._step = step
        self._when = when
        self._last: Address = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cards, name)

    async def checkpoint(self, card: int, address: Address) -> None:
        hit = self._step != SHOWN and self._steps[self._step](self._last, address)
        self._last = address
        await self._dying(hit, lambda: self._cards.checkpoint(card, address))

    async def shown(self, card: int, revision: int, ended: Mapping[str, str] | None = None) -> None:
        hit = self._step == SHOWN and bool(self._last.get("posted"))
        await self._dying(hit, lambda: self._cards.shown(card, revision, ended))

    async def _dying(self, hit: bool, act: Callable[[], Any]) -> None:
        if hit and self._when == "before":
            kill_self()
        await act()
        if hit:
            kill_self()


def crashing_intake(store: Any, step: str, when: str) -> Any:
    """Have the process die before or after a step on the way to a job; others change nothing."""
    if step == ANNOUNCED:
        store.pending_cards.announce = dying(store.pending_cards.announce, when)
    elif step == HELD:
        store.jobs.reserve = dying(store.jobs.reserve, when)
    return store


def dying(write: Callable[..., Any], when: str) -> Callable[..., Any]:
    async def written(*args: Any, **named: Any) -> NoReturn:
        if when == "after":
            await write(*args, **named)
        kill_self()

    return written


def is_new(was: Address, now: Address, **wanted: Any) -> bool:
    return all(now[name] == value != was.get(name) for name, value in wanted.items())


def rows(data_dir: Path, question: str) -> list[tuple[object, ...]]:
    con = open_for_reading(data_dir / "limner.db")
    try:
        return con.execute(question).fetchall()
    finally:
        con.close()


def is_worked_off(data_dir: Path) -> bool:
    """Every job ended and was judged, every card that is left shows how it ended, and none is
    nobody's.
    """
    behind = rows(
        data_dir,
        "SELECT 1 FROM card JOIN job ON job.key = card.job_key"
        " WHERE card.due_at IS NOT NULL"
        " OR (card.state <> 'dead' AND card.shown_revision < job.revision)"
        " OR job.state IN ('reserved', 'submitted')"
        " UNION SELECT 1 FROM picture WHERE verdict IS NULL"
        " UNION SELECT 1 FROM opening LIMIT 1",
    )
    return not behind


def check_the_store(data_dir: Path) -> None:
    con = open_for_reading(data_dir / "limner.db")
    try:
        assert faults(con) == []
    finally:
        con.close()
