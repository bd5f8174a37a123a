"""Whose bot is meant: writes our own workspace into what Slack sends, where all listeners read it.

A form that was sent from a shared channel carries the workspace of whoever sent it; where an
organization's people share a channel, an interaction may carry none.
Source: https://docs.slack.dev/apis/slack-connect, https://docs.slack.dev/enterprise/organization-ready-apps
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext

# Takes what an interaction names, the likeliest first, and its organization; our workspace or "".
Home = Callable[[Sequence[str], str], Awaitable[str]]


def named_in(body: Mapping[str, Any]) -> list[str]:
    """The workspaces that an interaction, a command or an event names, ours before the sender's.

    A form names for certain whose it is, also where that took the bot off.
    """
    view, user = body.get("view") or {}, body.get("user")
    if opened_by := view.get("app_installed_team_id"):
        return [opened_by]
    team = body.get("team") or {}
    authorized = (body.get("authorizations") or [{}])[0].get("team_id")
    # A message with our buttons is ours; another one in a menu may be anybody's.
    message = body.get("message") if body.get("type") == "block_actions" else None
    found = (
        (message or {}).get("team"),
        authorized,
        team.get("id"),
        body.get("team_id"),
        user.get("team_id") if isinstance(user, dict) else None,
    )
    return [each for each in dict.fromkeys(found) if each]


def at_home(home: Home) -> Callable[..., Awaitable[None]]:
    """Middleware of bolt's, to run before it looks for a token."""

    async def middleware(
        body: dict[str, Any],
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[None]],  # noqa: A002  (bolt's name)
    ) -> None:
        named = named_in(body)
        team = await home(named, context.enterprise_id or "")
        if team := team or "".join(named[:1]):
            context["team_id"] = team
            body["team_id"] = team
            if isinstance(body.get("user"), dict):
                body["team"] = {"id": team}
        await next()

    return middleware
