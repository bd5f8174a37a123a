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
# Those of one letter are letters more often.
_ROMAN = "ii iii iv vi vii viii ix xi xii xiii xiv xv xvi xvii"
_ROMAN_YEARS = (2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17)
NUMBERS |= dict(zip(_ROMAN.split(), _ROMAN_YEARS, strict=True))
_KANJI = {sign: number for number, sign in enumerate("一二三四五六七八九", start=1)}

# "l3", where the l stands for 1.
_LETTER_ONE = re.compile(r"(?<![a-z0-9])[l|](?=\d(?!\d))")
# A number where a word begins. In English sentences "once" is no Spanish one.
_NUMBER = re.compile(
    rf"(?<![a-z0-9])(?<!\d\.)(?:\d{{1,2}}(?!\d)|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
)
_ENGLISH = frozenset(_NAMES["en"].split())
_HALF = r"(?:[.,]\d|\sand\sa\shalf)?"
_GAP = r"[\s.\-_,:]{0,3}"
# What makes a number an age, whatever stands around it.
_AGE_AFTER = re.compile(
    rf"{_HALF}{_GAP}(?:"
    # Also "yaers", "yeas" and the like.
    rf"(?:y[ear]{{2,3}}d?s?|winters?|summers?|yrs?|y){_GAP}(?:of{_GAP}age|olds?|o)(?![a-z])"
    r"|(?:y/o|yo|yro|yos|ish|lenze)(?![a-z])"
    rf"|(?:st|nd|rd|th){_GAP}birthday"
    r"|ja(?:e)?hrig[a-z]{0,2}"
    r"|jahren?\s{0,2}(?:alt|jung)"
    r"|anitos"
    r"|(?:[歳才]|さい))"
    r"|f(?![a-z0-9])"
)
_AGE_BEFORE = re.compile(
    r"\b(?:age[dse]{0,3}|edad|alter|under|below|unter|menos|menore?s?|moins)"
    r"\s{0,2}(?:is|of|von|de|between|zwischen|entre|about|around|:|=)?\s{0,2}$"
)
_SUBJECT_BEFORE = re.compile(
    r"\b(?:(?:she|he|they|i|girl|boy)(?:'?s| is| just turned| turned| turning| of)"
    r"|(?:sie|er) (?:ist|war|wird))\s$"
)
# A number after these, and at the end of its clause, is somebody's age.
_SEEMING_BEFORE = re.compile(
    r"\b(?:looks?|looking|turn(?:s|ed|ing)?|only|just|barely|pre|nackt mit|when (?:she|he) was)"
    r"(?:\slike|\sabout)?[\s-]$"
)
_CLAUSE_END = re.compile(r"\s*(?:$|[,.;!?)\n])")
_TEN_TO_SEVENTEEN = [name for name, years in NUMBERS.items() if len(str(years)) > 1]
# A clause of its own, "nude, 13" or "nude 13": perhaps an age.
_ALONE = re.compile(
    rf"(?:^|[,;(\n])\s*(?:[a-z]+\s)?\(?(?:1[0-7](?:\s?-\s?1[0-8])?|{'|'.join(_TEN_TO_SEVENTEEN)})"
    r"\)?\s*(?=$|[,;)\n])"
)
# Under age, said without a number of that age.
_UNDER_AGE = re.compile(
    r"(?:\b(?:under|below|unter|younger than|less than|not yet|moins de|menor(?:es)? de)\s"
    r"(?:the age of )?"
    r"|(?<![a-z0-9])u|<\s?)(?:18|eighteen|achtzehn|dieciocho|dix[ -]huit)(?![0-9])"
    r"|18[歳才]未満"
    r"|\b(?:\d{1,3}|two|three|six|nine|eighteen)[\s-]?(?:months?|mos?|weeks?|days?)[\s-]old\b"
    r"|\bone[\s-]year[\s-]old\b"
)
_FORBIDS = re.compile(
    r"\b(?:no|not|nobody|no one|none|kein[a-z]*|interdit[a-z]*|prohibid[a-z]*|verboten|forbidden)\b"
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
    r"|\bgrade\s(?:1[0-2]|[1-9]|[ivx]{1,4}|one|two|three|four|five|six|seven|eight|nine|ten)\b(?!\s?(?:titan|steel|scale|bolt))"
    r"|(?<![\w.])(?:1[0-3]|[1-9])\.?[\s-]{0,2}kla(?:e)?ss(?:e|en|ler[a-z]*)\b"
    r"|\b(?:erst|zweit|dritt|viert|funft|sechst|siebt|acht|neunt|zehnt)kla(?:e)?ssler[a-z]*"
    r"|\by(?:1[0-3]|[1-9])\s(?:pupils?|students?|girls?|boys?|class)\b"
    r"|\byear\s(?:1[0-3]|[1-9])\b(?!\s?(?:of|in|after|since|bc|ad|anniversary))"
    r"|\bklasse\s(?:1[0-3]|[1-9])[a-f]?\b"
    r"|(?<![\w.])[1-8](?:[ºo°.]|er|[dmnrtv]o)?\s?(?:de\s)?(?:primaria|grado|eso|basico)\b"
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
    perhaps: bool  # a number that may be an age under eighteen


def ages_in(plain: str) -> Ages:
    """Whether a text (as `plain_text` writes it) gives ages under and over eighteen."""
    plain = _LETTER_ONE.sub("1", plain)
    years = [_years(n.group()) for n in _NUMBER.finditer(plain) if _is_age(plain, n)]
    years += [_kanji_years(found) for found in _KANJI_AGE.finditer(plain)]
    minor = any(0 < age < GROWN_UP_YEARS for age in years) or bool(_GRADE.search(plain))
    return Ages(
        minor=minor or _is_under_age(plain),
        grown=any(GROWN_UP_YEARS <= age <= OLDEST_YEARS for age in years),
        perhaps=bool(_ALONE.search(plain)),
    )


def _is_under_age(plain: str) -> bool:
    """Whether a text says so without the age, and doesn't forbid it: "under 18", "one year old"."""
    around = (
        plain[max(0, found.start() - _AROUND_CHARS) : found.start()]
        + plain[found.end() : found.end() + _AROUND_CHARS]
        for found in _UNDER_AGE.finditer(plain)
    )
    return any(not _FORBIDS.search(text) for text in around)


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
    if whole and _SEEMING_BEFORE.search(before) and _CLAUSE_END.match(after):
        return True
    if (age := _AGE_AFTER.match(after)) is not None:
        return not _is_of_a_thing(before, after[age.end() :])
    span = _SPAN_AFTER.match(after)
    if span is None or _NO_AGE_BEFORE.search(before):
        return False
    after = after[span.end() :]
    return not _NO_AGE_AFTER.match(after) and not _is_of_a_thing(before, after)


def _is_of_a_thing(before: str, after: str) -> bool:
    return bool(_BEFORE_THING.search(before) or _AFTER_THING.match(after))
