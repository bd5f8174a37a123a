import io
import random
import struct
import zlib

import pytest
from PIL import Image
from sd_parsers import ParserManager

from bot.images import codec
from bot.images.formats import NotAPicture, header_of, png_chunks
from bot.images.metadata import with_metadata
from bot.images.parameters import parameters_in as read_back
from bot.images.result import PictureType
from bot.picture_file import parameters_text
from bot.request.command_parser import parse
from bot.request.image_request import ImageRequest
from bot.request.options import validate

MARK = b"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
USER_COMMENT = 0x9286
ORIENTATION = 0x0112
FORMATS = {PictureType.PNG: "PNG", PictureType.JPEG: "JPEG", PictureType.WEBP: "WEBP"}
KINDS = list(PictureType)


def picture(kind: PictureType, mode: str = "RGB", **options: object) -> bytes:
    image = Image.linear_gradient("L").resize((37, 21)).convert(mode)
    if mode == "RGBA":
        image.putalpha(Image.radial_gradient("L").resize(image.size))
    buffer = io.BytesIO()
    image.save(buffer, FORMATS[kind], **options)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def parameters_in(data: bytes) -> str:
    """What a tool that knows the notation would read."""
    image = opened(data)
    if "parameters" in image.info:
        return str(image.info["parameters"])
    comment = image.getexif().get_ifd(0x8769)[USER_COMMENT]
    assert comment.startswith(b"UNICODE\0")
    return str(comment[8:].decode("utf-16-be"))


def marks_in(data: bytes) -> int:
    return data.count(MARK)


@pytest.mark.parametrize("kind", KINDS)
def test_the_parameters_are_where_other_tools_look_for_them(kind: PictureType) -> None:
    data = with_metadata(picture(kind), kind, "a lighthouse\nSteps: 25, Seed: 42")

    assert parameters_in(data) == "a lighthouse\nSteps: 25, Seed: 42"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["Leuchtturm in der Dämmerung", "暮れの灯台", "a 🦊 at dusk"])
def test_parameters_may_be_in_any_script(kind: PictureType, text: str) -> None:
    assert parameters_in(with_metadata(picture(kind), kind, text)) == text


@pytest.mark.parametrize("kind", KINDS)
def test_the_mark_of_generated_media_is_readable_as_xmp(kind: PictureType) -> None:
    image = opened(with_metadata(picture(kind), kind, "a cat"))

    name = "XML:com.adobe.xmp" if kind is PictureType.PNG else "xmp"
    xmp = image.info[name]
    assert MARK in (xmp if isinstance(xmp, bytes) else xmp.encode())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_not_a_pixel_changes(kind: PictureType, mode: str) -> None:
    before = picture(kind, mode)
    after = with_metadata(before, kind, "a cat")

    assert opened(after).tobytes() == opened(before).tobytes()
    assert opened(after).mode == opened(before).mode
    assert header_of(after) == header_of(before)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 50}, {"icc_profile": b"icc!"}])
def test_every_kind_of_webp_takes_the_metadata(mode: str, options: dict[str, object]) -> None:
    before = picture(PictureType.WEBP, mode, **options)
    after = with_metadata(before, PictureType.WEBP, "a cat")

    assert parameters_in(after) == "a cat"
    assert marks_in(after) == 1
    assert opened(after).mode == mode
    assert opened(after).tobytes() == opened(before).tobytes()
    assert opened(after).info.get("icc_profile") == opened(before).info.get("icc_profile")


@pytest.mark.parametrize("kind", KINDS)
def test_twice_is_once_with_the_newer_text(kind: PictureType) -> None:
    once = with_metadata(picture(kind), kind, "暮れ")
    twice = with_metadata(once, kind, "a cat")

    assert parameters_in(twice) == "a cat"
    assert marks_in(twice) == 1
    assert twice == with_metadata(picture(kind), kind, "a cat")


@pytest.mark.parametrize("kind", KINDS)
def test_the_mark_alone_leaves_the_parameters_and_comes_once(kind: PictureType) -> None:
    marked = with_metadata(picture(kind), kind, None)
    assert marks_in(marked) == 1
    assert with_metadata(marked, kind, None) == marked
    assert opened(marked).tobytes() == opened(picture(kind)).tobytes()

    told = with_metadata(marked, kind, "a cat")
    assert told == with_metadata(picture(kind), kind, "a cat")
    assert with_metadata(told, kind, None) == told


def test_what_a_jpeg_said_about_itself_is_replaced_except_which_way_is_up() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "Camera"
    before = picture(PictureType.JPEG, exif=exif, xmp=b"<x:xmpmeta>old</x:xmpmeta>")
    after = with_metadata(before, PictureType.JPEG, "a cat")

    assert opened(after).getexif()[ORIENTATION] == 6
    assert 0x010F not in opened(after).getexif()
    assert b"old" not in after
    assert after[:4] == b"\xff\xd8\xff\xe0"  # JFIF's segment stays the first


def test_other_text_in_a_png_stays() -> None:
    before = picture(PictureType.PNG)
    end = before.index(b"IDAT") - 4
    chunk = b"tEXtAuthor\0Ada"
    stranger = struct.pack(">I", 10) + chunk + struct.pack(">I", zlib.crc32(chunk))
    after = with_metadata(before[:end] + stranger + before[end:], PictureType.PNG, "a cat")

    assert [bytes(chunk.name) for chunk in png_chunks(after)].count(b"tEXt") == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_cut_anywhere_is_refused(kind: PictureType) -> None:
    whole = picture(kind)
    end = whole.index(b"\xff\xda") if kind is PictureType.JPEG else len(whole)
    for length in range(end):
        with pytest.raises(NotAPicture):
            with_metadata(whole[:length], kind, "a cat")


@pytest.mark.parametrize("missing", [1, 2])
def test_a_jpeg_without_its_last_marker_leaves_with_one(missing: int) -> None:
    buffer = io.BytesIO()
    noise = random.Random(26).randbytes(3 * 64 * 64)  # Pillow takes few such files
    Image.frombytes("RGB", (64, 64), noise).save(buffer, "JPEG")
    before = buffer.getvalue()[:-missing]
    codec.believed(before)  # is kept as a drawn picture
    after = with_metadata(before, PictureType.JPEG, "a cat")

    assert opened(after).tobytes() == opened(before).tobytes()
    assert after.endswith(b"\xff\xd9")
    assert with_metadata(after, PictureType.JPEG, "a cat") == after


def test_fill_bytes_before_a_marker_are_no_harm() -> None:
    whole = picture(PictureType.JPEG)
    filled = whole[:2] + b"\xff" * 8 + whole[2:]

    assert header_of(filled) == header_of(whole)
    assert parameters_in(with_metadata(filled, PictureType.JPEG, "a cat")) == "a cat"


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_another_kind_is_refused(kind: PictureType) -> None:
    other = KINDS[KINDS.index(kind) - 1]
    with pytest.raises(NotAPicture, match="not image/"):
        with_metadata(picture(other), kind, "a cat")


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR" + bytes(40),
        b"\xff\xd8\xff\xe1\x00\x01",
        b"\xff\xd8" + b"\xff" * 1000,
        b"\xff\xd8" + b"\xff\xd0" * 1000,
        b"\xff\xd8\xff\xd8\xff\xd9",
        b"RIFF\xff\xff\xff\xffWEBPVP8X",
        b"RIFF\x04\0\0\0WEBP",
        b"RIFF\x0c\0\0\0WEBPVP8 \0\0\0\0",
    ],
)
def test_lying_lengths_are_refused(data: bytes) -> None:
    kind = {0x89: PictureType.PNG, 0xFF: PictureType.JPEG}.get(data[0], PictureType.WEBP)
    with pytest.raises(NotAPicture):
        with_metadata(data, kind, "a cat")
    with pytest.raises(NotAPicture):
        header_of(data)


def test_the_parameters_read_like_those_of_other_tools() -> None:
    request = ImageRequest(
        prompt="a lighthouse at dusk", negative_prompt="people", width=768, height=512
    )

    assert parameters_text(request, seed=42, model="stabilityai/stable-diffusion-2-1") == (
        "a lighthouse at dusk\n"
        "Negative prompt: people\n"
        "Steps: 25, Sampler: unknown, CFG scale: 7.5, Seed: 42, Size: 768x512, "
        "Model: stabilityai/stable-diffusion-2-1, Version: Limner"
    )


def test_a_model_with_a_colon_is_quoted_and_pictures_of_a_batch_are_numbered() -> None:
    request = ImageRequest(prompt="a cat", image=picture(PictureType.PNG), strength=0.35)

    assert parameters_text(request, seed=7, model="org/model:v2", number=3, count=4) == (
        "a cat\n"
        "Steps: 25, Sampler: unknown, CFG scale: 7.5, Seed: 7, Size: 768x768, "
        'Model: "org/model:v2", '
        "Denoising strength: 0.35, Batch size: 4, Batch pos: 2, Version: Limner"
    )


def test_only_what_the_model_takes_is_said() -> None:
    request = ImageRequest(prompt="a cat", negative_prompt="fog", lora="ink")
    takes = {"prompt", "seed", "width", "height"}
    assert parameters_text(request, seed=7, model="klein", takes=takes) == (
        "a cat\nSampler: unknown, Seed: 7, Size: 768x768, Model: klein, Version: Limner"
    )


# sd-parsers takes a picture for the last one if it lies at the same address in memory.
KEPT_OPEN: list[Image.Image] = []
PROMPTS = (
    "a lighthouse, at dusk",
    "猫 and 🦊",
    "a sign that says\nNegative prompt: none\nSteps: 3, Seed: 1",
    "10:30 in the morning, {red, blue}",
    "x" * 3_000,
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("negative", ["", "people, fog: none"])
@pytest.mark.parametrize("prompt", PROMPTS)
def test_another_reader_finds_the_same_in_our_files(
    kind: PictureType, prompt: str, negative: str
) -> None:
    request = ImageRequest(
        prompt=prompt, negative_prompt=negative, num_inference_steps=30, seed=5, lora="ink"
    )
    text = parameters_text(request, seed=5, model="stabilityai/stable-diffusion-2-1")
    image = opened(with_metadata(picture(kind), kind, text))
    KEPT_OPEN.append(image)
    found = ParserManager().parse(image)
    assert found is not None
    (sampler,) = found.samplers
    spoken = prompt.replace("Negative prompt:", "Negative prompt :").replace("Steps:", "Steps :")
    assert [each.value for each in sampler.prompts] == [f"{spoken} <lora:ink:1>"]
    assert [each.value for each in sampler.negative_prompts] == ([negative] if negative else [])
    assert sampler.model is not None
    assert sampler.model.name == "stabilityai/stable-diffusion-2-1"
    assert (sampler.name, sampler.parameters["steps"]) == ("unknown", "30")
    assert (sampler.parameters["seed"], sampler.parameters["cfg_scale"]) == ("5", "7.5")


def test_the_longest_prompts_still_fit_a_jpeg() -> None:
    text = "🦊" * 3_000 + "\nNegative prompt: " + "🦊" * 3_000
    assert parameters_in(with_metadata(picture(PictureType.JPEG), PictureType.JPEG, text)) == text


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_file_says_is_read_back_as_the_request(kind: PictureType) -> None:
    request = ImageRequest(
        prompt="a 🦊 at dusk", negative_prompt="fog", num_inference_steps=30, width=512, height=640
    )
    asked = request.fitted({"lora": "ink"})
    text = parameters_text(asked, seed=42, model="m")
    fields = parse(read_back(with_metadata(picture(kind), kind, text))).fields
    again = validate(fields)
    assert (again.prompt, again.negative_prompt) == ("a 🦊 at dusk", "fog")
    assert (again.num_inference_steps, again.seed, again.lora) == (30, 42, "ink")
    assert (again.width, again.height) == (512, 640)


def hostile_texts() -> list[bytes]:
    packed = b"parameters\0\0" + zlib.compress(b"a" * 300_000_000, 1)
    return [chunk(b"zTXt", packed), chunk(b"tEXt", b"parameters\0" + b"x" * 9_000_000)]


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@pytest.mark.parametrize("number", [0, 1])
def test_a_hostile_text_in_a_file_stays_bounded(number: int) -> None:
    before = picture(PictureType.PNG)
    data = before[:33] + hostile_texts()[number] + before[33:]
    assert len(read_back(data)) <= 12_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_without_parameters_says_nothing(kind: PictureType) -> None:
    assert read_back(picture(kind)) == ""
    assert read_back(picture(kind)[:40]) == read_back(b"") == ""
