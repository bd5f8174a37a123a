"""Reading, shrinking and re-encoding pictures with Pillow: pure functions for a worker process.

The type is told by the bytes, the size checked before anything is decoded, and a picture is taken
only if its last pixel is there.
"""

import contextlib
import hashlib
import io
import os
import secrets
from base64 import b64decode
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageCms, ImageFilter, ImageOps

from bot.images.formats import Header, NotAPicture, header_of, png_chunks, sniffed
from bot.images.header import IMAGE_MAX_BYTES, IMAGE_MAX_SIDE_PX
from bot.images.plain_png import holds_all_pixels
from bot.images.result import Picture, PictureType

# A drawn PNG of IMAGE_MAX_SIDE_PX a side can be 50 MB.
DRAWN_MAX_BYTES = 64 * 1024 * 1024
# No model here draws more than 1024 px a side; twice that leaves room for a crop.
STARTING_SIDE_MAX_PX = 2048

# So small and blurred that only rough shapes are seen.
BLURRED_SIDE_PX = 64
BLUR_PX = 3

# Pixels that a byte of a picture of one colour holds at least, in PNG, JPEG and WebP alike.
_BLANK_PACKS = 40
# What JPEG and WebP make of one colour differs by no more than this, of 255.
_BLANK_LEVELS = 6

_FORMATS = {PictureType.PNG: "PNG", PictureType.JPEG: "JPEG", PictureType.WEBP: "WEBP"}


class PictureRefused(ValueError):
    """`code` says why: "not_a_picture", "damaged", "too_large" (sides) or "too_heavy" (bytes)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def decoded(data: bytes) -> tuple[Image.Image, PictureType]:
    """All pixels of `data` and its type. Raises PictureRefused."""
    header = _measured(data)
    try:
        image = Image.open(io.BytesIO(data), formats=[_FORMATS[header.type]])
        agreed = image.size == (header.width_px, header.height_px)
        if agreed:
            image.load()
    except MemoryError:
        raise
    except Exception as error:  # decoders raise many kinds, even SyntaxError
        raise PictureRefused("damaged") from error
    if not agreed:
        raise PictureRefused("damaged")
    return image, header.type


def believed(data: bytes) -> Header:
    """Type and size of `data`, once every pixel is known to be there. Raises PictureRefused."""
    header = _measured(data)
    whole = holds_all_pixels(data) if header.type is PictureType.PNG else None
    if whole is None:
        decoded(data)
    elif not whole:
        raise PictureRefused("damaged")
    return header


def _measured(data: bytes) -> Header:
    """Type and size as the bytes state them, within bounds. Raises PictureRefused."""
    try:
        header = header_of(data)
        if header.type is PictureType.PNG:
            # Pillow doesn't ask for the chunks after the pixels; adding metadata needs them.
            deque(png_chunks(data), maxlen=0)
    except NotAPicture as error:
        raise PictureRefused("damaged" if sniffed(data) else "not_a_picture") from error
    if max(header.width_px, header.height_px) > IMAGE_MAX_SIDE_PX:
        raise PictureRefused("too_large")
    return header


def fresh_stem() -> str:
    """A random, unused beginning for file names."""
    return secrets.token_hex(8)


def keep(sources: Sequence[bytes | Path], inbox: Path, stem: str) -> tuple[Picture, ...]:
    """Check every source in full and write it, as it is, to `inbox`/`stem`-1.png and so on.

    Raises PictureRefused, and may leave files of `stem` behind then: see `discard`.
    """
    return tuple(
        _keep_one(bytes_of(source), inbox / f"{stem}-{number}")
        for number, source in enumerate(sources, start=1)
    )


def discard(inbox: Path, stem: str) -> None:
    """Remove every file in `inbox` whose name begins with `stem`, finished or not."""
    for path in inbox.glob(f"{stem}*"):
        path.unlink(missing_ok=True)


def from_base64(text: str) -> bytes:
    """The bytes of a data URL or of bare base64. Raises PictureRefused."""
    head, comma, rest = text.partition(",")
    if comma and not head.lower().endswith(";base64"):
        raise PictureRefused("not_a_picture")
    try:
        return b64decode("".join((rest if comma else text).split()), validate=True)
    except ValueError as error:
        raise PictureRefused("damaged") from error


def prepare_starting_image(data: bytes) -> bytes:
    """`data` upright, in RGB, without metadata and no larger than a model can use.

    PNG where nothing was lost before, JPEG otherwise. Raises PictureRefused.
    """
    image, kind = decoded(data)
    image = flat_rgb(image)
    image.thumbnail((STARTING_SIDE_MAX_PX, STARTING_SIDE_MAX_PX), Image.Resampling.LANCZOS)
    if kind is not PictureType.JPEG:
        png = encoded(image, PictureType.PNG)
        if len(png) <= IMAGE_MAX_BYTES:
            return png
    return encoded(image, PictureType.JPEG, quality=95)


def thumbnail(source: Path, target: Path, side_px: int) -> None:
    """Write `source` as a WebP of at most `side_px` on its longer side. Raises PictureRefused."""
    image = ImageOps.exif_transpose(decoded(bytes_of(source))[0])
    image.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    write_atomically(target, encoded(image, PictureType.WEBP, quality=82))


def blurred(data: bytes, made: PictureType = PictureType.WEBP) -> bytes:
    """A small, grey, blurred copy for moderators. Raises PictureRefused."""
    image = flat_rgb(decoded(data)[0]).convert("L")
    image.thumbnail((BLURRED_SIDE_PX, BLURRED_SIDE_PX), Image.Resampling.BOX)
    return encoded(image.filter(ImageFilter.GaussianBlur(BLUR_PX)), made, quality=60)


def small_jpeg(data: bytes, side_px: int) -> bytes:
    """A JPEG of at most `side_px` on its longer side, for others to look at.

    Raises PictureRefused.
    """
    image = flat_rgb(decoded(data)[0])
    image.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    return encoded(image, PictureType.JPEG, quality=85)


def squeeze(
    source: bytes | Path, limit_bytes: int, types: Sequence[PictureType]
) -> tuple[bytes, PictureType]:
    """`source` in one of `types` and at most `limit_bytes`: as it is, else as WebP, else as JPEG,
    smaller and smaller. Raises PictureRefused.
    """
    data = bytes_of(source)
    image, kind = decoded(data)
    if kind in types and len(data) <= limit_bytes:
        return data, kind
    image = flat_rgb(image)
    lossy = [kind for kind in (PictureType.WEBP, PictureType.JPEG) if kind in types]
    while min(image.size) >= 1:
        for wanted in lossy or [PictureType.PNG]:
            made = encoded(image, wanted, quality=90)
            if len(made) <= limit_bytes:
                return made, wanted
        if max(image.size) == 1:
            break
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))
    raise PictureRefused("too_heavy")


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` so that `path` exists in full and durably, or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{fresh_stem()}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def sha256_of(data: bytes) -> str:
    """The name of a picture's file in the store."""
    return hashlib.sha256(data).hexdigest()


def sync_directory(path: Path) -> None:
    """Make the names in `path` durable."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _keep_one(data: bytes, stem: Path) -> Picture:
    if len(data) > DRAWN_MAX_BYTES:
        raise PictureRefused("too_heavy")
    header = believed(data)
    path = stem.with_suffix(header.type.suffix)
    path.write_bytes(data)  # made durable when it is put into the store
    return Picture(
        path=path,
        sha256=sha256_of(data),
        type=header.type,
        size_bytes=len(data),
        width_px=header.width_px,
        height_px=header.height_px,
        flagged=None,
        blank=_is_blank(data, header),
    )


def _is_blank(data: bytes, header: Header) -> bool:
    """Whether all pixels have one colour. Only what was packed so small is decoded for it."""
    if len(data) * _BLANK_PACKS > header.width_px * header.height_px:
        return False
    image, _ = decoded(data)
    return all(high - low <= _BLANK_LEVELS for low, high in _spans(image.convert("RGB")))


def _spans(image: Image.Image) -> list[tuple[int, int]]:
    return [channel.getextrema() for channel in image.split()]  # type: ignore[misc]


def bytes_of(source: bytes | Path) -> bytes:
    if isinstance(source, bytes):
        return source
    if source.stat().st_size > DRAWN_MAX_BYTES:
        raise PictureRefused("too_heavy")
    return source.read_bytes()


def flat_rgb(image: Image.Image) -> Image.Image:
    """Upright 8-bit sRGB on white, without metadata."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    if profile := image.info.get("icc_profile"):
        # A phone's wide gamut would look pale without its profile; a broken profile is ignored.
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            image = _in_srgb(image, profile)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    image = image.convert("RGB")
    image.info.clear()
    return image


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    if image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    converted = ImageCms.profileToProfile(
        image, source, ImageCms.createProfile("sRGB"), outputMode=mode
    )
    return image if converted is None else converted


def encoded(image: Image.Image, kind: PictureType, *, quality: int = 90) -> bytes:
    buffer = io.BytesIO()
    if kind is PictureType.PNG:
        image.save(buffer, "PNG", compress_level=1)
    elif kind is PictureType.WEBP:
        image.save(buffer, "WEBP", quality=quality, method=3, exif=b"", xmp=b"")
    else:
        image.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()
