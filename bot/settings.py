"""Every setting, read once at start from a given mapping.

The environment is ceiling and default; commands set less than that. Secrets are masked in every
repr and may come from files: DISCORD_TOKEN_FILE=/run/secrets/discord_token.
"""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr


def _dollars(value: object) -> object:
    """ "0.05" → 50_000 micro-dollars; "none" → no limit; "" → the safe default."""
    if isinstance(value, str):
        text = value.strip().lower()
        if text == "none":
            return None
        return int((Decimal(text.removeprefix("$")) * 1_000_000).to_integral_value())
    return value


Dollars = Annotated[int | None, BeforeValidator(_dollars)]


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    backend: Literal["auto", "api", "local", "sketch"] = Field(
        "auto", description="where pictures are drawn"
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Raises Misconfigured, which names all wrong variables at once."""
        raise NotImplementedError

    @property
    def pictures_dir(self) -> Path:
        raise NotImplementedError

    token: SecretStr | None = None
