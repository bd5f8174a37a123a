"""Which terms a disguised word stands for: misspelt, doubled, masked, or glued to others."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from bot.moderation.screen.lexicon import Kind, known_terms

# In shorter terms a missing letter, or another vowel, leaves too many other words.
MISSING_MIN_CHARS = 5
OTHER_VOWEL_MIN_CHARS = 6
BACKWARDS_MIN_CHARS = 5  # "soda" and "lana" are words
# The shortest part of a glued word, and the shortest such word.
PART_MIN_CHARS = 3
GLUED_MIN_CHARS = 5
# Of a glued word this much is read; German's longest compounds have about 60 letters.
GLUED_MAX_CHARS = 120
_DOUBLED = re.compile(r"([^\W\d_])\1+")
_VOWELS = "aeiou"
_MINORS = frozenset({Kind.MINOR, Kind.YOUTH})
_SEXUAL = frozenset({Kind.EXPLICIT, Kind.NUDITY, Kind.SEX})
# Kinds that are looked for in disguise; the others are no evasion.
DISGUISED = _MINORS | _SEXUAL | {Kind.HARD}
Kinds = frozenset[Kind]
_NONE: Kinds = frozenset()
_loading = Lock()


def load() -> None:
    """Make the tables, about a third of a second of work; whoever comes meanwhile waits for it."""
    with _loading:
        for table in _tables():
            table()


def is_loaded() -> bool:
    return all(table.cache_info().currsize for table in _tables())


def _tables() -> tuple[Any, ...]:
    return known_terms, _disguises, splittable, _by_shape, _parts, _heads


# Most words of prompts come again; the longest of a prompt are cut before.
@lru_cache(maxsize=8192)
def kinds_of(word: str) -> Kinds:
    """The kinds of a word as it stands, or else as what it disguises."""
    known = known_terms()
    if found := known.kinds.get(word):
        return found
    if "*" in word:
        return _masked(word)
    if len(word) <= PART_MIN_CHARS or word in known.ordinary or word in known.fillers:
        return _NONE
    return _misspelt(word) or _glued(word)


def _misspelt(word: str) -> Kinds:
    table = _disguises()
    if found := table.get(word):
        return found
    return table.get("~" + _sound(word), _NONE)


def _sound(word: str) -> str:
    """The same for words that sound alike, or differ by doubled letters."""
    word = word.replace("ph", "f").translate(known_terms().confusions)
    return _DOUBLED.sub(r"\1", word)


@cache
def _disguises() -> Mapping[str, Kinds]:
    """Disguised spellings → kinds; those by sound begin with a tilde."""
    found: dict[str, Kinds] = {}
    known = known_terms()
    for terms in (known.kinds, known.joined):
        for term, kinds in terms.items():
            if (kinds := kinds & DISGUISED) and len(term) > PART_MIN_CHARS:
                for spelling in (term, "~" + _sound(term), *_slips(term)):
                    found[spelling] = found.get(spelling, _NONE) | kinds
    return {word: kinds for word, kinds in found.items() if word not in known.ordinary}


def _slips(term: str) -> Iterator[str]:
    """`term` backwards, with two letters swapped, one missing, or one vowel for another."""
    if len(term) >= BACKWARDS_MIN_CHARS:
        yield term[::-1]
    for at in range(len(term) - 1):
        yield term[:at] + term[at + 1] + term[at] + term[at + 2 :]
    if len(term) >= MISSING_MIN_CHARS:
        yield from (term[:at] + term[at + 1 :] for at in range(1, len(term)))
    if len(term) >= OTHER_VOWEL_MIN_CHARS:
        for at, letter in enumerate(term):
            if letter in _VOWELS:
                yield from (term[:at] + vowel + term[at + 1 :] for vowel in _VOWELS)


@cache
def splittable() -> frozenset[str]:
    """Terms that are looked for in two or three parts."""
    kinds = known_terms().kinds.items()
    return frozenset(t for t, own in kinds if own & DISGUISED and len(t) >= PART_MIN_CHARS)


def _masked(word: str) -> Kinds:
    """Of a word with stars for letters."""
    pattern = re.compile(re.escape(word).replace(r"\*", "[a-z]"))
    candidates = _by_shape().get((len(word), word[0]), ())
    return next((known_terms().kinds[t] for t in candidates if pattern.fullmatch(t)), _NONE)


@cache
def _by_shape() -> Mapping[tuple[int, str], list[str]]:
    found: dict[tuple[int, str], list[str]] = {}
    for term, kinds in known_terms().kinds.items():
        if kinds & DISGUISED:
            found.setdefault((len(term), term[0]), []).append(term)
    return found


# --- glued words ----------------------------------------------------------------------------------


@cache
def _parts() -> tuple[Mapping[str, Kinds], int]:
    """What a glued word may consist of, and the length of the longest."""
    known = known_terms()
    terms = {**known.joined, **known.kinds}
    parts = {term: kinds & DISGUISED for term, kinds in terms.items() if kinds & DISGUISED}
    parts = {**dict.fromkeys(known.fillers, _NONE), **parts}
    return parts, max(map(len, parts))


@cache
def _heads() -> frozenset[str]:
    """The beginnings of all terms, so that most words are passed at once."""
    return frozenset(part[:PART_MIN_CHARS] for part, kinds in _parts()[0].items() if kinds)


def _glued(word: str) -> Kinds:
    """Of a word made of terms and fillers, or with a minor's and a sexual one side by side."""
    word = word[:GLUED_MAX_CHARS]
    places = range(len(word) - PART_MIN_CHARS + 1)
    if len(word) < GLUED_MIN_CHARS or not word.isalpha() or len(set(word)) == 1:
        return _NONE
    if not any(word[at : at + PART_MIN_CHARS] in _heads() for at in places):
        return _NONE
    rows = _rows(word)
    both = next(
        (kinds for ends in rows for _, kinds in ends if kinds & _MINORS and kinds & _SEXUAL), _NONE
    )
    return both or next((kinds for begun, kinds in rows[-1] if begun and kinds & _SEXUAL), _NONE)


def terms_within(letters: str) -> Iterator[str]:
    """The terms in a row of letters, from the left and the longest of each place.

    There are none in "x x x", which is a number or a kiss.
    """
    parts, longest = _parts()
    at = 0 if len(set(letters)) > 1 else len(letters)
    while at < len(letters):
        ends = range(min(len(letters), at + longest), at + PART_MIN_CHARS - 1, -1)
        end = next((end for end in ends if parts.get(letters[at:end])), None)
        if end is not None:
            yield letters[at:end]
        at = at + 1 if end is None else end


def _rows(word: str) -> list[set[tuple[bool, Kinds]]]:
    """For each place the rows of parts that end there: whether one begins the word, its kinds."""
    parts, longest = _parts()
    rows: list[set[tuple[bool, Kinds]]] = [set() for _ in range(len(word) + 1)]
    for at in range(len(word)):
        for end in range(at + 1, min(len(word), at + longest) + 1):
            kinds = parts.get(word[at:end])
            if kinds is None:
                continue
            rows[end] |= {(begun, before | kinds) for begun, before in rows[at]}
            if at == 0 or (kinds and end - at >= PART_MIN_CHARS):
                rows[end].add((at == 0, kinds))
    return rows
