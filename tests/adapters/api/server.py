"""The API over a fake on a real loopback socket, as `limner serve` has it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from adapters.incoming import Patience
from bot.app.engine_server import serving
from bot.app.listener import Patient
from bot.config.engine_settings import EngineSettings
from bot.urls import PinnedUrl
from tests.adapters.api.fake_engine import KEY, OTHER_KEY, FakeEngine


@asynccontextmanager
async def served(
    engine: FakeEngine,
    *,
    patience: Patience | None = None,
    protocol: type[Patient] = Patient,
    **environ: Any,
) -> AsyncIterator[str]:
    """Its address. `environ` are further settings, in small letters."""
    given = {
        "ENGINE_PORT": "0",
        "ENGINE_KEYS": f"ann:{KEY}:64 bob:{OTHER_KEY}",
        "ENGINE_PRICE": "0.0005",
        "ENGINE_DRAIN_S": "0",
        **{name.upper(): str(value) for name, value in environ.items()},
    }
    settings = EngineSettings.from_env({name: value for name, value in given.items() if value})
    async with serving(
        engine, settings, resolve=nowhere, patience=patience, protocol=protocol
    ) as url:
        yield url


async def nowhere(url: str) -> PinnedUrl:
    raise AssertionError(f"nobody should resolve {url}")


class Raw:
    """A client that says exactly what it is told."""

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        self.address = (host, int(port))

    async def __aenter__(self) -> Self:
        self.reader, self.writer = await asyncio.open_connection(*self.address)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def heard(self, timeout_s: float = 60.0) -> bytes:
        """All until the server hangs up, or b"" when it cut the line."""
        try:
            async with asyncio.timeout(timeout_s):
                return await self.reader.read()
        except ConnectionError:
            return b""

    async def status(self, timeout_s: float = 60.0) -> int:
        async with asyncio.timeout(timeout_s):
            line = await self.reader.readline()
        return int(line.split()[1])


def head(path: str, *lines: str) -> bytes:
    first = (f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {KEY}")
    return "\r\n".join((*first, *lines, "", "")).encode()
