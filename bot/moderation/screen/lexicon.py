"""The words of the prompt screen: its own terms, and a community's."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Any

_INVISIBLE = {"Cf", "Cc", "Cs", "Co"}
# Letters and a pattern that print nothing.
_BLANK = dict.fromkeys([0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0])
# Accents, rings, keycaps and other marks. Japanese marks stay: they make other letters.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f]+"
)
# What Unicode calls the variants of Latin letters: turned, hooked, in black squares, of flags.
_LATIN_NAME = re.compile(
    r"(?:(?:NEGATIVE )?(?:SQUARED |CIRCLED )?LATIN|REGIONAL INDICATOR SYMBOL)"
    r" (?:CAPITAL |SMALL )?LETTER (?:(?:SMALL CAPITAL|TURNED|REVERSED|OPEN|INSULAR) )*([A-Z])"
    r"(?: WITH .*)?"
)
# A word; stars inside it stand for a letter each.
WORD = re.compile(r"[^\W_]+(?:\*{1,3}[^\W_]+)*")
# Kana, Chinese characters, Thai: words stand without spaces.
UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
# Katakana as hiragana; each sound has a letter in both, in the same order.
_KANA = {ord("ァ") + i: ord("ぁ") + i for i in range(ord("ヶ") - ord("ァ") + 1)}
# Phrases and squared words that NFKC makes up to 18 letters of; no word of theirs is looked for.
_GROWING = dict.fromkeys(
    [*range(0xFDF0, 0xFDFD), *range(0x3300, 0x3358), *range(0x337B, 0x3380)], " "
)
# As German writes umlauts where there are none on the keyboard.
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Kind(StrEnum):
    """What a term says. The data groups terms by it."""

    HARD = "hard"  # refused alone
    OFFENDER = "offender"  # names the crime
    MINOR = "minor"  # somebody under age
    INFANT = "infant"  # a minor, too
    YOUTH = "youth"  # girl, boy, daughter: mostly under age
    PERHAPS = "perhaps"  # young, student, 1girl
    EXPLICIT = "explicit"  # sexual, and nothing else
    NUDITY = "nudity"  # said of animals and walls, too
    SEX = "sex"  # the act, or the trait
    ORGAN = "organ"
    SUGGESTIVE = "suggestive"
    FAINT = "faint"  # counts as explicit beside something NEEDED
    NEEDED = "needed"
    GORE = "gore"
    PERSON = "person"  # of no certain age
    COVER = "cover"
    GROWN = "grown"
    EXCUSE = "excuse"  # a phrase whose words don't count


class Phrases:
    """A community's own list; phrases of languages without spaces are found inside any text."""

    def __init__(self, phrases: Sequence[str]) -> None:
        known = [plain for phrase in phrases if (plain := plain_text(phrase))]
        self.unspaced = tuple("".join(each.split()) for each in known if UNSPACED.search(each))
        self.lexicon = Lexicon((each, "own") for each in known if not UNSPACED.search(each))


class Lexicon:
    """Phrases with their kinds, indexed by their first word."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for phrase, kind in entries:
            if words := tuple(words_in(phrase)):
                self._by_first.setdefault(words[0], []).append((words, kind))
        for phrases in self._by_first.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))

    def at(self, words: Sequence[str], at: int) -> Iterator[tuple[int, str]]:
        """Length and kind of every phrase that begins at a word, the longest first."""
        for phrase, kind in self._by_first.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                yield len(phrase), kind

    def spans(self, words: Sequence[str]) -> list["Span"]:
        return [(at, at + length) for at in range(len(words)) for length, _ in self.at(words, at)]


@dataclass(frozen=True, slots=True)
class Context:
    """What certain words beside a term say of it: that something else is meant."""

    words: frozenset[str]
    beginnings: tuple[str, ...]
    phrases: tuple[str, ...]
    within: int  # words

    def has(self, word: str) -> bool:
        return word in self.words or word.startswith(self.beginnings)

    def has_any(self, words: Sequence[str]) -> bool:
        text = f" {' '.join(words)} "
        return any(map(self.has, words)) or any(phrase in text for phrase in self.phrases)


@dataclass(frozen=True, slots=True)
class Terms:
    kinds: Mapping[str, frozenset[Kind]]  # of single words
    joined: Mapping[str, frozenset[Kind]]  # of phrases without their blanks
    phrases: Lexicon
    excuses: Lexicon
    parted: Lexicon  # those excuses that are written with a comma
    unspaced: Mapping[Kind, tuple[str, ...]]  # of languages that put no blanks between words
    contexts: Mapping[str, tuple[Context, ...]]  # a term → what excuses it
    topics: Mapping[str, Context]
    topics_unspaced: Mapping[str, tuple[str, ...]]
    ordinary: frozenset[str]
    fillers: frozenset[str]
    confusions: Mapping[int, str]  # letters that sound alike → one of them


def _data() -> dict[str, Any]:
    text = files("bot.moderation.screen").joinpath("terms.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@cache
def known_terms() -> Terms:
    data = _data()
    entries = [
        (spelled, Kind(group["kind"]))
        for group in data["terms"]
        for term in group["terms"]
        for spelled in _spellings(term, group["language"])
    ]
    spaced = [(term, kind) for term, kind in entries if not UNSPACED.search(term)]
    terms = [(term, kind) for term, kind in spaced if kind is not Kind.EXCUSE]
    topics = {each["topic"]: list(map(plain_text, each["words"])) for each in data["topics"]}
    return Terms(
        kinds=_by_term((t, k) for t, k in terms if " " not in t),
        joined=_by_term((t.replace(" ", ""), k) for t, k in terms if " " in t),
        phrases=Lexicon((t, k) for t, k in terms if " " in t),
        excuses=Lexicon((t, k) for t, k in spaced if k is Kind.EXCUSE),
        parted=Lexicon(
            (spelled, Kind.EXCUSE)
            for group in data["terms"]
            if group["kind"] == Kind.EXCUSE
            for term in group["terms"]
            if "," in term
            for spelled in _spellings(term, group["language"])
        ),
        unspaced={
            k: tuple(t for t, own in entries if own is k and UNSPACED.search(t)) for k in Kind
        },
        contexts=_contexts(data["contexts"]),
        topics={topic: _context(words, 0) for topic, words in topics.items()},
        topics_unspaced={t: tuple(w for w in ws if UNSPACED.search(w)) for t, ws in topics.items()},
        ordinary=frozenset(map(plain_text, data["ordinary"]["words"])),
        fillers=frozenset(map(plain_text, data["fillers"]["words"])),
        confusions=str.maketrans(data["confusions"]["letters"]),
    )


def _spellings(term: str, language: str) -> set[str]:
    """`term` as `plain_text` writes it, and with the German spelling of umlauts."""
    spelled = {term, term.translate(_UMLAUTS)} if language == "de" else {term}
    return {" ".join(words_in(plain_text(each))) for each in spelled}


def _by_term(entries: Iterable[tuple[str, Kind]]) -> dict[str, frozenset[Kind]]:
    found: dict[str, set[Kind]] = {}
    for term, kind in entries:
        found.setdefault(term, set()).add(kind)
    return {term: frozenset(kinds) for term, kinds in found.items()}


def _contexts(groups: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Context, ...]]:
    found: dict[str, list[Context]] = {}
    for group in groups:
        context = _context(group["beside"], group["within_words"])
        for term in group["of"]:
            found.setdefault(plain_text(term), []).append(context)
    return {term: tuple(contexts) for term, contexts in found.items()}


def _context(words: Iterable[str], within: int) -> Context:
    plain = [word if word.endswith("*") else plain_text(word) for word in words]
    return Context(
        words=frozenset(word for word in plain if not word.endswith("*")),
        beginnings=tuple(plain_text(word[:-1]) for word in plain if word.endswith("*")),
        phrases=tuple(f" {word.rstrip('*')}" for word in plain if " " in word),
        within=within,
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


def found_in(text: str, phrases: Iterable[str]) -> Iterator[Span]:
    # Most phrases are passed by their first two letters.
    begun = {text[at : at + size] for at in range(len(text)) for size in (1, 2)}
    for phrase in phrases:
        at = text.find(phrase) if phrase[:2] in begun else -1
        while at >= 0:
            yield at, at + len(phrase)
            at = text.find(phrase, at + 1)


@cache
def _lookalikes() -> dict[int, str]:
    """Letters that look like Latin ones (other scripts, and ø and the like) → the Latin ones."""
    pairs: Mapping[str, str] = _data()["lookalikes"]["letters"]
    return {ord(letter): latin for letter, latin in pairs.items()}


@cache
def _pictographs() -> Mapping[str, str]:
    words: Mapping[str, str] = _data()["pictographs"]["words"]
    return {sign: f" {word} " for sign, word in words.items()}


def compatible(text: str) -> str:
    """`text` in NFKC, without invisible characters; at most three times as long."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text.translate(_GROWING).translate(_BLANK))
    return "".join(c for c in text if c.isspace() or unicodedata.category(c) not in _INVISIBLE)


def plain_text(text: str) -> str:
    """`text` normalised: lower case, without accents, widths, invisible and lookalike letters;
    katakana as hiragana.
    """
    text = compatible(text).casefold()
    if text.isascii():
        return text
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    text = unicodedata.normalize("NFC", text).translate(_lookalikes()).translate(_KANA)
    for sign, word in _pictographs().items():
        text = text.replace(sign, word, PICTOGRAPHS_MAX)
    return _LATIN_VARIANT.sub(lambda found: _latin(found.group()), text)


# Of each, so that a text of nothing else grows to no 3,000 words.
PICTOGRAPHS_MAX = 100
# The blocks of such variants.
_LATIN_VARIANT = re.compile(
    "[\u0180-\u02af\u1d00-\u1dbf\u2c60-\u2c7f\ua720-\ua7ff\U0001f130-\U0001f1ff]"
)


@lru_cache(maxsize=2048)
def _latin(sign: str) -> str:
    """The Latin letter that a sign is a variant of, by its Unicode name; else the sign."""
    found = _LATIN_NAME.fullmatch(unicodedata.name(sign, ""))
    return found.group(1).lower() if found else sign


def words_in(text: str) -> list[str]:
    return WORD.findall(text)
