"""Settings that are read from the environment: all wrong variables are named at once."""

from collections.abc import Iterator, Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.config import env_values
from bot.errors import Misconfigured


class FromEnvironment(BaseModel):
    """The variable of a field is its name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Raises Misconfigured, which names all wrong variables at once."""
        given, problems = env_values.given(environ, cls.model_fields)
        try:
            settings = cls.model_validate(given)
        except ValidationError as error:
            for each in error.errors(include_url=False, include_input=False):
                name = str(each["loc"][0])
                problems[name] = env_values.sentence(
                    name, given[name], cls.model_fields[name], each
                )
            settings = cls.model_validate({k: v for k, v in given.items() if k not in problems})
        together = (text for names, text in settings.contradictions() if not names & {*problems})
        if sentences := (*problems.values(), *together):
            raise Misconfigured(sentences)
        return settings

    def contradictions(self) -> Iterator[tuple[set[str], str]]:
        """Contradictions between valid variables: the fields involved, and a sentence."""
        yield from ()
