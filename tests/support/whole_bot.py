"""A whole bot as `limner run` builds it, from an environment; only the services are fakes."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.app.composition import App, Replacements, build_app
from bot.app.http_server import Open, serving
from bot.config.settings import Settings
from bot.ports import Clock
from tests.support.fake_deepinfra import FakeDeepInfra

# It is known before any catalogue was read, and this service still has it.
MODEL = "stabilityai/stable-diffusion-2-1"
_BUDGETS = ("PERSON_DAY", "PERSON_MONTH", "COMMUNITY_DAY", "COMMUNITY_MONTH", "OPERATOR_MONTH")


def sketching(data_dir: Path, **more: str) -> dict[str, str]:
    """Draws by itself, at any port."""
    usual = {"DATA_DIR": str(data_dir), "PORT": "0", "BACKEND": "sketch", "DRAIN_S": "0"}
    return {**usual, **more}


def drawing_with(service: FakeDeepInfra, data_dir: Path, **more: str) -> dict[str, str]:
    """Draws with the service, without budgets."""
    service.models = {MODEL: {**service.models[MODEL], "deprecated": None, "replaced_by": None}}
    return {
        "DATA_DIR": str(data_dir),
        "PORT": "0",
        "PLAYGROUND": "off",
        "API_URLS": service.url,
        "API_KEYS": service.key,
        "MODEL": MODEL,
        "DRAIN_S": "0",
        "RUNNING_PER_PERSON": "4",
        "WAITING_PER_PERSON": "1000",
        **{f"BUDGET_{level}": "none" for level in _BUDGETS},
        **more,
    }


@asynccontextmanager
async def alive(
    environ: Mapping[str, str],
    clock: Clock,
    *,
    around_store: Callable[[Any], Any] = lambda store: store,
) -> AsyncIterator[tuple[App, Open]]:
    """At work; `around_store` comes between the store and everybody who calls it.

    Nobody looks at pictures: a classifier's process takes seconds of each of hundreds of starts.
    """
    replace = Replacements(clock=clock, around_store=around_store, classifier=lambda: None)
    async with build_app(Settings.from_env(environ), replace) as app, serving(app) as site:
        yield app, site
