"""A loopback server that speaks DeepInfra's wire, for tests of the client and of the whole bot.

    with FakeDeepInfra() as fake:            # fake.url, fake.key
        fake.will(answers(429), cuts())      # the next two generations, in this order
        fake.always(answers(503))            # all after them; fake.always(draws()) undoes it
        …
        fake.received[0].fields["width"]     # typed, from JSON or multipart alike
        fake.received[0].files["image"]      # File(name, type, data)

It runs in threads of its own, so it serves tests with and without an event loop and bots in other
processes. Nothing sleeps: what shall take long waits for an Event of the test (`waits`), and all
such waits end when the server stops.

Left alone it draws: PNGs of the asked size and number, at sdxl-turbo's tariff, with the noise of a
32-bit float in the cost. It wants `fake.key` unless that is "". GET /models/list, /models/{name}
and /v1/me/rate_limit answer too; change `fake.models` (by name, as on the wire) to change them.

Behaviours, each made by a function below:

    draws(**changes)      a good answer, with top-level keys of the document replaced
    answers(status, …)    any status, document or bytes, and headers
    cuts()                reads the request and hangs up without a word
    cuts_within()         hangs up in the middle of a good answer's body
    waits(event, then)    does nothing until the test sets `event`, then behaves like `then`
    stalls_within(event)  sends half of a good answer, waits, hangs up
    floods(size_bytes)    a 200 with a body of that size that is no answer; its length may be
                          left unannounced

Pictures by address: `fake.pictures["/cat.png"] = png(64, 64)` is served at fake.url + "/cat.png".
With `FakeDeepInfra(tls=context)` all of it is served over TLS.
"""

import base64
import contextlib
import io
import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import python_multipart
from PIL import Image

from tests.support.fake_service import PATIENCE_S

WIRE = Path(__file__).parent / "wire"
PAGE_SIDE_PX = 768
WAIT_MAX_S = PATIENCE_S + 30  # so that what a test waits for too long is said by the test


@dataclass(frozen=True)
class File:
    name: str
    type: str
    data: bytes


@dataclass(frozen=True)
class Received:
    """One generation as it came in. `kind` is "json" or "multipart"."""

    model: str
    key: str
    kind: str
    headers: Mapping[str, str]
    fields: Mapping[str, Any]
    files: Mapping[str, File]


Behaviour = Callable[["Exchange"], None]


class FakeDeepInfra:
    def __init__(self, *, key: str = "test-key", tls: ssl.SSLContext | None = None) -> None:
        self.key = key
        self.received: list[Received] = []
        self.models = {name: _document(file) for name, file in _MODELS.items()}
        self.pictures: dict[str, bytes] = {}
        self.fetched: list[tuple[str, Mapping[str, str]]] = []
        self.outstanding = 0
        self.most_outstanding = 0
        self.stopping = threading.Event()
        self._changed = threading.Condition()
        self._script: deque[Behaviour] = deque()
        self._otherwise: Behaviour = draws()
        self._server = _Server(self)
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def will(self, *behaviours: Behaviour) -> None:
        """How the next generations go, one behaviour each."""
        self._script.extend(behaviours)

    def always(self, behaviour: Behaviour) -> None:
        """How generations go that `will` says nothing about."""
        self._otherwise = behaviour

    def wait_for(self, count: int, timeout_s: float = PATIENCE_S) -> None:
        """Until `count` generations came in. On an event loop: `asyncio.to_thread`."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.received) >= count, timeout_s):
                raise AssertionError(f"{len(self.received)} requests came, not {count}")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, received: Received) -> Behaviour:
        with self._changed:
            self.received.append(received)
            self.outstanding += 1
            self.most_outstanding = max(self.most_outstanding, self.outstanding)
            self._changed.notify_all()
            return self._script.popleft() if self._script else self._otherwise

    def done(self) -> None:
        with self._changed:
            self.outstanding -= 1
            self._changed.notify_all()


def draws(**changes: Any) -> Behaviour:
    def behave(exchange: "Exchange") -> None:
        exchange.send(200, {**answer_to(exchange.received), **changes})

    return behave


def answers(status: int, document: Any = None, headers: Mapping[str, str] = {}) -> Behaviour:
    return lambda exchange: exchange.send(status, document, headers)


def cuts() -> Behaviour:
    return lambda exchange: exchange.cut()


def cuts_within() -> Behaviour:
    def behave(exchange: "Exchange") -> None:
        exchange.send_half(answer_to(exchange.received))
        exchange.cut()

    return behave


def waits(event: threading.Event, then: Behaviour | None = None) -> Behaviour:
    def behave(exchange: "Exchange") -> None:
        exchange.wait(event)
        (then or draws())(exchange)

    return behave


def stalls_within(event: threading.Event) -> Behaviour:
    def behave(exchange: "Exchange") -> None:
        exchange.send_half(answer_to(exchange.received))
        exchange.wait(event)
        exchange.cut()

    return behave


def floods(size_bytes: int, *, announced: bool = True) -> Behaviour:
    def behave(exchange: "Exchange") -> None:
        length = {"Content-Length": str(size_bytes)} if announced else {"Connection": "close"}
        exchange.begin(200, length)
        for sent in range(0, size_bytes, len(_BLOCK)):
            exchange.write(_BLOCK[: size_bytes - sent])

    return behave


_BLOCK = bytes(64 * 1024)


def answer_to(received: Received) -> dict[str, Any]:
    """What the service answers: `fields` that were left out take sdxl-turbo's defaults."""
    fields = received.fields
    width, height = fields.get("width", PAGE_SIDE_PX), fields.get("height", PAGE_SIDE_PX)
    count, seed = fields.get("num_images", 1), fields.get("seed", 0)
    dollars = 0.0002 * count * width * height / 1024**2 * fields.get("num_inference_steps", 5) / 5
    return {
        "images": [data_url(png(width, height, seed + n)) for n in range(count)],
        "nsfw_content_detected": [False] * count,
        "seed": seed,
        "request_id": "RfakeAAAAAAAAAAAAAAAAAAA",
        "inference_status": {
            "status": "succeeded",
            "runtime_ms": 228,
            "cost": struct.unpack("f", struct.pack("f", dollars))[0],
            "tokens_generated": 0,
            "tokens_input": 0,
        },
    }


@lru_cache(maxsize=64)
def png(width_px: int, height_px: int, seed: int = 0) -> bytes:
    """A small file of the right size, another one for each seed, between green and blue: plain
    colours of skin are in doubt to the classifier, which looks at them, too.
    """
    color = (seed % 64, 128 + seed // 64 % 128, 128 + seed // 8_192 % 128)
    image = Image.new("RGB", (width_px, height_px), color)
    red, green, blue = color  # two colours, as one alone is taken for a fault
    image.paste((red, green - 32, blue), (0, 0, width_px // 2, height_px))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def data_url(data: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


_MODELS = {
    "stabilityai/stable-diffusion-2-1": "model_sd21.json",
    "stabilityai/sdxl-turbo": "model_sdxl_turbo.json",
    "black-forest-labs/FLUX-1-schnell": "model_flux_schnell.json",
    "ByteDance/Seedream-4": "model_seedream.json",
    "meta-llama/Llama-3.3-70B-Instruct": "model_llama.json",
}
_LISTED = ("model_name", "type", "description", "pricing", "deprecated", "replaced_by")


def _document(file: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((WIRE / file).read_text())
    return document


@dataclass
class Exchange:
    """One request and the way back."""

    received: Received
    handler: "_Handler"
    stopping: threading.Event

    def send(self, status: int, document: Any, headers: Mapping[str, str] = {}) -> None:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.begin(status, {"Content-Length": str(len(body)), **headers})
        self.write(body)

    def send_half(self, document: Any) -> None:
        body = json.dumps(document).encode()
        self.begin(200, {"Content-Length": str(len(body))})
        self.write(body[: len(body) // 2])

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        self.handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()

    def write(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # the client may well be gone
            self.handler.wfile.write(data)

    def cut(self) -> None:
        self.handler.close_connection = True
        with contextlib.suppress(OSError):
            self.handler.connection.shutdown(socket.SHUT_RDWR)

    def wait(self, event: threading.Event) -> None:
        while not event.wait(0.02) and not self.stopping.is_set():
            pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, fake: FakeDeepInfra) -> None:
        self.fake = fake
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is part of the tests, not of their output."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = WAIT_MAX_S
    server: _Server

    def do_POST(self) -> None:
        fake = self.server.fake
        prefix = "/v1/inference/"
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.path.startswith(prefix):
            self._json(404, {"detail": "Not Found"})
            return
        received = _read(self.path.removeprefix(prefix), dict(self.headers.items()), body)
        behave = fake.take(received)
        try:
            if fake.key and received.key != fake.key:
                behave = answers(401, {"detail": {"error": "Not authenticated"}})
            behave(Exchange(received, self, fake.stopping))
        finally:
            fake.done()

    def do_GET(self) -> None:
        fake = self.server.fake
        if self.path == "/models/list":
            listed = [{key: model.get(key) for key in _LISTED} for model in fake.models.values()]
            self._json(200, listed)
        elif (name := self.path.removeprefix("/models/")) in fake.models:
            self._json(200, fake.models[name])
        elif self.path == "/v1/me/rate_limit":
            is_known = self.headers.get("Authorization", "") == f"Bearer {fake.key}"
            refusal = {"detail": {"error": "Not authenticated"}}
            self._json(200, {"rate_limit": 200}) if is_known else self._json(401, refusal)
        elif self.path in fake.pictures:
            fake.fetched.append((self.path, dict(self.headers.items())))
            self._send(200, fake.pictures[self.path], "image/png")
        else:
            self._json(404, {"detail": {"error": "Model not found"}})

    def _json(self, status: int, document: Any) -> None:
        self._send(status, json.dumps(document).encode(), "application/json")

    def _send(self, status: int, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _read(model: str, headers: Mapping[str, str], body: bytes) -> Received:
    lower = {name.lower(): value for name, value in headers.items()}
    scheme, _, key = lower.get("authorization", "").partition(" ")
    is_multipart = lower.get("content-type", "").startswith("multipart/form-data")
    fields, files = _form(lower, body) if is_multipart else (json.loads(body), {})
    return Received(
        model=model,
        key=key if scheme.lower() == "bearer" else "",
        kind="multipart" if is_multipart else "json",
        headers=lower,
        fields=fields,
        files=files,
    )


# A part is text unless its field has another type; then it is JSON.
_TEXT_FIELDS = {"prompt", "negative_prompt", "lora", "webhook"}


def _form(headers: Mapping[str, str], body: bytes) -> tuple[dict[str, Any], dict[str, File]]:
    fields: dict[str, Any] = {}
    files: dict[str, File] = {}

    def on_field(part: Any) -> None:
        name, text = part.field_name.decode(), part.value.decode()
        fields[name] = text if name in _TEXT_FIELDS else json.loads(text)

    def on_file(part: Any) -> None:
        part.file_object.seek(0)
        name = part.field_name.decode()
        files[name] = File(part.file_name.decode(), part.content_type, part.file_object.read())
        part.close()

    wanted = {
        "Content-Type": headers["content-type"].encode(),
        "Content-Length": str(len(body)).encode(),
    }
    python_multipart.parse_form(wanted, io.BytesIO(body), on_field, on_file)
    return fields, files
