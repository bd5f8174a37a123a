"""The words that a text may be meant to say, in spite of the ways to disguise them."""

import re
from collections.abc import Iterator

from bot.moderation.screen.lexicon import WORD, compatible, known_terms, plain_text
from bot.moderation.screen.spelling import kinds_of, splittable, terms_within

# The words in their order, and for each the number of its clause.
Words = tuple[tuple[str, ...], tuple[int, ...]]

# A small letter before a capital: the words of "nakedEye".
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# A capital i after a small letter, which looks like an l: "loIi".
_CAPITAL_I = re.compile(r"(?<=[a-z])I(?=[a-z])")
# A word with marks within, "na-ked", but none that part tags and clauses.
_MARKED = re.compile(r"(?<![^\W_])[^\W_]+(?:[^\w\s,;:()\[\]{}<>*?!]{1,2}[^\W_]+)+")
_LETTER = r"[^\W_]"
_BETWEEN = r"[\s.\-_,/\\|+~'•·*:;()\[\]{}]{1,3}"
# Single letters with the same between all of them, and then with anything.
_SPREAD_ALIKE = re.compile(
    rf"(?<!{_LETTER}){_LETTER}({_BETWEEN}){_LETTER}(?:\1{_LETTER})+(?!{_LETTER})"
)
_SPREAD = re.compile(rf"(?<!{_LETTER})(?:{_LETTER}{_BETWEEN}){{2,}}{_LETTER}(?!{_LETTER})")
_NO_LETTER = re.compile(r"[\W_]+")
_ENDS_CLAUSE = re.compile(r"[,.;!?\n|]")

_SYMBOLS = str.maketrans("@$!|€£¡¢", "asilefic")
# Symbols that stand for letters; at the end of a word "!" and "|" don't.
_SYMBOL_AS_LETTER = re.compile(r"[@$!|€£¡¢]+(?=[^\W\d_])|(?<=[^\W\d_])[@$€£¢]+")
# Two tables, because 1 may stand for i or l.
_DIGITS = (str.maketrans("013456789", "oieasbtbg"), str.maketrans("013456789", "oleasbtbg"))
# Measures like "4k", "35mm", "2nd" and "f16", whose digits stand for no letters.
_MEASURE = re.compile(
    r"\d+(?:st|nd|rd|th|[kmc]?m|px|[km]?p|k?g|m?l|[kx]|[0-9]*d|hz|s|y|yo|yrs?|f|girls?|boys?)"
    r"|[a-z]\d+"
)
# The shortest term that is put together from parts.
SPLIT_MIN_CHARS = 4
_THREE_ALIKE = re.compile(r"([^\W\d_])\1{2,}")


def variants(text: str, plain: str) -> Iterator[str]:
    """A text as somebody may mean it who hides words between others, or spreads their letters."""
    seen = compatible(text)
    if _CAPITAL_I.search(seen):
        yield plain_text(_CAPITAL_I.sub("l", seen))
    apart = _CAMEL.sub(" ", seen)
    if apart.casefold() != text.casefold():
        yield plain_text(apart)
    together = _SPREAD_ALIKE.sub(_letters_of, plain)
    together = _SPREAD.sub(_letters_of, together)
    yield together
    yield _MARKED.sub(_unmarked, plain)


def _unmarked(word: re.Match[str]) -> str:
    """A word without marks between its letters, if it is a term then."""
    letters = _NO_LETTER.sub("", word.group())
    return letters if kinds_of(letters) else word.group()


def _letters_of(run: re.Match[str]) -> str:
    """The terms that spread letters hold, or else their letters as a word."""
    letters = _NO_LETTER.sub("", run.group())
    return " ".join(terms_within(letters)) or letters


def lines(plain: str) -> Iterator[Words]:
    """The words of a text as written, then with digits, symbols and halves read as words."""
    words, clauses = _words(plain)
    yield words, clauses
    rejoined, theirs = _rejoined(words, clauses)
    yield tuple(rejoined), tuple(theirs)
    if not _UNUSUAL.search(plain):
        return
    meant = _SYMBOL_AS_LETTER.sub(lambda found: found.group().translate(_SYMBOLS), plain)
    words, clauses = _words(meant)
    for table, alike in zip(_DIGITS, (r"\1", r"\1\1"), strict=True):
        yield tuple(_THREE_ALIKE.sub(alike, _letters(word, table)) for word in words), clauses


_UNUSUAL = re.compile(r"[\d@$!|€£¡¢]|([^\W\d_])\1\1")


def _words(plain: str) -> Words:
    words: list[str] = []
    clauses: list[int] = []
    for number, clause in enumerate(_ENDS_CLAUSE.split(plain)):
        found = WORD.findall(clause)
        words += found
        clauses += [number] * len(found)
    return tuple(words), tuple(clauses)


def _rejoined(words: tuple[str, ...], clauses: tuple[int, ...]) -> tuple[list[str], list[int]]:
    """The words, and their clauses, with halves of terms put together: "na ked"."""
    whole, theirs, at = [], [], 0
    while at < len(words):
        parts = next((n for n in (2, 3) if _is_split(words[at : at + n], n)), 1)
        count = parts if clauses[at] == clauses[at + parts - 1] else 1
        whole.append("".join(words[at : at + count]))
        theirs.append(clauses[at])
        at += count
    return whole, theirs


def _is_split(parts: tuple[str, ...], count: int) -> bool:
    """Whether these words are the parts of a term: none by itself, and nothing people write so."""
    whole = "".join(parts)
    if whole not in splittable() or len(parts) < count or len(whole) < SPLIT_MIN_CHARS:
        return False
    return " ".join(parts) not in known_terms().ordinary and splittable().isdisjoint(parts)


def _letters(word: str, table: dict[int, int]) -> str:
    """`word` with its digits read as letters; numbers and measures stay as they are."""
    if word.isalpha() or word.isdecimal() or _MEASURE.fullmatch(word):
        return word
    return word.translate(table)
