"""Socket Mode of a fake Slack: up to ten lines, each envelope goes down one of them."""

import itertools
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.adapters.slack.fake.world import Act, Json

CONNECTIONS_MAX = 10


@dataclass(eq=False)
class FakeSocketConnection:
    """One websocket. `…_s` are time.monotonic()."""

    number: int
    socket: web.WebSocketResponse = field(repr=False)
    opened_s: float
    closing: bool = False  # it was told to go, and gets nothing more
    closed_s: float | None = None
    pings: int = 0


@dataclass(eq=False)
class Envelope:
    id: str
    act: Act
    connection: FakeSocketConnection
    sent_s: float
    acked_s: float | None = None


class Socket:
    """`notify()` says that something came; `acked(act, payload)` that an envelope was answered."""

    def __init__(
        self, notify: Callable[[], None], acked: Callable[[Act, Json | None, float], None]
    ) -> None:
        self._notify = notify
        self._acked = acked
        self._numbers = itertools.count(1)
        self._tickets: set[str] = set()
        self._turn = 0
        self.connections: list[FakeSocketConnection] = []
        self.envelopes: dict[str, Envelope] = {}
        self.refused = 0  # connections beyond the tenth
        self.shut = False  # nobody gets in
        self.others = 0  # lines that other processes of the same app hold

    @property
    def live(self) -> list[FakeSocketConnection]:
        return [
            connection
            for connection in self.connections
            if connection.closed_s is None and not connection.closing
        ]

    def new_ticket(self) -> str:
        ticket = secrets.token_urlsafe(8)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if self.shut or ticket not in self._tickets:
            return web.Response(status=408 if self.shut else 401)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if len(self.live) + self.others >= CONNECTIONS_MAX:
            self.refused += 1
            await socket.send_str(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        connection = FakeSocketConnection(next(self._numbers), socket, time.monotonic())
        self.connections.append(connection)
        await socket.send_str(json.dumps(self._hello()))
        self._notify()
        try:
            await self._listen(connection)
        finally:
            connection.closed_s = time.monotonic()
            self._notify()
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.live),
            "connection_info": {"app_id": "A0FAKE"},
            "debug_info": {"host": "fake", "approximate_connection_time": 18060},
        }

    async def _listen(self, connection: FakeSocketConnection) -> None:
        async for message in connection.socket:
            if message.type is WSMsgType.PING:
                connection.pings += 1
                await connection.socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._read(json.loads(message.data))

    def _read(self, answer: Json) -> None:
        envelope = self.envelopes.get(answer.get("envelope_id", ""))
        if envelope is not None and envelope.acked_s is None:
            envelope.acked_s = time.monotonic()
            self._acked(envelope.act, answer.get("payload"), envelope.acked_s)
            self._notify()

    # What the fake does.

    async def send(self, act: Act, *, retry: int = 0) -> Envelope:
        """Down the line whose turn it is. There must be one."""
        live = self.live
        assert live, "no bot is connected"
        connection = live[self._turn % len(live)]
        self._turn += 1
        envelope = Envelope(secrets.token_hex(8), act, connection, time.monotonic())
        self.envelopes[envelope.id] = envelope
        document: Json = {
            "envelope_id": envelope.id,
            "type": act.kind,
            "payload": act.payload,
            "accepts_response_payload": act.kind != "events_api",
        }
        if act.kind == "events_api":
            document |= {
                "retry_attempt": retry,
                "retry_reason": "timeout" if retry else "",
            }
        await connection.socket.send_str(json.dumps(document))
        return envelope

    async def ask_to_go(self, reason: str, *, close: bool = True) -> None:
        """Tell every line that it ends; Slack itself closes it a moment later."""
        for connection in self.live:
            connection.closing = True
            await connection.socket.send_str(_disconnect(reason))
            if close:
                await connection.socket.close()

    async def send_raw(self, frame: str) -> None:
        """Anything at all, down every line."""
        for connection in self.live:
            await connection.socket.send_str(frame)

    async def warn(self) -> None:
        """Ten seconds before the end, as Slack does."""
        for connection in self.live:
            await connection.socket.send_str(_disconnect("warning"))

    async def cut(self) -> None:
        """Every line breaks, without a word."""
        for connection in self.live:
            connection.closing = True
            transport = connection.socket._req and connection.socket._req.transport
            if transport:
                transport.abort()

    async def close(self) -> None:
        for connection in self.connections:
            if connection.closed_s is None:
                await connection.socket.close()


def _disconnect(reason: str) -> str:
    debug = {"host": "fake"}
    return json.dumps({"type": "disconnect", "reason": reason, "debug_info": debug})
