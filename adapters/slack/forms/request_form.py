"""The form to draw a new picture, or to change a result and draw it again."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack.actions.draw import Fetch, draw, follow_up
from adapters.slack.context import Context
from adapters.slack.forms import fields
from adapters.slack.forms.form_errors import Refusal, checked, rebuilt, without_line
from adapters.slack.forms.modals import Origin, View, opened, update
from adapters.slack.platform import files
from adapters.slack.platform.call import Body, Call
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block
from adapters.slack.rendering.markup import sentence
from bot.domain.asker import SLACK, Asker
from bot.errors import BadRequest, BotError
from bot.jobs.drafts import Draft, Edit
from bot.request import options
from bot.request.forms import STYLE, imagine_options
from bot.request.image_request import ImageRequest
from bot.wording import explain, labels
from bot.wording.budgets import price_line

PRICE_BLOCK = "price"


async def open_form(here: Context, call: Call, origin: Origin | None = None) -> None:
    """Open the form for a new picture, perhaps with a starting image."""
    wanted = origin or Origin.at(call)

    async def build() -> View:
        asker = await here.asker(call)
        return await request_view(here, asker, wanted, None)

    await opened(here, call, build, labels.IMAGINE)


async def open_edit(here: Context, call: Call, job: str) -> None:
    """Open the form with the values of a result."""

    async def build() -> View:
        asker = await here.asker(call)
        await here.services.studio.show(asker, job)
        before = await here.services.studio.request_of(asker, job)
        return await request_view(here, asker, Origin.at(call, job=job), before)

    await opened(here, call, build, labels.CHANGE_AND_DRAW)


async def request_view(
    here: Context, asker: Asker, origin: Origin, before: ImageRequest | None
) -> View:
    made = [await field_for(here, asker, each, before) for each in _wanted(origin)]
    if origin.file or origin.picture:
        made.insert(0, blocks.section(labels.STARTS_FROM_CHOSEN))
    if not origin.job or origin.picture:
        made.append(_where(origin.channel))
    origin = replace(origin, kept=too_long(_wanted(origin), before))
    request = before or options.validate({"prompt": "picture"})
    made.append(_price(await priced(here, asker, request)))
    title = labels.CHANGE_AND_DRAW if origin.job and not origin.picture else labels.IMAGINE
    # Don't change "wish": forms that people have open carry it.
    return blocks.modal("wish", title, made, submit=labels.DRAW, metadata=str(origin))


def _wanted(origin: Origin) -> list[options.Option]:
    hidden = {"width", "height"}  # the field `size` asks for both
    if origin.job or origin.file:
        hidden.add("image")
    if origin.job and not origin.picture:
        hidden |= {"style", "private"}
    return [option for option in imagine_options() if option.name not in hidden]


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


def _price(words: str) -> Block:
    return {**blocks.small(words), "block_id": PRICE_BLOCK}


async def priced(here: Context, asker: Asker, request: ImageRequest) -> str:
    """What the request costs at most and what is left; or why it can't be drawn."""
    try:
        quote = await here.services.studio.quote(asker, request)
    except BotError as error:
        return sentence(explain(error, platform=SLACK))
    return sentence(price_line(quote.request.num_images, quote.micros, quote.pictures_left))


async def on_change(here: Context, call: Call, body: Body) -> None:
    """Show the new price after an option with a price was changed."""
    view = body["view"]
    asker = await here.asker(call)
    try:
        values = _plain_values(fields.values_of(view))
        words = await priced(here, asker, options.validate({"prompt": "picture", **values}))
    except BadRequest as wrong:
        words = sentence(explain(wrong, platform=SLACK))
    made = [
        _price(words) if each.get("block_id") == PRICE_BLOCK else each
        for each in without_line(view["blocks"])
    ]
    client = await here.clients.client_for(call.team)
    await update(client, view_id=view["id"], hash=view["hash"], view=rebuilt(view, made))


def _plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of PRICED options. Raises BadRequest."""
    return fields.with_size({n: v for n, v in values.items() if n in fields.PRICED})


@dataclass(frozen=True, slots=True)
class Filled:
    """A form for a picture as it was sent."""

    origin: Origin
    values: Mapping[str, Any]  # by option name, without the starting image
    private: bool
    channel: str
    file: str  # Slack's id of a starting image, "" for none

    @property
    def is_change(self) -> bool:
        """Whether it changes a result, and doesn't begin with a picture."""
        return bool(self.origin.job) and not self.origin.picture


def read_request(view: Mapping[str, Any]) -> Filled:
    """Raises BadRequest."""
    origin = Origin.read(view.get("private_metadata", ""))
    values = fields.with_size(fields.values_of(view))
    file, channel = origin.file, values.pop("where", "")
    for each in values.pop("image", ()):
        files.check_file(each)
        file = str(each["id"])
    if origin.job and not origin.picture:
        channel = origin.channel
    return Filled(origin, values, bool(values.pop("private", False)), channel, file)


async def on_submitted(
    here: Context, call: Call, view: Mapping[str, Any]
) -> tuple[Refusal, Callable[[], Awaitable[None]] | None]:
    """What is wrong with the form; or nothing, and what to do after the acknowledgement."""

    async def check() -> Callable[[], Awaitable[None]]:
        filled = read_request(view)
        placed = _placed(call, filled)
        asker = await here.asker(placed)
        if filled.is_change:
            placed = await follow_up(here, placed, asker)
        draft = await _draft(here, asker, filled)
        await here.services.studio.quote(asker, draft.request)
        return lambda: draw(here, placed, asker, draft, _fetch(here, asker, filled))

    return await checked(view, check())


def _placed(call: Call, filled: Filled) -> Call:
    """Where it is drawn: in another channel than the form's there is nothing to stand beside."""
    if filled.channel == call.channel:
        return call
    return replace(call, channel=filled.channel, message="", thread="")


async def _draft(here: Context, asker: Asker, filled: Filled) -> Draft:
    if filled.is_change:
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
    unticked = (name for name in before.model_fields_set if getattr(before, name) is False)
    kept = frozenset((*filled.origin.kept, *unticked))
    return await studio.plan(asker, Edit(job, filled.values, kept))


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
