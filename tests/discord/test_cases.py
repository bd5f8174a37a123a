"""Moderators decide cases by the buttons of their cards, in their channel or on their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
from simcord import ChannelHandle, MemberActor

from bot.cases import GRACE
from tests.discord.street import Street, custom_ids, street, text_of, told

MODERATE = discord.Permissions(moderate_members=True)
HIDDEN = discord.PermissionOverwrite(view_channel=False)
SEEN = discord.PermissionOverwrite(view_channel=True)


@dataclass
class Office:
    """A server whose moderators, mia and max, have a channel of their own."""

    here: Street
    mods: ChannelHandle
    mia: MemberActor
    max: MemberActor

    async def withheld(self, **options: Any) -> Any:
        """Ann draws something that looks indecent; the card in the moderators' channel."""
        self.here.home.painter.flagged = True
        count = len(self.mods.history())
        await self.here.ann.slash(self.here.channel, "imagine", prompt="a bather", **options)
        await self.here.until(lambda: len(self.mods.history()) > count)
        return self.card()

    def card(self) -> Any:
        return self.mods.history()[-1]

    async def effect(self) -> None:
        """The time to take a decision back goes by."""
        self.here.home.clock.advance(GRACE + timedelta(seconds=1))
        self.here.home.effects.kick()


@asynccontextmanager
async def office(data_dir: Path, **how: Any) -> AsyncIterator[Office]:
    async with street(data_dir, **how) as here:
        role = here.guild.create_role("moderators", permissions=MODERATE)
        assert here.env.bot.user is not None
        who_sees = {here.guild.default_role: HIDDEN, role: SEEN, here.env.bot.user: SEEN}
        mods = here.guild.create_text_channel("mods", overwrites=who_sees)
        await here.set_up(moderator_channel=str(mods.id))
        mia, max_ = (
            here.guild.add_member(here.env.create_user(name), roles=[role])
            for name in ("mia", "max")
        )
        yield Office(here, mods, mia, max_)


def case_of(card: Any) -> str:
    return custom_ids(card)[0].split(":")[2]


def verbs(card: Any) -> list[str]:
    return [each.split(":")[1] for each in custom_ids(card)]


async def pressed(who: MemberActor, card: Any, verb: str) -> Any:
    return await who.click(card, custom_id=f"case:{verb}:{case_of(card)}")


async def test_a_withheld_picture_comes_to_the_moderators_without_picture_or_prompt(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as at:
        card = await at.withheld(images=2)
        text = text_of(card)
        assert text.startswith(f"A picture waits for a moderator: case `{case_of(card)}`.")
        assert f"<@{at.here.ann.id}> · no strikes" in text
        assert "bather" not in text
        assert card.attachments == []
        assert verbs(card) == [
            "claim", "reveal", "approve", "blur", "remove", "strike", "escalate"
        ]  # fmt: skip


async def test_approving_shows_the_picture_after_five_seconds(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        card = await at.withheld()
        await pressed(at.mia, card, "approve")
        assert f"**Shown** by <@{at.mia.id}>" in text_of(at.card())
        assert verbs(at.card()) == ["undo"]
        assert at.here.done() == []
        await at.effect()
        await at.here.shown()
        await at.here.until(lambda: verbs(at.card()) == [])
