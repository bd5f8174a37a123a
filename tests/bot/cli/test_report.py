"""`limner report`, read beside a bot that moderates."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.domain.case import Category, Decision
from bot.errors import PromptRefused
from tests.bot.moderation.test_reviews import MAX, MOD, in_review, take_effect
from tests.support.bot_harness import ANN, BOB, BotHarness, bot_harness, prompted


def printed(data_dir: Path, first: str, last: str) -> list[str]:
    environ: Mapping[str, str] = {"DATA_DIR": str(data_dir)}
    done = CliRunner().invoke(cli, ["report", "--from", first, "--to", last], env=environ)
    assert done.exit_code == 0, done.output
    head, *rows = done.output.splitlines()
    assert head == "platform,figure,kind,value"
    return rows


async def moderated(core: BotHarness) -> None:
    """A removal after a minute, a second look that overturns it, a strike, a report, a refusal."""
    view, case = await in_review(core)
    core.clock.advance(timedelta(minutes=1))
    await core.reviews.decide(MOD, case.id, Decision.REMOVE, "because")
    await take_effect(core)
    await core.studio.second_look(ANN, view.public_id)
    core.clock.advance(timedelta(minutes=3))
    await core.reviews.decide(MAX, case.id, Decision.APPROVE)
    await take_effect(core)
    _, other = await in_review(core)
    core.clock.advance(timedelta(minutes=5))
    await core.reviews.decide(MOD, other.id, Decision.STRIKE, "because")
    await take_effect(core)
    await core.reactions.report(BOB, view.public_id, "ugly", Category.HATE)
    elsewhere = replace(BOB, platform="slack", community="c2")
    with pytest.raises(PromptRefused):
        await core.imagine(elsewhere, prompted("naked child"))


async def test_it_sums_a_period_up_by_platform_and_names_nobody(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        await moderated(core)
        today = f"{core.clock.now():%Y-%m-%d}"
        rows = printed(tmp_path, today, today)
        before = f"{core.clock.now() - timedelta(days=1):%Y-%m-%d}"
        assert printed(tmp_path, before, before) == []
    assert rows == [
        "discord,cases opened,pictures,2",
        "discord,cases opened,report,1",
        "discord,decisions,approve,1",
        "discord,decisions,strike,1",
        "discord,second looks,overturned,1",
        "discord,reports,hate,1",
        "discord,reports by outcome,open,1",
        "discord,strikes,,1",
        "slack,prompts refused,,1",
        "discord,time to decide,median_s,240",
        "discord,time to decide,longest_s,300",
    ]


async def test_undecided_cases_and_blocks_are_counted(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        day = f"{core.clock.now():%Y-%m-%d}"
        await in_review(core)
        core.clock.advance(timedelta(hours=49))
        await core.enforcement.look()
        admin = replace(ANN, is_admin=True, is_moderator=True)
        await core.administration.block(admin, "bob", reason="because", until=None)
        later = f"{core.clock.now():%Y-%m-%d}"
        rows = printed(tmp_path, day, later)
    assert "discord,cases that nobody decided in time,pictures,1" in rows
    assert "discord,blocks,by hand,1" in rows


def test_a_period_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    words = ["report", "--from", "2026-02-01", "--to", "2026-01-31"]
    done = CliRunner().invoke(cli, words, env={"DATA_DIR": str(tmp_path)})
    assert (done.exit_code, done.output) == (2, "--to is before --from.\n")


async def test_words_of_a_stranger_command_no_terminal_and_forge_no_line(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        view = await core.finished(await core.imagine())
        forged = "bad\nprompt      a lie\x1b[1A\x1b[2K"
        await core.reactions.report(BOB, view.public_id, forged, Category.HATE)
        (case,) = await core.reviews.queue(MOD)
        done = CliRunner().invoke(
            cli, ["case", "show", case.id], env={"DATA_DIR": str(tmp_path)}, color=True
        )
    assert done.exit_code == 0
    assert "report      hate: bad\\nprompt      a lie\\x1b[1A\\x1b[2K\n" in done.output
