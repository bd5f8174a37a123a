"""How a command speaks: answers on stdout, everything else on stderr, failures as exit codes."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from adapters.terminal.imagine import Exit, exit_of_error
from adapters.terminal.protocol import NoAnswer
from bot.config.settings import Settings
from bot.errors import BotError, Misconfigured
from bot.wording import explain, plain


def answer(*lines: object) -> None:
    for line in lines:
        print(line, flush=True)  # noqa: T201  (the answer to the command)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201  (beside the answer)


def refuse(sentence: str) -> NoReturn:
    say(sentence)
    raise SystemExit(Exit.BAD_INPUT)


@contextmanager
def telling() -> Iterator[None]:
    """Failures become a sentence on stderr and an exit code."""
    try:
        yield
    except BotError as error:
        say(plain(explain(error, platform="terminal")))
        raise SystemExit(exit_of_error(error)) from None
    except NoAnswer:
        say("The bot stopped before it answered. Look at its log, then try again.")
        raise SystemExit(Exit.FAILED) from None
    except OSError as error:
        say(f"{error.filename or 'A file'} can't be written: {error.strerror}.")
        raise SystemExit(Exit.FAILED) from None
    except KeyboardInterrupt:
        say("Interrupted.")
        raise SystemExit(Exit.INTERRUPTED) from None


def make_data_dir(settings: Settings) -> None:
    """Make DATA_DIR readable by its owner alone, because it holds prompts and pictures."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        why = f"DATA_DIR, {settings.data_dir}, can't be made: {error.strerror}."
        raise Misconfigured((why,)) from None


def make_folder(folder: Path) -> None:
    """Make `folder`, or end with a sentence, before anything is paid for."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse(f"{folder} can't be made: {error.strerror}.")
    if not os.access(folder, os.W_OK | os.X_OK):
        refuse(f"{folder} can't be written. Name another folder with --out.")
