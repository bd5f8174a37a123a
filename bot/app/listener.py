"""Listening inside our own event loop: one ASGI app on one socket, with limits for slow clients."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from bot.config.fields import ALL_ADDRESSES
from bot.errors import Misconfigured

# When the server stops, open streams have this long to end.
GRACE_S = 3
CONNECTIONS_MAX = 1_024


def listen(host: str, port: int, *, names: str) -> socket.socket:
    """A listening socket. Raises Misconfigured; `names` are the variables to mend."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=128)
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


class Patient(H11Protocol):
    """Closes the connection of a client that sends no headers, takes no answer, or goes on sending
    a body that is no longer read.
    """

    # From a new connection, or the last answer, to the last header of the next request.
    headers_timeout_s = 20.0
    # For a client to take what was written to it; 20 MB take 16 s at 10 Mbit/s.
    write_timeout_s = 120.0

    # After the answer is complete, this much more of a body is read and dropped: a client that
    # reads only once it has sent everything then reads why its picture was too large.
    rest_max_bytes = 16 * 1024 * 1024

    _rest_bytes = 0
    _headers_due: asyncio.TimerHandle | None = None
    _write_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_timers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
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
        self._write_due = self.loop.call_later(self.write_timeout_s, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._write_due is not None:
            self._write_due.cancel()
            self._write_due = None

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

    def _cancel_timers(self) -> None:
        self._stop_awaiting_headers()
        if self._write_due is not None:
            self._write_due.cancel()


@asynccontextmanager
async def listening(
    app: ASGIApp,
    listener: socket.socket,
    end_streams: Callable[[], None] = lambda: None,
    protocol: type[Patient] = Patient,
) -> AsyncIterator[None]:
    """Serve `app` while the block runs; at its end `end_streams` is called first."""
    config = uvicorn.Config(
        app,
        http=protocol,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS_MAX,
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

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
