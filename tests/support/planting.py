"""Planted bugs: a function is replaced by a wrong one wherever it is bound, and tests must notice.

    {"a lost job keeps what it held": instead_of(ledger.void)(lambda right, con, job, now: None)}

The wrong function gets the right one before its arguments: it may spoil what goes in or comes out.
As a plugin of pytest this plants the bug that the environment names, and looks why tests fail.
"""

import os
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, wraps
from importlib import import_module
from inspect import isawaitable, isclass
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest

from bot.errors import BotError
from storage.database import database

P = ParamSpec("P")
R = TypeVar("R")
Wrong = Callable[Concatenate[Callable[P, R], P], R]
Plant = Callable[[], None]

PACKAGES = ("bot", "storage", "adapters")
# Names a bug as module:sentence; nothing is no bug.
VARIABLE = "LIMNER_PLANTED"
# The exit status when tests found something wrong. pytest's own 1 is also Python's, of a traceback.
CAUGHT = 64
FINDINGS = (AssertionError, pytest.fail.Exception, BotError, sqlite3.Error)
# A wrong function that raises these is broken: whatever fails then says nothing about the tests.
MISTAKES = (NameError, AttributeError, TypeError, ImportError)


@dataclass(frozen=True)
class Bug:
    """`tests` are the arguments of pytest with which it must be caught."""

    tests: Sequence[str]
    plant: Plant


def caught_by(tests: Sequence[str], bugs: Mapping[str, Plant]) -> dict[str, Bug]:
    return {sentence: Bug(tests, plant) for sentence, plant in bugs.items()}


def instead_of(right: Callable[P, R]) -> Callable[[Wrong[P, R]], Plant]:
    """Makes a bug of the wrong function, or method, or property."""
    # mypy sees the function of a property, where in fact there is the property.
    function: Callable[P, R] = getattr(right, "fget", right)

    def bug(wrong: Wrong[P, R]) -> Plant:
        @wraps(function)
        def planted(*args: P.args, **kwargs: P.kwargs) -> Any:
            with _mistakes_noted():
                result = wrong(function, *args, **kwargs)
            return _awaited(result) if isawaitable(result) else result

        return partial(_rebind, right, planted if function is right else property(planted))

    return bug


def keeping(column: str, table: str = "job", key: str = "key") -> Callable[..., Any]:
    """A wrong function: whatever the right one does to its row, this stays as it was."""

    def wrong(
        right: Callable[..., Any], con: sqlite3.Connection, row: object, *a: Any, **k: Any
    ) -> Any:
        sql = f"SELECT {column} FROM {table} WHERE {key} = ?"  # noqa: S608  (our own names)
        before = con.execute(sql, (row,)).fetchone()
        result = right(con, row, *a, **k)
        con.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (*before, row))  # noqa: S608
        return result

    return wrong


def migrated_with(right: str, wrong: str) -> Plant:
    """The schema is text: there `right` becomes `wrong`, and must be there exactly once."""

    def plant() -> None:
        steps = database.migrations()
        assert sum(sql.count(right) for _, sql in steps) == 1, right
        edited = [(version, sql.replace(right, wrong)) for version, sql in steps]
        instead_of(database.migrations)(lambda _: edited)()

    return plant


def together(*plants: Plant) -> Plant:
    def plant() -> None:
        for each in plants:
            each()

    return plant


def _rebind(right: object, wrong: object) -> None:
    """In our modules and their classes; who imports it later gets the wrong one anyway."""
    modules = [m for name, m in sys.modules.items() if name.partition(".")[0] in PACKAGES]
    classes = {each for module in modules for each in vars(module).values() if isclass(each)}
    places = [
        (holder, name)
        for holder in (*modules, *classes)
        for name, value in vars(holder).items()
        if value is right
    ]
    assert places, f"{right} is bound nowhere"
    for holder, name in places:
        setattr(holder, name, wrong)


_mistakes: list[str] = []
_failures: list[BaseException] = []


@contextmanager
def _mistakes_noted() -> Iterator[None]:
    """Whoever catches them, and whatever they make fail."""
    try:
        yield
    except MISTAKES as error:
        _mistakes.append(repr(error))
        raise


async def _awaited(result: Awaitable[Any]) -> Any:
    with _mistakes_noted():
        return await result


def _is_finding(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return any(_is_finding(each) for each in error.exceptions)
    return isinstance(error, FINDINGS)


# What pytest calls.


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    module, _, sentence = os.environ[VARIABLE].partition(":")
    if sentence:
        import_module(module).PLANTED[sentence].plant()


def pytest_exception_interact(call: pytest.CallInfo[Any]) -> None:
    if call.excinfo is not None:
        _failures.append(call.excinfo.value)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    failed = exitstatus == pytest.ExitCode.TESTS_FAILED
    if failed and not _mistakes and any(map(_is_finding, _failures)):
        session.exitstatus = CAUGHT


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for mistake in _mistakes:
        terminalreporter.write_line(f"The planted function is broken: {mistake}")
