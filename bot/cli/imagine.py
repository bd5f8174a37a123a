"""`limner imagine`."""

# ruff: noqa: PLC0415  (beside a running bot it pays for a client, not for a bot)

import asyncio
import secrets
import sys
from base64 import b64encode
from pathlib import Path

from adapters.terminal.imagine import Exit, Screen
from adapters.terminal.imagine import imagine as draw
from adapters.terminal.protocol import ImagineOrder, InProcess
from bot.cli.output import make_data_dir, make_folder, refuse, telling
from bot.cli.running_bot import COMMAND_LOG_LEVEL, running_bot
from bot.config import logs
from bot.config.settings import Settings
from bot.images.header import IMAGE_MAX_BYTES
from bot.images.parameters import parameters_in
from bot.request.command_parser import Parsed, parse
from bot.request.commands import IMAGINE, SHORTHANDS
from bot.request.options import validate
from bot.wording import explain_note, option_facts, plain

EXIT_CODES = {
    Exit.OK: "drawn",
    Exit.BAD_INPUT: "something to mend in the command or in the settings",
    Exit.REFUSED: "refused, or not to be shown",
    Exit.OUT_OF_BUDGET: "out of budget",
    Exit.FAILED: "failed; not charged",
    Exit.INTERRUPTED: "interrupted; the request was cancelled",
}


def imagine(
    settings: Settings,
    text: str,
    out: Path,
    image: Path | None,
    webhook: str,
    like: Path | None = None,
) -> Exit:
    logs.configure(settings, COMMAND_LOG_LEVEL)
    screen = Screen(sys.stderr)
    with telling():
        order = _order(screen, text, image, webhook, like)
        make_folder(out)
        return asyncio.run(_imagine(settings, order, out, screen))


def _order(
    screen: Screen, text: str, image: Path | None, webhook: str, like: Path | None = None
) -> ImagineOrder:
    parsed = parse(f"/{IMAGINE.name} {text}")
    before = parse(f"/{IMAGINE.name} {_parameters_in(like)}") if like else Parsed(IMAGINE.name)
    for note in (*before.notes, *parsed.notes):
        screen.say(plain(explain_note(note)))
    fields = before.fields | parsed.fields | ({"webhook": webhook} if webhook else {})
    data = None if image is None else _read_image(image)
    validate({**fields, "image": data})  # mistakes are reported before anything is started
    return ImagineOrder(
        event_id=secrets.token_hex(16),
        fields=fields,
        image=None if data is None else b64encode(data),
        private=parsed.private,
    )


async def _imagine(settings: Settings, order: ImagineOrder, out: Path, screen: Screen) -> Exit:
    async with running_bot(settings) as remote:
        if remote is not None:
            return await draw(remote, order, out, screen, sys.stdout)
    from adapters.terminal.surface import TerminalSurface
    from bot.app.composition import build_app
    from bot.app.lifecycle import at_work, learn_models
    from bot.platforms import Platform

    make_data_dir(settings)
    async with build_app(settings) as app:
        app.platforms.add(Platform(name="terminal", surface=TerminalSurface()))
        asked = order.fields.get("model", "")
        if settings.resolved_backend == "api" and not app.catalogue.knows(asked):
            await learn_models(app)
        async with at_work(app):
            return await draw(InProcess(app.studio), order, out, screen, sys.stdout)


def _parameters_in(path: Path) -> str:
    found = parameters_in(_read_image(path))
    if not found:
        refuse(f"{path} doesn't say how it was made.")
    return found


def _read_image(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(IMAGE_MAX_BYTES + 1)  # one more, to tell that it is too large
    except OSError as error:
        refuse(f"{path} can't be read: {error.strerror}.")


def drawing_options() -> list[tuple[str, str]]:
    """Flags and help of everything that a picture's description takes in text."""
    elsewhere = ("prompt", "image", "webhook")
    options = [option for option in IMAGINE.options if option.name not in elsewhere]
    return [
        (
            ", ".join(f"--{spelling}" for spelling in (option.short, *option.also)),
            f"{option.help} [{takes}]" if (takes := option_facts(option)) else option.help,
        )
        for option in (*options, *SHORTHANDS)
    ]
