"""A request's body: JSON or a form, perhaps gzipped; bounded in size, fields and time.

Reading never exceeds its limits, whatever length was announced; unpacking and parsing happen in a
thread.
"""

import asyncio
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from starlette.requests import Request

from adapters.api.requests.body_memory import Share
from adapters.api.requests.multipart import read_form
from adapters.api.schema.errors import Refused, unreadable
from adapters.incoming import Bounded, Patience, TooLarge, TooSlow, announces_more

# Room for a starting image of 10 MiB in base64 and for other fields.
BODY_MAX_BYTES = 15 * 1024 * 1024
# More is not copied at once on the event loop, which takes a millisecond.
PIECE_BYTES = 1024 * 1024
FIELDS_MAX = 100
URLENCODED_MAX_BYTES = 1024 * 1024
# Limits for JSON: of commas, quotes and opening brackets, also inside texts; and of backslashes.
MARKS_MAX = 20_000
ESCAPES_MAX = 300_000


@dataclass(frozen=True, slots=True)
class Body:
    """`fields` are typed if the body was JSON, text if it was a form; `files` are the parts with a
    file name, in their order.
    """

    fields: Mapping[str, Any]
    files: Mapping[str, list[bytes]] = field(default_factory=dict)


async def read_body(request: Request, share: Share, patience: Patience) -> Body:
    """Read the body. Raises Refused, and ClientDisconnect if the client leaves before its end."""
    packed = _packing(request)
    pieces = await _received(request, share, patience)
    if packed:
        share.take(BODY_MAX_BYTES)
    kind = request.headers.get("content-type", "")
    return await asyncio.to_thread(_read, pieces, kind, packed=packed)


def _read(pieces: Sequence[bytearray], kind: str, *, packed: bool) -> Body:
    data = b"".join(pieces)
    return _parsed(kind, _unpacked(data) if packed else data)


def _packing(request: Request) -> bool:
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", ""):
        raise Refused(415, "The body may be packed with gzip only.", code="unsupported_encoding")
    return encoding.endswith("gzip")


async def _received(request: Request, share: Share, patience: Patience) -> list[bytearray]:
    """The body in pieces: copying all of it would hold up the event loop."""
    if announces_more(request.headers, BODY_MAX_BYTES):
        _too_large()
    bounded = Request(request.scope, Bounded(request.receive, BODY_MAX_BYTES, patience))
    pieces = [bytearray()]
    try:
        async for chunk in bounded.stream():
            share.take(len(chunk))
            if len(pieces[-1]) > PIECE_BYTES:
                pieces.append(bytearray())
            pieces[-1] += chunk
    except TooLarge:
        _too_large()
    except TooSlow:
        raise Refused(408, "The body took too long to arrive.", code="timeout") from None
    return pieces


def _too_large() -> NoReturn:
    words = "That is too large: a body may have 15 MiB, a starting image 10 MiB."
    raise Refused(413, words, code="too_large")


def _unpacked(data: bytes) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    try:
        unpacked = reader.decompress(data, BODY_MAX_BYTES + 1)
    except zlib.error:
        raise unreadable("The body is no gzip.") from None
    if len(unpacked) > BODY_MAX_BYTES:
        _too_large()
    if not reader.eof or reader.unused_data:
        raise unreadable("The body is no complete gzip.")
    return unpacked


def _parsed(content_type: str, data: bytes) -> Body:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        fields, files = read_form(content_type, data, FIELDS_MAX)
        return Body(fields, files)
    # curl -d announces a form, also for JSON.
    is_form = kind == "application/x-www-form-urlencoded"
    if is_form and not data.lstrip().startswith(b"{"):
        return Body(_urlencoded(data))
    if is_form or kind in ("", "application/json", "text/plain") or kind.endswith("+json"):
        return Body(_object(data))
    words = "The body may be application/json or multipart/form-data."
    raise Refused(415, words, code="unsupported_type")


def _urlencoded(data: bytes) -> dict[str, Any]:
    if len(data) > URLENCODED_MAX_BYTES:
        raise unreadable("Send a picture as multipart/form-data, or as JSON.")
    try:
        pairs = parse_qsl(data.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except ValueError:
        raise unreadable(f"The form has more than {FIELDS_MAX} fields, or is no text.") from None
    return dict(pairs)


def _object(data: bytes) -> dict[str, Any]:
    """Parse JSON. It holds the interpreter's lock, so what would take long is refused before.

    A picture is one long text; PHP escapes "/", on average every 64th character of its base64.
    """
    if sum(data.count(mark) for mark in b',"[{') > MARKS_MAX or data.count(b"\\") > ESCAPES_MAX:
        raise unreadable("The body has too many values.")
    try:
        document = json.loads(data, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise unreadable("The body is no JSON.") from None
    if not isinstance(document, dict):
        raise unreadable("The body is no JSON object.")
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
