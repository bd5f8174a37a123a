"""One interaction that Slack sent: who, where, and how to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`event` identifies the interaction: it is the same when Slack sends it again.

    `team` is ours, whoever acts: connection/own_workspace.py wrote it into the body.
    `trigger` opens one form, within 3 s. `response_url` is a secret: whoever has it can answer in
    our name, 5 times in 30 minutes.
    Source: https://docs.slack.dev/interactivity/handling-user-interaction
    """

    team: str
    person: str
    event: str
    channel: str = ""
    trigger: str = ""
    response_url: str = ""
    name: str = ""

    @property
    def direct(self) -> bool:
        """Whether it was in the person's private messages with the bot."""
        return self.channel.startswith("D")

    @classmethod
    def of_command(cls, body: Body) -> Self:
        return cls(
            team=body["team_id"],
            person=body["user_id"],
            event=f"command:{body.get('trigger_id', '')}",
            channel=body.get("channel_id", ""),
            trigger=body.get("trigger_id", ""),
            response_url=body.get("response_url", ""),
            name=body.get("user_name", ""),
        )

    @classmethod
    def of_action(cls, body: Body) -> Self:
        """A button, a menu, or a shortcut."""
        user = body["user"]
        return cls(
            team=body["team"]["id"],
            person=user["id"],
            event=f"action:{body.get('trigger_id', '')}",
            channel=_channel(body),
            trigger=body.get("trigger_id", ""),
            response_url=body.get("response_url", ""),
            name=user.get("username") or user.get("name", ""),
        )

    @classmethod
    def of_view(cls, body: Body, channel: str = "") -> Self:
        """A form that was sent; sent again after it was refused, it has another hash."""
        user = body["user"]
        return cls(
            team=body["team"]["id"],
            person=user["id"],
            event=f"view:{body['view']['id']}:{body['view'].get('hash', '')}",
            channel=channel,
            trigger=body.get("trigger_id", ""),
            name=user.get("username") or user.get("name", ""),
        )

    @classmethod
    def of_event(cls, body: Body) -> Self:
        event = body["event"]
        return cls(
            team=body.get("team_id", ""),
            person=event["user"],
            event=f"event:{body.get('event_id', '')}",
            channel=event.get("channel", ""),
        )


def _channel(body: Body) -> str:
    channel = body.get("channel") or {}
    container = body.get("container") or {}
    return str(channel.get("id") or container.get("channel_id", ""))
