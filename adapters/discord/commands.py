"""The commands of members, registered from their one declaration."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from adapters.discord import answers, buttons
from adapters.discord.context import Context, Interaction
from adapters.discord.drawing import IMAGE_TYPES, Wish, check_attachment, draw, fetched
from adapters.discord.limits import AUTOCOMPLETE_CHOICES_MAX, CHOICE_NAME_MAX_CHARS
from adapters.discord.markup import code, sentence
from adapters.discord.modals import WishForm
from adapters.discord.replies import answer, guarded
from adapters.discord.signatures import given, with_options
from bot import answers as said
from bot import forms, options
from bot.asker import Asker
from bot.commands import BY_NAME, PRIVATE
from bot.errors import BadRequest, BotError, Problem
from bot.forms import SIZE, SIZES, STYLE, read_size
from bot.options import Option
from bot.presets import NAME_MAX_CHARS
from bot.request import ImageRequest
from bot.studio import CardPlace
from bot.view import JobView
from bot.wording import short_model

Tree = app_commands.CommandTree[Any]
Suggest = Callable[[Asker], Awaitable[list[Choice[str]]]]

SAVE_AS = Option(
    name="save_as",
    short="save_as",
    type=str,
    help="keep these options as a style of this name, not as your defaults",
    max_length=NAME_MAX_CHARS,
)
RESET = Option(name="reset", short="reset", type=bool, help="forget all your defaults")
JOB = Option(name="id", short="id", type=str, help="the short id under a result", max_length=20)


def settings_options() -> list[Option]:
    return [*forms.settings_options(), SAVE_AS, RESET]


def register(tree: Tree, here: Context) -> None:
    """Every command of members, and the three of the menu on a message."""
    imagine = _command(tree, "imagine", forms.imagine_options(), _imagine(here))
    imagine.autocomplete("model")(_suggesting(here, lambda asker: _models(here, asker)))
    imagine.autocomplete("style")(_suggesting(here, lambda asker: _styles(here, asker)))
    imagine.autocomplete("lora")(_suggesting(here, lambda asker: _loras(here, asker)))
    imagine.autocomplete("size")(_suggesting(here, _sizes))
    show = _command(tree, "show", [JOB], _show(here))
    show.autocomplete("id")(_suggesting(here, lambda asker: _own_jobs(here, asker)))
    cancel = _command(tree, "cancel", [JOB], _cancel(here))
    cancel.autocomplete("id")(_suggesting(here, lambda asker: _open_jobs(here, asker)))
    settings = _command(tree, "settings", settings_options(), _settings(here))
    settings.autocomplete("model")(_suggesting(here, lambda asker: _models(here, asker)))
    settings.autocomplete("lora")(_suggesting(here, lambda asker: _loras(here, asker)))
    _command(tree, "quota", [], _simple(here, answers.quota))
    _command(tree, "models", [], _simple(here, answers.models))
    _command(tree, "help", [], _help(here))
    _command(tree, "privacy", [], _privacy(), "see, take along or erase what is kept about you")
    for name, act in (
        ("Use as starting image", _start_from),
        ("Show parameters", _parameters_of),
        ("Report image", _report_image),
    ):
        tree.add_command(
            app_commands.ContextMenu(name=locale_str(name), callback=_on_message(here, act))
        )


def _command(
    tree: Tree,
    name: str,
    wanted: list[Option],
    callback: Callable[..., Awaitable[None]],
    about: str = "",
) -> app_commands.Command[Any, Any, Any]:
    described = about or BY_NAME[name].help
    command: app_commands.Command[Any, Any, Any] = app_commands.Command(
        name=locale_str(name),
        description=locale_str(described),
        callback=with_options(callback, wanted),
    )
    tree.add_command(command)
    return command


# --- commands -----------------------------------------------------------------------------------


def _imagine(here: Context) -> Callable[..., Awaitable[None]]:
    async def imagine(interaction: Interaction, **values: Any) -> None:
        async def act() -> None:
            await _draw_new(here, interaction, given(values))

        await guarded(interaction, act)

    return imagine


async def _draw_new(
    here: Context,
    interaction: Interaction,
    values: dict[str, Any],
    start: discord.Attachment | None = None,
) -> None:
    asker = await here.asker(interaction)
    private = bool(values.pop(PRIVATE.short, False))
    image = values.pop("image", start)
    if image is not None:
        check_attachment(image)
    if size := values.pop(SIZE.short, ""):
        values = {**read_size(size), **values}
    if style := values.pop(STYLE.short, ""):
        values = await here.rooms.presets.apply(asker, style, values)
    request = options.validate(values)

    async def begin(who: Asker, event_id: str, place: CardPlace) -> JobView:
        wanted = request if image is None else await _with_image(request, image)
        return await here.rooms.studio.imagine(
            who, wanted, event_id=event_id, card=place, private=private
        )

    await draw(here, interaction, asker, Wish(request, begin, private))


async def _with_image(request: ImageRequest, image: discord.Attachment) -> ImageRequest:
    asked = {name: getattr(request, name) for name in request.model_fields_set}
    return options.validate({**asked, "image": await fetched(image)})


def _show(here: Context) -> Callable[..., Awaitable[None]]:
    async def show(interaction: Interaction, **values: Any) -> None:
        async def act() -> None:
            asker = await here.asker(interaction)
            await answers.show(here, interaction, asker, values.get("id") or "")

        await guarded(interaction, act)

    return show


def _cancel(here: Context) -> Callable[..., Awaitable[None]]:
    async def cancel(interaction: Interaction, **values: Any) -> None:
        async def act() -> None:
            asker = await here.asker(interaction)
            await answers.cancel(here, interaction, asker, values.get("id") or "")

        await guarded(interaction, act)

    return cancel


def _settings(here: Context) -> Callable[..., Awaitable[None]]:
    async def settings(interaction: Interaction, **values: Any) -> None:
        async def act() -> None:
            asker = await here.asker(interaction)
            await _keep_settings(here, interaction, asker, given(values))

        await guarded(interaction, act)

    return settings


async def _keep_settings(
    here: Context, interaction: Interaction, asker: Asker, values: dict[str, Any]
) -> None:
    """Without options it shows what is kept."""
    studio = here.rooms.studio
    if name := values.pop(SAVE_AS.short, ""):
        await here.rooms.presets.save(asker, name, values)
        done = "is saved; /imagine takes it as style" if values else "is dropped"
        await answer(interaction, f"The style {code(name.strip().lower())} {done}.")
        return
    if values.pop(RESET.short, False):
        await studio.set_defaults(asker, values)
    elif values:
        await studio.set_defaults(asker, {**await studio.defaults(asker), **values})
    kept = await studio.defaults(asker)
    lines = [sentence(line) for line in said.defaults(kept, "discord")]
    await answer(interaction, "\n".join(["### Your defaults", *lines]))


def _simple(
    here: Context, act: Callable[[Context, Interaction, Asker], Awaitable[None]]
) -> Callable[..., Awaitable[None]]:
    async def simple(interaction: Interaction) -> None:
        async def run() -> None:
            await act(here, interaction, await here.asker(interaction))

        await guarded(interaction, run)

    return simple


def _help(here: Context) -> Callable[..., Awaitable[None]]:
    async def help_(interaction: Interaction) -> None:
        await guarded(interaction, lambda: answers.help_(here, interaction))

    return help_


def _privacy() -> Callable[..., Awaitable[None]]:
    """Also where the bot may not be used any more: what is kept is theirs all the same."""

    async def privacy(interaction: Interaction) -> None:
        await guarded(interaction, lambda: answers.privacy(interaction))

    return privacy


# --- the menu on a message ----------------------------------------------------------------------

OnMessage = Callable[[Context, Interaction, Asker, discord.Message], Awaitable[None]]


def _on_message(here: Context, act: OnMessage) -> Any:
    async def on_message(interaction: Interaction, message: discord.Message) -> None:
        async def run() -> None:
            await act(here, interaction, await here.asker(interaction), message)

        await guarded(interaction, run)

    return on_message


async def _start_from(
    here: Context, interaction: Interaction, asker: Asker, message: discord.Message
) -> None:
    """One's own upload, or a picture of the bot: not a photograph of somebody else's."""
    image = _picture_of(message)
    own = interaction.client.user
    if message.author.id != interaction.user.id and (own is None or message.author.id != own.id):
        raise BadRequest((Problem("image", "not_your_image", {}),))
    if own is not None and message.author.id == own.id:
        await here.rooms.studio.show(asker, buttons.job_of(message))

    async def submit(sent: Interaction, fields: Mapping[str, Any]) -> None:
        await _draw_new(here, sent, {k: v for k, v in fields.items() if v}, image)

    await interaction.response.send_modal(WishForm("Draw from this picture", submit))


def _picture_of(message: discord.Message) -> discord.Attachment:
    for attachment in message.attachments:
        if (attachment.content_type or "").partition(";")[0] in IMAGE_TYPES:
            check_attachment(attachment)
            return attachment
    raise BadRequest((Problem("image", "no_image_there", {}),))


async def _parameters_of(
    here: Context, interaction: Interaction, asker: Asker, message: discord.Message
) -> None:
    await answers.parameters(here, interaction, asker, buttons.job_of(message))


async def _report_image(
    here: Context, interaction: Interaction, asker: Asker, message: discord.Message
) -> None:
    await buttons.ask_for_reason(here, interaction, asker, buttons.job_of(message))


# --- suggestions --------------------------------------------------------------------------------


def _suggesting(here: Context, suggest: Suggest) -> Any:
    """What fits to what was typed so far. A suggestion never fails loudly."""

    async def complete(interaction: Interaction, current: str) -> list[Choice[str]]:
        try:
            known = await suggest(await here.asker(interaction))
        except BotError:
            return []
        typed = current.casefold()
        fitting = [c for c in known if typed in c.name.casefold() or typed in c.value.casefold()]
        return fitting[:AUTOCOMPLETE_CHOICES_MAX]

    return complete


async def _models(here: Context, asker: Asker) -> list[Choice[str]]:
    known = await here.rooms.studio.models(asker)
    return [_choice(short_model(model.name), model.name) for model in known]


async def _styles(here: Context, asker: Asker) -> list[Choice[str]]:
    return [_choice(name, name) for name in await here.rooms.presets.names(asker)]


async def _loras(here: Context, asker: Asker) -> list[Choice[str]]:
    """Those that the person used before; nobody lists all there are."""
    views = await here.rooms.studio.history(asker, limit=50)
    used = dict.fromkeys(str(v.options["lora"]) for v in views if v.options.get("lora"))
    return [_choice(name, name) for name in used]


async def _sizes(_: Asker) -> list[Choice[str]]:
    return [_choice(size.replace("x", " × "), size) for size in SIZES]


async def _own_jobs(here: Context, asker: Asker) -> list[Choice[str]]:
    own = await here.rooms.studio.history(asker, limit=AUTOCOMPLETE_CHOICES_MAX)
    liked = await here.rooms.reactions.favourites(asker)
    found = {view.public_id: view for view in (*liked, *own)}
    return [_job_choice(view) for view in found.values()]


async def _open_jobs(here: Context, asker: Asker) -> list[Choice[str]]:
    own = await here.rooms.studio.history(asker, limit=AUTOCOMPLETE_CHOICES_MAX)
    return [_job_choice(view) for view in own if not view.phase.is_final]


def _job_choice(view: JobView) -> Choice[str]:
    return _choice(f"{view.public_id} · {' '.join(view.prompt.split())}", view.public_id)


def _choice(name: str, value: str) -> Choice[str]:
    return Choice(name=name[:CHOICE_NAME_MAX_CHARS], value=value[:CHOICE_NAME_MAX_CHARS])
