"""/limner mod: what moderators do beside the cards of cases. Rights are checked every time."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from adapters.chat.admin_input import BLOCK_MAX_DAYS
from adapters.chat.custom_ids import PURGE
from adapters.slack.actions.replies import answer, redraw, whisper
from adapters.slack.context import Context
from adapters.slack.forms.arguments import whom, wrong
from adapters.slack.interactions.case_buttons import show_case
from adapters.slack.platform.call import Body, Call
from adapters.slack.rendering import blocks, queue_card
from adapters.slack.rendering.markup import code, person, read, sentence
from bot.domain.asker import Asker
from bot.errors import NotFound
from bot.moderation.word_lists import WordLists
from bot.wording.moderation import TIERS, purge_question, purged
from bot.wording.parts import pictures

LIST_SHOWN_MAX_CHARS = 1_500
_SINCE = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}
_HELP = (
    "*For moderators*",
    "*/limner mod review* [CASE | decided] what waits, or one case",
    "*/limner mod block* @person [DAYS] [REASON] keep somebody from drawing",
    "*/limner mod unblock* @person let them draw again",
    "*/limner mod strike* @person REASON a strike; more of them suspend",
    "*/limner mod lift* NUMBER take back a strike, and what it brought",
    "*/limner mod history* @person strikes, blocks and cases",
    "*/limner mod purge* @person hour | day | week | month take down what they drew lately",
    "*/limner mod words* [add | allow | test] WORDS what counts as indecent here, what passes",
)
Act = Callable[[Context, Call, Asker, str], Awaitable[None]]


async def run(here: Context, call: Call, text: str) -> None:
    """Run the subcommand that the first word of `text` names. Raises BotError."""
    asker = await here.moderator(call)
    word, _, rest = text.strip().partition(" ")
    act = _COMMANDS.get(word.lower())
    if act is None:
        await answer(here, call, "\n".join(_HELP))
        return
    await act(here, call, asker, rest.strip())


# --- cases ----------------------------------------------------------------------------------------


async def _review(here: Context, call: Call, asker: Asker, text: str) -> None:
    services, wanted = here.services, read(text).strip(" `").lower()
    if wanted == "decided":
        cases = await services.reviews.queue(asker, decided=True)
        await whisper(here, call, "Decided", queue_card.decided(cases, asker))
        return
    if wanted:
        await show_case(here, call, asker, wanted)
        return
    cases, figures = await services.reviews.queue(asker), await services.reviews.figures(asker)
    page_url = services.links.new(asker) if services.links else ""
    made = queue_card.queue(cases, figures, asker, services.clock.now(), page_url=page_url)
    await whisper(here, call, "Waiting for a moderator", made)


# --- people ---------------------------------------------------------------------------------------


async def _block(here: Context, call: Call, asker: Asker, text: str) -> None:
    """`@person [DAYS] [REASON …]`."""
    who, words = whom(text)
    days = int(words.pop(0)) if words and words[0].isdecimal() else 0
    if days > BLOCK_MAX_DAYS:
        raise wrong("days", "out_of_range", minimum=1, maximum=BLOCK_MAX_DAYS, got=days)
    until = here.services.clock.now() + timedelta(days=days) if days else None
    await here.services.sanctions.block(asker, who, read(" ".join(words)), until)
    span = f" for {days} days" if days else ""
    undo = "`/limner mod unblock` takes it back."
    await answer(here, call, f"{person(who)} can't draw here{span}. {undo}")


async def _unblock(here: Context, call: Call, asker: Asker, text: str) -> None:
    who, _ = whom(text)
    if await here.services.sanctions.unblock(asker, who):
        await answer(here, call, f"{person(who)} can draw again.")
        return
    words = "has no block that you could lift. A lock is the bot owner's alone."
    await answer(here, call, f"{person(who)} {words}")


async def _strike(here: Context, call: Call, asker: Asker, text: str) -> None:
    who, words = whom(text)
    reason = read(" ".join(words))
    if not reason:
        raise wrong("reason", "missing")
    number = await here.services.sanctions.strike(asker, who, reason)
    undo = f"`/limner mod lift {number}` takes it back."
    await answer(here, call, f"{person(who)} has a strike, {code(str(number))}. {undo}")


async def _lift(here: Context, call: Call, asker: Asker, text: str) -> None:
    number = read(text).strip(" `#")
    if not number.isdecimal() or len(number) > _NUMBER_MAX_CHARS:
        raise wrong("strike", "not_a_number", got=number[:40])
    await here.services.sanctions.lift_strike(asker, int(number))
    await answer(here, call, f"Strike {code(number)} is lifted.")


_NUMBER_MAX_CHARS = 9


async def _history(here: Context, call: Call, asker: Asker, text: str) -> None:
    who, _ = whom(text)
    past = await here.services.reviews.history(asker, who)
    lines = queue_card.history(who, past, here.services.clock.now())
    await answer(here, call, "\n".join(lines))


async def _purge(here: Context, call: Call, asker: Asker, text: str) -> None:
    """`@person hour | day | week | month`; how far back has no default."""
    who, words = whom(text)
    span = _SINCE.get(words[0].lower()) if words else None
    if span is None:
        known = {"got": " ".join(words)[:40], "usage": "/limner mod purge @person day"}
        raise wrong("", "extra_words", **known)
    begun = (here.services.clock.now() - span).replace(microsecond=0)  # as on the button
    found = await here.services.sanctions.purgeable(asker, who, begun)
    question = purge_question(who, found)
    if not found.pictures:
        await answer(here, call, question)
        return
    label, name = f"Take down {pictures(found.pictures)}", f"purge:{who}:{int(begun.timestamp())}"
    button = blocks.button(label, name, style="danger")
    await answer(here, call, question, blocks.actions([button]))


async def on_purge(here: Context, call: Call, body: Body) -> None:
    """The button that confirms a purge. Raises BotError."""
    pressed = re.fullmatch(PURGE, body["actions"][0]["action_id"])
    if pressed is None:
        raise NotFound("person")
    asker, who = await here.moderator(call), pressed["person"]
    since = datetime.fromtimestamp(int(pressed["since_s"]), UTC)
    words = sentence(purged(who, await here.services.sanctions.purge(asker, who, since)))
    await redraw(here, call, words, [blocks.section(words)])


# --- words ----------------------------------------------------------------------------------------


async def _words(here: Context, call: Call, asker: Asker, text: str) -> None:
    verb, _, rest = read(text).strip().partition(" ")
    words, typed = here.services.words, rest.strip()
    match verb.lower():
        case "add":
            await answer(here, call, _lists(await words.add(asker, typed)))
        case "allow":
            await answer(here, call, _lists(await words.allow(asker, typed)))
        case "test":
            tier = await words.test(asker, typed)
            await answer(here, call, TIERS[tier].format(community="workspace"))
        case _:
            await answer(here, call, _lists(await words.lists(asker)))


def _lists(lists: WordLists) -> str:
    return (
        f"*Words of this workspace*\nIndecent here: {_listed(lists.added)}\n"
        f"Let pass: {_listed(lists.allowed)}\n"
        "What is refused everywhere is no list that anybody sees."
    )


def _listed(words: tuple[str, ...]) -> str:
    shown = ""
    for number, word in enumerate(words):
        if len(shown) + len(word) > LIST_SHOWN_MAX_CHARS:
            return f"{shown} and {len(words) - number} more"
        shown += f"{', ' if shown else ''}{code(word)}"
    return shown or "none"


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
