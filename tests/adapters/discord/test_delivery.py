"""The ways of delivery, one by one, with Discord's own error codes."""

import asyncio
import hashlib
import json
import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from simcord import UserHandle

from adapters.discord.delivery.card_address import CardAddress
from adapters.discord.delivery.card_delivery import shows_job
from bot.domain.asker import Asker
from bot.jobs.live_progress import EVERY_S, FIRST_S
from tests.adapters.discord.harness import DiscordHarness, discord_harness, text_of

REPLY = "/webhooks/*/messages/@original"


class Noise:
    """Paints what no PNG can press together: 768 KiB."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    async def draw(self, request: Any, on_progress: Any, *, address: str) -> Any:
        result = await self._backend.draw(request, on_progress, address=address)
        (picture,) = result.pictures
        pixels = random.Random(7).randbytes(512 * 512 * 3)
        Image.frombytes("RGB", (512, 512), pixels).save(picture.path, "PNG")
        data = picture.path.read_bytes()
        heavy = replace(
            picture,
            sha256=hashlib.sha256(data).hexdigest(),
            size_bytes=len(data),
            width_px=512,
            height_px=512,
        )
        return replace(result, pictures=(heavy,))


async def asked(here: DiscordHarness, **options: Any) -> Any:
    """Ask, with the brush still held."""
    here.core.backend.may_finish.clear()
    said = await here.ann.slash(here.channel, "imagine", **{"prompt": "a cat", **options})
    await here.until(lambda: here.core.backend.busy)
    return said


async def address(here: DiscordHarness) -> CardAddress:
    rows = await here.core.store.chat._reader.rows("SELECT address FROM card")
    return CardAddress.read(json.loads(rows[-1][0]))


def posted(here: DiscordHarness) -> list[Any]:
    """New messages in the channel."""
    path = f"/channels/{here.channel.id}/messages"
    return [r for r in here.env.http_requests if (r.method, r.path) == ("POST", path)]


def edits(here: DiscordHarness) -> int:
    return len([r for r in here.env.http_requests if r.method == "PATCH"])


def after_the_token(here: DiscordHarness) -> None:
    """A quarter of an hour later: nothing is drawn yet, and the token has died."""
    here.core.clock.advance(timedelta(minutes=14))


async def test_after_the_tokens_life_the_bot_edits_its_own_message(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await asked(here)
        after_the_token(here)
        here.core.backend.may_finish.set()
        (card,) = await here.shown()
        assert "drew" in text_of(card)
        last = here.env.http_requests[-1]
        assert (last.method, last.path) == (
            "PATCH",
            f"/channels/{here.channel.id}/messages/{card.id}",
        )
        await here.until(here.messages)
        assert (await address(here)).token == ""


@pytest.mark.parametrize("code", [50027, 10015])
async def test_a_token_that_discord_no_longer_takes_is_left(tmp_path: Path, code: int) -> None:
    async with discord_harness(tmp_path) as here:
        await asked(here)
        here.env.inject_error("PATCH", REPLY, status=401 if code == 50027 else 404, code=code)
        here.core.backend.may_finish.set()
        assert len(await here.shown()) == 1


async def test_a_reply_that_cannot_be_edited_any_more_becomes_a_new_message(
    tmp_path: Path,
) -> None:
    async with discord_harness(tmp_path) as here:
        await asked(here)
        after_the_token(here)
        path = f"/channels/{here.channel.id}/messages/*"
        here.env.inject_error("PATCH", path, status=400, code=50083, times=None)
        here.core.backend.may_finish.set()
        await here.shown()
        (sent,) = posted(here)
        job = (await here.core.studio.history(_ann(here)))[0]
        assert sent.json is not None
        assert sent.json["nonce"] == job.key
        assert sent.json["enforce_nonce"] is True


async def test_where_the_channel_is_closed_the_result_comes_in_private(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await asked(here)
        after_the_token(here)
        for method in ("PATCH", "GET", "POST"):
            path = f"/channels/{here.channel.id}/messages*"
            here.env.inject_error(method, path, status=403, code=50001, times=None)
        here.core.backend.may_finish.set()
        await here.until(lambda: (found := _dm_of(here)) and "drew" in text_of(found[-1]))
        assert here.done() == []


async def test_a_private_result_never_falls_back_to_the_channel(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await asked(here, private=True)
        after_the_token(here)
        here.core.backend.may_finish.set()
        await here.until(lambda: (found := _dm_of(here)) and "drew" in text_of(found[-1]))
        paths = [r.path for r in here.env.http_requests if r.method in ("POST", "PATCH")]
        assert not [p for p in paths if p.startswith(f"/channels/{here.channel.id}/")]


@pytest.mark.parametrize(("status", "code"), [(413, 0), (400, 40005)])
async def test_files_that_are_too_heavy_are_made_lighter(
    tmp_path: Path, status: int, code: int
) -> None:
    async with discord_harness(tmp_path, around_backend=Noise) as here:
        await asked(here)
        here.env.inject_error("PATCH", REPLY, status=status, code=code)
        here.core.backend.may_finish.set()
        (card,) = await here.shown()
        assert "-# Made lighter to fit into a message." in text_of(card)
        assert card.attachments[0].filename.endswith(".webp")


@pytest.mark.parametrize("code", [200000, 240000])
async def test_automod_gets_a_card_without_the_prompt(tmp_path: Path, code: int) -> None:
    async with discord_harness(tmp_path) as here:
        await asked(here, prompt="a forbidden fruit")
        here.env.inject_error("PATCH", REPLY, status=400, code=code)
        here.core.backend.may_finish.set()
        (card,) = await here.shown()
        assert "forbidden" not in text_of(card)
        assert "this server's AutoMod blocked it" in text_of(card)
        gallery = next(r for r in reversed(here.env.http_requests) if r.method == "PATCH")
        assert "forbidden" not in str(gallery.json)


async def test_a_fault_of_discord_is_outlived(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await asked(here)
        here.env.inject_error("PATCH", REPLY, status=500, times=2)
        here.core.backend.may_finish.set()
        for _ in range(2):
            await here.until(lambda: here.core.store.healthy)
            await here.until(lambda: not [f for f in here.env.backend.faults if not f["times"]])
            here.core.clock.advance(timedelta(seconds=5))
            here.core.outbox.wake()
            await _pause()
        here.core.clock.advance(timedelta(seconds=10))
        here.core.outbox.wake()
        assert len(await here.shown()) == 1


async def test_a_card_that_was_deleted_by_hand_stays_away(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw()
        here.env.backend.delete_message(here.channel.id, card.id)
        job = (await here.core.studio.history(_ann(here)))[0]
        await here.core.studio.delete(_ann(here), job.public_id)
        await here.until(lambda: here.core.outbox._busy == {})
        await _pause()
        assert here.messages() == []


async def test_progress_is_one_edit_in_three_seconds(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await asked(here)
        await here.until(lambda: here.core.clock.sleeps(FIRST_S))
        assert edits(here) == 0
        here.core.clock.advance(timedelta(seconds=2))
        await here.until(lambda: edits(here) == 1)
        assert "50%" in text_of(here.messages()[0])
        await here.until(lambda: here.core.clock.sleeps(EVERY_S))
        here.core.clock.advance(timedelta(seconds=2))
        await _pause()
        assert edits(here) == 1
        here.core.clock.advance(timedelta(seconds=2))
        await here.until(lambda: edits(here) == 2)
        here.core.backend.may_finish.set()
        (card,) = await here.shown()
        assert "drew" in text_of(card)


async def test_a_flagged_picture_is_hidden_until_somebody_has_looked(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        here.core.backend.flagged = True
        await here.ann.slash(here.channel, "imagine", prompt="a bather")
        await here.until(lambda: "In review" in text_of(here.messages()[0]))
        assert here.messages()[0].attachments == []


def _dm_of(here: DiscordHarness) -> list[Any]:
    user = next(u for u in here.env.backend.users.values() if u.id == here.ann.id)
    return list(UserHandle(here.env, user).dm_channel.history())


def _ann(here: DiscordHarness) -> Any:
    return Asker(
        platform="discord",
        community=str(here.guild.id),
        channel=str(here.channel.id),
        person=str(here.ann.id),
    )


async def _pause() -> None:
    """Let what is under way come to rest."""
    for _ in range(50):
        await asyncio.sleep(0.002)


async def test_a_message_in_private_is_taken_down_as_well(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await asked(here, private=True)
        after_the_token(here)
        here.core.backend.may_finish.set()
        await here.until(lambda: (found := _dm_of(here)) and "drew" in text_of(found[-1]))
        await here.until(lambda: here.core.outbox._busy == {})
        await here.core.privacy.erase("discord", str(here.ann.id))
        here.core.outbox.wake()
        await here.until(lambda: _dm_of(here) == [])


async def test_a_card_is_not_taken_for_that_of_its_parent(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw()
        parent = (await here.core.studio.history(_ann(here)))[0].public_id
        await here.ann.click(card, custom_id=f"again:{parent}")
        first, second = await here.shown(2)
        assert parent in text_of(second)
        assert shows_job(first, parent)
        assert not shows_job(second, parent)
