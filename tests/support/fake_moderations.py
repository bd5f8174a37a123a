"""A service that speaks OpenAI's /moderations on a real socket, and is strict about what it gets.

Source: https://platform.openai.com/docs/api-reference/moderations/create
"""

import base64
import io
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from PIL import Image

KEY = "sk-test-of-moderation"
CATEGORIES = [
    *("harassment", "harassment/threatening", "hate", "hate/threatening"),
    *("illicit", "illicit/violent", "self-harm", "self-harm/instructions", "self-harm/intent"),
    *("sexual", "sexual/minors", "violence", "violence/graphic"),
]


class FakeModerations:
    """Finds in texts what `words` says, and in every picture what `pictures` says."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}  # a word in the text → the category that holds
        self.pictures: str = ""  # the category of every picture
        self.asked: list[dict[str, Any]] = []
        self.sizes_px: list[tuple[int, int]] = []
        self.trouble: list[int] = []  # statuses of the next answers
        self.wrong: list[str] = []  # what no real service would have taken
        self.answer: bytes | None = None
        self.packing = ""  # the Content-Encoding that is claimed of it
        self.wanted_packing: set[str] = set()
        self.takes_s = 0.0
        self.may_answer = threading.Event()
        self.may_answer.set()

    def __enter__(self) -> Self:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                fake.may_answer.wait(30)
                time.sleep(fake.takes_s)
                fake.wanted_packing.add(self.headers["Accept-Encoding"])
                status, answer = fake.answered(self.path, self.headers["Authorization"], body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                if fake.packing:
                    self.send_header("Content-Encoding", fake.packing)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.may_answer.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def answered(self, path: str, authorization: str | None, body: bytes) -> tuple[int, bytes]:
        if path != "/v1/moderations":
            return 404, b"{}"
        if authorization != f"Bearer {KEY}":
            return 401, b"{}"
        if self.trouble:
            return self.trouble.pop(0), b"{}"
        asked = json.loads(body)
        self.asked.append(asked)
        try:
            text, pictures = self._read(asked)
        except (KeyError, ValueError, TypeError, OSError) as error:
            self.wrong.append(repr(error))
            return 400, b"{}"
        if self.answer is not None:
            return 200, self.answer
        held = {category for word, category in self.words.items() if word in text}
        if pictures and self.pictures:
            held.add(self.pictures)
        return 200, json.dumps(
            {
                "id": "modr-1",
                "model": asked["model"],
                "results": [
                    {
                        "flagged": bool(held),
                        "categories": {name: name in held for name in CATEGORIES},
                        "category_scores": {name: 0.9 * (name in held) for name in CATEGORIES},
                        "category_applied_input_types": {name: ["text"] for name in CATEGORIES},
                    }
                ],
            }
        ).encode()

    def _read(self, asked: dict[str, Any]) -> tuple[str, int]:
        """The text, and how many pictures. Raises for what is not in the documentation."""
        if strange := asked.keys() - {"model", "input"}:
            raise ValueError(f"unknown fields: {strange}")
        if asked["model"] != "omni-moderation-latest":
            raise ValueError("unknown model")
        if isinstance(asked["input"], str):
            return asked["input"], 0
        text, pictures = "", 0
        for part in asked["input"]:
            if part.keys() == {"type", "text"} and part["type"] == "text":
                text += part["text"]
            elif part.keys() == {"type", "image_url"} and part["type"] == "image_url":
                (url,) = part["image_url"].values()
                head, _, data = url.partition(",")
                if head != "data:image/jpeg;base64":
                    raise ValueError(head)
                image = Image.open(io.BytesIO(base64.b64decode(data, validate=True)))
                self.sizes_px.append(image.size)
                pictures += 1
            else:
                raise ValueError(f"unknown part: {part.keys()}")
        if pictures > 1:  # the service takes one picture a call
            raise ValueError("too many pictures")
        return text, pictures
