"""Reads how a picture was made from its file, as A1111's web UI and this bot write it."""

import contextlib
import io

from PIL import Image

_FORMATS = ("PNG", "JPEG", "WEBP")
_TAG_EXIF, _TAG_USER_COMMENT = 0x8769, 0x9286
# EXIF 2.32, "UserComment": eight bytes name the character code.
_CODES = {b"UNICODE\0": "utf-16-be", b"ASCII\0\0\0": "ascii"}
# Two prompts of 3,000 characters and all options.
_TEXT_MAX_CHARS = 12_000


def parameters_in(data: bytes) -> str:
    """The text of parameters in a picture's file; "" where there is none, or none to be read.

    No pixel is decoded, and Pillow bounds what a packed text may grow to.
    """
    with contextlib.suppress(Exception):  # whatever a hostile file makes of Pillow
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
        text = image.info.get("parameters") or _user_comment(image)
        return text[:_TEXT_MAX_CHARS] if isinstance(text, str) else ""
    return ""


def _user_comment(image: Image.Image) -> str:
    comment = bytes(image.getexif().get_ifd(_TAG_EXIF).get(_TAG_USER_COMMENT, b""))
    return comment[8:].decode(_CODES[comment[:8]], "replace")
