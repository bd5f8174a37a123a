"""What members ask besides pictures; private conversations."""

import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from simcord import GuildHandle, UserHandle

from adapters.discord.context import HOME_SERVERS_MAX
from bot.domain.budgets import Budgets
from bot.domain.community_settings import CommunitySettings
from tests.adapters.discord.harness import DiscordHarness, discord_harness, text_of, told
from tests.support.bot_harness import ANN


async def test_quota_counts_pictures_first_and_dollars_below(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, Budgets(person_day=10_000)) as here:
        await here.draw()
        said = told(await here.ann.slash(here.channel, "quota"))
        assert said.startswith(
            "### You have about 9 pictures left.\n"
            "-# Your own budget for today: $0.001 of $0.01 used, new on <t:1767312000:f>."
        )
        assert "owner" not in said


async def test_models_say_what_they_cost(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        said = told(await here.ann.slash(here.channel, "models"))
        assert said == (
            "### Models\n**stable-diffusion-2-1** free, 1 to 512 steps\n"
            "-# latent text-to-image diffusion model, 768 px"
        )


async def test_help_names_the_commands_and_the_owner(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, operator_contact="ask *Zoe*") as here:
        said = told(await here.ann.slash(here.channel, "help"))
        assert "**/imagine** draw pictures from a description" in said
        assert "The bot owner: ask \\*Zoe\\*" in said


async def test_help_names_to_admins_and_moderators_what_is_theirs(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        said = told(await here.admin.slash(here.channel, "help"))
        assert "**/limner** set up and run" in said
        assert "**/mod** look after" in said
        said = told(await here.ann.slash(here.channel, "help"))
        assert "/limner" not in said
        assert "**/mod**" not in said


async def test_defaults_fill_what_is_left_open(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        said = told(await here.ann.slash(here.channel, "settings", steps=40, no="dogs"))
        assert said == "### Your defaults\nno: `dogs`\nsteps: `40`"
        await here.draw()
        (drawn,) = here.core.backend.drawn
        assert (drawn.num_inference_steps, drawn.negative_prompt) == (40, "dogs")
        said = told(await here.ann.slash(here.channel, "settings", reset=True))
        assert "None. Give /settings the options" in said


async def test_a_saved_style_is_offered_and_used(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        said = await here.ann.slash(here.channel, "settings", save_as="Calm", steps=12)
        assert told(said) == "The style `calm` is saved; /imagine offers it as style."
        offered = await here.ann.autocomplete(here.channel, "imagine", "style", "cal")
        assert [each["value"] for each in offered] == ["calm"]
        await here.draw(style="calm")
        assert here.core.backend.drawn[0].num_inference_steps == 12


async def test_show_finds_a_result_for_the_one_who_asks(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw()
        job = text_of(card).split("`")[-2]
        said = await here.admin.slash(here.channel, "show", id=f"#{job.upper()}")
        assert said.ephemeral
        assert f"<@{here.ann.id}> drew" in told(said)
        lost = await here.admin.slash(here.channel, "show", id="zzzzzzzz")
        assert told(lost).startswith("There is no result with this id")


async def test_one_takes_along_everything_that_is_kept(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await here.draw()
        card = await here.ann.slash(here.channel, "privacy")
        assert card.response is not None
        said = await here.ann.click(card.response.message, custom_id="privacy:export")
        assert said.ephemeral
        assert said.response is not None
        (archive,) = said.response.attachments
        with zipfile.ZipFile(BytesIO(await archive.read())) as found:
            data = json.loads(found.read("data.json"))
            assert len(found.namelist()) == 2
        assert data["places"][0]["jobs"][0]["request"]["prompt"] == "a cat"


async def test_one_erases_oneself_after_being_asked(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await here.draw()
        card = await here.ann.slash(here.channel, "privacy")
        assert card.response is not None
        asked = await here.ann.click(card.response.message, custom_id="privacy:erase")
        assert asked.response is not None
        assert here.messages() != []
        said = await here.ann.click(asked.response.message, custom_id="privacy:erase-now")
        assert told(said) == "Erased: 1 request. 1 message is being taken down."
        here.core.outbox.wake()
        await here.until(lambda: not [m for m in here.messages() if not m.flags.ephemeral])


async def test_a_member_draws_in_private_and_their_server_pays(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        user = here.env.create_user("cleo")
        here.guild.add_member(user)
        await user.slash("imagine", prompt="a cat")
        await here.until(
            lambda: user.dm_channel.history() and "drew" in text_of(user.dm_channel.history()[-1])
        )
        spent = told(await here.admin.slash(here.channel, "limner spend"))
        assert f"<@{user.id}> $0.001" in spent


async def test_in_private_the_rules_of_ones_own_server_hold(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await here.set_up(membership_days=30)
        user = here.env.create_user("cleo")
        here.guild.add_member(user)
        said = await user.slash("imagine", prompt="a cat")
        assert told(said).startswith("Your account, or your time here, is too young")


async def test_in_private_a_role_is_worth_what_it_is_worth_on_the_server(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        patron = here.guild.create_role("patron")
        await here.set_up(person_day_micros=0, role_day_micros={str(patron.id): 1_000})
        rich, poor = (here.env.create_user(name) for name in ("rich", "poor"))
        here.guild.add_member(rich, roles=[patron])
        here.guild.add_member(poor)
        said = await poor.slash("imagine", prompt="a cat")
        assert told(said).startswith("Your own budget for today is $0,")
        await rich.slash("imagine", prompt="a cat")
        await here.until(lambda: "drew" in text_of(rich.dm_channel.history()[-1]))


async def test_in_private_a_server_that_is_set_up_pays(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, set_up=False) as here:
        other = here.env.create_guild("Other")
        here.core.claims._named |= {str(other.id)}
        user = here.env.create_user("cleo")
        for guild in (here.guild, other):
            guild.add_member(user)
        said = await user.slash("imagine", prompt="a cat")
        assert told(said).startswith("I am not set up here yet.")
        await set_up(here, other)
        here.core.clock.advance(timedelta(minutes=11))  # what was remembered is asked anew
        await user.slash("imagine", prompt="a cat")
        await here.until(lambda: "drew" in text_of(user.dm_channel.history()[-1]))


async def set_up(here: DiscordHarness, guild: GuildHandle) -> None:
    settings, now = CommunitySettings(set_up=True), here.core.clock.now()
    people = here.core.store.people
    await people.change_community("discord", str(guild.id), lambda _: settings, "test", now)


async def test_a_stranger_draws_nothing_in_private(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        stranger = here.env.create_user("eve")
        said = await stranger.slash("imagine", prompt="a cat")
        assert told(said).startswith("This bot is private, so I can't draw for you here.")
        assert here.core.backend.drawn == []


async def test_a_bot_that_is_nobodys_yet_says_so_in_private(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, set_up=False, claimed=False) as here:
        user = here.env.create_user("cleo")
        here.guild.add_member(user)
        said = await user.slash("imagine", prompt="a cat")
        assert told(said).startswith("I don't belong to anybody yet, so I draw for nobody.")


async def two_servers(here: DiscordHarness) -> GuildHandle:
    """Another server beside the first, both set up."""
    other = here.env.create_guild("Other")
    here.core.claims._named |= {str(other.id)}
    await set_up(here, other)
    return other


async def spent(here: DiscordHarness, *guilds: GuildHandle) -> list[int]:
    """What each server has paid today."""
    found = []
    for guild in guilds:
        place = replace(ANN, community=str(guild.id), is_admin=True)
        windows = (await here.core.administration.spend(place)).windows
        found.append(windows[0].posted_micros)
    return found


async def drawn_in_private(here: DiscordHarness, user: UserHandle) -> None:
    count = len(here.core.backend.drawn)
    await user.slash("imagine", prompt="a cat")
    await here.until(lambda: len(here.core.backend.drawn) > count)
    await here.until(lambda: "drew" in text_of(user.dm_channel.history()[-1]))


async def test_who_is_in_several_servers_is_asked_which_pays(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        other, user = await two_servers(here), here.env.create_user("cleo")
        for guild in (here.guild, other):
            guild.add_member(user)
        said = await user.slash("imagine", prompt="a cat")
        assert told(said).startswith("You are a member of several servers that I draw for")
        assert here.core.backend.drawn == []
        assert said.response is not None
        picked = await user.select(said.response.message, [str(other.id)], custom_id="home")
        assert told(picked).startswith("Other pays for what you draw in private from now on.")
        await drawn_in_private(here, user)
        assert await spent(here, here.guild, other) == [0, 1_000]
        (place, *_) = [
            p for p in (await exported(here, tmp_path, user))["places"] if p["records"]["home"]
        ]
        assert place["community"] == str(other.id)


async def exported(here: DiscordHarness, tmp_path: Path, user: UserHandle) -> Any:
    folder = tmp_path / "export"
    await here.core.privacy.export("discord", str(user.id), folder)
    return json.loads((folder / "data.json").read_text("utf-8"))


async def test_the_server_where_one_drew_last_pays_in_private(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        other, user = await two_servers(here), here.env.create_user("cleo")
        places = [(here.guild, here.channel), (other, other.create_text_channel("art"))]
        members = [(guild.add_member(user), channel) for guild, channel in places]
        for number, (member, channel) in enumerate([*members, members[0]], start=1):
            await member.slash(channel, "imagine", prompt="a dog")
            await here.until(lambda: len(here.core.backend.drawn) >= 2 * number - 1)  # noqa: B023
            here.core.clock.advance(timedelta(seconds=1))
            await drawn_in_private(here, user)
            here.core.clock.advance(timedelta(seconds=1))
        assert await spent(here, here.guild, other) == [4_000, 2_000]


async def test_a_server_that_one_has_left_pays_no_more(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        other, user = await two_servers(here), here.env.create_user("cleo")
        member = here.guild.add_member(user)
        other.add_member(user)
        await member.slash(here.channel, "imagine", prompt="a dog")
        await here.until(lambda: here.core.backend.drawn)
        here.guild.remove_member(user)
        await drawn_in_private(here, user)
        assert await spent(here, here.guild, other) == [1_000, 1_000]


async def test_a_bot_in_many_servers_asks_to_draw_on_ones_own_first(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        for number in range(HOME_SERVERS_MAX):
            guild = here.env.create_guild(f"Other {number}")
            here.core.claims._named |= {str(guild.id)}
        user = here.env.create_user("cleo")
        member = here.guild.add_member(user)
        await here.until(lambda: len(here.bot.guilds) > HOME_SERVERS_MAX)
        said = told(await user.slash("imagine", prompt="a cat"))
        assert said.startswith("I don't know yet which server pays for what you draw in private.")
        await member.slash(here.channel, "imagine", prompt="a dog")
        await here.until(lambda: here.core.backend.drawn)
        await drawn_in_private(here, user)
        assert await spent(here, here.guild) == [2_000]
