"""A loopback Discord, gateway and HTTP, that the real discord.py logs in to.

    with FakeDiscord() as fake:
        environ = {"DISCORD_TOKEN": fake.token, **fake.urls}   # a bot in this or another process
        fake.wait_for(lambda: fake.commands)                    # on an event loop: fake.until
        asked = fake.command("imagine", {"prompt": "a cat"}, by=fake.ann, at=fake.art)
        fake.wait_for(lambda: asked.original and asked.original.pictures)
        fake.press(asked.original, "Again", by=fake.bob)

What people do: `command`, `complete`, `use_on` (a message's menu), `press`, `choose`, `submit` (a
modal). Each tells the bot and returns the Interaction, which then shows what the bot answered:
`answer`, `original`, `followups`, `modal`, `choices`. `messages` are all there are, also deleted
ones; each has its `text`, `pictures`, `controls` and the history of its `edits`.

How a call goes, by the operation's name in fake_rest.OPERATIONS:

    fake.will("edit original", answers(500), cuts())   the next two edits, in this order
    fake.always("send", limits(2.0))                   all of them, until the next `always`
    fake.will("edit original with files", cuts())      the next that brings pictures

    answers(status, code, message)   an error, and nothing is done
    limits(after_s, everywhere=…)    429 with Retry-After; everywhere is the global limit
    cuts()                           hangs up, and nothing is done
    acts_and_cuts()                  does it and hangs up before it says so
    waits(event, then)               does nothing until the test sets `event`, then like `then`

What goes on by itself: a first answer within 3 s or 10062, one only or 40060; tokens of 15 minutes
or 50027; permissions (`forbid`) or 50001 and 50013; sizes or 413; AutoMod (`block_word`) or
200000; nonces; everything in fake_rules. Time is `now`, by default the machine's.

The gateway: `cut`, `close_lines`, `turn_away`, `take_back`, `ask_reconnect`, `invalidate`,
`want_shards`, `leave_starts`; `tell`
(an event) and `say` (a frame of any kind); `longest_heartbeat_gap_s`; `shards`.
It runs in a thread of its own, so it serves bots in this and in other processes.
"""

import asyncio
import json
import threading
import time
from base64 import b64encode
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.adapters.discord.fake.gateway import SHARDING_REQUIRED, Connection, Gateway, Session
from tests.adapters.discord.fake.messages import World
from tests.adapters.discord.fake.people import People
from tests.adapters.discord.fake.rest import Call, Rest, operation_of
from tests.adapters.discord.fake.rules import Refused
from tests.adapters.discord.fake.world import (
    Channel,
    Interaction,
    Json,
    Message,
    Permission,
    Person,
    Server,
    Snowflakes,
)

PREFIX = "/api/v10"
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12


@dataclass
class Exchange:
    """One call and the way back."""

    call: Call
    request: web.Request
    stopping: asyncio.Event
    _act: Callable[[Call], Awaitable[web.Response]]

    async def act(self) -> web.Response:
        return await self._act(self.call)

    def cut(self) -> web.Response:
        if self.request.transport is not None:
            self.request.transport.abort()
        return web.Response()

    async def wait(self, event: threading.Event) -> None:
        while not event.is_set() and not self.stopping.is_set():  # noqa: ASYNC110  (a thread sets it)
            await asyncio.sleep(0.005)


Behaviour = Callable[[Exchange], Awaitable[web.Response]]


def answers(status: int, code: int = 0, message: str = "") -> Behaviour:
    async def behave(_: Exchange) -> web.Response:
        return _json(status, {"message": message or f"{status}: refused", "code": code})

    return behave


def limits(after_s: float, *, everywhere: bool = False) -> Behaviour:
    async def behave(_: Exchange) -> web.Response:
        said = {"message": "You are being rate limited.", "retry_after": after_s}
        headers = {
            "Retry-After": str(after_s),
            "Via": "1.1 google",
            "X-RateLimit-Scope": "global" if everywhere else "user",
        }
        return _json(429, {**said, "global": everywhere}, headers)

    return behave


def cuts() -> Behaviour:
    async def behave(exchange: Exchange) -> web.Response:
        return exchange.cut()

    return behave


def acts() -> Behaviour:
    return lambda exchange: exchange.act()


def acts_and_cuts() -> Behaviour:
    async def behave(exchange: Exchange) -> web.Response:
        await exchange.act()
        return exchange.cut()

    return behave


def waits(event: threading.Event, then: Behaviour | None = None) -> Behaviour:
    async def behave(exchange: Exchange) -> web.Response:
        await exchange.wait(event)
        return await (then or acts())(exchange)

    return behave


class FakeDiscord(People):
    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        shards: int = 1,
        heartbeat_ms: int = 41_250,
        keeps_files: bool = True,
    ) -> None:
        super().__init__()
        ids, old = Snowflakes(), now() - timedelta(days=1_000)
        bot, owner = Person(ids.at(old), "Limner", bot=True), Person(ids.at(old), "Olga")
        # A real one begins with the application's id as well.
        self.token = b64encode(str(bot.id).encode()).decode().rstrip("=") + ".fake.token"
        world = World(
            now=now, bot=bot, owner=owner, token=self.token, keeps_files=keeps_files, ids=ids
        )
        world.people = {person.id: person for person in (owner, bot)}
        self.world = world
        self.calls: list[Call] = []
        self.unknown: list[str] = []  # calls that this fake doesn't have; there should be none
        self._script: dict[str, deque[Behaviour]] = defaultdict(deque)
        self._otherwise: dict[str, Behaviour] = {}
        self._closed = False  # to new lines of the gateway
        self._rest = Rest(world, self._tell_message, self._tell_left, shards)
        self.gateway = Gateway(
            self.token, self._ready, self._notify, shards=shards, heartbeat_ms=heartbeat_ms
        )
        self._furnish(old)

    def _furnish(self, old: datetime) -> None:
        """One server with three channels, an administrator and a member."""
        self.ann = self.add_person("Ann", created_at=old)
        self.bob = self.add_person("Bob", created_at=old)
        self.server = self.add_server("Studio", owner=self.ann, created_at=old)
        self.art = self.add_channel("art", self.server)
        self.adults = self.add_channel("adults", self.server, nsfw=True)
        self.thread = self.add_thread("cats", self.art)
        self.join(self.bob, self.server)

    # Start and stop.

    async def _open(self) -> None:
        self.world.base_url = await self._listen()

    # Where it is, and what came in.

    @property
    def urls(self) -> dict[str, str]:
        """The settings that lead a bot here."""
        base = self.world.base_url
        return {
            "DISCORD_API_URL": base + PREFIX,
            "DISCORD_GATEWAY_URL": base.replace("http", "ws", 1),
        }

    @property
    def commands(self) -> list[Json]:
        return self.world.commands

    @property
    def messages(self) -> list[Message]:
        return list(self.world.messages.values())

    @property
    def interactions(self) -> list[Interaction]:
        return list(self.world.interactions.values())

    @property
    def connected(self) -> bool:
        """Whether every shard has a session with a line."""
        live = self.gateway.live
        return len(live) == self.gateway.shards and all(s.socket for s in live.values())

    @property
    def longest_heartbeat_gap_s(self) -> float:
        return max((c.longest_gap_s for c in self._lines()), default=0.0)

    def _lines(self) -> Iterable[Connection]:
        return (c for c in list(self.gateway.connections) if c.session is not None)

    def showing(self, channel: Channel) -> list[Message]:
        """The messages with pictures that people in `channel` see."""
        return [
            message
            for message in self.messages
            if message.channel is channel and message.pictures and not message.deleted
        ]

    def operations(self, *names: str) -> list[Call]:
        return [call for call in list(self.calls) if set(names) & set(known_as(call))]

    def _tail(self) -> list[str]:
        said = [message.text for message in self.messages[-2:]]
        return [*(f"{call.operation} {call.status}" for call in self.calls[-12:]), *said]

    # How calls go.

    def will(self, operation: str, *behaviours: Behaviour) -> None:
        """How the next calls of `operation` go, one behaviour each."""
        self.change(lambda: self._script[operation].extend(behaviours))

    def always(self, operation: str, behaviour: Behaviour) -> None:
        """How calls go that `will` says nothing about."""
        self.change(lambda: self._otherwise.update({operation: behaviour}))

    def block_word(self, word: str) -> None:
        """AutoMod refuses every text with it."""
        self.change(lambda: self.world.blocked_words.add(word))

    def forbid(self, channel: Channel, permission: Permission) -> None:
        """Take a permission from the bot there."""

        async def change() -> None:
            channel.denied |= permission
            assert channel.server is not None
            payload = channel.payload(self.world.bot)
            await self.gateway.dispatch(channel.server.id, "CHANNEL_UPDATE", payload)

        self.do(change())

    def archive(self, thread: Channel) -> None:
        """Nobody wrote there for long: nothing is edited there until somebody writes again."""
        self.change(lambda: setattr(thread, "archived", True))

    def remove_channel(self, channel: Channel) -> None:
        async def change() -> None:
            del self.world.channels[channel.id]
            assert channel.server is not None
            channel.server.channels.remove(channel)
            payload = channel.payload(self.world.bot)
            await self.gateway.dispatch(channel.server.id, "CHANNEL_DELETE", payload)

        self.do(change())

    def kick(self, server: Server) -> None:
        """The bot is removed from `server`."""

        async def change() -> None:
            server.has_bot = False
            await self._tell_left(server)

        self.do(change())

    def remove(self, message: Message) -> None:
        """A moderator deletes `message` by hand."""

        async def change() -> None:
            message.deleted = True
            await self._tell_message(message, "MESSAGE_DELETE")

        self.do(change())

    def invite(self, server: Server) -> None:
        """The bot joins `server`."""

        async def change() -> None:
            server.has_bot = True
            self._join_bot(server)
            await self.gateway.dispatch(server.id, "GUILD_CREATE", server.payload(self.world.bot))

        self.do(change())

    # The gateway's troubles.

    def cut(self, *, for_good: bool = False) -> None:
        """Break every line; `for_good` lets no new one in until `take_back`."""
        self.change(lambda: setattr(self, "_closed", for_good))
        self.do(self.gateway.cut())

    def take_back(self) -> None:
        self.change(lambda: setattr(self, "_closed", False))
        self.change(lambda: setattr(self.gateway, "refusal", 0))

    def turn_away(self) -> None:
        """Let no new line in until `take_back`."""
        self.change(lambda: setattr(self, "_closed", True))

    def close_lines(self, code: int, *, for_good: bool = False) -> None:
        """End every line with `code`; `for_good` ends each new one as well, until `take_back`."""
        self.change(lambda: setattr(self.gateway, "refusal", code if for_good else 0))
        self.do(self.gateway.close(code))

    def want_shards(self, shards: int) -> None:
        """From now on the servers have to be spread over so many."""

        async def change() -> None:
            self._rest.shards = self.gateway.shards = shards
            await self.gateway.close(SHARDING_REQUIRED)
            self.gateway.live.clear()

        self.do(change())

    def leave_starts(self, count: int) -> None:
        """How many sessions the bot may begin until tomorrow."""
        self.change(lambda: setattr(self._rest, "starts_left", count))

    def say(self, frame: str) -> None:
        """Send anything at all down every line."""
        self.do(self.gateway.say(frame))

    def tell(self, event: str, data: Json) -> None:
        """Send an event to the shard of the usual server."""
        self.do(self.gateway.dispatch(self.server.id, event, data))

    def ask_reconnect(self) -> None:
        self.do(self.gateway.ask_reconnect())

    def invalidate(self, *, resumable: bool = False) -> None:
        self.do(self.gateway.invalidate(resumable=resumable))

    def _ready(self, session: Session) -> Iterable[tuple[str, Json]]:
        world, shards = self.world, self.gateway.shards
        own = [
            server
            for server in world.servers.values()
            if server.has_bot and (server.id >> 22) % shards == session.shard
        ]
        yield (
            "READY",
            {
                "v": 10,
                "user": {**world.bot.payload(), "verified": True, "flags": 0},
                "guilds": [{"id": str(server.id), "unavailable": True} for server in own],
                "session_id": session.id,
                "resume_gateway_url": self.urls["DISCORD_GATEWAY_URL"],
                "shard": [session.shard, shards],
                "application": {"id": str(world.bot.id), "flags": 0},
                "private_channels": [],
            },
        )
        for server in own:
            if server.is_down:
                continue
            yield "GUILD_CREATE", server.payload(world.bot)

    async def _tell_message(self, message: Message, event: str) -> None:
        if message.ephemeral:
            return
        server = message.channel.server
        wanted = GUILD_MESSAGES if server else DIRECT_MESSAGES
        if not any(session.intents & wanted for session in self.gateway.live.values()):
            return
        payload: Json = message.payload()
        if event == "MESSAGE_DELETE":
            payload = {"id": str(message.id), "channel_id": str(message.channel.id)}
        if server is not None:
            payload["guild_id"] = str(server.id)
        await self.gateway.dispatch(server.id if server else None, event, payload)

    async def _tell_left(self, server: Server) -> None:
        await self.gateway.dispatch(server.id, "GUILD_DELETE", {"id": str(server.id)})

    # One request.

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            if self._closed:
                return web.Response(status=503)
            return await self.gateway.serve(request)
        if request.path.startswith("/attachments/"):
            return self._attachment(request)
        try:
            call = await _read(request)
        except ConnectionResetError:
            return web.Response()  # whoever asked died over it
        self.calls.append(call)
        self._notify()
        try:
            if not call.operation:
                self.unknown.append(f"{call.method} {call.path}")
                return _json(404, {"message": "404: Not Found", "code": 0})
            exchange = Exchange(call, request, self._stopping, self._perform)
            response = await self._behaviour(call)(exchange)
            call.status = response.status
            return response
        finally:
            call.answered_s = time.monotonic()
            self._notify()

    def _behaviour(self, call: Call) -> Behaviour:
        for name in known_as(call):
            if script := self._script.get(name):
                return script.popleft()
        others = (self._otherwise.get(name) for name in known_as(call))
        return next(filter(None, others), acts())

    async def _perform(self, call: Call) -> web.Response:
        try:
            status, body = await self._rest.act(call)
        except Refused as refused:
            return _json(refused.status, refused.body)
        return web.Response(status=204) if status == 204 else _json(status, body)

    def _attachment(self, request: web.Request) -> web.Response:
        """A file by its signed address, until that has run out."""
        wanted, expires = request.path.split("/")[3], int(request.query.get("ex", "0"), 16)
        if self.world.now().timestamp() < expires:
            for file in self.files():
                if str(file.id) == wanted:
                    if file.breaks_off and request.transport is not None:
                        request.transport.abort()
                    return web.Response(body=file.data, content_type=file.media_type)
        return web.Response(status=404, text="This content is no longer available.")


def known_as(call: Call) -> tuple[str, ...]:
    """The names of a call, the most exact first: a card's result has files, its progress none."""
    own = call.operation
    if own == "callback":
        return (f"{own} {call.json['type']}", own)
    return (f"{own} with files", own) if call.files else (own,)


async def _read(request: web.Request) -> Call:
    body = await request.read()
    path = unquote(request.path).removeprefix(PREFIX)
    operation, names = operation_of(request.method, path)
    files: dict[str, tuple[str, bytes]] = {}
    document: Any = None
    if request.content_type == "multipart/form-data":
        document, files = _form(request.headers["Content-Type"], body)
    elif body:
        document = json.loads(body)
    return Call(
        operation=operation,
        method=request.method,
        path=path,
        params=dict(request.query),
        names=names,
        json=document,
        files=files,
        key=request.headers.get("Authorization", ""),
        at_s=time.monotonic(),
    )


def _form(content_type: str, body: bytes) -> tuple[Any, dict[str, tuple[str, bytes]]]:
    """The JSON and the files of a form, without a copy more than needed."""
    boundary = content_type.partition("boundary=")[2].strip('"').encode()
    document: Any = None
    files: dict[str, tuple[str, bytes]] = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, data = part[2:-2].partition(b"\r\n\r\n")
        named = _quoted(head, b'name="')
        if named == "payload_json":
            document = json.loads(data)
        else:
            files[named] = (_quoted(head, b'filename="'), data)
    return document, files


def _quoted(head: bytes, before: bytes) -> str:
    return unquote(head.partition(b" " + before)[2].partition(b'"')[0].decode())


def _json(status: int, body: Any, headers: Mapping[str, str] = {}) -> web.Response:
    """With exactly the content type by which discord.py knows JSON."""
    return web.Response(
        status=status,
        body=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **headers},
    )
