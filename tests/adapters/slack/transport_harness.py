"""The real transport with the real store, a fake Slack, and listeners of a test's own."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from adapters.slack.connection.clients import new_session
from adapters.slack.connection.transport import SlackSettings, Transport
from bot.ports import Clock
from bot.proxy import Proxy
from storage.sqlite_store import SqliteStore
from tests.adapters.slack.fake.server import FakeSlack
from tests.support.clock import FakeClock

KEY = "a key of more than thirty-two characters"
PUBLIC_URL = "https://draw.example.org"


@dataclass
class TransportHarness:
    fake: FakeSlack
    transport: Transport
    store: SqliteStore
    heard: list[dict[str, Any]] = field(default_factory=list)  # bodies, as listeners saw them
    teams: list[str] = field(default_factory=list)

    async def events(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """A request to /slack/events, as the ASGI server hands it on."""
        return await self.at("POST", "/events", content=body, headers=headers)

    async def at(self, method: str, path: str, **more: Any) -> httpx.Response:
        async with self.client() as http:
            return await http.request(method, path, **more)

    def client(self) -> httpx.AsyncClient:
        assert self.transport.http_endpoint is not None
        wire = httpx.ASGITransport(app=self.transport.http_endpoint.router)
        return httpx.AsyncClient(transport=wire, base_url=PUBLIC_URL)


def settings_of(fake: FakeSlack) -> dict[str, SlackSettings]:
    """The three ways to be in Slack."""
    base = SlackSettings(api_url=fake.api_url, public_url=PUBLIC_URL)
    secret = fake.world.signing_secret
    return {
        "socket": replace(base, bot_token=fake.token, app_token=fake.world.app_token),
        "http": replace(base, bot_token=fake.token, signing_secret=secret),
        "many": replace(
            base,
            signing_secret=secret,
            client_id=fake.world.client_id,
            client_secret=fake.world.client_secret,
            token_keys=(KEY,),
        ),
    }


@asynccontextmanager
async def transport_harness(
    fake: FakeSlack, data_dir: Path, settings: SlackSettings, *, clock: Clock | None = None
) -> AsyncIterator[TransportHarness]:
    clock = clock or FakeClock(auto=True)
    store = SqliteStore.open(data_dir / "limner.db", clock.now())
    async with new_session(Proxy()) as session:

        async def once(topic: str) -> bool:
            return await store.installations.take_delivery(topic, clock.now())

        transport = Transport(
            settings, store.installations, clock, session, once=once, rng=random.Random(1)
        )
        here = TransportHarness(fake, transport, store)
        _listen(here)
        running = asyncio.create_task(transport.run(here.teams.append))
        try:
            yield here
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await transport.close()
            await store.close()


def _listen(here: TransportHarness) -> None:
    app = here.transport.app

    async def command(ack: Any, body: dict[str, Any], context: Any) -> None:
        await ack()
        here.heard.append({**body, "bot_token": context.bot_token})

    async def event(body: dict[str, Any]) -> None:
        here.heard.append(body)

    app.command("/imagine")(command)
    app.event("app_home_opened")(event)
