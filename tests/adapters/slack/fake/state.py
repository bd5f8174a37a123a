"""Everything that a fake Slack holds, and how messages and views come and change."""

import itertools
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from adapters.slack.connection.manifest import manifest
from tests.adapters.slack.fake import rules
from tests.adapters.slack.fake.app import App
from tests.adapters.slack.fake.rules import Refused
from tests.adapters.slack.fake.world import (
    Act,
    Channel,
    Edit,
    File,
    Ids,
    Json,
    Message,
    Person,
    ResponseUrl,
    Time,
    View,
    Workspace,
    offers,
)

TRIGGER_LIFE = timedelta(seconds=3)


@dataclass(eq=False)
class World:
    time: Time
    base_url: str = ""
    # The app, as Slack knows it.
    app: App = field(default_factory=lambda: App(manifest()))
    app_id: str = "A0FAKE"
    client_id: str = "111.222"
    client_secret: str = "fake-client-secret"
    signing_secret: str = "fake-signing-secret"
    app_token: str = "xapp-1-A0FAKE-fake-app-token"
    # How long a file is processed; None is for ever.
    processing: timedelta | None = timedelta(0)
    keeps_files: bool = True
    ids: Ids = field(default_factory=Ids)
    workspaces: dict[str, Workspace] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    offered: set[tuple[str, str]] = field(default_factory=set)  # what people could do, see offers()
    triggers: dict[str, Act] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    codes: dict[str, tuple[Workspace, Person, str]] = field(default_factory=dict)  # of OAuth
    _count: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def now(self) -> datetime:
        return self.time.now()

    # Finding.

    def person(self, user: str) -> Person | None:
        for workspace in self.workspaces.values():
            if user in workspace.people:
                return workspace.people[user]
        return None

    def message(self, channel: Channel, ts: str) -> Message | None:
        for message in reversed(self.messages):
            if message.ts == ts and message.channel is channel and not message.deleted:
                return message
        return None

    def file_of(self, reference: Mapping[str, str]) -> File | None:
        """By its id, or by its url_private."""
        for file in self.files.values():
            if reference.get("id") == file.id or reference.get("url") == file.url:
                return None if file.deleted else file
        return None

    def file_state(self, reference: Mapping[str, str]) -> str:
        """Why an image block can't show a file yet, or at all; "" where it can."""
        file = self.file_of(reference)
        if file is None:
            return "file not found"
        if not file.is_ready(self.now):
            return "file is not processed yet"
        return "" if file.media_type in rules.PICTURES else "file is no png, jpg or gif"

    # Making.

    def new_ts(self) -> str:
        """Seconds and a number of its own: each message's is another, and they ascend."""
        return f"{int(self.now.timestamp())}.{next(self._count):06d}"

    def new_trigger(self, act: Act) -> str:
        trigger = f"{next(self._count)}.{secrets.token_hex(8)}"
        self.triggers[trigger] = act
        return trigger

    def new_response_url(self, act: Act) -> str:
        token = secrets.token_urlsafe(12)
        self.response_urls[token] = ResponseUrl(token, act, self.now)
        return f"{self.base_url}/respond/{token}"

    def post(self, message: Message, blocks: Any, files: list[File] | None = None) -> Message:
        """Raises Refused where Slack would not take it."""
        message.files = files or []
        self._dress(message, message.text, blocks)
        self.messages.append(message)
        for file in message.files:
            file.shares.append(message)
        message.edits.append(self._as_it_is(message))
        return message

    def change(self, message: Message, text: str, blocks: Any) -> None:
        self._dress(message, text, blocks)
        message.edited = True
        message.edits.append(self._as_it_is(message))

    def _dress(self, message: Message, text: str, blocks: Any) -> None:
        if not (message.files and not text and not blocks):
            blocks = rules.check_message(text, blocks, self.file_state)
        shown = [file for each in rules.slack_files(blocks or []) if (file := self.file_of(each))]
        message.text, message.blocks = text, blocks or []
        self.offered |= offers(message.blocks)
        message.pictures = [*shown, *(f for f in message.files if f.media_type in rules.PICTURES)]

    def _as_it_is(self, message: Message) -> Edit:
        return Edit(time.monotonic(), self.now, message.words, len(message.pictures))

    # Views.

    def use_trigger(self, trigger: str) -> Act:
        act = self.triggers.get(trigger)
        if act is None:
            raise Refused("invalid_trigger_id")
        if self.now - act.made_at > TRIGGER_LIFE:
            raise Refused("expired_trigger_id")
        if act.trigger_used:
            raise Refused("exchanged_trigger_id")
        act.trigger_used = True
        return act

    def new_view(self, body: Json, act: Act, stack: list[View] | None = None) -> View:
        view = self._make(rules.check_view(body, self.file_state), act.person, act.workspace)
        view.stack = [] if stack is None else stack
        if len(view.stack) >= rules.MODALS_MAX:
            raise Refused("push_limit_reached")
        view.stack.append(view)
        act.opened.append(view)
        return view

    def publish(self, body: Json, person: Person, workspace: Workspace) -> View:
        checked = rules.check_view(body, self.file_state)
        known = workspace.homes.get(person.id)
        if known is None:
            known = workspace.homes[person.id] = self._make(checked, person, workspace)
        else:
            self._replace(known, checked)
        return known

    def change_view(self, view: View, body: Json) -> None:
        self._replace(view, rules.check_view(body, self.file_state))

    def close(self, view: View, *, everything: bool = False) -> None:
        for each in [*view.stack] if everything else [view]:
            each.closed = True
            view.stack.remove(each)

    def _make(self, body: Json, person: Person, workspace: Workspace) -> View:
        view = View(self.ids.new("V"), person, workspace, body, secrets.token_hex(4))
        view.versions.append(body)
        self.views[view.id] = view
        self.offered |= offers(body["blocks"], body)
        return view

    def _replace(self, view: View, body: Json) -> None:
        view.body, view.hash = body, secrets.token_hex(4)
        view.versions.append(body)
        self.offered |= offers(body["blocks"], body)
