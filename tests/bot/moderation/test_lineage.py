"""Whatever was drawn from a withheld picture goes with it, and comes back with it."""

import asyncio
import io
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.cleanup import retire
from bot.domain.asker import Asker
from bot.domain.case import Case, Decision
from bot.domain.community_settings import Withheld
from bot.domain.job import JobState
from bot.domain.job_view import JobView, Phase
from bot.domain.retention import Retention
from bot.errors import BackendEmpty, BadRequest, NotFound
from bot.jobs.drafts import Again, Edit, Plan, Upscale, Vary
from storage.backup import back_up
from storage.ledger_check import faults
from storage.sqlite_store import open_for_reading
from tests.bot.moderation.test_classifier import Scenic, encoded, looking, scene
from tests.bot.moderation.test_reviews import MAX, MOD, choose, decided, shown, take_effect
from tests.support.bot_harness import ANN, BOB, BotHarness, bot_harness, prompted

STRANGER = replace(BOB, community="c2")
KEEP = Retention(results=timedelta(0), refused=timedelta(0), cases=timedelta(0), audit=timedelta(0))


async def first(core: BotHarness, **options: Any) -> JobView:
    return await core.finished(await core.imagine(request=prompted(**options)))


async def drawn_from(core: BotHarness, what: Plan, name: str, who: Asker = BOB) -> JobView:
    return await core.finished(await core.redraw(who, what, name))


async def saved(core: BotHarness, view: JobView) -> bytes:
    """The file of a picture as somebody saves it, who then sends it back as a starting image."""
    return (await core.studio.file(ANN, view.public_id, 1)).data


async def family(core: BotHarness, root: JobView) -> dict[str, JobView]:
    """Every way to draw from a picture, and on from what was drawn, by others."""
    varied = await drawn_from(core, Vary(root.public_id, 1), "vary")
    larger = await drawn_from(core, Upscale(root.public_id, 1), "upscale")
    file = await saved(core, root)
    started = await core.finished(await core.imagine(BOB, prompted("a dog", image=file)))
    values = {"prompt": "a blue cat"}
    return {
        "varied": varied,
        "larger": larger,
        "started": started,
        "varied again": await drawn_from(core, Vary(varied.public_id, 1), "vary twice"),
        "again": await drawn_from(core, Again(varied.public_id), "again"),
        "edited": await drawn_from(core, Edit(varied.public_id, values), "edit"),
    }


async def reported(core: BotHarness, view: JobView) -> Case:
    await core.reactions.report(BOB, view.public_id, "")
    (case,) = [c for c in await core.reviews.queue(MOD) if c.job == view.key]
    return case


async def phases(core: BotHarness, views: dict[str, JobView]) -> dict[str, Phase]:
    return {name: (await shown(core, view)).phase for name, view in views.items()}


async def test_a_removal_reaches_all_that_was_drawn_from_it_and_nothing_beside_it(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        root = await first(core)
        drawn = await family(core, root)
        beside = {
            "the same words again": await drawn_from(core, Again(root.public_id), "words"),
            "somebody's own": await first(core, seed=77),
        }
        case = await reported(core, root)
        await decided(core, case, Decision.REMOVE)
        assert set((await phases(core, drawn)).values()) == {Phase.WITHHELD}
        assert set((await phases(core, beside)).values()) == {Phase.DONE}
        await core.until(lambda: core.surface.shows("vary twice", Phase.WITHHELD))
        with open_for_reading(tmp_path / "limner.db") as con:
            assert faults(con) == []


async def test_nothing_of_it_is_a_source_any_more(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        root = await first(core)
        file = await saved(core, root)
        drawn = await family(core, root)
        of_child = await saved(core, drawn["varied again"])
        await decided(core, await reported(core, root), Decision.REMOVE)
        plans = (
            Vary(root.public_id, 1),
            Upscale(root.public_id, 1),
            Vary(drawn["again"].public_id, 1),
        )
        for plan in plans:
            with pytest.raises(NotFound):
                await core.studio.plan(BOB, plan)
        edits: list[Awaitable[object]] = [
            core.redraw(BOB, Again(drawn["varied"].public_id), "x1"),
            core.redraw(BOB, Edit(drawn["edited"].public_id, {"prompt": "a fox"}), "x2"),
            core.imagine(BOB, prompted(image=file)),
            core.imagine(ANN, prompted(image=of_child)),
        ]
        before = await core.balances()
        for wish in edits:
            with pytest.raises(BadRequest) as refused:
                await wish
            assert refused.value.problems[0].code == "image_refused"
        assert await core.balances() == before


async def test_the_same_picture_drawn_again_is_withheld_without_any_extra(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        root = await first(core, seed=3)
        copy = await core.finished(await core.imagine(BOB, prompted(seed=3)))
        await decided(core, await reported(core, root), Decision.REMOVE)
        assert (await shown(core, copy)).phase is Phase.WITHHELD
        assert (await first(core, seed=3)).phase is Phase.WITHHELD
        assert (await first(core, seed=4)).phase is Phase.DONE


async def test_undone_within_five_seconds_nothing_happens(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        root = await first(core)
        drawn = await family(core, root)
        case = await reported(core, root)
        await core.reviews.decide(MOD, case.id, Decision.REMOVE)
        await core.reviews.take_back(MOD, case.id)
        await take_effect(core)
        assert set((await phases(core, drawn)).values()) == {Phase.DONE}


async def test_an_approval_brings_everything_back(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        root = await first(core)
        file = await saved(core, root)
        drawn = await family(core, root)
        case = await reported(core, root)
        await decided(core, case, Decision.REMOVE)
        await core.studio.second_look(ANN, root.public_id)
        assert set((await phases(core, drawn)).values()) == {Phase.WITHHELD}
        await decided(core, case, Decision.APPROVE, MAX)
        assert set((await phases(core, drawn)).values()) == {Phase.DONE}
        again = await core.finished(await core.imagine(BOB, prompted(image=file)))
        assert again.phase is Phase.DONE
        with open_for_reading(tmp_path / "limner.db") as con:
            rows = con.execute(
                "SELECT job_key FROM derived UNION ALL SELECT sha256 FROM blocked_file"
                " UNION ALL SELECT id FROM blocked_hash"
            )
            assert rows.fetchall() == []


async def test_what_two_removals_hold_comes_back_with_the_second(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        root = await first(core)
        middle = await drawn_from(core, Vary(root.public_id, 1), "middle")
        last = {"last": await drawn_from(core, Vary(middle.public_id, 1), "last")}
        upper, lower = await reported(core, root), await reported(core, middle)
        await decided(core, lower, Decision.REMOVE)
        await decided(core, upper, Decision.REMOVE)
        await core.studio.second_look(ANN, root.public_id)
        await decided(core, upper, Decision.APPROVE, MAX)
        assert await phases(core, last | {"middle": middle}) == {
            "last": Phase.WITHHELD,
            "middle": Phase.WITHHELD,
        }
        await core.studio.second_look(BOB, middle.public_id)
        await decided(core, lower, Decision.APPROVE, MAX)
        assert await phases(core, last) == {"last": Phase.DONE}


async def test_who_drew_from_it_may_have_it_looked_at_by_itself(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        root = await first(core)
        child = await drawn_from(core, Vary(root.public_id, 1), "child")
        await decided(core, await reported(core, root), Decision.REMOVE)
        await core.studio.second_look(BOB, child.public_id)
        (case,) = await core.reviews.queue(MOD)
        await decided(core, case, Decision.APPROVE, MAX)
        assert (await shown(core, child)).phase is Phase.DONE
        assert (await shown(core, root)).phase is Phase.WITHHELD


@pytest.mark.parametrize(
    ("rule", "state"),
    [(Withheld.ALWAYS, JobState.REFUNDED), (Withheld.UNLESS_CONFIRMED, JobState.PRODUCED)],
)
async def test_what_it_cost_is_given_back_by_the_rule_of_the_place(
    tmp_path: Path, rule: Withheld, state: JobState
) -> None:
    async with bot_harness(tmp_path) as core:
        await choose(core, withheld_cost=rule)
        root = await first(core)
        child = await drawn_from(core, Vary(root.public_id, 1), "child")
        await decided(core, await reported(core, root), Decision.STRIKE)
        assert ((await core.job(root)).state, (await core.job(child)).state) == (state, state)
        with open_for_reading(tmp_path / "limner.db") as con:
            assert faults(con) == []
            assert con.execute("SELECT count(*) FROM strike").fetchone() == (1,)


async def test_a_removal_holds_in_its_community_and_an_escalation_everywhere(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        root = await first(core)
        file = await saved(core, root)
        abroad = await core.finished(await core.imagine(STRANGER, prompted(image=file)))
        onwards = await core.finished(
            await core.redraw(STRANGER, Vary(abroad.public_id, 1), "abroad")
        )
        case = await reported(core, root)
        await decided(core, case, Decision.REMOVE)
        for view in (abroad, onwards):
            assert (await core.studio.show(STRANGER, view.public_id)).phase is Phase.DONE
        await core.studio.second_look(ANN, root.public_id)
        await core.reviews.decide(MAX, case.id, Decision.ESCALATE)
        for view in (abroad, onwards):
            with pytest.raises(NotFound):
                await core.studio.show(STRANGER, view.public_id)
        with pytest.raises(BadRequest):
            await core.imagine(STRANGER, prompted(image=file))


async def test_an_escalation_leaves_no_file_of_it_where_files_are_shown(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        root = await first(core)
        drawn = await family(core, root)
        own = await first(core, prompt="a bridge")
        for view in (root, *drawn.values(), own):
            await core.studio.thumbnail(ANN, view.public_id, 1, 128)
        await core.reviews.decide(MOD, (await reported(core, root)).id, Decision.ESCALATE)
        await core.enforcement.look()
        jobs = [await core.job(view) for view in drawn.values()]
        assert all(job.frozen and job.image is None for job in jobs)
        assert [job.pictures[0].sha256 for job in jobs] == [""] * len(jobs)
        kept = {path.stem for path in (tmp_path / "restricted").iterdir()}
        # Seven pictures; of each that was drawn from, its copy as a starting image.
        assert len(kept) == 9
        (left,) = (await core.job(own)).pictures
        for folder in ("pictures", "thumbnails"):
            names = [p.parent.name + p.name[:62] for p in (tmp_path / folder).glob("??/*")]
            assert names == [left.sha256]
        back_up(tmp_path / "limner.db", tmp_path / "pictures", tmp_path / "backup")
        assert len(list((tmp_path / "backup" / "pictures").glob("??/*"))) == 1
        await core.until(lambda: {"vary", "upscale", "edit"} <= set(core.surface.withdrawn))


async def test_a_backup_holds_nothing_that_was_removed(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        root = await first(core)
        await family(core, root)
        own = await first(core, prompt="a bridge")
        await decided(core, await reported(core, root), Decision.REMOVE)
        back_up(tmp_path / "limner.db", tmp_path / "pictures", tmp_path / "backup")
        (left,) = (await core.job(own)).pictures
        copied = (tmp_path / "backup" / "pictures").glob("??/*")
        assert [p.parent.name + p.name[:62] for p in copied] == [left.sha256]
        # The bot itself keeps them for the second look.
        case = await case_of(core, root)
        assert (await core.reviews.reveal(MOD, case.id, 1)).data
    with open_for_reading(tmp_path / "backup" / "limner.db") as con:
        assert faults(con) == []
        rows = con.execute("SELECT sha256 FROM picture WHERE sha256 IS NOT NULL").fetchall()
        assert rows == [(left.sha256,)]
        assert con.execute("SELECT sha256, refs FROM blob").fetchall() == [(left.sha256, 1)]


async def case_of(core: BotHarness, view: JobView) -> Case:
    cases = await core.reviews.queue(MOD, decided=True)
    return next(case for case in cases if case.job == view.key)


async def test_files_stay_for_the_second_look_at_their_source_and_then_go(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        root = await first(core)
        child = await drawn_from(core, Vary(root.public_id, 1), "child")
        core.clock.advance(timedelta(days=30))
        case = await reported(core, root)
        await decided(core, case, Decision.REMOVE)
        core.clock.advance(timedelta(days=6))
        await retire(core.store, core.pictures, core.clock, KEEP)
        assert (await core.job(child)).pictures[0].sha256
        assert (await core.job(child)).image is not None
        core.clock.advance(timedelta(days=2))
        await retire(core.store, core.pictures, core.clock, KEEP)
        gone = await core.job(child)
        assert (gone.pictures[0].sha256, gone.image) == ("", None)
        assert list((tmp_path / "pictures").glob("??/*")) == []


async def test_what_is_being_drawn_from_it_is_withheld_and_what_waits_is_not_paid(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path, running_per_person=1) as core:
        root = await first(core)
        case = await reported(core, root)
        core.backend.may_finish.clear()
        drawing = await core.redraw(BOB, Vary(root.public_id, 1), "drawing")
        await core.until(lambda: core.backend.busy)
        waiting = await core.redraw(BOB, Vary(root.public_id, 1), "waiting")
        await decided(core, case, Decision.REMOVE)
        core.backend.may_finish.set()
        assert (await core.finished(drawing)).phase is Phase.WITHHELD
        assert (await core.finished(waiting)).phase is Phase.FAILED
        assert (await core.job(waiting)).cost_micros == 0
        assert len(core.backend.drawn) == 2
        await core.studio.second_look(ANN, root.public_id)
        await decided(core, case, Decision.APPROVE, MAX)
        assert (await shown(core, drawing)).phase is Phase.DONE


async def test_what_waits_with_a_frozen_starting_image_is_refused_after_a_restart_too(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        root = await first(core)
        file = await saved(core, root)
        await core.finished(await core.imagine(BOB, prompted("a dog", image=file)))
        core.backend.capacity = 0
        waiting = await core.imagine(STRANGER, prompted("a dog", image=file))
        await core.reviews.decide(MOD, (await reported(core, root)).id, Decision.ESCALATE)
        await core.enforcement.look()
    async with bot_harness(tmp_path) as core:
        assert (await core.finished(waiting)).phase is Phase.FAILED
        assert core.backend.drawn == []
        assert (await core.job(waiting)).cost_micros == 0
        assert list((tmp_path / "pictures").glob("??/*")) == []
        with open_for_reading(tmp_path / "limner.db") as con:
            assert faults(con) == []


async def test_a_frozen_file_stays_nowhere_though_nothing_was_drawn_from_it(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path) as core:
        root = await first(core)
        file = await saved(core, root)
        core.backend.trouble = [BackendEmpty()]
        failed = await core.finished(await core.imagine(BOB, prompted("a dog", image=file)))
        assert failed.phase is Phase.FAILED
        core.backend.capacity = 0
        waiting = await core.imagine(STRANGER, prompted("a hare", image=file))
        await core.reviews.decide(MOD, (await reported(core, root)).id, Decision.ESCALATE)
        await core.enforcement.look()
        assert list((tmp_path / "pictures").glob("??/*")) == []
        assert (await core.job(failed)).image is None
        assert (await core.job(waiting)).state is JobState.FAILED
        assert len(list((tmp_path / "restricted").iterdir())) == 2
        core.backend.capacity = 1
        core.runner.capacity_grew()
        assert (await core.finished(waiting)).phase is Phase.FAILED


class Jury:
    """Stands at the port Store and lets no verdict be written before the test does."""

    def __init__(self) -> None:
        self.may_speak = asyncio.Event()
        self.may_speak.set()
        self.waiting = 0

    def around(self, store: Any) -> Any:
        self._store, self.jobs = store, self
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store if hasattr(self._store, name) else self._store.jobs, name)

    async def judge(self, *what: Any) -> Any:
        self.waiting += 1
        await self.may_speak.wait()
        self.waiting -= 1
        return await self._store.jobs.judge(*what)


async def test_what_is_judged_while_its_starting_image_is_frozen_is_withheld(
    tmp_path: Path,
) -> None:
    jury = Jury()
    async with bot_harness(tmp_path, around_store=jury.around) as core:
        root = await first(core)
        file = await saved(core, root)
        await core.finished(await core.imagine(BOB, prompted("a dog", image=file)))
        jury.may_speak.clear()
        judged = await core.imagine(STRANGER, prompted("a hare", image=file))
        equal = await core.imagine(STRANGER, prompted(seed=(await core.job(root)).seed))
        await core.until(lambda: jury.waiting == 2)
        await core.reviews.decide(MOD, (await reported(core, root)).id, Decision.ESCALATE)
        await core.enforcement.look()
        jury.may_speak.set()
        await core.until(lambda: not jury.waiting)
        for view in (judged, equal):
            assert (await core.finished(view)).phase is not Phase.DONE
        await core.enforcement.look()
        assert (await core.job(judged)).frozen
        assert list((tmp_path / "pictures").glob("??/*")) == []


async def test_an_erasure_waits_for_what_was_frozen_with_somebody_elses(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        root = await first(core)
        child = await drawn_from(core, Vary(root.public_id, 1), "child")
        case = await reported(core, root)
        await core.reviews.decide(MOD, case.id, Decision.ESCALATE)
        await core.privacy.erase("discord", "bob")
        assert (await core.job(child)).request.prompt == "a cat"
        await core.privacy.close_case(case.id, unlock=False, drop=False)
        assert not (await core.job(child)).frozen
        assert (await core.job(child)).request.prompt == ""


# --- with the extra ------------------------------------------------------------------------------


def redone(data: bytes) -> bytes:
    """As a chat platform or a phone makes it: smaller, and a JPEG."""
    image = Image.open(io.BytesIO(data)).convert("RGB").resize((200, 200))
    return encoded(image, "JPEG", quality=80)


async def test_a_picture_that_was_sent_anew_in_other_bytes_is_followed_by_its_hash(
    tmp_path: Path,
) -> None:
    async with (
        looking() as looker,
        bot_harness(
            tmp_path, classifier=looker, around_backend=lambda plain: Scenic(plain.inbox)
        ) as core,
    ):
        root = await first(core, seed=5)
        copy = redone(await saved(core, root))
        started = await core.finished(
            await core.imagine(BOB, prompted("a dog", image=copy, seed=8))
        )
        onwards = await drawn_from(core, Vary(started.public_id, 1), "onwards")
        other = prompted("a dog", image=encoded(scene(6)), seed=9)
        beside = await core.finished(await core.imagine(BOB, other))
        await decided(core, await reported(core, root), Decision.REMOVE)
        assert await phases(core, {"1": started, "2": onwards, "3": beside}) == {
            "1": Phase.WITHHELD,
            "2": Phase.WITHHELD,
            "3": Phase.DONE,
        }
        with pytest.raises(BadRequest):
            await core.imagine(ANN, prompted(image=redone(copy), seed=10))
        # What was drawn from it is recognised, too.
        far = redone(encoded(scene((await core.job(onwards)).seed)))
        with pytest.raises(BadRequest):
            await core.imagine(ANN, prompted(image=far, seed=10))
