"""Moderators decide cases by the buttons of their cards, in their channel or on their own."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from adapters.slack.delivery.remote_files import RemoteFiles
from adapters.slack.forms import reveal
from bot.domain.asker import SLACK
from bot.domain.case import Decision
from bot.domain.moderation_policy import Flagged
from tests.adapters.slack.fake.server import answers, garbles
from tests.adapters.slack.harness import job_in
from tests.adapters.slack.moderation_harness import (
    ModerationHarness,
    case_in,
    moderation_harness,
    verbs,
)
from tests.support.bot_harness import BotHarness

ACTOR = "slack:{}:{}"


async def test_a_withheld_picture_comes_to_the_moderators_without_picture_or_prompt(
    tmp_path: Path,
) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld("a bather --images 2")
        lines = card.words.split("\n")
        assert lines[0] == f"A picture waits for a moderator: case `{case_in(card)}`."
        assert lines[1].startswith("2 pictures of `")
        assert lines[2].startswith(f"<@{at.here.fake.ann.id}> · no strikes")
        assert "bather" not in card.words
        assert card.pictures == []
        assert verbs(card) == [
            "claim", "reveal", "approve", "blur", "remove", "strike", "escalate"
        ]  # fmt: skip
        told = "In review: a moderator looks at it before it is shown."
        await at.here.fake.until(lambda: told in at.result().words)
        assert at.result().pictures == []


async def test_approving_shows_the_picture_after_five_seconds_without_drawing_again(
    tmp_path: Path,
) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        await at.press(card, "approve", by=at.mia)
        await at.here.fake.until(lambda: "*Shown* by" in card.words)
        assert f"*Shown* by <@{at.mia.id}>" in card.words
        assert verbs(card) == ["undo"]
        assert at.result().pictures == []
        await at.effect()
        await at.here.fake.until(lambda: at.result().pictures)
        await at.here.fake.until(lambda: verbs(card) == [])
        assert len(at.result().pictures) == 1
        assert at.here.drawn == 1
        await at.here.fake.until(lambda: at.heard(at.here.fake.ann))
        assert at.heard(at.here.fake.ann) == [
            f"A moderator looked at `{job_in(at.result())}`: it is shown now."
        ]


async def test_blurring_leaves_it_behind_a_button(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.decide(await at.withheld(), "blur", by=at.mia)
        await at.here.fake.until(lambda: "Show me" in at.result().words)
        assert at.result().pictures == []
        await at.here.does(lambda: at.here.fake.press(at.result(), "Show me", by=at.here.fake.bob))
        assert len(at.here.fake.seen_by(at.here.fake.bob)[-1].pictures) == 1


async def test_removing_asks_why_and_the_requester_reads_it(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        view = await at.form(card, "remove", by=at.mia)
        assert view.body["title"]["text"] == "Remove"
        assert "The pictures are taken down everywhere" in view.words
        await at.submit(view, "not here <!channel>")
        await at.here.fake.until(lambda: "*Removed* by" in card.words)
        mine = at.here.fake.seen_by(at.mia)[-1]
        assert mine.words.startswith(f"`{case_in(card)}`: removed in 5 seconds")
        await at.effect()
        await at.here.fake.until(lambda: at.heard(at.here.fake.ann))
        (heard,) = at.heard(at.here.fake.ann)
        assert "They say: not here &lt;!channel&gt;" in heard
        assert card.pings == []
        await at.here.fake.until(lambda: "Second look" in at.result().words)


async def test_a_removal_takes_the_message_and_every_file_away(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.here.draw("a cat --images 2")
        await at.here.does(
            lambda: at.here.fake.command("/limner", f"show {job_in(card)}", by=at.here.fake.bob)
        )
        await _reported(at, "minors")
        reported = at.cards()[-1]
        await at.decide(reported, "remove", by=at.mia)
        await at.here.fake.until(lambda: card.pictures == [])
        ours = [f for f in at.here.fake.files if f.name.startswith("limner-")]
        assert len(ours) == 1
        await at.here.fake.until(lambda: all(file.deleted for file in ours))


async def test_show_me_is_over_when_the_picture_is_removed(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.decide(await at.withheld(), "blur", by=at.mia)
        await at.here.fake.until(lambda: "Show me" in at.result().words)
        await at.here.does(lambda: at.here.fake.press(at.result(), "Show me", by=at.here.fake.bob))
        (file,) = at.here.fake.seen_by(at.here.fake.bob)[-1].pictures
        await _reported(at, "minors")
        await at.decide(at.cards()[-1], "remove", by=at.mia)
        await at.here.fake.until(lambda: file.deleted)


async def test_a_strike_asks_once_more_and_says_what_it_brings(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        view = await at.form(await at.withheld(), "strike", by=at.mia)
        assert view.body["title"]["text"] == "Strike this person?"
        assert f"<@{at.here.fake.ann.id}> gets strike 1, a warning." in view.words
        await at.submit(view)
        await at.effect()
        await at.here.fake.until(lambda: len(at.heard(at.here.fake.ann)) == 2)
        assert any("first strike" in words for words in at.heard(at.here.fake.ann))


async def test_escalating_freezes_and_says_the_one_sentence(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path, operator_contact="ann@limner.example") as at:
        card = await at.withheld()
        case = case_in(card)
        view = await at.form(card, "escalate", by=at.mia)
        assert view.body["title"]["text"] == "Escalate this case?"
        await at.submit(view, "look")
        mine = at.here.fake.seen_by(at.mia)[-1]
        sentence = "Frozen. Don't download, screenshot or forward it. The owner has been told."
        assert mine.words.startswith(sentence)
        assert "ann@limner.example" in mine.words
        assert mine.controls == []  # there is no undo
        await at.here.fake.until(lambda: "Only the bot owner can open it" in card.words)
        assert verbs(card) == []
        await at.here.until(lambda: at.here.core.alerts.heard)
        for who in (at.mia, at.max):
            said = await at.here.told(
                lambda who=who: at.here.fake.forge(card, f"case:undo:{case}", by=who)  # type: ignore[misc]
            )
            assert said.startswith("This case is frozen: only the bot owner can open it.")
        shown = await at.here.modal(
            lambda: at.here.fake.forge(card, f"case:reveal:{case}", by=at.mia)
        )
        assert "This case is frozen" in shown.words
        assert at.here.fake.world.files == {}


async def test_who_decided_may_take_it_back_within_five_seconds(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        await at.press(card, "approve", by=at.mia)
        await at.here.fake.until(lambda: verbs(card) == ["undo"])
        said = await at.here.told(lambda: at.here.fake.press(card, "Undo", by=at.max))
        assert said.startswith("Another moderator has decided this already.")
        await at.press(card, "undo", by=at.mia)
        await at.here.fake.until(lambda: "Nobody looks at it yet." in card.words)
        assert at.result().pictures == []


async def test_an_undo_that_comes_too_late_says_so(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        await at.press(card, "approve", by=at.mia)
        await at.here.fake.until(lambda: verbs(card) == ["undo"])
        undo = str(card.control("Undo")["action_id"])
        await at.effect()
        said = await at.here.told(lambda: at.here.fake.forge(card, undo, by=at.mia))
        assert said.startswith("This has taken effect")


async def test_who_is_second_is_told_who_was_first(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        approve = str(card.control("Approve")["action_id"])
        first, second = await asyncio.gather(
            at.here.does(lambda: at.here.fake.forge(card, approve, by=at.mia)),
            at.here.does(lambda: at.here.fake.forge(card, approve, by=at.max)),
        )
        told = [each for each in (first, second) if each.replies]
        assert len(told) == 1
        winner = at.max if told[0] is first else at.mia
        (said,) = told[0].replies
        assert said.ephemeral
        assert said.words.startswith("Another moderator has decided this already.")
        assert f"*Shown* by <@{winner.id}>" in said.words


async def test_who_fills_in_a_form_too_late_is_told_as_well(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        view = await at.form(card, "remove", by=at.max)
        await at.press(card, "approve", by=at.mia)
        await at.submit(view, "no")
        said = at.here.fake.seen_by(at.max)[-1]
        assert said.words.startswith("Another moderator has decided this already.")
        await at.effect()
        await at.here.fake.until(lambda: at.result().pictures)


async def test_a_claim_keeps_the_others_away_for_ten_minutes(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        await at.press(card, "claim", by=at.mia)
        await at.here.fake.until(lambda: f"<@{at.mia.id}> looks at it, until" in card.words)
        for words in ("Approve", "Release"):
            said = await at.here.told(partial(at.here.fake.press, card, words, by=at.max))
            assert said.startswith("Another moderator is looking at this just now.")
        view = await at.form(card, "remove", by=at.max)
        assert "Another moderator is looking at this" in view.words
        at.clock.advance(timedelta(minutes=11))
        await at.press(card, "approve", by=at.max)
        await at.here.fake.until(lambda: f"*Shown* by <@{at.max.id}>" in card.words)


async def test_a_claim_is_given_back(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        await at.press(card, "claim", by=at.mia)
        await at.here.fake.until(lambda: "release" in verbs(card))
        await at.press(card, "release", by=at.mia)
        await at.here.fake.until(lambda: "Nobody looks at it yet." in card.words)


# --- looking --------------------------------------------------------------------------------------


async def test_reveal_is_for_one_moderator_and_blurred_first(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld("a bather --images 2")
        view = await at.here.modal(lambda: at.here.fake.press(card, "Reveal", by=at.mia))
        assert view.person is at.mia
        assert "> a bather" in view.words
        files = at.here.fake.files
        assert [file.name for file in files] == ["blurred-1.jpg", "blurred-2.jpg"]
        assert all(file.shares == [] for file in files)
        assert at.audit("reveal") == []
        assert verbs(view)[:2] == ["bare", "bare"]


async def test_the_picture_as_it_is_is_shown_to_one_moderator_and_noted(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        view = await at.here.modal(lambda: at.here.fake.press(card, "Reveal", by=at.mia))
        (blurred,) = at.here.fake.files
        await at.press(view, "bare", by=at.mia)
        assert "It is noted that you saw it." in view.words
        assert blurred.deleted
        _, bare = at.here.fake.files
        assert bare.shares == []
        team = at.here.fake.workspace.id
        assert at.audit("reveal") == [(ACTOR.format(team, at.mia.id), f"case:{case_in(card)}")]


async def test_what_was_revealed_goes_when_the_form_is_closed(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        view = await at.here.modal(lambda: at.here.fake.press(card, "Reveal", by=at.mia))
        await at.press(view, "bare", by=at.mia)
        await asyncio.to_thread(lambda: at.here.fake.close(view))
        files = at.here.fake.files
        await at.here.fake.until(lambda: all(file.deleted for file in files))


async def test_what_was_revealed_goes_after_ten_minutes_also_after_a_restart(
    tmp_path: Path,
) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        await at.here.modal(lambda: at.here.fake.press(card, "Reveal", by=at.mia))
        (file,) = at.here.fake.files
        await at.here.here.remote_files.look()
        assert not file.deleted
        at.clock.advance(timedelta(minutes=11))
        known = at.here.here
        again = RemoteFiles(
            known.services.remote_files, known.clients, known.uploads, at.clock
        )  # a new process
        await again.look()
        await at.here.fake.until(lambda: file.deleted)


async def test_what_is_revealed_goes_although_something_else_answered_for_slack(
    tmp_path: Path,
) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        await at.here.modal(lambda: at.here.fake.press(card, "Reveal", by=at.mia))
        (file,) = at.here.fake.files
        at.here.fake.will("files.delete", garbles(200, "Please sign in to this network"))

        def is_gone_a_minute_later() -> bool:
            at.clock.advance(timedelta(minutes=1))
            return file.deleted

        await at.here.until(is_gone_a_minute_later)
        assert len(at.here.fake.called("files.delete")) > 1


async def test_a_decision_beside_the_picture_takes_the_picture_away(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        view = await at.here.modal(lambda: at.here.fake.press(card, "Reveal", by=at.mia))
        await at.press(view, "approve", by=at.mia)
        assert f"*Shown* by <@{at.mia.id}>" in view.words
        assert verbs(view) == ["undo"]
        assert all(file.deleted for file in at.here.fake.files)
        await at.here.fake.until(lambda: verbs(card) == ["undo"])


async def test_the_form_for_a_reason_takes_the_place_of_the_picture(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        view = await at.here.modal(lambda: at.here.fake.press(card, "Reveal", by=at.mia))
        await at.press(view, "strike", by=at.mia)
        assert view.body["title"]["text"] == "Strike this person?"
        assert all(file.deleted for file in at.here.fake.files)
        await at.submit(view, "no")
        await at.here.fake.until(lambda: "*Removed, with a strike* by" in card.words)


async def test_slack_that_shows_no_picture_yet_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reveal, "BLOCKS_AGAIN_S", (0.01, 0.01))
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        at.here.fake.will("views.update", answers("invalid_blocks"))
        view = await at.here.modal(lambda: at.here.fake.press(card, "Reveal", by=at.mia))
        assert "> a bather" in view.words


async def test_a_private_prompt_is_revealed_and_noted(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld("a secret bather --private")
        assert "private" in card.words
        await at.here.modal(lambda: at.here.fake.press(card, "Reveal", by=at.mia))
        team = at.here.fake.workspace.id
        by = ACTOR.format(team, at.mia.id)
        assert at.audit("reveal prompt") == [(by, f"case:{case_in(card)}")]


async def test_refused_words_are_shown_to_nobody(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        for number in range(3):
            await at.here.told(
                partial(at.here.fake.command, "/imagine", f"nude child number {number}")
            )
        await at.here.fake.until(at.cards)
        card = at.cards()[-1]
        assert "3 requests of one person were refused for their words" in card.words
        assert "child" not in card.words
        assert "reveal" not in verbs(card)
        forged = f"case:reveal:{case_in(card)}"
        view = await at.here.modal(lambda: at.here.fake.forge(card, forged, by=at.mia))
        assert "Refused words are shown to nobody." in view.words
        await at.decide(card, "approve", by=at.mia)
        await at.here.fake.until(lambda: "*Suspension lifted* by" in card.words)


# --- what happens around it -----------------------------------------------------------------------


async def test_the_buttons_of_a_case_work_after_a_restart(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        at.here.here.moderators._cards.clear()  # what a new process knows
        view = await at.form(card, "remove", by=at.mia)
        at.here.here.moderators._cards.clear()
        await at.submit(view, "no")
        await at.here.fake.until(lambda: "*Removed* by" in card.words)


async def test_a_decision_on_the_page_is_seen_on_the_card(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        mia = replace(at.here.asker(at.mia), is_moderator=True)
        await at.here.core.reviews.claim(mia, case_in(card))
        await at.here.fake.until(lambda: f"<@{at.mia.id}> looks at it" in card.words)
        await at.here.core.reviews.decide(mia, case_in(card), Decision.APPROVE)
        await at.here.fake.until(lambda: verbs(card) == ["undo"])
        await at.effect()
        await at.here.fake.until(lambda: verbs(card) == [])


def nobody_hears(core: BotHarness) -> None:
    known = core.platforms.find(SLACK)
    assert known is not None
    core.platforms.add(replace(known, announcer=None))


async def test_a_card_that_is_behind_is_made_true_when_pressed(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld()
        mia = replace(at.here.asker(at.mia), is_moderator=True)
        nobody_hears(at.here.core)
        await at.here.core.reviews.decide(mia, case_in(card), Decision.APPROVE)
        said = await at.here.told(lambda: at.here.fake.press(card, "Blur", by=at.max))
        assert f"*Shown* by <@{at.mia.id}>" in said
        await at.here.fake.until(lambda: verbs(card) == ["undo"])


async def test_a_case_of_ones_own_is_for_others(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld(by=at.mia)
        for verb in ("claim", "approve", "blur"):
            said = await at.here.told(partial(at.here.fake.press, card, f"case:{verb}:", by=at.mia))
            assert "about you" in said, said
        for verb in ("reveal", "remove", "strike", "escalate"):
            view = await at.form(card, verb, by=at.mia)
            assert "about you" in view.words, view.words
        assert at.here.fake.world.files == {}


async def test_a_second_look_is_another_moderators(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        await at.decide(await at.withheld(), "remove", by=at.mia)
        await at.here.fake.until(lambda: "Second look" in at.result().words)
        said = await at.here.told(lambda: at.here.fake.press(at.result(), "Second look"))
        assert said.endswith("You will be told the outcome.")
        await at.here.fake.until(lambda: len(at.cards()) == 2)
        card = at.cards()[-1]
        assert "second look" in card.words
        said = await at.here.told(lambda: at.here.fake.press(card, "Approve", by=at.mia))
        assert said.startswith("This is a second look at your own decision")
        await at.decide(card, "approve", by=at.max)
        await at.here.fake.until(lambda: at.result().pictures)
        assert "Second look" not in at.result().words


async def test_only_the_requester_gets_a_second_look(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path, flagged=Flagged.BLOCK) as at:
        at.here.core.backend.flagged = True
        await at.here.does(lambda: at.here.fake.command("/imagine", "a bather"))
        await at.here.fake.until(lambda: "Second look" in at.result().words)
        said = await at.here.told(
            lambda: at.here.fake.press(at.result(), "Second look", by=at.here.fake.bob)
        )
        assert said.startswith("This belongs to somebody else")
        await at.here.does(lambda: at.here.fake.press(at.result(), "Second look"))
        await at.here.fake.until(at.cards)
        assert at.result().pictures == []


async def test_one_report_of_the_gravest_kind_hides_at_once(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.here.draw()
        (file,) = card.pictures
        await _reported(at, "minors", "look")
        await at.here.fake.until(lambda: card.pictures == [])
        await at.here.fake.until(lambda: file.deleted)
        (told,) = at.cards()
        assert "was reported (sexual, with minors): `look`" in told.words
        assert at.here.fake.bob.id not in told.words
        await at.decide(told, "approve", by=at.mia)
        await at.here.fake.until(lambda: len(card.pictures) == 1)


async def _reported(at: ModerationHarness, category: str, words: str = "") -> None:
    """Bob reports the newest result by the menu on its message."""
    card, count = at.result(), len(at.cards())
    fake, bob = at.here.fake, at.here.fake.bob
    view = await at.here.modal(lambda: fake.use_on(card, "report", by=bob))
    await at.here.does(lambda: fake.submit(view, {"category": category, "reason": words}))
    await fake.until(lambda: len(at.cards()) > count)
