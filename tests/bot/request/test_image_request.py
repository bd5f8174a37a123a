"""What a request takes, and what it keeps of it."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydantic import ValidationError

from bot.errors import InvalidValue
from bot.images.formats import is_animated
from bot.images.header import read_header
from bot.images.result import PictureType
from bot.request.image_request import ImageRequest


def picture(kind: str, width_px: int = 6, height_px: int = 4, **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width_px, height_px), "teal").save(file, kind, **options)
    return file.getvalue()


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_claiming(width_px: int, height_px: int) -> bytes:
    header = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IEND", b"")


def code_of(data: bytes) -> str:
    with pytest.raises(InvalidValue) as caught:
        read_header(data)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (picture("PNG"), PictureType.PNG),
        (picture("JPEG"), PictureType.JPEG),
        (picture("JPEG", progressive=True), PictureType.JPEG),
        (picture("WEBP"), PictureType.WEBP),
        (picture("WEBP", lossless=True), PictureType.WEBP),
        (picture("WEBP", exif=b"Exif\0\0"), PictureType.WEBP),
    ],
)
def test_type_and_size_are_read_from_the_bytes(data: bytes, expected: PictureType) -> None:
    facts = read_header(data)
    assert (facts.type, facts.width_px, facts.height_px) == (expected, 6, 4)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_other_formats_are_refused(kind: str) -> None:
    assert code_of(picture(kind)) == "image_type"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@given(cut=st.integers(1, 23))
def test_a_file_cut_off_in_its_header_is_no_picture(kind: str, cut: int) -> None:
    assert code_of(picture(kind)[:cut]) == "image_type"


def test_a_file_without_a_byte_is_refused_and_not_left_out() -> None:
    assert code_of(b"") == "image_empty"
    with pytest.raises(ValidationError):
        ImageRequest(prompt="a cat", image=b"")


def animation(kind: str) -> bytes:
    file = io.BytesIO()
    first, *rest = (Image.new("RGB", (6, 4), colour) for colour in ("teal", "red", "white"))
    first.save(file, kind, save_all=True, append_images=rest, duration=100)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_is_told_from_a_picture(kind: str) -> None:
    moving = animation(kind)
    assert read_header(moving).width_px == 6
    assert is_animated(moving)
    assert not is_animated(picture(kind))
    for cut in range(len(moving)):
        is_animated(moving[:cut])  # what breaks off is no animation, and no fault


def test_a_png_of_endless_chunks_is_no_animation() -> None:
    head, _, rest = animation("PNG").partition(struct.pack(">I", 8) + b"acTL")
    empty = png_chunk(b"tEXt", b"")
    assert is_animated(head + empty * 998 + struct.pack(">I", 8) + b"acTL" + rest)
    assert not is_animated(head + empty * 1_000 + struct.pack(">I", 8) + b"acTL" + rest)


def test_a_bomb_is_refused_by_the_size_that_it_claims() -> None:
    assert code_of(png_claiming(60_000, 60_000)) == "image_side"
    assert code_of(png_claiming(4_097, 1)) == "image_side"
    assert read_header(png_claiming(4_096, 4_096)).width_px == 4_096


def test_a_picture_without_area_is_none() -> None:
    assert code_of(png_claiming(0, 5)) == "image_type"


def test_more_than_ten_mebibytes_are_refused_unread() -> None:
    padded = picture("PNG").ljust(10 * 1024 * 1024, b"\0")
    assert read_header(padded).width_px == 6
    assert code_of(padded + b"\0") == "image_too_large"


def test_a_jpeg_of_endless_segments_is_given_up() -> None:
    head, frame = b"\xff\xd8", b"\xff\xc0\x00\x0b\x08\x00\x04\x00\x06\x01\x01\x11\x00"
    empty = b"\xff\xe0\x00\x02"
    assert read_header(head + empty * 999 + frame).height_px == 4
    assert code_of(head + empty * 1_000 + frame) == "image_type"


def test_a_prompt_loses_control_characters_and_keeps_everything_else() -> None:
    typed = "  a\x00 cat\x1b[2J 🦊‍👩 \u200fقطة\r\nby\ta\u2028lake\x7f\ud800 "
    assert ImageRequest(prompt=typed).prompt == "a cat[2J 🦊‍👩 \u200fقطة\nby a\nlake"


@pytest.mark.parametrize("prompt", ["", "   ", "\x00\n\x1f"])
def test_a_prompt_has_at_least_one_visible_character(prompt: str) -> None:
    with pytest.raises(ValidationError):
        ImageRequest(prompt=prompt)


def test_a_prompt_has_at_most_three_thousand_characters() -> None:
    assert len(ImageRequest(prompt="x" * 3_000 + "\x00  ").prompt) == 3_000
    with pytest.raises(ValidationError):
        ImageRequest(prompt="x" * 3_001)


def test_a_starting_image_is_in_no_repr() -> None:
    assert "PNG" not in repr(ImageRequest(prompt="a", image=picture("PNG")))


def test_what_the_model_fills_in_is_not_given() -> None:
    fitted = ImageRequest(prompt="a", seed=7).fitted({"num_inference_steps": 900, "model": "m"})
    assert (fitted.num_inference_steps, fitted.model, fitted.seed) == (900, "m", 7)
    assert fitted.model_fields_set == {"prompt", "seed"}


def test_a_record_brings_the_same_request_back() -> None:
    image = picture("PNG")
    asked = ImageRequest(prompt="a", num_images=2, image=image, guidance_scale=3)
    again = ImageRequest.from_record(asked.to_record(), image)
    assert again == asked
    assert again.model_fields_set == {"prompt", "num_images", "image", "guidance_scale"}
