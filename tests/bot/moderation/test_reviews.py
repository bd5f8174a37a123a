"""Cases from the report to the effect: who may, who wins, what follows, what is said."""

import asyncio
import errno
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.asker import DISCORD, Asker
from bot.domain.case import Case, CaseState, Category, Decision
from bot.domain.community_settings import CommunitySettings, Withheld
from bot.domain.job import JobState, Verdict
from bot.domain.job_view import JobView, Phase
from bot.domain.moderation_policy import Flagged, Look
from bot.domain.retention import Retention
from bot.errors import (
    BadRequest,
    Blocked,
    BotError,
    Conflict,
    NoSpace,
    NotAllowed,
    NotFound,
    NotYours,
    PromptRefused,
)
from bot.outbox import PER_LANE
from bot.platforms import Platform
from bot.wording import Sentence
from bot.wording.moderation.decisions import FROZEN
from storage.ledger_check import faults
from storage.sqlite_store import open_for_reading
from tests.support.bot_harness import (
    ANN,
    BOB,
    OWNER,
    BotHarness,
    FakeAlerts,
    FakeSurface,
    bot_harness,
    prompted,
)

MOD = replace(ANN, person="mod", name="Mo", is_moderator=True)
MAX = replace(MOD, person="max", name="Max")
ELSEWHERE = replace(MOD, community="c2")
GRACE = timedelta(seconds=6)


async def in_review(core: BotHarness, **options: Any) -> tuple[JobView, Case]:
    """Ann's pictures, flagged, and their case."""
    core.backend.flagged = True
    view = await core.finished(await core.imagine(request=prompted(**options)))
    core.backend.flagged = False
    assert view.phase is Phase.IN_REVIEW
    (case,) = [c for c in await core.reviews.queue(MOD) if c.job == view.key]
    return view, case


async def take_effect(core: BotHarness) -> None:
    core.clock.advance(GRACE)
    await core.enforcement.look()


async def decided(core: BotHarness, case: Case, decision: Decision, by: Asker = MOD) -> None:
    await core.reviews.decide(by, case.id, decision, "because")
    await take_effect(core)


async def shown(core: BotHarness, view: JobView) -> JobView:
    return await core.studio.show(ANN, view.public_id)


async def test_a_picture_in_review_opens_one_case_that_says_what_is_known(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        view, case = await in_review(core, num_images=2)
        assert (case.kind, case.state, case.subject_name) == ("pictures", "open", "Ann")
        assert case.job_id == view.public_id
        assert [(p.number, p.source, p.score, p.hidden) for p in case.pictures] == [
            (1, "api", None, True),
            (2, "api", None, True),
        ]
        assert (await core.reviews.figures(MOD)).open == 1


async def test_moderators_see_the_cases_of_their_own_place_the_oldest_first(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        opened = []
        for _ in range(3):
            opened.append((await in_review(core))[1].id)
            core.clock.advance(timedelta(minutes=1))
        assert [case.id for case in await core.reviews.queue(MOD)] == opened
        assert await core.reviews.queue(ELSEWHERE) == ()
        assert (await core.reviews.figures(MOD)).open == 3
        figures = await core.reviews.figures(ELSEWHERE)
        assert (figures.open, figures.decided) == (0, 0)


@pytest.mark.parametrize(
    ("decision", "phase", "spoiler"),
    [(Decision.APPROVE, Phase.DONE, False), (Decision.BLUR, Phase.DONE, True)],
)
async def test_an_approval_shows_the_picture_without_drawing_again(
    tmp_path: Path, decision: Decision, phase: Phase, *, spoiler: bool
) -> None:
    async with bot_harness(tmp_path) as core:
        view, case = await in_review(core)
        await decided(core, case, decision)
        now = await shown(core, view)
        assert (now.phase, now.pictures[0].spoiler) == (phase, spoiler)
        assert len(core.backend.drawn) == 1
        await core.until(lambda: core.surface.shows("event-1", Phase.DONE))


async def test_a_removal_withholds_it_everywhere_and_may_be_looked_at_once_more(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        view, case = await in_review(core)
        await decided(core, case, Decision.REMOVE)
        assert (await shown(core, view)).phase is Phase.WITHHELD
        assert (await shown(core, view)).second_look
        await core.until(lambda: core.surface.shows("event-1", Phase.WITHHELD))
        again = await core.studio.second_look(ANN, view.public_id)
        assert again.phase is Phase.IN_REVIEW
        with pytest.raises(NotAllowed, match="own_decision"):
            await core.reviews.decide(MOD, case.id, Decision.REMOVE)
        await decided(core, case, Decision.APPROVE, MAX)
        assert (await shown(core, view)).phase is Phase.DONE
        figures = await core.reviews.figures(MOD)
        assert (figures.second_looks, figures.overturned) == (1, 1)
        with pytest.raises(Conflict):
            await core.studio.second_look(ANN, view.public_id)


async def test_what_the_policy_blocks_may_be_looked_at_once(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        await choose(core, flagged=Flagged.BLOCK)
        core.backend.flagged = True
        view = await core.finished(await core.imagine())
        assert (view.phase, view.refunded) == (Phase.WITHHELD, True)
        assert await core.reviews.queue(MOD) == ()
        await core.studio.second_look(ANN, view.public_id)
        (case,) = await core.reviews.queue(MOD)
        assert case.round == 2
        await decided(core, case, Decision.REMOVE)
        assert not (await shown(core, view)).second_look


async def choose(core: BotHarness, **settings: object) -> None:
    wanted = CommunitySettings.model_validate(settings)
    await core.store.people.change_community(
        "discord", "c1", lambda _: wanted, "test", core.clock.now()
    )


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        (Withheld.ALWAYS, JobState.REFUNDED),
        (Withheld.UNLESS_CONFIRMED, JobState.PRODUCED),
        (Withheld.NEVER, JobState.PRODUCED),
    ],
)
async def test_what_a_removed_picture_costs_is_the_rule_of_the_place(
    tmp_path: Path, rule: Withheld, state: JobState
) -> None:
    async with bot_harness(tmp_path) as core:
        await choose(core, withheld_cost=rule)
        view, case = await in_review(core)
        await decided(core, case, Decision.REMOVE)
        assert (await core.job(view)).state is state
        with open_for_reading(tmp_path / "limner.db") as con:
            assert faults(con) == []


async def test_the_requester_hears_of_each_outcome_once(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.platforms.add(Platform(name=DISCORD, surface=core.surface))
        view, case = await in_review(core)
        await decided(core, case, Decision.REMOVE)
        await core.enforcement.look()
        await core.studio.second_look(ANN, view.public_id)
        await decided(core, case, Decision.REMOVE, MAX)
        await core.enforcement.look()
        first, second = core.surface.told
        assert first[0] == second[0] == "ann"
        assert first[1] == (
            f"A moderator removed {view.public_id}. They say: because "
            "You may ask once for a second look, by another moderator."
        )
        assert second[1] == (
            f"Another moderator looked at {view.public_id}: it stays removed. They say: because"
        )


async def test_two_moderators_at_once_five_hundred_times(tmp_path: Path) -> None:
    """One wins each time, the other is told, and it happens once."""
    async with bot_harness(tmp_path, waiting_per_person=600, running_per_person=4) as core:
        core.backend.flagged = True
        views = [await core.imagine(event_id=f"e{n}", request=prompted(seed=n)) for n in range(500)]
        for view in views:
            await core.finished(view)
        cases = [await core.store.cases.case(c.id, core.clock.now()) for c in await all_of(core)]
        assert len(cases) == 500
        wins = {"mod": 0, "max": 0}
        for case in cases:
            outcomes = await asyncio.gather(
                outcome(core.reviews.decide(MOD, case.id, Decision.APPROVE)),
                outcome(core.reviews.decide(MAX, case.id, Decision.STRIKE)),
            )
            assert sorted(map(str, outcomes)) in (["decided", "mod"], ["decided", "max"])
            wins["mod" if "mod" in outcomes else "max"] += 1
        for _ in range(11):
            await take_effect(core)
        with open_for_reading(tmp_path / "limner.db") as con:
            enforcement = con.execute(
                "SELECT subject, count(*) FROM audit WHERE action = 'effect' GROUP BY subject"
            ).fetchall()
            (strikes,) = con.execute("SELECT count(*) FROM strike").fetchone()
            (told,) = con.execute(
                "SELECT count(*) FROM notice WHERE topic LIKE 'decided:%'"
            ).fetchone()
        assert (len(enforcement), {count for _, count in enforcement}) == (500, {1})
        assert (strikes, told) == (wins["max"], 500)
        last = await core.reviews.queue(MOD, decided=True)
        assert [case.id for case in last] == [case.id for case in reversed(cases[-200:])]
        shown_now = [await core.job(view) for view in views]
        verdicts = [job.pictures[0].verdict for job in shown_now]
        assert verdicts.count(Verdict.SHOW) == wins["mod"]
        assert verdicts.count(Verdict.BLOCK) == wins["max"]


async def all_of(core: BotHarness) -> list[Case]:
    found: list[Case] = []
    with open_for_reading(core.pictures.inbox.parent / "limner.db") as con:
        ids = con.execute("SELECT public_id FROM review_case ORDER BY id").fetchall()
    for (public_id,) in ids:
        found.append(await core.store.cases.case(public_id, core.clock.now()))
    return found


async def outcome(deciding: Awaitable[Case]) -> str:
    try:
        return str((await deciding).decided_by).rpartition(":")[2]
    except Conflict as error:
        return error.why


async def test_a_decision_can_be_taken_back_until_it_takes_effect(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        view, case = await in_review(core)
        await core.reviews.decide(MOD, case.id, Decision.STRIKE)
        with pytest.raises(Conflict, match="too_late"):
            await core.reviews.take_back(MAX, case.id)
        assert (await core.reviews.take_back(MOD, case.id)).state is CaseState.OPEN
        await take_effect(core)
        assert (await shown(core, view)).phase is Phase.IN_REVIEW
        await decided(core, case, Decision.APPROVE)
        with pytest.raises(Conflict, match="too_late"):
            await core.reviews.take_back(MOD, case.id)


async def test_a_claim_keeps_others_away_for_ten_minutes(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        _, case = await in_review(core)
        await core.reviews.claim(MOD, case.id)
        for act in (
            core.reviews.claim(MAX, case.id),
            core.reviews.decide(MAX, case.id, Decision.APPROVE),
        ):
            with pytest.raises(Conflict, match="claimed"):
                await act
        core.clock.advance(timedelta(minutes=11))
        assert (await core.reviews.claim(MAX, case.id)).claimed_by == "discord:c1:max"


async def test_nobody_decides_or_sees_their_own_case(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        _, case = await in_review(core)
        ann = replace(ANN, is_moderator=True)
        for act in (
            core.reviews.claim(ann, case.id),
            core.reviews.decide(ann, case.id, Decision.APPROVE),
            core.reviews.reveal(ann, case.id, 1),
            core.reviews.blurred(ann, case.id, 1),
            core.reviews.prompt(ann, case.id),
            core.sanctions.unblock(ann, "ann"),
            core.sanctions.strike(ann, "ann", ""),
        ):
            with pytest.raises(NotYours):
                await act


def every_act(core: BotHarness, who: Asker, case: str) -> list[Awaitable[object]]:
    reviews, sanctions, words = core.reviews, core.sanctions, core.words
    past = core.clock.now()
    return [
        reviews.case(who, case),
        reviews.past(who, case),
        reviews.prompt(who, case),
        reviews.blurred(who, case, 1),
        reviews.reveal(who, case, 1),
        reviews.claim(who, case),
        reviews.release(who, case),
        reviews.decide(who, case, Decision.APPROVE),
        reviews.take_back(who, case),
        *(
            [
                reviews.queue(who),
                reviews.figures(who),
                reviews.history(who, "ann"),
                sanctions.strike(who, "ann", ""),
                sanctions.lift_strike(who, 1),
                sanctions.block(who, "ann", "", None),
                sanctions.unblock(who, "ann"),
                sanctions.purgeable(who, "ann", past),
                sanctions.purge(who, "ann", past),
                words.lists(who),
                words.add(who, "x"),
                words.allow(who, "x"),
                words.test(who, "x"),
            ]
            if who is BOB
            else []
        ),
    ]


async def test_who_is_no_moderator_can_do_nothing(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        _, case = await in_review(core)
        for act in every_act(core, BOB, case.id):
            with pytest.raises(NotAllowed, match="moderators_only"):
                await act
        assert (await core.reviews.case(MOD, case.id)).state is CaseState.OPEN


async def test_another_communitys_moderator_finds_no_case(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        _, case = await in_review(core)
        for act in every_act(core, ELSEWHERE, case.id):
            with pytest.raises(NotFound):
                await act
        assert await core.reviews.queue(ELSEWHERE) == ()
        assert len(await core.reviews.queue(OWNER)) == 1


async def test_every_reveal_is_remembered_before_it_is_seen(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        view, case = await in_review(core)
        job = await core.job(view)
        original = await core.pictures.read(job.pictures[0].sha256, job.pictures[0].type)
        blurred = await core.reviews.blurred(MOD, case.id, 1)
        assert blurred[:4] == b"RIFF"
        assert blurred != original
        revealed = await core.reviews.reveal(MOD, case.id, 1)
        assert revealed.data.endswith(original[original.index(b"IDAT") :])
        assert await core.reviews.prompt(MOD, case.id) == "a cat"
        with open_for_reading(tmp_path / "limner.db") as con:
            rows = con.execute("SELECT actor, action, subject, detail FROM audit").fetchall()
        assert rows == [("discord:c1:mod", "reveal", f"case:{case.id}", '{"picture":1}')]


async def test_a_private_prompt_is_revealed_and_remembered(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.backend.flagged = True
        await core.finished(await core.imagine(private=True))
        (case,) = await core.reviews.queue(MOD)
        assert await core.reviews.prompt(MOD, case.id) == "a cat"
        with open_for_reading(tmp_path / "limner.db") as con:
            rows = con.execute("SELECT actor, action FROM audit").fetchall()
        assert rows == [("discord:c1:mod", "reveal prompt")]


async def test_what_nobody_decides_within_48_hours_stays_hidden_and_is_given_back(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        core.platforms.add(Platform(name=DISCORD, surface=core.surface))
        view, _ = await in_review(core)
        core.clock.advance(timedelta(hours=47, minutes=59))
        await core.enforcement.look()
        assert (await shown(core, view)).phase is Phase.IN_REVIEW
        core.clock.advance(timedelta(minutes=1))
        await core.enforcement.look()
        await core.enforcement.look()
        now = await shown(core, view)
        assert (now.phase, now.refunded, now.second_look) == (Phase.WITHHELD, True, True)
        assert [person for person, _ in core.surface.told] == ["ann"]
        assert "within 48 hours" in core.surface.told[0][1]


# --- reports -------------------------------------------------------------------------------------


async def test_three_people_with_standing_hide_a_result_and_an_approval_brings_it_back(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        view = await core.finished(await core.imagine())
        for n in range(3):
            assert (await shown(core, view)).phase is Phase.DONE
            assert await core.reactions.report(person(f"p{n}"), view.public_id, "ugly")
        assert (await shown(core, view)).phase is Phase.IN_REVIEW
        (case,) = await core.reviews.queue(MOD)
        assert [report.reason for report in case.reports] == ["ugly"] * 3
        await decided(core, case, Decision.APPROVE)
        assert (await shown(core, view)).phase is Phase.DONE


def person(name: str, **also: Any) -> Asker:
    return replace(ANN, person=name, **also)


async def test_newcomers_and_the_requester_report_but_hide_nothing(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        view = await core.finished(await core.imagine())
        young = core.clock.now() - timedelta(days=2)
        for n in range(5):
            newcomer = person(f"new{n}", joined_at=young)
            assert await core.reactions.report(newcomer, view.public_id, "")
        await core.reactions.report(ANN, view.public_id, "mine", Category.MINORS)
        assert (await shown(core, view)).phase is Phase.DONE
        (case,) = await core.reviews.queue(MOD)
        assert [report.counts for report in case.reports] == [False] * 6


async def test_one_report_of_the_gravest_kind_hides_at_once(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        view = await core.finished(await core.imagine())
        await core.reactions.report(BOB, view.public_id, "", Category.MINORS)
        assert (await shown(core, view)).phase is Phase.IN_REVIEW


async def test_who_is_often_wrong_is_heard_and_not_counted(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        for n in range(3):
            view = await core.finished(await core.imagine(request=prompted(seed=n)))
            await core.reactions.report(BOB, view.public_id, "", Category.MINORS)
            (case,) = await core.reviews.queue(MOD)
            await decided(core, case, Decision.APPROVE)
        view = await core.finished(await core.imagine())
        assert await core.reactions.report(BOB, view.public_id, "", Category.MINORS)
        assert (await shown(core, view)).phase is Phase.DONE


# --- strikes and words ---------------------------------------------------------------------------


async def test_strikes_suspend_longer_and_longer_and_are_lifted_with_what_they_brought(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        numbers = [await core.sanctions.strike(MOD, "ann", "spam")]
        await core.studio.quote(ANN, prompted())
        for days in (1, 7):
            numbers.append(await core.sanctions.strike(MOD, "ann", "spam"))
            with pytest.raises(Blocked) as blocked:
                await core.studio.quote(ANN, prompted())
            assert blocked.value.until == core.clock.now() + timedelta(days=days)
        numbers.append(await core.sanctions.strike(MOD, "ann", "spam"))
        with pytest.raises(Blocked) as blocked:
            await core.studio.quote(ANN, prompted())
        assert blocked.value.until is None
        past = await core.reviews.history(MOD, "ann")
        assert (len(past.strikes), past.blocked, past.locked) == (4, True, False)
        for number in numbers:
            await core.sanctions.lift_strike(MOD, number)
        await core.studio.quote(ANN, prompted())


async def test_a_strike_is_forgotten_after_its_time(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        for _ in range(3):
            await core.sanctions.strike(MOD, "ann", "spam")
            core.clock.advance(timedelta(days=91))
        await core.studio.quote(ANN, prompted())


async def test_three_refusals_of_the_hard_tier_suspend_and_open_a_case_without_words(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        bad = prompted("nude child")
        for _ in range(5):  # typing counts for nothing
            with pytest.raises(PromptRefused):
                await core.studio.quote(ANN, bad, typing=True)
        for _ in range(3):
            with pytest.raises(PromptRefused) as refused:
                await core.imagine(request=bad)
            assert refused.value.hard
        with pytest.raises(Blocked):
            await core.imagine(request=prompted("a cat"))
        assert core.backend.drawn == []
        (case,) = await core.reviews.queue(MOD)
        assert (case.kind, case.refused, case.pictures) == ("words", 3, ())
        with pytest.raises(NotAllowed, match="not_revealed"):
            await core.reviews.prompt(MOD, case.id)
        with pytest.raises(Conflict, match="nothing_to_blur"):
            await core.reviews.decide(MOD, case.id, Decision.BLUR)
        await decided(core, case, Decision.APPROVE)
        assert (await core.finished(await core.imagine())).phase is Phase.DONE


async def test_words_of_the_soft_tier_follow_the_policy_before_money_is_spent(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        assert (
            await core.finished(await core.imagine(request=prompted("nude art")))
        ).in_review == 1
        await choose(core, soft_words=Flagged.BLOCK)
        with pytest.raises(PromptRefused) as refused:
            await core.imagine(request=prompted("nude art"))
        assert not refused.value.hard
        await core.words.allow(MOD, "Nude  Art")
        assert (
            await core.finished(await core.imagine(request=prompted("nude art")))
        ).in_review == 0
        await core.words.add(MOD, "clown")
        with pytest.raises(PromptRefused):
            await core.imagine(request=prompted("a clown"))
        assert await core.words.test(MOD, "a clown") == "soft"
        assert await core.words.test(MOD, f"{'a lamp, ' * 374}a clown") == "soft"
        for text in ("", "x" * 3_001):
            with pytest.raises(BadRequest):
                await core.words.test(MOD, text)
        lists = await core.words.add(MOD, "clown")
        assert (lists.added, lists.allowed) == ((), ("nude art",))


async def test_a_purge_withholds_what_somebody_made_since_then(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        old = await core.finished(await core.imagine())
        core.clock.advance(timedelta(hours=2))
        new = await core.finished(await core.imagine(request=prompted(num_images=3)))
        await core.finished(await core.imagine(BOB))
        since = core.clock.now() - timedelta(hours=1)
        found = await core.sanctions.purgeable(MOD, "ann", since)
        assert (found.results, found.pictures) == (1, 3)
        assert (await shown(core, new)).phase is Phase.DONE
        assert await core.sanctions.purge(MOD, "ann", since) == found
        assert (await shown(core, old)).phase is Phase.DONE
        assert (await shown(core, new)).phase is Phase.WITHHELD
        again = await core.sanctions.purge(MOD, "ann", since)
        assert (again.results, again.pictures) == (0, 0)
        await core.studio.second_look(ANN, new.public_id)
        (case,) = await core.reviews.queue(MOD)
        assert len(case.pictures) == 3
        with pytest.raises(NotFound):
            await core.sanctions.purgeable(MOD, "nobody", since)


async def test_a_purge_reaches_back_thirty_days_at_most(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        await core.finished(await core.imagine())
        core.clock.advance(timedelta(days=31))
        since = core.clock.now() - timedelta(days=90)
        found = await core.sanctions.purgeable(MOD, "ann", since)
        assert (found.pictures, found.since) == (0, core.clock.now() - timedelta(days=30))
        assert await core.sanctions.purge(MOD, "ann", since) == found


# --- escalation and keeping ----------------------------------------------------------------------


async def escalated(core: BotHarness) -> tuple[JobView, Case]:
    view, case = await in_review(core)
    await decided(core, case, Decision.ESCALATE)
    return view, case


async def test_an_escalation_freezes_restricts_locks_and_tells_the_owner(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        view, case = await in_review(core)
        picture = (await core.job(view)).pictures[0]
        original = await core.pictures.read(picture.sha256, picture.type)
        await decided(core, case, Decision.ESCALATE)
        assert FROZEN == (
            "Frozen. Don't download, screenshot or forward it. The owner has been told."
        )
        assert [topic for topic, _ in core.alerts.heard] == [f"frozen:{case.id}"]
        (kept,) = (tmp_path / "restricted").iterdir()
        assert (kept.name, kept.read_bytes()) == (f"{case.id}-1.png", original)
        assert not core.pictures.path(picture.sha256, picture.type).exists()
        await core.until(lambda: core.surface.withdrawn == ["event-1"])
        for who in (ANN, MOD, OWNER):
            with pytest.raises(NotFound):
                await core.studio.show(who, view.public_id)
        with pytest.raises(NotAllowed, match="frozen"):
            await core.reviews.reveal(MOD, case.id, 1)
        await core.sanctions.unblock(MOD, "ann")
        with pytest.raises(Blocked):
            await core.imagine()


async def test_an_escalation_waits_for_nothing_and_only_the_owner_undoes_it(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        _, case = await in_review(core)
        frozen = await core.reviews.decide(MOD, case.id, Decision.ESCALATE)
        assert (frozen.state, frozen.effect_at) == (CaseState.FROZEN, None)
        with pytest.raises(Blocked):
            await core.imagine()
        await core.until(lambda: core.surface.withdrawn == ["event-1"])
        await core.until(lambda: [topic for topic, _ in core.alerts.heard])
        for who in (MOD, MAX, OWNER):
            with pytest.raises(NotAllowed, match="frozen"):
                await core.reviews.take_back(who, case.id)
            with pytest.raises(Conflict, match="decided"):
                await core.reviews.decide(who, case.id, Decision.APPROVE)
        await core.privacy.close_case(case.id, unlock=True, drop=False)
        assert (await core.imagine()).phase is Phase.WAITING


class Stuck:
    """Implements ports.Classifier and never answers."""

    async def look(self, data: bytes, *, scored: bool) -> Look:
        await asyncio.Event().wait()
        raise AssertionError((data, scored))


@pytest.mark.parametrize("decision", [Decision.ESCALATE, Decision.REMOVE])
async def test_a_classifier_that_hangs_holds_no_decision_up(
    tmp_path: Path, decision: Decision
) -> None:
    async with bot_harness(tmp_path, classifier=Stuck()) as core:
        _, case = await in_review(core)
        async with asyncio.timeout(2.5):  # Discord waits for three
            await core.reviews.decide(MOD, case.id, decision)


class Deaf(FakeSurface):
    """A platform that hangs until it is let go. `heard` is everybody's, in order."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__()
        self.heard = heard
        self.may_answer = asyncio.Event()

    async def tell(
        self, person: str, notice: Sentence, *, key: str = "", community: str = ""
    ) -> None:
        await super().tell(person, notice, key=key, community=community)
        self.heard.append(person)
        await self.may_answer.wait()


async def test_a_platform_that_hangs_holds_up_neither_the_owner_nor_a_decision(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        heard = list[str]()
        deaf = Deaf(heard)
        core.platforms.add(Platform(name=DISCORD, surface=deaf))
        core.enforcement._notices._alerts = HeardInOrder(heard)
        cases = [(await in_review(core))[1] for _ in range(7)]
        for case in cases[:5]:
            await core.reviews.decide(MOD, case.id, Decision.REMOVE)
        core.clock.advance(GRACE)
        core.enforcement.wake()
        await core.until(lambda: heard == ["ann"] * PER_LANE)  # one more waits for a place
        await core.reviews.decide(MOD, cases[5].id, Decision.ESCALATE)
        await core.until(lambda: heard[PER_LANE:] == ["owner"])
        await core.reviews.decide(MOD, cases[6].id, Decision.REMOVE)
        core.clock.advance(GRACE)
        core.enforcement.wake()
        await core.until(lambda: core.surface.shows("event-7", Phase.WITHHELD))
        assert heard[PER_LANE:] == ["owner"]
        deaf.may_answer.set()
        await core.until(lambda: heard.count("ann") == 6)


class HeardInOrder(FakeAlerts):
    """The owner's alerts, in the order of everything that was said."""

    def __init__(self, everything: list[str]) -> None:
        super().__init__()
        self.everything = everything

    async def alert(self, topic: str, text: str) -> None:
        await super().alert(topic, text)
        self.everything.append("owner")


async def test_a_full_disk_keeps_nobody_from_being_told(tmp_path: Path) -> None:
    full = FullDisk()
    async with bot_harness(tmp_path, around_pictures=full.around) as core:
        _, case = await escalated(core)
        assert [topic for topic, _ in core.alerts.heard] == [f"frozen:{case.id}"]
        assert not (tmp_path / "restricted" / f"{case.id}-1.png").exists()
        full.is_full = False
        await core.enforcement.look()
        assert (tmp_path / "restricted" / f"{case.id}-1.png").exists()


class FullDisk:
    """Stands at the port Pictures and lets nothing be moved while `is_full`."""

    is_full = True

    def around(self, pictures: Any) -> Any:
        self._pictures = pictures
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pictures, name)

    async def restrict(self, *what: Any) -> None:
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        await self._pictures.restrict(*what)


class Unwritable:
    """Stands at the port Store and lets no decision take effect."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.cases = self
        self.attempts = 0

    def __getattr__(self, name: str) -> Any:
        if hasattr(self._store, name):
            return getattr(self._store, name)
        return getattr(self._store.cases, name)

    async def apply_due(self, *_: Any) -> Any:
        self.attempts += 1
        raise NoSpace


async def test_what_cannot_take_effect_is_not_tried_without_a_rest(tmp_path: Path) -> None:
    behind: list[Unwritable] = []

    def around(store: Any) -> Unwritable:
        behind.append(Unwritable(store))
        return behind[-1]

    async with bot_harness(tmp_path, around_store=around) as core:
        _, case = await in_review(core)
        await core.reviews.decide(MOD, case.id, Decision.REMOVE, "because")
        core.clock.advance(GRACE)
        before = behind[0].attempts
        core.enforcement.wake()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await core.until(lambda: behind[0].attempts > before + 3)
        assert behind[0].attempts > before


class BadSector:
    """Stands at the port Pictures: one file can neither be read nor moved."""

    bad = ""

    def around(self, pictures: Any) -> Any:
        self._pictures = pictures
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pictures, name)

    async def read(self, sha256: str, *what: Any) -> Any:
        self._fail_for(sha256)
        return await self._pictures.read(sha256, *what)

    async def restrict(self, sha256: str, *what: Any) -> None:
        self._fail_for(sha256)
        await self._pictures.restrict(sha256, *what)

    def _fail_for(self, sha256: str) -> None:
        if sha256 == self.bad:
            raise OSError(errno.EIO, "Input/output error")


async def test_a_file_on_a_bad_sector_keeps_no_other_where_it_is_shown(tmp_path: Path) -> None:
    disk = BadSector()
    async with bot_harness(tmp_path, around_pictures=disk.around) as core:
        (first, one), (_, other) = await in_review(core), await in_review(core, prompt="a dog")
        disk.bad = (await core.job(first)).pictures[0].sha256
        for case in (one, other):
            await core.reviews.decide(MOD, case.id, Decision.ESCALATE)
            await core.enforcement.look()
        assert (tmp_path / "restricted" / f"{other.id}-1.png").exists()
        assert not (tmp_path / "restricted" / f"{one.id}-1.png").exists()
        disk.bad = ""
        await core.enforcement.look()
        assert (tmp_path / "restricted" / f"{one.id}-1.png").exists()


async def test_nothing_frozen_is_erased_or_retired_until_the_owner_closes_it(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        view, case = await escalated(core)
        now = core.clock.now()
        await core.store.people.erase("discord", "c1", "ann", now)
        await core.store.people.retire(now + timedelta(days=900), 100, now)
        job = await core.job(view)
        assert (job.request.prompt, job.asker.person) == ("a cat", "ann")
        await core.store.cases.close_frozen(case.id, unlock=True, drop=False, actor="o", now=now)
        assert (await core.job(view)).request.prompt == ""
        assert (tmp_path / "restricted" / f"{case.id}-1.png").exists()
        assert (await core.imagine()).phase is Phase.WAITING


async def test_an_open_case_is_erased_when_it_has_ended(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        view, case = await in_review(core)
        with pytest.raises(Conflict, match="in_review"):
            await core.studio.delete(ANN, view.public_id)
        await core.privacy.erase("discord", "ann")
        assert (await core.job(view)).request.prompt == "a cat"
        await decided(core, case, Decision.REMOVE)
        await core.store.cases.keep_to_retention(Retention(), 100, core.clock.now())
        assert (await core.job(view)).request.prompt == ""
        with suppress(BotError):
            assert (await core.reviews.case(MOD, case.id)).subject == ""


async def test_the_file_of_a_removed_picture_goes_once_there_is_no_second_look(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        view, case = await in_review(core)
        await decided(core, case, Decision.REMOVE)
        core.clock.advance(timedelta(days=6))
        await core.store.cases.keep_to_retention(Retention(), 100, core.clock.now())
        assert (await core.job(view)).pictures[0].sha256
        core.clock.advance(timedelta(days=2))
        await core.store.cases.keep_to_retention(Retention(), 100, core.clock.now())
        job = await core.job(view)
        assert (job.pictures[0].sha256, job.pictures[0].verdict) == ("", Verdict.BLOCK)
        assert not job.second_look


async def test_refused_words_go_after_a_week(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        with pytest.raises(PromptRefused):
            await core.imagine(request=prompted("nude child"))
        prompts = "SELECT count(*) FROM refused_prompt WHERE prompt IS NOT NULL"
        for days, left in ((6, 1), (2, 0)):
            core.clock.advance(timedelta(days=days))
            await core.store.cases.keep_to_retention(Retention(), 100, core.clock.now())
            with open_for_reading(tmp_path / "limner.db") as con:
                assert con.execute(prompts).fetchone() == (left,)


async def test_an_export_names_cases_and_holds_no_withheld_picture(tmp_path: Path) -> None:
    async with bot_harness(tmp_path / "data") as core:
        await in_review(core)
        await core.privacy.export("discord", "ann", tmp_path / "out")
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["data.json"]
        assert '"review_case": [' in (tmp_path / "out" / "data.json").read_text()
