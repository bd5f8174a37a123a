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

from bot.domain.asker import Asker
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
    NotAllowed,
    NotFound,
    NotYours,
    PromptRefused,
)
from bot.wording import Sentence
from bot.wording.moderation import FROZEN
from storage.sqlite_store import open_for_reading
from storage.tables.ledger import faults
from tests.support.bot_harness import (
    ANN,
    BOB,
    OWNER,
    BotHarness,
    FakeAlerts,
    FakeSurface,
    bot_harness,
    wish,
)

MOD = replace(ANN, person="mod", name="Mo", is_moderator=True)
MAX = replace(MOD, person="max", name="Max")
ELSEWHERE = replace(MOD, community="c2")
GRACE = timedelta(seconds=6)


async def in_review(home: BotHarness, **options: Any) -> tuple[JobView, Case]:
    """Ann's pictures, flagged, and their case."""
    home.backend.flagged = True
    view = await home.finished(await home.imagine(request=wish(**options)))
    home.backend.flagged = False
    assert view.phase is Phase.IN_REVIEW
    (case,) = [c for c in await home.reviews.queue(MOD) if c.job == view.key]
    return view, case


async def take_effect(home: BotHarness) -> None:
    home.clock.advance(GRACE)
    await home.enforcement.look()


async def decided(home: BotHarness, case: Case, decision: Decision, by: Asker = MOD) -> None:
    await home.reviews.decide(by, case.id, decision, "because")
    await take_effect(home)


async def shown(home: BotHarness, view: JobView) -> JobView:
    return await home.studio.show(ANN, view.public_id)


async def test_a_picture_in_review_opens_one_case_that_says_what_is_known(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        view, case = await in_review(home, num_images=2)
        assert (case.kind, case.state, case.subject_name) == ("pictures", "open", "Ann")
        assert case.job_id == view.public_id
        assert [(p.number, p.source, p.score, p.hidden) for p in case.pictures] == [
            (1, "api", None, True),
            (2, "api", None, True),
        ]
        assert (await home.reviews.figures(MOD)).open == 1


@pytest.mark.parametrize(
    ("decision", "phase", "spoiler"),
    [(Decision.APPROVE, Phase.DONE, False), (Decision.BLUR, Phase.DONE, True)],
)
async def test_an_approval_shows_the_picture_without_drawing_again(
    tmp_path: Path, decision: Decision, phase: Phase, *, spoiler: bool
) -> None:
    async with bot_harness(tmp_path) as home:
        view, case = await in_review(home)
        await decided(home, case, decision)
        now = await shown(home, view)
        assert (now.phase, now.pictures[0].spoiler) == (phase, spoiler)
        assert len(home.backend.drawn) == 1
        await home.until(lambda: home.surface.shows("event-1", Phase.DONE))


async def test_a_removal_withholds_it_everywhere_and_may_be_looked_at_once_more(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as home:
        view, case = await in_review(home)
        await decided(home, case, Decision.REMOVE)
        assert (await shown(home, view)).phase is Phase.WITHHELD
        assert (await shown(home, view)).second_look
        await home.until(lambda: home.surface.shows("event-1", Phase.WITHHELD))
        again = await home.studio.second_look(ANN, view.public_id)
        assert again.phase is Phase.IN_REVIEW
        with pytest.raises(NotAllowed, match="own_decision"):
            await home.reviews.decide(MOD, case.id, Decision.REMOVE)
        await decided(home, case, Decision.APPROVE, MAX)
        assert (await shown(home, view)).phase is Phase.DONE
        figures = await home.reviews.figures(MOD)
        assert (figures.second_looks, figures.overturned) == (1, 1)
        with pytest.raises(Conflict):
            await home.studio.second_look(ANN, view.public_id)


async def test_what_the_policy_blocks_may_be_looked_at_once(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        await choose(home, flagged=Flagged.BLOCK)
        home.backend.flagged = True
        view = await home.finished(await home.imagine())
        assert (view.phase, view.refunded) == (Phase.WITHHELD, True)
        assert await home.reviews.queue(MOD) == ()
        await home.studio.second_look(ANN, view.public_id)
        (case,) = await home.reviews.queue(MOD)
        assert case.round == 2
        await decided(home, case, Decision.REMOVE)
        assert not (await shown(home, view)).second_look


async def choose(home: BotHarness, **settings: object) -> None:
    wanted = CommunitySettings.model_validate(settings)
    await home.store.people.set_community("discord", "c1", wanted, "test", home.clock.now())


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
    async with bot_harness(tmp_path) as home:
        await choose(home, withheld_cost=rule)
        view, case = await in_review(home)
        await decided(home, case, Decision.REMOVE)
        assert (await home.job(view)).state is state
        with open_for_reading(tmp_path / "limner.db") as con:
            assert faults(con) == []


async def test_the_requester_hears_of_each_outcome_once(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        home.surfaces["discord"] = home.surface
        view, case = await in_review(home)
        await decided(home, case, Decision.REMOVE)
        await home.enforcement.look()
        await home.studio.second_look(ANN, view.public_id)
        await decided(home, case, Decision.REMOVE, MAX)
        await home.enforcement.look()
        first, second = home.surface.told
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
    async with bot_harness(tmp_path, waiting_per_person=600, running_per_person=4) as home:
        home.backend.flagged = True
        views = [await home.imagine(event_id=f"e{n}", request=wish(seed=n)) for n in range(500)]
        for view in views:
            await home.finished(view)
        cases = [await home.store.cases.case(c.id, home.clock.now()) for c in await all_of(home)]
        assert len(cases) == 500
        wins = {"mod": 0, "max": 0}
        for case in cases:
            outcomes = await asyncio.gather(
                outcome(home.reviews.decide(MOD, case.id, Decision.APPROVE)),
                outcome(home.reviews.decide(MAX, case.id, Decision.STRIKE)),
            )
            assert sorted(map(str, outcomes)) in (["decided", "mod"], ["decided", "max"])
            wins["mod" if "mod" in outcomes else "max"] += 1
        for _ in range(11):
            await take_effect(home)
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
        last = await home.reviews.queue(MOD, decided=True)
        assert [case.id for case in last] == [case.id for case in reversed(cases[-200:])]
        shown_now = [await home.job(view) for view in views]
        verdicts = [job.pictures[0].verdict for job in shown_now]
        assert verdicts.count(Verdict.SHOW) == wins["mod"]
        assert verdicts.count(Verdict.BLOCK) == wins["max"]


async def all_of(home: BotHarness) -> list[Case]:
    found: list[Case] = []
    with open_for_reading(home.pictures.inbox.parent / "limner.db") as con:
        ids = con.execute("SELECT public_id FROM review_case ORDER BY id").fetchall()
    for (public_id,) in ids:
        found.append(await home.store.cases.case(public_id, home.clock.now()))
    return found


async def outcome(deciding: Awaitable[Case]) -> str:
    try:
        return str((await deciding).decided_by).rpartition(":")[2]
    except Conflict as error:
        return error.why


async def test_a_decision_can_be_taken_back_until_it_takes_effect(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        view, case = await in_review(home)
        await home.reviews.decide(MOD, case.id, Decision.STRIKE)
        with pytest.raises(Conflict, match="too_late"):
            await home.reviews.take_back(MAX, case.id)
        assert (await home.reviews.take_back(MOD, case.id)).state is CaseState.OPEN
        await take_effect(home)
        assert (await shown(home, view)).phase is Phase.IN_REVIEW
        await decided(home, case, Decision.APPROVE)
        with pytest.raises(Conflict, match="too_late"):
            await home.reviews.take_back(MOD, case.id)


async def test_a_claim_keeps_others_away_for_ten_minutes(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        _, case = await in_review(home)
        await home.reviews.claim(MOD, case.id)
        for act in (
            home.reviews.claim(MAX, case.id),
            home.reviews.decide(MAX, case.id, Decision.APPROVE),
        ):
            with pytest.raises(Conflict, match="claimed"):
                await act
        home.clock.advance(timedelta(minutes=11))
        assert (await home.reviews.claim(MAX, case.id)).claimed_by == "discord:c1:max"


async def test_nobody_decides_or_sees_their_own_case(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        _, case = await in_review(home)
        ann = replace(ANN, is_moderator=True)
        for act in (
            home.reviews.claim(ann, case.id),
            home.reviews.decide(ann, case.id, Decision.APPROVE),
            home.reviews.reveal(ann, case.id, 1),
            home.reviews.blurred(ann, case.id, 1),
            home.reviews.prompt(ann, case.id),
            home.reviews.unblock(ann, "ann"),
            home.reviews.strike(ann, "ann", ""),
        ):
            with pytest.raises(NotYours):
                await act


def every_act(home: BotHarness, who: Asker, case: str) -> list[Awaitable[object]]:
    reviews, past = home.reviews, home.clock.now()
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
                reviews.strike(who, "ann", ""),
                reviews.lift_strike(who, 1),
                reviews.block(who, "ann", "", None),
                reviews.unblock(who, "ann"),
                reviews.purgeable(who, "ann", past),
                reviews.purge(who, "ann", past),
                reviews.words(who),
                reviews.add_word(who, "x"),
                reviews.allow_word(who, "x"),
                reviews.test_words(who, "x"),
            ]
            if who is BOB
            else []
        ),
    ]


async def test_who_is_no_moderator_can_do_nothing(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        _, case = await in_review(home)
        for act in every_act(home, BOB, case.id):
            with pytest.raises(NotAllowed, match="moderators_only"):
                await act
        assert (await home.reviews.case(MOD, case.id)).state is CaseState.OPEN


async def test_another_communitys_moderator_finds_no_case(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        _, case = await in_review(home)
        for act in every_act(home, ELSEWHERE, case.id):
            with pytest.raises(NotFound):
                await act
        assert await home.reviews.queue(ELSEWHERE) == ()
        assert len(await home.reviews.queue(OWNER)) == 1


async def test_every_reveal_is_remembered_before_it_is_seen(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        view, case = await in_review(home)
        job = await home.job(view)
        original = await home.pictures.read(job.pictures[0].sha256, job.pictures[0].type)
        blurred = await home.reviews.blurred(MOD, case.id, 1)
        assert blurred[:4] == b"RIFF"
        assert blurred != original
        revealed = await home.reviews.reveal(MOD, case.id, 1)
        assert revealed.data == original
        assert await home.reviews.prompt(MOD, case.id) == "a cat"
        with open_for_reading(tmp_path / "limner.db") as con:
            rows = con.execute("SELECT actor, action, subject, detail FROM audit").fetchall()
        assert rows == [("discord:c1:mod", "reveal", f"case:{case.id}", '{"picture":1}')]


async def test_a_private_prompt_is_revealed_and_remembered(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        home.backend.flagged = True
        await home.finished(await home.imagine(private=True))
        (case,) = await home.reviews.queue(MOD)
        assert await home.reviews.prompt(MOD, case.id) == "a cat"
        with open_for_reading(tmp_path / "limner.db") as con:
            rows = con.execute("SELECT actor, action FROM audit").fetchall()
        assert rows == [("discord:c1:mod", "reveal prompt")]


async def test_what_nobody_decides_within_48_hours_stays_hidden_and_is_given_back(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as home:
        home.surfaces["discord"] = home.surface
        view, _ = await in_review(home)
        home.clock.advance(timedelta(hours=47, minutes=59))
        await home.enforcement.look()
        assert (await shown(home, view)).phase is Phase.IN_REVIEW
        home.clock.advance(timedelta(minutes=1))
        await home.enforcement.look()
        await home.enforcement.look()
        now = await shown(home, view)
        assert (now.phase, now.refunded, now.second_look) == (Phase.WITHHELD, True, True)
        assert [person for person, _ in home.surface.told] == ["ann"]
        assert "within 48 hours" in home.surface.told[0][1]


# --- reports -------------------------------------------------------------------------------------


async def test_three_people_with_standing_hide_a_result_and_an_approval_brings_it_back(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as home:
        view = await home.finished(await home.imagine())
        for n in range(3):
            assert (await shown(home, view)).phase is Phase.DONE
            assert await home.reactions.report(person(f"p{n}"), view.public_id, "ugly")
        assert (await shown(home, view)).phase is Phase.IN_REVIEW
        (case,) = await home.reviews.queue(MOD)
        assert [report.reason for report in case.reports] == ["ugly"] * 3
        await decided(home, case, Decision.APPROVE)
        assert (await shown(home, view)).phase is Phase.DONE


def person(name: str, **also: Any) -> Asker:
    return replace(ANN, person=name, **also)


async def test_newcomers_and_the_requester_report_but_hide_nothing(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        view = await home.finished(await home.imagine())
        young = home.clock.now() - timedelta(days=2)
        for n in range(5):
            newcomer = person(f"new{n}", joined_at=young)
            assert await home.reactions.report(newcomer, view.public_id, "")
        await home.reactions.report(ANN, view.public_id, "mine", Category.MINORS)
        assert (await shown(home, view)).phase is Phase.DONE
        (case,) = await home.reviews.queue(MOD)
        assert [report.counts for report in case.reports] == [False] * 6


async def test_one_report_of_the_gravest_kind_hides_at_once(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        view = await home.finished(await home.imagine())
        await home.reactions.report(BOB, view.public_id, "", Category.MINORS)
        assert (await shown(home, view)).phase is Phase.IN_REVIEW


async def test_who_is_often_wrong_is_heard_and_not_counted(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        for n in range(3):
            view = await home.finished(await home.imagine(request=wish(seed=n)))
            await home.reactions.report(BOB, view.public_id, "", Category.MINORS)
            (case,) = await home.reviews.queue(MOD)
            await decided(home, case, Decision.APPROVE)
        view = await home.finished(await home.imagine())
        assert await home.reactions.report(BOB, view.public_id, "", Category.MINORS)
        assert (await shown(home, view)).phase is Phase.DONE


# --- strikes and words ---------------------------------------------------------------------------


async def test_strikes_suspend_longer_and_longer_and_are_lifted_with_what_they_brought(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as home:
        numbers = [await home.reviews.strike(MOD, "ann", "spam")]
        await home.studio.quote(ANN, wish())
        for days in (1, 7):
            numbers.append(await home.reviews.strike(MOD, "ann", "spam"))
            with pytest.raises(Blocked) as blocked:
                await home.studio.quote(ANN, wish())
            assert blocked.value.until == home.clock.now() + timedelta(days=days)
        numbers.append(await home.reviews.strike(MOD, "ann", "spam"))
        with pytest.raises(Blocked) as blocked:
            await home.studio.quote(ANN, wish())
        assert blocked.value.until is None
        past = await home.reviews.history(MOD, "ann")
        assert (len(past.strikes), past.blocked, past.locked) == (4, True, False)
        for number in numbers:
            await home.reviews.lift_strike(MOD, number)
        await home.studio.quote(ANN, wish())


async def test_a_strike_is_forgotten_after_its_time(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        for _ in range(3):
            await home.reviews.strike(MOD, "ann", "spam")
            home.clock.advance(timedelta(days=91))
        await home.studio.quote(ANN, wish())


async def test_three_refusals_of_the_hard_tier_suspend_and_open_a_case_without_words(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as home:
        bad = wish("nude child")
        for _ in range(5):  # typing counts for nothing
            with pytest.raises(PromptRefused):
                await home.studio.quote(ANN, bad, typing=True)
        for _ in range(3):
            with pytest.raises(PromptRefused) as refused:
                await home.imagine(request=bad)
            assert refused.value.hard
        with pytest.raises(Blocked):
            await home.imagine(request=wish("a cat"))
        assert home.backend.drawn == []
        (case,) = await home.reviews.queue(MOD)
        assert (case.kind, case.refused, case.pictures) == ("words", 3, ())
        with pytest.raises(NotAllowed, match="not_revealed"):
            await home.reviews.prompt(MOD, case.id)
        with pytest.raises(Conflict, match="nothing_to_blur"):
            await home.reviews.decide(MOD, case.id, Decision.BLUR)
        await decided(home, case, Decision.APPROVE)
        assert (await home.finished(await home.imagine())).phase is Phase.DONE


async def test_words_of_the_soft_tier_follow_the_policy_before_money_is_spent(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as home:
        assert (await home.finished(await home.imagine(request=wish("nude art")))).in_review == 1
        await choose(home, soft_words=Flagged.BLOCK)
        with pytest.raises(PromptRefused) as refused:
            await home.imagine(request=wish("nude art"))
        assert not refused.value.hard
        await home.reviews.allow_word(MOD, "Nude  Art")
        assert (await home.finished(await home.imagine(request=wish("nude art")))).in_review == 0
        await home.reviews.add_word(MOD, "clown")
        with pytest.raises(PromptRefused):
            await home.imagine(request=wish("a clown"))
        assert await home.reviews.test_words(MOD, "a clown") == "soft"
        assert await home.reviews.test_words(MOD, f"{'a lamp, ' * 374}a clown") == "soft"
        for text in ("", "x" * 3_001):
            with pytest.raises(BadRequest):
                await home.reviews.test_words(MOD, text)
        lists = await home.reviews.add_word(MOD, "clown")
        assert (lists.added, lists.allowed) == ((), ("nude art",))


async def test_a_purge_withholds_what_somebody_made_since_then(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        old = await home.finished(await home.imagine())
        home.clock.advance(timedelta(hours=2))
        new = await home.finished(await home.imagine(request=wish(num_images=3)))
        await home.finished(await home.imagine(BOB))
        since = home.clock.now() - timedelta(hours=1)
        found = await home.reviews.purgeable(MOD, "ann", since)
        assert (found.results, found.pictures) == (1, 3)
        assert (await shown(home, new)).phase is Phase.DONE
        assert await home.reviews.purge(MOD, "ann", since) == found
        assert (await shown(home, old)).phase is Phase.DONE
        assert (await shown(home, new)).phase is Phase.WITHHELD
        again = await home.reviews.purge(MOD, "ann", since)
        assert (again.results, again.pictures) == (0, 0)
        await home.studio.second_look(ANN, new.public_id)
        (case,) = await home.reviews.queue(MOD)
        assert len(case.pictures) == 3
        with pytest.raises(NotFound):
            await home.reviews.purgeable(MOD, "nobody", since)


async def test_a_purge_reaches_back_thirty_days_at_most(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        await home.finished(await home.imagine())
        home.clock.advance(timedelta(days=31))
        since = home.clock.now() - timedelta(days=90)
        found = await home.reviews.purgeable(MOD, "ann", since)
        assert (found.pictures, found.since) == (0, home.clock.now() - timedelta(days=30))
        assert await home.reviews.purge(MOD, "ann", since) == found


# --- escalation and keeping ----------------------------------------------------------------------


async def escalated(home: BotHarness) -> tuple[JobView, Case]:
    view, case = await in_review(home)
    await decided(home, case, Decision.ESCALATE)
    return view, case


async def test_an_escalation_freezes_restricts_locks_and_tells_the_owner(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        view, case = await in_review(home)
        picture = (await home.job(view)).pictures[0]
        original = await home.pictures.read(picture.sha256, picture.type)
        await decided(home, case, Decision.ESCALATE)
        assert FROZEN == (
            "Frozen. Don't download, screenshot or forward it. The owner has been told."
        )
        assert [topic for topic, _ in home.alerts.heard] == [f"frozen:{case.id}"]
        (kept,) = (tmp_path / "restricted").iterdir()
        assert (kept.name, kept.read_bytes()) == (f"{case.id}-1.png", original)
        assert not home.pictures.path(picture.sha256, picture.type).exists()
        await home.until(lambda: home.surface.withdrawn == ["event-1"])
        for who in (ANN, MOD, OWNER):
            with pytest.raises(NotFound):
                await home.studio.show(who, view.public_id)
        with pytest.raises(NotAllowed, match="frozen"):
            await home.reviews.reveal(MOD, case.id, 1)
        await home.reviews.unblock(MOD, "ann")
        with pytest.raises(Blocked):
            await home.imagine()


async def test_an_escalation_waits_for_nothing_and_only_the_owner_undoes_it(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as home:
        _, case = await in_review(home)
        frozen = await home.reviews.decide(MOD, case.id, Decision.ESCALATE)
        assert (frozen.state, frozen.effect_at) == (CaseState.FROZEN, None)
        with pytest.raises(Blocked):
            await home.imagine()
        await home.until(lambda: home.surface.withdrawn == ["event-1"])
        await home.until(lambda: [topic for topic, _ in home.alerts.heard])
        for who in (MOD, MAX, OWNER):
            with pytest.raises(NotAllowed, match="frozen"):
                await home.reviews.take_back(who, case.id)
            with pytest.raises(Conflict, match="decided"):
                await home.reviews.decide(who, case.id, Decision.APPROVE)
        await home.privacy.close_case(case.id, unlock=True, drop=False)
        assert (await home.imagine()).phase is Phase.WAITING


class Stuck:
    """Implements ports.Classifier and never answers."""

    async def look(self, data: bytes, *, scored: bool) -> Look:
        await asyncio.Event().wait()
        raise AssertionError((data, scored))


@pytest.mark.parametrize("decision", [Decision.ESCALATE, Decision.REMOVE])
async def test_a_classifier_that_hangs_holds_no_decision_up(
    tmp_path: Path, decision: Decision
) -> None:
    async with bot_harness(tmp_path, classifier=Stuck()) as home:
        _, case = await in_review(home)
        async with asyncio.timeout(2.5):  # Discord waits for three
            await home.reviews.decide(MOD, case.id, decision)


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


async def test_the_owner_hears_before_all_others_that_wait(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        heard = list[str]()
        home.surfaces["discord"] = deaf = Deaf(heard)
        home.enforcement._alerts = HeardInOrder(heard)
        cases = [(await in_review(home))[1] for _ in range(3)]
        for case in cases[:2]:
            await home.reviews.decide(MOD, case.id, Decision.REMOVE)
        home.clock.advance(GRACE)
        home.enforcement.wake()
        await home.until(lambda: heard == ["ann"])
        await home.reviews.decide(MOD, cases[2].id, Decision.ESCALATE)
        deaf.may_answer.set()
        await home.until(lambda: heard == ["ann", "owner", "ann"])


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
    async with bot_harness(tmp_path, around_pictures=full.around) as home:
        _, case = await escalated(home)
        assert [topic for topic, _ in home.alerts.heard] == [f"frozen:{case.id}"]
        assert not (tmp_path / "restricted" / f"{case.id}-1.png").exists()
        full.is_full = False
        await home.enforcement.look()
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


async def test_nothing_frozen_is_erased_or_retired_until_the_owner_closes_it(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as home:
        view, case = await escalated(home)
        now = home.clock.now()
        await home.store.people.erase("discord", "c1", "ann", now)
        await home.store.people.retire(now + timedelta(days=900), 100, now)
        job = await home.job(view)
        assert (job.request.prompt, job.asker.person) == ("a cat", "ann")
        await home.store.cases.close_frozen(case.id, unlock=True, drop=False, actor="o", now=now)
        assert (await home.job(view)).request.prompt == ""
        assert (tmp_path / "restricted" / f"{case.id}-1.png").exists()
        assert (await home.imagine()).phase is Phase.WAITING


async def test_an_open_case_is_erased_when_it_has_ended(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        view, case = await in_review(home)
        with pytest.raises(Conflict, match="in_review"):
            await home.studio.delete(ANN, view.public_id)
        await home.privacy.erase("discord", "ann")
        assert (await home.job(view)).request.prompt == "a cat"
        await decided(home, case, Decision.REMOVE)
        await home.store.cases.keep_to_retention(Retention(), 100, home.clock.now())
        assert (await home.job(view)).request.prompt == ""
        with suppress(BotError):
            assert (await home.reviews.case(MOD, case.id)).subject == ""


async def test_the_file_of_a_removed_picture_goes_once_there_is_no_second_look(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as home:
        view, case = await in_review(home)
        await decided(home, case, Decision.REMOVE)
        home.clock.advance(timedelta(days=6))
        await home.store.cases.keep_to_retention(Retention(), 100, home.clock.now())
        assert (await home.job(view)).pictures[0].sha256
        home.clock.advance(timedelta(days=2))
        await home.store.cases.keep_to_retention(Retention(), 100, home.clock.now())
        job = await home.job(view)
        assert (job.pictures[0].sha256, job.pictures[0].verdict) == ("", Verdict.BLOCK)
        assert not job.second_look


async def test_refused_words_go_after_a_week(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as home:
        with pytest.raises(PromptRefused):
            await home.imagine(request=wish("nude child"))
        prompts = "SELECT count(*) FROM refused_prompt WHERE prompt IS NOT NULL"
        for days, left in ((6, 1), (2, 0)):
            home.clock.advance(timedelta(days=days))
            await home.store.cases.keep_to_retention(Retention(), 100, home.clock.now())
            with open_for_reading(tmp_path / "limner.db") as con:
                assert con.execute(prompts).fetchone() == (left,)


async def test_an_export_names_cases_and_holds_no_withheld_picture(tmp_path: Path) -> None:
    async with bot_harness(tmp_path / "data") as home:
        await in_review(home)
        await home.privacy.export("discord", "ann", tmp_path / "out")
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["data.json"]
        assert '"review_case": [' in (tmp_path / "out" / "data.json").read_text()
