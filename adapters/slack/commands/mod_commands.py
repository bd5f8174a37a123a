"""/limner mod: what moderators do beside the cards of cases. Rights are checked every time."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from adapters.chat.admin_input import BLOCK_MAX_DAYS
from adapters.chat.custom_ids import PURGE, PurgeId
from adapters.chat.moderation import PURGE_SPANS
from adapters.slack.actions.replies import answer, redraw, whisper
from adapters.slack.context import Context
from adapters.slack.forms.arguments import whom, wrong
from adapters.slack.interactions.case_buttons import show_case
from adapters.slack.platform.call import Body, Call
from adapters.slack.rendering import blocks, queue_card
from adapters.slack.rendering.markup import read, sentence
from bot.domain.asker import SLACK, Asker
from bot.errors import NotFound
from bot.wording.moderation import commands as said
from bot.wording.moderation import lists

Act = Callable[[Context, Call, Asker, str], Awaitable[None]]


async def run(here: Context, call: Call, text: str) -> None:
    """Run the subcommand that the first word of `text` names. Raises BotError."""
    asker = await here.moderator(call)
    word, _, rest = text.strip().partition(" ")
    act = _COMMANDS.get(word.lower())
    if act is None:
        await answer(here, call, said.overview())
        return
    await act(here, call, asker, rest.strip())


# --- cases ----------------------------------------------------------------------------------------


async def _review(here: Context, call: Call, asker: Asker, text: str) -> None:
    services, wanted = here.services, read(text).strip(" `").lower()
    if wanted == "decided":
        cases = await services.reviews.queue(asker, decided=True)
        made = queue_card.card(lists.decided(cases), cases, asker)
        await whisper(here, call, lists.DECIDED, made)
        return
    if wanted:
        await show_case(here, call, asker, wanted)
        return
    cases, figures = await services.reviews.queue(asker), await services.reviews.figures(asker)
    page_url = services.links.new(asker) if services.links else ""
    words = lists.queue(cases, figures, asker, services.clock.now())
    made = queue_card.card(words, cases, asker, page_url=page_url)
    await whisper(here, call, lists.WAITING, made)


# --- people ---------------------------------------------------------------------------------------


async def _block(here: Context, call: Call, asker: Asker, text: str) -> None:
    """`@person [DAYS] [REASON …]`."""
    who, words = whom(text)
    days = int(words.pop(0)) if words and words[0].isdecimal() else 0
    if days > BLOCK_MAX_DAYS:
        raise wrong("days", "out_of_range", minimum=1, maximum=BLOCK_MAX_DAYS, got=days)
    until = here.services.clock.now() + timedelta(days=days) if days else None
    await here.services.sanctions.block(asker, who, read(" ".join(words)), until)
    await answer(here, call, said.blocked(who, days, SLACK))


async def _unblock(here: Context, call: Call, asker: Asker, text: str) -> None:
    who, _ = whom(text)
    lifted = await here.services.sanctions.unblock(asker, who)
    await answer(here, call, said.unblocked(who, lifted))


async def _strike(here: Context, call: Call, asker: Asker, text: str) -> None:
    who, words = whom(text)
    reason = read(" ".join(words))
    if not reason:
        raise wrong("reason", "missing")
    number = await here.services.sanctions.strike(asker, who, reason)
    await answer(here, call, said.struck(who, number, SLACK))


async def _lift(here: Context, call: Call, asker: Asker, text: str) -> None:
    number = read(text).strip(" `#")
    if not number.isdecimal() or len(number) > _NUMBER_MAX_CHARS:
        raise wrong("strike", "not_a_number", got=number[:40])
    await here.services.sanctions.lift_strike(asker, int(number))
    await answer(here, call, said.lifted(int(number)))


_NUMBER_MAX_CHARS = 9


async def _history(here: Context, call: Call, asker: Asker, text: str) -> None:
    who, _ = whom(text)
    past = await here.services.reviews.history(asker, who)
    await answer(here, call, lists.history(who, past, here.services.clock.now()))


async def _purge(here: Context, call: Call, asker: Asker, text: str) -> None:
    """`@person hour | day | week | month`; how far back has no default."""
    who, words = whom(text)
    span = PURGE_SPANS.get(words[0].lower()) if words else None
    if span is None:
        raise wrong("", "extra_words", got=" ".join(words)[:40], usage=said.usage("purge"))
    begun = (here.services.clock.now() - span).replace(microsecond=0)  # as the button says it
    found = await here.services.sanctions.purgeable(asker, who, begun)
    question = said.purge_question(who, found)
    if not found.pictures:
        await answer(here, call, question)
        return
    button = blocks.button(said.purge(found), str(PurgeId(who, begun)), style="danger")
    await answer(here, call, question, blocks.actions([button]))


async def on_purge(here: Context, call: Call, body: Body) -> None:
    """The button that was asked for. Raises BotError."""
    found = re.fullmatch(PURGE, body["actions"][0]["action_id"])
    if found is None:
        raise NotFound("person")
    asker, pressed = await here.moderator(call), PurgeId.of(found)
    done = await here.services.sanctions.purge(asker, pressed.person, pressed.since)
    words = sentence(said.purged(pressed.person, done))
    await redraw(here, call, words, [blocks.section(words)])


# --- words ----------------------------------------------------------------------------------------


async def _words(here: Context, call: Call, asker: Asker, text: str) -> None:
    verb, _, rest = read(text).strip().partition(" ")
    words, typed = here.services.words, rest.strip()
    match verb.lower():
        case "test":
            await answer(here, call, said.tested(await words.test(asker, typed), SLACK))
            return
        case "add":
            own = await words.add(asker, typed)
        case "allow":
            own = await words.allow(asker, typed)
        case _:
            own = await words.lists(asker)
    await answer(here, call, said.word_lists(own.added, own.allowed, SLACK))


_COMMANDS: Mapping[str, Act] = {
    "review": _review,
    "block": _block,
    "unblock": _unblock,
    "strike": _strike,
    "lift": _lift,
    "history": _history,
    "purge": _purge,
    "words": _words,
}
