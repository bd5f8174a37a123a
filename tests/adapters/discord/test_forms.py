"""Forms: what is sent is done, also after a restart; what can't be done is given back."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from adapters.discord.app import DiscordBot, DiscordSettings
from adapters.discord.platform.limits import CUSTOM_ID_MAX_CHARS
from adapters.discord.rendering.form_ids import FormId
from bot.domain.asker import Asker
from bot.domain.case import Decision
from tests.adapters.discord.harness import (
    DiscordHarness,
    custom_ids,
    discord_harness,
    png,
    text_of,
    told,
)
from tests.adapters.discord.moderation_harness import moderation_harness, pressed, whispered


async def restarted(here: DiscordHarness) -> None:
    """A fresh client, which remembers nothing."""
    settings = DiscordSettings(token="token")
    await here.env.restart_bot(DiscordBot(here.bot.here.services, settings, shard_count=1))


def job_of(card: Any) -> str:
    return custom_ids(card)[0].split(":")[1]


async def stored(here: DiscordHarness, job: str, number: int) -> bytes:
    community, person = str(here.guild.id), str(here.ann.id)
    own = Asker(platform="discord", community=community, channel="", person=person)
    return (await here.core.studio.file(own, job, number)).data


def pixels(data: bytes) -> bytes:
    with Image.open(BytesIO(data)) as image:
        return image.convert("RGB").tobytes()


def test_the_id_of_a_form_is_short_and_read_back() -> None:
    ids = [FormId(verb, "hh8r045x") for verb in ("edit", "start", "report")]
    ids += [FormId(each, "hh8r045x") for each in Decision if each.removes]
    ids.append(FormId("upload", "1" * 20))
    assert [FormId.read(str(each)) for each in ids] == ids
    assert max(len(str(each)) for each in ids) <= CUSTOM_ID_MAX_CHARS
    assert FormId.read("form:approve:hh8r045x") is None
    assert FormId.read("0123456789abcdef0123456789abcdef") is None


async def test_a_change_is_drawn_though_the_bot_was_restarted_meanwhile(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw(no="dogs", steps=30)
        form = await here.ann.click(card, custom_id=f"edit:{job_of(card)}")
        await restarted(here)
        fields = {"prompt": "a fox", "no": "", "options": "--guidance 9"}
        await here.ann.submit_modal(form, fields)
        (_, second) = await here.shown(2)
        assert f"changed `{job_of(card)}`\n> a fox" in text_of(second)
        drawn = here.core.backend.drawn[1]
        assert (drawn.guidance_scale, drawn.negative_prompt) == (9.0, "")


@pytest.mark.parametrize("restart", [False, True])
async def test_a_result_is_started_from_by_the_picture_that_was_chosen(
    tmp_path: Path, *, restart: bool
) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw(images=2)
        form = await here.admin.context_menu(here.channel, "Use as starting image", card)
        if restart:
            await restarted(here)
        await here.admin.submit_modal(form, {"picture": ["2"], "prompt": "in the snow"})
        await here.shown(2)
        start = here.core.backend.drawn[1].image
        pictures = [pixels(await stored(here, job_of(card), number)) for number in (1, 2)]
        assert start is not None
        assert pictures.index(pixels(start)) == 1


async def test_a_report_is_made_though_the_bot_was_restarted_meanwhile(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.here.draw()
        form = await at.max.context_menu(at.here.channel, "Report image", card)
        await restarted(at.here)
        answers = {"category": ["hate"], "reason": "look at it"}
        said = await at.max.submit_modal(form, answers)
        assert told(said) == "Thank you. The moderators are told."
        await at.here.until(at.mods.history)


DONE = {
    "remove": "**Removed**",
    "strike": "**Removed, with a strike**",
    "escalate": "**Frozen**",
}


@pytest.mark.parametrize("decision", DONE)
async def test_a_decision_is_made_though_the_bot_was_restarted_meanwhile(
    tmp_path: Path, decision: str
) -> None:
    async with moderation_harness(tmp_path) as at:
        form = await pressed(at.mia, await at.withheld(), decision)
        await restarted(at.here)
        await at.mia.submit_modal(form, {"reason": "Not in this channel."})
        assert DONE[decision] in text_of(at.card())


async def test_an_upload_that_is_forgotten_costs_nobody_their_words(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        message = await here.ann.send(here.channel, "me", attachments=[("me.png", png())])
        form = await here.ann.context_menu(here.channel, "Use as starting image", message)
        await restarted(here)
        fields = {"prompt": "as a *king*", "options": "--strength 0.5"}
        said = await here.ann.submit_modal(form, fields)
        assert said.ephemeral
        assert told(said) == (
            "I was restarted meanwhile and don't have the picture any more that you started from. "
            "Please open the menu of its message once more.\n"
            "-# This is what you had written:\n```\nas a *king*\n--strength 0.5\n```"
        )
        again = await here.ann.context_menu(here.channel, "Use as starting image", message)
        await here.ann.submit_modal(again, fields)
        await here.shown()
        assert here.core.backend.drawn[0].image is not None


async def test_what_is_drawn_nowhere_is_not_repeated(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw()
        form = await here.ann.click(card, custom_id=f"edit:{job_of(card)}")
        said = await here.ann.submit_modal(form, {"prompt": "a naked child"})
        assert told(said).startswith("I don't draw this, here or anywhere.")
        assert "naked" not in told(said)


async def test_long_words_come_back_as_a_file(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw()
        form = await here.ann.click(card, custom_id=f"edit:{job_of(card)}")
        words = "a fox " * 500
        said = await here.ann.submit_modal(form, {"prompt": words, "options": "--steps 900"})
        assert said.response is not None
        (file,) = said.response.attachments
        assert (await file.read()).decode() == f"{words}\n--steps 900"
        assert file.filename == "written.txt"


async def test_what_fails_after_the_acknowledgement_gives_the_words_to_one_alone(
    tmp_path: Path,
) -> None:
    async with discord_harness(tmp_path) as here:
        broken = b"\x89PNG but not really"
        message = await here.ann.send(here.channel, "me", attachments=[("me.png", broken)])
        form = await here.ann.context_menu(here.channel, "Use as starting image", message)
        said = await here.ann.submit_modal(form, {"prompt": "a secret fox"})
        assert "```\na secret fox\n```" in whispered(said)
        others = [m for m in here.messages() if not m.flags.ephemeral and m.author.bot]
        assert others == []
        sent = [r for r in here.env.http_requests if "secret" in str(r.json)]
        assert [r.method for r in sent] == ["POST"]


@pytest.mark.parametrize("verb", ["edit", "start"])
async def test_what_is_asked_for_in_private_stays_private(tmp_path: Path, verb: str) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw()
        if verb == "edit":
            form = await here.ann.click(card, custom_id=f"edit:{job_of(card)}")
        else:
            form = await here.ann.context_menu(here.channel, "Use as starting image", card)
        said = await here.ann.submit_modal(form, {"prompt": "a secret", "options": "--private"})
        assert said.ephemeral
        await here.until(lambda: "secret" in told(said))
        assert [m for m in here.messages() if "secret" in text_of(m)] == []
