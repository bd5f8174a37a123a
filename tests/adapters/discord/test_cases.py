"""Moderators decide cases by the buttons of their cards, in their channel or on their own."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from adapters.discord.app import DiscordBot, DiscordSettings
from bot.domain.asker import DISCORD
from bot.domain.case import Category, Decision
from bot.wording.moderation.decisions import FROZEN
from bot.wording.moderation.reports import CATEGORIES
from tests.adapters.discord.harness import answers_to, custom_ids, kinds, text_of, told
from tests.adapters.discord.moderation_harness import (
    ModerationHarness,
    answered,
    asks,
    case_of,
    moderation_harness,
    pressed,
    verbs,
    whispered,
)
from tests.support.bot_harness import BotHarness

DECISIONS = ["approve", "blur", "remove", "strike", "escalate"]


async def test_a_withheld_picture_comes_to_the_moderators_without_picture_or_prompt(
    tmp_path: Path,
) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld(images=2)
        text = text_of(card)
        assert text.startswith(f"### Case `{case_of(card)}`\n2 pictures of `")
        assert f"<@{at.here.ann.id}> · no strikes" in text
        (message,) = [m for m in at.here.messages() if "In review" in text_of(m)]
        place = f"{at.here.guild.id}/{at.here.channel.id}/{message.id}"
        assert f"[its message](<https://discord.com/channels/{place}>)" in text
        assert "bather" not in text
        assert card.attachments == []
        assert verbs(card) == ["claim", "reveal", *DECISIONS]


async def test_approving_shows_the_picture_after_five_seconds(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.withheld()
        await at.decided(at.mia, "approve")
        assert f"**Shown** by <@{at.mia.id}>" in text_of(at.card())
        assert verbs(at.card()) == ["undo"]
        assert at.here.done() == []
        await at.effect()
        await at.here.shown()
        await at.here.until(lambda: verbs(at.card()) == [])
        await at.here.until(lambda: at.private_messages(at.here.ann))
        (heard,) = at.private_messages(at.here.ann)
        assert heard.endswith("it is shown now.")
        assert len(at.here.core.backend.drawn) == 1


async def test_blurring_shows_it_behind_a_spoiler(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.withheld()
        await at.decided(at.mia, "blur")
        await at.effect()
        await at.here.shown()
        sent = [r for r in at.here.env.http_requests if "'spoiler': True" in str(r.json)]
        assert [request.method for request in sent] == ["PATCH"]


async def test_removing_asks_why_and_the_requester_reads_it(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.withheld()
        shown = await pressed(at.mia, at.card(), "remove")
        assert asks(shown).startswith("Remove\nThe pictures are taken down everywhere")
        await answered(at.mia, shown, "no bathers here")
        assert "**Removed** by" in text_of(at.card())
        assert "> no bathers here" in text_of(at.card())
        await at.effect()
        await at.here.until(lambda: at.private_messages(at.here.ann))
        (heard,) = at.private_messages(at.here.ann)
        assert "They say: no bathers here" in heard
        assert at.here.done() == []


async def test_a_strike_asks_once_more_and_says_what_it_brings(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        for brings in ("gets strike 1, a warning.", "gets strike 2 and is suspended for 1 day."):
            await at.withheld()
            shown = await pressed(at.mia, at.card(), "strike")
            assert asks(shown).startswith("Strike this person?")
            assert asks(shown).endswith(f"<@{at.here.ann.id}> {brings}")
            await answered(at.mia, shown, "again")
            await at.effect()
            await at.here.until(lambda: verbs(at.card()) == [])
        refused = await at.here.ann.slash(at.here.channel, "imagine", prompt="a cat")
        assert told(refused).startswith("You can't draw here until")


async def test_escalating_freezes_and_says_the_one_sentence(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        shown = await pressed(at.mia, card, "escalate")
        assert asks(shown).startswith("Escalate this case?")
        said = await answered(at.mia, shown)
        assert whispered(said) == FROZEN
        assert "**Frozen** by" in text_of(at.card())
        assert verbs(at.card()) == []  # there is no undo
        await at.here.until(lambda: at.here.core.alerts.heard)
        for who, verb, number in (
            (at.mia, "undo", ""),
            (at.max, "undo", ""),
            (at.max, "reveal", ""),
            (at.max, "bare", ":1"),
        ):
            custom_id = f"case:{verb}:{case_of(card)}{number}"
            refused = await who.click(await at.forged(custom_id), custom_id=custom_id)
            assert told(refused).startswith("This case is frozen: only the bot owner can open it.")


async def test_who_decided_may_take_it_back_within_five_seconds(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.withheld()
        await at.decided(at.mia, "approve")
        refused = await pressed(at.max, at.card(), "undo")
        assert whispered(refused).startswith("Another moderator has decided this already.")
        await pressed(at.mia, at.card(), "undo")
        assert verbs(at.card()) == ["claim", "reveal", *DECISIONS]
        await at.effect()
        await at.decided(at.max, "approve")
        undo = f"case:undo:{case_of(at.card())}"
        await at.effect()
        await at.here.shown()
        late = await at.max.click(await at.forged(undo), custom_id=undo)
        assert whispered(late).startswith("This has taken effect, so it can't be taken back")


async def test_who_is_second_is_told_who_was_first(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.withheld()
        form = await pressed(at.max, at.card(), "remove")
        await at.decided(at.mia, "approve")
        said = await answered(at.max, form, "too late")
        assert whispered(said).startswith("Another moderator has decided this already.")
        assert f"**Shown** by <@{at.mia.id}>" in whispered(said)
        assert f"**Shown** by <@{at.mia.id}>" in text_of(at.card())


async def test_a_decision_on_the_page_is_seen_on_the_card(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        mia = at.asker(at.mia, is_moderator=True)
        await at.here.core.reviews.claim(mia, case_of(card))
        await at.here.until(lambda: f"<@{at.mia.id}> looks at it" in text_of(at.card()))
        await at.here.core.reviews.decide(mia, case_of(card), Decision.APPROVE)
        await at.here.until(lambda: verbs(at.card()) == ["undo"])
        await at.effect()
        await at.here.until(lambda: verbs(at.card()) == [])


def nobody_hears(core: BotHarness) -> None:
    known = core.platforms.find(DISCORD)
    assert known is not None
    core.platforms.add(replace(known, announcer=None))


async def test_a_card_that_is_behind_is_made_true_when_pressed(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        mia = at.asker(at.mia, is_moderator=True)
        nobody_hears(at.here.core)
        await at.here.core.reviews.decide(mia, case_of(card), Decision.APPROVE)
        said = await pressed(at.max, card, "blur")
        assert f"**Shown** by <@{at.mia.id}>" in whispered(said)
        assert verbs(at.card()) == ["undo"]


async def test_a_claim_keeps_the_others_away_for_ten_minutes(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.withheld()
        await pressed(at.mia, at.card(), "claim")
        assert f"<@{at.mia.id}> looks at it, until" in text_of(at.card())
        for verb in ("approve", "remove", "release"):
            said = await pressed(at.max, at.card(), verb)
            assert whispered(said).startswith("Another moderator is looking at this"), verb
        await pressed(at.mia, at.card(), "release")
        await pressed(at.mia, at.card(), "claim")
        at.here.core.clock.advance(timedelta(minutes=11))
        await at.decided(at.max, "approve")
        assert f"**Shown** by <@{at.max.id}>" in text_of(at.card())


# --- looking ------------------------------------------------------------------------------------


async def test_reveal_is_for_one_moderator_and_blurred_first(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.withheld(images=2)
        said = await pressed(at.mia, at.card(), "reveal")
        assert said.ephemeral
        message = said.response.message
        assert "> a bather" in text_of(message)
        assert verbs(message) == ["bare", "bare", *DECISIONS]
        assert [a.filename for a in message.attachments] == ["blurred-1.webp", "blurred-2.webp"]
        assert at.card().attachments == []


async def test_the_picture_as_it_is_is_shown_to_one_moderator_and_noted(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld(images=2)
        revealed = await pressed(at.mia, card, "reveal")
        said = await pressed(at.mia, revealed.response.message, "bare:2")
        assert said.ephemeral
        (file,) = said.response.attachments
        assert file.filename == f"case-{case_of(card)}-2.png"
        with Image.open(BytesIO(await file.read())) as image:
            assert image.size == (16, 16)
        actor = f"discord:{at.here.guild.id}:{at.mia.id}"
        assert (actor, "reveal") in await at.audited()
        assert (actor, "reveal prompt") not in await at.audited()


async def test_a_private_prompt_is_revealed_and_noted(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld(private=True)
        assert "private" in text_of(card)
        said = await pressed(at.mia, card, "reveal")
        assert "> a bather" in text_of(said.response.message)
        actor = f"discord:{at.here.guild.id}:{at.mia.id}"
        assert (actor, "reveal prompt") in await at.audited()


async def test_a_decision_beside_the_picture_takes_the_picture_away(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.withheld()
        revealed = await pressed(at.mia, at.card(), "reveal")
        said = await pressed(at.mia, revealed.response.message, "approve")
        alone = said.response.message
        assert alone.attachments == []
        assert "media_gallery" not in kinds(alone)
        await at.here.until(lambda: verbs(at.card()) == ["undo"])
        await at.effect()
        await at.here.until(lambda: verbs(at.card()) == [])


async def test_a_withheld_picture_is_in_nothing_that_others_can_get(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.withheld(images=2)
        first = await _pictures(at)
        await pressed(at.mia, at.card(), "reveal")
        await at.decided(at.mia, "remove")
        await at.effect()
        await at.here.until(lambda: at.private_messages(at.here.ann))
        assert _holding(at, first) == []
        await at.withheld(images=2)
        second = await _pictures(at)
        revealed = await pressed(at.mia, at.card(), "reveal")
        shown = await pressed(at.mia, revealed.response.message, "bare:1")
        assert shown.ephemeral
        assert _holding(at, second) == [f"case-{case_of(at.card())}-1.png"]


async def _pictures(at: ModerationHarness) -> list[Any]:
    """The colours of the pictures that ann drew last."""
    newest = (await at.here.core.studio.history(at.asker(at.here.ann)))[0]
    kept = (await at.here.core.store.jobs.job(newest.key)).pictures
    return [_colour(await at.here.core.pictures.read(p.sha256, p.type)) for p in kept]


def _holding(at: ModerationHarness, colours: list[Any]) -> list[str]:
    """The names of all files on Discord that show one of these."""
    uploaded = at.here.env.backend.cdn._blobs.items()
    return [url.rpartition("/")[2] for url, data in uploaded if _colour(data) in colours]


def _colour(data: bytes) -> Any:
    with Image.open(BytesIO(data)) as image:
        return image.convert("RGB").getpixel((image.width // 2, image.height // 2))


# --- always -------------------------------------------------------------------------------------


async def test_the_buttons_of_a_case_work_after_a_restart(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        fresh = DiscordBot(at.here.bot.here.services, DiscordSettings(token="token"), shard_count=1)
        await at.here.env.restart_bot(fresh)
        await pressed(at.mia, card, "claim")
        said = await pressed(at.mia, at.card(), "reveal")
        assert said.ephemeral
        await at.decided(at.mia, "approve")
        await at.effect()
        await at.here.shown()


async def test_a_case_of_ones_own_is_for_others(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld(at.mia)
        for verb in ("claim", "reveal", *DECISIONS):
            said = await pressed(at.mia, card, verb)
            assert told(said).startswith("This is about yourself"), verb
            assert all(answer.ephemeral for answer in answers_to(said))
        assert at.card().edited_at is None
        await at.decided(at.max, "approve")
        assert "**Shown** by" in text_of(at.card())


async def test_automod_gets_the_card_without_what_people_wrote(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.here.draw()
        path = f"/channels/{at.mods.id}/messages"
        at.here.env.inject_error("POST", path, status=400, code=200000)
        await at.reported(card, "hate", "a forbidden word")
        await at.here.until(at.mods.history)
        assert "forbidden" not in text_of(at.card())
        assert verbs(at.card()) == ["claim", "reveal", *DECISIONS]
        form = await pressed(at.mia, at.card(), "remove")
        path = "/webhooks/*/*/messages/@original"
        at.here.env.inject_error("PATCH", path, status=400, code=200000)
        await answered(at.mia, form, "another forbidden word")
        assert "**Removed** by" in text_of(at.card())
        assert "forbidden" not in text_of(at.card())


@pytest.mark.parametrize("category", ["indecent", "minors"])
async def test_one_report_of_the_gravest_kind_hides_at_once(tmp_path: Path, category: str) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.here.draw()
        at.here.core.clock.advance(timedelta(days=8))  # max is no newcomer any more
        await at.reported(card, category, "look at this")
        await at.here.until(at.mods.history)
        assert f"• {CATEGORIES[Category(category)]}: look at this" in text_of(at.card())
        if category == "minors":
            await at.here.until(lambda: "In review" in text_of(at.result()))
            assert "picture 1: cleared by the service, hidden" in text_of(at.card())
        else:
            assert "still shown" in text_of(at.card())


async def test_a_second_look_is_another_moderators(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.withheld()
        await at.decided(at.mia, "remove")
        await at.effect()
        await at.here.until(
            lambda: any(each.startswith("look:") for each in custom_ids(at.result()))
        )
        job = custom_ids(at.result())[0].split(":")[1]
        refused = await at.max.click(at.result(), custom_id=f"look:{job}")
        assert told(refused).startswith("This belongs to somebody else")
        asked = await at.here.ann.click(at.result(), custom_id=f"look:{job}")
        assert told(asked).startswith(f"Another moderator looks at `{job}` now.")
        await at.here.until(lambda: len(at.mods.history()) == 2)
        assert "· second look" in text_of(at.card())
        own = await pressed(at.mia, at.card(), "approve")
        assert told(own).startswith("This is a second look at your own decision")
        await at.decided(at.max, "approve")
        await at.effect()
        await at.here.shown()


async def test_refused_words_are_shown_to_nobody(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await refused_three_times(at)
        assert "3 requests of one person were refused for their words" in text_of(at.card())
        assert "naked" not in text_of(at.card())
        assert verbs(at.card()) == ["claim", "approve", "remove", "strike", "escalate"]
        reveal = f"case:reveal:{case_of(at.card())}"
        said = await at.mia.click(await at.forged(reveal), custom_id=reveal)
        assert told(said).startswith("Refused words are shown to nobody.")


OUTCOMES = {
    "approve": ("Suspension lifted", "you can draw again."),
    "remove": ("Still suspended", "it stays as it was."),
    "strike": ("Given a strike", "and you get a strike."),
}


@pytest.mark.parametrize("verb", OUTCOMES)
async def test_a_suspension_for_words_is_lifted_or_stays(tmp_path: Path, verb: str) -> None:
    async with moderation_harness(tmp_path) as at:
        await refused_three_times(at)
        await at.decided(at.mia, verb)
        stands, heard = OUTCOMES[verb]
        assert f"**{stands}** by" in text_of(at.card())
        await at.effect()
        said = [f"A moderator looked at your refused requests{sep} {heard}" for sep in ":,"]
        await at.here.until(lambda: {*said} & {*at.private_messages(at.here.ann)})
        again = await at.here.ann.slash(at.here.channel, "imagine", prompt="a cat")
        assert told(again).startswith("You can't draw here until") == (verb != "approve")


async def refused_three_times(at: ModerationHarness) -> None:
    for _ in range(3):
        refused = await at.here.ann.slash(at.here.channel, "imagine", prompt="a naked child")
        assert told(refused).startswith("I don't draw this, here or anywhere.")
    await at.here.until(at.mods.history)
