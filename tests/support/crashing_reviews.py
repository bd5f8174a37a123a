"""A bot that dies between a decision and its effect; a fork server makes one for each life."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.asker import DISCORD
from bot.domain.case import Decision
from bot.domain.community_settings import CommunitySettings, Withheld
from bot.domain.job_view import JobView
from bot.ports import Address, Checkpoint
from bot.wording import Sentence
from tests.support.bot_harness import (
    ANN,
    BotHarness,
    FakeBackend,
    FakeSurface,
    bot_harness,
    prompted,
)
from tests.support.crashing_jobs import Around, NotingBackend, note
from tests.support.fork_server import kill_self

MOD = replace(ANN, person="mod", is_moderator=True)
GRACE = timedelta(seconds=6)

# Every named step between a decision and its effect: the port and the method.
STEPS = {
    "decide": ("cases", "decide"),
    "apply": ("cases", "apply_due"),
    "restrict": ("pictures", "restrict"),
    "secured": ("cases", "secured"),
    "tell": ("surface", "tell"),
    "said": ("cases", "said"),
    "checkpoint": ("cards", "checkpoint"),
    "show": ("surface", "show"),
    "withdraw": ("surface", "withdraw"),
}


@dataclass
class Fuse:
    """Burns only once something was decided."""

    armed: bool = False


class CrashingPort:
    """Stands at a port and takes the process down before or after one method."""

    def __init__(self, inner: Any, method: str, when: str, fuse: Fuse) -> None:
        self._inner = inner
        self._method = method
        self._when = when
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name != self._method:
            return found

        async def crashing(*args: Any, **kwargs: Any) -> Any:
            if self._fuse.armed and self._when == "before":
                kill_self()
            value = await found(*args, **kwargs)
            if self._fuse.armed:
                kill_self()
            return value

        return crashing


class NotingSurface(FakeSurface):
    """What a person would see and hear, on a platform that says the same key once."""

    notes: Path

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None:
        await super().show(address, view, checkpoint)
        spoiler = [picture.spoiler for picture in view.pictures]
        note(self.notes / "seen.txt", json.dumps([view.phase, spoiler]))

    async def tell(
        self, person: str, notice: Sentence, *, key: str = "", community: str = ""
    ) -> None:
        await super().tell(person, notice, key=key)
        note(self.notes / "told.txt", f"{person} {key}")

    async def withdraw(self, address: Address) -> None:
        await super().withdraw(address)
        note(self.notes / "withdrawn.txt", address["nail"])


def around(data_dir: Path, step: str, when: str, fuse: Fuse) -> dict[str, Any]:
    """What stands around the ports of a bot that dies at `step`; "" is nowhere."""
    port, method = STEPS.get(step, ("", ""))

    def crashing(name: str, inner: Any) -> Any:
        return CrashingPort(inner, method, when, fuse) if port == name else inner

    def store(inner: Any) -> Any:
        if port in ("cases", "cards"):
            return Around(inner, port, crashing(port, getattr(inner, port)))
        return inner

    def backend(inner: FakeBackend) -> Any:
        mine = NotingBackend(inner.inbox)
        mine.notes = data_dir / "drawn.txt"
        mine.flagged = True
        return mine

    def surface(_: FakeSurface) -> Any:
        mine = NotingSurface()
        mine.notes = data_dir
        return crashing("surface", mine)

    return {
        "around_store": store,
        "around_backend": backend,
        "around_pictures": lambda inner: crashing("pictures", inner),
        "around_surface": surface,
    }


async def decide(core: BotHarness, decision: Decision) -> None:
    """The moderator's press."""
    (case,) = await core.reviews.queue(MOD)
    await core.reviews.decide(MOD, case.id, decision, "because")


async def card_is_up(core: BotHarness) -> None:
    """It shows "in review": nobody decides before that."""
    async with asyncio.timeout(20):
        while await core.store.cards.due(core.clock.now(), 1):  # noqa: ASYNC110  (the outbox's pace)
            await asyncio.sleep(0.001)


async def take_effect(core: BotHarness, until: Callable[[], bool] = lambda: True) -> None:
    core.clock.advance(GRACE)
    await core.enforcement.look()
    await core.until(until)


async def live(folder: str, step: str, when: str, decided: str) -> None:
    """One picture in review, one decision; the process does not outlive `step`."""
    data_dir, decision, fuse = Path(folder), Decision(decided), Fuse()
    async with bot_harness(data_dir, **around(data_dir, step, when, fuse)) as core:
        wall = core.platforms.find("wall")
        assert wall is not None
        core.platforms.add(replace(wall, name=DISCORD))
        rule = CommunitySettings(withheld_cost=Withheld.ALWAYS)
        await core.store.people.change_community(
            "discord", "c1", lambda _: rule, "test", core.clock.now()
        )
        await core.finished(await core.imagine(event_id="the one", request=prompted(seed=7)))
        await card_is_up(core)
        if step == "decide":
            fuse.armed = True
        await decide(core, decision)
        fuse.armed = True
        await take_effect(core)
        await asyncio.sleep(60)
