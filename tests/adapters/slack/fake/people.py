"""What people do on a fake Slack: type, press, choose, fill in, agree to an installation."""

import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

from tests.adapters.slack.fake import oauth
from tests.adapters.slack.fake.app import EVENT_SCOPES, event_name
from tests.adapters.slack.fake.files import Files
from tests.adapters.slack.fake.state import World
from tests.adapters.slack.fake.world import (
    CHANNEL,
    COMMANDS,
    DIRECT,
    EVENTS,
    GROUP,
    INTERACTIVE,
    Act,
    Channel,
    File,
    Json,
    Message,
    Person,
    View,
    Workspace,
    walk,
)
from tests.support.fake_service import FakeService

# How a control's value comes back: its name, and whether it is a choice among options.
_VALUES = {
    "plain_text_input": "value",
    "number_input": "value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "file_input": "files",
}


class Members(FakeService):
    """`world` and the furniture are FakeSlack's."""

    world: World
    ann: Person
    bob: Person
    art: Channel
    workspace: Workspace

    async def deliver(self, act: Act, *, retry: int = 0) -> None:
        raise NotImplementedError

    @property
    def _files(self) -> Files:
        raise NotImplementedError

    # Who is there.

    def add_workspace(self, name: str, *, installed: bool = False) -> Workspace:
        ids = self.world.ids
        team = ids.new("T")
        bot = Person(ids.new("U"), "Limner", team, bot=True)
        token = f"xoxb-{team}-{secrets.token_hex(8)}" if installed else ""
        made = Workspace(team, name, bot, ids.new("B"), token, set())
        made.people[bot.id] = bot
        self.world.workspaces[team] = made
        return made

    def add_person(
        self,
        name: str,
        at: Workspace | None = None,
        *,
        from_team: str = "",
        enterprise: str = "",
        **is_: bool,
    ) -> Person:
        """`is_`: admin, owner, guest, deleted. `from_team` for somebody from outside."""
        at = at or self.workspace
        person = Person(self.world.ids.new("U"), name, from_team or at.id, enterprise=enterprise)
        for what, true in is_.items():
            assert hasattr(person, what), f"nobody is {what!r}"
            setattr(person, what, true)
        at.people[person.id] = person
        return person

    def add_channel(
        self, name: str, *members: Person, at: Workspace | None = None, private: bool = False
    ) -> Channel:
        at = at or self.workspace
        kind, letter = (GROUP, "G") if private else (CHANNEL, "C")
        channel = Channel(self.world.ids.new(letter), name, kind, [*members])
        at.channels[channel.id] = channel
        return channel

    def invite_bot(self, channel: Channel, at: Workspace | None = None) -> None:
        channel.members.append((at or self.workspace).bot)

    def remove_bot(self, channel: Channel, at: Workspace | None = None) -> None:
        channel.members.remove((at or self.workspace).bot)

    def direct(self, person: Person) -> Channel:
        """The conversation of `person` with the bot."""
        return self._home_of(person).direct(person, self.world.ids)

    def home(self, person: Person) -> View | None:
        """What `person` sees in the app's Home tab."""
        return self._home_of(person).homes.get(person.id)

    def _home_of(self, person: Person) -> Workspace:
        return next(w for w in self.world.workspaces.values() if person.id in w.people)

    # What they do. `by` is Ann and `at` #art unless told. Only what the manifest declares is there.

    def command(
        self, name: str, text: str = "", *, by: Person | None = None, at: Channel | None = None
    ) -> Act:
        """Type `/imagine a cat`; the text goes as it is, so write what Slack makes of it."""
        act = self._new(COMMANDS, by, at or self.art)
        assert act.channel is not None
        act.payload = {
            "token": "verification",
            "team_id": act.workspace.id,
            "team_domain": act.workspace.domain,
            "channel_id": act.channel.id,
            "channel_name": act.channel.name,
            "user_id": act.person.id,
            "user_name": act.person.name.lower(),
            "command": name,
            "text": text,
            "api_app_id": self.world.app_id,
            "is_enterprise_install": "false",
            "response_url": self.world.new_response_url(act),
            "trigger_id": self.world.new_trigger(act),
        }
        return self._send(act)

    def shortcut(self, callback_id: str, *, by: Person | None = None) -> Act:
        """Choose a global shortcut in the search or beside the message field."""
        act = self._new(INTERACTIVE, by, None)
        act.payload = self._interactive(act, "shortcut", callback_id=callback_id)
        return self._send(act)

    def use_on(self, message: Message, callback_id: str, *, by: Person | None = None) -> Act:
        """Choose a shortcut in a message's menu."""
        act = self._new(INTERACTIVE, by, message.channel, message)
        more = {
            "callback_id": callback_id,
            "message_ts": message.ts,
            "message": message.payload(self.world.now),
            "response_url": self.world.new_response_url(act),
        }
        act.payload = self._interactive(act, "message_action", **more)
        return self._send(act)

    def press(
        self,
        place: Message | View,
        words: str,
        *,
        by: Person | None = None,
        filled: Mapping[str, Any] | None = None,
    ) -> Act:
        """Press the button whose action_id is `words` or whose label contains them.

        `filled` is what stands in the fields of a modal meanwhile, as in `submit`.
        """
        part = place.control(words)
        action = {"type": "button", "text": part.get("text"), "value": part.get("value")}
        return self._act_on(place, part, {k: v for k, v in action.items() if v}, by, filled)

    def forge(self, place: Message | View, action_id: str, *, by: Person | None = None) -> Act:
        """Press a button that is not there: any more, or at all."""
        part = {"action_id": action_id, "block_id": "forged"}
        return self._act_on(place, part, {"type": "button", "value": action_id}, by)

    def choose(
        self, place: Message | View, words: str, *values: Any, by: Person | None = None
    ) -> Act:
        """Choose in a menu, by value or label; in a modal this is a block action."""
        part = place.control(words)
        action = {"type": part["type"], **_value(part, values if len(values) > 1 else values[0])}
        return self._act_on(place, part, action, by)

    def submit(self, view: View, values: Mapping[str, Any] | None = None) -> Act:
        """Fill in a modal by action_id or block_id and send it; the rest stays as it was.

        A file_input takes Files, a menu the value or label of an option.
        """
        assert not view.closed, "the modal is closed"
        act = self._new(INTERACTIVE, view.person, None, view=view)
        state = self._state(view, values or {})
        act.payload = self._interactive(act, "view_submission", view=view.payload(state))
        act.payload["response_urls"] = []
        return self._send(act)

    def close(self, view: View) -> Act | None:
        """Press Cancel; the bot hears of it where it asked to."""
        self.change(lambda: self.world.close(view))
        if not view.body.get("notify_on_close"):
            return None
        act = self._new(INTERACTIVE, view.person, None, view=view)
        act.payload = self._interactive(act, "view_closed", view=view.payload(), is_cleared=False)
        return self._send(act)

    def suggest(self, place: Message | View, words: str, typed: str, *, by: Person) -> Act:
        """Type into a menu whose options the bot delivers; `act.ack` has them."""
        part = place.control(words)
        message = place if isinstance(place, Message) else None
        view = place if isinstance(place, View) else None
        channel = message.channel if message else None
        act = self._new(INTERACTIVE, by, channel, message, view)
        more = {"action_id": part["action_id"], "block_id": part["block_id"], "value": typed}
        act.payload = self._interactive(act, "block_suggestion", **more)
        return self._send(act)

    def open_home(self, by: Person | None = None, tab: str = "home") -> Act:
        person = by or self.ann
        return self.event(
            {
                "type": "app_home_opened",
                "user": person.id,
                "channel": self.direct(person).id,
                "tab": tab,
                "event_ts": self.world.new_ts(),
            },
            by=person,
        )

    def event(
        self,
        event: Json,
        *,
        by: Person | None = None,
        at: Workspace | None = None,
        channel: Channel | None = None,
        times: int = 1,
    ) -> Act:
        """Send an event of the Events API, `times` as Slack's retries repeat it."""
        person = by or self.ann
        act = self._new(EVENTS, person, channel, at=at)
        act.payload = {
            "token": "verification",
            "team_id": act.workspace.id,
            "api_app_id": self.world.app_id,
            "event": {"event_ts": self.world.new_ts(), **event},
            "type": "event_callback",
            "event_id": self.world.ids.new("Ev"),
            "event_time": int(self.world.now.timestamp()),
            "authorizations": [
                {"team_id": act.workspace.id, "user_id": act.workspace.bot.id, "is_bot": True}
            ],
        }
        return self._send(act, times)

    def repeat(self, act: Act, times: int = 1) -> Act:
        """Deliver once more what was delivered, as after a line that broke."""

        async def again() -> None:
            for number in range(times):
                await self.deliver(act, retry=number + 1)

        self.do(again())
        return act

    def say(
        self,
        text: str,
        *,
        by: Person | None = None,
        at: Channel | None = None,
        under: Message | None = None,
        files: tuple[File, ...] = (),
    ) -> Message:
        """An ordinary message of somebody, perhaps in the thread `under` a message."""
        return self._say(text, by or self.ann, at or self.art, under, files)[0]

    def write(
        self,
        text: str,
        *,
        by: Person | None = None,
        at: Channel | None = None,
        under: Message | None = None,
        files: tuple[File, ...] = (),
    ) -> Act:
        """A message of which the bot hears: one to it alone, or with a `mention` of it."""
        message, act = self._say(text, by or self.ann, at or self.art, under, files)
        assert act is not None, f"the bot doesn't hear of {message.text!r}"
        return act

    @property
    def mention(self) -> str:
        return f"<@{self.workspace.bot.id}>"

    def _say(
        self,
        text: str,
        person: Person,
        channel: Channel,
        under: Message | None,
        files: tuple[File, ...],
    ) -> tuple[Message, Act | None]:
        assert channel.kind != DIRECT or self.world.app.is_written_to, "nobody can write there"
        workspace = self._home_of(person)

        def post() -> Message:
            message = Message(self.world.new_ts(), channel, person, workspace, text=text)
            message.thread_ts = (under.thread_ts or under.ts) if under else ""
            return self.world.post(message, None, [*files])

        message = self.change(post)
        event = self._event_of(message)
        name = event_name(event) if event else ""
        if not self.world.app.subscribes_to(name) or EVENT_SCOPES[name] not in workspace.scopes:
            return message, None
        return message, self.event(event, by=person, channel=channel)

    def _event_of(self, message: Message) -> Json:
        """What Slack tells an app of a message; {} where that is nothing.

        Mentions in a conversation with the bot are no mentions, and those where it isn't a member
        are told to nobody.
        """
        sent = {**message.payload(self.world.now), "channel": message.channel.id}
        if message.files:
            sent |= {"subtype": "file_share", "upload": False}
        if message.channel.kind == DIRECT:
            return {**sent, "channel_type": "im"}
        if self.workspace.bot in message.channel.members and self.mention in message.text:
            sent.pop("subtype", None)
            return {**sent, "type": "app_mention"}
        return {}

    def upload(
        self, data: bytes, name: str = "start.png", *, by: Person | None = None, kind: str = ""
    ) -> File:
        """Somebody's own file, for `say` or for a modal's file_input. `kind` as Slack found it."""
        person = by or self.ann
        home = self._home_of(person)
        return self.change(lambda: self._files.add(name, data, person, home, kind))

    def approve(self, url: str, at: Workspace, *, by: Person) -> str:
        """Agree on Slack's page at `url`; where the browser goes next."""
        return oauth.approve(self.world, url, at, by)

    def decline(self, url: str) -> str:
        return oauth.decline(self.world, url)

    def uninstall(self, at: Workspace | None = None) -> Act:
        """An admin removes the app: Slack sends both events, in either order."""
        workspace = at or self.workspace
        person = next(p for p in workspace.people.values() if not p.bot)
        workspace.revoked = True
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [workspace.bot.id]}}
        self.event(revoked, by=person, at=workspace)
        return self.event({"type": "app_uninstalled"}, by=person, at=workspace)

    # How it reaches the bot.

    def _new(
        self,
        kind: str,
        by: Person | None,
        channel: Channel | None,
        message: Message | None = None,
        view: View | None = None,
        at: Workspace | None = None,
    ) -> Act:
        person = by or self.ann
        workspace = at or next(
            (w for w in self.world.workspaces.values() if channel and channel.id in w.channels),
            None,
        )
        workspace = workspace or self._home_of(person)
        return Act(kind, {}, person, workspace, channel, self.world.now, message, view)

    def _send(self, act: Act, times: int = 1) -> Act:
        self.world.app.check(act)

        async def send() -> None:
            self.world.acts.append(act)
            act.made_at = self.world.now
            act.sent_s = time.monotonic()
            for number in range(times):
                await self.deliver(act, retry=number)

        self.do(send())
        return act

    def _interactive(self, act: Act, kind: str, **more: Any) -> Json:
        found: Json = {
            "type": kind,
            "token": "verification",
            "action_ts": self.world.new_ts(),
            "team": _team_named(act),
            "user": {
                "id": act.person.id,
                "username": act.person.name.lower(),
                "name": act.person.name.lower(),
                "team_id": act.person.team,
            },
            "api_app_id": self.world.app_id,
            "is_enterprise_install": False,
            "enterprise": _organization(act.workspace),
            "trigger_id": self.world.new_trigger(act),
            **more,
        }
        if act.channel is not None:
            found["channel"] = {"id": act.channel.id, "name": act.channel.name}
        return found

    def _act_on(
        self,
        place: Message | View,
        part: Json,
        action: Json,
        by: Person | None,
        filled: Mapping[str, Any] | None = None,
    ) -> Act:
        """A block action; whoever sees a private thing is the one who acts on it."""
        if isinstance(place, View):
            act = self._new(INTERACTIVE, by or place.person, None, view=place)
            state = self._state(place, filled or {}, strict=False)
            if action["type"] != "button":  # which has no state
                state.setdefault(part["block_id"], {})[part["action_id"]] = action
            more: Json = {
                "container": {"type": "view", "view_id": place.id},
                "view": place.payload(state),
            }
        else:
            act = self._new(INTERACTIVE, by or place.seen_by, place.channel, place)
            container = {
                "type": "message",
                "message_ts": place.ts,
                "channel_id": place.channel.id,
                "is_ephemeral": place.ephemeral,
            }
            if place.thread_ts:
                container["thread_ts"] = place.thread_ts
            more = {"container": container, "response_url": self.world.new_response_url(act)}
            if not place.ephemeral:
                more["message"] = place.payload(self.world.now, metadata=True)
        done = {
            "action_id": part["action_id"],
            "block_id": part["block_id"],
            "action_ts": self.world.new_ts(),
            **action,
        }
        act.payload = self._interactive(act, "block_actions", actions=[done], **more)
        return self._send(act)

    def _state(self, view: View, values: Mapping[str, Any], *, strict: bool = True) -> Json:
        """What stands in a view's fields when it is sent."""
        state: Json = {}
        left = {*values}
        for block in view.blocks:
            part = block.get("element")
            if block["type"] != "input" or part is None:
                continue
            action = part.get("action_id") or block["block_id"]
            name = action if action in values else block["block_id"]
            left.discard(name)
            wished = values.get(name, _initial(part))
            if strict and not block.get("optional") and wished in (None, "", [], ()):
                raise AssertionError(f"{name} must be filled in")
            given = self._filled(part, wished)
            state.setdefault(block["block_id"], {})[action] = {"type": part["type"], **given}
        assert not left, f"{left} are not in {[block['block_id'] for block in view.blocks]}"
        return state

    def _filled(self, part: Json, wished: Any) -> Json:
        if part["type"] == "file_input":
            chosen = [wished] if isinstance(wished, File) else list(wished or [])
            assert len(chosen) <= part.get("max_files", 10), "too many files"
            allowed = part.get("filetypes")
            kinds = [file.name.rpartition(".")[2].lower() for file in chosen]
            assert not allowed or {*kinds} <= {*allowed}, f"{kinds} are not in {allowed}"
            return {"files": [file.payload(self.world.now) for file in chosen]}
        return _value(part, wished)


def _team_named(act: Act) -> Json | None:
    """Of a form, the workspace of whoever sent it; none where that is another of our organization.

    Source: https://docs.slack.dev/apis/slack-connect
    """
    person, ours = act.person, act.workspace
    if person.team == ours.id or (act.view is None and not person.enterprise):
        return {"id": ours.id, "domain": ours.domain}
    if person.enterprise and person.enterprise == ours.enterprise:
        return None
    return {"id": person.team, "domain": "elsewhere"}


def _organization(workspace: Workspace) -> Json | None:
    return {"id": workspace.enterprise, "name": "Org"} if workspace.enterprise else None


def _initial(part: Json) -> Any:
    for name, value in part.items():
        if name.startswith("initial_"):
            if name == "initial_option":
                return value["value"]
            return [o["value"] for o in value] if name == "initial_options" else value
    return None


def _value(part: Json, wished: Any) -> Json:
    """A control's value as it comes back; a client lets nobody enter what is not allowed."""
    kind = part["type"]
    name = _VALUES[kind]
    if kind == "plain_text_input" and wished:
        most = part.get("max_length", 3000)
        assert len(wished) <= most, f"longer than {most}"
    if kind == "number_input" and wished not in (None, ""):
        least, most = float(part.get("min_value", "-inf")), float(part.get("max_value", "inf"))
        assert least <= float(wished) <= most, f"{wished} is not in {least}…{most}"
        wished = str(wished)
    if name == "value":
        return {"value": wished or None}
    if name == "selected_option":
        return {name: None if wished is None else _option(part, wished)}
    if name == "selected_options":
        several = [wished] if isinstance(wished, str) else wished or []
        return {name: [_option(part, each) for each in several]}
    if name.endswith("s") and isinstance(wished, str):
        return {name: [wished]}
    return {name: wished}


def _option(part: Json, wished: str) -> Json:
    groups = part.get("option_groups", [])
    offered = [*part.get("options", []), *(o for group in groups for o in group["options"])]
    if part["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": wished}, "value": wished}
    for option in offered:
        if wished in (option["value"], option["text"]["text"]):
            return dict(option)
    raise AssertionError(f"{wished!r} is none of {[option['value'] for option in offered]}")


def form_of(act: Act) -> dict[str, str]:
    """How an act travels over HTTP where it is no event: as a form."""
    if act.kind == COMMANDS:
        return {name: str(value) for name, value in act.payload.items()}
    return {"payload": json.dumps(act.payload)}


def mentions(blocks: list[Json]) -> list[str]:
    """The texts of all marked-up parts."""
    return [part["text"] for part in walk(blocks) if part.get("type") == "mrkdwn"]
