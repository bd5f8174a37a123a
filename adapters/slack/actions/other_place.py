"""Where a channel takes no card: the same request elsewhere, one press away.

The button carries the request, so that it works after a restart, and nothing is kept about it.
"""

import zlib
from base64 import b85decode, b85encode
from dataclasses import replace

from slack_sdk.errors import SlackApiError

from adapters.chat.custom_ids import CustomId
from adapters.slack.actions.draw import Fetch, draw, own_name
from adapters.slack.actions.replies import answer
from adapters.slack.context import Context
from adapters.slack.delivery.trouble import is_to_repeat
from adapters.slack.platform.call import Body, Call
from adapters.slack.platform.limits import BUTTON_VALUE_MAX_CHARS, TEXT_MAX_CHARS
from adapters.slack.rendering import blocks
from adapters.slack.rendering.markup import code_blocks, sentence
from bot.domain.asker import SLACK, Asker
from bot.errors import CantPost, NotFound
from bot.jobs.drafts import Again, Draft, Plan, Upscale, Vary
from bot.request import command_parser, options
from bot.wording import explain, labels
from bot.wording.answers import THEY_WROTE

PRIVATE, JOIN = "place:private", "place:join"
# More than any request unpacks to: what is longer is none of ours.
WORDS_MAX_BYTES = 64 * 1024
_WORDS, _RESULT = "w", "r"


async def draw_or_offer(
    here: Context,
    call: Call,
    asker: Asker,
    draft: Draft,
    what: str | Plan,
    fetch: Fetch | None = None,
) -> None:
    """Draw `draft`, which was asked for by the words after /imagine, or by a button of a result.

    Where the channel takes no card, offer to draw it elsewhere. Raises BotError.
    """
    try:
        await draw(here, call, asker, draft, fetch)
    except CantPost as closed:
        await offer(here, call, closed, what, has_image=fetch is not None)


async def offer(
    here: Context, call: Call, closed: CantPost, what: str | Plan, *, has_image: bool = False
) -> None:
    """Say why the channel takes no card, and offer other places; or give the words back, where no
    button holds them, or the starting image that came with them.
    """
    if closed.why == "invite" and not call.response_url:  # the answer will not be in the channel
        closed = CantPost("by_hand", closed.missing)
    words = sentence(explain(closed, platform=SLACK))
    value = packed(what)
    offered = buttons(closed, value)
    if offered and not has_image and len(value) <= BUTTON_VALUE_MAX_CHARS:
        await answer(here, call, words, blocks.actions(offered))
        return
    written = code_blocks(f"/imagine {what}", TEXT_MAX_CHARS) if isinstance(what, str) else []
    given_back = [sentence(THEY_WROTE), *written] if written else []
    await answer(here, call, words, *map(blocks.section, given_back))


def buttons(closed: CantPost, value: str) -> list[blocks.Element]:
    """None where it is the private messages that are closed."""
    if closed.why == "direct":
        return []
    found = [blocks.button(labels.DRAW_IN_PRIVATE, PRIVATE, style="primary", value=value)]
    if closed.why == "invite":
        found.append(blocks.button(labels.ADD_ME, JOIN, value=value))
    return found


def packed(what: str | Plan) -> str:
    """A request as the value of a button."""
    match what:
        case str():
            return _WORDS + b85encode(zlib.compress(what.encode(), 9)).decode()
        case Again(job):
            return _RESULT + str(CustomId("again", job))
        case Vary(job, number) | Upscale(job, number):
            verb = "vary" if isinstance(what, Vary) else "upscale"
            return f"{_RESULT}{verb}:{job}:{number}"
        case _:
            raise NotImplementedError(type(what))


async def _unpacked(here: Context, asker: Asker, value: str) -> tuple[Draft, str | Plan]:
    """The request in a button. Raises BotError."""
    kind, rest = value[:1], value[1:]
    if kind == _WORDS:
        reading = zlib.decompressobj()
        words = reading.decompress(b85decode(rest), WORDS_MAX_BYTES).decode()
        parsed = command_parser.parse(f"/imagine {words}")
        return Draft(options.validate(parsed.fields), parsed.private, notes=parsed.notes), words
    verb, _, where = rest.partition(":")
    job, _, number = where.partition(":")
    plans: dict[str, Plan] = {
        "again": Again(job),
        "vary": Vary(job, int(number or 1)),
        "upscale": Upscale(job, int(number or 1)),
    }
    if kind != _RESULT or verb not in plans:
        raise NotFound("job")
    return await here.services.studio.plan(asker, plans[verb]), plans[verb]


async def on_press(here: Context, call: Call, body: Body) -> None:
    """Draw what the button carries, in private or where the bot joins. Raises BotError."""
    action = body["actions"][0]
    asker = await here.asker(call)
    draft, what = await _unpacked(here, asker, str(action.get("value", "")))
    if action["action_id"] == PRIVATE:
        draft = replace(draft, private=True)
    else:
        try:
            await join(here, call)
        except CantPost as closed:
            await offer(here, call, closed, what)
            return
    await draw_or_offer(here, call, asker, draft, what)


async def join(here: Context, call: Call) -> None:
    """Join the channel. Raises CantPost where only its members can add the bot."""
    client = await here.clients.client_for(call.team)
    try:
        await client.conversations_join(channel=call.channel)
    except SlackApiError as error:
        if is_to_repeat(error):
            raise
        raise CantPost("by_hand", (await own_name(client),)) from error
