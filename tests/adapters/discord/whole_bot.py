"""A whole bot on a fake Discord and a fake service, wired as `limner run` wires it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.app.composition import App, Replacements, build_app
from bot.app.http_server import serving
from bot.config.settings import Settings
from bot.ports import Clock
from tests.adapters.discord.fake.server import FakeDiscord
from tests.support.fake_deepinfra import FakeDeepInfra

# It is known before any catalogue was read, and this service still has it.
MODEL = "stabilityai/stable-diffusion-2-1"
_BUDGETS = ("PERSON_DAY", "PERSON_MONTH", "COMMUNITY_DAY", "COMMUNITY_MONTH", "OPERATOR_MONTH")


def environ_of(fake: FakeDiscord, drawing: FakeDeepInfra, data_dir: Path) -> dict[str, str]:
    drawing.models = {MODEL: {**drawing.models[MODEL], "deprecated": None, "replaced_by": None}}
    return {
        "DATA_DIR": str(data_dir),
        "PORT": "0",
        "PLAYGROUND": "off",
        "API_URLS": drawing.url,
        "API_KEYS": drawing.key,
        "MODEL": MODEL,
        "DRAIN_S": "0",
        "ALLOWED_COMMUNITIES": str(fake.server.id),
        "RUNNING_PER_PERSON": "4",
        "WAITING_PER_PERSON": "1000",
        "DISCORD_TOKEN": fake.token,
        **{f"BUDGET_{level}": "none" for level in _BUDGETS},
        **fake.urls,
    }


@asynccontextmanager
async def alive(
    environ: Mapping[str, str], clock: Clock, *, around_cards: Callable[[Any], Any] = lambda c: c
) -> AsyncIterator[App]:
    """`around_cards` puts something before the outbox's store."""
    async with build_app(Settings.from_env(environ), Replacements(clock=clock)) as app:
        store: Any = app.store
        store.cards = around_cards(store.cards)
        async with serving(app):
            yield app


async def set_up(fake: FakeDiscord) -> None:
    """Ann, who manages the server, lets it use the bot."""
    done = fake.command("limner setup")
    await fake.until(lambda: done.original)
