"""Type and size of an uploaded picture, read from its header alone.

Pillow's own header reader is not used here: a PNG of 10 MiB made of empty chunks keeps it busy for
two seconds, and this runs on the event loop. Nothing is decoded; that is for a worker process.
"""

from bot.errors import InvalidValue
from bot.images.formats import Header, NotAPicture, header_of

IMAGE_MAX_BYTES = 10 * 1024 * 1024
IMAGE_MAX_SIDE_PX = 4_096
# As platforms name the types that are read.
IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp")


def read_header(data: bytes) -> Header:
    """Type and size of `data`, whatever it was called.

    Raises:
        InvalidValue: image_empty, image_too_large, image_type or image_side.
    """
    if not data:
        raise InvalidValue("image_empty", {})
    if len(data) > IMAGE_MAX_BYTES:
        raise InvalidValue("image_too_large", {})
    try:
        header = header_of(data)
    except NotAPicture as error:
        raise InvalidValue("image_type", {}) from error
    if max(header.width_px, header.height_px) > IMAGE_MAX_SIDE_PX:
        raise InvalidValue("image_side", {})
    return header
