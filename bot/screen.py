"""The prompt screen: words that are refused, and words that the community's policy is for.

Two tiers. Hard: sexual terms together with minors; refused everywhere, with no way around it, and
never repeated to anybody. Soft: sexual terms alone; the policy of the place decides. It reads
English, German, Spanish, French and Japanese, the languages that the commands speak, in any
mixture. The terms are in screen_terms.json.
"""

import asyncio
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from importlib.resources import files
from typing import Protocol

from bot.request import ImageRequest

# Twice the longest prompt that the grammar takes.
TEXT_MAX_CHARS = 6_000
# About a millisecond.
READ_AT_ONCE_MAX_CHARS = 400
GROWN_UP_YEARS = 18
# Shorter terms are found in too many other words once what is between their letters is gone.
SPELLED_MIN_CHARS = 4


class Tier(StrEnum):
    NONE = "none"
    SOFT = "soft"
    HARD = "hard"


def screen(
    prompt: str,
    negative: str = "",
    *,
    added: Sequence[str] = (),
    allowed: Sequence[str] = (),
) -> Tier:
    """The tier of a prompt. `added` and `allowed` are the community's own words.

    `allowed` excuses words of the soft tier, never those of the hard one. The negative prompt is
    read for the hard tier only: nobody wants what is in it, but for those who put clothes there.
    """
    wanted, avoided = _Reading(prompt), _Reading(negative)
    if wanted.is_hard or avoided.is_hard or _evades(wanted, avoided):
        return Tier.HARD
    soft = wanted.kinds & _SOFT
    if soft and allowed:
        own_excuses = ((word, "allowed") for word in allowed)
        soft = _SOFT & wanted.kinds_outside(_Lexicon([*_terms().excuses.entries, *own_excuses]))
    is_soft = soft or (added and wanted.has_any_of(_Lexicon((word, "own") for word in added)))
    return Tier.SOFT if is_soft else Tier.NONE


class OwnWords(Protocol):
    """A community's own lists."""

    @property
    def words_added(self) -> tuple[str, ...]: ...
    @property
    def words_allowed(self) -> tuple[str, ...]: ...


async def tier_of(request: ImageRequest, words: OwnWords) -> Tier:
    """The tier of a request; what is long is read off the event loop."""
    read = partial(
        screen,
        request.prompt,
        request.negative_prompt,
        added=words.words_added,
        allowed=words.words_allowed,
    )
    is_short = len(request.prompt) + len(request.negative_prompt) <= READ_AT_ONCE_MAX_CHARS
    return read() if is_short and not words.words_added else await asyncio.to_thread(read)


def _evades(wanted: "_Reading", avoided: "_Reading") -> bool:
    """What the prompt leaves open is asked for by what is to be kept out."""
    undressed = wanted.has_minor and "cover" in avoided.kinds
    made_younger = "explicit" in wanted.kinds and "grown" in avoided.kinds
    return undressed or made_younger


class _Lexicon:
    """Phrases, each of a kind, found by their first word."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self.entries = tuple(entries)
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for phrase, kind in self.entries:
            if words := tuple(_words(_plain(phrase))):
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
class _Terms:
    lexicon: _Lexicon
    excuses: _Lexicon
    spelled: Mapping[str, str]  # a term without its spaces → its kind
    unspaced: Mapping[str, tuple[str, ...]]  # of languages that put no spaces between words


_KINDS = ("hard", "minor", "youth", "explicit", "suggestive", "cover", "grown")
# What counts when it is spelled out letter by letter.
_SPELLED = ("hard", "minor", "explicit", "suggestive")
_SOFT = frozenset({"explicit", "suggestive"})
_UNSPACED_LANGUAGE = "ja"


def _data() -> dict[str, dict[str, list[str]]]:
    text = files("bot").joinpath("screen_terms.json").read_text("utf-8")
    data: dict[str, dict[str, list[str]]] = json.loads(text)
    return data


@cache
def _terms() -> _Terms:
    languages = _data()["languages"]
    unspaced: Mapping[str, list[str]] = languages[_UNSPACED_LANGUAGE]  # type: ignore[assignment]
    spaced: list[Mapping[str, list[str]]] = [
        terms  # type: ignore[misc]
        for name, terms in languages.items()
        if name != _UNSPACED_LANGUAGE
    ]
    entries = [(term, kind) for terms in spaced for kind in _KINDS for term in terms[kind]]
    return _Terms(
        lexicon=_Lexicon(entries),
        excuses=_Lexicon((phrase, "allowed") for terms in spaced for phrase in terms["allowed"]),
        spelled={term.replace(" ", ""): kind for term, kind in entries if kind in _SPELLED},
        unspaced={kind: tuple(map(_plain, terms)) for kind, terms in unspaced.items()},
    )


class _Reading:
    """One text, read in every way that people write around a list of words."""

    def __init__(self, text: str) -> None:
        plain = _plain(text[:TEXT_MAX_CHARS])
        joined = _SEPARATED.sub(lambda run: "".join(_words(run.group())), plain)
        self._readings = tuple(
            dict.fromkeys(words for text in {plain, joined} for words in _readings(text))
        )
        self._apart = {*_spelled_out(plain), *_without_spaces(plain)}
        if _has_young_age(plain) or any(map(_says_young_age, self._readings)):
            self._apart.add("minor")
        self.kinds = self.kinds_outside(_terms().excuses)

    @property
    def is_hard(self) -> bool:
        if "hard" in self.kinds or (self.has_minor and self.kinds & _SOFT):
            return True
        return {"youth", "explicit"} <= self.kinds

    @property
    def has_minor(self) -> bool:
        return "minor" in self.kinds

    def kinds_outside(self, excuses: _Lexicon) -> frozenset[str]:
        """The kinds of all terms, but for those inside an excused phrase."""
        found = set(self._apart)
        for words in self._readings:
            for run in _outside(words, excuses):
                found.update(kind for at in range(len(run)) for _, kind in _found_at(run, at))
        return frozenset(found)

    def has_any_of(self, lexicon: _Lexicon) -> bool:
        return any(
            any(lexicon.at(words, at)) for words in self._readings for at in range(len(words))
        )


def _found_at(words: tuple[str, ...], at: int) -> Iterator[tuple[int, str]]:
    return _terms().lexicon.at(words, at)


def _outside(words: tuple[str, ...], excuses: _Lexicon) -> Iterator[tuple[str, ...]]:
    """The runs of words between the excused phrases."""
    start = at = 0
    while at < len(words):
        length = next((length for length, _ in excuses.at(words, at)), 0)
        if length:
            yield words[start:at]
            start = at + length
        at += length or 1
    yield words[start:]


def _has_young_age(plain: str) -> bool:
    ages = (int(age) for pattern in _AGES for age in pattern.findall(plain))
    return any(0 < age < GROWN_UP_YEARS for age in ages)


def _says_young_age(words: tuple[str, ...]) -> bool:
    return bool(_AGE_IN_WORDS.search(" ".join(words)))


_AGES = (
    re.compile(r"(?<!\d)(\d{1,2})[\s-]*(?:years?|yrs?|y)[\s.-]*(?:olds?|o)(?![a-z])"),
    re.compile(r"(?<!\d)(\d{1,2})\s?(?:y/o|yro)(?![a-z])"),
    re.compile(r"\baged?\s*(?:of\s*)?:?\s*(\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(\d{1,2})[\s-]*(?:jahrig|jahre?\s*alt)"),
    re.compile(r"(?<!\d)(\d{1,2})\s*an(?:o|os|s)(?![a-z])"),
    re.compile(r"(?<!\d)(\d{1,2})\s*[歳才]"),
)
_AGE_IN_WORDS = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen) ?years? ?olds?\b"
)

# --- reading ---------------------------------------------------------------------------------

_INVISIBLE = {"Cf", "Cc", "Cs", "Co"}
# Accents of Latin, Greek and Cyrillic letters; those of Japanese make another letter.
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SYMBOLS = str.maketrans("@$!|€£¡", "asilefi")
# At the end of a word an exclamation mark is one.
_SYMBOL_AS_LETTER = re.compile(r"[@$!|€£¡]+(?=[^\W\d_])|(?<=[^\W\d_])[@$€£]+")
# A one stands for two letters.
_DIGITS = (str.maketrans("013456789", "oieasbtbg"), str.maketrans("013456789", "oleasbtbg"))
# A star stands for a vowel.
_WORD = re.compile(r"[^\W_]+(?:\*[^\W_]+)?")
# "4k", "35mm", "2nd", "f16" are what they are.
_MEASURE = re.compile(
    r"\d+(?:st|nd|rd|th|[kmc]?m|px|[km]?p|k?g|m?l|[kx]|[0-9]*d|hz|s|y|yo)|[a-z]\d+"
)
_THREE_ALIKE = re.compile(r"([^\W\d_])\1{2,}")
_SEPARATED = re.compile(r"(?<![^\W_])(?:[^\W_][\s.\-_,/\\|+~'•·]{1,3}){2,}[^\W_](?![^\W_])")


@cache
def _lookalikes() -> dict[int, str]:
    """Letters of other scripts, and those without an accent to lose → the Latin ones they ape."""
    pairs: Mapping[str, str] = _data()["lookalikes"]  # type: ignore[assignment]
    return {ord(letter): latin for letter, latin in pairs.items()}


def _plain(text: str) -> str:
    """`text` without what the eye doesn't see: cases, accents, widths, scripts that look alike."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return text
    text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text).translate(_lookalikes())


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _readings(plain: str) -> Iterator[tuple[str, ...]]:
    """The words of a text as they stand, and as they were meant."""
    yield tuple(_words(plain))
    words = _words(_SYMBOL_AS_LETTER.sub(lambda found: found.group().translate(_SYMBOLS), plain))
    for table in _DIGITS:
        meant = [_unmasked(_letters(word, table)) for word in words]
        yield tuple(_THREE_ALIKE.sub(r"\1", word) for word in meant)
        yield tuple(_THREE_ALIKE.sub(r"\1\1", word) for word in meant)


def _letters(word: str, table: Mapping[int, int]) -> str:
    """Digits inside a word as the letters that they stand for; a number stays one."""
    if word.isalpha() or word.isdecimal() or _MEASURE.fullmatch(word):
        return word
    return word.translate(table)


def _unmasked(word: str) -> str:
    head, star, tail = word.partition("*")
    if not star:
        return word
    known = _terms().lexicon
    return next((full for v in "aeiou" if (full := f"{head}{v}{tail}") in known), head + tail)


def _spelled_out(plain: str) -> Iterator[str]:
    """The kinds of terms with something between all of their letters: "n u d e", "n.u.d.e"."""
    for run in _SEPARATED.findall(plain):
        letters = "".join(_words(run))
        for table in _DIGITS:
            meant = letters.translate(table)
            for term, kind in _terms().spelled.items():
                if term == meant or (len(term) >= SPELLED_MIN_CHARS and term in meant):
                    yield kind


def _without_spaces(plain: str) -> Iterator[str]:
    """The kinds of terms in languages whose words stand without spaces."""
    if plain.isascii():
        return
    text = "".join(plain.split())
    for excuse in _terms().unspaced["allowed"]:
        text = text.replace(excuse, "\n")
    for kind in _KINDS:
        if any(term in text for term in _terms().unspaced[kind]):
            yield kind
