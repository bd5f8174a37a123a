"""Words → Slack's mrkdwn, and what people type → words. Pure.

Source: https://docs.slack.dev/messaging/formatting-message-text ("Escaping text").
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from adapters.chat.markup import Markup, longest, marked
from bot.wording import Sentence, When, plain

# WORD JOINER, which is invisible: after it, Slack reads a mark as a plain character.
_JOINER = "\u2060"
_MARKS = re.compile(r"[*_~`]")
_EMOJI = re.compile(r":(?=[a-z0-9_+'-]+:)", re.IGNORECASE)
_FENCE = "```"
_MODIFIER_LETTER_GRAVE = "\u02cb"
_USER = re.compile(r"[UW][A-Z0-9]+")
# <@U1|ann>, <#C1|general>, <!here|here>, <!subteam^S1|@painters>, <https://x.example|x.example>
_SENT = re.compile(r"<(?P<mark>[@#!]?)(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")


def entities(text: str) -> str:
    """`text` with only Slack's three control characters escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped(text: str) -> str:
    """`text` shown literally: no mention, link, markup or emoji."""
    marked = _MARKS.sub(lambda found: f"{_JOINER}{found.group()}{_JOINER}", entities(text))
    return _EMOJI.sub(f":{_JOINER}", marked)


def code(text: str) -> str:
    """`text` as inline code, with other characters for its back ticks."""
    flat = text.replace("`", _MODIFIER_LETTER_GRAVE).replace("\n", " ")
    return f"`{entities(flat)}`" if text else ""


def code_blocks(text: str, max_chars: int) -> list[str]:
    """All of `text` as code blocks to copy, each at most `max_chars` of markup."""
    flat = text.replace(_FENCE, _MODIFIER_LETTER_GRAVE * 3)
    pieces = _pieces(flat, max_chars - len(_FENCE) * 2 - 2)
    return [f"{_FENCE}\n{entities(piece)}\n{_FENCE}" for piece in pieces]


def _pieces(text: str, max_units: int) -> Iterator[str]:
    """`text` in pieces, cut between words where possible, of at most `max_units` of markup."""
    while text:
        end = _fitting_chars(text, max_units)
        if end < len(text) and (space := text.rfind(" ", 0, end) + 1):
            end = space
        yield text[:end]
        text = text[end:]


def _fitting_chars(text: str, max_units: int) -> int:
    used = 0
    for position, character in enumerate(text):
        used += units(entities(character))
        if used > max_units:
            return position
    return len(text)


def quoted(text: str, max_chars: int) -> str:
    """`text` as a block quote, cut to `max_chars` of markup."""
    return fitting(text, max_chars, _quote)


def _quote(text: str) -> str:
    return "\n".join(f"> {line}" for line in escaped(text).split("\n"))


def units(text: str) -> int:
    """The length of `text` in UTF-16 units, in which an emoji counts twice: Slack doesn't say how
    it counts, and this is the larger number.
    """
    return len(text) + sum(character > "\uffff" for character in text)


def fitting(text: str, max_units: int, mark: Callable[[str], str]) -> str:
    """`mark` of the longest beginning of `text` for which that has at most `max_units`."""
    return longest(text, mark, lambda marked: units(marked) <= max_units)


def read(sent: str) -> str:
    """What somebody typed, with mentions and links as words, and nothing escaped."""
    words = _SENT.sub(_typed, sent)
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _typed(found: re.Match[str]) -> str:
    target, label = found["target"], found["label"]
    match found["mark"]:
        case "@" | "#" as mark:
            return f"{mark}{label or target}"
        case "!":
            return label if label and "^" in target else f"@{target}"
        case _:
            return label or target


def sentence(parts: Sentence) -> str:
    return marked(parts, _MARKUP)


def person(id_: str, name: str = "") -> str:
    return f"<@{id_}>" if _USER.fullmatch(id_) else escaped(name or id_)


def when(at: datetime) -> str:
    """A date that Slack's client shows in the reader's time zone."""
    fallback = entities(plain((When(at),)))
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"


def strong(text: str) -> str:
    return f"*{escaped(text)}*"


_MARKUP = Markup(
    text=entities,
    words=escaped,
    strong=strong,
    code=code,
    link=lambda text, url: f"<{url}|{text}>",
    heading=lambda marked: f"*{marked}*",
    small=str,
    quoted=quoted,
    when=when,
    ago=when,
    person=person,
    channel=lambda id_: f"<#{entities(id_)}>",
    role=lambda id_: f"<!subteam^{entities(id_)}>",
)
