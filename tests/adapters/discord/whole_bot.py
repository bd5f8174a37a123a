"""A whole bot on a fake Discord and a fake service."""

from pathlib import Path

from tests.adapters.discord.fake.server import FakeDiscord
from tests.support.fake_deepinfra import FakeDeepInfra
from tests.support.whole_bot import drawing_with


def environ_of(fake: FakeDiscord, drawing: FakeDeepInfra, data_dir: Path) -> dict[str, str]:
    return drawing_with(drawing, data_dir, **on_discord(fake))


def on_discord(fake: FakeDiscord) -> dict[str, str]:
    allowed = str(fake.server.id)
    return {"ALLOWED_COMMUNITIES": allowed, "DISCORD_TOKEN": fake.token, **fake.urls}


async def set_up(fake: FakeDiscord) -> None:
    """Ann, who manages the server, lets it use the bot."""
    done = fake.command("limner setup")
    await fake.until(lambda: done.original)
