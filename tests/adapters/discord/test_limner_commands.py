"""/limner, and whose bot this is."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.domain.budgets import Budgets
from bot.domain.community_settings import CommunitySettings
from bot.wording.settings.commands import RESETS
from tests.adapters.discord.harness import (
    DiscordHarness,
    custom_ids,
    discord_harness,
    text_of,
    told,
)


async def limner(here: DiscordHarness, command: str, **options: Any) -> str:
    return told(await here.admin.slash(here.channel, f"limner {command}", **options))


async def test_a_server_gets_the_bot_with_the_code_of_the_terminal(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, set_up=False, claimed=False) as here:
        said = await here.ann.slash(here.channel, "imagine", prompt="a cat")
        assert told(said).startswith("I don't belong to anybody yet, so I draw for nobody.")
        assert (await limner(here, "setup")).startswith("I don't belong to anybody yet")
        assert (await limner(here, "setup", code="wrong")).startswith("This is not the code")
        done = await limner(here, "setup", code=here.core.claims.code.upper())
        assert done.startswith("### Limner is set up here")
        assert here.core.claims.code == ""
        assert await here.draw()


async def test_a_claimed_bot_says_goodbye_elsewhere_and_leaves(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, set_up=False, claimed=False) as here:
        other = here.env.create_guild("Strangers")
        lobby = other.create_text_channel("lobby")
        await here.until(lambda: here.bot.get_channel(lobby.id))
        await limner(here, "setup", code=here.core.claims.code)
        goodbye, left = here.env.http_requests[-2:]
        assert "This bot is private and works only where" in str(goodbye.json)
        assert (left.method, left.path) == ("DELETE", f"/users/@me/guilds/{other.id}")


async def test_a_code_can_be_tried_ten_times(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, set_up=False, claimed=False) as here:
        for _ in range(10):
            await limner(here, "setup", code="guess")
        said = await limner(here, "setup", code=here.core.claims.code)
        assert said.startswith("That was the wrong code too often.")


async def test_setting_up_takes_channels_role_and_budget_at_once(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, set_up=False) as here:
        mods = here.guild.create_text_channel("mods")
        role = here.guild.create_role("mod")
        said = await limner(
            here,
            "setup",
            channel=here.channel,
            moderators=mods,
            role=role,
            day_budget=2.0,
            month_budget=20.0,
            flagged="block",
        )
        assert said == (
            "### Limner is set up here\n"
            f"**Drawing** <#{here.channel.id}>\n"
            f"**Reports and warnings** <#{mods.id}>\n"
            f"**Moderators** <@&{role.id}>, those who may time out members\n"
            "**Indecent pictures** not shown\n"
            "**The server** $2.00 a day, $20.00 a month\n"
            "**Each member** as the bot owner set it\n"
            f"⚠ Everybody can read <#{mods.id}>. Reports belong where only moderators can.\n"
            "-# Type `/imagine` to draw. `/limner settings` and `/limner budget` change this; "
            "`/limner reset` takes it back."
        )


async def test_no_admin_goes_above_the_owners_budget(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, Budgets(community_month=5_000_000)) as here:
        said = await limner(here, "budget", month=6.0)
        assert "$5.00" in said


async def test_the_best_role_of_a_member_counts(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        patron = here.guild.create_role("patron")
        assert "$0.001 a day" in await limner(here, "budget", whose="member", day=0.001)
        assert f"<@&{patron.id}> $0.50 a day" in await limner(here, "budget", role=patron, day=0.5)
        rich = here.guild.add_member(here.env.create_user("rich"), roles=[patron])
        assert await here.draw()
        refused = await here.ann.slash(here.channel, "imagine", prompt="more")
        assert told(refused).startswith("Your own budget for today is used up.")
        for _ in range(2):
            await here.draw(rich)


async def test_a_grant_opens_a_members_day_again(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, Budgets(person_day=1_000)) as here:
        await here.draw()
        said = await limner(here, "grant", member=here.ann, amount=0.002)
        assert said == f"<@{here.ann.id}> may spend $0.002 more today."
        assert await here.draw()


async def test_a_grant_opens_no_budget_but_the_members_own(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, Budgets(person_day=1_000, community_day=2_000)) as here:
        await limner(here, "grant", member=here.ann, amount=10.0)
        for _ in range(2):
            await here.draw()
        said = await here.ann.slash(here.channel, "imagine", prompt="one more")
        assert told(said).startswith("This server's budget for today is used up.")


async def test_a_block_holds_until_it_is_undone(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        said = await limner(here, "block", member=here.ann, days=3, reason="spam")
        assert said == f"<@{here.ann.id}> can't draw here for 3 days. `/limner undo` takes it back."
        refused = await here.ann.slash(here.channel, "imagine", prompt="a cat")
        assert told(refused).startswith("You can't draw here until")
        assert await limner(here, "undo") == "The last block is lifted."
        assert await here.draw()


async def test_undo_brings_the_settings_back(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await limner(here, "settings", membership=30)
        assert "members from 30 days" in await limner(here, "settings")
        assert await limner(here, "undo") == "The settings are as before."
        assert "Newcomers" not in await limner(here, "settings")


async def test_spend_names_those_who_drew_most(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, Budgets(community_month=5_000_000)) as here:
        assert "Nobody has spent anything yet." in await limner(here, "spend")
        await here.draw(images=2)
        said = await limner(here, "spend")
        assert "This server's budget for this month: $0.002 of $5.00 used" in said
        assert f"<@{here.ann.id}> $0.002" in said


async def test_pause_stops_new_requests_until_resume(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        assert await limner(here, "pause") == "Paused. What is being drawn is finished."
        refused = await here.ann.slash(here.channel, "imagine", prompt="a cat")
        assert told(refused).startswith("Drawing is paused on this server for now.")
        assert await limner(here, "resume") == "Members can draw again."
        assert await here.draw()


async def test_models_are_chosen_from_those_the_owner_offers(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        offered = await here.admin.autocomplete(here.channel, "limner models", "model", "stable")
        assert [each["value"] for each in offered] == ["stabilityai/stable-diffusion-2-1"]
        assert "stable-diffusion-2-1" in await limner(here, "models", model=offered[0]["value"])
        assert (await limner(here, "models", model="x/y")).startswith("I know no model")
        assert "All that the bot owner offers." in await limner(here, "models", every=True)


@pytest.mark.parametrize(
    "command", ["setup", "settings", "budget", "models", "undo", "spend", "pause", "resume"]
)
async def test_members_are_shown_none_of_it(tmp_path: Path, command: str) -> None:
    async with discord_harness(tmp_path) as here:
        assert f"limner {command}" not in here.ann.available_commands(here.channel)
        assert f"limner {command}" in here.admin.available_commands(here.channel)


async def test_admins_are_told_at_half_four_fifths_and_all_of_a_budget(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, Budgets(community_day=5_000)) as here:
        mods = here.guild.create_text_channel("mods")
        await here.set_up(moderator_channel=str(mods.id))
        for count in (0, 0, 1, 2, 3):
            await here.draw()
            await here.until(lambda wanted=count: len(mods.history()) == wanted)  # type: ignore[misc]
        assert [text_of(m).partition(" It opens")[0] for m in mods.history()] == [
            "This server's budget for today: 50 percent are used, $0.003 of $0.005.",
            "This server's budget for today: 80 percent are used, $0.004 of $0.005.",
            "This server's budget for today is used up, so nobody can draw.",
        ]


async def test_newcomers_wait_as_long_as_the_server_wants(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await limner(here, "settings", account_age=30)
        refused = await here.ann.slash(here.channel, "imagine", prompt="a cat")
        assert told(refused).startswith("Your account, or your time here, is too young")


async def test_new_members_wait_as_long_as_the_server_wants(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await limner(here, "settings", membership=30)
        refused = await here.ann.slash(here.channel, "imagine", prompt="a cat")
        assert told(refused).startswith("Your account, or your time here, is too young")
        here.core.clock.advance(timedelta(days=31))
        card = await here.draw()
        await limner(here, "settings", membership=60)
        pressed = await here.ann.click(card, custom_id=custom_ids(card)[0])
        assert told(pressed).startswith("Your account, or your time here, is too young")
        assert len(here.core.backend.drawn) == 1


async def test_setting_up_says_where_the_bot_is_mute(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, set_up=False) as here:
        assert here.env.bot.user is not None
        mods = here.guild.create_text_channel(
            "mods",
            overwrites={here.env.bot.user: discord.PermissionOverwrite(send_messages=False)},
        )
        said = await limner(here, "setup", channel=here.channel, moderators=mods)
        assert f"⚠ I can't post in <#{mods.id}>. Please allow me:" in said
        assert f"⚠ I can't post in <#{here.channel.id}>" not in said


async def test_what_holds_for_doubtful_things_is_set_and_audited(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        said = await limner(here, "settings", unknown="block", indecent_words="review")
        assert "**Pictures nobody could look at** not shown" in said
        assert "**Indecent words** reviewed first" in said
        role = here.guild.create_role("regulars")
        said = await limner(here, "settings", trusted=role)
        assert f"**Doubtful pictures** blurred at once for <@&{role.id}>" in said
        assert "Doubtful" not in await limner(here, "settings", trusted=role)
        assert await limner(here, "undo") == "The settings are as before."
        assert "Doubtful" in await limner(here, "settings")


async def test_what_is_chosen_for_one_channel_for_strikes_and_for_money_is_said(
    tmp_path: Path,
) -> None:
    async with discord_harness(tmp_path) as here:
        said = await limner(here, "settings", flagged_here="block", strike_days=30, refund="always")
        assert f"**In** <#{here.channel.id}> not shown" in said
        assert "**Strikes** forgotten after 30 days" in said
        assert "**Withheld pictures** given back" in said
        assert "Strikes" not in await limner(here, "budget")


async def test_a_blur_outside_age_restricted_channels_is_not_promised(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        said = await limner(here, "settings", flagged="spoiler")
        assert "**Indecent pictures** reviewed first; in age-restricted channels blurred" in said


async def test_admins_take_back_what_they_set(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        role, other = here.guild.create_role("patron"), here.guild.create_role("guest")
        mods = here.guild.create_text_channel("mods")
        await limner(
            here, "setup", channel=here.channel, moderators=mods, role=role, day_budget=2.0
        )
        for each in (role, other):
            await limner(here, "budget", role=each, day=1.0, month=3.0)
        await limner(here, "budget", whose="member", day=0.5)
        await limner(here, "settings", trusted=role, flagged_here="block")

        async def kept() -> CommunitySettings:
            return await here.core.store.people.community("discord", str(here.guild.id))

        await limner(here, "reset", what="role_budgets", role=role)
        assert (await kept()).role_day_micros == {str(other.id): 1_000_000}
        assert (await kept()).role_month_micros == {str(other.id): 3_000_000}
        for what in RESETS:
            await limner(here, "reset", what=what)
        assert await kept() == CommunitySettings(set_up=True, set_up_by=str(here.admin.id))


async def test_a_budget_of_nothing_does_not_open_again_tomorrow(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await limner(here, "budget", whose="member", day=0.0)
        said = told(await here.ann.slash(here.channel, "imagine", prompt="a cat"))
        assert said.startswith("Your own budget for today is $0, so nothing can be drawn.")
        assert "opens again" not in said
        quota = told(await here.ann.slash(here.channel, "quota"))
        assert "Your own budget for today: $0, so nothing can be drawn." in quota
