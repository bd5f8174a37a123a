"""Who administers a server, as Discord says at this moment."""

from pathlib import Path

import discord
import pytest

from tests.adapters.discord.moderation_harness import moderation_harness


async def test_who_manages_the_server_administers_it_at_the_very_moment(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        roles, guild, ada = at.here.roles, str(at.here.guild.id), at.here.admin
        people = (ada, at.mia, at.here.ann)  # a moderator is no admin
        assert [await roles.administers(guild, str(p.id)) for p in people] == [True, False, False]
        for server, person in (("1", str(ada.id)), (guild, "1"), ("c1", "ada"), (guild, "")):
            assert not await roles.administers(server, person)
        at.here.env.backend.guilds[at.here.guild.id].members[ada.id].role_ids.clear()
        assert not await roles.administers(guild, str(ada.id))


async def test_a_discord_that_cannot_say_says_neither_yes_nor_no(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        guild = at.here.guild.id
        path = f"/guilds/{guild}/members/*"
        at.here.env.inject_error("GET", path, status=403, code=50001, times=None)
        with pytest.raises(discord.Forbidden):
            await at.here.roles.administers(str(guild), str(at.here.admin.id))
