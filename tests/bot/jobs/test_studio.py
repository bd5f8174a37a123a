"""What people can do with their pictures, and what they cannot do with other people's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cleanup import retire
from bot.domain.budgets import Budgets
from bot.domain.job import Action
from bot.domain.job_view import JobView, Phase
from bot.domain.retention import Retention
from bot.errors import (
    BadRequest,
    Blocked,
    Conflict,
    NoSpace,
    NotAllowed,
    NotFound,
    NotYours,
    Paused,
    QuotaExceeded,
    TooNew,
)
from bot.jobs.drafts import Again, CardPlace, Edit, Plan, Upscale, Vary
from bot.platforms import Platform
from bot.ports import Address, Checkpoint
from bot.wording import plain
from bot.wording.corrections import explain_problem
from tests.support.bot_harness import (
    ANN,
    BOB,
    OWNER,
    BotHarness,
    FakeSurface,
    bot_harness,
    prompted,
)
from tests.support.clock import NOON, FakeClock

MODERATOR = replace(ANN, person="mo", is_moderator=True)
ADMIN = replace(ANN, person="ada", is_admin=True)


async def drawn(core: BotHarness, *, private: bool = False, **options: object) -> JobView:
    view = await core.imagine(request=prompted("a cat", **options), private=private)
    return await core.finished(view)


async def test_again_draws_the_same_request_with_another_seed(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        first = await drawn(core, num_inference_steps=7, seed=5)
        again = await core.redraw(BOB, Again(first.public_id))
        second = await core.finished(again)
        assert (second.action, second.parent_id, second.person) == (
            Action.AGAIN,
            first.public_id,
            "bob",
        )
        one, two = core.backend.drawn
        assert (one.prompt, one.num_inference_steps) == (two.prompt, two.num_inference_steps)
        assert one.seed == 5
        assert two.seed != 5


async def test_the_same_event_again_is_answered_though_nothing_more_may_be_drawn(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path, Budgets(person_day=1_000)) as core:
        first = await core.finished(await core.imagine(event_id="e"))
        with pytest.raises(QuotaExceeded):
            await core.imagine(event_id="other")
        core.backend.resting = True
        assert (await core.imagine(event_id="e")).key == first.key
        assert len(core.backend.drawn) == 1


async def test_vary_starts_from_the_chosen_picture(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        first = await drawn(core, num_images=2, width=256, height=512)
        varied = await core.redraw(ANN, Vary(first.public_id, 2))
        await core.finished(varied)
        request = core.backend.drawn[1]
        assert (request.width, request.height, request.strength) == (256, 512, 0.6)
        assert request.image is not None
        job = await core.job(varied)
        assert (job.parent, job.parent_picture) == (first.key, 2)


@pytest.mark.parametrize(
    "plan",
    [Again, lambda job: Vary(job, 1), lambda job: Upscale(job, 1), lambda job: Edit(job, {})],
)
async def test_what_comes_of_a_private_result_is_private(
    tmp_path: Path, plan: Callable[[str], Plan]
) -> None:
    async with bot_harness(tmp_path) as core:
        first = await drawn(core, private=True, width=256, height=256)
        what = plan(first.public_id)
        if isinstance(what, Edit):
            what = replace(what, values={"prompt": "a dog"})
        assert (await core.redraw(ANN, what)).private


async def test_what_is_taken_down_after_it_was_planned_is_not_drawn(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        first = await drawn(core)
        draft = await core.studio.plan(BOB, Vary(first.public_id, 1))
        again = await core.studio.plan(BOB, Again(first.public_id))
        await core.studio.delete(ANN, first.public_id)
        card = CardPlace("wall", {"nail": "late"})
        with pytest.raises(NotFound):
            await core.studio.submit(BOB, draft, event_id="late", card=card)
        await core.privacy.erase(ANN.platform, ANN.person)
        with pytest.raises(NotFound):
            await core.studio.submit(BOB, again, event_id="later", card=card)
        assert len(core.backend.drawn) == 1


async def test_a_picture_that_is_not_there_cannot_be_varied(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        first = await drawn(core)
        with pytest.raises(NotFound):
            await core.redraw(ANN, Vary(first.public_id, 2))


async def test_edit_opens_again_what_is_not_named(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        first = await drawn(core, num_inference_steps=7, guidance_scale=3)
        values = {"prompt": "a dog", "num_inference_steps": 7}
        edited = await core.redraw(ANN, Edit(first.public_id, values))
        await core.finished(edited)
        request = core.backend.drawn[1]
        assert (request.prompt, request.num_inference_steps) == ("a dog", 7)
        assert (request.guidance_scale, request.given("guidance_scale")) == (7.5, False)


async def test_ids_are_read_the_way_people_type_them(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        first = await drawn(core)
        typed = "#" + first.public_id.upper().replace("0", "o").replace("1", "L")
        assert (await core.studio.show(BOB, typed)).key == first.key


async def test_an_id_that_is_none_is_named_as_it_was_typed(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        with pytest.raises(NotFound) as unknown:
            await core.studio.show(BOB, "nope")
        assert (unknown.value.what, unknown.value.name) == ("job", "nope")


async def test_a_deleted_picture_is_gone_from_card_and_disk(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        first = await drawn(core, num_images=2)
        left = await core.studio.delete(ANN, first.public_id, 1)
        assert left.deleted == 1
        assert [picture.number for picture in left.pictures] == [2]
        assert len(list((tmp_path / "pictures").rglob("*.png"))) == 1
        gone = await core.studio.delete(ANN, first.public_id)
        assert gone.phase is Phase.REMOVED
        assert list((tmp_path / "pictures").rglob("*.png")) == []
        await core.until(lambda: core.surface.shows("event-1", Phase.REMOVED))


async def test_a_file_that_two_jobs_share_stays_until_both_let_go(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        first = await drawn(core, seed=1)
        second = await drawn(core, seed=1)
        await core.studio.delete(ANN, first.public_id)
        file = await core.studio.file(ANN, second.public_id, 1)
        assert file.name == f"limner-{second.public_id}-1.png"
        assert b"parameters" in file.data


async def test_only_oneself_and_moderators_delete(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        first = await drawn(core)
        with pytest.raises(NotYours):
            await core.studio.delete(BOB, first.public_id)
        with pytest.raises(NotYours):
            await core.studio.cancel(BOB, first.public_id)
        removed = await core.studio.delete(MODERATOR, first.public_id)
        assert removed.phase is Phase.REMOVED


async def test_a_private_job_is_seen_by_its_asker_alone(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        first = await drawn(core, private=True)
        assert (await core.studio.show(ANN, first.public_id)).private
        for call in (
            core.studio.show(BOB, first.public_id),
            core.studio.file(BOB, first.public_id, 1),
            core.studio.request_of(BOB, first.public_id),
        ):
            with pytest.raises(NotYours):
                await call


async def test_other_communities_do_not_know_that_a_job_exists(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        first = await drawn(core)
        with pytest.raises(NotFound):
            await core.studio.show(replace(ANN, community="c2"), first.public_id)
        assert (await core.studio.show(OWNER, first.public_id)).key == first.key


async def test_a_quote_says_what_it_costs_and_how_far_it_goes(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, Budgets(person_day=10_500)) as core:
        quote = await core.studio.quote(ANN, prompted(num_images=2))
        assert (quote.micros, quote.left_micros, quote.pictures_left) == (2_000, 10_500, 10)
        core.backend.price_micros = 10_501
        with pytest.raises(QuotaExceeded) as refused:
            await core.studio.quote(ANN, prompted())
        assert (refused.value.level, refused.value.window) == ("person", "day")
        assert refused.value.opens_at is None  # a new day's budget doesn't reach for it either
        core.backend.price_micros = 10_500
        await drawn(core)
        with pytest.raises(QuotaExceeded) as refused:
            await core.studio.quote(ANN, prompted())
        assert refused.value.opens_at == NOON.replace(hour=0) + timedelta(days=1)


async def test_quota_lists_every_level(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, Budgets(person_day=10_000, community_month=50_000)) as core:
        await drawn(core, num_images=2)
        quota = await core.studio.quota(ANN)
        assert [(w.level, w.window, w.left_micros) for w in quota.windows] == [
            ("person", "day", 8_000),
            ("person", "month", None),
            ("community", "day", None),
            ("community", "month", 48_000),
            ("operator", "month", None),
        ]
        assert (quota.pictures_left, quota.free) == (8, False)


async def test_a_full_disk_is_said_before_anything_is_held(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, min_free_disk_mb=10_000_000) as core:
        with pytest.raises(NoSpace):
            await core.imagine()
        assert core.backend.drawn == []


async def test_personal_defaults_fill_what_was_left_open(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        await core.studio.set_defaults(ANN, {"steps": "9", "width": 256, "height": 256})
        await drawn(core, width=512)
        request = core.backend.drawn[0]
        assert (request.num_inference_steps, request.width, request.height) == (9, 512, 256)
        await core.finished(await core.imagine(BOB))
        assert core.backend.drawn[1].num_inference_steps == 25


async def test_a_seed_is_no_default(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        with pytest.raises(BadRequest):
            await core.studio.set_defaults(ANN, {"seed": 1})


async def test_history_is_ones_own_newest_first(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        for prompt in ("one", "two"):
            await core.finished(await core.imagine(request=prompted(prompt)))
            core.clock.advance(timedelta(seconds=1))
        await core.finished(await core.imagine(BOB))
        assert [view.prompt for view in await core.studio.history(ANN)] == ["two", "one"]


class Hook(FakeSurface):
    """Implements ports.Surface: where something was posted."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None:
        self.urls.append(address["url"])


async def test_a_webhook_is_a_card_of_its_own(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        hook = Hook()
        core.platforms.add(Platform(name="webhook", surface=hook))
        await core.imagine(request=prompted(webhook="https://example.org/hook"))
        await core.until(lambda: core.surface.shown and hook.urls)
        assert {*hook.urls} == {"https://example.org/hook"}


# Administrators


async def test_a_paused_bot_says_so(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        await core.administration.pause(OWNER, paused=True)
        with pytest.raises(Paused) as everywhere:
            await core.imagine()
        assert everywhere.value.everywhere
        await core.administration.pause(OWNER, paused=False)
        await core.administration.pause(ADMIN, paused=True)
        with pytest.raises(Paused):
            await core.imagine()
        assert (await core.imagine(replace(ANN, community="c2"))).key


async def test_members_are_no_administrators(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        with pytest.raises(NotAllowed):
            await core.administration.pause(BOB, paused=True)
        with pytest.raises(NotAllowed):
            await core.administration.block(BOB, "ann", reason="", until=None)


async def test_a_block_holds_until_its_time_or_until_it_is_lifted(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        until = core.clock.now() + timedelta(days=1)
        await core.administration.block(ADMIN, "ann", reason="spam", until=until)
        with pytest.raises(Blocked) as blocked:
            await core.imagine()
        assert blocked.value.until == until
        core.clock.advance(timedelta(days=1, seconds=1))
        assert (await core.imagine()).key
        await core.administration.block(ADMIN, "ann", reason="spam", until=None)
        with pytest.raises(Blocked):
            await core.imagine()
        assert await core.administration.unblock(ADMIN, "ann") == 2
        assert (await core.imagine()).key


async def test_the_best_role_of_a_member_counts_up_to_the_owners_limit(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, Budgets(person_day=10_000)) as core:
        changes = {"person_day_micros": 1_000, "role_day_micros": {"r1": 3_000, "r2": 5_000}}
        await core.administration.change(ADMIN, changes)
        member = replace(ANN, roles=frozenset({"r1", "r2"}))
        assert (await core.studio.quota(ANN)).windows[0].limit_micros == 1_000
        assert (await core.studio.quota(member)).windows[0].limit_micros == 5_000
        with pytest.raises(BadRequest):
            await core.administration.change(ADMIN, {"person_day_micros": 10_001})


async def test_a_grant_adds_to_the_window_once(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, Budgets(person_day=1_000)) as core:
        await drawn(core)
        with pytest.raises(QuotaExceeded):
            await core.imagine()
        assert await core.administration.grant(ADMIN, "ann", "day", 2_000, "g1")
        assert not await core.administration.grant(ADMIN, "ann", "day", 2_000, "g1")
        assert (await core.studio.quota(ANN)).windows[0].left_micros == 2_000
        assert (await drawn(core)).phase is Phase.DONE


async def test_an_account_that_is_too_young_has_to_wait(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        await core.administration.change(ADMIN, {"account_age_days": 7})
        young = replace(ANN, account_created_at=NOON - timedelta(days=6))
        with pytest.raises(TooNew) as refused:
            await core.imagine(young)
        assert refused.value.open_at == NOON + timedelta(days=1)
        assert (await core.imagine(replace(ANN, account_created_at=NOON - timedelta(days=8)))).key


async def test_drawing_may_be_limited_to_channels_and_models(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        await core.administration.change(ADMIN, {"channels": ["elsewhere"]})
        with pytest.raises(NotAllowed):
            await core.imagine()
        await core.administration.change(ADMIN, {"channels": [], "models": ["other"]})
        with pytest.raises(NotAllowed):
            await core.imagine()


# Privacy


async def test_erasing_takes_everything_but_the_sums(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, Budgets(person_day=1_000)) as core:
        await core.studio.set_defaults(ANN, {"steps": 9})
        first = await drawn(core)
        await core.privacy.erase("discord", "ann")
        core.outbox.wake()
        await core.until(lambda: core.surface.withdrawn == ["event-1"])
        assert list((tmp_path / "pictures").rglob("*.png")) == []
        assert await core.studio.history(ANN) == ()
        assert (await core.studio.show(BOB, first.public_id)).prompt == ""
        with pytest.raises(QuotaExceeded):
            await core.imagine()
        assert await core.studio.defaults(ANN) == {}


async def test_nobody_is_erased_in_the_middle_of_a_job(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.backend.capacity = 0
        await core.imagine()
        with pytest.raises(Conflict):
            await core.privacy.erase("discord", "ann")


async def test_an_export_has_words_money_and_pictures(tmp_path: Path) -> None:
    async with bot_harness(tmp_path / "data", Budgets(person_day=9_000)) as core:
        done = await drawn(core)
        assert await core.privacy.export("discord", "ann", tmp_path / "out") == 1
        text = (tmp_path / "out" / "data.json").read_text()
        assert '"prompt": "a cat"' in text
        assert '"posted_micros": 1000' in text
        assert (tmp_path / "out" / f"{done.public_id}-1.png").exists()


async def test_an_id_of_slack_is_somebody_else_in_each_workspace(tmp_path: Path) -> None:
    async with bot_harness(tmp_path / "data") as core:
        here, there = (
            replace(ANN, platform="slack", community=team, person="U1") for team in ("T1", "T2")
        )
        for who in (here, there):
            core.claims.trust("slack", who.community)
            await core.finished(await core.imagine(who))
        for act in (
            core.privacy.export("slack", "U1", tmp_path / "out"),
            core.privacy.erase("slack", "U1"),
        ):
            with pytest.raises(BadRequest) as refused:
                await act
            (problem,) = refused.value.problems
            assert plain(explain_problem(problem)) == (
                "U1 is another person in each of these: T1, T2. Please name one with --workspace."
            )
        assert await core.privacy.export("slack", "U1", tmp_path / "out", "T1") == 1
        await core.privacy.erase("slack", "U1", "T1")
        assert await core.studio.history(here) == ()
        assert len(await core.studio.history(there)) == 1
        assert await core.privacy.export("slack", "U1", tmp_path / "rest") == 1


async def test_what_is_older_than_the_retention_loses_its_contents(tmp_path: Path) -> None:
    # A file is as old as the machine says, so that the clock comes to what it says in the end.
    clock = FakeClock(datetime.now(UTC) - timedelta(days=91))
    async with bot_harness(tmp_path, clock=clock) as core:
        old = await drawn(core)
        clock.advance(timedelta(days=91))
        new = await drawn(core, seed=9)
        await retire(core.store, core.pictures, core.clock, Retention())
        assert (await core.studio.show(ANN, old.public_id)).prompt == ""
        assert (await core.studio.show(ANN, new.public_id)).prompt == "a cat"
        assert len(list((tmp_path / "pictures").rglob("*.png"))) == 1


@pytest.mark.parametrize(
    ("backend", "source"), [("api", b"/trainedAlgorithmicMedia"), ("sketch", b"/algorithmicMedia")]
)
async def test_a_file_says_what_kind_of_machine_made_it(
    tmp_path: Path, backend: str, source: bytes
) -> None:
    async with bot_harness(tmp_path) as core:
        core.backend.name = backend
        file = await core.studio.file(ANN, (await drawn(core)).public_id, 1)
        assert source in file.data


async def test_a_sketch_is_known_as_one_while_it_waits(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.backend.name = "sketch"
        core.backend.capacity = 0
        assert (await core.imagine()).sketch
