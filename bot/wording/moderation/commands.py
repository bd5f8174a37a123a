"""/mod: how its commands are described, and what they answer."""

from html import escape
from itertools import accumulate

from bot.domain.case import Purge
from bot.domain.moderation_policy import Tier
from bot.wording import commands
from bot.wording.answers import command
from bot.wording.commands import Command
from bot.wording.parts import (
    Code,
    Heading,
    Person,
    Sentence,
    When,
    counted,
    joined,
    lines,
    pictures,
    say,
    small,
)
from bot.wording.settings.community import PLACES

LIST_SHOWN_MAX_CHARS = 1_500

# In Discord's five languages: keys of adapters/discord/platform/words.json.
_WHO = {"member": "who"}
_WORD = {"word": "the word or phrase"}
MOD = "look after pictures and people on this server"
WORDS = Command(
    "the words that count as indecent here, and those that pass", "[add | allow | test] WORDS"
)
COMMANDS = {
    "review": Command(
        "see what waits for a moderator, and decide it",
        "[CASE | decided]",
        {
            "case": "one case, by its id; empty lists the oldest",
            "decided": "those that were decided before",
        },
    ),
    "block": Command(
        "keep a member from drawing",
        "@person [DAYS] [REASON]",
        {
            **_WHO,
            "days": "for how many days; empty is for good",
            "reason": "why; the other moderators read it",
        },
    ),
    "unblock": Command("let a member draw again", "@person", _WHO),
    "strike": Command(
        "give a member a strike; more of them suspend",
        "@person REASON",
        {**_WHO, "reason": "why; the member reads it"},
    ),
    "lift": Command(
        "take back a strike, and what it brought",
        "NUMBER",
        {"strike": "its number; the history of the member has it"},
    ),
    "history": Command("see a member's strikes, blocks and cases", "@person", _WHO),
    "purge": Command(
        "take down everything that a member drew lately",
        "@person hour | day | week | month",
        {**_WHO, "since": "how far back"},
    ),
}
WORD_COMMANDS = {
    "add": Command("count a word as indecent here; again takes it out", options=_WORD),
    "allow": Command("let a word pass here; again takes it out", options=_WORD),
    "test": Command(
        "see what would become of a prompt here",
        options={"text": "a prompt; nothing is remembered"},
    ),
    "list": Command("see this server's own lists"),
}
SINCE = {
    "hour": "the last hour",
    "day": "the last day",
    "week": "the last week",
    "month": "the last 30 days",
}


def overview() -> Sentence:
    """What can be typed into Slack."""
    return commands.overview("For moderators", "/limner mod", {**COMMANDS, "words": WORDS})


def usage(name: str) -> str:
    """As typed into Slack."""
    return f"/limner mod {name} {COMMANDS[name].usage}"


# --- people ---------------------------------------------------------------------------------------


def blocked(person: str, days: int | None, platform: str) -> Sentence:
    return commands.blocked(person, days, command("mod unblock", platform))


def unblocked(person: str, lifted: int) -> Sentence:
    """`lifted` is of how many blocks."""
    if lifted:
        return say("{} can draw again.", Person(person))
    words = "{} has no block that you could lift. A lock is the bot owner's alone."
    return say(words, Person(person))


def struck(person: str, strike: int, platform: str) -> Sentence:
    undo = Code(command(f"mod lift {strike}", platform))
    number = Code(str(strike))
    return say("{} has a strike, {}. {} takes it back.", Person(person), number, undo)


def lifted(strike: int) -> Sentence:
    return say("Strike {} is lifted.", Code(str(strike)))


def purge_question(person: str, found: Purge) -> Sentence:
    """Before anything is taken down: how much it is."""
    whom, since = Person(person), When(found.since)
    if not found.pictures:
        return say("{} drew nothing since {} that can be seen here.", whom, since)
    return say(
        "Take down {} that {} drew since {}? Nobody can see them afterwards. "
        "For each result {} may ask once for a second look.",
        _purged(found),
        whom,
        since,
        whom,
    )


def purge(found: Purge) -> str:
    """On the button."""
    return f"Take down {pictures(found.pictures)}"


def purged(person: str, done: Purge) -> Sentence:
    """What was taken down."""
    whom, since = Person(person), When(done.since)
    if not done.pictures:
        return say("There was nothing left to take down of {} since {}.", whom, since)
    verb = "is" if done.pictures == 1 else "are"
    return say("{} that {} drew since {} {} taken down.", _purged(done), whom, since, verb)


def _purged(purge: Purge) -> str:
    return f"{pictures(purge.pictures)} of {counted(purge.results, 'result')}"


# --- words ----------------------------------------------------------------------------------------


def tested(tier: Tier, platform: str) -> Sentence:
    """What would become of a prompt."""
    return say(_TIERS[tier].format(PLACES[platform]))


_TIERS = {
    Tier.NONE: "This passes.",
    Tier.SOFT: "This counts as indecent: what the {} chose for such words decides.",
    Tier.UNSURE: "This may be harmless or not: a moderator looks first, whatever the {} chose.",
    Tier.HARD: "This is refused everywhere, whatever the {} chose.",
}


def word_lists(added: tuple[str, ...], allowed: tuple[str, ...], platform: str) -> Sentence:
    return lines(
        (Heading(f"Words of this {PLACES[platform]}"),),
        say("Indecent here: {}", _listed(added)),
        say("Let pass: {}", _listed(allowed)),
        small("What is refused everywhere is no list that anybody sees."),
    )


def _listed(words: tuple[str, ...]) -> Sentence:
    # As long as the longest markup makes of them.
    lengths = accumulate(len(escape(word)) + len(", ``") for word in words)
    fitting = [
        word for word, length in zip(words, lengths, strict=True) if length <= LIST_SHOWN_MAX_CHARS
    ]
    more = len(words) - len(fitting)
    shown = joined(", ", ((Code(word),) for word in fitting))
    return say("{}{}", shown or "none", f" and {more} more" if more else "")
