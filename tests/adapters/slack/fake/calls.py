"""The Web API of a fake Slack: each method that a bot calls, on the fake's own world."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.adapters.slack.fake import rules
from tests.adapters.slack.fake.files import Files
from tests.adapters.slack.fake.oauth import grant
from tests.adapters.slack.fake.rate_limits import HISTORY_SOLD_OUTSIDE_MAX, RateLimits
from tests.adapters.slack.fake.rules import Refused
from tests.adapters.slack.fake.state import World
from tests.adapters.slack.fake.world import (
    CHANNEL,
    DIRECT,
    HISTORY_SCOPE,
    READ_SCOPE,
    Channel,
    Json,
    Message,
    Person,
    Workspace,
)

HISTORY_MAX = 999
HISTORY_USUAL = 100
# The scope that each method needs; None needs a token and no scope. By kind of conversation: "*".
# Source: https://docs.slack.dev/reference/methods
SCOPES: dict[str, str | None] = {
    "auth.test": None,
    "auth.revoke": None,
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.getPermalink": None,
    "conversations.open": "im:write",
    "conversations.history": "*history",
    "conversations.replies": "*history",
    "conversations.info": "*read",
    "conversations.members": "*read",
    "conversations.join": "channels:join",
    "users.info": "users:read",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "views.open": None,
    "views.push": None,
    "views.update": None,
    "views.publish": None,
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "files.info": "files:read",
    "files.delete": "files:write",
    "reactions.add": "reactions:write",
    "team.info": "team:read",
}
# Those have a right of their own.
WITHOUT_BOT_TOKEN = {"oauth.v2.access", "apps.connections.open"}


@dataclass
class Call:
    """One request as it came in. `query` is what stood in the address, where logs read it."""

    method: str
    args: Json
    query: Json
    token: str
    at_s: float
    at: datetime
    body: bytes = field(default=b"", repr=False)
    status: int | None = None
    answer: Json = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return bool(self.answer.get("ok"))


class Calls:
    """`connect()` makes an address for a socket; each method answers one of Slack's."""

    def __init__(self, world: World, connect: Callable[[], str], rate_limits: RateLimits) -> None:
        self._world = world
        self._rate_limits = rate_limits
        self._connect = connect
        self.files = Files(world)

    def act(self, call: Call) -> Json:
        """Do what Slack would. Raises Refused."""
        name = call.method.replace(".", "_")
        if call.method in WITHOUT_BOT_TOKEN:
            return self._own_right(call)
        workspace = self._workspace(call.token)
        self._count(call, workspace)
        needed = SCOPES[call.method]
        if needed and not needed.startswith("*"):
            _must_have(workspace, needed)
        answer = getattr(self, "_" + name)(call.args, workspace)
        return {"ok": True, **answer}

    def _count(self, call: Call, at: Workspace) -> None:
        """Raises Refused for what comes too fast."""
        channel = str(call.args.get("channel") or "")
        wait_s = self._rate_limits.wait_s(call.method, at.id, channel)
        if wait_s:
            headers = {"Retry-After": str(wait_s)}
            raise Refused("ratelimited", status=429, headers=headers)

    def _own_right(self, call: Call) -> Json:
        if call.method == "oauth.v2.access":
            return {"ok": True, **grant(self._world, call.args)}
        if call.token != self._world.app_token:
            is_bot = call.token.startswith("xoxb-")
            raise Refused("not_allowed_token_type" if is_bot else "invalid_auth")
        return {"ok": True, "url": self._connect()}

    def _workspace(self, token: str) -> Workspace:
        if not token:
            raise Refused("not_authed")
        for workspace in self._world.workspaces.values():
            taken = workspace.takes(token, self._world.now)
            if taken is None:
                continue
            if workspace.revoked or not taken:
                raise Refused("token_revoked" if workspace.revoked else "token_expired")
            return workspace
        raise Refused("invalid_auth")

    # Who is there.

    def _auth_test(self, args: Json, at: Workspace) -> Json:
        return {
            "url": f"https://{at.domain}.slack.com/",
            "team": at.name,
            "user": at.bot.name.lower(),
            "team_id": at.enterprise if at.org_wide else at.id,
            "user_id": at.bot.id,
            "bot_id": at.bot_id,
            **({"enterprise_id": at.enterprise} if at.enterprise else {}),
            "is_enterprise_install": at.org_wide,
        }

    def _auth_revoke(self, args: Json, at: Workspace) -> Json:
        at.revoked = True
        return {"revoked": True}

    def _users_info(self, args: Json, at: Workspace) -> Json:
        return {"user": self._person(args["user"], at).payload()}

    def _usergroups_list(self, args: Json, at: Workspace) -> Json:
        return {
            "usergroups": [
                {"id": group, "team_id": at.id, "name": group, "handle": group}
                for group in at.groups
            ]
        }

    def _usergroups_users_list(self, args: Json, at: Workspace) -> Json:
        if args["usergroup"] not in at.groups:
            raise Refused("no_such_subteam")
        return {"users": [person.id for person in at.groups[args["usergroup"]]]}

    def _team_info(self, args: Json, at: Workspace) -> Json:
        return {"team": {"id": at.id, "name": at.name, "domain": at.domain}}

    def _person(self, user: str, at: Workspace) -> Person:
        person = at.people.get(user)
        if person is None:
            raise Refused("user_not_found")
        return person

    # Conversations.

    def _conversations_open(self, args: Json, at: Workspace) -> Json:
        users = str(args.get("users", "")).split(",")
        if len(users) != 1 or not users[0]:
            raise Refused("not_enough_users")
        channel = at.direct(self._person(users[0], at), self._world.ids)
        return {"channel": {"id": channel.id}, "no_op": False, "already_open": False}

    def _conversations_info(self, args: Json, at: Workspace) -> Json:
        channel = self._channel(args, at)
        _must_have(at, READ_SCOPE[channel.kind])
        is_member = at.bot in channel.members
        return {"channel": {**channel.payload(), "is_member": is_member}}

    def _conversations_members(self, args: Json, at: Workspace) -> Json:
        channel = self._channel(args, at)
        _must_have(at, READ_SCOPE[channel.kind])
        return {
            "members": [person.id for person in channel.members],
            "response_metadata": {"next_cursor": ""},
        }

    def _conversations_join(self, args: Json, at: Workspace) -> Json:
        channel = self._channel(args, at)
        if channel.kind != CHANNEL:
            raise Refused("method_not_supported_for_channel_type")
        if at.bot not in channel.members:
            channel.members.append(at.bot)
        return {"channel": channel.payload()}

    def _conversations_history(self, args: Json, at: Workspace) -> Json:
        channel = self._readable(args, at)
        seen = [m for m in self._in(channel) if not m.thread_ts or m.thread_ts == m.ts]
        return self._page(seen, args)

    def _conversations_replies(self, args: Json, at: Workspace) -> Json:
        channel = self._readable(args, at)
        thread = [m for m in self._in(channel) if args["ts"] in (m.ts, m.thread_ts)]
        if not thread:
            raise Refused("thread_not_found")
        return self._page(thread, args, oldest_first=True)

    def _in(self, channel: Channel) -> list[Message]:
        return [
            m
            for m in self._world.messages
            if m.channel is channel and not m.deleted and not m.ephemeral
        ]

    def _page(self, seen: list[Message], args: Json, *, oldest_first: bool = False) -> Json:
        inclusive = _is_true(args.get("inclusive"))
        oldest, latest = str(args.get("oldest") or "0"), str(args.get("latest") or "9" * 12)
        within = [
            m for m in seen if oldest < m.ts < latest or (inclusive and m.ts in (oldest, latest))
        ]
        within.sort(key=lambda m: m.ts, reverse=not oldest_first)
        most = HISTORY_SOLD_OUTSIDE_MAX if self._rate_limits.sold_outside else HISTORY_MAX
        limit = min(int(args.get("limit") or HISTORY_USUAL), most)
        start = int(args.get("cursor") or 0)
        page = within[start : start + limit]
        more = len(within) > start + limit
        metadata = _is_true(args.get("include_all_metadata"))
        return {
            "messages": [m.payload(self._world.now, metadata=metadata) for m in page],
            "has_more": more,
            "response_metadata": {"next_cursor": str(start + limit) if more else ""},
        }

    def _readable(self, args: Json, at: Workspace) -> Channel:
        channel = self._channel(args, at)
        _must_have(at, HISTORY_SCOPE[channel.kind])
        if at.bot not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def _channel(self, args: Json, at: Workspace) -> Channel:
        """One that the bot can see: private ones only from the inside."""
        channel = at.channels.get(str(args.get("channel", "")))
        if channel is None or (channel.kind != CHANNEL and at.bot not in channel.members):
            raise Refused("channel_not_found")
        return channel

    # Messages.

    def _chat_postMessage(self, args: Json, at: Workspace) -> Json:  # noqa: N802  (Slack's)
        channel = self._to(args, at)
        if "metadata" in args:
            rules.check_metadata(args["metadata"])
        thread_ts = str(args.get("thread_ts") or "")
        if thread_ts and self._world.message(channel, thread_ts) is None:
            raise Refused("thread_not_found")
        message = Message(self._world.new_ts(), channel, at.bot, at, text=args.get("text") or "")
        message.thread_ts = thread_ts
        message.metadata = args.get("metadata") or {}
        message.unfurls = args.get("unfurl_links") is not False
        self._world.post(message, args.get("blocks"))
        return {"channel": channel.id, "ts": message.ts, "message": self._shown(message)}

    def _chat_update(self, args: Json, at: Workspace) -> Json:
        channel = self._channel(args, at)
        message = self._own_message(channel, args, at, "cant_update_message")
        if message.closed:
            raise Refused("edit_window_closed")
        text, blocks = args.get("text"), args.get("blocks")
        if text is None and blocks is None:
            raise Refused("no_text")
        if "metadata" in args:
            if args["metadata"]:
                rules.check_metadata(args["metadata"])
            message.metadata = args["metadata"]
        # What is left out is as it was; a text alone takes the blocks away.
        self._world.change(message, text or "", blocks)
        return {"channel": channel.id, "ts": message.ts, "text": message.text}

    def _chat_delete(self, args: Json, at: Workspace) -> Json:
        channel = self._channel(args, at)
        message = self._own_message(channel, args, at, "cant_delete_message")
        message.deleted = True
        return {"channel": channel.id, "ts": message.ts}

    def _chat_postEphemeral(self, args: Json, at: Workspace) -> Json:  # noqa: N802
        channel = self._to(args, at)
        person = self._person(args["user"], at)
        if person not in channel.members:
            raise Refused("user_not_in_channel")
        message = Message(self._world.new_ts(), channel, at.bot, at, text=args.get("text") or "")
        message.seen_by = person
        message.thread_ts = str(args.get("thread_ts") or "")
        if not message.thread_ts or self._is_active(channel, message.thread_ts):
            self._world.post(message, args.get("blocks"))
        return {"message_ts": message.ts}

    def _is_active(self, channel: Channel, thread_ts: str) -> bool:
        """Whether it has replies: else Slack shows no private message there, and says nothing."""
        return any(m.thread_ts == thread_ts for m in self._in(channel))

    def _chat_getPermalink(self, args: Json, at: Workspace) -> Json:  # noqa: N802
        channel = self._channel(args, at)
        ts = args["message_ts"]
        if self._world.message(channel, ts) is None:
            raise Refused("message_not_found")
        url = f"https://{at.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
        return {"channel": channel.id, "permalink": url}

    def _reactions_add(self, args: Json, at: Workspace) -> Json:
        channel = self._channel(args, at)
        if self._world.message(channel, args["timestamp"]) is None:
            raise Refused("message_not_found")
        return {}

    def _to(self, args: Json, at: Workspace) -> Channel:
        """Where something may be posted; a person's id is the conversation with the bot."""
        wanted = str(args.get("channel", ""))
        person = at.people.get(wanted)
        channel = at.direct(person, self._world.ids) if person else self._channel(args, at)
        if channel.kind == DIRECT and not self._world.app.has_messages:
            raise Refused("messages_tab_disabled")
        if channel.archived:
            raise Refused("is_archived")
        public = channel.kind == CHANNEL and "chat:write.public" in at.scopes
        if at.bot not in channel.members and not public:
            raise Refused("not_in_channel")
        return channel

    def _own_message(self, channel: Channel, args: Json, at: Workspace, error: str) -> Message:
        message = self._world.message(channel, str(args.get("ts", "")))
        if message is None or message.ephemeral:
            raise Refused("message_not_found")
        if message.author is not at.bot:
            raise Refused(error)
        if at.bot not in channel.members and channel.kind != DIRECT:
            raise Refused("not_in_channel")
        return message

    def _shown(self, message: Message) -> Json:
        return message.payload(self._world.now, metadata=True)

    # Views.

    def _views_open(self, args: Json, at: Workspace) -> Json:
        if args["view"]["type"] != "modal":
            raise Refused("invalid_arguments")
        rules.check_view(args["view"], self._world.file_state)
        act = self._world.use_trigger(args["trigger_id"])
        return {"view": self._world.new_view(args["view"], act).payload()}

    def _views_push(self, args: Json, at: Workspace) -> Json:
        rules.check_view(args["view"], self._world.file_state)
        act = self._world.use_trigger(args["trigger_id"])
        if act.view is None:
            raise Refused("invalid_trigger_id")
        return {"view": self._world.new_view(args["view"], act, act.view.stack).payload()}

    def _views_update(self, args: Json, at: Workspace) -> Json:
        external = args.get("external_id")
        for view in self._world.views.values():
            wanted = args.get("view_id") == view.id or (
                external and external == view.body.get("external_id")
            )
            if wanted and not view.closed and view.workspace is at:
                if args.get("hash") not in (None, view.hash):
                    raise Refused("hash_conflict")
                self._world.change_view(view, args["view"])
                return {"view": view.payload()}
        raise Refused("not_found")

    def _views_publish(self, args: Json, at: Workspace) -> Json:
        if args["view"]["type"] != "home":
            raise Refused("invalid_arguments")
        if not self._world.app.has_home:
            raise Refused("not_enabled")
        person = self._person(args["user_id"], at)
        known = at.homes.get(person.id)
        if args.get("hash") and known and args["hash"] != known.hash:
            raise Refused("hash_conflict")
        return {"view": self._world.publish(args["view"], person, at).payload()}

    # Files.

    def _files_getUploadURLExternal(self, args: Json, at: Workspace) -> Json:  # noqa: N802
        return self.files.reserve(args, at)

    def _files_completeUploadExternal(self, args: Json, at: Workspace) -> Json:  # noqa: N802
        files = _listed(args["files"])
        where = str(args.get("channel_id") or args.get("channels") or "")
        channel = self._to({"channel": where}, at) if where else None
        return self.files.complete(files, args, at, channel)

    def _files_info(self, args: Json, at: Workspace) -> Json:
        return {"file": self.files.found(args, at).payload(self._world.now)}

    def _files_delete(self, args: Json, at: Workspace) -> Json:
        file = self.files.found(args, at)
        if file.owner is not at.bot:
            raise Refused("cant_delete_file")
        file.deleted = True
        return {}


def _must_have(workspace: Workspace, scope: str) -> None:
    if scope not in workspace.scopes:
        raise Refused("missing_scope", needed=scope, provided=",".join(sorted(workspace.scopes)))


def _is_true(value: Any) -> bool:
    return str(value).lower() in ("1", "true")


def _listed(files: Any) -> list[Json]:
    return list(json.loads(files)) if isinstance(files, str) else list(files)
