"""Sentence → text with a platform's markup."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.wording import money, pictures_left
from bot.wording.parts import (
    Ago,
    Channel,
    Code,
    Heading,
    Link,
    Money,
    Part,
    Person,
    PicturesLeft,
    Quote,
    Role,
    Sentence,
    Small,
    Strong,
    Text,
    When,
    Words,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """A function for each kind of part, from its values to a platform's markup."""

    text: Callable[[str], str]  # the bot's own words
    words: Callable[[str], str]  # people's words, escaped: no mention, link or markup
    strong: Callable[[str], str]  # escaped as well, in bold
    code: Callable[[str], str]
    link: Callable[[str, str], str]  # text and address, both our own
    heading: Callable[[str], str]  # of markup
    small: Callable[[str], str]  # likewise
    quoted: Callable[[str, int], str]  # at most so many characters of markup
    when: Callable[[datetime], str]
    ago: Callable[[datetime], str]
    person: Callable[[str, str], str]  # id and name
    channel: Callable[[str], str]
    role: Callable[[str], str]


def marked(sentence: Sentence, markup: Markup) -> str:
    return "".join(_marked(part, markup) for part in sentence)


def _marked(part: Part, markup: Markup) -> str:  # noqa: PLR0911  (a case for each kind of part)
    match part:
        case Text(text):
            return markup.text(text)
        case Words(text):
            return markup.words(text)
        case Strong(text):
            return markup.strong(text)
        case Code(text):
            return markup.code(text)
        case Link(text, url):
            return markup.link(text, url)
        case Heading():
            return markup.heading(marked(part.parts, markup))
        case Quote(text, max_chars):
            return markup.quoted(text, max_chars)
        case Small():
            return markup.small(marked(part.parts, markup))
        case _:
            return _value(part, markup)


def _value(  # noqa: PLR0911  (likewise)
    part: Money | When | Ago | Person | Channel | Role | PicturesLeft, markup: Markup
) -> str:
    match part:
        case Money(micros):
            return money(micros)
        case PicturesLeft(count):
            return pictures_left(count)
        case When(at):
            return markup.when(at)
        case Ago(at):
            return markup.ago(at)
        case Person(id_, name):
            return markup.person(id_, name)
        case Channel(id_):
            return markup.channel(id_)
        case Role(id_):
            return markup.role(id_)


def longest(text: str, mark: Callable[[str], str], fits: Callable[[str], bool]) -> str:
    """`mark` of the longest beginning of `text` for which that still fits."""
    whole = mark(text)
    if fits(whole):
        return whole
    least, most = 0, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if fits(mark(text[:middle] + "…")):
            least = middle
        else:
            most = middle - 1
    return mark(text[:least].rstrip() + "…")
