"""The terms in a text, and which of them belong together, in each way that it may be meant."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.moderation.screen.ages import NUMBERS, ages_in
from bot.moderation.screen.lexicon import (
    UNSPACED,
    Covered,
    Kind,
    Phrases,
    Span,
    found_in,
    known_terms,
    plain_text,
)
from bot.moderation.screen.spelling import kinds_of
from bot.moderation.screen.variants import lines, variants
from bot.request.image_request import PROMPT_MAX_CHARS

TEXT_MAX_CHARS = 2 * PROMPT_MAX_CHARS
# Words this near to each other, in one clause, belong together.
NEAR_WORDS = 2
TIGHT_WORDS = 3  # to what excuses a term
NEAR_CHARS = 3  # where words stand without blanks
# No further from the beginning of one is that of another that is near: the longest term has 8.
AROUND = 12
# A word with a capital inside a sentence.
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+\b")


@dataclass(frozen=True, slots=True)
class Hit:
    """A term in a reading, by the words it takes up (by letters, where there are no blanks)."""

    start: int
    end: int
    kinds: frozenset[Kind]
    loose: bool = False  # a context excuses it, unless there are minors


class Reading:
    """One text, and the terms in all its possible readings."""

    def __init__(self, text: str) -> None:
        text = text[:TEXT_MAX_CHARS]
        plain = plain_text(text)
        spelled = dict.fromkeys([plain, *variants(text, plain)])
        self.lines = tuple(
            dict.fromkeys(_Line(*words) for each in spelled for words in lines(each))
        )
        self.ages = ages_in("\n".join([plain, *map(str, filter(_counts, self.lines))]))
        unspaced = (_Unspaced(plain),) if UNSPACED.search(plain) else ()
        self.sources: tuple[_Line | _Unspaced, ...] = (*self.lines, *unspaced)
        self.names = {plain_text(name) for name in _NAME.findall(text)}
        self.found = [hits for source in self.sources if (hits := source.hits())]
        self.kinds = frozenset(k for hits in self.found for hit in hits for k in hit.kinds)

    @cached_property
    def topics(self) -> frozenset[str]:
        """What the whole text is about: figures, health and the like."""
        return frozenset(topic for source in self.sources for topic in source.topics())

    @property
    def is_hard(self) -> bool:
        """Whether a term of the hard tier is there that isn't written as a name is, "Shota"."""
        words = [word for source in self.sources for word in source.words_of(Kind.HARD)]
        return any(word not in self.names for word in words)

    @property
    def only_infants(self) -> bool:
        """Whether the only minors are infants."""
        hits = [hit.kinds for found in self.found for hit in found]
        return all(Kind.INFANT in kinds for kinds in hits if kinds & {Kind.MINOR, Kind.YOUTH})

    def firm(self, kind: Kind) -> bool:
        """Whether a term of this kind is there that no context excuses."""
        return any(kind in hit.kinds and not hit.loose for hits in self.found for hit in hits)

    def near(self, one: Kind, other: Kind) -> bool:
        """Whether terms of these kinds belong together. Across readings nobody can tell."""
        return any(_near(source, one, other) for source in self.sources)

    def has_own(self, added: Phrases, allowed: Phrases) -> bool:
        """Whether a community's own word is there, outside of what it allows."""
        return any(source.has_own(added, allowed) for source in self.sources)

    def kinds_outside(self, allowed: Phrases) -> frozenset[Kind]:
        """The kinds of terms that lie in no allowed phrase."""
        hits = (hit for source in self.sources for hit in source.hits_outside(allowed))
        return frozenset(kind for hit in hits for kind in hit.kinds)


def _counts(line: "_Line") -> bool:
    return not NUMBERS.keys().isdisjoint(line.words)


def _near(source: "_Line | _Unspaced", one: Kind, other: Kind) -> bool:
    others = {hit.start: hit for hit in source.hits() if other in hit.kinds}
    around = range(-AROUND, AROUND + 1)
    return bool(others) and any(
        (beside := others.get(hit.start + gap)) is not None and source.belong_together(hit, beside)
        for hit in source.hits()
        if one in hit.kinds
        for gap in around
    )


class _Line:
    """Words in their order. `clauses` numbers the parts between commas and stops."""

    def __init__(self, words: tuple[str, ...], clauses: tuple[int, ...]) -> None:
        self.words = words
        self._clauses = clauses
        self._hits: tuple[Hit, ...] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Line) and self.words == other.words

    def __hash__(self) -> int:
        return hash(self.words)

    def __str__(self) -> str:
        return " ".join(self.words)

    def hits(self) -> tuple[Hit, ...]:
        if self._hits is None:
            self._hits = tuple(self._meant(self._outside(self._excuses())))
        return self._hits

    def _excuses(self) -> list[Span]:
        """The harmless phrases; most end with their clause: "nude, sofa" are two things."""
        known, clauses = known_terms(), self._clauses
        spans = known.excuses.spans(self.words)
        whole = [(start, end) for start, end in spans if clauses[start] == clauses[end - 1]]
        return whole + known.parted.spans(self.words)

    def words_of(self, kind: Kind) -> Iterator[str]:
        found = (hit for hit in self.hits() if kind in hit.kinds)
        return (" ".join(self.words[hit.start : hit.end]) for hit in found)

    def topics(self) -> Iterator[str]:
        for topic, context in known_terms().topics.items():
            if context.has_any(self.words):
                yield topic

    def has_own(self, added: Phrases, allowed: Phrases) -> bool:
        excused = Covered(len(self.words), allowed.lexicon.spans(self.words))
        return any(span not in excused for span in added.lexicon.spans(self.words))

    def hits_outside(self, allowed: Phrases) -> list[Hit]:
        excused = Covered(len(self.words), allowed.lexicon.spans(self.words))
        return [hit for hit in self.hits() if (hit.start, hit.end) not in excused]

    def belong_together(self, one: Hit, other: Hit) -> bool:
        first, second = sorted((one, other), key=lambda hit: hit.start)
        same = self._clauses[first.start] == self._clauses[second.start]
        return same and second.start - first.end < NEAR_WORDS

    def _outside(self, excused: list[Span]) -> list[Hit]:
        """All terms but those within an excused phrase."""
        known, words = known_terms(), self.words
        covered = Covered(len(words), excused)
        spans = [
            (at, at + length, Kind(kind))
            for at in range(len(words))
            for length, kind in known.phrases.at(words, at)
        ]
        hits = [Hit(start, end, frozenset({kind})) for start, end, kind in spans]
        hits += [Hit(at, at + 1, found) for at, w in enumerate(words) if (found := kinds_of(w))]
        return [hit for hit in hits if (hit.start, hit.end) not in covered]

    def _meant(self, hits: list[Hit]) -> Iterator[Hit]:
        """Without what the words beside them excuse; faint terms only beside what they need."""
        people = [hit for hit in hits if hit.kinds & _PEOPLE and not self._is_excused(hit, ())]
        starts, meant = frozenset(hit.start for hit in people), frozenset(people)
        needed = frozenset(hit.end for hit in hits if Kind.NEEDED in hit.kinds)
        for hit in hits:
            if hit.kinds & _PEOPLE:
                if hit in meant:
                    yield hit
            elif (tight := self._is_excused(hit, starts)) is None:
                yield Hit(hit.start, hit.end, hit.kinds, loose=True)
            elif not tight:
                firm = Kind.FAINT in hit.kinds and hit.start in needed
                kinds = hit.kinds | {Kind.EXPLICIT} if firm else hit.kinds
                yield Hit(hit.start, hit.end, kinds)

    def _is_excused(self, hit: Hit, people: Collection[int]) -> bool | None:
        """Whether another word says that something else is meant; None is: only if far away.

        A word for a minor next to either of the two, or between them, ends the excuse; in another
        clause it leaves it in doubt. `people` are the places of such words.
        """
        contexts = known_terms().contexts.get(self.words[hit.start], ())
        loose = False
        for context in contexts if hit.end - hit.start == 1 else ():
            for at in range(hit.start - context.within, hit.end + context.within):
                if not 0 <= at < len(self.words) or at == hit.start:
                    continue
                if not context.has(self.words[at]):
                    continue
                low, high = min(at, hit.start) - 1, max(at, hit.start) + 1
                beside = [place for place in range(low, high + 1) if place in people]
                if any(self._clauses[place] in self._clauses[low + 1 : high] for place in beside):
                    return False
                same = self._clauses[at] == self._clauses[hit.start]
                if same and abs(at - hit.start) <= TIGHT_WORDS and not beside:
                    return True
                # "Mice, naked" are mice; "nude, sofa" is no colour.
                loose = loose or same or context.within > 1
        return None if loose else False


_PEOPLE = frozenset({Kind.MINOR, Kind.YOUTH, Kind.PERHAPS, Kind.PERSON})


class _Unspaced:
    """Text of a language that puts no blanks between words; terms are found anywhere in it."""

    def __init__(self, plain: str) -> None:
        self._text = _BETWEEN_LETTERS.sub("", plain)
        known = known_terms().unspaced
        self._excuses = list(found_in(self._text, known[Kind.EXCUSE]))
        self._hits = self._outside(self._excuses)

    def hits(self) -> tuple[Hit, ...]:
        return self._hits

    def words_of(self, kind: Kind) -> Iterator[str]:
        return (self._text[hit.start : hit.end] for hit in self._hits if kind in hit.kinds)

    def topics(self) -> Iterator[str]:
        for topic, words in known_terms().topics_unspaced.items():
            if any(word in self._text for word in words):
                yield topic

    def has_own(self, added: Phrases, allowed: Phrases) -> bool:
        excused = Covered(len(self._text), found_in(self._text, allowed.unspaced))
        return any(span not in excused for span in found_in(self._text, added.unspaced))

    def hits_outside(self, allowed: Phrases) -> tuple[Hit, ...]:
        return self._outside([*self._excuses, *found_in(self._text, allowed.unspaced)])

    @staticmethod
    def belong_together(one: Hit, other: Hit) -> bool:
        first, second = sorted((one, other), key=lambda hit: hit.start)
        return second.start - first.end < NEAR_CHARS

    def _outside(self, excused: list[Span]) -> tuple[Hit, ...]:
        covered = Covered(len(self._text), excused)
        return tuple(
            Hit(*span, frozenset({kind}))
            for kind, terms in known_terms().unspaced.items()
            if kind is not Kind.EXCUSE
            for span in found_in(self._text, terms)
            if span not in covered
        )


_BETWEEN_LETTERS = re.compile(r"[\s・･.\-_*|/~+]+")
