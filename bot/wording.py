"""Every sentence that people read. Typed parts; each `render.py` makes its platform's markup."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import BotError


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Something to type, or a value."""

    text: str


@dataclass(frozen=True, slots=True)
class Money:
    micros: int


@dataclass(frozen=True, slots=True)
class When:
    at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PicturesLeft:
    """ "about 8 pictures left" """

    count: int


Part = Text | Code | Money | When | Person | PicturesLeft
Sentence = Sequence[Part]


def explain(error: BotError) -> Sentence:
    """What the person who asked reads when `error` ended their request."""
    raise NotImplementedError


def plain(sentence: Sentence) -> str:
    """`sentence` without markup: for logs, the terminal and tests."""
    raise NotImplementedError
