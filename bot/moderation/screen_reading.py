"""How the prompt screen reads a text, in spite of the ways to disguise words."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.moderation.screen_lexicon import (
    KINDS,
    SOFT,
    Covered,
    Phrases,
    Span,
    found_in,
    known_terms,
    plain_text,
    spans_of,
    words_in,
)
from bot.request.image_request import PROMPT_MAX_CHARS

TEXT_MAX_CHARS = 2 * PROMPT_MAX_CHARS
GROWN_UP_YEARS = 18
# Shorter spelled-out terms would be found inside too many other runs of letters.
SPELLED_MIN_CHARS = 4


class Reading:
    """One text, and the kinds of terms in all its possible readings."""

    def __init__(self, text: str) -> None:
        plain = self._plain = plain_text(text[:TEXT_MAX_CHARS])
        joined = _SEPARATED.sub(lambda run: "".join(words_in(run.group())), plain)
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
        if "hard" in self.kinds or (self.has_minor and self.kinds & SOFT):
            return True
        return {"youth", "explicit"} <= self.kinds

    @property
    def has_minor(self) -> bool:
        return "minor" in self.kinds

    def _kinds(self) -> Iterator[str]:
        yield from self._apart
        for words in self._readings:
            yield from _kinds_outside(words, spans_of(words, known_terms().excuses))

    def is_soft(self, added: Phrases, allowed: Phrases) -> bool:
        """Whether anything of the soft tier, or of `added`, is in no phrase of `allowed`."""
        if any(self._has_soft_words(words, added, allowed) for words in self._readings):
            return True
        spelled = {kind for term, kind in _spelled_out(self._plain) if term not in allowed.joined}
        unspaced = set(_without_spaces(self._plain, allowed.unspaced))
        if (spelled | unspaced) & SOFT:
            return True
        text = "".join(self._plain.split())
        excused = Covered(len(text), found_in(text, allowed.unspaced))
        return any(span not in excused for span in found_in(text, added.unspaced))

    @staticmethod
    def _has_soft_words(words: tuple[str, ...], added: Phrases, allowed: Phrases) -> bool:
        own_excuses = spans_of(words, allowed.lexicon)
        excused = Covered(len(words), own_excuses)
        if any(span not in excused for span in spans_of(words, added.lexicon)):
            return True
        # The screen's own excuses hold for its own terms only.
        spans = [*own_excuses, *spans_of(words, known_terms().excuses)]
        return any(kind in SOFT for kind in _kinds_outside(words, spans))


def _kinds_outside(words: tuple[str, ...], excused: Iterable[Span]) -> Iterator[str]:
    """The kinds of all terms, but for those inside an excused phrase."""
    covered = Covered(len(words), excused)
    for at in range(len(words)):
        for length, kind in known_terms().lexicon.at(words, at):
            if (at, at + length) not in covered:
                yield kind


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

_SYMBOLS = str.maketrans("@$!|€£¡", "asilefi")
# Symbols that stand for letters; at the end of a word "!" and "|" don't.
_SYMBOL_AS_LETTER = re.compile(r"[@$!|€£¡]+(?=[^\W\d_])|(?<=[^\W\d_])[@$€£]+")
# Two tables, because 1 may stand for i or l.
_DIGITS = (str.maketrans("013456789", "oieasbtbg"), str.maketrans("013456789", "oleasbtbg"))
# Measures like "4k", "35mm", "2nd" and "f16", whose digits stand for no letters.
_MEASURE = re.compile(
    r"\d+(?:st|nd|rd|th|[kmc]?m|px|[km]?p|k?g|m?l|[kx]|[0-9]*d|hz|s|y|yo)|[a-z]\d+"
)
_THREE_ALIKE = re.compile(r"([^\W\d_])\1{2,}")
_SEPARATED = re.compile(r"(?<![^\W_])(?:[^\W_][\s.\-_,/\\|+~'•·]{1,3}){2,}[^\W_](?![^\W_])")


def _readings(plain: str) -> Iterator[tuple[str, ...]]:
    """The words of a text as written, then with symbols and digits read as letters."""
    yield tuple(words_in(plain))
    words = words_in(_SYMBOL_AS_LETTER.sub(lambda found: found.group().translate(_SYMBOLS), plain))
    for table in _DIGITS:
        meant = [_unmasked(_letters(word, table)) for word in words]
        yield tuple(_THREE_ALIKE.sub(r"\1", word) for word in meant)
        yield tuple(_THREE_ALIKE.sub(r"\1\1", word) for word in meant)


def _letters(word: str, table: Mapping[int, int]) -> str:
    """`word` with its digits read as letters; numbers and measures stay as they are."""
    if word.isalpha() or word.isdecimal() or _MEASURE.fullmatch(word):
        return word
    return word.translate(table)


def _unmasked(word: str) -> str:
    head, star, tail = word.partition("*")
    if not star:
        return word
    known = known_terms().lexicon
    return next((full for v in "aeiou" if (full := f"{head}{v}{tail}") in known), head + tail)


def _spelled_out(plain: str) -> Iterator[tuple[str, str]]:
    """Terms with something between all of their letters, "n u d e", and their kinds."""
    for run in _SEPARATED.findall(plain):
        letters = "".join(words_in(run))
        for table in _DIGITS:
            meant = letters.translate(table)
            for term, kind in known_terms().spelled.items():
                if term == meant or (len(term) >= SPELLED_MIN_CHARS and term in meant):
                    yield term, kind


def _without_spaces(plain: str, allowed: Sequence[str] = ()) -> Iterator[str]:
    """The kinds of terms in languages whose words stand without spaces."""
    if plain.isascii():
        return
    text = "".join(plain.split())
    excuses = (*known_terms().unspaced["allowed"], *allowed)
    excused = Covered(len(text), found_in(text, excuses))
    for kind in KINDS:
        if any(span not in excused for span in found_in(text, known_terms().unspaced[kind])):
            yield kind
