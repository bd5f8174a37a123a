"""Logging: one line an event on stderr, UTC, with every known secret masked."""

import logging
import re
import time
from collections.abc import Iterable
from typing import TextIO

from pydantic import SecretStr

from bot.config.engine_settings import EngineSettings
from bot.config.settings import Settings
from bot.text import escaped

MASK = "****"
# A shorter text would also hide innocent words.
SECRET_MIN_CHARS = 6
# Below WARNING these log whole addresses, which may contain a token, SQL with its values, or a
# great deal.
_TALKATIVE = ("httpx", "httpcore", "uvicorn", "aiosqlite", "discord", "aiohttp", "slack_sdk")
# Tokens of workspaces are in no setting, but are known by their form.
_SLACK_TOKEN = re.compile(r"\bx(?:ox[a-z]|app)-[\w-]{6,}")
# discord.client warns at every start that voice is off, python_multipart of every broken form.
_WARNING_IDLY = ("discord.client", "python_multipart")


class MaskingFormatter(logging.Formatter):
    """Masks in the finished text, so that tracebacks and arguments are covered too."""

    converter = staticmethod(time.gmtime)
    default_msec_format = "%s.%03dZ"

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        # The longest first, because one secret may contain another.
        self._secrets = sorted(
            {s for s in secrets if len(s) >= SECRET_MIN_CHARS}, key=len, reverse=True
        )

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        """The message in one line, so that nobody can forge a second entry in it."""
        return escaped(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        text = escaped(super().format(record), keep="\n")  # of tracebacks
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return _SLACK_TOKEN.sub(MASK, text)


def configure(
    settings: Settings | EngineSettings, level: str | None = None, *, stream: TextIO | None = None
) -> None:
    """Send the log of this process to `stream`, stderr by default, from `level` up."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(MaskingFormatter(secrets_of(settings)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel((level or settings.log_level).upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _WARNING_IDLY:
        logging.getLogger(name).setLevel(logging.ERROR)


def secrets_of(settings: Settings | EngineSettings) -> tuple[str, ...]:
    values = [getattr(settings, name) for name in type(settings).model_fields]
    if isinstance(settings, EngineSettings):
        values.append(tuple(key.secret for key in settings.keys))
    flat = (each for value in values for each in (value if isinstance(value, tuple) else (value,)))
    return tuple(each.get_secret_value() for each in flat if isinstance(each, SecretStr))
