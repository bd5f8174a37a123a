"""/mod: the queue, people and words."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.moderation.review_links import ReviewLinks
from tests.adapters.discord.harness import custom_ids, text_of, told, walked
from tests.adapters.discord.moderation_harness import (
    ModerationHarness,
    answered,
    case_of,
    moderation_harness,
    pressed,
    verbs,
)
from tests.adapters.discord.test_rights import member_of


async def mod(at: ModerationHarness, command: str, **options: Any) -> str:
    """What mia is told."""
    said = await at.mia.slash(at.here.channel, f"mod {command}", **options)
    assert said.ephemeral
    return told(said)


async def test_the_queue_lists_the_oldest_and_opens_one(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        first = case_of(await at.withheld())
        at.here.core.clock.advance(timedelta(minutes=5))
        second = case_of(await at.withheld(at.max))
        said: Any = await at.mia.slash(at.here.channel, "mod review")
        text = told(said)
        assert text.startswith("### Waiting for a moderator\n-# 2 open")
        assert text.index(f"`{first}` 1 picture of") < text.index(f"`{second}` 1 picture of")
        assert "bather" not in text
        opened: Any = await at.mia.select(said.response.message, [second], custom_id="cases:open")
        assert opened.ephemeral
        assert text_of(opened.response.message).startswith(f"### Case `{second}`")


async def test_an_empty_queue_says_so(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        assert "Nothing waits." in await mod(at, "review")
        assert "Nothing was decided yet." in await mod(at, "review", decided=True)


async def test_ones_own_case_is_listed_and_not_offered(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.withheld(at.mia)
        said: Any = await at.mia.slash(at.here.channel, "mod review")
        assert "yours, so others decide" in told(said)
        assert custom_ids(said.response.message) == []


async def test_a_claimed_case_says_who_looks_at_it(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await pressed(at.max, await at.withheld(), "claim")
        assert f"<@{at.max.id}> looks at it" in await mod(at, "review")


async def test_one_case_is_found_by_its_id_and_suggested(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        case = case_of(await at.withheld())
        offered = await at.mia.autocomplete(at.here.channel, "mod review", "case", case[:3])
        assert [each["value"] for each in offered] == [case]
        assert (await mod(at, "review", case=case.upper())).startswith(f"### Case `{case}`")
        assert (await mod(at, "review", case="nope")).startswith("There is no such case here")


async def test_the_channels_card_follows_a_decision_made_elsewhere(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        case = case_of(await at.withheld())
        at.here.bot.moderators._cards.clear()  # as after a restart
        said: Any = await at.mia.slash(at.here.channel, "mod review", case=case)
        await pressed(at.mia, said.response.message, "approve")
        await at.here.until(lambda: verbs(at.card()) == ["undo"])
        assert "Decided" in await mod(at, "review", decided=True)
        assert f"**Shown** by <@{at.mia.id}>" in await mod(at, "review", decided=True)


async def test_the_page_is_offered_where_there_is_one(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        links = ReviewLinks(at.here.core.clock)
        links.address = "https://draw.example.org"
        object.__setattr__(at.here.bot.here.services, "links", links)
        said: Any = await at.mia.slash(at.here.channel, "mod review")
        shown = walked(said.response.message.components)
        (url,) = [each.url for each in shown if getattr(each, "url", None)]
        assert url.startswith("https://draw.example.org/review/enter#")
        who = links.spend(url.partition("#")[2])
        assert who is not None
        assert (who.community, who.person) == (str(at.here.guild.id), str(at.mia.id))


# --- people -------------------------------------------------------------------------------------


async def test_a_block_keeps_from_drawing_until_it_is_lifted(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        ann = at.here.ann
        assert (await mod(at, "block", member=ann, days=3, reason="spam")).startswith(
            f"<@{ann.id}> can't draw here for 3 days."
        )
        refused = await ann.slash(at.here.channel, "imagine", prompt="a cat")
        assert told(refused).startswith("You can't draw here until")
        assert await mod(at, "unblock", member=ann) == f"<@{ann.id}> can draw again."
        assert "no block that you could lift" in await mod(at, "unblock", member=ann)
        await at.here.draw()


async def test_a_strike_is_told_listed_and_lifted(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        ann = at.here.ann
        await at.here.draw()
        said = await mod(at, "strike", member=ann, reason="spam")
        assert said == f"<@{ann.id}> has a strike, `1`. `/mod lift 1` takes it back."
        await at.here.until(lambda: at.private_messages(ann))
        assert at.private_messages(ann) == [
            "This is your first strike. They say: spam More of them suspend you."
        ]
        history = await mod(at, "history", member=ann)
        assert history.startswith(f"### <@{ann.id}>\n1 result, 0 prompts refused, not blocked")
        assert "`1` <t:" in history
        assert "> spam" in history
        assert await mod(at, "lift", strike=1) == "Strike `1` is lifted."
        assert ", lifted\n> spam" in await mod(at, "history", member=ann)
        assert (await mod(at, "lift", strike=1)).startswith("There is no such strike")


async def test_the_history_has_the_cases_of_a_member(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        case = case_of(await at.withheld())
        form = await pressed(at.mia, at.card(), "strike")
        await answered(at.mia, form, "no bathers")
        await at.effect()
        history = await mod(at, "history", member=at.here.ann)
        assert f"case `{case}`, ends <t:" in history
        assert f"**Removed, with a strike** by <@{at.mia.id}>" in history
        assert (await mod(at, "history", member=at.max)).startswith("I know nobody of this name")


async def test_a_purge_takes_down_what_somebody_drew_lately(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        ann = f"<@{at.here.ann.id}>"
        await at.here.draw()
        at.here.core.clock.advance(timedelta(hours=5))
        await at.here.draw(images=2)
        asked: Any = await at.mia.slash(at.here.channel, "mod purge", member=at.here.ann, since=1)
        assert asked.ephemeral
        assert re.sub(r"<t:\d+:f>", "WHEN", told(asked)) == (
            f"Take down 2 pictures of 1 result that {ann} drew since WHEN? Nobody can see them "
            f"afterwards. For each result {ann} may ask once for a second look."
        )
        assert len(at.here.done()) == 2  # nothing is gone before it was asked once more
        (button,) = custom_ids(asked.response.message)
        done: Any = await at.mia.click(asked.response.message, custom_id=button)
        assert re.sub(r"<t:\d+:f>", "WHEN", text_of(done.response.message)) == (
            f"2 pictures of 1 result that {ann} drew since WHEN are taken down."
        )
        assert custom_ids(done.response.message) == []
        await at.here.until(lambda: len(at.here.done()) == 1)
        assert "purge" in [action for _, action in await at.audited()]
        said = await mod(at, "purge", member=at.here.ann, since=1)
        assert said.startswith(f"{ann} drew nothing since")


async def test_a_purge_is_asked_for_by_moderators_alone(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.here.draw()
        button = f"purge:{at.here.ann.id}:1"
        forged = await at.forged(button)
        member_of(at, at.mia).role_ids.clear()
        for who in (at.here.ann, at.mia):
            refused = await who.click(forged, custom_id=button)
            assert told(refused).startswith("Only moderators can do that.")
        assert len(at.here.done()) == 1


@pytest.mark.parametrize("command", ["block", "strike", "unblock"])
async def test_nobody_does_it_to_themselves(tmp_path: Path, command: str) -> None:
    async with moderation_harness(tmp_path) as at:
        more = {"reason": "why not"} if command == "strike" else {}
        said = await mod(at, command, member=at.mia, **more)
        assert said.startswith("This is about yourself")


# --- words --------------------------------------------------------------------------------------


async def test_words_are_added_allowed_tested_and_listed(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        assert await mod(at, "words test", text="a Badger in snow") == "This passes."
        assert "Indecent here: `badger`" in await mod(at, "words add", word=" Badger ")
        assert (await mod(at, "words test", text="a Badger in snow")).startswith(
            "This counts as indecent"
        )
        assert "Let pass: `naked mole`" in await mod(at, "words allow", word="naked mole")
        listed = await mod(at, "words list")
        assert "`badger`" in listed
        assert "`naked mole`" in listed
        assert "Indecent here: none" in await mod(at, "words add", word="badger")


async def test_a_hard_hit_is_never_echoed(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        said = await mod(at, "words test", text="a naked child")
        assert said == "This is refused everywhere, whatever the server chose."


async def test_a_word_of_the_server_sends_pictures_to_review(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await mod(at, "words add", word="badger")
        await at.here.ann.slash(at.here.channel, "imagine", prompt="a badger")
        await at.here.until(at.mods.history)
        await at.here.until(lambda: "In review" in text_of(at.result()))
