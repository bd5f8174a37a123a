"""A loopback Slack that the real slack-bolt and slack_sdk talk to.

    with FakeSlack() as fake:
        environ = {**fake.environ}                       # SLACK_BOT_TOKEN, _APP_TOKEN, _API_URL
        await fake.until(lambda: fake.connected)         # off an event loop: fake.wait_for
        asked = fake.command("/imagine", "a cat --images 2", by=fake.ann, at=fake.art)
        await fake.until(lambda: fake.showing(fake.art))
        fake.press(fake.showing(fake.art)[0], "Again", by=fake.bob)

The app is what its manifest says, ours by Socket Mode at first: only the commands, shortcuts and
events are there that it declares, and a token may do what its scopes allow.

There is one workspace, `workspace`, with Ann (owner of it), Bob and Gil (a guest), and the channels
#art, #private (private) and #elsewhere, where the bot is no member. `add_…` makes more.

What people do: `command`, `shortcut`, `use_on` (a message's menu), `press`, `choose`, `submit` and
`close` (a modal), `suggest`, `open_home`, `say`, `upload`; `event` sends any other one, `repeat`
delivers an act again. Each returns the Act, which then shows what the bot answered: `acked`, `ack`,
`errors`, `opened` and `modal`, `replies` (what only that person sees, through the response_url),
and `fake.seen_by(person)`, all that only they see. `messages` are all there are, also deleted ones;
each has its `words`, `pictures`, `controls`, `pings` and the history of its `edits`.
`fake.home(person)` is the App Home. `fake.shift(timedelta)` sets Slack's time forward.

How a call goes, by the method's name, or "upload", "respond" (a response_url), "file" (a download):

    fake.will("chat.update", answers("fatal_error"), cuts())   the next two, in this order
    fake.always("chat.postMessage", limits(1))                 all, until the next `always`

    answers(error, status=200)   an error, and nothing is done
    garbles(status, text)        no answer of Slack's own
    limits(after_s)              429 with Retry-After, which may be no number; None is without
    cuts()                       hangs up, and nothing is done
    acts_and_cuts()              does it and hangs up before it says so
    waits(event, then)           does nothing until the test sets `event`, then like `then`

Where a test says nothing, Slack's limits hold (`fake.rate_limits`): 429 beyond them.

What goes on by itself: scopes or missing_scope; membership or not_in_channel; a trigger_id of 3 s
and one use; a response_url of 5 uses and 30 minutes; processing of files (`fake.processing`, None
is for ever) or invalid_blocks; everything in fake_rules; a revoked token or token_revoked.

Ways in: Socket Mode (`refresh`, `warn`, `cut`, `shut`, `crowd`, `send_raw`), or HTTP once
`paste(manifest)` has given addresses (`http` has what can be wrong with a request); OAuth by
`approve` and `decline`.
It runs in a thread of its own, so it serves bots in this and in other processes.
"""

import asyncio
import json
import threading
import time
from base64 import b64decode
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from tests.adapters.slack.fake.app import App
from tests.adapters.slack.fake.calls import SCOPES, WITHOUT_BOT_TOKEN, Call, Calls
from tests.adapters.slack.fake.files import Files
from tests.adapters.slack.fake.http import Http
from tests.adapters.slack.fake.people import Members
from tests.adapters.slack.fake.rate_limits import RateLimits
from tests.adapters.slack.fake.replies import Replies
from tests.adapters.slack.fake.rules import Refused
from tests.adapters.slack.fake.socket import Socket
from tests.adapters.slack.fake.state import World
from tests.adapters.slack.fake.world import (
    Act,
    Channel,
    File,
    Json,
    Message,
    Person,
    Time,
    Workspace,
)


@dataclass
class Exchange:
    """One call and the way back."""

    call: Call
    request: web.Request
    stopping: asyncio.Event
    _act: Callable[[Call], web.Response]

    def act(self) -> web.Response:
        return self._act(self.call)

    def cut(self) -> web.Response:
        if self.request.transport is not None:
            self.request.transport.abort()
        return web.Response()

    async def wait(self, event: threading.Event) -> None:
        while not event.is_set() and not self.stopping.is_set():  # noqa: ASYNC110  (a thread sets it)
            await asyncio.sleep(0.005)


Behaviour = Callable[[Exchange], Awaitable[web.Response]]


def answers(error: str, status: int = 200) -> Behaviour:
    async def behave(_: Exchange) -> web.Response:
        return web.json_response({"ok": False, "error": error}, status=status)

    return behave


def garbles(status: int, text: str, kind: str = "text/plain") -> Behaviour:
    """What stands in front of Slack answers in its place."""

    async def behave(_: Exchange) -> web.Response:
        return web.Response(status=status, text=text, content_type=kind)

    return behave


def limits(after_s: int | str | None) -> Behaviour:
    headers = {} if after_s is None else {"Retry-After": str(after_s)}

    async def behave(_: Exchange) -> web.Response:
        said = {"ok": False, "error": "ratelimited"}
        return web.json_response(said, status=429, headers=headers)

    return behave


def cuts() -> Behaviour:
    async def behave(exchange: Exchange) -> web.Response:
        return exchange.cut()

    return behave


def acts() -> Behaviour:
    async def behave(exchange: Exchange) -> web.Response:
        return exchange.act()

    return behave


def acts_and_cuts() -> Behaviour:
    async def behave(exchange: Exchange) -> web.Response:
        exchange.act()
        return exchange.cut()

    return behave


def waits(event: threading.Event, then: Behaviour | None = None) -> Behaviour:
    async def behave(exchange: Exchange) -> web.Response:
        await exchange.wait(event)
        return await (then or acts())(exchange)

    return behave


class FakeSlack(Members):
    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        processing: timedelta | None = timedelta(0),
        keeps_files: bool = True,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.world = World(Time(now), processing=processing, keeps_files=keeps_files)
        self.rate_limits = RateLimits(lambda: monotonic() + self.world.time.shifted_s)
        self.calls: list[Call] = []
        self.unknown: list[str] = []  # calls that this fake doesn't have; there should be none
        self._script: dict[str, deque[Behaviour]] = defaultdict(deque)
        self._otherwise: dict[str, Behaviour] = {}
        self.socket = Socket(self._notify, self._acked)
        self.http = Http(self.world, self._acked)
        self._calls = Calls(self.world, self._new_socket_url, self.rate_limits)
        self._replies = Replies(self.world)
        self._furnish()

    def _furnish(self) -> None:
        self.workspace = self.add_workspace("Studio", installed=True)
        self.workspace.scopes = self.world.app.scopes
        self.ann = self.add_person("Ann", owner=True, admin=True)
        self.bob = self.add_person("Bob")
        self.gil = self.add_person("Gil", guest=True)
        everybody = (self.ann, self.bob, self.gil)
        self.art = self.add_channel("art", *everybody)
        self.private = self.add_channel("private", *everybody, private=True)
        self.elsewhere = self.add_channel("elsewhere", *everybody)
        for channel in (self.art, self.private):
            self.invite_bot(channel)

    # Start and stop.

    async def _open(self) -> None:
        self.world.base_url = await self._listen()
        await self.http.open()

    async def _close(self) -> None:
        self._stopping.set()  # calls that wait would keep the lines open
        await self.http.close()
        await self.socket.close()
        await super()._close()

    # Where it is, and what came in.

    @property
    def api_url(self) -> str:
        return self.world.base_url + "/api"

    @property
    def token(self) -> str:
        return self.workspace.token

    @property
    def environ(self) -> dict[str, str]:
        """The settings that lead a bot here by Socket Mode."""
        return {
            "SLACK_BOT_TOKEN": self.token,
            "SLACK_APP_TOKEN": self.world.app_token,
            "SLACK_API_URL": self.api_url,
        }

    @property
    def messages(self) -> list[Message]:
        return list(self.world.messages)

    @property
    def files(self) -> list[File]:
        """As they are now: the bot may be bringing one."""
        return list(self.world.files.values())

    @property
    def processing(self) -> timedelta | None:
        return self.world.processing

    @processing.setter
    def processing(self, processing: timedelta | None) -> None:
        self.world.processing = processing

    @property
    def connected(self) -> bool:
        return bool(self.socket.live)

    def showing(self, channel: Channel) -> list[Message]:
        """The messages with pictures that everybody in `channel` sees."""
        return [m for m in self.within(channel) if m.pictures]

    def within(self, channel: Channel) -> list[Message]:
        """What everybody in `channel` sees, oldest first, threads among it."""
        return [
            m for m in self.messages if m.channel is channel and not m.deleted and not m.ephemeral
        ]

    def seen_by(self, person: Person) -> list[Message]:
        """What `person` alone sees: ephemeral messages, and the conversation with the bot."""
        own = [m for m in self.messages if not m.deleted]
        return [m for m in own if person in (m.seen_by, m.channel.partner)]

    def called(self, *methods: str) -> list[Call]:
        return [call for call in list(self.calls) if call.method in methods]

    def _tail(self) -> list[str]:
        said = [message.words for message in self.messages[-2:]]
        calls = (f"{c.method} {c.answer.get('error', c.status)}" for c in self.calls[-12:])
        return [*calls, *said]

    # How calls go.

    def will(self, method: str, *behaviours: Behaviour) -> None:
        """How the next calls of `method` go, one behaviour each."""
        self._script[method].extend(behaviours)

    def always(self, method: str, behaviour: Behaviour) -> None:
        """How calls go that `will` says nothing about."""
        self._otherwise[method] = behaviour

    def shift(self, by: timedelta) -> None:
        """Slack's time goes on at once: triggers, response_urls and processing end."""
        self.world.time.shift(by)

    def remove(self, message: Message) -> None:
        """Somebody deletes `message` by hand."""
        self.change(lambda: setattr(message, "deleted", True))

    def lock(self, message: Message) -> None:
        """The time for which the workspace lets messages be changed is over for `message`."""
        message.closed = True

    def revoke(self, workspace: Workspace | None = None) -> None:
        """The token is worth nothing any more, and no event says so."""
        (workspace or self.workspace).revoked = True

    def paste(self, manifest: Json) -> None:
        """The app is another one from now on; with addresses in it, everything goes there, signed.

        Those who installed it keep the scopes that they granted.
        """
        self.world.app = App(manifest)

    # Socket Mode's troubles.

    def cut(self) -> None:
        self.do(self.socket.cut())

    def refresh(self, *, close: bool = True) -> None:
        """Ask for a new connection, as Slack does every few hours."""
        self.do(self.socket.ask_to_go("refresh_requested", close=close))

    def send_raw(self, frame: str) -> None:
        """Anything at all, down every line."""
        self.do(self.socket.send_raw(frame))

    def warn(self) -> None:
        self.do(self.socket.warn())

    def shut(self, *, shut: bool = True) -> None:
        """Whether websockets are refused."""
        self.socket.shut = shut

    def crowd(self, others: int) -> None:
        """So many of the ten websockets belong to other processes."""
        self.socket.others = others

    def _new_socket_url(self) -> str:
        base = self.world.base_url.replace("http", "ws", 1)
        return f"{base}/link?ticket={self.socket.new_ticket()}&app_id={self.world.app_id}"

    # How an act travels, and what comes back.

    async def deliver(self, act: Act, *, retry: int = 0) -> None:
        if self.world.app.over_http:
            self.http.send(act, retry=retry)
        else:
            await self.socket.send(act, retry=retry)

    def _acked(self, act: Act, payload: Json | None, at_s: float) -> None:
        act.acks.append(payload)
        if act.acked_s is None:
            act.acked_s = at_s
            self._replies.take_ack(act, payload)
            act.answered.set()
        self._notify()

    @property
    def _files(self) -> Files:
        return self._calls.files

    # One request.

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self.socket.serve(request)
        try:
            call = await _read(request, self.world.now)
        except ConnectionResetError:
            return web.Response()  # whoever asked died over it
        self.calls.append(call)
        self._notify()
        exchange = Exchange(call, request, self._stopping, self._act)
        script = self._script[call.method]
        behave = script.popleft() if script else self._otherwise.get(call.method, acts())
        answer = await behave(exchange)
        call.status = answer.status
        if answer.content_type == "application/json" and answer.text:
            call.answer = json.loads(answer.text)
        self._notify()
        return answer

    def _known(self, call: Call) -> Call:
        if call.method not in SCOPES and call.method not in WITHOUT_BOT_TOKEN:
            self.unknown.append(call.method)
            raise Refused("unknown_method", req_method=call.method)
        return call

    def _act(self, call: Call) -> web.Response:
        if call.method == "upload":
            status, text = self._calls.files.take(call.args["secret"], call.body)
            return web.Response(status=status, text=text)
        if call.method == "file":
            kind, data = self._calls.files.fetch(call.args["path"], call.token)
            return web.Response(body=data, content_type=kind)
        try:
            if call.method == "respond":
                return web.json_response(self._replies.respond(call.args))
            answer = self._calls.act(self._known(call))
        except Refused as refused:
            said = {"ok": False, "error": refused.error, **refused.more}
            return web.json_response(said, status=refused.status, headers=refused.headers)
        scopes = ",".join(sorted(self.workspace.scopes))
        return web.json_response(answer, headers={"x-oauth-scopes": scopes})


async def _read(request: web.Request, now: datetime) -> Call:
    """A call by whichever of the four ways Slack takes arguments."""
    body = await request.read()
    query = dict(request.query)
    args: Json = dict(query)
    if request.content_type == "application/json" and body:
        args |= json.loads(body)
    elif request.content_type == "application/x-www-form-urlencoded":
        args |= dict(await request.post())
    method, more = _method(request.path)
    if method == "upload" and request.content_type == "multipart/form-data":
        form = await request.post()
        part: Any = form.get("file") or form.get("filename")
        body = part.file.read()
    key = request.headers.get("Authorization", "")
    token = key.removeprefix("Bearer ") if key.startswith("Bearer ") else args.get("token", "")
    if key.startswith("Basic "):
        login, _, password = b64decode(key.removeprefix("Basic ")).decode().partition(":")
        args |= {"client_id": login, "client_secret": password}
    return Call(
        method=method,
        args=_decoded(args) | more,
        query=query,
        token=token,
        at_s=time.monotonic(),
        at=now,
        body=body,
    )


def _method(path: str) -> tuple[str, Json]:
    if path.startswith("/api/"):
        return path.removeprefix("/api/"), {}
    if path.startswith("/upload/"):
        return "upload", {"secret": path.rpartition("/")[2]}
    if path.startswith("/respond/"):
        return "respond", {"_token": path.rpartition("/")[2]}
    return "file", {"path": path}


def _decoded(args: Json) -> Json:
    """Lists and objects travel as JSON texts inside a form."""
    return {
        name: json.loads(value)
        if name in ("blocks", "view", "metadata", "files") and isinstance(value, str)
        else value
        for name, value in args.items()
    }
