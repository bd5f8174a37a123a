"""The websocket half of a fake Discord: sessions, heartbeats, resumes.

Source: Discord's reference, "Gateway": opcodes 0 dispatch, 1 heartbeat, 2 identify, 6 resume,
7 reconnect, 9 invalid session, 10 hello, 11 heartbeat ack; close codes 4000 to 4014.
"""

import asyncio
import json
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.adapters.discord.fake.world import Json

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11
AUTHENTICATION_FAILED, UNKNOWN_ERROR = 4004, 4000
SHARDING_REQUIRED, DISALLOWED_INTENTS = 4011, 4014
# Presences, members, message content: they want a permission of their own.
PRIVILEGED_INTENTS = 1 << 1 | 1 << 8 | 1 << 15
# What a lost connection missed; older events are forgotten and the session with them.
REPLAY_MAX = 1_000


@dataclass(eq=False)
class Session:
    id: str
    shard: int
    intents: int
    sequence: int = 0
    sent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=REPLAY_MAX))
    socket: web.WebSocketResponse | None = None
    resumes: int = 0

    async def dispatch(self, event: str, data: Any) -> None:
        self.sequence += 1
        frame = json.dumps({"op": DISPATCH, "s": self.sequence, "t": event, "d": data})
        self.sent.append((self.sequence, frame))
        if self.socket is not None:
            await _send(self.socket, frame)

    async def replay(self, after: int) -> None:
        assert self.socket is not None
        for sequence, frame in list(self.sent):
            if sequence > after:
                await _send(self.socket, frame)


@dataclass(eq=False)
class Connection:
    """One websocket from hello to its end."""

    socket: web.WebSocketResponse
    beats_s: list[float] = field(default_factory=list)
    session: Session | None = None

    @property
    def longest_gap_s(self) -> float:
        """Between two heartbeats, and from the last one until now."""
        ends = [*self.beats_s[1:], *([] if self.socket.closed else [time.monotonic()])]
        return max((b - a for a, b in zip(self.beats_s, ends, strict=False)), default=0.0)


class Gateway:
    """`ready` says what READY and the events after it tell a new session."""

    def __init__(
        self,
        token: str,
        ready: Callable[[Session], Iterable[tuple[str, Json]]],
        changed: Callable[[], None],
        *,
        shards: int,
        heartbeat_ms: int,
    ) -> None:
        self.shards = shards
        self.heartbeat_ms = heartbeat_ms
        self.token = token
        self.sessions: dict[str, Session] = {}
        self.live: dict[int, Session] = {}  # by shard: the newest that identified
        self.connections: list[Connection] = []
        self.identifies: list[Json] = []
        self.refusal = 0  # the close code for everybody who identifies
        self._ready = ready
        self._changed = changed

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        connection = Connection(socket)
        self.connections.append(connection)
        hello = {"heartbeat_interval": self.heartbeat_ms, "_trace": []}
        await _send(socket, json.dumps({"op": HELLO, "d": hello, "s": None, "t": None}))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._read(connection, json.loads(message.data))
                self._changed()
        finally:
            session = connection.session
            if session is not None and session.socket is socket:
                session.socket = None
            self._changed()
        return socket

    async def dispatch(self, server_id: int | None, event: str, data: Json) -> None:
        """Tell the shard of a server; direct conversations are shard 0's."""
        shard = 0 if server_id is None else (server_id >> 22) % self.shards
        session = self.live.get(shard)
        if session is not None:
            await session.dispatch(event, data)

    async def cut(self) -> None:
        """Every line breaks without a word."""
        for session in self.live.values():
            if session.socket is not None:
                _transport(session.socket).abort()

    async def close(self, code: int) -> None:
        """Every line ends with `code`."""
        for session in self.live.values():
            if session.socket is not None:
                await session.socket.close(code=code)

    async def say(self, frame: str) -> None:
        """Anything at all, on every line."""
        for session in self.live.values():
            if session.socket is not None:
                await _send(session.socket, frame)

    async def ask_reconnect(self) -> None:
        await self._send_all({"op": RECONNECT, "d": None, "s": None, "t": None})

    async def invalidate(self, *, resumable: bool) -> None:
        if not resumable:
            self.sessions.clear()
        await self._send_all({"op": INVALID_SESSION, "d": resumable, "s": None, "t": None})

    async def _send_all(self, frame: Json) -> None:
        for session in self.live.values():
            if session.socket is not None:
                await _send(session.socket, json.dumps(frame))

    async def _read(self, connection: Connection, frame: Json) -> None:
        data = frame["d"]
        if frame["op"] == HEARTBEAT:
            connection.beats_s.append(time.monotonic())
            await _send(connection.socket, json.dumps({"op": HEARTBEAT_ACK, "d": None}))
        elif frame["op"] == IDENTIFY:
            await self._identify(connection, data)
        elif frame["op"] == RESUME:
            await self._resume(connection, data)

    async def _identify(self, connection: Connection, data: Json) -> None:
        self.identifies.append({**data, "token": "…"})
        if data["token"] != self.token:
            await connection.socket.close(code=AUTHENTICATION_FAILED)
            return
        if self.refusal:
            await connection.socket.close(code=self.refusal)
            return
        if data["intents"] & PRIVILEGED_INTENTS:
            await connection.socket.close(code=DISALLOWED_INTENTS)
            return
        shard, shards = data.get("shard", [0, 1])
        if shards < self.shards:
            await connection.socket.close(code=SHARDING_REQUIRED)
            return
        session = Session(secrets.token_hex(16), shard, data["intents"], socket=connection.socket)
        self.sessions[session.id] = session
        self.live[shard] = session
        connection.session = session
        for event, told in self._ready(session):
            await session.dispatch(event, told)
            await asyncio.sleep(0)  # what people do meanwhile comes in between

    async def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != self.token:
            refusal = {"op": INVALID_SESSION, "d": False, "s": None, "t": None}
            await _send(connection.socket, json.dumps(refusal))
            return
        session.resumes += 1
        session.socket = connection.socket
        connection.session = session
        await session.replay(data["seq"] or 0)
        await session.dispatch("RESUMED", {"_trace": []})


async def _send(socket: web.WebSocketResponse, frame: str) -> None:
    try:
        await socket.send_str(frame)
    except (ConnectionError, RuntimeError):
        return  # it went away meanwhile; a resume will ask again


def _transport(socket: web.WebSocketResponse) -> asyncio.Transport:
    request = socket._req
    assert request is not None
    assert isinstance(request.transport, asyncio.Transport)
    return request.transport
