"""The settings of `limner serve`, from the environment: model, address, and who may call."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from bot.config import env_values
from bot.config.env_settings import FromEnvironment
from bot.config.env_values import AnyCase, Dollars
from bot.domain.model import SD21
from bot.urls import is_loopback

# Shorter keys can be guessed.
KEY_MIN_CHARS = 16
KEYS_MAX = 200
REQUESTS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerKey:
    """Who may call: `name` is for logs and fair turns, `at_once` bounds open requests."""

    name: str
    secret: SecretStr
    at_once: int | None = None  # None is what ENGINE_KEY_REQUESTS says


def read_keys(text: str) -> tuple[CallerKey, ...]:
    """KEY, NAME:KEY or NAME:KEY:REQUESTS, separated by commas, blanks or lines.

    A line that begins with # is a comment. Raises ValueError.
    """
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    entries = [entry for line in lines for entry in line.replace(",", " ").split()]
    keys = tuple(_key(number, entry) for number, entry in enumerate(entries, start=1))
    names = {key.name for key in keys}
    secrets = {key.secret.get_secret_value() for key in keys}
    if not keys or len(keys) > KEYS_MAX or len(names) < len(keys) or len(secrets) < len(keys):
        raise ValueError(_KEYS_TAKE)
    return keys


_KEYS_TAKE = (
    f"up to {KEYS_MAX} different entries like KEY, NAME:KEY or NAME:KEY:REQUESTS, each key of "
    f"{KEY_MIN_CHARS} or more letters, digits and -_.~+/="
)


def _key(number: int, entry: str) -> CallerKey:
    parts = entry.split(":")
    if len(parts) == 1:
        parts = [f"key{number}", entry]
    name, secret, *rest = parts
    at_once = int(rest[0]) if len(rest) == 1 and re.fullmatch(r"[0-9]{1,4}", rest[0]) else None
    wrong = bool(rest) and (at_once is None or not 1 <= at_once <= REQUESTS_MAX)
    fits = re.fullmatch(rf"[\w.~+/=-]{{{KEY_MIN_CHARS},500}}", secret, re.ASCII)
    if wrong or not fits or not re.fullmatch(r"[\w.-]{1,40}", name, re.ASCII):
        raise ValueError(_KEYS_TAKE)
    return CallerKey(name=name, secret=SecretStr(secret), at_once=at_once)


def _checked(value: SecretStr) -> SecretStr:
    read_keys(value.get_secret_value())
    return value


def _device(text: str) -> str:
    if not re.fullmatch(r"auto|cpu|cuda(:[0-9]{1,2})?", text):
        raise ValueError("auto, cpu, cuda, or one of several: cuda:1")
    return text


class EngineSettings(FromEnvironment):
    """The variable of a field is its name in capitals. Amounts are micro-dollars."""

    engine_model: Path | None = Field(
        None, description="the folder of the model, as diffusers saves it"
    )
    engine_name: str = Field(SD21.name, description="what the model is called on the wire")
    engine_host: str = Field("127.0.0.1", description="the address that the engine listens on")
    engine_port: int = Field(
        8770, ge=0, le=65535, description="the port of the engine; 0 is any free one"
    )
    engine_keys: Annotated[SecretStr, AfterValidator(_checked)] | None = Field(
        None, description="who may call: KEY, NAME:KEY or NAME:KEY:REQUESTS, separated by commas"
    )
    engine_key_requests: int = Field(
        16, ge=1, le=REQUESTS_MAX, description="requests of one key at once"
    )
    engine_price: Dollars = Field(0, description="dollars a second of drawing costs its caller")
    engine_drain_s: float = Field(
        20, ge=0, le=600, description="seconds that running requests get when the engine stops"
    )
    # How it draws.
    engine_device: Annotated[str, AfterValidator(_device)] = Field(
        "auto", description="auto, cpu, cuda or cuda:1"
    )
    engine_dtype: Annotated[Literal["auto", "float32", "float16", "bfloat16"], AnyCase] = Field(
        "auto", description="auto is float16 on a GPU, float32 elsewhere; or bfloat16"
    )
    engine_scheduler: str = Field(
        "",
        max_length=100,
        description="a scheduler of those in docs/engine.md, by its class; empty is the model's",
    )
    engine_loras: Path | None = Field(
        None, description="a folder of LoRA weights, NAME.safetensors each"
    )
    engine_pictures: int = Field(
        64, ge=4, le=10_000, description="pictures that are drawn or wait at once"
    )
    engine_fixed_rows: int = Field(
        0,
        ge=0,
        le=256,
        description="rows of every step, for the same bytes in any company; 0 is any",
    )
    engine_compile: bool = Field(
        default=False, description="whether torch compiles the model: minutes at start, then faster"
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], AnyCase] = Field(
        "info", description="debug, info, warning or error"
    )

    @property
    def keys(self) -> tuple[CallerKey, ...]:
        return read_keys(self.engine_keys.get_secret_value()) if self.engine_keys else ()

    def contradictions(self) -> Iterator[tuple[set[str], str]]:
        if not self.engine_keys and not is_loopback(self.engine_host):
            text = (
                f"ENGINE_HOST is {self.engine_host}, where others reach it, but nobody has a key: "
                "set ENGINE_KEYS, or ENGINE_KEYS_FILE to a file with one key a line."
            )
            yield {"engine_keys", "engine_host"}, text


VARIABLES = tuple(name.upper() for name in EngineSettings.model_fields)
SECRETS = frozenset(
    name.upper()
    for name, field in EngineSettings.model_fields.items()
    if env_values.is_secret(field)
)
