"""What becomes of doubtful prompts, and of people who are refused again and again."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.asker import Asker
from bot.domain.case import Decision
from bot.domain.community_settings import CommunitySettings
from bot.domain.job_view import Phase
from bot.domain.moderation_policy import Flagged
from bot.errors import BadRequest, PromptRefused, TooManyRefused
from bot.jobs.refusals import PEOPLE_MAX, REFUSALS_MAX, REFUSALS_WITHIN, Refusals
from storage.sqlite_store import open_for_reading
from tests.support.bot_harness import ANN, BOB, bot_harness, prompted
from tests.support.clock import FakeClock

MOD = replace(ANN, person="mod", name="Mo", is_moderator=True)
ADULT = replace(ANN, age_restricted=True)
NO_PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x40\x00\x00\x00\x40\x08\x02\x00\x00\x00"
)


async def test_a_doubtful_prompt_suspends_nobody_and_waits_for_a_moderator(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        allows = CommunitySettings(flagged_age_restricted=Flagged.ALLOW, soft_words=Flagged.ALLOW)
        await core.store.people.change_community(
            "discord", "c1", lambda _: allows, "test", core.clock.now()
        )
        for _ in range(4):
            wish = prompted("1girl, nude, solo")
            view = await core.finished(await core.imagine(ADULT, wish))
            assert view.in_review == 1
        soft = await core.finished(await core.imagine(ADULT, prompted("a nude woman")))
        assert (soft.phase, soft.in_review) == (Phase.DONE, 0)
        cases = await core.reviews.queue(MOD)
        assert [(case.kind, case.refused) for case in cases] == [("pictures", 0)] * 4
        await core.reviews.decide(MOD, cases[0].id, Decision.APPROVE)
        with open_for_reading(tmp_path / "limner.db") as con:
            assert con.execute("SELECT count(*) FROM refused_prompt").fetchone() == (0,)


async def test_where_soft_words_are_blocked_doubtful_ones_are_refused_without_a_record(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        strict = CommunitySettings(soft_words=Flagged.BLOCK)
        await core.store.people.change_community(
            "discord", "c1", lambda _: strict, "test", core.clock.now()
        )
        for _ in range(4):
            with pytest.raises(PromptRefused) as refused:
                await core.imagine(ANN, prompted("1girl, nude, solo"))
            assert not refused.value.hard
        assert await core.reviews.queue(MOD) == ()


async def test_the_names_that_were_refused_stand_in_the_case(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        with pytest.raises(PromptRefused):
            await core.imagine(ANN, prompted("a child at the beach", lora="nude_style"))
        with open_for_reading(tmp_path / "limner.db") as con:
            (words,) = con.execute("SELECT prompt FROM refused_prompt").fetchone()
        assert words.startswith("a child at the beach\n--lora nude_style")


@pytest.mark.parametrize("wish", [{"prompt": "nude art"}, {"image": NO_PICTURE}])
async def test_whoever_is_refused_too_often_waits(tmp_path: Path, wish: dict[str, object]) -> None:
    async with bot_harness(tmp_path) as core:
        strict = CommunitySettings(soft_words=Flagged.BLOCK)
        await core.store.people.change_community(
            "discord", "c1", lambda _: strict, "test", core.clock.now()
        )
        request = prompted(**wish)  # type: ignore[arg-type]
        began = core.clock.now()
        for _ in range(REFUSALS_MAX):
            with pytest.raises((PromptRefused, BadRequest)):
                await core.imagine(ANN, request)
        for each in (request, prompted("a cat")):
            with pytest.raises(TooManyRefused) as refused:
                await core.imagine(ANN, each)
            assert refused.value.open_at == began + REFUSALS_WITHIN
        assert (await core.finished(await core.imagine(BOB))).phase is Phase.DONE
        core.clock.advance(REFUSALS_WITHIN)
        assert (await core.finished(await core.imagine(ANN))).phase is Phase.DONE


def refuse(refusals: Refusals, asker: Asker) -> None:
    with pytest.raises(BadRequest), refusals.bounded(asker):
        raise BadRequest(())


def test_what_is_not_refused_counts_for_nothing() -> None:
    refusals = Refusals(FakeClock())
    for _ in range(REFUSALS_MAX + 1):
        with refusals.bounded(ANN):
            pass


def test_refusals_count_within_a_window_that_moves() -> None:
    clock = FakeClock()
    refusals = Refusals(clock)
    for _ in range(3 * REFUSALS_MAX):
        refuse(refusals, ANN)
        clock.advance(REFUSALS_WITHIN / REFUSALS_MAX + timedelta(seconds=1))


def test_only_so_many_people_are_remembered() -> None:
    refusals = Refusals(FakeClock())
    for _ in range(REFUSALS_MAX):
        refuse(refusals, ANN)
    for number in range(PEOPLE_MAX - 1):
        refuse(refusals, replace(ANN, person=str(number)))
    with pytest.raises(TooManyRefused), refusals.bounded(ANN):
        pass
    refuse(refusals, BOB)
    with refusals.bounded(ANN):
        pass
    assert len(refusals._times) == PEOPLE_MAX
