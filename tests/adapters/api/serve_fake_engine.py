"""`limner serve` with a fake in the place of the engine, as a process of its own.

    python -m tests.adapters.api.serve_fake_engine --model X --host 127.0.0.1 --port 0 --report-fd 5

It draws nothing while the file that FAKE_ENGINE_GATE names is not there, and notes in
FAKE_ENGINE_NOTES, one line each, what it begins to draw. With FAKE_ENGINE_BROKEN it doesn't start,
and it has broken down as soon as there is a file that FAKE_ENGINE_GRAVE names.
"""

import argparse
import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.cli.serve import serve
from bot.config.engine_settings import EngineSettings
from bot.errors import Misconfigured
from bot.images.result import Drawn
from bot.ports import OnStep
from bot.request.image_request import ImageRequest
from tests.adapters.api.fake_engine import FakeEngine


class GatedFakeEngine(FakeEngine):
    def __init__(self, settings: EngineSettings) -> None:
        super().__init__()
        self.model = type(self.model)(
            name=settings.engine_name,
            options=self.model.options,
            price=self.model.price,
            about="a fake",
        )

    async def draw(
        self, request: ImageRequest, on_step: OnStep, *, caller: str, previews: bool = False
    ) -> Drawn:
        gate, notes = os.environ.get("FAKE_ENGINE_GATE"), os.environ.get("FAKE_ENGINE_NOTES")
        if notes:
            with Path(notes).open("a") as file:  # noqa: ASYNC230  (one line of a test)
                file.write(f"{request.seed}\n")
        on_step(0.5, None)
        while gate and not Path(gate).exists():  # noqa: ASYNC110, ASYNC240  (a test's file)
            await asyncio.sleep(0.02)
        return await super().draw(request, on_step, caller=caller, previews=previews)

    def health(self) -> Mapping[str, Any]:
        grave = os.environ.get("FAKE_ENGINE_GRAVE")
        if grave and Path(grave).exists():
            return {**super().health(), "ok": False, "why": "its legs broke"}
        return super().health()

    def close(self) -> None:
        pass


def opened(settings: EngineSettings) -> GatedFakeEngine:
    if os.environ.get("FAKE_ENGINE_BROKEN"):
        raise Misconfigured(("This fake has no device.",))
    return GatedFakeEngine(settings)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="fake")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default="0")
    parser.add_argument("--report-fd", type=int)
    given = parser.parse_args()
    environ = dict(os.environ) | {
        "ENGINE_MODEL": given.model,
        "ENGINE_HOST": given.host,
        "ENGINE_PORT": given.port,
    }
    serve(EngineSettings.from_env(environ), given.report_fd, opened)
