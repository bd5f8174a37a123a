"""The app as Slack has to know it: paste it at https://api.slack.com/apps, "From a manifest".

Every scope has its reason; docs/slack.md says the same, and a test compares them.
"""

from typing import Any

# Bot scopes, why each is needed.
SCOPES: dict[str, str] = {
    "commands": "to be there: /imagine, /limner and the shortcuts",
    "chat:write": "to post the message of a job, to change it and to take it down",
    "files:write": "to upload the pictures, and to delete them again",
    "files:read": "to see when a picture is processed, and to read a starting image",
    "im:write": "to open the conversation with a person, for what is private",
    "channels:history": "to find a message again whose sending was interrupted, in public channels",
    "groups:history": "the same in private channels; in both only where the bot is a member",
    "im:history": "the same in the conversation with a person, for what is private",
    "users:read": "to know administrators, guests and people from outside",
    "usergroups:read": "to know the members of groups that moderate, are trusted or have a budget",
}
EVENTS = ("app_home_opened", "app_uninstalled", "tokens_revoked")
# The ids by which shortcuts arrive.
IMAGINE, USE_AS_START = "imagine", "use_as_start"
SHOW_PARAMETERS, REPORT = "show_parameters", "report"
NAME_MAX_CHARS = 35


def manifest(*, name: str = "Limner", public_url: str = "", many: bool = False) -> dict[str, Any]:
    """`public_url` is where Slack comes to, "" for Socket Mode; `many` lets workspaces install it.

    Source: https://docs.slack.dev/reference/app-manifest
    """
    return {
        "display_information": {
            "name": name[:NAME_MAX_CHARS],
            "description": "Draws pictures from words",
            "background_color": "#1f2430",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": name[:NAME_MAX_CHARS], "always_online": True},
            "shortcuts": _shortcuts(),
            "slash_commands": _commands(public_url),
        },
        "oauth_config": {
            "scopes": {"bot": sorted(SCOPES)},
            **({"redirect_urls": [f"{public_url}/slack/oauth_redirect"]} if many else {}),
        },
        "settings": {
            "event_subscriptions": {"bot_events": sorted(EVENTS), **_at(public_url)},
            "interactivity": {"is_enabled": True, **_at(public_url)},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not public_url,
            "token_rotation_enabled": False,
        },
    }


def _shortcuts() -> list[dict[str, str]]:
    wanted = (
        ("Imagine", "global", IMAGINE, "Draw a picture"),
        ("Use as starting image", "message", USE_AS_START, "Draw from a picture in this message"),
        ("Show parameters", "message", SHOW_PARAMETERS, "Say how a picture was made"),
        ("Report image", "message", REPORT, "Tell the moderators about a picture"),
    )
    return [
        {"name": name, "type": kind, "callback_id": id_, "description": said}
        for name, kind, id_, said in wanted
    ]


def _commands(public_url: str) -> list[dict[str, Any]]:
    wanted = (
        ("/imagine", "Draw a picture", "a lighthouse at dusk --images 2"),
        ("/limner", "Everything else: quota, show, help, settings …", "help"),
    )
    return [
        {
            "command": command,
            "description": said,
            "usage_hint": hint,
            "should_escape": True,
            **({"url": f"{public_url}/slack/events"} if public_url else {}),
        }
        for command, said, hint in wanted
    ]


def _at(public_url: str) -> dict[str, str]:
    return {"request_url": f"{public_url}/slack/events"} if public_url else {}
