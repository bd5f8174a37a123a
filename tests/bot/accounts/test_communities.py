"""Which servers may use the bot, what strangers may spend, and what becomes of those that leave."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.accounts.community_claims import TRIES_MAX, TRIES_S
from bot.domain.asker import Asker
from bot.domain.budgets import Budgets, StrangersBudgets
from bot.domain.job_view import Phase
from bot.errors import BackendModerated, BadRequest, Broken, NotAllowed, NotFound, QuotaExceeded
from storage.integrity import problems
from storage.sqlite_store import open_for_reading
from tests.support.bot_harness import ANN, BOB, BotHarness, bot_harness

STRANGER = replace(ANN, community="c9", person="eve", name="Eve")
OTHER = replace(STRANGER, community="c8", person="oto")
ADMIN = replace(ANN, person="ada", is_admin=True)
UNDECIDED = "SELECT 1 FROM review_case WHERE state = 'open'"
MONTH = timedelta(days=30, hours=1)


def rows(data_dir: Path, sql: str, *values: Any) -> list[Any]:
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        return con.execute(sql, values).fetchall()


def dump(data_dir: Path) -> list[str]:
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        return list(con.iterdump())


def assert_sound(data_dir: Path) -> None:
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        assert problems(con) == []


async def why(what: Any) -> str:
    with pytest.raises(NotAllowed) as refused:
        await what
    return refused.value.why


async def outcomes(core: BotHarness, *askers: Any) -> list[str]:
    """What became of each wish: "done", or the level of the budget that refused it."""

    async def one(asker: Any) -> str:
        try:
            view = await core.finished(await core.imagine(asker))
        except QuotaExceeded as full:
            return f"{full.level} {full.window}"
        assert view.phase is Phase.DONE
        return "done"

    return await asyncio.gather(*map(one, askers))


# --- who may use it -------------------------------------------------------------------------------


async def test_wrong_codes_lock_nobody_but_whoever_tried_them(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, allowed_communities=()) as core:
        claims, right = core.claims, core.claims.code
        for _ in range(TRIES_MAX):
            assert await why(claims.claim("discord", "666", "nonsense")) == "wrong_code"
        assert await why(claims.claim("discord", "666", right)) == "too_many_tries"
        assert await why(claims.claim("discord", "c1", "a slip")) == "wrong_code"
        core.clock.advance(TRIES_S - 1)
        assert await why(claims.claim("discord", "666", right)) == "too_many_tries"
        await claims.claim("discord", "c1", right)
        assert claims.allows("discord", "c1")
        assert not claims.allows("discord", "666")


async def test_after_an_hour_whoever_mistyped_may_try_again(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, allowed_communities=()) as core:
        for _ in range(TRIES_MAX):
            assert await why(core.claims.claim("slack", "T1", "nonsense")) == "wrong_code"
        core.clock.advance(TRIES_S)
        await core.claims.claim("slack", "T1", core.claims.code)


async def test_a_server_is_let_in_and_shut_out_while_the_bot_runs(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, allowed_communities=("c1",)) as core:
        await core.claims.let_in("discord", "c9")
        assert await outcomes(core, STRANGER) == ["done"]
        await core.claims.shut_out("discord", "c1")
        assert await why(core.imagine()) == "private_bot"
    async with bot_harness(tmp_path, allowed_communities=("c1",)) as core:  # after a restart
        assert core.claims.allows("discord", "c9")
        assert not core.claims.allows("discord", "c1")
        assert core.claims.shut_though_named == ("discord:c1",)
        await core.claims.let_in("discord", "c1")
        assert await outcomes(core, ANN) == ["done"]
    said = rows(tmp_path, "SELECT action, subject FROM audit WHERE action <> 'settings'")
    assert said == [
        ("admit", "discord:c9"),
        ("shut out", "discord:c1"),
        ("admit", "discord:c1"),
    ]
    assert_sound(tmp_path)


async def test_a_code_counts_only_where_no_server_is_named(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, allowed_communities=()) as core:
        await core.claims.claim("discord", "c9", core.claims.code)
        assert core.claims.code == ""
    async with bot_harness(tmp_path, allowed_communities=("c1",)) as core:
        assert not core.claims.allows("discord", "c9")


async def test_a_claim_that_could_not_be_stored_is_none(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, allowed_communities=()) as core:
        claims, code = core.claims, core.claims.code
        with closing(sqlite3.connect(tmp_path / "limner.db")) as con:
            con.execute(
                "CREATE TRIGGER no BEFORE INSERT ON admittance BEGIN SELECT RAISE(ABORT, ''); END"
            )
            with pytest.raises(Broken):
                await claims.claim("discord", "c9", code)
            assert not claims.allows("discord", "c9")
            con.execute("DROP TRIGGER no")
        await claims.claim("discord", "c8", code)
        assert await why(claims.claim("discord", "c9", code)) == "private_bot"


# --- strangers ------------------------------------------------------------------------------------


async def test_a_strangers_server_has_a_small_budget_that_no_crowd_gets_past(
    tmp_path: Path,
) -> None:
    budgets = Budgets(community_day=50_000, operator_month=100_000)
    async with bot_harness(tmp_path, budgets, public=True, budget_public_day=3_000) as core:
        crowd = [replace(STRANGER, person=f"eve{n}") for n in range(12)]
        found = await outcomes(core, *crowd)
        assert sorted(found) == ["community day"] * 9 + ["done"] * 3
        # The owner's own servers are none the poorer.
        own = [replace(ANN, person=f"ann{n}") for n in range(12)]
        assert await outcomes(core, *own) == ["done"] * 12
    posted = "SELECT sum(posted) FROM account JOIN principal p ON p.id = principal_id WHERE "
    assert rows(tmp_path, posted + "p.community = 'c9' AND kind = 'community' GROUP BY period") == [
        (3_000,),
        (3_000,),
    ]
    assert rows(tmp_path, posted + "kind = 'operator' GROUP BY p.id ORDER BY 1") == [
        (3_000,),  # of strangers
        (15_000,),
    ]
    assert rows(tmp_path, "SELECT sum(bill) FROM job") == [(15_000,)]
    assert_sound(tmp_path)


async def test_many_strange_servers_share_one_budget(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"budget_public_day": 9_000, "budget_all_public_month": 4_000}
    async with bot_harness(tmp_path, public=True, **settings) as core:
        crowd = [replace(STRANGER, community=f"s{n}", person=f"eve{n}") for n in range(10)]
        found = await outcomes(core, *crowd)
        assert sorted(found) == ["done"] * 4 + ["operator month"] * 6
        assert await outcomes(core, ANN) == ["done"]
    assert_sound(tmp_path)


async def cancelled(core: BotHarness, asker: Asker) -> None:
    """Drawn, and cancelled by whoever asked once the call is under way."""
    core.backend.may_finish.clear()
    view = await core.imagine(asker)
    await core.until(lambda: core.backend.busy)
    await core.studio.cancel(asker, view.public_id)
    await core.until(lambda: not core.backend.busy)
    core.backend.may_finish.set()


async def given_back(core: BotHarness, asker: Asker) -> None:
    """Withheld by the rules of the server, which give back what nobody sees."""
    rules = {"flagged": "block", "withheld_cost": "always"}
    await core.administration.change(replace(asker, is_admin=True), rules)
    core.backend.flagged = True
    view = await core.finished(await core.imagine(asker))
    assert view.refunded
    core.backend.flagged = False


async def broken(core: BotHarness, asker: Asker) -> None:
    """The service bills what it can't be shown for."""
    core.backend.trouble = [BackendModerated(billed_micros=1_000)]
    assert (await core.finished(await core.imagine(asker))).phase is Phase.FAILED


@pytest.mark.parametrize("at_the_owners_expense", [cancelled, given_back, broken])
async def test_what_nobody_is_charged_for_counts_for_all_strangers_together(
    tmp_path: Path, at_the_owners_expense: Callable[[BotHarness, Asker], Awaitable[None]]
) -> None:
    settings: dict[str, Any] = {"budget_public_day": 9_000, "budget_all_public_month": 3_000}
    async with bot_harness(
        tmp_path, Budgets(operator_month=5_000), public=True, **settings
    ) as core:
        await at_the_owners_expense(core, STRANGER)
        assert await outcomes(core, STRANGER) == ["done"]
        await at_the_owners_expense(core, replace(OTHER, person="zoe"))
        assert await outcomes(core, OTHER) == ["operator month"]
        # Of 5,000 the owner's own servers have 2,000 left.
        await at_the_owners_expense(core, ANN)
        assert await outcomes(core, BOB, replace(BOB, person="cleo")) in (
            ["done", "operator month"],
            ["operator month", "done"],
        )
    paid = "SELECT sum(bill), sum(iif(bill IS NULL, quote, 0)) FROM job"
    [(known, unknown)] = rows(tmp_path, paid)
    assert known + unknown == 5_000
    assert_sound(tmp_path)


async def test_who_is_let_in_is_no_stranger_any_more_and_the_other_way_round(
    tmp_path: Path,
) -> None:
    budgets = Budgets(community_day=5_000)
    async with bot_harness(tmp_path, budgets, public=True, budget_public_day=1_000) as core:
        assert await outcomes(core, STRANGER) == ["done"]
        assert await outcomes(core, STRANGER) == ["community day"]
        await core.claims.let_in("discord", "c9")
        assert await outcomes(core, STRANGER) == ["done"]
        await core.claims.shut_out("discord", "c9")
        assert await why(core.imagine(STRANGER)) == "private_bot"
    assert_sound(tmp_path)


async def test_its_admins_cant_raise_it_and_see_what_it_is(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, public=True, budget_public_month=7_000) as core:
        admin = replace(STRANGER, is_admin=True)
        with pytest.raises(BadRequest) as refused:
            await core.administration.change(admin, {"month_micros": 7_001})
        assert refused.value.problems[0].data == {"limit_micros": 7_000}
        await core.administration.change(ADMIN, {"month_micros": 7_001})
        found = await core.administration.spend(admin)
        assert [each.limit_micros for each in found.windows] == [None, 7_000]


async def test_a_public_bot_is_nobodys_to_claim(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, public=True, allowed_communities=()) as core:
        assert core.claims.code == ""
        assert core.claims.allows("slack", "T1")
        assert type(core.claims.ceiling("slack", "T1")) is StrangersBudgets
        assert type(core.claims.ceiling("web", "local")) is Budgets


# --- what admins set ------------------------------------------------------------------------------


async def test_of_two_admins_at_once_none_undoes_what_the_other_did(tmp_path: Path) -> None:
    """Single settings, what is added to a list or a table, and moderators' words meanwhile."""
    async with bot_harness(tmp_path) as core:
        change, add = core.administration.change, core.words.add

        def role(number: int) -> Any:
            return lambda known: {"role_day_micros": {**known.role_day_micros, f"r{number}": 1}}

        one_by_one = ({"strike_days": 9}, {"paused": True}, {"sharing": "link"})
        await asyncio.gather(
            *(change(ADMIN, each) for each in one_by_one),
            *(change(ADMIN, role(number)) for number in range(10)),
            *(add(ADMIN, f"word{number}") for number in range(10)),
        )
        found = await core.administration.settings(ADMIN)
        assert (found.strike_days, found.paused, found.sharing) == (9, True, "link")
        assert set(found.role_day_micros) == {f"r{number}" for number in range(10)}
        assert set(found.words_added) == {f"word{number}" for number in range(10)}


async def test_what_changes_nothing_is_nothing_to_take_back(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        await core.administration.change(ADMIN, {"strike_days": 9})
        await core.administration.change(ADMIN, {"strike_days": 10})
        await core.administration.change(ADMIN, {"strike_days": 10})
        await core.administration.undo(ADMIN)
        assert (await core.administration.settings(ADMIN)).strike_days == 9


async def test_a_change_that_an_erasure_blanked_is_not_skipped(tmp_path: Path) -> None:
    """What an admin did who never drew is found and blanked as well."""
    zora = replace(ADMIN, person="zora")
    async with bot_harness(tmp_path) as core:
        await core.administration.change(zora, {"strike_days": 9})
        await core.administration.change(zora, {"moderators": ("bob",), "set_up_by": "zora"})
        await core.administration.change(zora, {"strike_days": 10})
        await core.privacy.erase("discord", "zora")
        with pytest.raises(NotFound):
            await core.administration.undo(ADMIN)
        kept = await core.administration.settings(ADMIN)
        assert (kept.strike_days, kept.moderators) == (10, ("bob",))
    assert not [line for line in dump(tmp_path) if "zora" in line]


@pytest.mark.parametrize(("limit", "opens"), [(0, False), (999, False), (1_000, True)])
async def test_a_budget_opens_again_where_that_is_enough(
    tmp_path: Path, limit: int, *, opens: bool
) -> None:
    async with bot_harness(tmp_path) as core:
        assert await outcomes(core, ANN) == ["done"]  # used, then lowered
        await core.administration.change(ADMIN, {"day_micros": limit})
        with pytest.raises(QuotaExceeded) as full:
            await core.imagine(BOB)
        assert (full.value.opens_at is not None) == opens
        assert full.value.limit_micros == limit


async def test_a_budget_above_a_limit_that_the_owner_lowered_holds_up_nothing_else(
    tmp_path: Path,
) -> None:
    async with bot_harness(tmp_path, Budgets(community_day=9_000, person_day=900)) as core:
        mine = {"day_micros": 9_000, "role_day_micros": {"r1": 900}}
        await core.administration.change(ADMIN, mine)
    async with bot_harness(tmp_path, Budgets(community_day=1_000, person_day=100)) as core:
        await core.administration.pause(ADMIN, paused=True)
        kept = await core.administration.change(ADMIN, {"strike_days": 9})
        assert (kept.paused, kept.day_micros) == (True, 9_000)
        mine = {"day_micros": 1_001, "role_day_micros": {"r1": 900, "r2": 101}}
        with pytest.raises(BadRequest) as refused:
            await core.administration.change(ADMIN, mine)
        found = [(each.option, each.data) for each in refused.value.problems]
        assert found == [
            ("day_micros", {"limit_micros": 1_000}),
            ("role_day_micros", {"limit_micros": 100}),
        ]
        await core.administration.change(ADMIN, {"day_micros": 0, "role_day_micros": {}})


# --- those that leave -----------------------------------------------------------------------------


async def test_a_server_that_took_the_bot_off_is_forgotten_in_time(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        await core.administration.change(ADMIN, {"set_up": True, "words_added": ("secretword",)})
        mine = await core.finished(await core.imagine(ANN))
        await core.store.communities.left("discord", "c1", core.clock.now())
        core.clock.advance(MONTH - timedelta(days=2))
        await core.departures.forget_due()
        assert (await core.job(mine)).request.prompt == "a cat"
        core.clock.advance(timedelta(days=2))
        await core.departures.forget_due()
        settings = await core.store.people.community("discord", "c1")
        assert not settings.set_up
        assert await core.store.people.communities() == []
        assert [each async for each in core.pictures.stored(9)] == []
    assert rows(tmp_path, "SELECT request, asker FROM job") == [(None, "{}")]
    people = "SELECT DISTINCT person FROM principal WHERE kind = 'person'"
    assert rows(tmp_path, people) == [(None,)]
    assert rows(tmp_path, "SELECT sum(posted) FROM account") == [(5_000,)]  # the sums stay
    assert "secretword" not in (tmp_path / "limner.db").read_bytes().decode("latin1")
    assert_sound(tmp_path)


async def test_whose_server_is_forgotten_has_to_type_the_code_again(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, allowed_communities=()) as core:
        await core.claims.claim("discord", "c9", core.claims.code)
        await core.claims.shut_out("discord", "c7")
        for community in ("c9", "c7"):
            await core.store.communities.left("discord", community, core.clock.now())
        core.clock.advance(MONTH)
        await core.departures.forget_due()
        assert not core.claims.allows("discord", "c9")
        assert core.claims.code
        assert core.claims.tolerates("discord", "c9")
        assert not core.claims.tolerates("discord", "c7")


async def test_a_server_gets_no_new_budget_by_leaving_and_coming_back(tmp_path: Path) -> None:
    budgets = Budgets(community_month=1_000)
    async with bot_harness(tmp_path, budgets, left_retention_days=1) as core:
        assert await outcomes(core, ANN) == ["done"]
        await core.store.communities.left("discord", "c1", core.clock.now())
        core.clock.advance(timedelta(days=1, hours=1))
        await core.departures.forget_due()
        await core.store.communities.came("discord", "c1")
        assert await outcomes(core, ANN, BOB) == ["community month"] * 2
    assert_sound(tmp_path)


async def test_a_forgotten_server_is_an_id_with_sums(tmp_path: Path) -> None:
    """Its members are named nowhere, nor those who only managed it; nor is what they chose."""
    budgets = Budgets(community_month=2_000)
    async with bot_harness(tmp_path, budgets, allowed_communities=("c9",)) as core:
        admin = replace(ADMIN, community="c9", person="adalbert")
        settings: dict[str, Any] = {"set_up": True, "role_day_micros": {"r77": 5}}
        await core.administration.change(admin, {**settings, "moderators": ("bertram",)})
        await core.administration.grant(admin, "zenobia", "month", 1, "e1")
        await core.administration.block(admin, "crispin", reason="spam", until=None)
        core.backend.flagged = True
        asker = replace(ANN, community="c9", person="zenobia", name="Zenobia Z")
        for private in (False, True):
            await core.finished(await core.imagine(asker, private=private))
        await core.store.communities.choose_home("discord", "zenobia", "c9", core.clock.now())
        await core.presets.save(asker, "dawn", {"seed": 7})
        await core.store.communities.left("discord", "c9", core.clock.now())
        core.clock.advance(MONTH)
        core.enforcement.wake()  # what moderators never decided expires first
        await core.until(lambda: not rows(tmp_path, UNDECIDED))
        await core.departures.forget_due()
        left = dump(tmp_path)
        for name in ("adalbert", "bertram", "crispin", "zenobia", "Zenobia", "r77", "dawn"):
            assert not [line for line in left if name in line]
        named = {line.split('"')[1] for line in left if "'c9'" in line or "c9:" in line}
        assert named == {"principal", "departure", "audit", "block", "entry"}


async def test_a_server_that_takes_the_bot_in_again_finds_all_as_it_was(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        await core.administration.change(ADMIN, {"set_up": True})
        store = core.store.communities
        await store.left("discord", "c1", core.clock.now())
        core.clock.advance(MONTH)
        await store.came("discord", "c1")
        await core.departures.forget_due()
        assert (await core.store.people.community("discord", "c1")).set_up
        await store.left("discord", "c1", core.clock.now())  # and its time begins anew
        await core.departures.forget_due()
        assert (await core.store.people.community("discord", "c1")).set_up


async def test_who_left_while_the_bot_was_down_is_noted_at_the_next_start(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        for asker in (ANN, replace(BOB, community="c2")):
            await core.finished(await core.imagine(asker))
        await core.store.communities.present("discord", ["c2"], core.clock.now())
        core.clock.advance(MONTH)
        assert await core.store.communities.departed(core.clock.now(), 9) == [("discord", "c1")]
        await core.departures.forget_due()
    known = "SELECT community, person FROM principal WHERE kind = 'person' ORDER BY community"
    assert rows(tmp_path, known) == [("c1", None), ("c2", "bob")]


async def test_nothing_is_forgotten_while_a_job_is_open(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.backend.may_finish.clear()
        view = await core.imagine(ANN)
        await core.until(lambda: core.backend.busy)
        await core.store.communities.left("discord", "c1", core.clock.now() - MONTH)
        await core.departures.forget_due()
        assert (await core.job(view)).request.prompt == "a cat"
        core.backend.may_finish.set()
        await core.finished(view)
        await core.departures.forget_due()
    assert rows(tmp_path, "SELECT request FROM job") == [(None,)]
    assert_sound(tmp_path)


async def test_zero_days_keep_everything(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, left_retention_days=0) as core:
        await core.administration.change(ADMIN, {"set_up": True})
        await core.store.communities.left("discord", "c1", core.clock.now())
        core.clock.advance(timedelta(days=4_000))
        await core.departures.forget_due()
        assert (await core.store.people.community("discord", "c1")).set_up


# --- people ---------------------------------------------------------------------------------------


async def test_who_is_erased_is_in_no_table_of_communities(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, allowed_communities=()) as core:
        await core.claims.claim("discord", "c1", core.claims.code, "ada")
        await core.administration.change(ADMIN, {"set_up": True, "set_up_by": "ada"})
        await core.store.communities.choose_home("discord", "ada", "c1", core.clock.now())
        await core.privacy.erase("discord", "ada")
        assert (await core.store.people.community("discord", "c1")).set_up_by == ""
        assert core.claims.allows("discord", "c1")
    assert rows(tmp_path, "SELECT * FROM home") == []
    said = rows(tmp_path, "SELECT actor || detail FROM audit")
    assert not [line for (line,) in said if ":ada" in line or '"ada"' in line]
    assert_sound(tmp_path)


async def test_homes_are_where_somebody_drew_last_or_chose_since(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        store = core.store.communities
        for community in ("c1", "c2", "c1"):
            core.clock.advance(timedelta(minutes=1))
            await core.finished(await core.imagine(replace(ANN, community=community)))
        assert await store.homes_of("discord", "ann", 9) == ["c1", "c2"]
        core.clock.advance(timedelta(minutes=1))
        private = replace(ANN, community="c2", direct=True)
        await core.finished(await core.imagine(private))  # says nothing of a home
        assert await store.homes_of("discord", "ann", 9) == ["c1", "c2"]
        await store.choose_home("discord", "ann", "c2", core.clock.now())
        assert await store.homes_of("discord", "ann", 9) == ["c2", "c1"]
