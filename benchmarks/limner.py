"""`limner run` for the chat benchmarks, in which nobody looks at pictures."""

import asyncio
import os

from benchmarks.drawing import NOBODY_LOOKS
from bot.app.composition import build_app
from bot.app.http_server import serving
from bot.config.settings import Settings


async def main() -> None:
    async with build_app(Settings.from_env(os.environ), NOBODY_LOOKS) as app, serving(app):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
