"""What a server and things in it are called."""

from pathlib import Path

from adapters.discord.platform.names import DiscordNames
from tests.adapters.discord.moderation_harness import moderation_harness


async def test_servers_channels_and_roles_are_called_as_they_are_now(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        guild, channel = str(at.here.guild.id), str(at.here.channel.id)
        role = str(at.here.guild.create_role("painters").id)
        names = DiscordNames(at.here.bot)
        assert await names.called(guild, [channel, role, "1", "x"]) == {
            guild: "Limners",
            channel: "#art",
            role: "@painters",
        }
        assert await names.called("1", [channel]) == {}
        assert await names.called("c1", [channel]) == {}
