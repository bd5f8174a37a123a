import socket

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.app.listener import listen, listening, own_url
from bot.errors import Misconfigured
from tests.adapters.api.server import Raw


def test_connections_send_at_once() -> None:
    """A body must not wait for the acknowledgement of its headers: 40 ms for each answer."""
    with (
        listen("127.0.0.1", 0, names="HOST or PORT") as listener,
        socket.create_connection(listener.getsockname()),
    ):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


async def test_of_a_request_with_two_lengths_nothing_is_a_request_of_its_own() -> None:
    asked: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await PlainTextResponse("taken")(scope, receive, send)

    smuggled = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
    lengths = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    with listen("127.0.0.1", 0, names="PORT") as listener:
        url = own_url(*listener.getsockname())
        async with listening(app, listener), Raw(url) as client:
            await client.say(b"POST / HTTP/1.1\r\nHost: localhost\r\n" + lengths + smuggled)
            heard = await client.heard()
    assert heard.startswith(b"HTTP/1.1 400 ")
    assert heard.count(b"HTTP/1.1") == 1
    assert asked == []


def test_a_taken_port_names_what_to_mend() -> None:
    with listen("127.0.0.1", 0, names="HOST or PORT") as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Misconfigured) as caught:
            listen("127.0.0.1", port, names="HOST or PORT")
    (problem,) = caught.value.problems
    assert problem.startswith(f"Nothing can listen on 127.0.0.1, port {port}: ")
    assert problem.endswith("Set HOST or PORT to something free.")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("::1", "http://[::1]:80"),
        ("::", "http://[::1]:80"),
        ("gpu.example", "http://gpu.example:80"),
    ],
)
def test_this_machine_reaches_it_by_its_own_name(host: str, url: str) -> None:
    assert own_url(host, 80) == url
