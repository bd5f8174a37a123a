"""`limner imagine`: places the order, shows its progress, writes the files, says the cost."""

import asyncio
import os
from contextlib import aclosing, suppress
from enum import IntEnum
from pathlib import Path
from typing import TextIO

from adapters.terminal.protocol import Bot, ImagineOrder, NoAnswer, Report
from adapters.terminal.render import progress, summary
from bot.domain.job_view import Phase
from bot.errors import (
    BackendModerated,
    BadRequest,
    BotError,
    NotAllowed,
    NotFound,
    QuotaExceeded,
)
from bot.picture_file import File

CANCEL_TIMEOUT_S = 5.0
_CLEAR_LINE = "\r\x1b[K"


class Exit(IntEnum):
    """The exit codes of `limner imagine`."""

    OK = 0
    BAD_INPUT = 2
    REFUSED = 3
    OUT_OF_BUDGET = 4
    FAILED = 5
    INTERRUPTED = 130


class Screen:
    """Progress on stderr: one line overwritten on a terminal, else one line a phase."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._overwrites = stream.isatty()
        self._phase: Phase | None = None

    def show(self, report: Report) -> None:
        if report.phase.is_final:
            return
        if self._overwrites:
            self._write(_CLEAR_LINE + progress(report))
        elif report.phase is not self._phase:
            self._write(report.line + "\n")
        self._phase = report.phase

    def clear(self) -> None:
        if self._overwrites:
            self._write(_CLEAR_LINE)

    def say(self, line: str) -> None:
        self._write(line + "\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


async def imagine(bot: Bot, order: ImagineOrder, out: Path, screen: Screen, paths: TextIO) -> Exit:
    """Draw `order` into `out`. The files' paths go to `paths`, everything else to `screen`.

    Raises BotError, NoAnswer, OSError. When cancelled, so is the job.
    """
    placing = asyncio.create_task(bot.imagine(order))
    try:
        report = await asyncio.shield(placing)
        async with aclosing(bot.watch(report.key)) as reports:
            async for report in reports:  # the last one is the final one
                screen.show(report)
    except asyncio.CancelledError:
        with suppress(BotError, NoAnswer, TimeoutError):
            await asyncio.wait_for(_take_back(bot, placing), CANCEL_TIMEOUT_S)
        raise
    finally:
        screen.clear()
    for number in report.numbers:
        file = await bot.file(report.public_id, number)
        path = await asyncio.to_thread(save, out, file)
        paths.write(f"{path}\n")
        paths.flush()
    for line in summary(report):
        screen.say(line)
    return exit_of(report)


async def _take_back(bot: Bot, placing: asyncio.Task[Report]) -> None:
    """Cancel an order that is being placed; its answer is awaited, as it names the job."""
    report = await placing
    await bot.cancel(report.public_id)


def save(folder: Path, file: File) -> Path:
    """Write a file atomically, under the name that the bot gave it."""
    path = folder / Path(file.name).name
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(file.data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def exit_of(report: Report) -> Exit:
    if report.phase is Phase.DONE:
        return Exit.OK
    if report.failure is not None:
        return exit_of_error(report.failure)
    hidden = report.phase in (Phase.WITHHELD, Phase.IN_REVIEW)
    return Exit.REFUSED if hidden else Exit.FAILED


def exit_of_error(error: BotError) -> Exit:
    match error:
        case BadRequest() | NotFound():
            return Exit.BAD_INPUT
        case NotAllowed() | BackendModerated():
            return Exit.REFUSED
        case QuotaExceeded():
            return Exit.OUT_OF_BUDGET
        case _:
            return Exit.FAILED
