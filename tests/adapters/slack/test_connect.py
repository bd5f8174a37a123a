"""People from outside and from sibling workspaces: what they do is ours, whatever Slack names.

Source: https://docs.slack.dev/apis/slack-connect: a form that was sent from a shared channel has
the sender's workspace in `team`, and ours in `view.app_installed_team_id`; within an organization
`team` may be null.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.connection.manifest import manifest
from adapters.slack.connection.own_workspace import named_in
from tests.adapters.slack.fake.server import FakeSlack
from tests.adapters.slack.fake.world import Person
from tests.adapters.slack.harness import SlackHarness, job_in, slack_harness
from tests.adapters.slack.test_oauth import Team, event_of, forgotten, says
from tests.adapters.slack.transport_harness import (
    PUBLIC_URL,
    TransportHarness,
    settings_of,
    transport_harness,
)

PEOPLE = ("from outside", "of a sibling workspace")


async def somebody(here: SlackHarness, who: str) -> Person:
    """In the shared channel #art, where guests may draw, too."""
    fake = here.fake
    await here.set_up(outsiders=True, moderator_channel=fake.private.id)
    enterprise = "E1" if who == PEOPLE[1] else ""
    fake.workspace.enterprise = enterprise
    person = fake.add_person("Eve", from_team="T0OTHER", enterprise=enterprise)
    fake.art.members.append(person)
    fake.art.shared = True
    return person


@pytest.mark.parametrize("who", PEOPLE)
async def test_buttons_and_forms_in_a_shared_channel(tmp_path: Path, who: str) -> None:
    async with slack_harness(tmp_path) as here:
        eve = await somebody(here, who)
        card = await here.draw()
        await here.does(lambda: here.fake.press(card, "Again", by=eve))
        await here.shown(2)
        view = await here.modal(lambda: here.fake.press(card, "Edit", by=eve))
        await here.does(lambda: here.fake.choose(view, "num_images", "2", by=eve))
        assert "2 pictures" in view.words
        await here.does(lambda: here.fake.submit(view, {"prompt": "a dog", "num_images": "2"}))
        cards = await here.shown(3)
        assert "a dog" in cards[-1].words
        mine = await here.core.studio.history(here.asker(eve))
        assert [each.prompt for each in mine] == ["a dog", "a cat"]


@pytest.mark.parametrize("who", PEOPLE)
async def test_a_report_from_a_shared_channel_arrives(tmp_path: Path, who: str) -> None:
    async with slack_harness(tmp_path) as here:
        eve = await somebody(here, who)
        card = await here.draw()
        view = await here.modal(lambda: here.fake.choose(card, "more:", "report", by=eve))
        filled = {"category": "hate", "reason": "look at it"}
        assert "Thank you" in await here.told(lambda: here.fake.submit(view, filled))
        await here.until(lambda: here.fake.within(here.fake.private))
        assert f"`{job_in(card)}` was reported" in here.fake.within(here.fake.private)[0].words


async def test_who_may_not_draw_reads_so_and_not_that_i_am_not_installed(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        eve = await somebody(here, PEOPLE[0])
        await here.set_up(outsiders=False)
        card = await here.draw()
        view = await here.modal(lambda: here.fake.press(card, "Edit", by=eve))
        assert "not for guests or people from outside" in view.words


async def test_the_setup_of_an_admin_of_ours_is_kept(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await somebody(here, PEOPLE[0])
        view = await here.modal(lambda: here.fake.command("/limner", "setup"))
        # As from a shared channel: the workspace that is named is not ours.
        here.fake.ann.team = "T0OTHER"
        act = here.fake._new("interactive", here.fake.ann, None, view=view)
        act.payload = here.fake._interactive(
            act, "view_submission", view=view.payload(here.fake._state(view, {"day_micros": "7"}))
        )
        here.fake.ann.team = here.fake.workspace.id
        assert act.payload["team"]["id"] == "T0OTHER"
        await here.does(lambda: here.fake._send(act))
        kept = await here.core.studio.community(here.asker(here.fake.ann))
        assert kept.day_micros == 7_000_000


# --- where many workspaces have the bot -----------------------------------------------------------


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        fake.paste(manifest(public_url=PUBLIC_URL, many=True))
        yield fake


def listen(here: TransportHarness) -> None:
    async def heard(ack: Any, body: dict[str, Any], context: Any) -> None:
        await ack()
        here.heard.append({"team": body["team"]["id"], "bot_token": context.bot_token})

    here.transport.app.view("report")(heard)
    here.transport.app.action("again")(heard)
    here.transport.app.global_shortcut("imagine")(heard)


async def test_a_form_goes_to_the_workspace_that_opened_it(fake: FakeSlack, tmp_path: Path) -> None:
    """Both have the bot, and a card of one is shown to the other as well."""
    red, blue = Team(fake, "Red"), Team(fake, "Blue")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        listen(here)
        await red.install(here)
        await blue.install(here)
        sender = {"id": blue.admin.id, "team_id": blue.workspace.id}
        form = {
            "type": "view_submission",
            "team": {"id": blue.workspace.id},
            "user": sender,
            "view": {
                "type": "modal",
                "id": "V1",
                "callback_id": "report",
                "team_id": blue.workspace.id,
                "app_installed_team_id": red.workspace.id,
            },
        }
        press = {
            "type": "block_actions",
            "team": {"id": blue.workspace.id},
            "user": sender,
            "actions": [{"action_id": "again", "block_id": "b", "type": "button"}],
            "message": {"team": red.workspace.id, "bot_id": red.workspace.bot_id},
        }
        for body in (form, press):
            answer = await says(here, {"payload": json.dumps(body)})
            assert answer.status_code == 200
        ours = {"team": red.workspace.id, "bot_token": red.workspace.token}
        assert here.heard == [ours, ours]
        # Nor is it taken for the sender's once its own workspace took the bot off.
        fake.revoke(red.workspace)
        await says(here, event_of(red, {"type": "app_uninstalled"}, "Ev1"), event=True)
        await forgotten(here, red)
        await says(here, {"payload": json.dumps(form)})
        assert here.heard == [ours, ours]


async def test_a_sibling_workspace_is_served_by_the_one_that_has_the_bot(
    fake: FakeSlack, tmp_path: Path
) -> None:
    red, blue = Team(fake, "Red"), Team(fake, "Blue")
    red.workspace.enterprise = "E1"
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        listen(here)
        await red.install(here)
        await blue.install(here)
        for enterprise in ("E1", "E2"):
            body = {
                "type": "shortcut",
                "callback_id": "imagine",
                "team": None,
                "enterprise": {"id": enterprise},
                "user": {"id": "U0SIBLING", "team_id": "T0SIBLING"},
            }
            await says(here, {"payload": json.dumps(body)})
        assert here.heard == [{"team": red.workspace.id, "bot_token": red.workspace.token}]


def test_ours_is_named_before_the_senders() -> None:
    event = {"team_id": "T1", "authorizations": [{"team_id": "T2"}], "event": {"user": "U1"}}
    assert named_in(event) == ["T2", "T1"]
    command = {"team_id": "T1", "user_id": "U1"}
    assert named_in(command) == ["T1"]
    menu = {"type": "message_action", "message": {"team": "T2"}, "team": {"id": "T1"}, "user": {}}
    assert named_in(menu) == ["T1"]
