"""A multipart form in memory, with bounds on the number of its parts."""

from typing import Any

from python_multipart import multipart
from python_multipart.exceptions import FormParserError

from adapters.api.schema.errors import unreadable

NAME_MAX_CHARS = 200


def read_form(
    content_type: str, data: bytes, fields_max: int
) -> tuple[dict[str, str], dict[str, list[bytes]]]:
    """Texts by field (the last of a name), and all files by field. Raises Refused.

    A part with a file name is a file, every other part is a text. A file with neither name nor
    bytes is none: so browsers send a field that nobody filled in.
    """
    _, options = multipart.parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if not boundary:
        raise unreadable("The form names no boundary.")
    form = _Form(fields_max)
    try:
        parser = multipart.MultipartParser(boundary, form.callbacks())
        parser.write(data)
        parser.finalize()
    except (FormParserError, ValueError, LookupError):
        raise unreadable("The form is damaged.") from None
    if not form.ended:
        raise unreadable("The form has no end.")
    return form.texts, form.files


class _Form:
    """Collects what the parser finds."""

    def __init__(self, fields_max: int) -> None:
        self.texts: dict[str, str] = {}
        self.files: dict[str, list[bytes]] = {}
        self.ended = False
        self._left = fields_max
        self._header = b""
        self._value = b""
        self._headers: dict[bytes, bytes] = {}
        self._data = bytearray()

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._on_header,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header_end,
            "on_part_data": self._on_data,
            "on_part_end": self._on_part_end,
            "on_end": self._on_end,
        }

    def _begin(self) -> None:
        if not self._left:
            raise unreadable("The form has too many fields.")
        self._left -= 1
        self._headers, self._data = {}, bytearray()

    def _on_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        self._data += data[start:end]

    def _on_part_end(self) -> None:
        disposition = self._headers.get(b"content-disposition", b"").decode("latin-1")
        _, options = multipart.parse_options_header(disposition)
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if not name or len(name) > NAME_MAX_CHARS:
            raise unreadable("A part of the form has no name.")
        if b"filename" in options:
            if self._data or options[b"filename"]:
                self.files.setdefault(name, []).append(bytes(self._data))
            return
        try:
            self.texts[name] = self._data.decode()
        except UnicodeDecodeError:
            raise unreadable("A field of the form is no UTF-8 text.") from None

    def _on_end(self) -> None:
        self.ended = True
