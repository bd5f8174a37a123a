"""The commands that draw nothing; only the one who asked sees the answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.actions.replies import answer, whisper
from adapters.slack.context import Context
from adapters.slack.delivery.private_files import SHOWN_FOR
from adapters.slack.platform import limits
from adapters.slack.platform.call import Call
from adapters.slack.platform.web_api import code_of
from adapters.slack.rendering import blocks, job_card
from adapters.slack.rendering.blocks import Block
from adapters.slack.rendering.markup import code, code_blocks, escaped, sentence
from bot.domain.asker import SLACK, Asker
from bot.domain.job_view import JobView, Phase
from bot.images.result import PictureType
from bot.request.commands import BY_NAME, IMAGINE, SHORTHANDS
from bot.wording import answers as said
from bot.wording import option_help

LISTED = 10
# 12,000 characters a message: the longest command takes four of the five that Slack allows.
SECTIONS_AT_ONCE = 4
ARCHIVE_MAX_BYTES = 100 * 1024 * 1024
_TYPES = (PictureType.PNG, PictureType.JPEG)
_FILE_MAX_BYTES = 20 * 1024 * 1024


async def files(here: Context, call: Call, asker: Asker, job: str) -> None:
    """Upload the pictures as files to the person's private messages. Raises BotError."""
    studio = here.services.studio
    view = await studio.show(asker, job)
    client = await here.clients.client_for(call.team)
    got = await client.conversations_open(users=call.person)
    done: list[dict[str, str | None]] = []
    for picture in view.pictures:
        file = await studio.file(asker, job, picture.number)
        brought = await here.uploads.bring(client, file.name, file.data)
        done.append({"id": brought, "title": file.name})
    if not done:
        await answer(here, call, f"There are no pictures of {code(job)} to send.")
        return
    await client.files_completeUploadExternal(files=done, channel_id=str(got["channel"]["id"]))
    await answer(here, call, f"The files of {code(job)} are in our direct messages.")


async def parameters(here: Context, call: Call, asker: Asker, job: str) -> None:
    """Show every parameter that is needed to draw the same result again."""
    studio = here.services.studio
    view = await studio.show(asker, job)
    request = await studio.request_of(asker, job)
    command = said.exact_command(request, view)
    lines = [sentence(line) for line in said.parameters(view, own=asker.person == view.person)]
    parts = code_blocks(command, limits.TEXT_MAX_CHARS)
    made = [blocks.section("\n".join(lines)), *map(blocks.section, parts)]
    if notes := _notes_of(command, len(parts)):
        made.append(blocks.small(*notes))
    for first in range(0, len(made), SECTIONS_AT_ONCE):
        some = made[first : first + SECTIONS_AT_ONCE]
        await whisper(here, call, f"The parameters of {code(view.public_id)}", some)


def _notes_of(command: str, parts: int) -> list[str]:
    """What code blocks don't show of a command: that it is in parts, or has other marks."""
    notes = []
    if parts > 1:
        notes.append(f"One command in {parts} parts, as a block holds no more: copy all of them.")
    if "```" in command:
        notes.append("Slack shows no three back ticks here; marks that look alike stand for them.")
    return notes


async def favourite(here: Context, call: Call, asker: Asker, job: str) -> None:
    kept = await here.services.reactions.favour(asker, job)
    words = sentence(said.favoured(job, kept=kept))
    await answer(here, call, f"{words}\n`/limner show` lists them.")


async def delete(here: Context, call: Call, asker: Asker, job: str, number: int | None) -> None:
    await here.services.studio.delete(asker, job, number)
    await answer(here, call, said.deleted(job, number))


async def cancel(here: Context, call: Call, asker: Asker, job: str = "") -> None:
    view = await here.services.studio.cancel(asker, job)
    await answer(here, call, said.cancelled(view.public_id))


async def quota(here: Context, call: Call, asker: Asker) -> None:
    await answer(here, call, "\n".join(await quota_lines(here, asker)))


async def quota_lines(here: Context, asker: Asker) -> list[str]:
    first, *rest = said.quota(await here.services.studio.quota(asker), SLACK)
    return [f"*{sentence(first)}*", *map(sentence, rest)]


async def show(here: Context, call: Call, asker: Asker, job: str) -> None:
    """Show one result, or lists of the person's own results and favourites."""
    if job:
        await _show_one(here, call, asker, job)
        return
    own = await here.services.studio.history(asker, limit=LISTED)
    liked = await here.services.reactions.favourites(asker)
    lines = ["*Your newest*", *listed(own)]
    if liked:
        lines += ["*Your favourites*", *listed(liked[:LISTED])]
    await answer(here, call, "\n".join([*lines, "`/limner show ID` shows one of them."]))


def listed(views: Sequence[JobView]) -> list[str]:
    return [sentence(line) for line in said.listed(views)]


async def _show_one(here: Context, call: Call, asker: Asker, job: str) -> None:
    """Show the whole card with every picture, covered ones too, to this person only."""
    view = await here.services.studio.show(asker, job)
    shown = await _uploaded(here, call, asker, view)
    made = job_card.card(view, shown)
    text = job_card.summary(view)
    if not shown or call.direct or not call.channel:
        await _in_private(here, call, text, made)
        return
    client = await here.clients.client_for(call.team)
    try:
        await client.chat_postEphemeral(
            channel=call.channel, user=call.person, text=text, blocks=made
        )
    except SlackApiError as error:
        if code_of(error) in limits.TOKEN_DEAD:
            raise
        await _in_private(here, call, text, made)


async def _in_private(here: Context, call: Call, text: str, made: Sequence[Block]) -> None:
    client = await here.clients.client_for(call.team)
    await client.chat_postMessage(
        channel=call.person, text=text, blocks=list(made), unfurl_links=False
    )
    if call.channel and not call.direct:
        await answer(here, call, "It is in our direct messages.")


async def _uploaded(here: Context, call: Call, asker: Asker, view: JobView) -> list[job_card.Shown]:
    """Files for the pictures of a result; none where Slack doesn't process them in time."""
    if view.phase is not Phase.DONE:
        return []
    client = await here.clients.client_for(call.team)
    shown = await _with_files(here, client, asker, view)
    try:
        ready = await here.uploads.ready(client, [each.file for each in shown])
    except SlackApiError as error:
        if code_of(error) not in limits.FILE_GONE:
            raise
        for each in shown:  # somebody deleted one: all are uploaded again
            here.uploads.forget(each.file)
        shown = await _with_files(here, client, asker, view)
        ready = await here.uploads.ready(client, [each.file for each in shown])
    return shown if ready else []


async def _with_files(
    here: Context, client: AsyncWebClient, asker: Asker, view: JobView
) -> list[job_card.Shown]:
    """The pictures with their files; one that Slack has already is not uploaded again."""
    shown = []
    for picture in view.pictures:
        held = here.uploads.known(view.community, picture.sha256)
        if not held:
            file, _ = await here.services.studio.file_within(
                asker, view.public_id, picture.number, _FILE_MAX_BYTES, types=_TYPES
            )
            uploaded = await here.private_files.upload(
                client, view.community, f"job:{view.key}", file.name, file.data, span=SHOWN_FOR
            )
            held = uploaded.file
            here.uploads.remember(view.community, picture.sha256, held)
        shown.append(job_card.Shown(number=picture.number, file=held, alt=picture.alt))
    return shown


async def models(here: Context, call: Call, asker: Asker) -> None:
    known = await here.services.studio.models(asker)
    lines = ["*Models*"]
    for line, about in said.models(known):
        lines += [sentence(line), *([sentence(about)] if about else [])]
    if left := len(known[said.MODELS_SHOWN :]):
        lines.append(f"and {left} more; the form of `/imagine` lists them.")
    await answer(here, call, "\n".join(lines))


def defaults_lines(kept: Mapping[str, Any]) -> list[str]:
    return [sentence(line) for line in said.defaults(kept, SLACK)]


async def help_(here: Context, call: Call, command: str) -> None:
    """Show an overview of all commands, or how one of them works."""
    name = command.lstrip("/").lower()
    if name == "imagine":
        await answer(here, call, "\n".join(_imagine_help()))
    elif name in _OFFERED:
        await answer(here, call, _usage(name))
    else:
        await answer(here, call, "\n".join(_overview(here.services.contact)))


def _overview(contact: str) -> list[str]:
    lines = [
        "*What I can do*",
        f"*/imagine* {BY_NAME['imagine'].help}; alone it opens a form",
        *map(_usage, _OFFERED),
        "*/limner style* [NAME OPTIONS] see the styles, or keep options under a name",
        "*/limner privacy* take along or erase what is kept about you",
        (
            "Under each result: Again, Vary, Edit, Files, and more in the menu. "
            "On a message of yours with a picture: ⋮ → Use as starting image."
        ),
        (
            "`/limner help imagine` explains the options, `/limner help admin` what admins can "
            "do, `/limner mod` what moderators can."
        ),
    ]
    return [*lines, f"The bot owner: {escaped(contact)}"] if contact else lines


def _usage(name: str) -> str:
    words = _USAGE.get(name) or BY_NAME[name].usage.removeprefix(f"/{name}")
    return f"*/limner {name}*{escaped(words)} {BY_NAME[name].help}"


def _imagine_help() -> list[str]:
    """What can be typed after /imagine; a starting image can't be."""
    known = (*IMAGINE.options, *SHORTHANDS)
    typed = [option for option in known if option.chat and option.type is not bytes]
    return [
        "*/imagine* PROMPT --option value …",
        *(sentence(option_help(option)) for option in typed if option.name != "prompt"),
        "A starting image comes with the form, or with ⋮ → Use as starting image.",
    ]


# The id is optional: without one, the newest results are listed.
_USAGE = {"show": " [ID]"}
_OFFERED = ("show", "quota", "models", "cancel", "settings", "help")


# --- privacy --------------------------------------------------------------------------------------


async def privacy(here: Context, call: Call) -> None:
    """One card: what is kept about the person, with buttons to export and to erase it."""
    words = "\n".join(["*What I keep about you*", *map(sentence, said.PRIVACY)])
    await answer(here, call, words, blocks.actions(privacy_buttons()))


def privacy_buttons() -> list[blocks.Element]:
    erase = blocks.button("Erase", "privacy:erase", style="danger")
    question = "Erase your prompts, pictures and messages? This can't be undone."
    return [
        blocks.button("Export", "privacy:export", style="primary"),
        blocks.asking(erase, "Erase everything?", question, "Erase everything"),
    ]


async def export(here: Context, call: Call) -> None:
    """Send everything that is kept as one archive to the person's private messages."""
    client = await here.clients.client_for(call.team)
    archive, left_out = await here.services.privacy.archive(
        SLACK, call.person, ARCHIVE_MAX_BYTES, call.team
    )
    got = await client.conversations_open(users=call.person)
    name = "limner-export.zip"
    brought = await here.uploads.bring(client, name, archive)
    await client.files_completeUploadExternal(
        files=[{"id": brought, "title": name}], channel_id=str(got["channel"]["id"])
    )
    note = f" {left_out} pictures didn't fit; `/limner show` gives each." if left_out else ""
    await answer(here, call, f"What I keep about you is in our direct messages.{note}")


async def erase(here: Context, call: Call) -> None:
    erased = await here.services.privacy.erase(SLACK, call.person, call.team)
    await answer(here, call, said.erased(erased))
