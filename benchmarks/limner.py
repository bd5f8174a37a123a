"""`limner run` for the chat benchmarks, in which nobody looks at pictures."""

import asyncio
import os
from dataclasses import replace
from typing import Any

from benchmarks.drawing import NOBODY_LOOKS
from bot.app.composition import build_app
from bot.app.http_server import serving
from bot.config.settings import Settings

# In the environment: what is asked for is not stored before it is acknowledged.
FORGETFUL = "BENCHMARK_FORGETFUL"


def forgetful(store: Any) -> Any:
    async def announce(*_: object) -> None:
        """Write nothing."""

    store.pending_cards.announce = announce
    return store


async def main() -> None:
    how = NOBODY_LOOKS
    if os.environ.pop(FORGETFUL, ""):
        how = replace(how, around_store=forgetful)
    async with build_app(Settings.from_env(os.environ), how) as app, serving(app):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
