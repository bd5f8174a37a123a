"""The commands that draw nothing, each answered to the one who asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackApiError

from adapters.slack import blocks, limits, render
from adapters.slack.blocks import Block
from adapters.slack.call import Call
from adapters.slack.context import Context
from adapters.slack.lent import SHOWN_FOR
from adapters.slack.markup import code, code_block, entities, escaped, person, sentence
from adapters.slack.replies import answer, code_of, whisper
from bot import grammar, options
from bot.asker import Asker
from bot.commands import BY_NAME, IMAGINE
from bot.models import Model
from bot.request import ImageRequest
from bot.result import PictureType
from bot.view import JobView, Phase
from bot.wording import money, option_help, quota_line, say, short_model, window_line

MODELS_SHOWN = 15
LISTED = 10
ARCHIVE_MAX_BYTES = 100 * 1024 * 1024
_TYPES = (PictureType.PNG, PictureType.JPEG)
_FILE_MAX_BYTES = 20 * 1024 * 1024
# In one section, with the facts above it.
_COMMAND_MAX_CHARS = 2_400


async def files(here: Context, call: Call, asker: Asker, job: str) -> None:
    """The pictures as files: in the private messages, where nobody else sees them."""
    studio = here.rooms.studio
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
    """Everything that one needs to draw the same again."""
    studio = here.rooms.studio
    view = await studio.show(asker, job)
    request = await studio.request_of(asker, job)
    command = grammar.format(_exactly(request, view.seed), private=view.private)
    lines = [
        f"*{code(view.public_id)}* by {person(view.person, view.name)}",
        f"Model: {entities(view.model)}",
        f"Seed: {code(str(view.seed))}",
        f"Size: {view.width_px} × {view.height_px}",
    ]
    if asker.person == view.person and view.cost_micros is not None:
        lines.append(f"Cost: {money(view.cost_micros)}")
    if view.parent_id:
        lines.append(f"From: {code(view.parent_id)}")
    lines.append("Again, exactly:")
    made = [
        blocks.section("\n".join(lines)),
        blocks.section(code_block(command, _COMMAND_MAX_CHARS)),
    ]
    await whisper(here, call, f"The parameters of {code(view.public_id)}", made)


def _exactly(request: ImageRequest, seed: int) -> ImageRequest:
    """`request` with the seed that was drawn."""
    asked = {name: getattr(request, name) for name in request.model_fields_set}
    return options.validate({**asked, "seed": seed})


async def favourite(here: Context, call: Call, asker: Asker, job: str) -> None:
    kept = await here.rooms.reactions.favour(asker, job)
    words = "{} is one of your favourites now." if kept else "{} is no favourite any more."
    await answer(here, call, words.format(code(job)) + "\n`/limner show` lists them.")


async def delete(here: Context, call: Call, asker: Asker, job: str, number: int | None) -> None:
    await here.rooms.studio.delete(asker, job, number)
    what = f"Picture {number} of {code(job)} is" if number else f"The pictures of {code(job)} are"
    await answer(here, call, f"{what} deleted.")


async def cancel(here: Context, call: Call, asker: Asker, job: str = "") -> None:
    view = await here.rooms.studio.cancel(asker, job)
    await answer(here, call, f"{code(view.public_id)} is cancelled. Nothing was charged.")


async def quota(here: Context, call: Call, asker: Asker) -> None:
    await answer(here, call, "\n".join(await quota_lines(here, asker)))


async def quota_lines(here: Context, asker: Asker) -> list[str]:
    found = await here.rooms.studio.quota(asker)
    lines = [f"*{sentence(quota_line(found))}*"]
    if not found.free:
        lines += [
            sentence(window_line(window, platform="slack"))
            for window in found.windows
            if window.level != "operator"
        ]
    return lines


async def show(here: Context, call: Call, asker: Asker, job: str) -> None:
    """One result, or a list of one's own and one's favourites."""
    if job:
        await _show_one(here, call, asker, job)
        return
    own = await here.rooms.studio.history(asker, limit=LISTED)
    liked = await here.rooms.reactions.favourites(asker)
    lines = ["*Your newest*", *listed(own)]
    if liked:
        lines += ["*Your favourites*", *listed(liked[:LISTED])]
    await answer(here, call, "\n".join([*lines, "`/limner show ID` shows one of them."]))


def listed(views: Sequence[JobView]) -> list[str]:
    if not views:
        return ["Nothing yet. `/imagine` draws your first picture."]
    return [f"{code(v.public_id)} {escaped(one_line(v.prompt))}" for v in views]


def one_line(text: str, max_chars: int = 60) -> str:
    return blocks.cut(" ".join(text.split()), max_chars)


async def _show_one(here: Context, call: Call, asker: Asker, job: str) -> None:
    """The whole card with every picture, covered ones too, for this person's eyes."""
    view = await here.rooms.studio.show(asker, job)
    shown = await _uploaded(here, call, asker, view)
    made = render.card(view, shown)
    text = render.summary(view)
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


async def _uploaded(here: Context, call: Call, asker: Asker, view: JobView) -> list[render.Shown]:
    """Files for the pictures of a result, those that are with Slack already among them."""
    if view.phase is not Phase.DONE:
        return []
    client = await here.clients.client_for(call.team)
    shown = []
    for picture in view.pictures:
        held = here.uploads.known(call.team, picture.sha256)
        if not held:
            file, _ = await here.rooms.studio.file_within(
                asker, view.public_id, picture.number, _FILE_MAX_BYTES, types=_TYPES
            )
            lent = await here.lent.lend(
                client, call.team, f"job:{view.key}", file.name, file.data, span=SHOWN_FOR
            )
            held = lent.file
            here.uploads.remember(call.team, picture.sha256, held)
        shown.append(render.Shown(number=picture.number, file=held, alt=picture.alt))
    try:
        ready = await here.uploads.ready(client, [each.file for each in shown])
    except SlackApiError:
        for each in shown:  # somebody deleted one
            here.uploads.forget(each.file)
        raise
    return shown if ready else []


async def models(here: Context, call: Call, asker: Asker) -> None:
    known = await here.rooms.studio.models(asker)
    lines = ["*Models*", *map(_model_line, known[:MODELS_SHOWN])]
    if len(known) > MODELS_SHOWN:
        lines.append(f"and {len(known) - MODELS_SHOWN} more; the form of `/imagine` lists them.")
    await answer(here, call, "\n".join(lines))


def _model_line(model: Model) -> str:
    micros = model.default_picture_micros()
    price = "free" if not micros else f"at most {money(micros)} a picture"
    steps = model.options.get("num_inference_steps")
    span = f", {steps.minimum:g} to {steps.maximum:g} steps" if steps and steps.maximum else ""
    about = f"\n{escaped(one_line(model.about, 90))}" if model.about else ""
    return f"*{escaped(short_model(model.name))}* {price}{span}{about}"


def defaults_lines(kept: Mapping[str, Any]) -> list[str]:
    names = {option.name: option.short for option in options.OPTIONS}
    lines = [f"{names[name]}: {code(str(value))}" for name, value in kept.items()]
    return lines or ["None. `/limner settings` takes the options that you want every time."]


async def help_(here: Context, call: Call, command: str) -> None:
    """Everything in short, or all options of one command."""
    name = command.lstrip("/").lower()
    if name == "imagine":
        lines = ["*/imagine* PROMPT --option value …"]
        lines += [sentence(option_help(option)) for option in IMAGINE.options if option.chat]
        await answer(here, call, "\n".join(lines))
        return
    lines = [
        "*What I can do*",
        f"*/imagine* {BY_NAME['imagine'].help}; alone it opens a form",
        *(f"*/limner {name}* {BY_NAME[name].help}" for name in _OFFERED),
        "*/limner style* see the styles, or keep options under a name",
        "*/limner privacy* take along or erase what is kept about you",
        (
            "Under each result: Again, Vary, Edit, Files, and more in the menu. "
            "On a message of yours with a picture: ⋮ → Use as starting image."
        ),
        "`/limner help imagine` explains the options. Admins: `/limner setup`.",
    ]
    if here.rooms.contact:
        lines.append(f"The bot owner: {escaped(here.rooms.contact)}")
    await answer(here, call, "\n".join(lines))


_OFFERED = ("show", "quota", "models", "cancel", "settings", "help")


# --- privacy --------------------------------------------------------------------------------------


async def privacy(here: Context, call: Call) -> None:
    """One card: what is kept, and the two things that one can do about it."""
    words = (
        "*What I keep about you*\n"
        "Your prompts, pictures and settings, until they are deleted or too old; sums of what you "
        "spent stay in the books without your name.\n"
        "Erase takes down your pictures and messages everywhere and can't be undone."
    )
    await answer(here, call, words, blocks.actions(privacy_buttons()))


def privacy_buttons() -> list[blocks.Element]:
    erase = blocks.button("Erase", "privacy:erase", style="danger")
    question = "Erase your prompts, pictures and messages? This can't be undone."
    return [
        blocks.button("Export", "privacy:export", style="primary"),
        blocks.asking(erase, "Erase everything?", question, "Erase everything"),
    ]


async def export(here: Context, call: Call) -> None:
    """Everything as one archive, in the private messages."""
    client = await here.clients.client_for(call.team)
    archive, left_out = await here.rooms.privacy.archive(
        "slack", call.person, ARCHIVE_MAX_BYTES, call.team
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
    erased = await here.rooms.privacy.erase("slack", call.person, call.team)
    words = say(
        "Erased: {} requests. {} messages are being taken down.",
        f"{erased.jobs}",
        f"{erased.cards}",
    )
    await answer(here, call, words)
