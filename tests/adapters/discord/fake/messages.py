"""How a payload becomes a message of a fake Discord, and what an edit leaves of it."""

import itertools
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.adapters.discord.fake import rules
from tests.adapters.discord.fake.rules import Refused
from tests.adapters.discord.fake.world import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    Channel,
    File,
    Interaction,
    Json,
    Message,
    Person,
    Server,
    Snowflakes,
    walk,
)

# How long enforce_nonce is honoured: "a few minutes".
NONCE_LIFE = timedelta(minutes=5)

# Of one request: "files[0]" → name and bytes.
Uploaded = Mapping[str, tuple[str, bytes]]
Tell = Callable[[Message, str], Awaitable[None]]


@dataclass
class World:
    """All that the fake knows. Only the fake's own thread changes it."""

    now: Callable[[], datetime]
    bot: Person
    owner: Person
    token: str
    keeps_files: bool
    ids: Snowflakes
    base_url: str = ""
    people: dict[int, Person] = field(default_factory=dict)
    servers: dict[int, Server] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    commands: list[Json] = field(default_factory=list)
    syncs: int = 0
    blocked_words: set[str] = field(default_factory=set)
    left: list[Server] = field(default_factory=list)
    uploads: list[File] = field(default_factory=list)  # of people

    def new_id(self) -> int:
        return self.ids.at(self.now())

    def direct_channel(self, person: Person) -> Channel:
        for channel in self.channels.values():
            if channel.recipient is person:
                return channel
        channel = Channel(self.new_id(), person.name, kind=1, recipient=person)
        self.channels[channel.id] = channel
        return channel


class Messages:
    """Makes, changes and deletes. `tell(message, event)` lets the gateway know."""

    def __init__(self, world: World, tell: Tell) -> None:
        self._world = world
        self._tell = tell

    def new(self, channel: Channel, payload: Json, interaction: Interaction | None) -> Message:
        world = self._world
        flags = (payload.get("flags") or 0) & (EPHEMERAL | COMPONENTS_V2)
        if interaction is None:
            flags &= ~EPHEMERAL
        return Message(
            world.new_id(), channel, world.bot, world.now(), flags=flags, interaction=interaction
        )

    def check(self, payload: Json, uploaded: Uploaded, message: Message | None) -> list[File]:
        """The files that `message` will have. Raises Refused."""
        kept = _kept(payload, message, has_files=bool(uploaded))
        rules.check_files([len(data) for _, data in uploaded.values()], len(kept))
        new = [self._file(payload, key, *uploaded[key]) for key in uploaded]
        names = {file.name for file in (*kept, *new)}
        was_v2 = message is not None and bool(message.flags & COMPONENTS_V2)
        rules.check_message(payload, was_v2=was_v2, file_names=names)
        self._moderate(payload)
        return [*kept, *new]

    def _file(self, payload: Json, key: str, name: str, data: bytes) -> File:
        number = re.sub(r"\D", "", key)
        listed = [a for a in payload.get("attachments") or [] if str(a["id"]) == number]
        described = listed[0] if listed else {}
        return File(
            id=self._world.new_id(),
            name=described.get("filename") or name,
            size_bytes=len(data),
            media_type=media_type(data),
            data=data if self._world.keeps_files else b"",
            description=described.get("description"),
        )

    def _moderate(self, payload: Json) -> None:
        """AutoMod's own rules."""
        parts = walk(payload.get("components") or [])
        said = " ".join([payload.get("content") or "", *(p.get("content") or "" for p in parts)])
        if any(word in said.lower() for word in self._world.blocked_words):
            message = "Message was blocked by automatic moderation"
            raise Refused(400, 200000, message)

    async def change(
        self, message: Message, payload: Json, uploaded: Uploaded, *, keeps_files: bool
    ) -> None:
        """An edit: what is not named stays as it is."""
        files = self.check(payload, uploaded, message)
        if not keeps_files and "attachments" not in payload:
            files = [file for file in files if file not in message.files]
        message.flags &= ~LOADING
        message.flags |= (payload.get("flags") or 0) & COMPONENTS_V2
        message.edited_at = self._world.now()
        await self.fill(message, payload, files, "MESSAGE_UPDATE")

    async def fill(self, message: Message, payload: Json, files: list[File], event: str) -> None:
        if "content" in payload:
            message.content = payload["content"] or ""
        if "embeds" in payload:
            message.embeds = payload["embeds"] or []
        message.files = files
        for file in files:
            file.address(self._world.base_url, message.channel, self._world.now())
        if "components" in payload:
            message.components = _received(payload["components"] or [], files)
        if not (message.content or message.embeds or message.components or files):
            raise Refused(400, 50006, "Cannot send an empty message")
        message.calls += 1
        message.remember()
        self._world.messages[message.id] = message
        await self._tell(message, event)

    async def delete(self, message: Message) -> None:
        message.deleted = True
        await self._tell(message, "MESSAGE_DELETE")

    def said_before(self, payload: Json) -> Message | None:
        if not payload.get("enforce_nonce") or not payload.get("nonce"):
            return None
        since = self._world.now() - NONCE_LIFE
        for message in reversed(self._world.messages.values()):
            if message.nonce == payload["nonce"] and message.created_at >= since:
                return message
        return None


def _kept(payload: Json, message: Message | None, *, has_files: bool) -> list[File]:
    """Old files: those that are listed; all, where nothing is said of files at all."""
    if message is None:
        return []
    if payload.get("attachments") is None:
        return [] if has_files else list(message.files)
    listed = {str(attachment["id"]) for attachment in payload["attachments"]}
    return [file for file in message.files if str(file.id) in listed]


def refuse_gallery(payload: Json) -> None:
    """Source: discord-api-docs, thread 7529."""
    parts = walk(payload.get("components") or [])
    urls = [item["media"]["url"] for part in parts for item in part.get("items", ())]
    if any(url.startswith("attachment://") for url in urls):
        raise rules.invalid("components", "The unfurled media attachment was not found.")


def _received(components: list[Json], files: list[File]) -> list[Json]:
    """`components` as Discord gives them back: numbered, files by their address."""
    copied: list[Json] = json.loads(json.dumps(components))
    by_name = {f"attachment://{file.name}": file for file in files}
    by_url = {file.url.partition("?")[0]: file for file in files}
    numbers = itertools.count(1)
    for part in walk(copied):
        part.setdefault("id", next(numbers))
        holders = [*part.get("items", ()), part]
        for media in (holder[k] for holder in holders for k in ("media", "file") if k in holder):
            url = media["url"]
            file = by_name.get(url) or by_url.get(url.partition("?")[0])
            if file is not None:
                media |= {
                    "url": file.url,
                    "proxy_url": file.url,
                    "width": 16,
                    "height": 16,
                    "content_type": file.media_type,
                    "attachment_id": str(file.id),
                }
    return copied


def media_type(data: bytes) -> str:
    for start, kind in _MAGIC.items():
        if data.startswith(start):
            return kind
    return "image/webp" if data[8:12] == b"WEBP" else "application/octet-stream"


_MAGIC = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
