"""Who may reach a case: nobody without the role, from another server, or about themselves."""

import re
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord import MemberActor

from adapters.chat.custom_ids import CASE, CaseId
from adapters.discord.platform.limits import CUSTOM_ID_MAX_CHARS
from bot.domain.case import CaseState, Decision
from tests.adapters.discord.harness import answers_to, told
from tests.adapters.discord.moderation_harness import (
    MODERATE,
    ModerationHarness,
    case_of,
    moderation_harness,
    verbs,
)

VERBS = (
    "claim", "release", "reveal", "bare", "approve", "blur", "remove", "strike", "escalate", "undo"
)  # fmt: skip
COMMANDS: dict[str, dict[str, Any]] = {
    "review": {},
    "block": {"member": None},
    "unblock": {"member": None},
    "strike": {"member": None, "reason": "why"},
    "lift": {"strike": 1},
    "history": {"member": None},
    "purge": {"member": None, "since": 1},
    "words add": {"word": "badger"},
    "words allow": {"word": "badger"},
    "words test": {"text": "a badger"},
    "words list": {},
}


async def everything(
    at: ModerationHarness, who: MemberActor, case: str, channel: Any = None
) -> list[str]:
    """Press every button of a case, wherever it was forged; what `who` was told."""
    ids = [f"case:{verb}:{case}{':1' if verb == 'bare' else ''}" for verb in VERBS]
    message = await at.forged(*ids, channel=channel)
    answers = []
    for custom_id in ids:
        said = await who.click(message, custom_id=custom_id)
        assert all(answer.ephemeral for answer in answers_to(said)), custom_id
        assert said.modal is None, custom_id
        answers.append(told(said))
    return answers


def member_of(at: ModerationHarness, who: MemberActor) -> Any:
    return at.here.env.backend.guilds[at.here.guild.id].members[who.id]


async def untouched(at: ModerationHarness, case: str) -> bool:
    found = await at.here.core.reviews.case(at.asker(at.mia, is_moderator=True), case)
    seen = [action for _, action in await at.audited() if action.startswith(("reveal", "decide"))]
    return found.state is CaseState.OPEN and found.claimed_by is None and seen == []


def test_the_pattern_knows_every_button_and_each_is_short() -> None:
    ids = [str(CaseId(verb, "hh8r045x", 9)) for verb in (*VERBS, *map(str, Decision))]
    assert all(re.fullmatch(CASE, each) for each in ids)
    assert max(map(len, ids)) <= CUSTOM_ID_MAX_CHARS


async def test_without_the_role_no_button_of_a_case_does_anything(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        case = case_of(await at.withheld(at.max))
        answers = await everything(at, at.here.ann, case)
        assert {each.partition(".")[0] for each in answers} == {"Only moderators can do that"}
        assert await untouched(at, case)


async def test_a_moderator_of_another_server_learns_nothing_of_a_case(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        case = case_of(await at.withheld())
        elsewhere = at.here.env.create_guild("Elsewhere")
        both = frozenset({str(at.here.guild.id), str(elsewhere.id)})
        at.here.core.claims._named = both
        role = elsewhere.create_role("moderators", permissions=MODERATE)
        stranger = elsewhere.add_member(at.here.env.create_user("eve"), roles=[role])
        answers = await everything(at, stranger, case, elsewhere.create_text_channel("lobby"))
        invented = await everything(at, stranger, "zzzzzzzz", elsewhere.create_text_channel("x"))
        assert {each.partition(".")[0].partition(":")[0] for each in answers + invented} == {
            "There is no such case here"
        }
        assert await untouched(at, case)


async def test_ones_own_case_is_reached_by_no_button(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        case = case_of(await at.withheld(at.mia))
        answers = await everything(at, at.mia, case)
        assert {each.partition(",")[0] for each in answers} == {"This is about yourself"}
        assert await untouched(at, case)


async def test_who_lost_the_role_meanwhile_can_do_nothing(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        case = case_of(await at.withheld())
        member_of(at, at.mia).role_ids.clear()
        answers = await everything(at, at.mia, case)
        assert {each.partition(".")[0] for each in answers} == {"Only moderators can do that"}


async def test_the_role_of_the_setup_suffices(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        helpers = at.here.guild.create_role("helpers")
        bob = at.here.guild.add_member(at.here.env.create_user("bob"), roles=[helpers])
        await at.here.set_up(moderator_channel=str(at.mods.id), moderator_role=str(helpers.id))
        case = case_of(await at.withheld())
        approve = f"case:approve:{case}"
        await bob.click(await at.forged(approve), custom_id=approve)
        await at.here.until(lambda: verbs(at.card()) == ["undo"])


@pytest.mark.parametrize("command", COMMANDS)
async def test_members_are_not_shown_the_command_and_cannot_use_it(
    tmp_path: Path, command: str
) -> None:
    async with moderation_harness(tmp_path) as at:
        ann = at.here.ann
        assert f"mod {command}" not in ann.available_commands(at.here.channel)
        assert f"mod {command}" in at.mia.available_commands(at.here.channel)
        # An admin of the server may show it to everybody; that gives nobody the right.
        found = await at.here.bot.tree.fetch_commands()
        (shown,) = [each for each in found if each.name == "mod"]
        at.here.guild.set_command_permissions(shown, {ann: True})
        given = {name: value or at.max for name, value in COMMANDS[command].items()}
        said = await ann.slash(at.here.channel, f"mod {command}", **given)
        assert said.ephemeral
        assert told(said).startswith("Only moderators can do that.")


async def test_the_platforms_word_counts_at_the_very_moment(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        roles, guild = at.here.roles, str(at.here.guild.id)
        people = (at.mia, at.here.admin, at.here.ann)
        assert [await roles.moderates(guild, str(p.id)) for p in people] == [True, True, False]
        member_of(at, at.mia).role_ids.clear()
        assert not await roles.moderates(guild, str(at.mia.id))
        for server, person in (("1", str(at.mia.id)), (guild, "1"), ("c1", "ann"), (guild, "")):
            assert not await roles.moderates(server, person)


async def test_the_role_of_the_setup_moderates(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        helpers = at.here.guild.create_role("helpers")
        bob = at.here.guild.add_member(at.here.env.create_user("bob"), roles=[helpers])
        assert not await at.here.roles.moderates(str(at.here.guild.id), str(bob.id))
        await at.here.set_up(moderator_role=str(helpers.id))
        assert await at.here.roles.moderates(str(at.here.guild.id), str(bob.id))


async def test_a_discord_that_cannot_say_says_neither_yes_nor_no(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        path = f"/guilds/{at.here.guild.id}/members/*"
        at.here.env.inject_error("GET", path, status=403, code=50001, times=None)
        with pytest.raises(discord.Forbidden):
            await at.here.roles.moderates(str(at.here.guild.id), str(at.mia.id))
