"""Lives that end by kill -9: one process loads everything once and forks a child for each life.

    with ForkServer("tests.adapters.discord.crashing_delivery") as server:
        pid = server.begin(folder, environ, "posted", "after")
        server.ended(pid)                  # waits, and returns the signal

A life is the module's `live(environ, "posted", "after")`; what it says goes to said.txt in its
folder. Whoever holds the pid may kill it whenever they like.
"""

import asyncio
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NoReturn, Self

from bot.moderation.screen import spelling

ROOT = Path(__file__).parents[2]
LIFE_MAX_S = 60.0

Live = Callable[..., Coroutine[Any, Any, None]]


class ForkServer:
    """The process that forks. Its lives are its children."""

    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603  (our own module)
            [sys.executable, "-m", "tests.support.fork_server", module],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, folder: Path, *arguments: Any) -> int:
        return int(self._ask({"begin": [str(folder), arguments]}))

    def ended(self, pid: int) -> int:
        """By which signal it ended, 0 for none."""
        return int(self._ask({"ended": pid}))

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        self.ended(pid)

    def _ask(self, question: dict[str, Any]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


def said(folder: Path) -> str:
    """What the lives there had to say: nothing, as a rule."""
    path = folder / "said.txt"
    return path.read_text("utf-8") if path.exists() else ""


def kill_self() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


# In the server's process.


def main() -> None:
    live: Live = importlib.import_module(sys.argv[1]).live
    spelling.load()  # else each life would, in its first moments
    living = set[int]()
    for line in sys.stdin:
        question = json.loads(line)
        if "begin" in question:
            answer = os.fork()
            if not answer:
                _child(live, *question["begin"])
            living.add(answer)
        else:
            living.discard(question["ended"])
            answer = _signal_of(question["ended"])
        print(answer, flush=True)  # noqa: T201  (the answer)
    for pid in living:
        os.kill(pid, signal.SIGKILL)


def _signal_of(pid: int) -> int:
    """By which signal a life ended; one that would not end is ended, and that is 0."""
    until_s = time.monotonic() + LIFE_MAX_S
    while time.monotonic() < until_s:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return 0


def _child(live: Live, folder: str, arguments: list[Any]) -> NoReturn:
    """Nothing of the server's pipes is touched in here."""
    file = os.open(folder + "/said.txt", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (0, 1, 2):
        os.dup2(file, stream)
    asyncio.run(live(*arguments))
    os._exit(0)


if __name__ == "__main__":
    main()
