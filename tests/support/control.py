"""A bot in another process, asked at its control socket."""

import socket
from pathlib import Path

import httpx

from adapters.terminal import control_socket


def url_of(data_dir: Path) -> str | None:
    """Where the running bot's page is; None while there is no bot that answers."""
    address = control_socket.find(data_dir / "limner.sock")
    if address is None or not _is_listened_at(address):
        return None
    try:
        with httpx.Client(transport=httpx.HTTPTransport(uds=address)) as http:
            return str(http.get("http://limner/who").json()["url"])
    except httpx.HTTPError:
        return None


def _is_listened_at(address: str) -> bool:
    """A killed bot's socket stays; httpcore leaves its own end open where it is refused."""
    with socket.socket(socket.AF_UNIX) as end:
        return end.connect_ex(address) == 0
