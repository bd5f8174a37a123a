"""Listening inside our own event loop: one ASGI app on one socket, with limits for slow clients."""

import asyncio
import contextlib
import os
import resource
import socket
import struct
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from adapters.incoming import AT_ONCE_OF_ONE_MAX, OneLength, Site, network_of
from bot.config.fields import ALL_ADDRESSES
from bot.errors import Misconfigured

# When the server stops, open streams have this long to end.
GRACE_S = 3
CONNECTIONS_MAX = 1_024
# A crowd that comes at once is let in by so many at a time, about 3 ms, and waits in the system.
ACCEPTED_AT_ONCE = 32
BACKLOG = 1_024
# Files and connections of our own besides: the database and its readers, chat, pictures, pipes.
OTHER_FILES_MAX = 256


def listen(host: str, port: int, *, names: str) -> socket.socket:
    """A listening socket. Raises Misconfigured; `names` are the variables to mend."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        why = (
            f"Nothing can listen on {host}, port {port}: {error.strerror}. "
            f"Set {names} to something free."
        )
        raise Misconfigured((why,)) from None
    # Connections inherit it. asyncio would set it only for sockets that name their protocol, and
    # without it a body waits 40 ms for the acknowledgement of its headers.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many connections are open at once. `is_many` tells of an address that many come from."""

    in_all: int = CONNECTIONS_MAX
    of_one: int = AT_ONCE_OF_ONE_MAX
    is_many: Callable[[str], bool] = Site().brings_many


def room_for_files(wanted: int) -> int:
    """Up to `wanted` connections: as many as open files are allowed, after asking for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + OTHER_FILES_MAX
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else max(1, min(wanted, soft - OTHER_FILES_MAX))


class Patient(H11Protocol):
    """Closes the connection of a client that sends no headers, takes no answer, or goes on sending
    a body that is no longer read.

    Where there is no room for another connection, the one that has let us wait longest is closed:
    between requests, in the middle of one, or of our answer.
    """

    # From a new connection, or the last answer, to the last header of the next request.
    headers_timeout_s = 20.0
    # For a client to take what was written to it; 20 MB take 16 s at 10 Mbit/s.
    write_timeout_s = 120.0

    # After the answer is complete, this much more of a body is read and dropped: a client that
    # reads only once it has sent everything then reads why its picture was too large.
    rest_max_bytes = 16 * 1024 * 1024

    heard_at_s = 0.0
    network = ""
    _rest_bytes = 0
    _headers_due: asyncio.TimerHandle | None = None
    _write_due: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, room: Room | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._room = room or Room()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.heard_at_s = self.loop.time()
        self._await_headers()
        self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_timers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self.heard_at_s = self.loop.time()
        super().data_received(data)
        if self._is_answering():
            self._stop_awaiting_headers()
            self._rest_bytes = 0
            return
        self._rest_bytes += len(data)
        if self._rest_bytes > self.rest_max_bytes:
            self.transport.abort()
        elif self._headers_due is None:
            self._await_headers()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stop_awaiting_writes()
        self._write_due = self.loop.call_later(self.write_timeout_s, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self.heard_at_s = self.loop.time()
        self._stop_awaiting_writes()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._write_due is None:
            self._write_due = self.loop.call_later(self.write_timeout_s, self._not_taken)

    def _not_taken(self) -> None:
        """Close a connection that was to be closed after its answer, and whose client reads none.

        Of what was written the last 64 KiB don't pause writing.
        """
        self._write_due = None
        if self.transport.is_closing():
            self.transport.abort()

    def _await_headers(self) -> None:
        if not self.transport.is_closing():
            self._headers_due = self.loop.call_later(self.headers_timeout_s, self._headers_late)

    def _headers_late(self) -> None:
        """Close the connection, unless an answer is under way."""
        if not self._is_answering():
            self.transport.abort()

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # None until the first request
        return cycle is not None and not cycle.response_complete

    def _stop_awaiting_headers(self) -> None:
        if self._headers_due is not None:
            self._headers_due.cancel()
            self._headers_due = None

    def _make_room(self) -> None:
        others = cast("set[Patient]", self.connections)
        peer = self.client[0] if self.client else ""
        if peer and not self._room.is_many(peer):
            self.network = network_of(peer)
            neighbours = [each for each in others if each.network == self.network]
            _close_one(neighbours, self._room.of_one)
        _close_one(others, self._room.in_all)

    def let_us_wait(self) -> bool:
        """Whether the next step is the client's: to ask, to end its body, to take our answer."""
        return not self._is_answering() or self.cycle.more_body or self.flow.write_paused

    def close_now(self) -> None:
        self.connections.discard(self)
        self.transport.abort()

    def _cancel_timers(self) -> None:
        self._stop_awaiting_headers()
        self._stop_awaiting_writes()

    def _stop_awaiting_writes(self) -> None:
        if self._write_due is not None:
            self._write_due.cancel()
            self._write_due = None


def _close_one(connections: Collection[Patient], most: int) -> None:
    """If there are more than `most`, close the one that has let us wait longest: one came."""
    if len(connections) > most:
        waiting = (each for each in connections if each.let_us_wait())
        min(waiting, key=lambda each: each.heard_at_s).close_now()


class OfOwner(Patient):
    """Over a Unix socket: hangs up on other users, where a file system lets everybody connect."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if _user_of(transport.get_extra_info("socket")) not in (None, 0, os.geteuid()):
            self.close_now()


def _user_of(connection: socket.socket) -> int | None:
    """The other side's user id; None where the system tells it in another way than Linux."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    # Source: unix(7), struct ucred.
    credentials = connection.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])


@asynccontextmanager
async def listening(
    app: ASGIApp,
    listener: socket.socket,
    end_streams: Callable[[], None] = lambda: None,
    protocol: type[Patient] = Patient,
    room: Room | None = None,
) -> AsyncIterator[None]:
    """Serve `app` while the block runs; at its end `end_streams` is called first."""
    room = room or Room()
    room = replace(room, in_all=room_for_files(room.in_all))
    config = uvicorn.Config(
        OneLength(app),
        http=cast("type[Patient]", partial(protocol, room=room)),
        log_config=None,
        access_log=False,
        backlog=ACCEPTED_AT_ONCE,
        lifespan="off",
        ws="none",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]), name="http")
    try:
        yield
    finally:
        end_streams()
        server.should_exit = True
        await asyncio.wait([task], timeout=GRACE_S + 2)
        listener.close()


def own_url(host: str, port: int) -> str:
    """The address at which this machine itself reaches what listens on `host`."""
    near = ALL_ADDRESSES.get(host, host)
    return f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"


class _Server(uvicorn.Server):
    """Leaves signals to us: running jobs are drained before the socket closes."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(BACKLOG)  # asyncio has set it to what it accepts at once

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
