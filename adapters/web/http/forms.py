"""Reads posted forms, with limits for their fields and their size."""

import re
from dataclasses import dataclass, field

from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from adapters.incoming import BRIEF, Bounded, TooLarge, announces_more
from bot.images.header import IMAGE_MAX_BYTES
from bot.request.command_parser import TEXT_MAX_CHARS
from bot.wording.page import INCOMPLETE_FORM, TOO_LONG

FIELDS_MAX = 20
# The longest text that the command parser reads, in characters of 4 bytes.
FIELD_MAX_BYTES = 4 * TEXT_MAX_CHARS
# For the form that unknown people send: a token, and the page to return to.
SIGN_IN_MAX_BYTES = 16 * 1024
_NUMBER = re.compile(r"[0-9]{1,4}")
_EVENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, slots=True)
class Form:
    values: dict[str, str] = field(default_factory=dict)
    image: bytes | None = None

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def event_id(self) -> str:
        """The page's id of this press, so that a form sent twice makes one job."""
        value = self.text("event_id")
        if not _EVENT_ID.fullmatch(value):
            raise HTTPException(400, INCOMPLETE_FORM)
        return value

    def number(self, name: str) -> int | None:
        value = self.text(name)
        return int(value) if _NUMBER.fullmatch(value) else None


async def read_form(request: Request, *, fields_max: int = FIELDS_MAX) -> Form:
    """Read a form. Raises HTTPException for one that none of our pages would send."""
    _refuse_other_charsets(request)
    async with request.form(
        max_files=1, max_fields=fields_max, max_part_size=FIELD_MAX_BYTES
    ) as form:
        values = {name: value for name, value in form.items() if isinstance(value, str)}
        if any(len(value.encode()) > FIELD_MAX_BYTES for value in values.values()):
            raise HTTPException(413, TOO_LONG)
        upload = form.get("image")
        image = await _read(upload) if isinstance(upload, UploadFile) else None
        return Form(values, image)


async def read_sign_in(request: Request) -> Form:
    """As `read_form`, with a lower limit, for people who aren't signed in."""
    if announces_more(request.headers, SIGN_IN_MAX_BYTES):
        raise TooLarge
    bounded = Bounded(request.receive, SIGN_IN_MAX_BYTES, BRIEF)
    return await read_form(Request(request.scope, bounded))


def _refuse_other_charsets(request: Request) -> None:
    """Our pages are in UTF-8. Some other codecs of Python raise what is no wrong form, give text
    that no other part can write, or take long.
    """
    _, options = parse_options_header(request.headers.get("content-type"))
    if options.get(b"charset", b"utf-8").lower() != b"utf-8":
        raise HTTPException(400, INCOMPLETE_FORM)


async def _read(upload: UploadFile) -> bytes | None:
    """The file's bytes; None where nobody chose one, which browsers send as a file without name."""
    data = await upload.read(IMAGE_MAX_BYTES + 1)
    return data if data or upload.filename else None
