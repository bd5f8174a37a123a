"""The names of servers, channels and roles, as the gateway sends them."""

from collections.abc import Mapping, Sequence

import discord


class DiscordNames:
    """Implements ports.Names from what the gateway sent, without a call to Discord."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def called(self, community: str, ids: Sequence[str]) -> Mapping[str, str]:
        guild = self._client.get_guild(int(community)) if community.isdigit() else None
        if guild is None:
            return {}
        found = {community: guild.name}
        for each in filter(str.isdigit, ids):
            if channel := guild.get_channel_or_thread(int(each)):
                found[each] = f"#{channel.name}"
            elif role := guild.get_role(int(each)):
                found[each] = f"@{role.name}"
        return found
