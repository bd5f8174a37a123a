"""The typed parts of a sentence, and how they are written without markup."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bot.domain.pricing import MICROS_PER_DOLLAR
from bot.text import shortened


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Something to type, or a value."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, to be shown as it is: none of it is markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """A name that the line is about; it contains no markup either."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """`text` that leads to an address of the page; both are our own."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Money:
    micros: int


@dataclass(frozen=True, slots=True)
class When:
    at: datetime


@dataclass(frozen=True, slots=True)
class Ago:
    """A moment as its distance from now, where the reader's client keeps that up to date."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    id: str


@dataclass(frozen=True, slots=True)
class Role:
    """A role on Discord, or a user group on Slack."""

    id: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows, on a line of its own. A string is no markup."""

    title: "str | Sentence"

    @property
    def parts(self) -> "Sentence":
        return (Words(self.title),) if isinstance(self.title, str) else self.title


@dataclass(frozen=True, slots=True)
class Small:
    """A line in small print, where the platform has one."""

    parts: "Sentence"


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote, on lines of its own, cut to `max_chars` of markup."""

    text: str
    max_chars: int


@dataclass(frozen=True, slots=True)
class PicturesLeft:
    """Reads as "about 8 pictures left"."""

    count: int


Part = (
    Text
    | Code
    | Words
    | Strong
    | Link
    | Money
    | When
    | Ago
    | Person
    | Channel
    | Role
    | Heading
    | Small
    | Quote
    | PicturesLeft
)
Sentence = Sequence[Part]

# The words of an error, or a function that makes them of the error and the platform's name.
Explained = str | Callable[[Any, str], Sentence]


def say(words: str, *parts: Part | str | Sentence) -> tuple[Part, ...]:
    """`words` with a part, or a whole sentence, in the place of each {}."""
    said: list[Part] = []
    between = iter(parts)
    for number, piece in enumerate(words.split("{}")):
        if number:
            part = next(between)
            said += [part] if isinstance(part, Part) else parts_of(part)
        said += parts_of(piece)
    return tuple(said)


def plain(sentence: Sentence) -> str:
    """`sentence` without markup: for logs, the terminal and tests."""
    return "".join(map(_plain, sentence))


def lines(*sentences: str | Sentence) -> Sentence:
    """The sentences that aren't empty, each on a line of its own."""
    return joined("\n", sentences)


def small(*sentences: str | Sentence) -> Sentence:
    """Likewise, in small print."""
    return lines(*((Small(parts_of(each)),) for each in sentences if each))


def joined(between: str, sentences: Iterable[str | Sentence]) -> Sentence:
    """The sentences that aren't empty, with `between` between them."""
    said: list[Part] = []
    for each in sentences:
        if each:
            said += [Text(between), *parts_of(each)] if said else parts_of(each)
    return tuple(said)


def parts_of(words: str | Sentence) -> Sentence:
    if isinstance(words, str):
        return (Text(words),) if words else ()
    return words


def _plain(part: Part) -> str:  # noqa: PLR0911  (a case for each kind of part)
    match part:
        case Text(text) | Code(text) | Words(text) | Strong(text) | Link(text):
            return text
        case Quote(text, max_chars):
            return shortened(text, max_chars)
        case Money(micros):
            return money(micros)
        case When(at) | Ago(at):
            return f"{at.day} {at:%b %Y, %H:%M %Z}"
        case Person(id_, name):
            return name or id_
        case Channel(id_) | Role(id_):
            return id_
        case Small() | Heading():
            return plain(part.parts)
        case PicturesLeft(count):
            return pictures_left(count)


_SIGNIFICANT_DIGITS = 3
# Durations are given in seconds up to this: "1 min" for 80 s would be a quarter off.
_SECONDS_UP_TO_S = 90


def money(micros: int) -> str:
    """Dollars with cents; below a dollar with three significant digits: $12.50, $0.0113."""
    dollars = Decimal(abs(micros)) / MICROS_PER_DOLLAR
    sign = "-" if micros < 0 else ""
    places = 2
    if 0 < abs(micros) < MICROS_PER_DOLLAR:
        places = max(2, _SIGNIFICANT_DIGITS - 1 - dollars.adjusted())
    rounded = dollars.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, cents = f"{rounded:f}".partition(".")
    return f"{sign}${int(whole):,}.{cents.rstrip('0'):0<2}"


def pictures(count: int) -> str:
    return counted(count, "picture")


def counted(count: int, one: str) -> str:
    """`count` things that are called `one`, and with an s where there are others than one."""
    return f"1 {one}" if count == 1 else f"{count:,} {one}s"


def pictures_left(count: int) -> str:
    return f"about {pictures(count)} left" if count else "no pictures left"


def duration(seconds: float) -> str:
    """A rounded duration, for estimates."""
    whole_s = max(1, round(seconds))
    if whole_s < _SECONDS_UP_TO_S:
        return f"{whole_s} s"
    hours, minutes = divmod(round(whole_s / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
