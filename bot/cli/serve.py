"""`limner serve`: an engine of one's own, in a process of its own, behind the compatible API.

Started by the bot itself, it reports its address on a pipe and ends when its stdin closes: that
happens also when the bot is killed, so no engine outlives it.
"""

import asyncio
import json
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.terminal.imagine import Exit
from bot.app.engine_server import serving
from bot.cli.output import say, telling
from bot.config import logs
from bot.config.engine_settings import EngineSettings
from bot.errors import Misconfigured
from bot.moderation import classifier

if TYPE_CHECKING:  # it comes with nothing heavy, but only `limner serve` needs it
    from bot.engine.loader import OpenEngine

T = TypeVar("T")

# After the end of stdin the process ends within this, whatever it is doing.
ORPHAN_MAX_S = 10.0
CLOSE_TIMEOUT_S = 10.0
# How often it is checked that the engine still has its device.
LOOK_EVERY_S = 2.0

log = logging.getLogger(__name__)


# Loads the weights, which is slow. Raises Misconfigured.
Opener = Callable[[EngineSettings], "OpenEngine"]


def serve(settings: EngineSettings, report_fd: int | None, opener: Opener | None = None) -> None:
    """Serve until a signal or, as a child with a `report_fd`, until stdin ends."""
    if settings.engine_model is None:
        raise Misconfigured((_NO_MODEL,))
    logs.configure(settings)
    with telling():
        died_of = asyncio.run(_serve(settings, report_fd, opener or _open))
    if died_of:  # a service manager may start it again: a new process gets the device anew
        say(f"The engine can't draw any more: {died_of}")
        raise SystemExit(Exit.FAILED)


async def _serve(settings: EngineSettings, report_fd: int | None, opener: Opener) -> str:
    """Serve; returns why the engine can't draw any more, "" if it was told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if report_fd is not None:
        settings = settings.model_copy(update={"engine_drain_s": 0.0})  # nobody waits any more
        threading.Thread(target=_watch_stdin, args=(loop, stop), daemon=True).start()
    say(f"Limner {version('limner')} loads {settings.engine_model} …")
    opening = _in_daemon(lambda: opener(settings))
    stopped = asyncio.ensure_future(stop.wait())
    signs: set[asyncio.Future[Any]] = {opening, stopped}
    await asyncio.wait(signs, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not opening.done():
        os._exit(0)  # nothing can interrupt the loading of weights
    engine = opening.result()
    try:
        async with serving(engine, settings) as url:
            _report(report_fd, url)
            names = ", ".join(model.name for model in engine.models)
            say(f"{names} draws at {url}")
            died_of = await _end_of(engine, stop)
            for number in (signal.SIGINT, signal.SIGTERM):  # a second one ends it at once
                loop.remove_signal_handler(number)
            if report_fd is None and not died_of:
                drain_s = settings.engine_drain_s
                say(f"Stopping. What is being drawn gets {drain_s:.0f} s to finish.")
    finally:
        await asyncio.wait({_in_daemon(engine.close)}, timeout=CLOSE_TIMEOUT_S)
    return died_of


async def _end_of(engine: "OpenEngine", stop: asyncio.Event) -> str:
    """Wait for a signal, or for an engine that lost its device. Returns why, "" for a signal."""
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_S):
                await stop.wait()
            return ""
        health = engine.health()
        if not health["ok"]:
            return str(health["why"]) or "it is closed"


def _open(settings: EngineSettings) -> "OpenEngine":
    """The real engine; only this imports torch and the libraries around it."""
    from bot.engine.loader import open_engine  # noqa: PLC0415  (only where it is needed)
    from bot.engine.runtime.options import EngineOptions  # noqa: PLC0415

    assert settings.engine_model is not None
    options = EngineOptions(
        model=settings.engine_model,
        name=settings.engine_name,
        device=settings.engine_device,
        dtype=settings.engine_dtype,
        scheduler=settings.engine_scheduler,
        loras=settings.engine_loras,
        price_micros=settings.engine_price,
        max_pictures=settings.engine_pictures,
        fixed_rows=settings.engine_fixed_rows,
        compile=settings.engine_compile,
    )
    return open_engine(options, classifier.is_unsafe if classifier.is_installed() else None)


_NO_MODEL = (
    "There is no model: name its folder, as diffusers saves it, with --model PATH or ENGINE_MODEL."
)


def _in_daemon(work: Callable[[], T]) -> "asyncio.Future[T]":
    """`work()` in a thread that does not keep the process alive."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def tell(set_: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop may be closed
            loop.call_soon_threadsafe(lambda: None if future.done() else set_())

    def run() -> None:
        try:
            value = work()
        except BaseException as error:  # noqa: BLE001  (the future's reader gets it)
            tell(partial(future.set_exception, error))
        else:
            tell(partial(future.set_result, value))

    threading.Thread(target=run, daemon=True).start()
    return future


def _report(fd: int | None, url: str) -> None:
    if fd is not None:
        with os.fdopen(fd, "w") as pipe:
            pipe.write(json.dumps({"url": url}) + "\n")


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    with suppress(OSError):
        while os.read(0, 4096):
            pass
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(stop.set)
    time.sleep(ORPHAN_MAX_S)
    os._exit(1)
