"""/limner mod: the queue, people and words of a workspace, for its moderators."""

from pathlib import Path

import pytest

from bot.app.system_clock import SystemClock
from bot.moderation.review_links import ReviewLinks
from tests.adapters.slack.fake.world import walk
from tests.adapters.slack.harness import job_in
from tests.adapters.slack.moderation_harness import case_in, moderation_harness, verbs


async def test_a_bare_word_explains_itself(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        said = await at.mod("")
        assert said.startswith("*For moderators*")
        assert await at.mod("reveiw") == said


async def test_the_queue_lists_the_oldest_and_opens_one(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        case = case_in(await at.withheld())
        act = await at.here.does(lambda: at.here.fake.command("/limner", "mod review", by=at.mia))
        (queue,) = act.replies
        assert queue.ephemeral
        lines = queue.words.split("\n")
        assert lines[0] == "*Waiting for a moderator*"
        assert lines[1].startswith("1 open")
        assert lines[2].startswith(f"`{case}` 1 picture of `")
        assert "bather" not in queue.words
        act = await at.here.does(lambda: at.here.fake.choose(queue, "cases:open", case))
        (card,) = act.replies
        assert card.ephemeral
        assert verbs(card)[:3] == ["claim", "reveal", "approve"]


async def test_a_card_of_ones_own_is_redrawn_and_the_channels_with_it(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        shared = await at.withheld()
        case = case_in(shared)
        act = await at.here.does(
            lambda: at.here.fake.command("/limner", f"mod review {case.upper()}", by=at.mia)
        )
        (card,) = act.replies
        done = await at.press(card, "approve")
        assert f"*Shown* by <@{at.mia.id}>" in (done.replies[-1] if done.replies else card).words
        await at.here.fake.until(lambda: verbs(shared) == ["undo"])
        await at.effect()
        assert "*Shown* by" in await at.mod("review decided")
        assert "Nothing waits." in await at.mod("review")


async def test_ones_own_case_is_listed_and_not_offered(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.withheld(by=at.mia)
        act = await at.here.does(lambda: at.here.fake.command("/limner", "mod review", by=at.mia))
        (queue,) = act.replies
        assert "yours, so others decide" in queue.words
        assert queue.controls == []


async def test_a_claimed_case_says_who_looks_at_it(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.press(await at.withheld(), "claim", by=at.max)
        assert f"<@{at.max.id}> looks at it" in await at.mod("review")


async def test_the_page_is_offered_where_there_is_one(tmp_path: Path) -> None:
    links = ReviewLinks(SystemClock())
    links.address = "https://draw.example.org"
    async with moderation_harness(tmp_path, links=links) as at:
        act = await at.here.does(lambda: at.here.fake.command("/limner", "mod review", by=at.mia))
        (shown,) = act.replies
        assert shown.ephemeral
        (url,) = [each["url"] for each in walk(shown.blocks) if "url" in each]
        assert url.startswith("https://draw.example.org/review/enter#")
        await at.here.does(lambda: at.here.fake.press(shown, "Open the page"))
        who = links.spend(url.partition("#")[2])
        assert who is not None
        assert (who.platform, who.community) == ("slack", at.here.fake.workspace.id)
        assert who.person == at.mia.id


# --- people ---------------------------------------------------------------------------------------


async def test_a_block_keeps_from_drawing_until_it_is_lifted(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        bob = at.here.fake.bob
        said = await at.mod(f"block <@{bob.id}|bob> 3 too many bathers")
        assert said.startswith(f"<@{bob.id}> can't draw here for 3 days.")
        told = await at.here.told(lambda: at.here.fake.command("/imagine", "a cat", by=bob))
        assert told.startswith("You can't draw here until <!date^")
        assert "*blocked* until" in await at.mod(f"history <@{bob.id}>")
        assert await at.mod(f"unblock <@{bob.id}>") == f"<@{bob.id}> can draw again."
        assert "no block that you could lift" in await at.mod(f"unblock <@{bob.id}>")
        await at.here.draw(by=bob)


async def test_a_strike_is_told_listed_and_lifted(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        bob = at.here.fake.bob
        await at.here.draw(by=bob)
        said = await at.mod(f"strike <@{bob.id}> not nice & <!here>")
        number = said.split("`")[1]
        assert said == (
            f"<@{bob.id}> has a strike, `{number}`. `/limner mod lift {number}` takes it back."
        )
        await at.here.fake.until(lambda: at.heard(bob))
        assert at.heard(bob)[0].startswith("This is your first strike.")
        history = await at.mod(f"history <@{bob.id}>")
        assert f"`{number}` <!date^" in history
        assert "> not nice &amp; @here" in history
        assert await at.mod(f"lift {number}") == f"Strike `{number}` is lifted."
        assert ", lifted" in await at.mod(f"history <@{bob.id}>")
        assert (await at.mod("lift 9999")).startswith("There is no")
        assert "number" in await at.mod("lift it")


async def test_a_strike_wants_a_reason(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        said = await at.mod(f"strike <@{at.here.fake.bob.id}>")
        assert "reason" in said
        assert at.audit("strike") == []


async def test_a_purge_takes_down_what_somebody_drew_lately(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        bob = at.here.fake.bob
        card = await at.here.draw(by=bob)
        (file,) = card.pictures
        said = await at.mod(f"purge <@{bob.id}>")
        assert "/limner mod purge @person hour" in said
        assert not file.deleted
        act = await at.here.does(
            lambda: at.here.fake.command("/limner", f"mod purge <@{bob.id}> hour", by=at.mia)
        )
        (asked,) = act.replies
        assert asked.ephemeral
        assert asked.words.startswith(
            f"Take down 1 picture of 1 result that <@{bob.id}> drew since"
        )
        assert card.pictures == [file]  # nothing is gone before it was asked once more
        done = await at.here.does(lambda: at.here.fake.press(asked, "Take down 1", by=at.mia))
        shown = done.replies[-1] if done.replies else asked
        assert shown.words.startswith(f"1 picture of 1 result that <@{bob.id}> drew since")
        assert shown.words.endswith("is taken down.")
        assert shown.controls == []
        await at.here.until(lambda: file.deleted and card.pictures == [])
        assert (await at.mod(f"purge <@{bob.id}> hour")).startswith(
            f"<@{bob.id}> drew nothing since"
        )


async def test_a_purge_is_asked_for_by_moderators_alone(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        bob = at.here.fake.bob
        card = await at.here.draw(by=bob)
        said = await at.here.told(lambda: at.here.fake.forge(card, f"purge:{bob.id}:1", by=bob))
        assert said.startswith("Only moderators can do that.")
        assert card.pictures


@pytest.mark.parametrize("command", ["block", "unblock", "strike"])
async def test_nobody_does_it_to_themselves(tmp_path: Path, command: str) -> None:
    async with moderation_harness(tmp_path) as at:
        words = " why" if command == "strike" else ""
        said = await at.mod(f"{command} <@{at.mia.id}>{words}")
        assert said.startswith("This is about yourself")


async def test_somebody_has_to_be_named(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        for command in ("block", "unblock", "strike", "history", "purge"):
            assert "@" in await at.mod(f"{command} bob")


# --- words ----------------------------------------------------------------------------------------


async def test_words_are_added_allowed_tested_and_listed(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        assert "passes" in await at.mod("words test a badger")
        assert "Indecent here: `badger`" in await at.mod("words add Badger")
        said = await at.mod("words test a b4dger")
        assert said == "This counts as indecent: what the workspace chose for such words decides."
        assert "Let pass: `honey badger`" in await at.mod("words allow honey badger")
        assert "Indecent here: none" in await at.mod("words add badger")
        assert "Let pass: `honey badger`" in await at.mod("words")


async def test_a_hard_hit_is_never_echoed(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        said = await at.mod("words test nude child")
        assert said == "This is refused everywhere, whatever the workspace chose."


async def test_a_word_of_the_workspace_sends_pictures_to_review(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.mod("words add badger")
        await at.here.does(lambda: at.here.fake.command("/imagine", "a badger"))
        await at.here.fake.until(at.cards)
        assert "badger" not in at.cards()[-1].words


async def test_a_report_names_category_and_case_in_the_channel(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.here.draw()
        view = await at.here.modal(lambda: at.here.fake.use_on(card, "report", by=at.here.fake.bob))
        values = {"category": "real_person", "reason": "that is my face"}
        await at.here.does(lambda: at.here.fake.submit(view, values))
        await at.here.fake.until(at.cards)
        (told,) = at.cards()
        assert told.words.startswith(
            f"`{job_in(card)}` was reported (a real person): `that is my face`, case `"
        )
        assert card.pictures
