"""A bot in another process, asked at its control socket."""

from pathlib import Path

import httpx

from adapters.terminal import control_socket


def url_of(data_dir: Path) -> str | None:
    """Where the running bot's page is; None while there is no bot that answers."""
    address = control_socket.find(data_dir / "limner.sock")
    if address is None:
        return None
    try:
        with httpx.Client(transport=httpx.HTTPTransport(uds=address)) as http:
            return str(http.get("http://limner/who").json()["url"])
    except httpx.HTTPError:
        return None
