"""A server whose moderators, mia and max, have a channel of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
from simcord import ChannelHandle, MemberActor, UserHandle

from bot.domain.asker import Asker
from bot.domain.case import GRACE
from tests.adapters.discord.harness import DiscordHarness, custom_ids, discord_harness, text_of

MODERATE = discord.Permissions(moderate_members=True)
HIDDEN = discord.PermissionOverwrite(view_channel=False)
SEEN = discord.PermissionOverwrite(view_channel=True)


@dataclass
class ModerationHarness:
    here: DiscordHarness
    mods: ChannelHandle
    mia: MemberActor
    max: MemberActor

    async def withheld(self, who: MemberActor | None = None, **options: Any) -> Any:
        """Somebody draws what looks indecent; the card in the moderators' channel."""
        self.here.core.backend.flagged = True
        count = len(self.mods.history())
        wish = {"prompt": "a bather", **options}
        await (who or self.here.ann).slash(self.here.channel, "imagine", **wish)
        await self.here.until(lambda: len(self.mods.history()) > count)
        return self.card()

    def card(self) -> Any:
        return self.mods.history()[-1]

    def result(self) -> Any:
        """The requester's card."""
        return self.here.messages()[-1]

    async def effect(self) -> None:
        """The time to take a decision back goes by."""
        core = self.here.core
        core.clock.advance(GRACE)
        core.enforcement.wake()
        async with asyncio.timeout(20):
            while await core.store.cases.next_effect_at() is not None:  # noqa: ASYNC110  (it reads)
                await asyncio.sleep(0.01)
        core.clock.advance(timedelta(seconds=1))

    async def decided(self, who: MemberActor, verb: str, reason: str = "") -> Any:
        """Decide the newest case, and wait for nothing."""
        said = await pressed(who, self.card(), verb)
        return await answered(who, said, reason) if said.modal else said

    async def reported(self, card: Any, category: str, words: str = "") -> Any:
        """Max reports a result by the menu on its message."""
        shown: Any = await self.max.context_menu(self.here.channel, "Report image", card)
        parts = shown.modal["components"]
        chosen, written = (part["component"]["custom_id"] for part in parts)
        return await self.max.submit_modal(shown, {chosen: [category], written: words})

    def private_messages(self, who: MemberActor) -> list[str]:
        user = next(u for u in self.here.env.backend.users.values() if u.id == who.id)
        if user.id not in self.here.env.backend.dm_channels:
            return []
        return [text_of(m) for m in UserHandle(self.here.env, user).dm_channel.history()]

    def asker(self, who: MemberActor, **rights: Any) -> Asker:
        """Somebody here as the bot knows them."""
        guild, channel = str(self.here.guild.id), str(self.here.channel.id)
        return Asker(
            platform="discord", community=guild, channel=channel, person=str(who.id), **rights
        )

    async def forged(self, *custom_ids: str, channel: Any = None) -> Any:
        """A message of the bot's with buttons that should not be where they are."""
        number = (channel or self.here.channel).id
        place = self.here.bot.get_partial_messageable(number)
        buttons: list[Any] = [
            discord.ui.Button(label="Press", custom_id=each) for each in custom_ids
        ]
        rows = [discord.ui.ActionRow(*buttons[n : n + 5]) for n in range(0, len(buttons), 5)]
        view = discord.ui.LayoutView()
        for row in rows:
            view.add_item(row)
        view.stop()
        return await place.send(view=view)

    async def audited(self) -> list[tuple[str, str]]:
        """(actor, action), the oldest first."""
        rows = await self.here.core.store.cases._reader.rows(
            "SELECT actor, action FROM audit ORDER BY id"
        )
        return [(row[0], row[1]) for row in rows]


@asynccontextmanager
async def moderation_harness(data_dir: Path, **how: Any) -> AsyncIterator[ModerationHarness]:
    async with discord_harness(data_dir, **how) as here:
        role = here.guild.create_role("moderators", permissions=MODERATE)
        mods = private_channel(here, role)
        await here.set_up(moderator_channel=str(mods.id))
        mia, max_ = (
            here.guild.add_member(here.env.create_user(name), roles=[role])
            for name in ("mia", "max")
        )
        yield ModerationHarness(here, mods, mia, max_)


def private_channel(here: DiscordHarness, role: Any, name: str = "mods") -> ChannelHandle:
    """For the bot and those with `role`, or for one member."""
    who_sees: dict[Any, Any] = {here.guild.default_role: HIDDEN, role: SEEN}
    who_sees[here.env.bot.user] = SEEN
    return here.guild.create_text_channel(name, overwrites=who_sees)


async def pressed(who: MemberActor, card: Any, verb: str) -> Any:
    """Press a button; `verb` may name a picture, as in bare:1."""
    name, _, number = verb.partition(":")
    custom_id = f"case:{name}:{case_of(card)}{f':{number}' if number else ''}"
    return await who.click(card, custom_id=custom_id)


async def answered(who: MemberActor, shown: Any, reason: str = "") -> Any:
    """Send the form of a decision."""
    return await who.submit_modal(shown, {reason_of(shown): reason})


def whispered(said: Any) -> str:
    """What only the one who pressed reads, after the card itself."""
    assert all(reply.ephemeral for reply in said.followups)
    return text_of(said.followups[-1].message)


def reason_of(shown: Any) -> str:
    """The custom id of the form's field."""
    return str(shown.modal["components"][-1]["component"]["custom_id"])


def asks(shown: Any) -> str:
    """Title and text of a form."""
    texts = [part["content"] for part in shown.modal["components"] if "content" in part]
    return "\n".join([shown.modal["title"], *texts])


def case_of(card: Any) -> str:
    return next(each for each in custom_ids(card) if each.startswith("case:")).split(":")[2]


def verbs(card: Any) -> list[str]:
    return [each.split(":")[1] for each in custom_ids(card) if each.startswith("case:")]
