import socket

import pytest

from bot.app.listener import listen, own_url
from bot.errors import Misconfigured


def test_connections_send_at_once() -> None:
    """A body must not wait for the acknowledgement of its headers: 40 ms for each answer."""
    with (
        listen("127.0.0.1", 0, names="HOST or PORT") as listener,
        socket.create_connection(listener.getsockname()),
    ):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


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
