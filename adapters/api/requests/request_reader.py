"""Makes a request that fits the model of a body's fields, in both dialects."""

import asyncio
import re
from base64 import b64decode
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Protocol

from adapters.api.requests.body import Body
from adapters.api.schema.errors import wrong_field
from adapters.api.schema.schemas import WIRE_SEED_MAX
from bot.domain.catalogue import Catalogue
from bot.errors import BadRequest, Problem
from bot.images.codec import PictureRefused
from bot.request.image_request import SEED_MAX, URL_MAX_CHARS, ImageRequest
from bot.request.options import validate

# The fields of the native dialect; all others are ignored.
NATIVE = frozenset(ImageRequest.model_fields) - {"image", "model"}
TEXTS = frozenset({"prompt", "negative_prompt", "lora", "webhook"})
# Native fields that are also read in OpenAI's dialect, as some clients send them.
OPENAI = frozenset({"prompt", "n", "size", "response_format"})
OPENAI_EXTRAS = NATIVE - {"prompt", "num_images", "width", "height", "webhook"}
IMAGE_NAMES = ("image", "image[]")


class Worker(Protocol):
    """Decodes pictures in a process of its own, as they may be hostile."""

    async def starting_image(self, data: bytes) -> bytes:
        """Raises PictureRefused."""


class Reader:
    """Reads requests; `catalogue` has the engine's models."""

    def __init__(self, catalogue: Catalogue, worker: Worker) -> None:
        self._catalogue = catalogue
        self._worker = worker

    async def native(self, model: str, body: Body) -> ImageRequest:
        """A request in the native dialect. Raises Refused and BadRequest."""
        if isinstance(body.fields.get("image"), list):
            raise wrong_field("image", "image is no list; send one picture.", "type")
        image = await _image_of(body)
        return await self._fitted(model, _values(body, NATIVE), image)

    async def generation(self, body: Body) -> ImageRequest:
        """OpenAI's images/generations. Raises Refused and BadRequest."""
        return await self._fitted(_model(body), _openai_values(body), None)

    async def edit(self, body: Body, *, prompt_needed: bool) -> ImageRequest:
        """OpenAI's images/edits and images/variations. Raises Refused and BadRequest."""
        if "mask" in body.files or body.fields.get("mask"):
            words = "A mask isn't supported: the whole picture is drawn again."
            raise wrong_field("mask", words, "unsupported")
        image = await _image_of(body)
        if image is None:
            raise wrong_field("image", "Please send the picture to start from.", "missing")
        values = _openai_values(body)
        if prompt_needed or values.get("prompt"):
            return await self._fitted(_model(body), values, image)
        fitted = await self._fitted(_model(body), {**values, "prompt": "-"}, image)
        return fitted.fitted({"prompt": ""})

    async def _fitted(
        self, model: str, values: Mapping[str, Any], image: bytes | None
    ) -> ImageRequest:
        fitted = self._catalogue.fit(_request({**values, "image": image, "model": model}))
        if image is None or fitted.image is None:
            return fitted
        try:
            return fitted.fitted({"image": await self._worker.starting_image(image)})
        except PictureRefused as refused:
            raise BadRequest((Problem("image", refused.code, {}),)) from None


def _request(values: Mapping[str, Any]) -> ImageRequest:
    """As `validate`, with the wider range of the wire's seeds. Raises BadRequest."""
    digits = re.fullmatch(r"\s{0,9}([0-9]{16,19})\s{0,9}", str(values.get("seed")))
    seed = int(digits[1]) if digits else 0
    if not SEED_MAX < seed <= WIRE_SEED_MAX:
        return validate(values, typed=False)
    return validate({**values, "seed": SEED_MAX}, typed=False).fitted({"seed": seed})


def _values(body: Body, names: AbstractSet[str]) -> dict[str, Any]:
    """The fields of these names. Raises Refused."""
    for name in names & body.files.keys():
        if name != "webhook" and any(body.files[name]):
            raise wrong_field(name, f"{name} is no file; send it as text.", "type")
    values = {name: _value(name, body.fields[name]) for name in names & body.fields.keys()}
    if "webhook" in names and (files := [file for file in body.files.get("webhook", ()) if file]):
        if len(files) > 1 or values.get("webhook"):
            raise wrong_field("webhook", "webhook takes one value, not several.", "type")
        values["webhook"] = _address_in(files[0])
    return values


def _address_in(file: bytes) -> str:
    """The text of a webhook that was sent as a file, as the inference API's page allows."""
    try:
        return file[: 2 * URL_MAX_CHARS + 1].decode()
    except UnicodeDecodeError:
        raise wrong_field("webhook", "webhook is a file without an address.", "type") from None


def _value(name: str, value: Any) -> Any:
    """`value`, checked; "null" in a form leaves an option open. Raises Refused."""
    if value == "null" and name not in TEXTS:
        return None
    if isinstance(value, list | dict):
        raise wrong_field(name, f"{name} takes one value, not several.", "type")
    if name in TEXTS and value is not None and not isinstance(value, str):
        raise wrong_field(name, f"{name} is a text.", "type")
    return value


def _model(body: Body) -> str:
    model = _values(body, {"model"}).get("model")
    if model is not None and not isinstance(model, str):
        raise wrong_field("model", "model is a text.", "type")
    return model or ""


def _openai_values(body: Body) -> dict[str, Any]:
    values = _values(body, OPENAI | OPENAI_EXTRAS)
    if (count := values.pop("n", None)) is not None:
        values["num_images"] = count
    if values.pop("response_format", None) not in (None, "", "b64_json"):
        raise wrong_field("response_format", "Only b64_json is served.", "unsupported")
    return values | _size(values.pop("size", None))


def _size(size: Any) -> dict[str, Any]:
    if size in (None, "", "auto"):
        return {}
    found = re.fullmatch(r"([0-9]{1,5})x([0-9]{1,5})", size) if isinstance(size, str) else None
    if found is None:
        raise wrong_field("size", "A size is written like 512x512.", "not_a_size")
    return {"width": int(found[1]), "height": int(found[2])}


async def _image_of(body: Body) -> bytes | None:
    """The one starting image: a file, a data URL or bare base64. Raises Refused, BadRequest."""
    files = [file for name in IMAGE_NAMES for file in body.files.get(name, ())]
    texts = [each for name in IMAGE_NAMES for each in _texts(body.fields.get(name))]
    found: list[bytes | str] = [*files, *texts]
    if len(found) > 1:
        raise wrong_field("image", "This model starts from one picture; send one.", "too_many")
    if not found:
        return None
    (image,) = found
    if isinstance(image, bytes):
        return image
    return await asyncio.to_thread(_from_text, image)


def _texts(value: Any) -> list[str]:
    found = value if isinstance(value, list) else [value]
    if not all(each is None or isinstance(each, str) for each in found):
        raise wrong_field("image", "image is a data URL, or a file of a form.", "type")
    return [each for each in found if each]


def _from_text(text: str) -> bytes:
    """The bytes in a data URL or base64. Raises Refused, also for an address: none is fetched."""
    if re.match(r"https?://", text, re.IGNORECASE):
        words = "Send the picture itself, as a data URL or as a file; addresses aren't fetched."
        raise wrong_field("image", words, "unsupported")
    head, comma, rest = text.partition(",")
    if comma and not re.fullmatch(r"\s*data:[^,]*;base64", head, re.IGNORECASE):
        raise wrong_field("image", "image is no data URL in base64.", "not_a_picture")
    try:
        return b64decode("".join((rest if comma else text).split()), validate=True)
    except ValueError:
        raise wrong_field("image", "image is no base64.", "not_a_picture") from None
