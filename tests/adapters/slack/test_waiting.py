"""Slack says "wait" at any call that the adapter makes: it is waited for, and nothing is lost.

Those between a wish and its pictures are in test_delivery.py.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection.manifest import manifest
from tests.adapters.slack.fake.server import FakeSlack, acts_and_cuts, limits
from tests.adapters.slack.harness import SlackHarness, job_in, slack_harness
from tests.adapters.slack.test_delivery import CALLS, one_result
from tests.adapters.slack.test_oauth import Team
from tests.adapters.slack.transport_harness import PUBLIC_URL, settings_of, transport_harness

ADAPTER = Path(__file__).parents[3] / "adapters/slack"
Scenario = Callable[[SlackHarness], Awaitable[None]]

pytestmark = pytest.mark.slow


async def drawing_in_private(here: SlackHarness) -> None:
    await here.does(lambda: here.fake.command("/imagine", "a secret --private"))
    await here.shown(at=here.fake.direct(here.fake.ann))


async def looking_for_a_lost_result(here: SlackHarness) -> None:
    card = await here.begins()
    here.fake.lock(card)
    here.fake.will("chat.postMessage", acts_and_cuts())
    here.finish()
    await here.until(lambda: len(here.fake.called("conversations.history")) == 2)
    await here.until(lambda: not here.core.outbox._busy)
    await one_result(here)


async def looking_for_a_lost_result_in_a_thread(here: SlackHarness) -> None:
    idea = here.fake.say("an animal?")
    here.core.backend.may_finish.clear()
    await here.does(lambda: here.fake.write(f"{here.fake.mention} a fox", under=idea))
    await here.until(lambda: here.core.backend.busy)
    here.fake.lock(here.fake.within(here.fake.art)[-1])
    here.fake.will("chat.postMessage", acts_and_cuts())
    here.finish()
    await here.until(lambda: len(here.fake.called("conversations.replies")) == 2)
    await here.until(lambda: not here.core.outbox._busy)
    await one_result(here)


async def saying_what_is_left(here: SlackHarness) -> None:
    await here.set_up(person_day_micros=1_000)
    await here.draw()
    (said,) = [m.words for m in here.fake.seen_by(here.fake.ann)]
    assert said.startswith("Your own budget for today is nearly used up")


async def deleting_a_result(here: SlackHarness) -> None:
    card = await here.draw()
    await here.core.studio.delete(here.asker(here.fake.ann), job_in(card))
    await here.until(lambda: all(file.deleted for file in here.fake.files))


async def erasing_oneself(here: SlackHarness) -> None:
    await here.draw()
    await here.core.privacy.erase("slack", here.fake.ann.id)
    await here.until(lambda: not here.fake.within(here.fake.art))


async def opening_a_form(here: SlackHarness) -> None:
    view = await here.modal(lambda: here.fake.command("/imagine"))
    assert view.body["callback_id"] == "wish"


async def opening_the_home(here: SlackHarness) -> None:
    await here.does(here.fake.open_home)
    core = here.fake.home(here.fake.ann)
    assert core is not None
    assert "There is no limit for you here." in core.words


async def setting_up(here: SlackHarness) -> None:
    here.fake.workspace.groups["S1"] = []
    view = await here.modal(lambda: here.fake.command("/limner", "setup"))
    assert view.control("moderator_role")["options"][0]["value"] == "S1"


async def moderating_by_group(here: SlackHarness) -> None:
    here.fake.workspace.groups["S1"] = [here.fake.bob]
    await here.set_up(moderator_role="S1")
    assert (await here.limner("mod words", by=here.fake.bob)).startswith("*Words of this workspace")


async def saying_how_to_invite(here: SlackHarness) -> None:
    here.fake.remove_bot(here.fake.art)
    assert "/invite @" in await here.told(lambda: here.fake.command("/imagine", "a cat"))


async def answering(here: SlackHarness) -> None:
    """Slack's own address for answers counts, too."""
    act = await here.does(lambda: here.fake.command("/limner", "quota"))
    assert len(act.replies) == 1


async def waiting_for_a_picture(here: SlackHarness) -> None:
    await here.draw()


async def saying_where_it_comes(here: SlackHarness) -> None:
    act = await here.does(lambda: here.fake.command("/imagine", "a secret --private"))
    assert "/archives/" in act.replies[-1].words


async def joining_a_channel(here: SlackHarness) -> None:
    at = here.fake.elsewhere
    act = await here.does(lambda: here.fake.command("/imagine", "a cat", at=at))
    await here.does(lambda: here.fake.press(act.replies[-1], "place:join"))
    await here.shown(at=at)


SCENARIOS: dict[str, Scenario] = {
    "auth.test": saying_how_to_invite,
    "chat.delete": erasing_oneself,
    "chat.getPermalink": saying_where_it_comes,
    "chat.postEphemeral": saying_what_is_left,
    "conversations.history": looking_for_a_lost_result,
    "conversations.join": joining_a_channel,
    "conversations.replies": looking_for_a_lost_result_in_a_thread,
    "conversations.open": drawing_in_private,
    "files.delete": deleting_a_result,
    "files.info": waiting_for_a_picture,
    "respond": answering,
    "usergroups.list": setting_up,
    "usergroups.users.list": moderating_by_group,
    "views.open": opening_a_form,
    "views.publish": opening_the_home,
    "views.update": opening_a_form,
}
# With a right of their own: the first contact, and a workspace that installs the bot.
AT_THE_DOOR = ("apps.connections.open", "auth.test")
INSTALLING = "oauth.v2.access"


@pytest.mark.parametrize("method", SCENARIOS)
async def test_the_adapter_waits(tmp_path: Path, method: str) -> None:
    processing = timedelta(seconds=0.5) if method == "files.info" else timedelta(0)
    async with slack_harness(tmp_path, fake=FakeSlack(processing=processing)) as here:
        here.fake.will(method, limits(1))
        await SCENARIOS[method](here)
        first, second = here.fake.called(method)[:2]
        assert (first.status, first.ok, second.status) == (429, False, 200)
        assert second.at_s - first.at_s >= 1.0


@pytest.mark.parametrize("method", AT_THE_DOOR)
async def test_the_first_contact_waits(tmp_path: Path, method: str) -> None:
    with FakeSlack() as fake:
        fake.will(method, limits(1))
        async with transport_harness(fake, tmp_path, settings_of(fake)["socket"]) as here:
            await fake.until(lambda: fake.connected and here.teams)
            assert here.teams == [fake.workspace.id]
        assert fake.called(method)[0].status == 429


async def test_an_installation_waits(tmp_path: Path) -> None:
    with FakeSlack() as fake:
        fake.paste(manifest(public_url=PUBLIC_URL, many=True))
        team = Team(fake, "North")
        fake.will(INSTALLING, limits(1))
        async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
            answer = await team.install(here)
            assert answer.status_code == 200
            assert len(await here.store.installations.installed("slack")) == 1


def test_no_call_is_left_out() -> None:
    source = "".join(file.read_text("utf-8") for file in ADAPTER.rglob("*.py"))
    made = {name for name in re.findall(r"\.(\w+)\(", source) if hasattr(AsyncWebClient, name)}
    tried = {*SCENARIOS, *CALLS, *AT_THE_DOOR, INSTALLING}
    known = {name.replace(".", "_") for name in tried}
    called = {name for name in made if "_" in name.strip("_") and name[0] != "_"}
    assert called - {"api_call"} <= known
