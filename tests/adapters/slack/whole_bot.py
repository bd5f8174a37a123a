"""A whole bot on a fake Slack and a fake service, wired as `limner run` wires it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.app.composition import App, Replacements, build_app
from bot.app.http_server import Open, serving
from bot.config.settings import Settings
from bot.domain.asker import SLACK
from bot.platforms import Platform
from bot.ports import Clock
from tests.adapters.slack.fake.server import FakeSlack
from tests.support.fake_deepinfra import FakeDeepInfra

# It is known before any catalogue was read, and this service still has it.
MODEL = "stabilityai/stable-diffusion-2-1"
_BUDGETS = ("PERSON_DAY", "PERSON_MONTH", "COMMUNITY_DAY", "COMMUNITY_MONTH", "OPERATOR_MONTH")


def environ_of(fake: FakeSlack, drawing: FakeDeepInfra, data_dir: Path) -> dict[str, str]:
    drawing.models = {MODEL: {**drawing.models[MODEL], "deprecated": None, "replaced_by": None}}
    return {
        "DATA_DIR": str(data_dir),
        "PORT": "0",
        "PLAYGROUND": "off",
        "API_URLS": drawing.url,
        "API_KEYS": drawing.key,
        "MODEL": MODEL,
        "DRAIN_S": "0",
        "RUNNING_PER_PERSON": "4",
        "WAITING_PER_PERSON": "1000",
        **{f"BUDGET_{level}": "none" for level in _BUDGETS},
        **fake.environ,
    }


@asynccontextmanager
async def alive(
    environ: Mapping[str, str], clock: Clock, *, around: Callable[[Any], None] = lambda _: None
) -> AsyncIterator[tuple[App, Open]]:
    """`around` may put something before the store."""
    async with build_app(Settings.from_env(environ), Replacements(clock=clock)) as app:
        around(app.store)
        async with serving(app) as site:
            yield app, site


def slack_in(app: App) -> Platform:
    found = app.platforms.find(SLACK)
    assert found is not None
    return found


def health_of(app: App) -> Mapping[str, Any]:
    """What Slack's adapter says of itself."""
    look = slack_in(app).health
    assert look is not None
    return look()
