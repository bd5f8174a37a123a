"""What a fake Discord knows, and how each thing looks on the wire.

Source: Discord's reference of the objects user, guild, channel, message, interaction (API v10).
"""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntFlag
from typing import Any
from urllib.parse import quote

Json = dict[str, Any]

EPOCH_MS = 1_420_070_400_000
# A signed address of an attachment is good for a day.
ATTACHMENT_LIFE_S = 24 * 3600


class Permission(IntFlag):
    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    USE_EXTERNAL_APPS = 1 << 50


NOTHING = Permission(0)
USUAL = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15


class Snowflakes:
    """Ids that say when they were made, each another."""

    def __init__(self) -> None:
        self._count = itertools.count()

    def at(self, moment: datetime) -> int:
        since_ms = int(moment.timestamp() * 1000) - EPOCH_MS
        return (since_ms << 22) | (next(self._count) & 0x3F_FFFF)


@dataclass(eq=False)
class Person:
    id: int
    name: str
    bot: bool = False
    takes_dms: bool = True
    locale: str = "en-US"

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name.lower(),
            "global_name": None if self.bot else self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(eq=False)
class Role:
    id: int
    name: str
    position: int = 1
    permissions: Permission = NOTHING

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "name": self.name,
            "position": self.position,
            "permissions": str(int(self.permissions)),
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }


@dataclass(eq=False)
class Membership:
    person: Person
    joined_at: datetime
    permissions: int = USUAL
    roles: list[Role] = field(default_factory=list)

    def payload(self) -> Json:
        return {
            "user": self.person.payload(),
            "nick": None,
            "avatar": None,
            "roles": [str(role.id) for role in self.roles],
            "joined_at": self.joined_at.isoformat(),
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            "permissions": str(self.permissions),
            "communication_disabled_until": None,
        }


@dataclass(eq=False)
class Server:
    id: int
    name: str
    owner: Person
    has_bot: bool = True
    is_down: bool = False  # a new session is told of it, and not what it is
    locale: str = "en-US"
    channels: "list[Channel]" = field(default_factory=list)
    members: dict[int, Membership] = field(default_factory=dict)
    roles: list[Role] = field(default_factory=list)
    system_channel: "Channel | None" = None

    def payload(self, bot: Person) -> Json:
        everyone = Role(self.id, "@everyone", 0, USUAL)
        threads = [channel for channel in self.channels if channel.is_thread]
        return {
            **self.partial(),
            "name": self.name,
            "icon": None,
            "owner_id": str(self.owner.id),
            "joined_at": self.members[bot.id].joined_at.isoformat(),
            "unavailable": False,
            "large": False,
            "member_count": len(self.members),
            "roles": [role.payload() for role in (everyone, *self.roles)],
            "members": [self.members[bot.id].payload()],
            "channels": [c.payload(bot) for c in self.channels if not c.is_thread],
            "threads": [thread.payload(bot) for thread in threads],
            "preferred_locale": self.locale,
            "verification_level": 1,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "afk_timeout": 300,
            "system_channel_flags": 0,
            **dict.fromkeys(("afk_channel_id", "description")),
            "system_channel_id": self.system_channel and str(self.system_channel.id),
            **{name: [] for name in _EMPTY_LISTS},
        }

    def partial(self) -> Json:
        return {"id": str(self.id), "locale": self.locale, "features": []}


_EMPTY_LISTS = (
    "emojis",
    "stickers",
    "presences",
    "voice_states",
    "stage_instances",
    "guild_scheduled_events",
    "soundboard_sounds",
)


@dataclass(eq=False)
class Channel:
    """A text channel (0), a direct conversation (1) or a public thread (11)."""

    id: int
    name: str
    kind: int = 0
    server: Server | None = None
    parent: "Channel | None" = None
    recipient: Person | None = None
    nsfw: bool = False
    denied: Permission = NOTHING  # to the bot
    archived: bool = False  # a thread, until somebody writes there again

    @property
    def is_thread(self) -> bool:
        return self.kind == 11

    def bot_permissions(self) -> Permission:
        lost = self.denied | (self.parent.denied if self.parent else NOTHING)
        return USUAL & ~lost

    def payload(self, bot: Person) -> Json:
        own: Json = {"id": str(self.id), "type": self.kind, "flags": 0, "last_message_id": None}
        if self.recipient:
            return {**own, "recipients": [self.recipient.payload()]}
        assert self.server is not None
        own |= {"guild_id": str(self.server.id), "name": self.name, "rate_limit_per_user": 0}
        if self.parent:
            archived_at = datetime(2026, 1, 1, tzinfo=UTC).isoformat()
            return {
                **own,
                "parent_id": str(self.parent.id),
                "owner_id": str(self.server.owner.id),
                "message_count": 1,
                "member_count": 1,
                "total_message_sent": 1,
                "thread_metadata": {
                    "archived": self.archived,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": archived_at,
                    "locked": False,
                },
            }
        return {
            **own,
            "position": 0,
            "topic": None,
            "nsfw": self.nsfw,
            "parent_id": None,
            "permission_overwrites": [
                {"id": str(bot.id), "type": 1, "allow": "0", "deny": str(int(self.denied))}
            ],
        }


@dataclass(eq=False)
class File:
    """An attachment. `data` is empty where the fake was told to keep no files."""

    id: int
    name: str
    size_bytes: int
    media_type: str
    data: bytes = field(repr=False, default=b"")
    description: str | None = None
    url: str = ""
    breaks_off: bool = False

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "filename": self.name,
            "size": self.size_bytes,
            "url": self.url,
            "proxy_url": self.url,
            "content_type": self.media_type,
            "description": self.description,
            "width": 16,
            "height": 16,
        }

    def address(self, base: str, channel: Channel, now: datetime) -> None:
        """Sign the address anew, as every answer of Discord does."""
        expires = f"{int(now.timestamp()) + ATTACHMENT_LIFE_S:x}"
        self.url = f"{base}/attachments/{channel.id}/{self.id}/{quote(self.name)}?ex={expires}"


@dataclass(frozen=True)
class Edit:
    """How a message looked after one call; `at_s` is time.monotonic()."""

    at_s: float
    text: str
    pictures: int


@dataclass(eq=False)
class Message:
    id: int
    channel: Channel
    author: Person
    created_at: datetime
    content: str = ""
    flags: int = 0
    components: list[Json] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    nonce: str | None = None
    interaction: "Interaction | None" = None
    edited_at: datetime | None = None
    deleted: bool = False
    edits: list[Edit] = field(default_factory=list)
    calls: int = 0  # that changed it

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """All that can be read: content, text displays, embeds' words."""
        shown = [part["content"] for part in walk(self.components) if part["type"] == 10]
        said = [str(e.get(name) or "") for e in self.embeds for name in ("title", "description")]
        return "\n".join(filter(None, [self.content, *shown, *said]))

    @property
    def pictures(self) -> list[File]:
        """What is looked at, in order: a gallery's files, or the attachments of an older card."""
        if not self.flags & COMPONENTS_V2:
            return [file for file in self.files if file.media_type.startswith("image/")]
        by_id = {str(file.id): file for file in self.files}
        items = [i for part in walk(self.components) for i in part.get("items", ())]
        return [by_id[i["media"]["attachment_id"]] for i in items if "attachment_id" in i["media"]]

    @property
    def controls(self) -> list[Json]:
        """Buttons and menus, as they were sent."""
        return [part for part in walk(self.components) if part.get("custom_id")]

    def control(self, words: str) -> Json:
        """The one whose label, placeholder or custom id contains `words`."""
        for part in self.controls:
            if any(words in str(part.get(k) or "") for k in ("label", "placeholder", "custom_id")):
                return part
        labels = [part.get("label") or part["custom_id"] for part in self.controls]
        raise AssertionError(f"no control {words!r}, only {labels}")

    def remember(self) -> None:
        self.edits.append(Edit(time.monotonic(), self.text, len(self.pictures)))

    def payload(self) -> Json:
        """Files that a gallery shows are in the gallery only."""
        shown = self.pictures if self.flags & COMPONENTS_V2 else []
        found: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "type": 20 if self.interaction and self.interaction.is_command else 0,
            "author": self.author.payload(),
            "content": self.content,
            "timestamp": self.created_at.isoformat(),
            "edited_timestamp": self.edited_at and self.edited_at.isoformat(),
            "flags": self.flags,
            "components": self.components,
            "embeds": self.embeds,
            "attachments": [file.payload() for file in self.files if file not in shown],
            "tts": False,
            "pinned": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
        }
        if self.interaction:
            app = str(self.interaction.application_id)
            found |= {
                "webhook_id": app,
                "application_id": app,
                "interaction_metadata": {
                    "id": str(self.interaction.id),
                    "type": self.interaction.type,
                    "user": self.interaction.person.payload(),
                    "authorizing_integration_owners": {},
                },
            }
        return found


@dataclass(eq=False)
class Interaction:
    """What somebody did, and all that the bot answered. `…_s` are time.monotonic()."""

    id: int
    token: str
    type: int  # 2 command, 3 component, 4 autocomplete, 5 modal
    application_id: int
    person: Person
    channel: Channel
    created_at: datetime
    data: Json
    message: Message | None = None  # that the control hangs under
    sent_s: float = 0.0
    answered_s: float | None = None
    answer: Json | None = None  # {"type": …, "data": …}, as it came
    failed: bool = False  # by Discord itself, before the bot heard of it
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)

    @property
    def is_command(self) -> bool:
        return self.type == 2

    @property
    def by_user_install(self) -> bool:
        return self.channel.server is not None and not self.channel.server.has_bot

    @property
    def ack_ms(self) -> float:
        assert self.answered_s is not None
        return (self.answered_s - self.sent_s) * 1000

    @property
    def choices(self) -> list[Json]:
        """What autocomplete offered."""
        return list((self.answer or {}).get("data", {}).get("choices", ()))

    @property
    def modal(self) -> Json | None:
        answer = self.answer or {}
        return answer["data"] if answer.get("type") == 9 else None

    def payload(self, bot: Person) -> Json:
        server = self.channel.server
        found: Json = {
            "id": str(self.id),
            "application_id": str(self.application_id),
            "type": self.type,
            "token": self.token,
            "version": 1,
            "data": self.data,
            "channel": {**self.channel.payload(bot), "permissions": str(int(USUAL))},
            "channel_id": str(self.channel.id),
            "locale": self.person.locale,
            "entitlements": [],
            "attachment_size_limit": FILE_MAX_BYTES,
            "app_permissions": str(int(self.channel.bot_permissions())),
            "authorizing_integration_owners": {"1": str(self.person.id)},
            "context": 0 if server else 1,
        }
        if server is None:
            found["user"] = self.person.payload()
        else:
            found |= {
                "guild": server.partial(),
                "guild_id": str(server.id),
                "guild_locale": server.locale,
                "member": server.members[self.person.id].payload(),
            }
            if server.has_bot:
                found["authorizing_integration_owners"] = {"0": str(server.id)}
        if self.message is not None:
            found["message"] = self.message.payload()
        return found


# Source: Discord's reference, "Uploading Files": the limit of a server without boosts.
FILE_MAX_BYTES = 10 * 1024 * 1024


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component, the outer before the inner."""
    for part in components:
        yield part
        yield from walk(part.get("components", []))
        yield from walk([part[name] for name in ("accessory", "component") if name in part])
