"""The least that anybody does on Discord: defer, call, edit. The floor that benchmarks stand on."""

import io
from collections.abc import Awaitable, Callable

import discord
from discord import app_commands, ui

Draw = Callable[[str], Awaitable[list[bytes]]]


class BaselineBot(discord.AutoShardedClient):
    def __init__(self, draw: Draw) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0)
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="imagine", description="Draw")(self.imagine)
        self.draw = draw

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def imagine(self, interaction: discord.Interaction, prompt: str) -> None:
        await interaction.response.defer()
        drawn = await self.draw(prompt)
        files = [discord.File(io.BytesIO(data), f"{n}.png") for n, data in enumerate(drawn)]
        view = ui.LayoutView().add_item(ui.TextDisplay(prompt))
        view.add_item(ui.MediaGallery(*(discord.MediaGalleryItem(file) for file in files)))
        await interaction.edit_original_response(view=view, attachments=files)
