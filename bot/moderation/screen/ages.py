"""Ages and school years in a text, in figures and in words."""

import re
from dataclasses import dataclass

GROWN_UP_YEARS = 18
OLDEST_YEARS = 99
_NAMES = {
    # The ages from two; "one" is an article as often, and babies are called so.
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen",
    "de": "zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn"
    " sechzehn siebzehn",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciseis diecisiete",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    " dix-sept",
}
NUMBERS = {
    name: years for names in _NAMES.values() for years, name in enumerate(names.split(), start=2)
} | {"fuenf": 5, "zwoelf": 12, "fuenfzehn": 15}
_KANJI = {sign: number for number, sign in enumerate("一二三四五六七八九", start=1)}

# A number where a word begins. In English sentences "once" is no Spanish one.
_NUMBER = re.compile(
    rf"(?<![^\W_])(?<!\d\.)(?:\d{{1,2}}(?!\d)|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
)
_ENGLISH = frozenset(_NAMES["en"].split())
_GAP = r"[\s.\-_,:]{0,3}"
# What makes a number an age, whatever stands around it.
_AGE_AFTER = re.compile(
    rf"{_GAP}(?:"
    rf"(?:years?|yrs?|y){_GAP}(?:of{_GAP}age|olds?|o)(?![a-z])"
    r"|(?:y/o|yo|yro|yos)(?![a-z])"
    r"|ja(?:e)?hrig[a-z]{0,2}"
    r"|jahren?\s{0,2}(?:alt|jung)"
    r"|anitos"
    r"|(?:[歳才]|さい))"
    r"|f(?![a-z0-9])"
)
_AGE_BEFORE = re.compile(
    r"\b(?:age[dse]{0,3}|edad|alter|under|below|unter|menos|menore?s?|moins)"
    r"\s{0,2}(?:is|of|von|de|:|=)?\s{0,2}$"
)
_SUBJECT_BEFORE = re.compile(
    r"\b(?:(?:she|he|they|i|girl|boy)(?:'?s| is| just turned| turned| turning| of)"
    r"|(?:sie|er) (?:ist|war|wird))\s$"
)
_NO_AGE_OF_SUBJECT = re.compile(
    r"\w|\s?(?:feet|foot|met|inch|o.?clock|uhr|mal|cm|km|miles|of|people|times|in the|years? ago)"
)
# A span of time, which beside something sexual is read as an age.
_SPAN_AFTER = re.compile(rf"{_GAP}(?:years?|yrs?|jahren?|anos?|ans?)(?![a-z])|\s?j\.")
_NO_AGE_BEFORE = re.compile(
    r"\b(?:for|in|after|over|during|last|past|every|within|next|seit|nach|vor|fur|wahrend|durante"
    r"|hace|desde|tras|dentro de|pendant|depuis|il y a|apres|dans|about)\s*$"
)
_NO_AGE_AFTER = re.compile(
    r"\s*(?:ago|later|war|of\b|a slave|slave|experience|warranty|anniversary|in prison|spater|krieg"
    r"|garantie|jubilaum|despues|guerra|de guerra|de experiencia|de garantia|de soledad|plus tard"
    r"|de guerre|d.experience|de garantie|de solitude|de reflexion)"
)
_THING = (
    r"\b(?:whisk|scotch|bourbon|rum\b|ron\b|rhum|brandy|wine|vino|vin\b|wein|cognac|port\b|cheese"
    r"|queso|fromage|kase|car\b|coche|voiture|auto\b|truck|house|casa|maison|haus|building|oak|tree"
    r"|baum|arbol|arbre|eiche|olivo|bonsai|bridge|laptop|computer|phone|cat\b|cats\b|kater|katze"
    r"|gato|chat\b|horse|tortoise|turtle|schildkrote|tortuga|tortue|d.age|balsamic|vinegar"
    r"|sourdough|company)"
)
_BEFORE_THING = re.compile(rf"{_THING}\w*\W{{1,3}}(?:\w+\W{{1,3}}){{0,2}}$")
_AFTER_THING = re.compile(rf"[\w\s-]{{0,12}}?{_THING}")
_GRADE = re.compile(
    r"(?<![\w.])1?[0-9](?:st|nd|rd|th)[\s-]?grad(?:e|er|ers)\b"
    r"|\bgrade\s(?:1[0-2]|[1-9])\b(?!\s?(?:titan|steel|scale|bolt))"
    r"|(?<![\w.])(?:1[0-3]|[1-9])\.?\s?klass(?:e|en|ler|lerin)\b"
    r"|\bklasse\s(?:1[0-3]|[1-9])[a-f]?\b"
    r"|(?<![\w.])[1-6][ºo°.]?\s?(?:de\s)?(?:primaria|grado|eso)\b"
    r"|(?:小|中|高)[1-6一二三四五六](?![0-9])"
    r"|(?:小学|中学|高校)[0-9一二三四五六]年"
)
_KANJI_AGE = re.compile("([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)(?:[歳才]|さい)")
# How much around a number is looked at.
_AROUND_CHARS = 40


@dataclass(frozen=True, slots=True)
class Ages:
    minor: bool
    grown: bool


def ages_in(plain: str) -> Ages:
    """Whether a text (as `plain_text` writes it) gives ages under and over eighteen."""
    years = [_years(n.group()) for n in _NUMBER.finditer(plain) if _is_age(plain, n)]
    years += [_kanji_years(found) for found in _KANJI_AGE.finditer(plain)]
    minor = any(0 < age < GROWN_UP_YEARS for age in years) or bool(_GRADE.search(plain))
    return Ages(minor=minor, grown=any(GROWN_UP_YEARS <= age <= OLDEST_YEARS for age in years))


def _years(text: str) -> int:
    return int(text) if text.isdecimal() else NUMBERS.get(text, 0)


def _kanji_years(found: re.Match[str]) -> int:
    tens, ten, ones = found.groups()
    return (_KANJI.get(tens, 1) * 10 if ten else _KANJI.get(tens, 0)) + _KANJI.get(ones, 0)


def _is_age(plain: str, number: re.Match[str]) -> bool:
    """Whether a number is somebody's age: no thing's, and no span of time."""
    start, end = number.span()
    before, after = plain[max(0, start - _AROUND_CHARS) : start], plain[end : end + _AROUND_CHARS]
    whole = not after[:1].isalnum()
    if whole and _AGE_BEFORE.search(before):
        return True
    english = number.group().isdecimal() or number.group() in _ENGLISH or "sie" in before
    if whole and english and _SUBJECT_BEFORE.search(before):
        return not _NO_AGE_OF_SUBJECT.match(after)
    if (age := _AGE_AFTER.match(after)) is not None:
        return not _is_of_a_thing(before, after[age.end() :])
    span = _SPAN_AFTER.match(after)
    if span is None or _NO_AGE_BEFORE.search(before):
        return False
    after = after[span.end() :]
    return not _NO_AGE_AFTER.match(after) and not _is_of_a_thing(before, after)


def _is_of_a_thing(before: str, after: str) -> bool:
    return bool(_BEFORE_THING.search(before) or _AFTER_THING.match(after))
