"""What people do on a fake Discord: join, type, press, choose, fill in."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.adapters.discord.fake.messages import World, media_type
from tests.adapters.discord.fake.rest import new_token
from tests.adapters.discord.fake.world import (
    USUAL,
    Channel,
    File,
    Interaction,
    Json,
    Membership,
    Message,
    Permission,
    Person,
    Role,
    Server,
    walk,
)
from tests.support.fake_service import FakeService

if TYPE_CHECKING:
    from tests.adapters.discord.fake.gateway import Gateway

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
SUBCOMMAND, GROUP, ATTACHMENT = 1, 2, 11
_MENTIONABLE = {6: "users", 7: "channels", 8: "roles"}


@dataclass(frozen=True)
class Upload:
    """A file that somebody attaches to an option."""

    name: str
    data: bytes
    media_type: str | None = None  # as Discord found it; None is by its first bytes
    sent: bytes | None = None  # what its address sends; None is `data`
    breaks_off: bool = False  # its address hangs up


class People(FakeService):
    """`world` and `gateway` are FakeDiscord's."""

    world: World
    gateway: "Gateway"
    ann: Person
    art: Channel

    # Who is there. To be called before the bot logs in, or before `invite`.

    def add_person(self, name: str, *, created_at: datetime, takes_dms: bool = True) -> Person:
        person = Person(self.world.ids.at(created_at), name, takes_dms=takes_dms)
        self.change(lambda: self.world.people.update({person.id: person}))
        return person

    def refuse_dms(self, person: Person) -> None:
        """From now on `person` takes no direct messages."""

        def change() -> None:
            person.takes_dms = False

        self.change(change)

    def add_server(
        self, name: str, *, owner: Person, created_at: datetime, has_bot: bool = True
    ) -> Server:
        server = Server(self.world.ids.at(created_at), name, owner, has_bot=has_bot)
        self.change(lambda: self.world.servers.update({server.id: server}))
        self.join(owner, server, USUAL | Permission.MANAGE_GUILD | Permission.ADMINISTRATOR)
        if has_bot:
            self._join_bot(server)
        return server

    def _join_bot(self, server: Server) -> None:
        self.join(self.world.bot, server)

    def add_channel(self, name: str, server: Server, *, nsfw: bool = False) -> Channel:
        return self._add(Channel(self.world.new_id(), name, server=server, nsfw=nsfw))

    def add_thread(self, name: str, parent: Channel) -> Channel:
        thread = Channel(self.world.new_id(), name, 11, server=parent.server, parent=parent)
        return self._add(thread)

    def _add(self, channel: Channel) -> Channel:
        def change() -> None:
            assert channel.server is not None
            channel.server.channels.append(channel)
            self.world.channels[channel.id] = channel

        self.change(change)
        return channel

    def direct(self, person: Person) -> Channel:
        """The conversation of `person` with the bot."""
        return self.change(lambda: self.world.direct_channel(person))

    def join(
        self,
        person: Person,
        server: Server,
        permissions: Permission = USUAL,
        *,
        roles: tuple[Role, ...] = (),
        joined_at: datetime | None = None,
    ) -> None:
        since = joined_at or self.world.now()
        member = Membership(person, since, permissions, list(roles))
        self.change(lambda: server.members.update({person.id: member}))

    # What they do. `by` is Ann and `at` #art unless told.

    def command(
        self,
        name: str,
        options: Mapping[str, Any] | None = None,
        *,
        by: Person | None = None,
        at: Channel | None = None,
    ) -> Interaction:
        """Type /name; a subcommand is "limner setup". Only what is registered can be typed."""
        return self._act(COMMAND, self._typed(name, options or {}, None), by, at)

    def complete(
        self,
        name: str,
        options: Mapping[str, Any],
        focused: str,
        *,
        by: Person | None = None,
        at: Channel | None = None,
    ) -> Interaction:
        """Type half of option `focused` and look at what is offered."""
        return self._act(AUTOCOMPLETE, self._typed(name, options, focused), by, at)

    def use_on(self, message: Message, name: str, *, by: Person | None = None) -> Interaction:
        """Choose `name` in the menu of a message."""
        command = self._registered(name, kind=3)
        resolved = {"messages": {str(message.id): message.payload()}}
        data = {
            "id": command["id"],
            "name": name,
            "type": 3,
            "target_id": str(message.id),
            "resolved": resolved,
        }
        return self._act(COMMAND, data, by, message.channel)

    def press(
        self,
        message: Message,
        words: str,
        *,
        by: Person | None = None,
        seen: Json | None = None,
    ) -> Interaction:
        """Press the button whose label or custom id contains `words`.

        `seen` is the button as somebody saw it last. Where it is gone by now, Discord itself tells
        them that this failed, and the bot hears nothing: the interaction is `failed`.
        """
        control = seen or message.control(words)
        assert not control.get("disabled"), f"{words!r} is disabled"
        data = {"component_type": 2, "custom_id": control["custom_id"], "id": control["id"]}
        return self._act(COMPONENT, data, by, message.channel, message)

    def choose(
        self, message: Message, words: str, *values: str, by: Person | None = None
    ) -> Interaction:
        """Choose in the menu whose placeholder or custom id contains `words`, by value or label."""
        control = message.control(words)
        options = control.get("options", [])
        by_label = {option["label"]: option["value"] for option in options}
        chosen = [by_label.get(value, value) for value in values]
        offered = [option["value"] for option in options]
        assert set(chosen) <= set(offered), f"{chosen} is not in {offered}"
        data = {
            "component_type": control["type"],
            "custom_id": control["custom_id"],
            "id": control["id"],
            "values": chosen,
        }
        return self._act(COMPONENT, data, by, message.channel, message)

    def submit(
        self,
        opened: Interaction,
        values: Mapping[str, str],
        *,
        by: Person | None = None,
        forged_id: str = "",
    ) -> Interaction:
        """Fill in the modal that answered `opened`, by custom id; the rest stays as it was."""
        modal = opened.modal
        assert modal is not None, "no modal was opened"
        known = {part["custom_id"] for part in walk(modal["components"]) if "custom_id" in part}
        assert set(values) <= known, f"{set(values)} are not in {known}"
        filled = [_filled(part, values) for part in modal["components"]]
        data = {"custom_id": forged_id or modal["custom_id"], "components": filled}
        return self._act(MODAL_SUBMIT, data, by or opened.person, opened.channel, opened.message)

    def post(
        self, upload: Upload, *, by: Person | None = None, at: Channel | None = None
    ) -> Message:
        """Send a message with a file and no words, as anybody does."""
        world, file = self.world, self._upload(upload)
        person, channel = by or self.ann, at or self.art
        message = Message(world.new_id(), channel, person, world.now(), files=[file])
        self.change(lambda: world.messages.update({message.id: message}))
        return message

    def files(self) -> Iterator[File]:
        """Everything that was attached, by the bot and by people."""
        for message in list(self.world.messages.values()):
            yield from message.files
        yield from list(self.world.uploads)

    # How it reaches the bot.

    def _act(
        self,
        kind: int,
        data: Json,
        by: Person | None,
        at: Channel | None,
        message: Message | None = None,
    ) -> Interaction:
        world = self.world
        interaction = Interaction(
            id=world.new_id(),
            token=new_token(),
            type=kind,
            application_id=world.bot.id,
            person=by or self.ann,
            channel=at or self.art,
            created_at=world.now(),
            data=data,
            message=message,
        )

        async def send() -> None:
            if kind == COMPONENT and message is not None and not _has(message, data):
                interaction.failed = True
                return
            assert self.gateway.live, "no bot is connected"
            world.interactions[interaction.token] = interaction
            interaction.sent_s = time.monotonic()
            server = interaction.channel.server
            payload = interaction.payload(world.bot)
            here = server.id if server and server.has_bot else None
            await self.gateway.dispatch(here, "INTERACTION_CREATE", payload)

        self.do(send())
        return interaction

    def _registered(self, name: str, kind: int) -> Json:
        for command in self.world.commands:
            if (command["name"], command["type"]) == (name, kind):
                return command
        names = [command["name"] for command in self.world.commands]
        raise AssertionError(f"{name!r} is not registered, only {names}")

    def _typed(self, path: str, options: Mapping[str, Any], focused: str | None) -> Json:
        first, *rest = path.split()
        command = self._registered(first, kind=1)
        resolved: Json = {}
        declared, nest = command.get("options") or [], []
        for word in rest:
            inner = next(o for o in declared if o["name"] == word and o["type"] in (1, 2))
            nest.append({"type": inner["type"], "name": word})
            declared = inner.get("options") or []
        given = self._options(declared, options, focused, resolved)
        for level in reversed(nest):
            given = [{**level, "options": given}]
        data: Json = {"id": command["id"], "name": first, "type": 1, "options": given}
        return {**data, "resolved": resolved} if resolved else data

    def _options(
        self, declared: list[Json], options: Mapping[str, Any], focused: str | None, resolved: Json
    ) -> list[Json]:
        by_name = {option["name"]: option for option in declared}
        assert set(options) <= set(by_name), f"{set(options)} are not in {set(by_name)}"
        if focused is None:
            missing = [
                o["name"] for o in declared if o.get("required") and o["name"] not in options
            ]
            assert not missing, f"{missing} must be given"
        given = []
        for name, value in options.items():
            option = by_name[name]
            if name == focused:
                assert option.get("autocomplete"), f"{name} completes nothing"
                given.append({"name": name, "type": 3, "value": value, "focused": True})
                continue
            _check_value(option, value)
            wire = self._resolve(option["type"], value, resolved)
            given.append({"name": name, "type": option["type"], "value": wire})
        return given

    def _resolve(self, kind: int, value: Any, resolved: Json) -> Any:
        """A file, person, channel or role goes as its id, with itself beside."""
        if kind == ATTACHMENT:
            file = self._upload(value)
            resolved.setdefault("attachments", {})[str(file.id)] = file.payload()
            return str(file.id)
        if kind in _MENTIONABLE:
            payload = (
                value.payload(self.world.bot) if isinstance(value, Channel) else value.payload()
            )
            if isinstance(value, Channel):
                payload["permissions"] = str(int(USUAL))
            resolved.setdefault(_MENTIONABLE[kind], {})[str(value.id)] = payload
            return str(value.id)
        return value

    def _upload(self, upload: Upload) -> File:
        known = upload.media_type
        kind = media_type(upload.data) if known is None else known
        sent = upload.data if upload.sent is None else upload.sent
        file = File(self.world.new_id(), upload.name, len(upload.data), kind, sent)
        file.address(self.world.base_url, self.art, self.world.now())
        file.breaks_off = upload.breaks_off
        self.change(lambda: self.world.uploads.append(file))
        return file


def _has(message: Message, pressed: Json) -> bool:
    return pressed["custom_id"] in [part["custom_id"] for part in message.controls]


def _check_value(option: Json, value: Any) -> None:
    """What the client itself would not let anybody type."""
    choices = [choice["value"] for choice in option.get("choices") or []]
    assert not choices or value in choices, f"{option['name']}: {value!r} is none of {choices}"
    if option["type"] in (4, 10):
        least, most = option.get("min_value", value), option.get("max_value", value)
        assert least <= value <= most, f"{option['name']}: {value} is not in {least}…{most}"
    if option["type"] == 3:
        most = option.get("max_length", 6_000)
        assert len(value) <= most, f"{option['name']}: longer than {most}"


def _filled(part: Json, values: Mapping[str, str]) -> Json:
    """A modal's component as it comes back."""
    own: Json = {"type": part["type"], "id": part.get("id", 1)}
    if "components" in part:
        own["components"] = [_filled(inner, values) for inner in part["components"]]
    if "component" in part:
        own["component"] = _filled(part["component"], values)
    if "custom_id" in part:
        own["custom_id"] = part["custom_id"]
        chosen = [o["value"] for o in part.get("options", []) if o.get("default")]
        if part["type"] == 4:
            own["value"] = values.get(part["custom_id"], part.get("value") or "")
        else:
            wished = values.get(part["custom_id"])
            own["values"] = chosen if wished is None else [wished]
    return own
