"""A proxy on loopback that keeps everything that it is told.

    async with recording() as proxy:         # proxy.url
        …
        proxy.asked                          # ["CONNECT api.example.org:443 HTTP/1.1"]
        proxy.heard                          # all bytes, as a proxy that spies could read them

Where `leads_to` names a port of loopback, tunnels lead there, whatever they were asked for; else
they end at once.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class RecordingProxy:
    def __init__(self, leads_to: int | None) -> None:
        self.asked: list[str] = []
        self.heard = b""
        self.url = ""
        self._leads_to = leads_to

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            self.heard += head
            self.asked.append(head.split(b"\r\n")[0].decode())
            if head.startswith(b"CONNECT "):
                await self._tunnel(reader, writer)
            else:
                writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                self.heard += await reader.read()
        writer.close()

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        if self._leads_to is None:
            return
        there, onward = await asyncio.open_connection("127.0.0.1", self._leads_to)
        back = asyncio.create_task(_copied(there, writer))
        try:
            while data := await reader.read(65_536):
                self.heard += data
                onward.write(data)
        finally:
            onward.close()
            await back


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)


@asynccontextmanager
async def recording(leads_to: int | None = None) -> AsyncIterator[RecordingProxy]:
    proxy = RecordingProxy(leads_to)
    server = await asyncio.start_server(proxy.take, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()


def environment(proxy: RecordingProxy, *names: str) -> dict[str, str]:
    """The variables by which programs find it."""
    names = names or ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY")
    return dict.fromkeys(names, proxy.url)
