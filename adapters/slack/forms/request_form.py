"""The form to draw a new picture, or to change a result and draw it again."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from adapters.slack.actions.draw import CardPost, Fetch, draw, follow_up
from adapters.slack.actions.other_place import JOIN, join, offer
from adapters.slack.context import Context
from adapters.slack.forms import fields
from adapters.slack.forms.form_errors import Refusal, checked, rebuilt, refused, without_line
from adapters.slack.forms.modals import Origin, View, notice, opened, update
from adapters.slack.platform import files
from adapters.slack.platform.call import Body, Call
from adapters.slack.platform.limits import VIEW_BUTTON_MAX_CHARS
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block
from adapters.slack.rendering.markup import sentence
from bot.domain.asker import SLACK, Asker
from bot.errors import BotError, CantPost
from bot.jobs.drafts import Draft, Edit
from bot.request import command_parser, options
from bot.request.forms import SIZE, STYLE, imagine_options, read_prompt
from bot.request.image_request import ImageRequest
from bot.wording import answers as said
from bot.wording import explain, labels
from bot.wording.budgets import draw_for, price_line

PRICE_BLOCK = "price"
MORE_ID = "form:more"
# The fields that are shown at first, in this order.
USUAL = ("prompt", "style", "size", "num_images", "image")
# By the names in a request.
PRICED_FIELDS = fields.PRICED - {SIZE.name, STYLE.name} | {"width", "height"}


async def open_form(here: Context, call: Call, origin: Origin | None = None) -> None:
    """Open the form for a new picture, perhaps with a starting image."""
    wanted = origin or Origin.at(call)

    async def build() -> View:
        return await request_view(here, await here.asker(call), wanted)

    await opened(here, call, build, labels.IMAGINE)


async def open_edit(here: Context, call: Call, job: str) -> None:
    """Open the form with the values of a result."""

    async def build() -> View:
        asker = await here.asker(call)
        await here.services.studio.show(asker, job)
        return await request_view(here, asker, Origin.at(call, job=job))

    await opened(here, call, build, labels.CHANGE_AND_DRAW)


async def on_more(here: Context, call: Call, body: Body) -> None:
    """Show all options; Slack keeps what was filled in."""
    view = body["view"]
    origin = replace(Origin.read(view["private_metadata"]), more=True)
    asker = await here.asker(call)
    made = await request_view(here, asker, origin, fields.values_of(view))
    client = await here.clients.client_for(call.team)
    await update(client, view_id=view["id"], hash=view["hash"], view=made)


async def request_view(
    here: Context, asker: Asker, origin: Origin, values: Mapping[str, Any] | None = None
) -> View:
    """`values` were filled in since the form was opened, as `origin` says."""
    before = await _before(here, asker, origin)
    shown = _shown(origin)
    made = [await field_for(here, asker, each, before) for each in shown]
    if origin.file or origin.picture:
        made.insert(0, blocks.section(labels.STARTS_FROM_CHOSEN))
    if not origin.is_change and (origin.more or not origin.channel):
        made.append(_where(origin.channel))
    if not origin.more:
        made.append(blocks.actions([blocks.button(labels.MORE_OPTIONS, MORE_ID)]))
    price = await _price_of(here, asker, before, values, origin.kept)
    made.append(_line(price))
    origin = replace(origin, kept=_kept(origin, shown, before))
    title = labels.CHANGE_AND_DRAW if origin.is_change else labels.IMAGINE
    # Don't change "wish": forms that people have open carry it.
    return blocks.modal("wish", title, made, submit=price.label, metadata=str(origin))


async def _before(here: Context, asker: Asker, origin: Origin) -> ImageRequest | None:
    """The request that a form changes, or begins with; None for none."""
    if 0 < origin.example <= len(labels.EXAMPLES):
        words = labels.EXAMPLES[origin.example - 1]
        return options.validate(command_parser.parse(f"/imagine {words}").fields)
    if not origin.is_change:
        return None
    return await here.services.studio.request_of(asker, origin.job)


def _shown(origin: Origin) -> list[options.Option]:
    """The options that the form has fields for: the usual ones, then the others."""
    known = {option.name: option for option in _wanted(origin)}
    usual = [known.pop(name) for name in USUAL if name in known]
    return [*usual, *(known.values() if origin.more else ())]


def _wanted(origin: Origin) -> list[options.Option]:
    hidden = {"width", "height"}  # the field `size` asks for both
    if origin.job or origin.file:
        hidden.add("image")
    if origin.is_change:
        hidden |= {"style", "private"}
    return [option for option in imagine_options() if option.name not in hidden]


def _kept(
    origin: Origin, shown: Sequence[options.Option], before: ImageRequest | None
) -> tuple[str, ...]:
    """The names of options that stay as they were where nothing is filled in."""
    if before is None:
        return ()
    names = {option.name for option in shown}
    unseen = (o.name for o in _wanted(origin) if o.name not in names and before.given(o.name))
    return (*too_long(shown, before), *unseen)


def too_long(wanted: Sequence[options.Option], before: ImageRequest | None) -> tuple[str, ...]:
    """The names of options whose text is too long for its field."""
    found = ((option, getattr(before, option.name, None)) for option in wanted)
    return tuple(option.name for option, text in found if fields.is_too_long(option, text))


async def field_for(
    here: Context, asker: Asker, option: options.Option, before: ImageRequest | None
) -> Block:
    name, studio = option.name, here.services.studio
    given = before is not None and name in options.BY_NAME and before.given(name)
    initial = getattr(before, name) if given else None
    if before is None and option.type is bool:  # show the default: unticked, it means "no"
        initial = (await studio.defaults(asker)).get(name)
    if name == "size":
        is_given = before is not None and {"width", "height"} & before.model_fields_set
        initial = f"{before.width}x{before.height}" if before and is_given else ""
        return fields.option_field(option, initial=initial, choices=fields.size_choices(initial))
    if name == "model":
        offered = [model.name for model in await studio.models(asker)]
        names = list(dict.fromkeys(filter(None, (initial, *offered))))
        return fields.option_field(option, initial=initial, choices=fields.model_choices(names))
    if name == STYLE.name:
        known = await here.services.presets.names(asker)
        return fields.option_field(option, choices=[(each, each) for each in known])
    if name == "num_images":
        counts = [(str(n), str(n)) for n in range(1, int(option.maximum or 1) + 1)]
        return fields.option_field(option, initial=initial, choices=counts)
    return fields.option_field(option, initial=initial)


def _where(channel: str) -> Block:
    element: dict[str, Any] = {
        "type": "conversations_select",
        "action_id": "where",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if channel.startswith(("C", "G")):
        element["initial_conversation"] = channel
    return blocks.field("where", labels.WHERE, element, hint=labels.WHERE_HINT)


class Price(NamedTuple):
    """`line` is mrkdwn, for the end of a form; `label` is for the button beside it."""

    line: str
    label: str = labels.DRAW


def _line(price: Price) -> Block:
    return {**blocks.small(price.line), "block_id": PRICE_BLOCK}


async def _price_of(
    here: Context,
    asker: Asker,
    before: ImageRequest | None,
    values: Mapping[str, Any] | None,
    kept: Sequence[str],
) -> Price:
    """What the form would cost at most and what is left; or why it can't be drawn.

    `values` are as filled in; before that, and for options in `kept`, those of `before` hold.
    """
    known = PRICED_FIELDS if values is None else PRICED_FIELDS & {*kept}
    asked = {name: getattr(before, name) for name in known if before and before.given(name)}
    try:
        asked |= {"prompt": "picture", **_priced(values or {})}
        if style := asked.pop(STYLE.name, ""):
            asked = await here.services.presets.apply(asker, style, asked)
        quote = await here.services.studio.quote(asker, options.validate(asked))
    except BotError as error:
        return Price(sentence(explain(error, platform=SLACK)))
    line = price_line(quote.request.num_images, quote.micros, quote.pictures_left)
    return Price(sentence(line), draw_for(quote.micros))


async def on_change(here: Context, call: Call, body: Body) -> None:
    """Show the new price after an option with a price was changed."""
    view = body["view"]
    asker = await here.asker(call)
    origin = Origin.read(view.get("private_metadata", ""))
    before = await _before(here, asker, origin)
    price = await _price_of(here, asker, before, fields.values_of(view), origin.kept)
    made = [
        _line(price) if each.get("block_id") == PRICE_BLOCK else each
        for each in without_line(view["blocks"])
    ]
    label = blocks.plain_text(price.label, VIEW_BUTTON_MAX_CHARS)
    client = await here.clients.client_for(call.team)
    changed = {**rebuilt(view, made), "submit": label}
    await update(client, view_id=view["id"], hash=view["hash"], view=changed)


def _priced(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of options with a price, also of those typed in the prompt. Raises BadRequest."""
    filled = fields.with_size({n: v for n, v in values.items() if n in fields.PRICED})
    typed = read_prompt({**filled, "prompt": values.get("prompt")}).fields
    return {n: v for n, v in typed.items() if n in {*PRICED_FIELDS, STYLE.name}}


@dataclass(frozen=True, slots=True)
class Filled:
    """A form for a picture as it was sent."""

    origin: Origin
    values: Mapping[str, Any]  # by option name, without the starting image
    private: bool
    channel: str
    file: str  # Slack's id of a starting image, "" for none


def read_request(view: Mapping[str, Any]) -> Filled:
    """Raises BadRequest."""
    origin = Origin.read(view.get("private_metadata", ""))
    values = fields.with_size(fields.values_of(view))
    file, channel = origin.file, values.pop("where", "")
    for each in values.pop("image", ()):
        files.check_file(each)
        file = str(each["id"])
    is_kept = not channel and origin.thread and origin.channel.startswith("D")
    if is_kept or not fields.block_for("where", view):
        channel = origin.channel
    return Filled(origin, values, bool(values.pop("private", False)), channel, file)


async def on_submitted(
    here: Context, call: Call, view: Mapping[str, Any]
) -> tuple[Refusal, Callable[[CardPost], Awaitable[None]] | None]:
    """What is wrong with the form; or nothing, and how to draw."""

    async def check() -> Callable[[CardPost], Awaitable[None]]:
        placed, asker, draft, fetch = await _asked(here, call, view)
        return lambda post: _drawn(here, placed, asker, draft, fetch, post)

    return await checked(view, check())


async def _asked(
    here: Context, call: Call, view: Mapping[str, Any]
) -> tuple[Call, Asker, Draft, Fetch | None]:
    """What a form asks for, and where. Raises BotError."""
    filled = read_request(view)
    typed = read_prompt(filled.values)
    filled = replace(filled, values=typed.fields, private=filled.private or typed.private)
    placed = _placed(call, filled)
    asker = await here.asker(placed)
    if filled.origin.is_change:
        placed = await follow_up(here, placed, asker)
    draft = replace(await _draft(here, asker, filled), notes=typed.notes)
    await here.services.studio.quote(asker, draft.request)
    return placed, asker, draft, _fetch(here, asker, filled)


async def _drawn(
    here: Context,
    call: Call,
    asker: Asker,
    draft: Draft,
    fetch: Fetch | None,
    post: CardPost | None = None,
) -> None:
    """Draw; where the channel takes no card the form says so, or if it is gone, an answer."""
    try:
        await draw(here, call, asker, draft, fetch, post=post)
    except CantPost as closed:
        if post is None or not post.ended(closed):
            words = command_parser.format(draft.request).removeprefix("/imagine ")
            await offer(here, call, closed, words, has_image=fetch is not None)
    finally:
        if post is not None:
            post.ended()


async def on_other_place(here: Context, call: Call, body: Body) -> None:
    """Draw what the open form says, in private or where the bot joins."""
    view = body["view"]
    client = await here.clients.client_for(call.team)
    try:
        placed, asker, draft, fetch = await _asked(here, call, view)
        joins = body["actions"][0]["action_id"] == JOIN and _is_seen(placed, draft)
        if joins:
            await join(here, placed)
        else:
            draft = replace(draft, private=True)
    except BotError as error:
        await update(client, view_id=view["id"], view=refused(error, view))
        return
    title = str(view["title"]["text"])
    told = notice(title, said.DRAWN_THERE if joins else said.DRAWN_IN_PRIVATE)
    await update(client, view_id=view["id"], view=told)
    await _drawn(here, placed, asker, draft, fetch)


def _is_seen(placed: Call, draft: Draft) -> bool:
    return bool(placed.channel) and not draft.private


def _placed(call: Call, filled: Filled) -> Call:
    """Where it is drawn: in another channel than the form's there is nothing to stand beside."""
    if filled.channel == call.channel:
        return call
    return replace(call, channel=filled.channel, message="", thread="")


async def _draft(here: Context, asker: Asker, filled: Filled) -> Draft:
    if filled.origin.is_change:
        return await _change(here, asker, filled)
    values = dict(filled.values)
    if style := values.pop(STYLE.name, ""):
        values = await here.services.presets.apply(asker, style, values)
    return Draft(options.validate(values), filled.private)


async def _change(here: Context, asker: Asker, filled: Filled) -> Draft:
    """Filled fields replace the result's values; for an emptied one the default holds again."""
    job, studio = filled.origin.job, here.services.studio
    before = await studio.request_of(asker, job)
    # These stay "no": their boxes were empty from the start, so that an empty one changes nothing.
    unticked = {name for name in before.model_fields_set if getattr(before, name) is False}
    kept = (unticked | {*filled.origin.kept}) & before.model_fields_set
    values = {**{name: getattr(before, name) for name in kept}, **filled.values}
    return await studio.plan(asker, Edit(job, values))


def _fetch(here: Context, asker: Asker, filled: Filled) -> Fetch | None:
    """A function that gets the starting image, from Slack or from the store."""
    origin = filled.origin

    async def of_slack() -> bytes:
        client = await here.clients.client_for(asker.community)
        return await files.fetched(client, filled.file)

    async def of_store() -> bytes:
        return (await here.services.studio.file(asker, origin.job, origin.picture)).data

    if filled.file:
        return of_slack
    return of_store if origin.picture else None
