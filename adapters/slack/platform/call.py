"""One interaction that Slack sent: who, where, and how to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`event` identifies the interaction: it is the same when Slack sends it again.

    `team` is ours, whoever acts: connection/own_workspace.py wrote it into the body. `message` is
    the pressed message's `ts`, and `thread` that of the message whose thread it was in; "" where
    there is none that others can see.

    `trigger` opens one form, within 3 s. `response_url` is a secret: whoever has it can answer in
    our name, 5 times in 30 minutes.
    Source: https://docs.slack.dev/interactivity/handling-user-interaction
    """

    team: str
    person: str
    event: str
    channel: str = ""
    message: str = ""
    thread: str = ""
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
            **_message(body),
            trigger=body.get("trigger_id", ""),
            response_url=body.get("response_url", ""),
            name=user.get("username") or user.get("name", ""),
        )

    @classmethod
    def of_view(cls, body: Body, channel: str = "", *, message: str = "", thread: str = "") -> Self:
        """A form that was sent; sent again after it was refused, it has another hash."""
        user = body["user"]
        return cls(
            team=body["team"]["id"],
            person=user["id"],
            event=f"view:{body['view']['id']}:{body['view'].get('hash', '')}",
            channel=channel,
            message=message,
            thread=thread,
            trigger=body.get("trigger_id", ""),
            name=user.get("username") or user.get("name", ""),
        )

    @classmethod
    def of_message(cls, body: Body) -> Self:
        """Something that somebody wrote. Its place identifies it, whichever events tell of it."""
        event = body["event"]
        ts, thread = str(event["ts"]), str(event.get("thread_ts") or "")
        return cls(
            team=body.get("team_id", ""),
            person=event["user"],
            event=f"message:{event['channel']}:{ts}",
            channel=event["channel"],
            thread=thread if thread != ts else "",
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


def _message(body: Body) -> dict[str, str]:
    """Where a button or a shortcut is: a message's `ts`, and the thread that it is in.

    A message that only one person sees begins no thread. The first one of a thread is not in it.
    """
    held, shown = body.get("container") or {}, body.get("message") or {}
    ts = str(held.get("message_ts") or body.get("message_ts") or "")
    thread = str(held.get("thread_ts") or shown.get("thread_ts") or "")
    is_seen = not held.get("is_ephemeral")
    return {"message": ts if is_seen else "", "thread": thread if thread != ts else ""}


def _channel(body: Body) -> str:
    channel = body.get("channel") or {}
    container = body.get("container") or {}
    return str(channel.get("id") or container.get("channel_id", ""))
