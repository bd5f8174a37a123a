"""In review, removed, approved, reported: the same on Discord and on Slack leaves the same ledger.

The page and the terminal are the owner's own; nobody has to be protected from themselves there.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from bot.domain.budgets import Budgets
from storage.integrity import problems
from storage.sqlite_store import open_for_reading
from tests.adapters.discord import moderation_harness as discord
from tests.adapters.discord.harness import text_of
from tests.adapters.slack.moderation_harness import ModerationHarness, moderation_harness

BUDGETS = Budgets(person_day=8_000, community_month=50_000)


class Moderated(Protocol):
    """A community with a member who draws, one who reports, and a moderator."""

    async def withheld(self) -> None: ...
    async def decide(self, verb: str, reason: str = "") -> None: ...
    async def drawn(self) -> None: ...
    async def reported(self, category: str) -> None: ...


class OnDiscord:
    def __init__(self, at: discord.ModerationHarness) -> None:
        self._at = at
        self._card: Any = None

    async def withheld(self) -> None:
        await self._at.withheld()
        await self._at.here.until(lambda: "In review" in text_of(self._at.result()))

    async def decide(self, verb: str, reason: str = "") -> None:
        await self._at.decided(self._at.mia, verb, reason)
        await self._at.effect()

    async def drawn(self) -> None:
        self._at.here.core.backend.flagged = False
        self._card = await self._at.here.draw(prompt="a harbour")

    async def reported(self, category: str) -> None:
        count = len(self._at.mods.history())
        self._at.here.core.clock.advance(timedelta(days=8))  # max is no newcomer any more
        await self._at.reported(self._card, category, "look")
        await self._at.here.until(lambda: len(self._at.mods.history()) > count)


class OnSlack:
    def __init__(self, at: ModerationHarness) -> None:
        self._at = at
        self._card: Any = None

    async def withheld(self) -> None:
        await self._at.withheld()
        await self._at.here.fake.until(lambda: "In review" in self._at.result().words)

    async def decide(self, verb: str, reason: str = "") -> None:
        await self._at.decide(self._at.cards()[-1], verb, reason, by=self._at.mia)

    async def drawn(self) -> None:
        self._at.here.core.backend.flagged = False
        self._card = await self._at.here.draw("a harbour")

    async def reported(self, category: str) -> None:
        fake, count = self._at.here.fake, len(self._at.cards())
        card = self._card
        view = await self._at.here.modal(lambda: fake.use_on(card, "report", by=fake.bob))
        values = {"category": category, "reason": "look"}
        await self._at.here.does(lambda: fake.submit(view, values))
        await fake.until(lambda: len(self._at.cards()) > count)


@asynccontextmanager
async def on_discord(data_dir: Path) -> AsyncIterator[Moderated]:
    async with discord.moderation_harness(data_dir, budgets=BUDGETS) as at:
        yield OnDiscord(at)


@asynccontextmanager
async def on_slack(data_dir: Path) -> AsyncIterator[Moderated]:
    async with moderation_harness(data_dir, budgets=BUDGETS) as at:
        yield OnSlack(at)


Place = Callable[[Path], AbstractAsyncContextManager[Moderated]]
PLACES: dict[str, Place] = {"discord": on_discord, "slack": on_slack}


async def converse(there: Moderated) -> None:
    await there.withheld()
    await there.decide("remove", "not here")
    await there.withheld()
    await there.decide("approve")
    await there.drawn()
    await there.reported("minors")
    await there.decide("approve")


# What is left behind, without names, ids and times.

_ROWS = {
    "jobs": "SELECT state, quote, bill FROM job ORDER BY rowid",
    "pictures": "SELECT position, flagged, verdict FROM picture JOIN job ON job.key = job_key"
    " ORDER BY job.rowid, position",
    "cases": "SELECT kind, state, round, decision, reason, closed_at IS NULL FROM review_case"
    " ORDER BY id",
    "reports": "SELECT category, reason, counts, upheld FROM report ORDER BY id",
    "notices": "SELECT place, code FROM notice ORDER BY id",
    "audit": "SELECT action FROM audit WHERE subject LIKE 'case:%' ORDER BY id",
    "entries": "SELECT entry.kind, amount, who.kind FROM entry"
    " JOIN account ON account.id = account_id JOIN principal who ON who.id = principal_id"
    " JOIN job ON job.key = job_key ORDER BY job.rowid, entry.kind, who.kind, period",
}


def store_of(data_dir: Path) -> dict[str, list[Any]]:
    con = open_for_reading(data_dir / "limner.db")
    try:
        assert problems(con) == []
        return {name: con.execute(rows).fetchall() for name, rows in _ROWS.items()}
    finally:
        con.close()


async def test_discord_and_slack_leave_the_same(tmp_path: Path) -> None:
    left = {}
    for name, place in PLACES.items():
        folder = tmp_path / name
        folder.mkdir()
        async with place(folder) as there:
            await converse(there)
        left[name] = store_of(folder)
    assert left["slack"] == left["discord"]
    assert [(kind, state, decision) for kind, state, _, decision, *_ in left["slack"]["cases"]] == [
        ("pictures", "decided", "remove"),
        ("pictures", "decided", "approve"),
        ("report", "decided", "approve"),
    ]
    assert left["slack"]["pictures"] == [(0, 1, "block"), (0, 1, "show"), (0, 0, "show")]
    # A moderator confirmed what was withheld, so that it stays paid.
    assert left["slack"]["jobs"] == [("produced", 1_000, 1_000)] * 3
