"""The HTTP half of a fake Discord: each call that a bot makes, on the fake's own world."""

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.adapters.discord.fake import rules
from tests.adapters.discord.fake.messages import Messages, Tell, World, refuse_gallery
from tests.adapters.discord.fake.rules import Refused
from tests.adapters.discord.fake.world import (
    EPHEMERAL,
    LOADING,
    Channel,
    Interaction,
    Json,
    Message,
    Permission,
    Server,
)

ANSWER_WITHIN = timedelta(seconds=3)
TOKEN_LIFE = timedelta(minutes=15)
NONCE_LIFE = timedelta(minutes=5)
FOLLOWUPS_MAX = 5  # of an app that only its user installed
HISTORY_MAX = 100

DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 5, 6, 7, 8, 9
MESSAGE_ANSWER = 4


@dataclass
class Call:
    """One request as it came in."""

    operation: str
    method: str
    path: str
    params: Json
    names: dict[str, str]  # the parts of the path
    json: Any
    files: dict[str, tuple[str, bytes]]  # "files[0]" → name and bytes
    key: str  # of the Authorization header
    at_s: float
    answered_s: float | None = None
    status: int | None = None


Answer = tuple[int, Any]


class Rest:
    """`tell(message, event)` lets the gateway know; each method answers one operation."""

    def __init__(
        self, world: World, tell: Tell, left: Callable[[Server], Awaitable[None]], shards: int
    ) -> None:
        self._world = world
        self._tell = tell
        self._messages = Messages(world, tell)
        self._left = left
        self.shards = shards  # that it recommends
        self.starts_left = 1_000  # of sessions, until tomorrow

    async def act(self, call: Call) -> Answer:
        """Do what Discord would. Raises Refused."""
        if call.operation not in _BY_TOKEN and call.key != f"Bot {self._world.token}":
            raise Refused(401, 0, "401: Unauthorized")
        method: Callable[[Call], Awaitable[Answer]] = getattr(
            self, "_" + call.operation.replace(" ", "_")
        )
        return await method(call)

    # Who the bot is, and where it is.

    async def _login(self, call: Call) -> Answer:
        return 200, {**self._world.bot.payload(), "verified": True, "flags": 0}

    async def _application(self, call: Call) -> Answer:
        bot = self._world.bot
        return 200, {
            "id": str(bot.id),
            "name": bot.name,
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": self._world.owner.payload(),
            "team": None,
            "verify_key": "",
            "flags": 0,
            "integration_types_config": {"0": {}},
        }

    async def _gateway(self, call: Call) -> Answer:
        limits = {
            "total": 1_000,
            "remaining": self.starts_left,
            "reset_after": 3_600_000,
            "max_concurrency": 1,
        }
        url = self._world.base_url.replace("http", "ws", 1)
        return 200, {"url": url, "shards": self.shards, "session_start_limit": limits}

    async def _user(self, call: Call) -> Answer:
        person = self._world.people.get(int(call.names["user"]))
        if person is None:
            raise Refused(404, 10013, "Unknown User")
        return 200, person.payload()

    async def _server(self, call: Call) -> Answer:
        return 200, self._a_server(call).payload(self._world.bot)

    async def _member(self, call: Call) -> Answer:
        member = self._a_server(call).members.get(int(call.names["user"]))
        if member is None:
            raise Refused(404, 10007, "Unknown Member")
        return 200, member.payload()

    async def _leave(self, call: Call) -> Answer:
        server = self._a_server(call)
        server.has_bot = False
        self._world.left.append(server)
        await self._left(server)
        return 204, None

    def _a_server(self, call: Call) -> Server:
        server = self._world.servers.get(int(call.names["guild"]))
        if server is None or not server.has_bot:
            raise Refused(404, 10004, "Unknown Guild")
        return server

    # Commands.

    async def _sync(self, call: Call) -> Answer:
        rules.check_commands(call.json)
        self._world.syncs += 1
        self._world.commands = [
            {
                "type": 1,
                "description": "",
                **command,
                "id": str(self._world.new_id()),
                "application_id": str(self._world.bot.id),
                "version": "1",
                "default_member_permissions": command.get("default_member_permissions"),
            }
            for command in call.json
        ]
        return 200, self._world.commands

    async def _commands(self, call: Call) -> Answer:
        return 200, self._world.commands

    # The first answer to an interaction.

    async def _callback(self, call: Call) -> Answer:
        interaction = self._world.interactions.get(call.names["token"])
        if interaction is None or str(interaction.id) != call.names["interaction"]:
            raise Refused(404, 10062, "Unknown interaction")
        if interaction.answer is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if self._world.now() - interaction.created_at > ANSWER_WITHIN:
            raise Refused(404, 10062, "Unknown interaction")
        await self._begin(interaction, call.json, call)
        interaction.answer = call.json
        interaction.answered_s = call.at_s
        told: Json = {"id": str(interaction.id), "type": interaction.type}
        resource: Json = {"type": call.json["type"]}
        if (original := interaction.original) is not None:
            told |= {
                "response_message_id": str(original.id),
                "response_message_loading": original.loading,
                "response_message_ephemeral": original.ephemeral,
            }
            if call.json["type"] in (MESSAGE_ANSWER, UPDATE):
                resource["message"] = original.payload()
        if call.params.get("with_response", "").lower() not in ("true", "1"):
            return 204, None
        return 200, {"interaction": told, "resource": resource}

    async def _begin(self, interaction: Interaction, answer: Json, call: Call) -> None:
        kind, data = answer["type"], answer.get("data") or {}
        if kind == CHOICES:
            rules.check_choices(data["choices"])
        elif kind == MODAL:
            if interaction.type == 5:
                raise rules.invalid("type", "A modal cannot answer a modal.")
            rules.check_modal(data)
        elif kind == DEFERRED_MESSAGE:
            if (data.get("flags") or 0) & ~EPHEMERAL:
                raise rules.invalid("flags", "A deferral may be ephemeral, nothing else.")
            interaction.original = self._messages.new(interaction.channel, data, interaction)
            interaction.original.flags |= LOADING
            self._world.messages[interaction.original.id] = interaction.original
            await self._tell(interaction.original, "MESSAGE_CREATE")
        elif kind == MESSAGE_ANSWER:
            files = self._messages.check(data, call.files, None)
            message = self._messages.new(interaction.channel, data, interaction)
            await self._messages.fill(message, data, files, "MESSAGE_CREATE")
            interaction.original = message
        elif kind in (DEFERRED_UPDATE, UPDATE):
            if interaction.message is None:
                raise rules.invalid("type", "There is no message to update.")
            interaction.original = interaction.message
            if kind == UPDATE:
                await self._messages.change(
                    interaction.message, data, call.files, keeps_files=False
                )
        else:
            raise rules.invalid("type", f"Unknown callback type {kind}.")

    # Messages by an interaction's token.

    async def _get_original(self, call: Call) -> Answer:
        return 200, self._by_token(call)[1].payload()

    async def _edit_original(self, call: Call) -> Answer:
        _, message = self._by_token(call)
        await self._messages.change(message, call.json, call.files, keeps_files=True)
        return 200, message.payload()

    async def _delete_original(self, call: Call) -> Answer:
        _, message = self._by_token(call)
        await self._messages.delete(message)
        return 204, None

    async def _follow_up(self, call: Call) -> Answer:
        interaction = self._token(call)
        first = interaction.original
        if first is not None and first.loading:
            if first.deleted:
                raise Refused(404, 10008, "Unknown Message")
            # It takes the place of "is thinking", and is as private as that was.
            refuse_gallery(call.json)
            await self._messages.change(first, call.json, call.files, keeps_files=False)
            return 200, first.payload()
        if interaction.by_user_install and len(interaction.followups) >= FOLLOWUPS_MAX:
            raise Refused(400, 40094, "Maximum number of follow-up messages reached.")
        files = self._messages.check(call.json, call.files, None)
        message = self._messages.new(interaction.channel, call.json, interaction)
        interaction.followups.append(message)
        await self._messages.fill(message, call.json, files, "MESSAGE_CREATE")
        return 200, message.payload()

    def _token(self, call: Call) -> Interaction:
        interaction = self._world.interactions.get(call.names["token"])
        if interaction is None or interaction.answer is None:
            raise Refused(404, 10015, "Unknown Webhook")
        if self._world.now() - interaction.created_at > TOKEN_LIFE:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return interaction

    def _by_token(self, call: Call) -> tuple[Interaction, Message]:
        interaction = self._token(call)
        if (wanted := call.names.get("message", "@original")) == "@original":
            message = interaction.original
        else:
            own = [*interaction.followups, interaction.original]
            message = next((m for m in own if m and str(m.id) == wanted), None)
        if message is None or message.deleted:
            raise Refused(404, 10008, "Unknown Message")
        return interaction, message

    # Messages by the bot's own token.

    async def _channel(self, call: Call) -> Answer:
        return 200, self._a_channel(call).payload(self._world.bot)

    async def _send(self, call: Call) -> Answer:
        channel = self._a_channel(call)
        self._must_have(channel, _sending(channel))
        if call.files:
            self._must_have(channel, Permission.ATTACH_FILES)
        if channel.recipient and not channel.recipient.takes_dms:
            raise Refused(403, 50007, "Cannot send messages to this user")
        files = self._messages.check(call.json, call.files, None)
        if twin := self._messages.said_before(call.json):
            if twin.deleted:
                raise Refused(404, 10008, "Unknown Message")
            return 200, {**twin.payload(), "nonce": twin.nonce}
        channel.archived = False
        message = self._messages.new(channel, call.json, None)
        message.nonce = call.json.get("nonce")
        await self._messages.fill(message, call.json, files, "MESSAGE_CREATE")
        return 200, {**message.payload(), "nonce": message.nonce}

    async def _get(self, call: Call) -> Answer:
        return 200, self._a_message(call).payload()

    async def _edit(self, call: Call) -> Answer:
        message = self._a_message(call)
        if message.author is not self._world.bot:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        if message.channel.archived:
            raise Refused(400, 50083, "Tried to perform an operation on an archived thread")
        await self._messages.change(message, call.json, call.files, keeps_files=True)
        return 200, message.payload()

    async def _delete_message(self, call: Call) -> Answer:
        message = self._a_message(call)
        if message.author is not self._world.bot:
            self._must_have(message.channel, Permission.MANAGE_MESSAGES)
        await self._messages.delete(message)
        return 204, None

    async def _history(self, call: Call) -> Answer:
        channel = self._a_channel(call)
        if Permission.READ_MESSAGE_HISTORY not in channel.bot_permissions():
            return 200, []
        before = int(call.params.get("before", 1 << 63))
        after = int(call.params.get("after", 0))
        seen = [
            message
            for message in self._world.messages.values()
            if message.channel is channel
            and not (message.deleted or message.ephemeral)
            and after < message.id < before
        ]
        oldest_first = "after" in call.params
        limit = min(int(call.params.get("limit", 50)), HISTORY_MAX)
        seen.sort(key=lambda message: message.id, reverse=not oldest_first)
        page = sorted(seen[:limit], key=lambda message: message.id, reverse=True)
        return 200, [message.payload() for message in page]

    async def _typing(self, call: Call) -> Answer:
        self._a_channel(call)
        return 204, None

    async def _direct(self, call: Call) -> Answer:
        person = self._world.people.get(int(call.json["recipient_id"]))
        if person is None:
            raise Refused(404, 10013, "Unknown User")
        return 200, self._world.direct_channel(person).payload(self._world.bot)

    def _a_channel(self, call: Call) -> Channel:
        channel = self._world.channels.get(int(call.names["channel"]))
        if channel is None:
            raise Refused(404, 10003, "Unknown Channel")
        if channel.server is not None and not channel.server.has_bot:
            raise Refused(403, 50001, "Missing Access")
        if Permission.VIEW_CHANNEL not in channel.bot_permissions():
            raise Refused(403, 50001, "Missing Access")
        return channel

    def _a_message(self, call: Call) -> Message:
        channel = self._a_channel(call)
        message = self._world.messages.get(int(call.names["message"]))
        gone = message is None or message.channel is not channel or message.deleted
        if gone or message is None or message.ephemeral:
            raise Refused(404, 10008, "Unknown Message")
        return message

    @staticmethod
    def _must_have(channel: Channel, permission: Permission) -> None:
        if permission not in channel.bot_permissions():
            raise Refused(403, 50013, "Missing Permissions")


def _sending(channel: Channel) -> Permission:
    return Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES


def new_token() -> str:
    return secrets.token_urlsafe(24)


# Method, path and name of each operation; `{…}` is one part of the path.
OPERATIONS = (
    ("GET", "/users/@me", "login"),
    ("GET", "/oauth2/applications/@me", "application"),
    ("GET", "/gateway/bot", "gateway"),
    ("POST", "/users/@me/channels", "direct"),
    ("DELETE", "/users/@me/guilds/{guild}", "leave"),
    ("GET", "/users/{user}", "user"),
    ("GET", "/guilds/{guild}", "server"),
    ("GET", "/guilds/{guild}/members/{user}", "member"),
    ("PUT", "/applications/{app}/commands", "sync"),
    ("GET", "/applications/{app}/commands", "commands"),
    ("POST", "/interactions/{interaction}/{token}/callback", "callback"),
    ("POST", "/webhooks/{app}/{token}", "follow up"),
    ("GET", "/webhooks/{app}/{token}/messages/{message}", "get original"),
    ("PATCH", "/webhooks/{app}/{token}/messages/{message}", "edit original"),
    ("DELETE", "/webhooks/{app}/{token}/messages/{message}", "delete original"),
    ("GET", "/channels/{channel}", "channel"),
    ("POST", "/channels/{channel}/typing", "typing"),
    ("GET", "/channels/{channel}/messages", "history"),
    ("POST", "/channels/{channel}/messages", "send"),
    ("GET", "/channels/{channel}/messages/{message}", "get"),
    ("PATCH", "/channels/{channel}/messages/{message}", "edit"),
    ("DELETE", "/channels/{channel}/messages/{message}", "delete message"),
)
# Those carry their right in the path.
_BY_TOKEN = {"callback", "follow up", "get original", "edit original", "delete original"}
_PATTERNS = [
    (method, re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path)), name)
    for method, path, name in OPERATIONS
]


def operation_of(method: str, path: str) -> tuple[str, dict[str, str]]:
    """The operation's name, "" for one that no bot of ours should need."""
    for wanted, pattern, name in _PATTERNS:
        found = pattern.fullmatch(path)
        if wanted == method and found:
            return name, found.groupdict()
    return "", {}
