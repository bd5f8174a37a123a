"""Makes a request that fits the model of a body's fields, in both dialects."""

import asyncio
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Protocol

from adapters.api.requests.body import Body
from adapters.api.schema.errors import wrong_field
from bot.domain.catalogue import Catalogue
from bot.errors import BadRequest, Problem
from bot.images.codec import PictureRefused
from bot.request.image_request import ImageRequest
from bot.request.options import validate

# The fields of the native dialect; all others are ignored.
NATIVE = frozenset(ImageRequest.model_fields) - {"image", "model"}
TEXTS = frozenset({"prompt", "negative_prompt", "lora", "webhook"})
# Native fields that are also read in OpenAI's dialect, as some clients send them.
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
        values = {name: _value(name, body.fields[name]) for name in NATIVE & body.fields.keys()}
        image = await _image_of(body)
        return await self._fitted(model, values, image)

    async def generation(self, body: Body) -> ImageRequest:
        """OpenAI's images/generations. Raises Refused and BadRequest."""
        return await self._fitted(_model(body), _openai_values(body.fields), None)

    async def edit(self, body: Body, *, prompt_needed: bool) -> ImageRequest:
        """OpenAI's images/edits and images/variations. Raises Refused and BadRequest."""
        if "mask" in body.files or body.fields.get("mask"):
            words = "A mask isn't supported: the whole picture is drawn again."
            raise wrong_field("mask", words, "unsupported")
        image = await _image_of(body)
        if image is None:
            raise wrong_field("image", "Please send the picture to start from.", "missing")
        values = _openai_values(body.fields)
        if prompt_needed or values.get("prompt"):
            return await self._fitted(_model(body), values, image)
        fitted = await self._fitted(_model(body), {**values, "prompt": "-"}, image)
        return fitted.fitted({"prompt": ""})

    async def _fitted(
        self, model: str, values: Mapping[str, Any], image: bytes | None
    ) -> ImageRequest:
        request = validate({**values, "image": image, "model": model})
        fitted = self._catalogue.fit(request)
        if image is None or fitted.image is None:
            return fitted
        try:
            return fitted.fitted({"image": await self._worker.starting_image(image)})
        except PictureRefused as refused:
            raise BadRequest((Problem("image", refused.code, {}),)) from None


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
    model = body.fields.get("model") or ""
    if not isinstance(model, str):
        raise wrong_field("model", "model is a text.", "type")
    return model


def _openai_values(fields: Mapping[str, Any]) -> dict[str, Any]:
    names = {"prompt", *OPENAI_EXTRAS} & fields.keys()
    values = {name: _value(name, fields[name]) for name in names}
    if fields.get("n") is not None:
        values["num_images"] = _value("n", fields["n"])
    if fields.get("response_format") not in (None, "", "b64_json"):
        raise wrong_field("response_format", "Only b64_json is served.", "unsupported")
    return {**values, **_size(fields.get("size"))}


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
    found: list[bytes | str] = [file for file in files if file] + texts
    if len(found) > 1:
        raise wrong_field("image", "This model starts from one picture; send one.", "too_many")
    if not found:
        return None
    (image,) = found
    return image if isinstance(image, bytes) else await asyncio.to_thread(_from_text, image)


def _texts(value: Any) -> list[str]:
    found = value if isinstance(value, list) else [value]
    if not all(each is None or isinstance(each, str) for each in found):
        raise wrong_field("image", "image is a data URL, or a file of a form.", "type")
    return [each for each in found if each and each.strip()]


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
