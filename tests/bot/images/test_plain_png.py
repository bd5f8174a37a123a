import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.images.codec import PictureRefused, believed, decoded
from bot.images.plain_png import holds_all_pixels


def png(mode: str, *, size: tuple[int, int] = (31, 17)) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(buffer, "PNG")
    return buffer.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(rows: bytes, *, width: int = 2, height: int = 2, interlaced: int = 0) -> bytes:
    """A grey PNG of 8 bits with these rows, each of which begins with its filter."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, interlaced)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA"])
def test_what_models_draw_is_whole(mode: str) -> None:
    assert holds_all_pixels(png(mode)) is True


@pytest.mark.parametrize("mode", ["P", "1", "I;16"])
def test_the_rarer_kinds_are_left_to_the_decoder(mode: str) -> None:
    data = png(mode)
    assert holds_all_pixels(data) is None
    assert believed(data).width_px == 31


def test_an_interlaced_one_is_left_to_the_decoder() -> None:
    assert holds_all_pixels(png_of(b"\0ab\0cd", interlaced=1)) is None


def test_a_row_too_few_is_damage() -> None:
    assert holds_all_pixels(png_of(b"\0ab\0cd")) is True
    assert holds_all_pixels(png_of(b"\0ab")) is False
    assert holds_all_pixels(png_of(b"")) is False


def test_a_filter_that_does_not_exist_is_damage() -> None:
    assert holds_all_pixels(png_of(b"\4ab\4cd")) is True
    assert holds_all_pixels(png_of(b"\4ab\5cd")) is False


def test_rows_beyond_the_last_are_never_inflated() -> None:
    bomb = png_of(b"\0ab\0cd" + bytes(50_000_000))
    assert holds_all_pixels(bomb) is True


def test_a_picture_in_many_pieces_is_whole() -> None:
    rows = zlib.compress(b"\0ab\0cd")
    pieces = b"".join(chunk(b"IDAT", rows[at : at + 1]) for at in range(len(rows)))
    whole = png_of(b"")
    start = whole[: whole.index(b"IDAT") - 4]
    assert holds_all_pixels(start + pieces + chunk(b"IEND", b"")) is True


PNG = png("RGB")


@given(st.integers(0, len(PNG) - 1), st.integers(1, 255))
def test_nothing_is_believed_that_a_decoder_would_refuse(at: int, flip: int) -> None:
    broken = bytearray(PNG)
    broken[at] ^= flip
    try:
        decoded(bytes(broken))
    except PictureRefused:
        with pytest.raises(PictureRefused):
            believed(bytes(broken))


@given(st.integers(0, len(PNG) - 1))
def test_a_picture_that_breaks_off_is_refused(length: int) -> None:
    with pytest.raises(PictureRefused):
        believed(PNG[:length])
