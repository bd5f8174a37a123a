"""What a prompt asks a sketch to show: nouns with their number and colour, place, hour, weather."""

import re
from dataclasses import dataclass

from bot.backends.sketch.brush.colors import Color
from bot.backends.sketch.brush.palette import COLOR_WORDS
from bot.backends.sketch.prompt.vocabulary import (
    BIG,
    EMPTY,
    HOURS,
    MOODS,
    NOUNS,
    NUMBERS,
    PLACES,
    SMALL,
    STYLES,
    WEATHERS,
)

SUBJECTS_MAX = 6
COUNT_MAX = 7
UNKNOWN_MAX = 8
# Nouns are looked for at the ends of words; shorter ones end too many words by chance.
COMPOUND_CHARS = 4
# A colour belongs to a noun that follows within this many words.
COLOR_REACH = 2
# Nouns that only say which tree: "palm trees" are palms.
TREES = ("palm", "pine", "blossom", "apple")
RIDING = ("riding", "rides", "ride", "astride")


@dataclass(frozen=True, slots=True)
class Subject:
    """One kind of thing to show. `size` is 1 unless the words make it larger or smaller."""

    noun: str
    count: int = 1
    color: Color | None = None
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A prompt as far as it was understood."""

    subjects: tuple[Subject, ...]
    place: str  # "" where no word names one
    hour: str  # likewise
    weather: frozenset[str]
    tints: tuple[Color, ...]
    mood: str
    style: str
    unknown: tuple[str, ...]
    riding: bool = False  # the first subject sits on the second


Meaning = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    plural: bool
    meanings: frozenset[Meaning]

    def of(self, category: str) -> str:
        """What the word means in `category`, "" for nothing."""
        return next((name for kind, name in sorted(self.meanings) if kind == category), "")

    @property
    def is_color(self) -> bool:
        """Whether it is only a colour: "rose" also means a flower, "coral" a reef."""
        return bool(self.of("color")) and not self.of("noun") and not self.of("place")


def _dictionary() -> dict[str, frozenset[Meaning]]:
    tables: dict[str, dict[str, str]] = {
        "noun": NOUNS, "place": PLACES, "hour": HOURS, "weather": WEATHERS, "mood": MOODS,
        "style": STYLES, "color": dict.fromkeys(COLOR_WORDS, ""),
        "number": dict.fromkeys(NUMBERS, ""),
        "size": {"big": BIG, "small": SMALL}, "empty": {"": EMPTY},
    }  # fmt: skip
    found: dict[str, set[Meaning]] = {}
    for category, names in tables.items():
        for name, words in names.items():
            for word in (name, *words.split()):
                found.setdefault(word, set()).add((category, name))
    return {word: frozenset(meanings) for word, meanings in found.items()}


_DICTIONARY = _dictionary()
_TEXT = re.compile(r"[^\W_]+(?:[-'&][^\W_]+)*")
# Weights as compel writes them: word++, (words)1.3
_WEIGHT = re.compile(r"(?<=\))\d*\.?\d+|[()+]")
_IRREGULAR = frozenset(
    ["mice", "wolves", "geese", "snowmen", "children", "people", "cacti", "foxes"]
)


def read(prompt: str, negative: str = "") -> Scene:
    """What `prompt` wants to be seen, without what `negative` names."""
    unwanted = _words(negative)
    banned = frozenset(meaning for word in unwanted for meaning in word.meanings)
    texts = {word.text for word in unwanted}
    words = [word for word in _words(prompt, banned) if word.meanings or word.text not in texts]
    subjects, used = _subjects(words)
    return Scene(
        subjects=subjects,
        place=_first(words, "place"),
        hour=_first(words, "hour"),
        weather=frozenset(
            name for word in words for kind, name in word.meanings if kind == "weather"
        ),
        tints=tuple(
            COLOR_WORDS[word.of("color")]
            for place, word in enumerate(words)
            if word.is_color and place not in used
        ),
        mood=_first(words, "mood"),
        style=_first(words, "style"),
        riding=len(subjects) > 1 and any(word.text in RIDING for word in words),
        unknown=tuple(dict.fromkeys(word.text for word in words if not word.meanings))[
            :UNKNOWN_MAX
        ],
    )


def _words(text: str, banned: frozenset[Meaning] = frozenset()) -> list[_Word]:
    found = []
    for word in _TEXT.findall(_WEIGHT.sub(" ", text.lower())):
        singular = _singular(word)
        meanings = _DICTIONARY.get(singular, frozenset())
        if meanings and meanings <= banned:
            continue
        plural = word in _IRREGULAR or (singular != word and word.endswith("s"))
        found.append(_Word(singular, plural, meanings - banned))
    return found


def _singular(word: str) -> str:
    """`word`, or what is left without a plural's ending where only that is known."""
    if word in _DICTIONARY:
        return word
    for ending, instead in (("ies", "y"), ("'s", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and word.removesuffix(ending) + instead in _DICTIONARY:
            return word.removesuffix(ending) + instead
    return _compound(word.removesuffix("s")) or word


def _compound(word: str) -> str:
    """The noun at the end of a longer word: clownfish, steamboat."""
    return next((noun for noun in NOUNS if len(noun) >= COMPOUND_CHARS and word.endswith(noun)), "")


def _first(words: list[_Word], category: str) -> str:
    return next((word.of(category) for word in words if word.of(category)), "")


def _noun(words: list[_Word], place: int) -> str:
    """What the word at `place` shows: of "palm tree" the first shows nothing, the second a palm."""
    noun, before = words[place].of("noun"), words[place - 1].of("noun") if place else ""
    if noun == "tree" and before in TREES:
        return before
    after = words[place + 1].of("noun") if place + 1 < len(words) else ""
    return "" if noun in TREES and after == "tree" else noun


def _subjects(words: list[_Word]) -> tuple[tuple[Subject, ...], set[int]]:
    """The nouns with the words just before them, and the places of the colours used."""
    found: dict[str, Subject] = {}
    used: set[int] = set()
    count, tint, size = 0, "", 1.0
    since = 0
    for place, word in enumerate(words):
        if word.of("number"):
            count = NUMBERS[word.of("number")]
        elif word.text.isdecimal() and 0 < int(word.text[:3]) <= COUNT_MAX:
            count = int(word.text[:3])
        size *= {"big": 1.3, "small": 0.65}.get(word.of("size"), 1.0)
        if word.is_color:
            tint, since = word.of("color"), place
        if not (noun := _noun(words, place)):
            continue
        near = bool(tint) and place - since <= COLOR_REACH
        if near:
            used.add(since)
        many = count or (3 if word.plural else 1)
        found.setdefault(
            noun, Subject(noun, min(many, COUNT_MAX), COLOR_WORDS[tint] if near else None, size)
        )
        count, tint, size = 0, "", 1.0
    if len(found) > 1:
        found.pop("portrait", None)  # beside other nouns it only means a close view
    return tuple(found.values())[:SUBJECTS_MAX], used
