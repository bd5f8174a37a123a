"""The app's manifest, to be pasted at https://api.slack.com/apps, "From a manifest".

docs/slack.md gives the same reason for each scope; a test compares them.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from bot.wording import labels

# Bot scopes, why each is needed.
SCOPES: dict[str, str] = {
    "app_mentions:read": "to hear what somebody writes to it in a channel, and nothing else there",
    "commands": "to be there: /imagine, /limner and the shortcuts",
    "chat:write": "to post the message of a job, to change it and to take it down",
    "files:write": "to upload the pictures, and to delete them again",
    "files:read": "to see when a picture is processed, and to read a starting image",
    "im:write": "to open the conversation with a person, for what is private",
    "channels:history": "to find a message again whose sending was interrupted, in public channels",
    "channels:join": "to join a public channel for whoever presses Add me there",
    "groups:history": "the same in private channels; in both only where the bot is a member",
    "im:history": "the same in the conversation with a person, and to hear what they write there",
    "users:read": "to know administrators, guests and people from outside",
    "usergroups:read": "to know the members of groups that moderate, are trusted or have a budget",
}
# Without these an older installation works, but for this.
ADDED: dict[str, str] = {"app_mentions:read": "nobody can draw by mentioning it"}
# For the agent view only: to be there in Slack's list of agents.
AGENT_SCOPE = "assistant:write"
NAME_MAX_CHARS = 35
EVENTS_PATH, REDIRECT_PATH = "/slack/events", "/slack/oauth_redirect"


# The manifest declares each member, and listeners are registered by them. Slack keeps the values of
# the manifest that an owner pasted, so that changing one breaks their app.


class Command(StrEnum):
    IMAGINE = "/imagine"
    LIMNER = "/limner"


class GlobalShortcut(StrEnum):
    """Values are callback ids, as are those of shortcuts on a message."""

    IMAGINE = "imagine"


class MessageShortcut(StrEnum):
    USE_AS_START = "use_as_start"
    SHOW_PARAMETERS = "show_parameters"
    REPORT = "report"


class Event(StrEnum):
    APP_HOME_OPENED = "app_home_opened"
    APP_MENTION = "app_mention"
    APP_UNINSTALLED = "app_uninstalled"
    MESSAGE_IM = "message.im"
    TOKENS_REVOKED = "tokens_revoked"


# Description and hint.
_COMMANDS: Mapping[Command, tuple[str, str]] = {
    Command.IMAGINE: (labels.DRAW_A_PICTURE, labels.DRAW_EXAMPLE),
    Command.LIMNER: (labels.EVERYTHING_ELSE, "help"),
}
# Name and description.
_GLOBAL: Mapping[GlobalShortcut, tuple[str, str]] = {
    GlobalShortcut.IMAGINE: (labels.IMAGINE, labels.DRAW_A_PICTURE),
}
_ON_MESSAGES: Mapping[MessageShortcut, tuple[str, str]] = {
    MessageShortcut.USE_AS_START: (labels.START_FROM, labels.START_FROM_MEANS),
    MessageShortcut.SHOW_PARAMETERS: (
        labels.SHOW_PARAMETERS,
        labels.SHOW_PARAMETERS_MEANS,
    ),
    MessageShortcut.REPORT: (labels.REPORT_IMAGE, labels.REPORT_IMAGE_MEANS),
}


def manifest(
    *, name: str = "Limner", public_url: str = "", many: bool = False, agent: bool = False
) -> dict[str, Any]:
    """`public_url` is where Slack sends to, "" for Socket Mode; `many` lets workspaces install it;
    `agent` lists it among Slack's agents.

    Source: https://docs.slack.dev/reference/app-manifest
    """
    return {
        "display_information": {
            "name": name[:NAME_MAX_CHARS],
            "description": labels.APP_MEANS,
            "background_color": "#1f2430",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,  # commands are typed there
            },
            **({"agent_view": _agent_view()} if agent else {}),
            "bot_user": {"display_name": name[:NAME_MAX_CHARS], "always_online": True},
            "shortcuts": _shortcuts(),
            "slash_commands": _commands(public_url),
        },
        "oauth_config": {
            "scopes": {"bot": sorted([*SCOPES, *([AGENT_SCOPE] if agent else [])])},
            **({"redirect_urls": [public_url + REDIRECT_PATH]} if many else {}),
        },
        "settings": {
            "event_subscriptions": {"bot_events": sorted(Event), **_at(public_url)},
            "interactivity": {"is_enabled": True, **_at(public_url)},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not public_url,
            "token_rotation_enabled": False,
        },
    }


def _agent_view() -> dict[str, Any]:
    """Source: https://docs.slack.dev/ai/developing-agents ("agent_view")"""
    prompts = [{"title": each, "message": each} for each in labels.EXAMPLES]
    return {"agent_description": labels.AGENT_MEANS, "suggested_prompts": prompts}


def _shortcuts() -> list[dict[str, str]]:
    return [
        *(_shortcut("global", each, *_GLOBAL[each]) for each in GlobalShortcut),
        *(_shortcut("message", each, *_ON_MESSAGES[each]) for each in MessageShortcut),
    ]


def _shortcut(kind: str, callback_id: str, name: str, said: str) -> dict[str, str]:
    return {"name": name, "type": kind, "callback_id": callback_id, "description": said}


def _commands(public_url: str) -> list[dict[str, Any]]:
    return [_command(command, *_COMMANDS[command], public_url) for command in Command]


def _command(command: Command, said: str, hint: str, public_url: str) -> dict[str, Any]:
    return {
        "command": command,
        "description": said,
        "usage_hint": hint,
        "should_escape": True,
        **({"url": public_url + EVENTS_PATH} if public_url else {}),
    }


def _at(public_url: str) -> dict[str, str]:
    return {"request_url": public_url + EVENTS_PATH} if public_url else {}
