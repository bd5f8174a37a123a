"""Coming and going: the token, the gateway's health, where a person is."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import discord
import httpx
import pytest

from adapters.discord.context import asker_of
from bot.app.composition import build_app
from bot.app.http_server import serving
from bot.app.system_clock import SystemClock
from bot.config.settings import Settings
from tests.adapters.discord.fake.server import FakeDiscord
from tests.adapters.discord.harness import discord_harness
from tests.support.whole_bot import sketching


@pytest.fixture
def fake() -> Iterator[FakeDiscord]:
    with FakeDiscord(now=SystemClock().now) as fake:
        yield fake


def settings(fake: FakeDiscord, data_dir: Path, token: str) -> Settings:
    return Settings.from_env(sketching(data_dir, DISCORD_TOKEN=token, **fake.urls))


@pytest.mark.slow
async def test_a_discord_that_is_away_holds_up_neither_the_page_nor_the_end(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    away = settings(fake, tmp_path, "MTIz.some.token").model_copy(
        update={"discord_api_url": "http://127.0.0.1:9"}
    )
    async with (
        asyncio.timeout(30),
        build_app(away) as app,
        serving(app) as site,
        httpx.AsyncClient() as http,
    ):
        state = (await http.get(f"{site.url}/health")).json()
    assert (state["ok"], state["discord"]["ok"]) == (True, False)


async def test_health_tells_of_each_shard_and_the_heartbeat(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with build_app(settings(fake, tmp_path, fake.token)) as app, serving(app) as site:
        await fake.until(lambda: fake.connected)
        state = await health_of(site.url, lambda state: state["ok"])
    assert list(state["shards"]) == ["0"]
    assert state["shards"]["0"]["connected"]
    lag_ms = state["shards"]["0"]["heartbeat_lag_ms"]
    assert lag_ms is None or 0 <= lag_ms < 60_000


async def test_each_of_several_shards_is_told_of_and_one_that_is_away_as_well(
    tmp_path: Path,
) -> None:
    with FakeDiscord(shards=2) as fake:
        async with build_app(settings(fake, tmp_path, fake.token)) as app, serving(app) as site:
            await fake.until(lambda: fake.connected)
            both = await health_of(site.url, lambda state: state["ok"])
            assert sorted(both["shards"]) == ["0", "1"]
            fake.cut(for_good=True)
            away = await health_of(site.url, lambda state: not state["ok"])
            assert not all(shard["connected"] for shard in away["shards"].values())
            fake.take_back()
            await health_of(site.url, lambda state: state["ok"])


async def health_of(url: str, wanted: Callable[[Any], bool]) -> Any:
    async with asyncio.timeout(60), httpx.AsyncClient() as http:
        while not wanted(state := (await http.get(f"{url}/health")).json()["discord"]):  # noqa: ASYNC110  (it is asked over HTTP)
            await asyncio.sleep(0.05)
    return state


@pytest.mark.parametrize("restricted", [True, False])
async def test_the_age_gate_is_that_of_the_channel(tmp_path: Path, *, restricted: bool) -> None:
    async with discord_harness(tmp_path) as here:
        channel = here.bot.get_channel(here.channel.id)
        assert isinstance(channel, discord.TextChannel)
        channel.nsfw = restricted
        thread = discord.Thread(guild=channel.guild, state=channel._state, data=_thread(channel))
        for place in (channel, thread):
            seen = asker_of(_interaction(here, place), str(here.guild.id))
            assert (seen.age_restricted, seen.channel) == (restricted, str(channel.id))
        elsewhere = asker_of(_interaction(here, channel), "another server")
        assert (elsewhere.age_restricted, elsewhere.direct) == (False, True)


def _thread(parent: discord.TextChannel) -> Any:
    return {
        "id": str(parent.id + 1),
        "parent_id": str(parent.id),
        "owner_id": "1",
        "name": "thread",
        "type": 11,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "message_count": 0,
        "member_count": 0,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 60,
            "archive_timestamp": "2026-01-01T00:00:00+00:00",
            "locked": False,
        },
    }


def _interaction(here: Any, channel: Any) -> Any:
    user = here.bot.user
    wanted = {
        "user": user,
        "guild_id": here.guild.id,
        "channel": channel,
        "channel_id": channel.id,
        "permissions": discord.Permissions.none(),
        "locale": discord.Locale.british_english,
    }
    return cast("Any", SimpleNamespace(**wanted))
