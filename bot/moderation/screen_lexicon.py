"""The words of the prompt screen: its own terms, and a community's."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate

_INVISIBLE = {"Cf", "Cc", "Cs", "Co"}
# Accents of Latin, Greek and Cyrillic letters. Japanese marks stay: they make other letters.
_ACCENTS = re.compile("[\u0300-\u036f]+")
# A word; a star inside it stands for a vowel.
_WORD = re.compile(r"[^\W_]+(?:\*[^\W_]+)?")
# Kana, Chinese characters, Thai: words stand without spaces.
UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


class Phrases:
    """A community's own list; phrases of languages without spaces are found inside any text."""

    def __init__(self, phrases: Sequence[str]) -> None:
        known = [plain for phrase in phrases if (plain := plain_text(phrase))]
        self.unspaced = tuple("".join(each.split()) for each in known if UNSPACED.search(each))
        self.lexicon = Lexicon((each, "own") for each in known if not UNSPACED.search(each))
        self.joined = frozenset("".join(words_in(each)) for each in known)


class Lexicon:
    """Phrases with their kinds, indexed by their first word."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self.entries = tuple(entries)
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for phrase, kind in self.entries:
            if words := tuple(words_in(plain_text(phrase))):
                self._by_first.setdefault(words[0], []).append((words, kind))
        for phrases in self._by_first.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))

    def at(self, words: tuple[str, ...], at: int) -> Iterator[tuple[int, str]]:
        """Length and kind of every phrase that begins at a word, the longest first."""
        for phrase, kind in self._by_first.get(words[at], ()):
            if words[at : at + len(phrase)] == phrase:
                yield len(phrase), kind

    def __contains__(self, word: str) -> bool:
        return word in self._by_first


@dataclass(frozen=True, slots=True)
class Terms:
    lexicon: Lexicon
    excuses: Lexicon
    spelled: Mapping[str, str]  # a term without its spaces → its kind
    unspaced: Mapping[str, tuple[str, ...]]  # of languages that put no spaces between words


KINDS = ("hard", "minor", "youth", "explicit", "suggestive", "cover", "grown")
# Kinds that are also looked for spelled out letter by letter.
_SPELLED = ("hard", "minor", "explicit", "suggestive")
SOFT = frozenset({"explicit", "suggestive"})
_UNSPACED_LANGUAGE = "ja"


def _data() -> dict[str, dict[str, list[str]]]:
    text = files("bot.moderation").joinpath("screen_terms.json").read_text("utf-8")
    data: dict[str, dict[str, list[str]]] = json.loads(text)
    return data


@cache
def known_terms() -> Terms:
    languages = _data()["languages"]
    unspaced: Mapping[str, list[str]] = languages[_UNSPACED_LANGUAGE]  # type: ignore[assignment]
    spaced: list[Mapping[str, list[str]]] = [
        terms  # type: ignore[misc]
        for name, terms in languages.items()
        if name != _UNSPACED_LANGUAGE
    ]
    entries = [(term, kind) for terms in spaced for kind in KINDS for term in terms[kind]]
    return Terms(
        lexicon=Lexicon(entries),
        excuses=Lexicon((phrase, "allowed") for terms in spaced for phrase in terms["allowed"]),
        spelled={term.replace(" ", ""): kind for term, kind in entries if kind in _SPELLED},
        unspaced={kind: tuple(map(plain_text, terms)) for kind, terms in unspaced.items()},
    )


Span = tuple[int, int]


class Covered:
    """Tells whether a span lies wholly within one of `spans`."""

    def __init__(self, length: int, spans: Iterable[Span]) -> None:
        reach = [0] * (length + 1)
        for start, end in spans:
            reach[start] = max(reach[start], end)
        self._reach = tuple(accumulate(reach, max))

    def __contains__(self, span: Span) -> bool:
        return span[1] <= self._reach[span[0]]


def spans_of(words: tuple[str, ...], lexicon: Lexicon) -> list[Span]:
    return [(at, at + length) for at in range(len(words)) for length, _ in lexicon.at(words, at)]


def found_in(text: str, phrases: Iterable[str]) -> Iterator[Span]:
    for phrase in phrases:
        if phrase in text:
            yield from (found.span() for found in re.finditer(re.escape(phrase), text))


@cache
def _lookalikes() -> dict[int, str]:
    """Letters that look like Latin ones (other scripts, and ø and the like) → the Latin ones."""
    pairs: Mapping[str, str] = _data()["lookalikes"]  # type: ignore[assignment]
    return {ord(letter): latin for letter, latin in pairs.items()}


def plain_text(text: str) -> str:
    """`text` normalised: lower case, without accents, widths, invisible and lookalike letters."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return text
    text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text).translate(_lookalikes())


def words_in(text: str) -> list[str]:
    return _WORD.findall(text)
