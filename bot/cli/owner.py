"""The owner's commands: pause, people, sign-in to the page, frozen cases."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from adapters.terminal.client import RemoteBot
from bot.accounts.owner import Owner
from bot.cli.output import answer, make_folder, refuse, say, telling
from bot.cli.running_bot import as_owner, running_bot
from bot.config.settings import Settings
from bot.domain.person import Erased
from bot.wording.parts import counted


def pause(settings: Settings, *, paused: bool) -> None:
    async def do(owner: RemoteBot | Owner) -> None:
        await owner.pause(paused=paused)

    as_owner(settings, do)
    answer("Paused: nobody can ask for pictures." if paused else "Requests are taken again.")


def list_communities(settings: Settings) -> None:
    async def do(owner: RemoteBot | Owner) -> dict[str, str]:
        return await owner.communities()

    known = as_owner(settings, do)
    answer(*(f"{place}  {_HOW[how]}" for place, how in known.items()))
    if not known:
        say("No server or workspace is known yet.")


_HOW = {
    "named": "let in by ALLOWED_COMMUNITIES",
    "token": "let in by SLACK_BOT_TOKEN",
    "code": "let in by the code of the terminal",
    "public": "let in by PUBLIC",
    "nothing": "known from before, let in by nothing now",
    "owner": "let in by `limner community allow`",
    "shut": "shut out by `limner community forget`",
}


def decide_community(settings: Settings, platform: str, community: str, *, allowed: bool) -> None:
    async def do(owner: RemoteBot | Owner) -> None:
        await (owner.let_in if allowed else owner.shut_out)(platform, community)

    as_owner(settings, do)
    if allowed:
        answer(f"{community} may use the bot.")
        return
    days = settings.left_retention_days
    gone = f"What is known of it is deleted in {days} days." if days else "What is known is kept."
    answer(f"{community} may not use the bot any more. {gone}")


def export_person(
    settings: Settings, platform: str, person: str, out: Path, *, workspace: str
) -> None:
    target = out.absolute()  # the running bot has a working directory of its own

    async def do(owner: RemoteBot | Owner) -> int:
        return await owner.export(platform, person, target, workspace)

    with _gone_if_left_empty(target):
        make_folder(out)
        if any(out.iterdir()):
            refuse(f"{out} is not empty. Name a folder that is new or empty.")
        count = as_owner(settings, do)
    answer(f"{out}: data.json and the pictures of {counted(count, 'request')}.")


@contextmanager
def _gone_if_left_empty(folder: Path) -> Iterator[None]:
    """If the block fails, remove `folder` and its parents where they are new and still empty."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        yield
    except BaseException:
        with suppress(OSError):  # not empty: its content shows how far it came
            for each in missing:
                each.rmdir()
        raise


def erase_person(settings: Settings, platform: str, person: str, *, workspace: str) -> None:
    async def do(owner: RemoteBot | Owner) -> Erased:
        return await owner.erase(platform, person, workspace)

    erased = as_owner(settings, do)
    requests, messages = counted(erased.jobs, "request"), counted(erased.cards, "message")
    are = "is" if erased.cards == 1 else "are"
    answer(f"Erased: {requests} with their pictures; {messages} {are} being taken down.")


def sign_in(settings: Settings) -> None:
    async def do() -> str | None:
        async with running_bot(settings) as remote:
            return None if remote is None else await remote.sign_in_url()

    with telling():
        url = asyncio.run(do())
    answer(url or refuse("The bot isn't running. `limner run` starts it and prints an address."))


def revoke_sessions(settings: Settings) -> None:
    async def do() -> int | None:
        async with running_bot(settings) as remote:
            return None if remote is None else await remote.revoke_sessions()

    with telling():
        ended = asyncio.run(do())
    if ended is None:
        refuse("The bot isn't running, so nobody is signed in.")
    answer(f"Ended: {ended} sign-ins. Links that were not used yet are void as well.")


def close_case(settings: Settings, case: str, *, unlock: bool, drop: bool) -> None:
    async def do(owner: RemoteBot | Owner) -> None:
        await owner.close_case(case, unlock=unlock, drop=drop)

    as_owner(settings, do)
    files = "Its files are deleted." if drop else "Its files stay in the restricted folder."
    person = "The person may draw again." if unlock else "The person stays locked."
    answer(f"Closed: {case}. {files} {person}")
