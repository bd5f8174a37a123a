"""Who may reach a case: nobody without the role, from another workspace, or about themselves."""

import re
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from slack_sdk.errors import SlackApiError

from adapters.chat.custom_ids import CASE, RESULT, CaseId
from adapters.slack.connection.clients import new_client
from bot.domain.asker import Asker
from bot.domain.case import CaseState
from tests.adapters.slack.fake.server import answers
from tests.adapters.slack.fake.world import Person
from tests.adapters.slack.moderation_harness import (
    ModerationHarness,
    case_in,
    moderation_harness,
    verbs,
)

ONES = ("claim", "release", "approve", "blur", "undo")
FORMS = ("reveal", "bare", "remove", "strike", "escalate")
COMMANDS = (
    "review", "review {case}", "review decided", "block {who}", "unblock {who}", "strike {who} why",
    "lift 1", "history {who}", "purge {who} day", "words", "words add badger", "words allow badger",
    "words test badger",
)  # fmt: skip


async def everything(at: ModerationHarness, who: Person, case: str) -> list[str]:
    """Press every button of a case, wherever it was forged; what `who` was told."""
    fake, card = at.here.fake, at.cards()[-1]
    told = []
    for verb in ONES:
        act = await at.here.does(partial(fake.forge, card, f"case:{verb}:{case}", by=who))
        assert all(reply.ephemeral for reply in act.replies)
        told.append("\n".join(reply.words for reply in act.replies))
    for verb in FORMS:
        name = str(CaseId(verb, case, 1 if verb == "bare" else None))
        view = await at.here.modal(partial(fake.forge, card, name, by=who))
        assert verbs(view) == []
        assert "submit" not in view.body
        told.append(view.words.partition("\n")[2])
    return told


def first(told: list[str]) -> set[str]:
    """The beginnings of all that was told."""
    return {each.partition(".")[0].partition(":")[0].partition(",")[0] for each in told}


async def untouched(at: ModerationHarness, case: str) -> bool:
    team = at.here.fake.workspace.id
    owner = Asker(platform="slack", community=team, channel="", person="nobody", is_moderator=True)
    found = await at.here.core.reviews.case(owner, case)
    done = [at.audit(action) for action in ("reveal", "reveal prompt", "decide")]
    return found.state is CaseState.OPEN and found.claimed_by is None and done == [[], [], []]


def test_the_patterns_find_their_own_buttons_and_no_others() -> None:
    for verb in (*ONES, *FORMS):
        name = str(CaseId(verb, "hh8r045x", 9))
        assert re.fullmatch(CASE, name)
        assert not re.fullmatch(RESULT, name)


async def test_without_the_role_no_button_of_a_case_does_anything(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        case = case_in(await at.withheld())
        told = await everything(at, at.here.fake.bob, case)
        assert first(told) == {"Only moderators can do that"}
        assert await untouched(at, case)
        assert at.here.fake.world.files == {}


async def test_guests_and_people_from_outside_moderate_nothing_whoever_listed_them(
    tmp_path: Path,
) -> None:
    async with moderation_harness(tmp_path) as at:
        fake = at.here.fake
        zoe = fake.add_person("Zoe", from_team="T0000000099")
        ids = (fake.gil.id, zoe.id)
        await at.here.set_up(
            moderator_channel=at.mods.id, moderators=ids, flagged="review", outsiders=True
        )
        case = case_in(await at.withheld())
        for who in (fake.gil, zoe):
            assert first(await everything(at, who, case)) == {"Only moderators can do that"}
        assert await untouched(at, case)


async def test_a_moderator_of_another_workspace_learns_nothing_of_a_case(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        case = case_in(await at.withheld())
        fake = at.here.fake
        other = fake.add_workspace("Elsewhere", installed=True)
        other.scopes = {*fake.workspace.scopes}
        eve = fake.add_person("Eve", other, admin=True, owner=True)
        lobby = fake.add_channel("lobby", eve, at=other)
        fake.invite_bot(lobby, other)
        clients: Any = at.here.here.clients
        clients.others[other.id] = new_client(
            clients.client.session,
            fake.api_url,
            clients.client._pace,
            team=other.id,
            token=other.token,
        )
        at.here.core.claims.trust("slack", other.id)
        mine = await at.here.told(lambda: fake.command("/limner", "mod review", by=eve, at=lobby))
        assert "Nothing waits." in mine
        for wanted in (case, "zzzzzzzz"):
            said = await at.here.told(
                partial(fake.command, "/limner", f"mod review {wanted}", by=eve, at=lobby)
            )
            assert said.startswith("There is no such case here")
        await at.here.does(lambda: fake.command("/imagine", "a cat", by=eve, at=lobby))
        await fake.until(lambda: fake.within(lobby))
        posted = fake.within(lobby)[-1]
        for verb in (*ONES, *FORMS):
            name = str(CaseId(verb, case, 1 if verb == "bare" else None))
            act = await at.here.does(partial(fake.forge, posted, name, by=eve))
            shown = act.modal.words if act.modal else act.replies[-1].words
            assert "There is no such case here" in shown, verb
        assert await untouched(at, case)


async def test_ones_own_case_is_reached_by_no_button(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        case = case_in(await at.withheld(by=at.mia))
        assert first(await everything(at, at.mia, case)) == {"This is about yourself"}
        assert await untouched(at, case)


async def test_forged_and_invented_ids_lead_nowhere(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        case = case_in(await at.withheld())
        assert first(await everything(at, at.mia, "zzzzzzzz")) == {"There is no such case here"}
        card = at.cards()[-1]
        view = await at.here.modal(
            lambda: at.here.fake.forge(card, f"case:bare:{case}:9", by=at.mia)
        )
        assert "There is no" in view.words
        assert at.here.fake.world.files == {}
        assert await untouched(at, case)


async def test_who_lost_the_role_meanwhile_can_do_nothing(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        case = case_in(await at.withheld())
        card = at.cards()[-1]
        form = await at.form(card, "remove", by=at.mia)
        await at.here.set_up(moderator_channel=at.mods.id, flagged="review")
        assert first(await everything(at, at.mia, case)) == {"Only moderators can do that"}
        await at.submit(form, "no")
        assert at.here.fake.seen_by(at.mia)[-1].words.startswith("Only moderators can do that.")
        assert await untouched(at, case)


async def test_a_user_group_moderates_and_leaving_it_ends_that_at_once(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        fake = at.here.fake
        fake.workspace.groups["S0000000001"] = [at.max]
        await at.here.set_up(
            moderator_channel=at.mods.id, moderator_role="S0000000001", flagged="review"
        )
        card = await at.withheld()
        await at.press(card, "claim", by=at.max)
        await fake.until(lambda: f"<@{at.max.id}> looks at it" in card.words)
        fake.workspace.groups["S0000000001"] = []
        said = await at.here.told(lambda: fake.press(card, "Approve", by=at.max))
        assert said.startswith("Only moderators can do that.")


async def test_admins_moderate(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld(by=at.here.fake.bob)
        await at.press(card, "approve", by=at.here.fake.ann)
        await at.here.fake.until(lambda: f"*Shown* by <@{at.here.fake.ann.id}>" in card.words)


@pytest.mark.parametrize("command", COMMANDS)
async def test_members_can_use_no_command_of_moderators(tmp_path: Path, command: str) -> None:
    async with moderation_harness(tmp_path) as at:
        case = case_in(await at.withheld())
        words = command.format(case=case, who=f"<@{at.here.fake.ann.id}|ann>")
        said = await at.mod(words, by=at.here.fake.bob)
        assert said.startswith("Only moderators can do that.")
        assert await untouched(at, case)


async def test_the_page_asks_slack_who_moderates_at_this_moment(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        roles, team = at.here.roles, at.here.fake.workspace.id
        assert await roles.moderates(team, at.mia.id)
        assert await roles.moderates(team, at.here.fake.ann.id)
        assert not await roles.moderates(team, at.here.fake.bob.id)
        assert not await roles.moderates(team, "U0000000099")
        assert not await roles.moderates("T0000000099", at.mia.id)
        await at.here.set_up(moderator_channel=at.mods.id)
        assert not await roles.moderates(team, at.mia.id)
        at.here.fake.will("users.info", answers("fatal_error"))
        with pytest.raises(SlackApiError):
            await roles.moderates(team, at.here.fake.ann.id)
        at.mia.deleted = True
        await at.here.set_up(moderators=(at.mia.id,))
        assert not await roles.moderates(team, at.mia.id)


async def test_a_withheld_picture_is_in_nothing_that_others_can_get(tmp_path: Path) -> None:
    async with moderation_harness(tmp_path) as at:
        card = await at.withheld("a bather --images 2")
        colours = await _colours(at)
        assert _holding(at, colours) == []
        for text in ("show", f"show {_job(at)}"):
            await at.here.limner(text)
        await at.here.told(lambda: at.here.fake.open_home(by=at.here.fake.ann))
        assert _holding(at, colours) == []
        view = await at.here.modal(lambda: at.here.fake.press(card, "Reveal", by=at.mia))
        await at.here.does(lambda: at.here.fake.press(view, "Show 1 as it is"))
        (held,) = _holding(at, colours)
        assert held.name == f"case-{case_in(card)}-1.png"
        assert held.shares == []
        showing = [m for m in at.here.fake.messages if held in m.pictures]
        assert showing == []
        assert held.id in str(view.body)
        others = [v for v in [*at.here.fake.world.views.values()] if v.person is not at.mia]
        assert held.id not in str([v.versions for v in others])
        await at.press(view, "remove", by=at.mia)
        await at.submit(view, "no")
        await at.effect()
        assert held.deleted


def _job(at: ModerationHarness) -> str:
    return at.result().words.rpartition("`")[0].rpartition("`")[2]


async def _colours(at: ModerationHarness) -> list[Any]:
    """The colours of the pictures that Ann drew last."""
    newest = (await at.here.core.studio.history(at.here.asker(at.here.fake.ann)))[0]
    kept = (await at.here.core.store.jobs.job(newest.key)).pictures
    return [_colour(await at.here.core.pictures.read(p.sha256, p.type)) for p in kept]


def _holding(at: ModerationHarness, colours: list[Any]) -> list[Any]:
    """All files with Slack that show one of these."""
    files = at.here.fake.files
    return [file for file in files if file.data and _colour(file.data) in colours]


def _colour(data: bytes) -> Any:
    with Image.open(BytesIO(data)) as image:
        return image.convert("RGB").getpixel((image.width // 2, image.height // 2))
