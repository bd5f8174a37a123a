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
from functools import cache, partial
from importlib.resources import files
from itertools import accumulate
from typing import Protocol

from bot.domain.moderation_policy import Tier
from bot.request.image_request import PROMPT_MAX_CHARS, ImageRequest

TEXT_MAX_CHARS = 2 * PROMPT_MAX_CHARS
# About a millisecond.
READ_AT_ONCE_MAX_CHARS = 400
GROWN_UP_YEARS = 18
# Shorter terms are found in too many other words once what is between their letters is gone.
SPELLED_MIN_CHARS = 4


def screen(
    prompt: str,
    negative: str = "",
    *,
    added: Sequence[str] = (),
    allowed: Sequence[str] = (),
) -> Tier:
    """The tier of a prompt. `added` and `allowed` are the community's own words.

    An allowed phrase excuses whatever of the soft tier lies within it, be it the screen's own or
    the community's; what is longer than the phrase counts, and so does all of the hard tier. The
    negative prompt is read for the hard tier only: nobody wants what is in it, but for those who
    put clothes there.
    """
    wanted, avoided = _Reading(prompt), _Reading(negative)
    if wanted.is_hard or avoided.is_hard or _evades(wanted, avoided):
        return Tier.HARD
    if not added and not (allowed and wanted.kinds & _SOFT):
        return Tier.SOFT if wanted.kinds & _SOFT else Tier.NONE
    is_soft = wanted.is_soft(_Phrases(added), _Phrases(allowed))
    return Tier.SOFT if is_soft else Tier.NONE


class OwnWords(Protocol):
    """A community's own lists."""

    @property
    def words_added(self) -> tuple[str, ...]: ...
    @property
    def words_allowed(self) -> tuple[str, ...]: ...


async def tier_of(request: ImageRequest, words: OwnWords) -> Tier:
    """The tier of a request; what takes long is read off the event loop."""
    return await tier_of_text(request.prompt, words, request.negative_prompt)


async def tier_of_text(prompt: str, words: OwnWords, negative: str = "") -> Tier:
    """As `tier_of`, of a prompt that nobody asks for."""
    added, allowed = words.words_added, words.words_allowed
    read = partial(screen, prompt, negative, added=added, allowed=allowed)
    if added or allowed or _is_long(prompt + negative):
        return await asyncio.to_thread(read)
    return read()


def _is_long(text: str) -> bool:
    """As it stands, or as it is read: the ligature U+FDFA is read as 18 letters."""
    limit = READ_AT_ONCE_MAX_CHARS
    return len(text) > limit or len(unicodedata.normalize("NFKC", text)) > limit


def _evades(wanted: "_Reading", avoided: "_Reading") -> bool:
    """What the prompt leaves open is asked for by what is to be kept out."""
    undressed = wanted.has_minor and "cover" in avoided.kinds
    made_younger = "explicit" in wanted.kinds and "grown" in avoided.kinds
    return undressed or made_younger


class _Phrases:
    """A community's own list. What is written without spaces is found inside other letters."""

    def __init__(self, phrases: Sequence[str]) -> None:
        known = [plain for phrase in phrases if (plain := _plain(phrase))]
        self.unspaced = tuple("".join(each.split()) for each in known if _UNSPACED.search(each))
        self.lexicon = _Lexicon((each, "own") for each in known if not _UNSPACED.search(each))
        self.joined = frozenset("".join(_words(each)) for each in known)


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
    text = files("bot.moderation").joinpath("screen_terms.json").read_text("utf-8")
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
        plain = self._plain = _plain(text[:TEXT_MAX_CHARS])
        joined = _SEPARATED.sub(lambda run: "".join(_words(run.group())), plain)
        self._readings = tuple(
            dict.fromkeys(words for text in {plain, joined} for words in _readings(text))
        )
        spelled = {kind for _, kind in _spelled_out(plain)}
        self._apart = {*spelled, *_without_spaces(plain)}
        if _has_young_age(plain) or any(map(_says_young_age, self._readings)):
            self._apart.add("minor")
        self.kinds = frozenset(self._kinds())

    @property
    def is_hard(self) -> bool:
        if "hard" in self.kinds or (self.has_minor and self.kinds & _SOFT):
            return True
        return {"youth", "explicit"} <= self.kinds

    @property
    def has_minor(self) -> bool:
        return "minor" in self.kinds

    def _kinds(self) -> Iterator[str]:
        yield from self._apart
        for words in self._readings:
            yield from _kinds_outside(words, _spans(words, _terms().excuses))

    def is_soft(self, added: _Phrases, allowed: _Phrases) -> bool:
        """Whether anything of the soft tier, or of `added`, is in no phrase of `allowed`."""
        if any(self._has_soft_words(words, added, allowed) for words in self._readings):
            return True
        spelled = {kind for term, kind in _spelled_out(self._plain) if term not in allowed.joined}
        unspaced = set(_without_spaces(self._plain, allowed.unspaced))
        if (spelled | unspaced) & _SOFT:
            return True
        text = "".join(self._plain.split())
        excused = _Covered(len(text), _found_in(text, allowed.unspaced))
        return any(span not in excused for span in _found_in(text, added.unspaced))

    @staticmethod
    def _has_soft_words(words: tuple[str, ...], added: _Phrases, allowed: _Phrases) -> bool:
        own_excuses = _spans(words, allowed.lexicon)
        excused = _Covered(len(words), own_excuses)
        if any(span not in excused for span in _spans(words, added.lexicon)):
            return True
        # Excuses of the screen itself hold for its own terms only.
        spans = [*own_excuses, *_spans(words, _terms().excuses)]
        return any(kind in _SOFT for kind in _kinds_outside(words, spans))


Span = tuple[int, int]


class _Covered:
    """What lies wholly within one of some spans."""

    def __init__(self, length: int, spans: Iterable[Span]) -> None:
        reach = [0] * (length + 1)
        for start, end in spans:
            reach[start] = max(reach[start], end)
        self._reach = tuple(accumulate(reach, max))

    def __contains__(self, span: Span) -> bool:
        return span[1] <= self._reach[span[0]]


def _spans(words: tuple[str, ...], lexicon: _Lexicon) -> list[Span]:
    return [(at, at + length) for at in range(len(words)) for length, _ in lexicon.at(words, at)]


def _kinds_outside(words: tuple[str, ...], excused: Iterable[Span]) -> Iterator[str]:
    """The kinds of all terms, but for those inside an excused phrase."""
    covered = _Covered(len(words), excused)
    for at in range(len(words)):
        for length, kind in _terms().lexicon.at(words, at):
            if (at, at + length) not in covered:
                yield kind


def _found_in(text: str, phrases: Iterable[str]) -> Iterator[Span]:
    for phrase in phrases:
        if phrase in text:
            yield from (found.span() for found in re.finditer(re.escape(phrase), text))


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
# Kana, Chinese characters, Thai: words stand without spaces.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
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


def _spelled_out(plain: str) -> Iterator[tuple[str, str]]:
    """Terms with something between all of their letters, "n u d e", and their kinds."""
    for run in _SEPARATED.findall(plain):
        letters = "".join(_words(run))
        for table in _DIGITS:
            meant = letters.translate(table)
            for term, kind in _terms().spelled.items():
                if term == meant or (len(term) >= SPELLED_MIN_CHARS and term in meant):
                    yield term, kind


def _without_spaces(plain: str, allowed: Sequence[str] = ()) -> Iterator[str]:
    """The kinds of terms in languages whose words stand without spaces."""
    if plain.isascii():
        return
    text = "".join(plain.split())
    excuses = (*_terms().unspaced["allowed"], *allowed)
    excused = _Covered(len(text), _found_in(text, excuses))
    for kind in _KINDS:
        if any(span not in excused for span in _found_in(text, _terms().unspaced[kind])):
            yield kind
