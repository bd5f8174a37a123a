"""What may be asked: the input of stabilityai/stable-diffusion-2-1, declared once.

This class is the declaration of all options. Registration on a platform, the command parser,
/help, the web form and the README's table are readings of it (see `options.py`).

Source: the model's page on DeepInfra, "Input fields", with its ranges and defaults.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from unicodedata import category, normalize

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticKnownError

from bot.errors import InvalidValue
from bot.images.header import read_header
from bot.urls import check_url

SIDES_PX = (128, 256, 384, 448, 512, 576, 640, 704, 768, 832, 896, 960, 1024)
# What an input of a Slack form holds at most:
# https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
PROMPT_MAX_CHARS = 3_000
# Of models and LoRAs.
NAME_MAX_CHARS = 200
URL_MAX_CHARS = 2_000
PICTURES_MAX = 4
# JavaScript's Number.MAX_SAFE_INTEGER: beyond it a client would round silently.
SEED_MAX = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Flags:
    """How an option is written in text and where it is offered.

    `short` is the name on platforms with typed options and the main flag in text; `also` are
    further spellings that the command parser understands. `chat` is False for what only the HTTP
    API and the terminal offer.
    """

    short: str
    also: tuple[str, ...] = ()
    chat: bool = True


@dataclass(frozen=True, slots=True)
class Choices:
    """The only values that an option takes."""

    values: tuple[int, ...]


def _listed(side_px: int) -> int:
    if side_px in SIDES_PX:
        return side_px
    nearest = min(SIDES_PX, key=lambda listed_px: abs(listed_px - side_px))
    raise InvalidValue("not_listed", {"choices": SIDES_PX, "got": side_px, "nearest": nearest})


def _printable(max_chars: int) -> BeforeValidator:
    """A validator that removes control characters and lone surrogates; line breaks become LF.

    A text that would still be too long afterwards is refused without reading its characters, and
    so is one that grows beyond measure when it is normalised.
    """

    def validate(text: object) -> object:
        if not isinstance(text, str):
            return text
        if len(text) > _CHARS_PER_BREAK * max_chars:
            raise PydanticKnownError("string_too_long", {"max_length": max_chars})
        lines = text.replace("\r\n", "\n").translate(_BREAKS)
        plain = "".join(c for c in lines if c == "\n" or category(c) not in ("Cc", "Cs"))
        if all(c == "\n" or category(c) in ("Cf", "Zs") for c in plain):
            return ""  # nothing that anybody could see
        if (length := len(normalize("NFKC", plain))) > _NORMALIZED_CHARS * max_chars:
            raise InvalidValue("too_long", {"limit": max_chars, "got": length})
        return plain

    return BeforeValidator(validate)


# Browsers send a line break as two characters.
_CHARS_PER_BREAK = 2
# How much longer than its limit a text may become for the prompt screen, which reads it normalised:
# one character may become eighteen letters there.
_NORMALIZED_CHARS = 2
_BREAKS = str.maketrans({"\r": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " "})


def _checked(check: Callable[[Any], object]) -> AfterValidator:
    """A validator that runs `check` on values that were given, and leaves them unchanged."""

    def validate(value: Any) -> Any:
        if value is not None and value != "":
            check(value)
        return value

    return AfterValidator(validate)


Side = Annotated[int, Choices(SIDES_PX), AfterValidator(_listed)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=PROMPT_MAX_CHARS),
    _printable(PROMPT_MAX_CHARS),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=NAME_MAX_CHARS),
    _printable(NAME_MAX_CHARS),
]
Url = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=URL_MAX_CHARS),
    _printable(URL_MAX_CHARS),
    _checked(check_url),
]


class ImageRequest(BaseModel):
    """One request for pictures. Values that were left open are not in `model_fields_set`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: Annotated[Words, Flags("prompt")] = Field(min_length=1, description="what to draw")
    negative_prompt: Annotated[Words, Flags("no", ("negative", "neg"))] = Field(
        "", description="what to keep out of the picture"
    )
    image: Annotated[bytes | None, _checked(read_header), Flags("image")] = Field(
        None, description="starting image: PNG, JPEG or WebP, at most 10 MiB", repr=False
    )
    num_images: Annotated[int, Flags("images", ("n", "count", "batch_size"))] = Field(
        1, ge=1, le=PICTURES_MAX, description="how many pictures"
    )
    num_inference_steps: Annotated[int, Flags("steps")] = Field(
        25, ge=1, le=512, description="denoising steps; more is slower"
    )
    guidance_scale: Annotated[Number, Flags("guidance", ("cfg", "cfg_scale", "scale"))] = Field(
        7.5, ge=1, le=20, description="how closely to follow the prompt"
    )
    strength: Annotated[Number, Flags("strength", ("denoise", "denoising_strength"))] = Field(
        0.8, ge=0, le=1, description="1 ignores the starting image, 0 follows it exactly"
    )
    width: Annotated[Side, Flags("width", ("w",))] = Field(768, description="width in pixels")
    height: Annotated[Side, Flags("height", ("h",))] = Field(768, description="height in pixels")
    seed: Annotated[int | None, Flags("seed")] = Field(
        None, ge=0, le=SEED_MAX, description="same seed, same picture; empty is random"
    )
    use_compel: Annotated[bool, Flags("compel")] = Field(
        default=False, description="weighted words: word++, (words)1.3, word--"
    )
    lora: Annotated[Name, Flags("lora")] = Field("", description="name of LoRA weights")
    webhook: Annotated[Url, Flags("webhook", chat=False)] = Field(
        "", description="http(s) address that receives the finished result"
    )
    model: Annotated[Name, Flags("model")] = Field(
        "", description="which model draws; empty is the default model"
    )

    def fitted(self, values: dict[str, Any]) -> "ImageRequest":
        """This request with `values` from the serving model, whose ranges may be wider.

        What the model filled in does not count as given.
        """
        return self.model_construct(
            _fields_set=set(self.model_fields_set), **{**dict(self), **values}
        )

    def given(self, name: str) -> bool:
        """Whether the person chose `name` themselves."""
        return name in self.model_fields_set

    def to_record(self) -> dict[str, Any]:
        """JSON-ready values for the job's row; the starting image is kept elsewhere."""
        values = self.model_dump(exclude={"image"})
        return {"values": values, "given": sorted(self.model_fields_set - {"image"})}

    @classmethod
    def from_record(cls, record: dict[str, Any], image: bytes | None = None) -> "ImageRequest":
        """The request that `to_record` wrote. Not validated, as ranges may have changed since."""
        given = set(record["given"]) | ({"image"} if image is not None else set())
        return cls.model_construct(_fields_set=given, **record["values"], image=image)
