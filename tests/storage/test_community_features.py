"""What chat platforms keep: tokens that expire, notices that are said once."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.job_view import Phase
from bot.errors import NotYours
from bot.jobs.drafts import CardPlace, Draft
from tests.support.bot_harness import ANN, BOB, bot_harness, prompted
from tests.support.clock import NOON

SECRET = "interaction-secret"


async def test_a_token_is_wiped_when_it_expires_and_not_before(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        expires_at = (NOON + timedelta(minutes=15)).isoformat()
        address = {"nail": "a", "token": SECRET, "token_expires_at": expires_at}
        place = CardPlace("wall", address)
        view = await core.studio.submit(ANN, Draft(prompted()), event_id="e", card=place)
        await core.finished(view)
        await core.until(lambda: core.surface.shows("a", Phase.DONE))
        await core.until(lambda: not core.outbox._busy)
        chat = core.store.chat
        assert await chat.forget_tokens(NOON + timedelta(minutes=14), 9) == 0
        assert await chat.forget_tokens(NOON + timedelta(minutes=15), 9) == 1
        assert await chat.forget_tokens(NOON + timedelta(minutes=16), 9) == 0
        rows = await chat._reader.rows("SELECT address FROM card")
        assert "token" not in json.loads(rows[0][0])
        assert json.loads(rows[0][0])["nail"] == "a"


async def test_what_is_said_once_is_not_said_again(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        assert await core.store.chat.tell_once("half", NOON)
        assert not await core.store.chat.tell_once("half", NOON)
        assert await core.store.chat.tell_once("all", NOON)


async def test_erasing_somebody_takes_their_styles_and_favourites_along(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        view = await core.imagine(ANN)
        await core.finished(view)
        await core.presets.save(BOB, "calm", {"steps": 12})
        await core.reactions.favour(BOB, view.public_id)
        await core.reactions.report(BOB, view.public_id, "my face")
        await core.privacy.erase("discord", "bob")
        assert await core.store.chat.presets(BOB) == {}
        assert await core.reactions.favourites(BOB) == ()
        assert await core.store.chat._reader.rows("SELECT reason FROM report") == [("",)]


async def test_a_private_result_is_nobody_elses_favourite(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        view = await core.imagine(ANN, private=True)
        await core.finished(view)
        assert await core.reactions.favour(ANN, view.public_id)
        with pytest.raises(NotYours):
            await core.reactions.favour(BOB, view.public_id)
