"""Writes parameters and the mark of generated media into a picture's file.

Both are spliced into the container; no pixel is encoded anew. Nothing relies on them being in the
file later: chat platforms strip all metadata.
"""

import struct
import zlib
from itertools import takewhile
from xml.sax.saxutils import escape

from bot.images.formats import (
    PNG_SIGNATURE,
    RIFF_HEAD_BYTES,
    NotAPicture,
    Part,
    jpeg_segments,
    png_chunks,
    sniffed,
    webp_canvas,
    webp_chunks,
)
from bot.images.result import PictureType

# Source: IPTC, NewsCodes "Digital Source Type".
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED_ALGORITHMIC_MEDIA = _SOURCE_TYPES + "trainedAlgorithmicMedia"
ALGORITHMIC_MEDIA = _SOURCE_TYPES + "algorithmicMedia"  # drawn by rules, as a sketch is
SOFTWARE = "Limner"

_XMP_KEYWORD = b"XML:com.adobe.xmp"
_PARAMETERS_KEYWORD = b"parameters"
_EXIF_HEAD = b"Exif\0\0"
_XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_MORE_HEAD = b"http://ns.adobe.com/xmp/extension/\0"
# A segment's length is two bytes and counts itself.
_SEGMENT_MAX_BYTES = 0xFFFF - 2
# Two prompts of 3,000 characters in UTF-16, escaped, stay far below one JPEG segment.
_TEXT_MAX_CHARS = 16_000
Buffer = bytes | memoryview

# Flags of a VP8X chunk. Source: the WebP container specification, "Extended File Format".
_VP8X_ALPHA, _VP8X_EXIF, _VP8X_XMP = 0x10, 0x08, 0x04
_VP8L_ALPHA_BIT = 28

_TAG_ORIENTATION, _TAG_SOFTWARE, _TAG_EXIF, _TAG_USER_COMMENT = 0x0112, 0x0131, 0x8769, 0x9286


def with_metadata(
    data: bytes,
    kind: PictureType,
    parameters: str | None,
    source: str = TRAINED_ALGORITHMIC_MEDIA,
) -> bytes:
    """`data` with `parameters` and the mark, in the place of any that it had.

    Without `parameters` it keeps its own.

    Raises NotAPicture when `data` is no whole file of this `kind`. What a JPEG's scan holds only a
    decoder can tell.
    """
    if sniffed(data) is not kind:
        raise NotAPicture(f"not {kind.value}")
    splice = {
        PictureType.PNG: _into_png,
        PictureType.JPEG: _into_jpeg,
        PictureType.WEBP: _into_webp,
    }
    try:
        text = parameters and parameters.replace("\0", "")[:_TEXT_MAX_CHARS]
        return splice[kind](data, text, xmp_packet(source))
    except struct.error as error:
        raise NotAPicture("breaks off") from error


def xmp_packet(source: str) -> bytes:
    """The mark that article 50 of the EU's AI Act asks for, as XMP."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about=""'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
        "<Iptc4xmpExt:DigitalSourceType>"
        f"{escape(source)}</Iptc4xmpExt:DigitalSourceType>"
        f"<xmp:CreatorTool>{escape(SOFTWARE)}</xmp:CreatorTool>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="r"?>'
    ).encode()


def _into_png(data: bytes, parameters: str | None, xmp: bytes) -> bytes:
    chunks = list(png_chunks(data))
    if bytes(chunks[0].name) != b"IHDR":
        raise NotAPicture("does not begin with IHDR")
    text: list[Buffer] = [
        chunk.raw for chunk in chunks if _png_keyword(chunk) == _PARAMETERS_KEYWORD
    ]
    if parameters is not None:
        text = [_png_text(parameters)]
    # Before the pixels, for readers that stop there.
    ours = [*text, _png_chunk(b"iTXt", _international(_XMP_KEYWORD, xmp))]
    keywords = (_PARAMETERS_KEYWORD, _XMP_KEYWORD)
    kept = [chunk.raw for chunk in chunks[1:] if _png_keyword(chunk) not in keywords]
    return b"".join([PNG_SIGNATURE, chunks[0].raw, *ours, *kept])


def _png_keyword(chunk: Part) -> bytes:
    """What a chunk of text is about; b"" for any other chunk."""
    if chunk.name not in (b"tEXt", b"zTXt", b"iTXt"):
        return b""
    return bytes(chunk.data[:80]).partition(b"\0")[0]


def _png_text(parameters: str) -> bytes:
    try:
        text = parameters.encode("latin-1")
    except UnicodeEncodeError:
        text = parameters.encode("utf-8", "replace")
        return _png_chunk(b"iTXt", _international(_PARAMETERS_KEYWORD, text))
    return _png_chunk(b"tEXt", _PARAMETERS_KEYWORD + b"\0" + text)


def _international(keyword: bytes, text: bytes) -> bytes:
    # Not compressed, no language, no translated keyword.
    return keyword + b"\0\0\0\0\0" + text


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _into_jpeg(data: bytes, parameters: str | None, xmp: bytes) -> bytes:
    segments = list(jpeg_segments(data))
    # Decoders don't miss the last marker where all pixels are there, so some files come without it.
    scan = len(data) - len(segments[-1].raw)
    end = b"" if data.rfind(b"\xff\xd9") >= scan else b"\xff\xd9"
    exif = [s for s in segments if _app1(s).startswith(_EXIF_HEAD)]
    text: list[Buffer] = [s.raw for s in exif]
    if parameters is not None:
        orientation = _orientation(bytes(exif[0].data[6:])) if exif else 1
        text = [_segment(_EXIF_HEAD + _exif(parameters, orientation=orientation))]
    ours = [*text, _segment(_XMP_HEAD + xmp)]
    heads = (_EXIF_HEAD, _XMP_HEAD, _XMP_MORE_HEAD)
    # A JFIF segment (APP0) must stay the first.
    head = [s.raw for s in takewhile(lambda s: s.name == b"\xe0", segments)]
    rest = [s.raw for s in segments[len(head) :] if not _app1(s).startswith(heads)]
    return b"".join([b"\xff\xd8", *head, *ours, *rest, end])


def _app1(segment: Part) -> bytes:
    """The payload's beginning of an APP1 segment; b"" for any other segment."""
    return bytes(segment.data[:48]) if segment.name == b"\xe1" else b""


def _segment(data: bytes) -> bytes:
    if len(data) > _SEGMENT_MAX_BYTES:
        raise ValueError("metadata too long for a JPEG segment")
    return b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data


def _into_webp(data: bytes, parameters: str | None, xmp: bytes) -> bytes:
    chunks = list(webp_chunks(data))
    if not chunks:
        raise NotAPicture("is empty")
    exif = next((bytes(c.data) for c in chunks if c.name == b"EXIF"), b"")
    if parameters is not None:
        exif = _exif(parameters, orientation=_orientation(exif.removeprefix(_EXIF_HEAD)))
    body = [c.raw for c in chunks if c.name not in (b"VP8X", b"EXIF", b"XMP ")]
    parts = [
        _riff_chunk(b"VP8X", _extended_header(chunks, with_exif=bool(exif))),
        *(bytes(raw) + b"\0" * (len(raw) % 2) for raw in body),
        *([_riff_chunk(b"EXIF", exif)] if exif else []),
        _riff_chunk(b"XMP ", xmp),
    ]
    size = RIFF_HEAD_BYTES - 8 + sum(map(len, parts))
    return b"".join([b"RIFF", struct.pack("<I", size), b"WEBP", *parts])


def _extended_header(chunks: list[Part], *, with_exif: bool) -> bytes:
    first = chunks[0]
    width_px, height_px = webp_canvas(first)
    flags = first.data[0] if first.name == b"VP8X" else 0
    if first.name == b"VP8L" and struct.unpack_from("<I", first.data, 1)[0] >> _VP8L_ALPHA_BIT & 1:
        flags |= _VP8X_ALPHA
    flags = (flags & ~_VP8X_EXIF) | _VP8X_XMP | (_VP8X_EXIF if with_exif else 0)
    sides = (width_px - 1).to_bytes(3, "little") + (height_px - 1).to_bytes(3, "little")
    return bytes([flags, 0, 0, 0]) + sides


def _riff_chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _exif(parameters: str, *, orientation: int) -> bytes:
    """A TIFF block with the parameters as the user's comment.

    Source: EXIF 2.32, "UserComment": eight bytes name the character code.
    """
    comment = b"UNICODE\0" + parameters.encode("utf-16-be", "replace")
    software = SOFTWARE.encode("ascii") + b"\0"
    entries_at = 8
    software_at = entries_at + 2 + 3 * 12 + 4
    sub_at = software_at + len(software) + len(software) % 2
    comment_at = sub_at + 2 + 12 + 4
    directory = struct.pack(">H", 3)
    directory += struct.pack(">HHIHH", _TAG_ORIENTATION, 3, 1, orientation, 0)
    directory += struct.pack(">HHII", _TAG_SOFTWARE, 2, len(software), software_at)
    directory += struct.pack(">HHII", _TAG_EXIF, 4, 1, sub_at) + bytes(4)
    sub = struct.pack(">HHHII", 1, _TAG_USER_COMMENT, 7, len(comment), comment_at) + bytes(4)
    head = b"MM\0*" + struct.pack(">I", entries_at)
    return head + directory + software.ljust(sub_at - software_at, b"\0") + sub + comment


def _orientation(tiff: bytes) -> int:
    """The orientation in an EXIF block, 1 to 8; 1 (upright) where there is no valid one."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        for entry in range(at + 2, at + 2 + 12 * min(count, 64), 12):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
            if tag == _TAG_ORIENTATION and 1 <= value <= 8:  # noqa: PLR2004  (EXIF's eight ways)
                return int(value)
    except struct.error:
        pass
    return 1
