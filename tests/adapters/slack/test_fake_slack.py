"""The fake itself: what the real SDK and bolt hear from it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.adapters.slack.fake.rules import Refused, check_blocks, check_view
from tests.adapters.slack.fake.server import FakeSlack, answers, limits
from tests.adapters.slack.fake.world import Json

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PNG = b"\x89PNG and so on"


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    with FakeSlack(now=lambda: NOON) as fake:
        yield fake


@pytest.fixture
def client(fake: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(token=fake.token, base_url=fake.api_url + "/")


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Draw"),
        "submit": plain("Go"),
        "blocks": [*blocks],
        **more,
    }


PROMPT = {
    "type": "input",
    "block_id": "prompt",
    "label": plain("Prompt"),
    "element": {"type": "plain_text_input", "action_id": "prompt"},
}


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


@asynccontextmanager
async def bolt(fake: FakeSlack) -> AsyncIterator[AsyncApp]:
    """A bot of one command, one button and one modal."""
    client = AsyncWebClient(token=fake.token, base_url=fake.api_url + "/")
    app = AsyncApp(client=client)

    @app.command("/imagine")
    async def imagine(ack: Any, command: Any, client: Any) -> None:
        await ack("coming")
        await client.views_open(trigger_id=command["trigger_id"], view=modal(PROMPT))

    @app.view("form")
    async def form(ack: Any, view: Any) -> None:
        prompt = view["state"]["values"]["prompt"]["prompt"]["value"]
        if prompt == "nothing":
            await ack(response_action="errors", errors={"prompt": "Say what to draw."})
        else:
            await ack()

    @app.event("app_home_opened")
    async def home(event: Any, client: Any) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": []})

    handler: Any = AsyncSocketModeHandler(app, fake.world.app_token, ping_interval=0.2)
    await handler.connect_async()
    try:
        yield app
    finally:
        await handler.close_async()


# The Web API.


async def test_a_bot_posts_where_it_is_a_member_and_nowhere_else(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel=fake.art.id, text="hello")
    assert [m.words for m in fake.within(fake.art)] == ["hello"]
    assert posted["ts"] == fake.messages[0].ts
    again = client.chat_postMessage(channel=fake.elsewhere.id, text="hello")
    assert await refused(again) == "not_in_channel"


async def test_metadata_is_found_again_and_outlives_an_update(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    metadata = {"event_type": "job", "event_payload": {"key": "k1"}}
    posted = await client.chat_postMessage(channel=fake.art.id, text="a", metadata=metadata)
    await client.chat_update(channel=fake.art.id, ts=posted["ts"], text="b")
    found = await client.conversations_history(channel=fake.art.id, include_all_metadata=True)
    assert [(m["text"], m["metadata"]) for m in found["messages"]] == [("b", metadata)]
    without = await client.conversations_history(channel=fake.art.id)
    assert "metadata" not in without["messages"][0]


async def test_what_a_token_may_not_do_is_said(fake: FakeSlack, client: AsyncWebClient) -> None:
    fake.workspace.scopes.discard("channels:history")
    history = client.conversations_history(channel=fake.art.id)
    assert await refused(history) == "missing_scope"
    fake.revoke()
    assert await refused(client.auth_test()) == "token_revoked"


async def test_a_picture_is_shown_once_its_file_is_processed(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    fake.processing = timedelta(seconds=5)
    uploaded = await client.files_upload_v2(content=PNG, filename="a.png")
    blocks = [{"type": "image", "alt_text": "a", "slack_file": {"id": uploaded["file"]["id"]}}]
    early = client.chat_postMessage(channel=fake.art.id, text="a", blocks=blocks)
    assert await refused(early) == "invalid_blocks"
    fake.shift(timedelta(seconds=5))
    await client.chat_postMessage(channel=fake.art.id, text="a", blocks=blocks)
    assert [file.data for file in fake.showing(fake.art)[0].pictures] == [PNG]


async def test_a_trigger_is_good_once_and_for_three_seconds(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    async with bolt(fake):
        act = fake.command("/imagine")
        await fake.until(lambda: act.modal)
        trigger = act.payload["trigger_id"]
        once_more = client.views_open(trigger_id=trigger, view=modal(PROMPT))
        assert await refused(once_more) == "exchanged_trigger_id"
        late = fake.shortcut("imagine").payload["trigger_id"]
        fake.shift(timedelta(seconds=4))
        opened = client.views_open(trigger_id=late, view=modal(PROMPT))
        assert await refused(opened) == "expired_trigger_id"


async def test_a_response_url_works_five_times_for_half_an_hour(fake: FakeSlack) -> None:
    async with bolt(fake):
        url = fake.command("/imagine").payload["response_url"]
        hook = AsyncWebhookClient(url)
        uses = [(await hook.send(text=f"{n}")).status_code for n in range(6)]
        assert uses == [200, 200, 200, 200, 200, 404]
        other = AsyncWebhookClient(fake.command("/imagine").payload["response_url"])
        fake.shift(timedelta(minutes=31))
        assert (await other.send(text="late")).body == '{"ok": false, "error": "expired_url"}'


async def test_calls_go_as_a_test_says(fake: FakeSlack, client: AsyncWebClient) -> None:
    fake.will("chat.postMessage", limits(7), answers("fatal_error"))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=fake.art.id, text="a")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (
        429,
        "7",
    )
    assert await refused(client.chat_postMessage(channel=fake.art.id, text="a")) == "fatal_error"
    await client.chat_postMessage(channel=fake.art.id, text="a")
    assert len(fake.messages) == 1


async def test_a_file_without_the_token_is_a_login_page(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    file = fake.upload(PNG)
    kinds = []
    for headers in ({}, {"Authorization": f"Bearer {fake.token}"}):
        async with (
            ClientSession() as session,
            session.get(file.url, headers=headers) as answer,
        ):
            kinds.append((answer.status, answer.content_type))
    assert kinds == [(200, "text/html"), (200, "image/png")]


# Socket Mode and what people do.


async def test_a_command_is_acknowledged_and_opens_a_modal(fake: FakeSlack) -> None:
    async with bolt(fake):
        act = fake.command("/imagine", "", by=fake.bob)
        await fake.until(lambda: act.modal and act.acked)
        assert [message.words for message in act.replies] == ["coming"]
        assert act.modal is not None
        sent = fake.submit(act.modal, {"prompt": "nothing"})
        await fake.until(lambda: sent.acked)
        assert sent.errors == {"prompt": "Say what to draw."}
        assert not act.modal.closed
        sent = fake.submit(act.modal, {"prompt": "a cat"})
        await fake.until(lambda: sent.acked)
        assert act.modal.closed


async def test_events_come_as_often_as_slack_repeats_them(fake: FakeSlack) -> None:
    async with bolt(fake):
        act = fake.event({"type": "app_home_opened", "user": fake.ann.id}, times=3)
        await fake.until(lambda: len(act.acks) == 3)
        await fake.until(lambda: len(fake.called("views.publish")) == 3)
        assert fake.home(fake.ann) is not None


async def test_a_refreshed_and_a_cut_line_are_opened_again(fake: FakeSlack) -> None:
    """Slack's SDK may open two lines for one: it watches the line in two places."""
    async with bolt(fake):
        fake.refresh()
        await fake.until(lambda: len(fake.socket.connections) >= 2 and fake.connected)
        before = len(fake.socket.connections)
        fake.cut()
        await fake.until(lambda: len(fake.socket.connections) > before and fake.connected)
        act = fake.command("/imagine")
        await fake.until(lambda: act.acked)


# The rules.


def usable(_: Any) -> str:
    return ""


def wrong_with(blocks: list[Json], place: str = "message") -> str:
    with pytest.raises(Refused) as caught:
        check_blocks(blocks, place, usable, "invalid_blocks")
    return str(caught.value.more["errors"][0])


def button(**more: Any) -> Json:
    part = {"type": "button", "text": plain("Again"), "action_id": "again", **more}
    return {"type": "actions", "elements": [part]}


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"type": "section", "text": plain("x" * 3001)}, "less than 3001 characters"),
        ({"type": "section", "text": plain("")}, "more than 0 characters"),
        ({"type": "header", "text": plain("x" * 151)}, "less than 151"),
        (button(text=plain("x" * 76)), "less than 76"),
        (button(value="x" * 2001), "less than 2001"),
        (button(action_id="x" * 256), "less than 256"),
        (button(url="x" * 3001), "less than 3001"),
        ({"type": "context", "elements": [plain("a")] * 11}, "1 to 10 elements"),
        ({"type": "image", "alt_text": "a"}, "an address or a file"),
        (
            {"type": "image", "alt_text": "a", "slack_file": {"id": "F1", "url": "u"}},
            "an id or a url",
        ),
        ({"type": "image", "alt_text": "x" * 2001, "image_url": "u"}, "less than 2001"),
        ({"type": "section", "text": plain("a"), "colour": "red"}, "invalid additional property"),
        ({"type": "input", "label": plain("a"), "element": {"type": "button"}}, "missing required"),
    ],
)
def test_a_block_beyond_a_limit_is_refused(block: Json, said: str) -> None:
    assert said in wrong_with([block])


def test_fifty_blocks_are_enough() -> None:
    divider = {"type": "divider"}
    check_blocks([divider] * 50, "message", usable, "invalid_blocks")
    assert "no more than 50 items" in wrong_with([divider] * 51)


def test_a_menu_has_up_to_a_hundred_options() -> None:
    options = [{"text": plain(f"{n}"), "value": f"{n}"} for n in range(101)]
    menu = {"type": "static_select", "action_id": "m", "options": options}
    block = {"type": "section", "text": plain("a"), "accessory": menu}
    assert "1 to 100 options" in wrong_with([block])


@pytest.mark.parametrize(
    "more",
    [
        {"title": plain("x" * 25)},
        {"private_metadata": "x" * 3001},
        {"callback_id": "x" * 256},
        {"submit": None},
        {"blocks": [{"type": "divider"}] * 101},
    ],
)
def test_a_modal_beyond_a_limit_is_refused(more: Json) -> None:
    check_view(modal(PROMPT), usable)
    with pytest.raises(Refused):
        check_view(modal(PROMPT, **more), usable)


async def test_ten_lines_are_enough(fake: FakeSlack) -> None:
    async with ClientSession() as session:
        client = AsyncWebClient(base_url=fake.api_url + "/")
        told, lines = [], []
        for _ in range(11):
            opened = await client.apps_connections_open(app_token=fake.world.app_token)
            line = await session.ws_connect(opened["url"])
            lines.append(line)
            told.append((await line.receive_json()).get("reason", "hello"))
        assert told == ["hello"] * 10 + ["too_many_websockets"]
