"""What a fake Slack knows, and how each thing looks on the wire.

Source: Slack's reference of the objects user, conversation, message, file and view.
"""

import itertools
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]

CHANNEL, GROUP, DIRECT = "channel", "group", "im"
# How an act travels.
COMMANDS, INTERACTIVE, EVENTS = "slash_commands", "interactive", "events_api"
HISTORY_SCOPE = {CHANNEL: "channels:history", GROUP: "groups:history", DIRECT: "im:history"}
READ_SCOPE = {CHANNEL: "channels:read", GROUP: "groups:read", DIRECT: "im:read"}
# What makes everybody look up, whoever wrote it.
PING = re.compile(r"<!(?:channel|here|everyone|subteam\^\w+)[^>]*>")


class Ids:
    """Ids as Slack's look, each another, and each the same in every run."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def new(self, letter: str) -> str:
        return f"{letter}{next(self._count):010d}"


class Time:
    """The machine's time, or one that stands still; both can be set forward by a test."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._by = timedelta()

    def now(self) -> datetime:
        return self._now() + self._by

    def shift(self, by: timedelta) -> None:
        self._by += by

    @property
    def shifted_s(self) -> float:
        return self._by.total_seconds()


@dataclass(eq=False)
class Person:
    """`team` is where somebody comes from: another one for people from outside (Slack Connect).

    `enterprise` is the organization of that workspace (Enterprise Grid), "" for none.
    """

    id: str
    name: str
    team: str
    bot: bool = False
    admin: bool = False
    owner: bool = False
    guest: bool = False
    deleted: bool = False
    locale: str = "en-US"
    enterprise: str = ""

    def payload(self) -> Json:
        organization = {"enterprise_id": self.enterprise, "teams": [self.team]}
        return {
            **({"enterprise_user": organization} if self.enterprise else {}),
            "id": self.id,
            "team_id": self.team,
            "name": self.name.lower(),
            "real_name": self.name,
            "deleted": self.deleted,
            "is_bot": self.bot,
            "is_admin": self.admin,
            "is_owner": self.owner,
            "is_primary_owner": False,
            "is_restricted": self.guest,
            "is_ultra_restricted": False,
            "tz": "Europe/Amsterdam",
            "locale": self.locale,
            "profile": {"display_name": self.name, "real_name": self.name},
        }


@dataclass(eq=False)
class Channel:
    id: str
    name: str
    kind: str = CHANNEL
    members: list[Person] = field(default_factory=list)
    archived: bool = False
    shared: bool = False  # with another organisation
    partner: Person | None = None  # whom a direct conversation is with

    def payload(self) -> Json:
        own: Json = {
            "id": self.id,
            "created": 1_700_000_000,
            "is_channel": self.kind == CHANNEL,
            "is_group": self.kind == GROUP,
            "is_im": self.kind == DIRECT,
            "is_mpim": False,
            "is_private": self.kind != CHANNEL,
            "is_archived": self.archived,
            "is_ext_shared": self.shared,
            "is_shared": self.shared,
        }
        if self.partner:
            return {**own, "user": self.partner.id}
        return {**own, "name": self.name, "num_members": len(self.members)}


@dataclass(eq=False)
class Workspace:
    """One installation of the app. `token` is its bot's; empty while the app isn't installed.

    `expires_at` and `refresh` where tokens rotate; `retired` are earlier ones that are still good
    for a while. `enterprise` is its organization, `org_wide` that it was installed in all of it.
    """

    id: str
    name: str
    bot: Person
    bot_id: str
    token: str
    scopes: set[str]
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, list[Person]] = field(default_factory=dict)  # of users
    homes: dict[str, "View"] = field(default_factory=dict)  # person → App Home
    revoked: bool = False
    expires_at: datetime | None = None
    refresh: str = ""
    retired: dict[str, datetime] = field(default_factory=dict)
    enterprise: str = ""
    org_wide: bool = False
    _opening: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def domain(self) -> str:
        return self.name.lower()

    def takes(self, token: str, now: datetime) -> bool | None:
        """None for a token of somebody else; False for one that has expired."""
        if token == self.token:
            return self.expires_at is None or now < self.expires_at
        return now < self.retired[token] if token in self.retired else None

    def direct(self, person: Person, ids: Ids) -> Channel:
        """There is one: the bot may open it while a test looks for it from its own thread."""
        with self._opening:
            for channel in [*self.channels.values()]:
                if channel.partner is person:
                    return channel
            members = [person, self.bot]
            made = Channel(ids.new("D"), "directmessage", DIRECT, members, partner=person)
            self.channels[made.id] = made
            return made


@dataclass(eq=False)
class File:
    """`ready_at` is when its processing ends; None is never. `data` is None before it arrived."""

    id: str
    name: str
    workspace: Workspace
    owner: Person
    expected_bytes: int
    media_type: str = ""
    title: str = ""
    alt: str = ""
    data: bytes | None = field(repr=False, default=None)
    completed: bool = False
    ready_at: datetime | None = None
    deleted: bool = False
    url: str = ""
    shares: list["Message"] = field(default_factory=list)

    def is_ready(self, now: datetime) -> bool:
        return self.ready_at is not None and now >= self.ready_at

    def payload(self, now: datetime) -> Json:
        ready = self.is_ready(now)
        kind = self.media_type.partition("/")[2].replace("jpeg", "jpg") if ready else ""
        own: Json = {
            "id": self.id,
            "created": int(now.timestamp()),
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.media_type if ready else "",
            "filetype": kind,
            "user": self.owner.id,
            "size": len(self.data or b""),
            "mode": "hosted",
            "is_external": False,
            "is_public": any(m.channel.kind == CHANNEL for m in self.shares),
            "url_private": self.url,
            "url_private_download": self.url + "?download",
            "channels": [m.channel.id for m in self.shares],
        }
        public = [m for m in self.shares if m.channel.kind == CHANNEL]
        private = [m for m in self.shares if m.channel.kind != CHANNEL]
        shares = {"public": _shares(public), "private": _shares(private)}
        return {**own, "shares": {name: found for name, found in shares.items() if found}}


def _shares(messages: list["Message"]) -> Json:
    found: dict[str, list[Json]] = {}
    for message in messages:
        found.setdefault(message.channel.id, []).append(
            {"ts": message.ts, **({"thread_ts": message.thread_ts} if message.thread_ts else {})}
        )
    return found


@dataclass(frozen=True)
class Edit:
    """How a message looked after one call; `at_s` is time.monotonic(), `at` Slack's own time."""

    at_s: float
    at: datetime
    text: str
    pictures: int


@dataclass(eq=False)
class Message:
    ts: str
    channel: Channel
    author: Person
    workspace: Workspace
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    metadata: Json = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    pictures: list[File] = field(default_factory=list)  # in order, whichever way they are shown
    seen_by: Person | None = None  # an ephemeral message: who alone sees it
    unfurls: bool = True
    deleted: bool = False
    closed: bool = False  # it can't be changed any more
    edited: bool = False
    edits: list[Edit] = field(default_factory=list)

    @property
    def ephemeral(self) -> bool:
        return self.seen_by is not None

    @property
    def words(self) -> str:
        """All that can be read, also on buttons, block by block; the text where no blocks are."""
        return "\n".join(readable(self.blocks)) if self.blocks else self.text

    @property
    def pings(self) -> list[str]:
        """What in it makes many people look up; only marked-up text does that."""
        marked = [o["text"] for o in walk(self.blocks) if o.get("type") == "mrkdwn"]
        return PING.findall("\n".join([self.text, *marked]))

    @property
    def controls(self) -> list[Json]:
        return controls(self.blocks)

    def control(self, words: str) -> Json:
        return control(self.blocks, words)

    def payload(self, now: datetime, *, metadata: bool = False) -> Json:
        own: Json = {
            "type": "message",
            "ts": self.ts,
            "user": self.author.id,
            "team": self.workspace.id,
            "text": self.text,
        }
        if self.author.bot:
            own |= {"bot_id": self.workspace.bot_id, "blocks": self.blocks}
        elif self.blocks:
            own["blocks"] = self.blocks
        if self.thread_ts:
            own["thread_ts"] = self.thread_ts
        if self.files:
            own["files"] = [file.payload(now) for file in self.files]
        if self.edited:
            own["edited"] = {"user": self.author.id, "ts": self.ts}
        if metadata and self.metadata:
            own["metadata"] = self.metadata
        return own


@dataclass(eq=False)
class View:
    """A modal or an App Home. `stack` is the row of modals that it lies in, the last on top."""

    id: str
    person: Person
    workspace: Workspace
    body: Json
    hash: str
    stack: list["View"] = field(default_factory=list)
    versions: list[Json] = field(default_factory=list)
    closed: bool = False

    @property
    def type(self) -> str:
        return str(self.body["type"])

    @property
    def blocks(self) -> list[Json]:
        return list(self.body.get("blocks", []))

    @property
    def words(self) -> str:
        title = self.body.get("title", {}).get("text", "")
        return "\n".join(filter(None, [title, *readable(self.blocks)]))

    @property
    def controls(self) -> list[Json]:
        return controls(self.blocks)

    def control(self, words: str) -> Json:
        return control(self.blocks, words)

    def payload(self, state: Json | None = None) -> Json:
        root = self.stack[0].id if self.stack else self.id
        below = self.stack.index(self) - 1 if self in self.stack else -1
        return {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "close": None,
            "submit": None,
            **self.body,
            "id": self.id,
            "team_id": self.person.team,
            "state": {"values": state or {}},
            "hash": self.hash,
            "previous_view_id": self.stack[below].id if below >= 0 else None,
            "root_view_id": root,
            "app_id": "A0FAKE",
            "app_installed_team_id": self.workspace.id,
            "bot_id": self.workspace.bot_id,
        }


@dataclass(eq=False)
class ResponseUrl:
    """Where an answer to one act may be sent: five times, for half an hour."""

    token: str
    act: "Act"
    made_at: datetime
    used: int = 0


@dataclass(eq=False)
class Act:
    """What somebody did, and all that the bot answered. `…_s` are time.monotonic()."""

    kind: str  # slash_commands, interactive or events_api: an envelope's type
    payload: Json
    person: Person
    workspace: Workspace
    channel: Channel | None
    made_at: datetime
    message: Message | None = None  # that the control hangs under
    view: View | None = None  # that was submitted, or that the control is in
    trigger_used: bool = False
    sent_s: float = 0.0
    acked_s: float | None = None
    acks: list[Json | None] = field(default_factory=list)  # one for each delivery
    status: int | None = None  # of the HTTP answer
    opened: list[View] = field(default_factory=list)  # with its trigger
    replies: list[Message] = field(default_factory=list)  # through its response_url, or the ack
    answered: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def ack(self) -> Json | None:
        """What the first acknowledgement said, None where it was empty or never came."""
        return self.acks[0] if self.acks else None

    @property
    def acked(self) -> bool:
        return bool(self.acks)

    @property
    def ack_ms(self) -> float:
        assert self.acked_s is not None
        return (self.acked_s - self.sent_s) * 1000

    @property
    def errors(self) -> dict[str, str]:
        """What stands beside the fields of a modal that was not taken: block_id → sentence."""
        ack = self.ack or {}
        return dict(ack.get("errors", {})) if ack.get("response_action") == "errors" else {}

    @property
    def modal(self) -> View | None:
        return self.opened[-1] if self.opened else None


def walk(part: Any) -> Iterator[Json]:
    """Every object inside, the outer before the inner."""
    if isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from walk(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from walk(inner)


def readable(blocks: list[Json]) -> list[str]:
    """What a person reads, in order."""
    found = []
    for part in walk(blocks):
        if part.get("type") in ("plain_text", "mrkdwn", "markdown", "text"):
            found.append(str(part.get("text", "")))
        elif part.get("type") == "image" and "alt_text" in part:
            found.append(str(part["alt_text"]))
    return found


def controls(blocks: list[Json]) -> list[Json]:
    """Whatever can be pressed, chosen or filled in, each with the id of its block."""
    found: list[Json] = []
    for block in blocks:
        inner = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        found += [
            {**part, "block_id": block["block_id"]}
            for part in inner
            if isinstance(part, dict) and "action_id" in part
        ]
    return found


def offers(blocks: list[Json], view: Json | None = None) -> set[tuple[str, str]]:
    """What a message or a `view` asks the bot to hear: kinds of interactions, each with its id."""
    heard = [each for each in blocks if each["type"] != "input" or each.get("dispatch_action")]
    found = {("block_actions", str(part["action_id"])) for part in controls(heard)}
    if view and view.get("submit"):
        found.add(("view_submission", str(view.get("callback_id"))))
    if view and view.get("notify_on_close"):
        found.add(("view_closed", str(view.get("callback_id"))))
    return found


def control(blocks: list[Json], words: str) -> Json:
    """The one whose action_id or block_id is `words`, or whose label contains them."""
    every = controls(blocks)
    for part in every:
        if words in (part["action_id"], part["block_id"]):
            return part
    labels = {part["action_id"]: _label(part) for part in every}
    for part in every:
        if words in part["action_id"] or words in labels[part["action_id"]]:
            return part
    raise AssertionError(f"no control {words!r}, only {labels}")


def _label(part: Json) -> str:
    words = part.get("text") or part.get("placeholder") or {}
    return str(words.get("text", ""))
