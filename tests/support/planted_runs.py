"""Runs of pytest with planted bugs, a few at once, each in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.planting import VARIABLE, Bug

ROOT = Path(__file__).parents[2]
AT_ONCE = 2
NONE = "no bug at all"
# On a quiet machine a run takes some seconds.
TIMEOUT_S = 250
# What else is installed for pytest is not loaded for every bug anew.
PLUGINS = ("no:cacheprovider", "pytest_asyncio.plugin", "pytest_timeout", "tests.support.planting")
# That the tests pass without a bug is seen after a few examples.
CONTROL_EXAMPLES = 25


@dataclass(frozen=True)
class Outcome:
    code: int
    output: str


Runs = Mapping[str, Future[Outcome]]


@contextmanager
def planted_runs(request: pytest.FixtureRequest) -> Iterator[Runs]:
    """A run for every bug that was selected and one without any: begun at once, two at a time."""
    planted: Mapping[str, Bug] = request.module.PLANTED
    selected = [
        str(item.callspec.params["bug"])
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and item.module is request.module
        and "bug" in item.fixturenames
    ]
    every_test = dict.fromkeys(each for bug in selected or planted for each in planted[bug].tests)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {NONE: pool.submit(_run, every_test, "", CONTROL_EXAMPLES)} | {
            bug: pool.submit(_run, planted[bug].tests, f"{request.module.__name__}:{bug}")
            for bug in selected
        }
        pool.shutdown(cancel_futures=True)


def _run(tests: Iterable[str], bug: str, examples: int | None = None) -> Outcome:
    done = subprocess.run(  # noqa: S603  (our own tests)
        [sys.executable, "-m", "pytest", "-qx", *(f"-p{plugin}" for plugin in PLUGINS), *tests],
        cwd=ROOT,
        env=os.environ
        | {
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "LIMNER_EXAMPLES": str(examples or ""),
            VARIABLE: bug,
        },
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    return Outcome(done.returncode, done.stdout + done.stderr)
