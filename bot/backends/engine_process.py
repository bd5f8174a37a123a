"""One run of `limner serve` as a child of the bot: it reports its address on a pipe, and it ends
when its stdin closes, which also happens when the bot is killed.
"""

import asyncio
import json
import os
import secrets
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr

from bot.config import engine_settings
from bot.config.env_values import FILE_SUFFIX
from bot.config.fields import Endpoint
from bot.config.settings import SECRETS

# Loading gigabytes of weights from a slow disk, and compiling for the first time.
START_TIMEOUT_S = 1_200.0
END_TIMEOUT_S = 15.0
REPORT_MAX_BYTES = 4_096
# Requests that the engine lets the bot have open: more than the bot's own queue ever sends.
REQUESTS_AT_ONCE = 200
PREFIX = (sys.executable, "-P", "-m", "bot", "serve")


class NotStarted(Exception):
    """The engine ended, or timed out, before it could draw; its output is in the log."""


class Child:
    """A process that answers at `endpoint`."""

    def __init__(self, process: Process, endpoint: Endpoint) -> None:
        self._process = process
        self.endpoint = endpoint
        self.ended = asyncio.ensure_future(process.wait())

    @property
    def pid(self) -> int:
        return self._process.pid

    async def end(self) -> None:
        await _end(self._process)
        await asyncio.wait({self.ended})

    def kill(self) -> None:
        """Kill it at once, as it doesn't answer any more."""
        _kill(self._process)


def command(model: Path) -> tuple[str, ...]:
    return (*PREFIX, "--model", str(model), "--host", "127.0.0.1", "--port", "0")


def environment(environ: Mapping[str, str], *, name: str, key: str) -> dict[str, str]:
    """The child's environment: none of the bot's secrets, and a key that only the two know."""
    hidden = SECRETS | engine_settings.SECRETS
    kept = {
        variable: value
        for variable, value in environ.items()
        if variable.removesuffix(FILE_SUFFIX) not in hidden
    }
    return kept | {
        "ENGINE_NAME": name,
        "ENGINE_KEYS": f"bot:{key}:{REQUESTS_AT_ONCE}",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }


async def launch(words: Sequence[str], environ: Mapping[str, str], *, name: str) -> Child:
    """Start `words` and wait until it reports where it listens. Raises NotStarted."""
    key = secrets.token_urlsafe(32)
    reading, writing = os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            "--report-fd",
            str(writing),
            stdin=PIPE,
            pass_fds=(writing,),
            env=environment(environ, name=name, key=key),
            # Ctrl-C in the terminal shall reach the parent alone, which then ends this.
            start_new_session=True,
        )
    except OSError as error:
        os.close(reading)
        raise NotStarted(error.strerror) from None
    finally:
        os.close(writing)
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            url = await _reported(reading)
    except BaseException as error:
        await _end(process)
        if isinstance(error, TimeoutError | ValueError):
            raise NotStarted("it said nothing in time, or nothing that can be read") from None
        raise
    return Child(process, Endpoint(url, SecretStr(key)))


async def _reported(fd: int) -> str:
    """Read the address from the one line on the pipe. Raises NotStarted and ValueError."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(REPORT_MAX_BYTES)
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(fd, "rb")
    )
    try:
        line = await reader.readline()
        if not line:
            raise NotStarted("it ended; its own words stand above")
        url = json.loads(line)["url"]
    except (KeyError, TypeError) as error:
        raise ValueError("no address") from error
    finally:
        transport.close()
    if not isinstance(url, str) or not url.startswith("http://127.0.0.1:"):
        raise ValueError("no address of this machine")
    return url


async def _end(process: Process) -> None:
    """Close its stdin, at which it ends; kill it after END_TIMEOUT_S."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(END_TIMEOUT_S):
            await process.wait()
    except TimeoutError:
        _kill(process)
        await process.wait()
    except asyncio.CancelledError:
        _kill(process)
        raise


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
