"""A workspace whose moderators, Mia and Max, have a private channel of their own."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.case import GRACE
from bot.domain.moderation_policy import Flagged
from tests.adapters.slack.fake.world import Act, Channel, Message, Person, View
from tests.adapters.slack.harness import SlackHarness, slack_harness
from tests.support.clock import FakeClock


@dataclass
class ModerationHarness:
    here: SlackHarness
    clock: FakeClock
    mods: Channel
    mia: Person
    max: Person
    data_dir: Path

    async def withheld(self, text: str = "a bather", *, by: Person | None = None) -> Message:
        """Somebody draws what looks indecent; the card in the moderators' channel."""
        self.here.core.backend.flagged = True
        count = len(self.cards())
        await self.here.does(lambda: self.here.fake.command("/imagine", text, by=by))
        await self.here.fake.until(lambda: len(self.cards()) > count)
        return self.cards()[-1]

    def cards(self) -> list[Message]:
        """The cards of cases in the channel."""
        return [m for m in self.here.fake.within(self.mods) if m.author.bot]

    def result(self) -> Message:
        """The requester's card."""
        return self.here.fake.within(self.here.fake.art)[-1]

    async def press(self, place: Message | View, verb: str, *, by: Person | None = None) -> Act:
        return await self.here.does(lambda: self.here.fake.press(place, f"case:{verb}:", by=by))

    async def form(self, card: Message, verb: str, *, by: Person) -> View:
        """What opens when a button is pressed."""
        return await self.here.modal(lambda: self.here.fake.press(card, f"case:{verb}:", by=by))

    async def submit(self, view: View, reason: str = "") -> Act:
        values = {"reason": reason} if reason else {}
        return await self.here.does(lambda: self.here.fake.submit(view, values))

    async def decide(self, card: Message, verb: str, reason: str = "", *, by: Person) -> None:
        """Decide, and let the decision take effect."""
        if verb in ("approve", "blur"):
            await self.press(card, verb, by=by)
        else:
            await self.submit(await self.form(card, verb, by=by), reason)
        await self.effect()

    async def effect(self) -> None:
        """The time to take a decision back goes by."""
        core = self.here.core
        self.clock.advance(GRACE)
        core.enforcement.wake()
        async with asyncio.timeout(20):
            while await core.store.cases.next_effect_at() is not None:  # noqa: ASYNC110  (it reads)
                await asyncio.sleep(0.01)
        self.clock.advance(timedelta(seconds=1))
        await self.here.fake.until(lambda: not self.here.here.moderators.busy)

    async def mod(self, text: str, *, by: Person | None = None) -> str:
        return await self.here.limner(f"mod {text}", by=by or self.mia)

    def heard(self, person: Person) -> list[str]:
        """What somebody was told in their private messages."""
        own = self.here.fake.within(self.here.fake.direct(person))
        return [message.words for message in own]

    def audit(self, action: str) -> list[tuple[str, str]]:
        """Who did `action`, and to what."""
        with closing(sqlite3.connect(self.data_dir / "limner.db")) as con:
            rows = con.execute("SELECT actor, subject FROM audit WHERE action = ?", (action,))
            return [(str(actor), str(subject)) for actor, subject in rows]


@asynccontextmanager
async def moderation_harness(
    data_dir: Path, *, flagged: Flagged = Flagged.REVIEW, **how: Any
) -> AsyncIterator[ModerationHarness]:
    clock = FakeClock(runs=True, wakes=True)
    async with slack_harness(data_dir, clock=clock, **how) as here:
        fake = here.fake
        mia, max_ = fake.add_person("Mia"), fake.add_person("Max")
        fake.art.members += [mia, max_]
        mods = fake.add_channel("mods", mia, max_, private=True)
        fake.invite_bot(mods)
        moderators = (mia.id, max_.id)
        await here.set_up(moderator_channel=mods.id, moderators=moderators, flagged=flagged)
        yield ModerationHarness(here, clock, mods, mia, max_, data_dir)


def case_in(message: Message | View) -> str:
    """The id of the case that a card or form is about."""
    return next(
        str(each["action_id"]).split(":")[2]
        for each in message.controls
        if each["action_id"].startswith("case:")
    )


def verbs(place: Message | View) -> list[str]:
    names = [str(each["action_id"]) for each in place.controls]
    return [name.split(":")[1] for name in names if name.startswith("case:")]
