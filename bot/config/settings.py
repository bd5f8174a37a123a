"""The settings, read once at start from a given mapping.

The environment is ceiling and default; commands set less than that. Secrets are masked in every
repr and may come from files: DISCORD_TOKEN_FILE=/run/secrets/discord_token.
"""

from collections.abc import Iterator, Mapping

from bot.config import contradictions, engine_settings, env_values
from bot.config.fields import Fields


class Settings(Fields):
    """The variable of a field is its name in capitals. Amounts are micro-dollars."""

    def contradictions(self) -> Iterator[tuple[set[str], str]]:
        yield from contradictions.contradictions(self)

    def notices(self) -> tuple[str, ...]:
        """What is no mistake, but what the owner should know at start."""
        return tuple(contradictions.notices(self))


VARIABLES = tuple(name.upper() for name in Settings.model_fields)
SECRETS = frozenset(
    name.upper() for name, field in Settings.model_fields.items() if env_values.is_secret(field)
)


def misspelled(environ: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each unknown variable whose name is nearly one of ours."""
    known = (*VARIABLES, *engine_settings.VARIABLES)
    secrets = SECRETS | engine_settings.SECRETS
    return env_values.misspelled(
        environ, [*known, *(name + env_values.FILE_SUFFIX for name in secrets)]
    )
