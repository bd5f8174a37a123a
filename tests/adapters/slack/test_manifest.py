"""The app as Slack has to know it: its limits, and that every permission has its reason."""

import re
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection.manifest import ADDED, AGENT_SCOPE, SCOPES, Event, manifest
from bot.request import command_parser, options
from tests.adapters.slack.fake.app import EVENT_SCOPES
from tests.adapters.slack.fake.calls import SCOPES as NEEDED
from tests.adapters.slack.fake.calls import WITHOUT_BOT_TOKEN
from tests.adapters.slack.fake.world import HISTORY_SCOPE, walk

ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs/slack.md").read_text("utf-8")
ADAPTER = ROOT / "adapters/slack"
URL = "https://draw.example.org"
ALL = [
    manifest(),
    manifest(public_url=URL),
    manifest(public_url=URL, many=True),
    manifest(name="N" * 99),
    manifest(agent=True),
    manifest(public_url=URL, agent=True),
]


def test_every_scope_is_explained_and_nothing_else() -> None:
    explained = dict(re.findall(r"^\| `([a-z_.:]+)` \| (.+) \|$", DOCS, re.MULTILINE))
    assert explained == SCOPES
    assert manifest()["oauth_config"]["scopes"]["bot"] == sorted(explained)


def test_every_event_is_explained_and_nothing_else() -> None:
    (paragraph,) = re.findall(r"^Events: (.+?)\n\n", DOCS, re.MULTILINE | re.DOTALL)
    assert sorted(re.findall(r"`([\w.]+)`", paragraph)) == sorted(Event)


def calls() -> set[str]:
    """The methods of the Web API that the adapter's source calls, as Slack names them."""
    source = "".join(file.read_text("utf-8") for file in ADAPTER.rglob("*.py"))
    named = {*re.findall(r"\.([a-z]+_\w+)", source)}
    made = {name for name in named if hasattr(AsyncWebClient, name)} - {"api_call"}
    by_name = {method.replace(".", "_"): method for method in (*NEEDED, *WITHOUT_BOT_TOKEN)}
    return {by_name[name] for name in made}


def test_the_scopes_are_those_that_the_calls_need() -> None:
    needed = {scope for method in calls() - WITHOUT_BOT_TOKEN if (scope := NEEDED[method])}
    heard = {*HISTORY_SCOPE.values(), *EVENT_SCOPES.values()}
    assert {"commands", *heard, *needed} - {"*history"} == {*SCOPES}


@pytest.mark.parametrize("made", ALL)
def test_slacks_limits_are_kept(made: dict[str, Any]) -> None:
    """Source: https://docs.slack.dev/reference/app-manifest"""
    shown, features = made["display_information"], made["features"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(features["shortcuts"]) <= 10
    assert set(features) <= {
        "agent_view", "app_home", "bot_user", "shortcuts", "slash_commands"
    }  # fmt: skip
    for shortcut in features["shortcuts"]:
        assert shortcut["type"] in ("global", "message")
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
        assert len(shortcut["callback_id"]) <= 255
    for command in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z]{1,31}", command["command"])
        assert len(command["description"]) <= 2_000
        assert len(command["usage_hint"]) <= 1_000
    assert len(made["oauth_config"]["scopes"]["bot"]) <= 255
    assert len(made["settings"]["event_subscriptions"]["bot_events"]) <= 100


def test_by_socket_mode_no_address_is_named() -> None:
    made = manifest()
    assert made["settings"]["socket_mode_enabled"] is True
    assert [part for part in walk(made) if "url" in part or "request_url" in part] == []


def test_over_http_slack_comes_to_one_address() -> None:
    made = manifest(public_url=URL)
    assert made["settings"]["socket_mode_enabled"] is False
    named = [part.get("url") or part.get("request_url") for part in walk(made)]
    assert {url for url in named if url} == {f"{URL}/slack/events"}
    assert "redirect_urls" not in made["oauth_config"]


def test_many_workspaces_come_back_from_slacks_page() -> None:
    made = manifest(public_url=URL, many=True)
    assert made["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]


def test_an_agent_is_what_slack_asks_of_one() -> None:
    """Source: https://docs.slack.dev/ai/developing-agents"""
    made, plain = manifest(agent=True), manifest()
    view = made["features"]["agent_view"]
    assert set(view) == {"agent_description", "suggested_prompts"}
    assert 0 < len(view["agent_description"]) <= 300
    assert 1 <= len(view["suggested_prompts"]) <= 4
    for prompt in view["suggested_prompts"]:
        assert set(prompt) == {"title", "message"}
        fields = command_parser.parse(f"/imagine {prompt['message']}").fields
        options.validate(fields)  # a press draws it
    scopes = made["oauth_config"]["scopes"]["bot"]
    assert {*scopes} - {*plain["oauth_config"]["scopes"]["bot"]} == {AGENT_SCOPE}
    events = made["settings"]["event_subscriptions"]["bot_events"]
    assert {"app_home_opened", "message.im"} <= {*events}
    home = made["features"]["app_home"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]


def test_people_may_write_in_the_messages_tab() -> None:
    home = manifest()["features"]["app_home"]
    assert (home["messages_tab_enabled"], home["messages_tab_read_only_enabled"]) == (True, False)
    assert "agent_view" not in manifest()["features"]


def test_what_was_added_later_is_asked_for() -> None:
    assert {*ADDED} <= {*SCOPES}
