"""`limner imagine` from the order to the files, with a bot that plays a script."""

import asyncio
import io
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.terminal.imagine import Exit, Screen, exit_of, exit_of_error, imagine, save
from adapters.terminal.protocol import ImagineOrder, Report
from adapters.terminal.render import progress
from bot.domain.job_view import Phase, Progress
from bot.errors import (
    BackendModerated,
    BackendTimedOut,
    BadRequest,
    BotError,
    NoSpace,
    Paused,
    QuotaExceeded,
)
from bot.picture_file import File
from tests.adapters.test_webhook import VIEW

ORDER = ImagineOrder(event_id="0123456789abcdef", fields={"prompt": "a cat"})
WAITING = replace(VIEW, phase=Phase.WAITING, pictures=(), progress=Progress(place=3, eta_s=12))
HALF = replace(VIEW, phase=Phase.DRAWING, pictures=(), progress=Progress(fraction=0.5))


def png(data: bytes, name: str) -> File:
    return File(data=data, name=name, media_type="image/png")


class ScriptedBot:
    """Reports as it was told; then waits for ever if `hangs`. It answers once it `may_answer`."""

    def __init__(self, *reports: Report, hangs: bool = False) -> None:
        self.reports = reports
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.hangs = asyncio.Event() if hangs else None
        self.watched = asyncio.Event()
        self.cancelled: list[str] = []

    async def imagine(self, order: ImagineOrder) -> Report:
        self.asked.set()
        await self.may_answer.wait()
        return self.reports[0]

    async def watch(self, key: str) -> AsyncGenerator[Report]:
        for report in self.reports:
            yield report
        self.watched.set()
        if self.hangs:
            await self.hangs.wait()

    async def file(self, public_id: str, number: int) -> File:
        return png(b"cat %d" % number, f"limner-{public_id}-{number}.png")

    async def cancel(self, public_id: str) -> None:
        self.cancelled.append(public_id)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def script(*views: object) -> Sequence[Report]:
    return [Report.of(view) for view in views]  # type: ignore[arg-type]


async def test_files_are_written_and_the_cost_is_said(tmp_path: Path) -> None:
    errors, paths = io.StringIO(), io.StringIO()
    bot = ScriptedBot(*script(WAITING, HALF, VIEW))
    assert await imagine(bot, ORDER, tmp_path, Screen(errors), paths) is Exit.OK
    first, third = tmp_path / "limner-7k3m9x2q-1.png", tmp_path / "limner-7k3m9x2q-3.png"
    assert paths.getvalue() == f"{first}\n{third}\n"
    assert (first.read_bytes(), third.read_bytes()) == (b"cat 1", b"cat 3")
    assert errors.getvalue() == (
        "Place 3 in line, starts in about 12 s\n"
        "Drawing, 50%\n"
        "2 pictures · cost $0.00114 · seed 42 · stabilityai/sdxl-turbo · id 7k3m9x2q\n"
    )


async def test_a_terminal_gets_a_bar_that_overwrites_itself(tmp_path: Path) -> None:
    terminal = Terminal()
    bot = ScriptedBot(*script(HALF, VIEW))
    await imagine(bot, ORDER, tmp_path, Screen(terminal), io.StringIO())
    assert terminal.getvalue().startswith("\r\x1b[K████████████░░░░░░░░░░░░ Drawing, 50%\r\x1b[K2 ")


async def test_nothing_drawn_says_why(tmp_path: Path) -> None:
    errors = io.StringIO()
    failed = replace(VIEW, phase=Phase.FAILED, pictures=(), failure=NoSpace(), cost_micros=None)
    bot = ScriptedBot(*script(failed))
    assert await imagine(bot, ORDER, tmp_path, Screen(errors), io.StringIO()) is Exit.FAILED
    assert errors.getvalue().endswith(" (id 7k3m9x2q)\n")


async def test_an_interrupted_command_cancels_its_job(tmp_path: Path) -> None:
    bot = ScriptedBot(*script(HALF), hangs=True)
    work = asyncio.create_task(imagine(bot, ORDER, tmp_path, Screen(io.StringIO()), io.StringIO()))
    await bot.watched.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert bot.cancelled == ["7k3m9x2q"]


async def test_a_command_interrupted_before_the_answer_cancels_its_job(tmp_path: Path) -> None:
    bot = ScriptedBot(*script(HALF), hangs=True)
    bot.may_answer.clear()
    work = asyncio.create_task(imagine(bot, ORDER, tmp_path, Screen(io.StringIO()), io.StringIO()))
    await bot.asked.wait()
    work.cancel()
    await asyncio.sleep(0)
    bot.may_answer.set()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert bot.cancelled == ["7k3m9x2q"]


def test_a_file_stays_in_its_folder_and_is_whole(tmp_path: Path) -> None:
    path = save(tmp_path, png(b"cat", "../../etc/cat.png"))
    assert path == tmp_path / "cat.png"
    assert [each.name for each in tmp_path.iterdir()] == ["cat.png"]


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "cat.png").mkdir()
    (tmp_path / "cat.png" / "in the way").touch()
    with pytest.raises(OSError, match=r"cat\.png"):
        save(tmp_path, png(b"cat", "cat.png"))
    assert [each.name for each in tmp_path.iterdir()] == ["cat.png"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadRequest(()), 2),
        (Paused(), 3),
        (BackendModerated(), 3),
        (QuotaExceeded("person", "day", 0, 1, None), 4),
        (BackendTimedOut(), 5),
    ],
)
def test_scripts_can_tell_failures_apart(error: BotError, code: int) -> None:
    assert exit_of_error(error) == code
    failed = replace(VIEW, phase=Phase.FAILED, pictures=(), failure=error)
    assert exit_of(Report.of(failed)) == code


@pytest.mark.parametrize(
    ("phase", "code"),
    [
        (Phase.DONE, 0),
        (Phase.WITHHELD, 3),
        (Phase.IN_REVIEW, 3),
        (Phase.CANCELLED, 5),
        (Phase.LOST, 5),
    ],
)
def test_only_pictures_are_a_success(phase: Phase, code: int) -> None:
    assert exit_of(Report.of(replace(VIEW, phase=phase))) == code


@pytest.mark.parametrize(("fraction", "full"), [(0.0, 0), (0.5, 12), (1.0, 24), (1.5, 24)])
def test_the_bar_never_leaves_its_place(fraction: float, full: int) -> None:
    line = progress(Report.of(replace(HALF, progress=Progress(fraction=fraction))))
    assert line.partition(" ")[0] == "█" * full + "░" * (24 - full)
