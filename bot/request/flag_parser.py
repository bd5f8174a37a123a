r"""Options inside a text: where they begin, and which words are their value.

- An option begins a word: "rock--n--roll" and "noir -- moody" hold none. A backslash before the
  dashes makes them words of the prompt: `\--steps`. Scripts without blanks and punctuation may
  stand right before one that is known: `猫--ar 16:9`.
- Phones and Slack turn "--" into a dash and curl quotes, keyboards write wide and unseen
  characters; all of them are understood. As a dash is also punctuation, a word after one is an
  option only if it names one, or nearly.
- Words in quotes hold no options; quotes around a whole value, or the whole text, are left out.
- `--no` takes every word up to the next option, the others take one.
"""

import re
from bisect import bisect
from collections import deque
from collections.abc import Mapping
from itertools import islice
from typing import Any

from bot.errors import Problem
from bot.request import foreign_syntax
from bot.request.aspect_ratio import is_near, nearest_size
from bot.request.commands import IMAGINE, RATIO, SIZE, Command
from bot.request.foreign_flags import TRANSLATED, is_foreign, value_of
from bot.request.image_request import SIDES_PX
from bot.request.notes import Note
from bot.request.options import Option, shown
from bot.spelling import nearest

# Comparing spellings takes 0.1 ms a word, so only the first words after a dash are compared.
_DOUBTS_MAX = 8
# Of dashes and name, where a digit or a bracket is right before.
_SURE_CHARS = 3
# Shorter parts are of too many names.
_PART_MIN_CHARS = 3
# More unescaped words with dashes than anybody means; each takes a few microseconds.
_OPENINGS_MAX = 250
# No more problems than this are reported at once.
_PROBLEMS_MAX = 8

# All of Unicode's dashes and minus signs in use. Phones and Slack make a long one of two hyphens.
_HYPHENS = r"\-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{SMALL HYPHEN-MINUS}\N{FULLWIDTH HYPHEN-MINUS}"
_LONG_DASHES = (
    "\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}\N{MINUS SIGN}\N{SMALL EM DASH}"
    "\N{TWO-EM DASH}\N{THREE-EM DASH}"
)
# The other dashes of Unicode, and what keyboards and input methods put in their place; two of them
# before the name of an option are meant as one.
_ODD_DASHES = (
    "\u058a\u05be\u1400\u1806\u2053\u207b\u208b\u2e17\u2e1a\u2e40\u2e5d\u301c\u3030\u30a0\ufe31\ufe32"
    "\u02d7\u2043\u23af\u2500\u2501\u2796\u30fc\uff70"
)
_DASHES = _HYPHENS + _LONG_DASHES + _ODD_DASHES
# Soft hyphen, zero-width blanks and joiners, marks of direction, byte order mark.
_UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
# What may stand right before an option besides blanks: digits, what closes, punctuation, scripts
# without blanks between words (Thai to Khmer; Chinese, Japanese and Korean), symbols and emoji.
_BEFORE = (
    r"0-9)\]}>\u2019\u201d\u00bb"
    ",.;:!?\u2026\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7af\uf900-\ufaff\uff66-\uff9f"
    "\u2600-\u27bf\ufe0f\U0001f000-\U0001faff\U00020000-\U0003ffff" + _UNSEEN
)
_DOUBLE = (
    '"\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}'
    "\N{DOUBLE LOW-9 QUOTATION MARK}"
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
)
_SINGLE = (
    "'\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{SINGLE LOW-9 QUOTATION MARK}"
)
_TIMES = "x*\N{MULTIPLICATION SIGN}\N{CYRILLIC SMALL LETTER HA}"
_COLONS = ":/\N{RATIO}"

# After what opens a quotation of Chinese and Japanese there is none.
_FREE = rf"(?:(?<!\S)|(?<=[{_BEFORE}])(?<![\u3008\u300a\u300c\u300e\u3010\u3014\u3016{_DASHES}]))"
_OPENING = re.compile(
    rf"{_FREE}(?P<slashes>\\*)"
    rf"(?P<dashes>[{_DASHES}](?:[{_UNSEEN}]{{0,2}}+[{_DASHES}]){{1,7}}+"
    rf"|[{_LONG_DASHES}\N{{FULLWIDTH HYPHEN-MINUS}}])[{_UNSEEN}]*"
    r"(?P<name>[A-Za-z\uff21-\uff3a\uff41-\uff5a][^\s=\uff1d]*)"
)
# Nearly an option: one hyphen, two right after a letter, or a blank or a digit after them. Stays
# words, and is named.
_NEARLY = re.compile(
    rf"(?:{_FREE}(?:[{_HYPHENS}]{{1,2}}|[{_DASHES}]{{1,2}}(?:\s|(?=[0-9])))"
    rf"|(?<=[^\s\\{_DASHES}])(?=[{_LONG_DASHES}]*[{_HYPHENS}{_ODD_DASHES}])[{_DASHES}]{{2,}}\s?)"
    r"(?P<name>[A-Za-z_]{2,}|[A-Za-z](?=\s*=?\s*[0-9])"
    rf"|(?<=[{_DASHES}][{_DASHES}])[0-9]+[A-Za-z]+)(?=\s*+(?:[=:]\s*+)?(?:[\w.(*\"\u201d\u300d-]|$))"
)
_TWO_HYPHENS = re.compile(f"[{_HYPHENS}][{_UNSEEN}]*[{_HYPHENS}]")
# Words in quotes, which begin and end words. `written` gives a value no quotes that could be taken
# for the end of such words in the prompt.
_QUOTATION = re.compile(
    r'(?<!\S)"(?=\S)[^"]*+(?<=[^\s\\])"(?!\w)|'
    + "|".join(
        rf"{first}[^{first}{last}]*+(?<=[^\s\\]){last}"
        for first, last in (
            "\u201c\u201d",
            "\u201e\u201c",
            "\u00ab\u00bb",
            "\u300c\u300d",
            "\u300e\u300f",
        )
    )
)
# A whole text in quotes or marks of chat apps, as it was copied. Midjourney's bot says more after.
_WRAPPED = re.compile(
    r"\s*(?:\*\*(?P<bold>.*)\*\*(?:\s*-\s[^*]{0,100})?"
    r"|(?P<mark>`{1,3}|\|\|)(?P<marked>.*)(?P=mark)"
    rf"|[{_DOUBLE}\u300c](?P<quoted>[^{_DOUBLE}\u300c\u300d]*)[{_DOUBLE}\u300d])\s*",
    re.DOTALL,
)
# What people put around a value.
_AROUND = {"(": ")", "[": "]", "{": "}", "<": ">", "\u300c": "\u300d", "\u300e": "\u300f"}
# After a name without a blank, but in --c4d.
_GLUED_VALUE = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:x[0-9]+)?(?:px)?(?!\w)", re.IGNORECASE)
_HEAD = re.compile(r"[A-Za-z_]+")
_ANY_DASH = re.compile(f"[{_DASHES}]")
_ANY_UNSEEN = re.compile(f"[{_UNSEEN}]")
# Full-width forms of ASCII, and the digits of other scripts (Arabic, Persian, Devanagari, Bengali,
# Thai, Burmese, Khmer), one to one.
_NARROW = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20, 0x066B: ord(".")}
_NARROW |= {
    zero + n: 0x30 + n
    for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0x1040, 0x17E0)
    for n in range(10)
}
# After a name or a value these belong to the sentence.
_PUNCTUATION = ".,;:!?\u3001\u3002\uff0c\uff1b\uff1a"
_WORD = re.compile(r"\S+")
_SPACE = re.compile(r"\s*")
_YES_OR_NO = re.compile(r"(?:(true|yes|on|1)|(?:false|no|off|0))(?!\S)", re.IGNORECASE)
# A comma or a full stop after a value belongs to neither it nor the prompt.
_END = r"(?:[,;\u3001\u3002]+|[.!?]*(?!\S))"
_SIZE = re.compile(
    rf"([0-9]{{1,5}})w?(?:\s*(?:[{_TIMES}]|by)\s*|(?:\s+|,\s*|(?<=w))(?=[0-9]{{3}}))"
    rf"([0-9]{{1,5}})(?:px|h)?{_END}",
    re.IGNORECASE,
)
_DECIMAL = r"[0-9]{1,5}(?:\.[0-9]{1,5})?"
_RATIO = re.compile(
    rf"({_DECIMAL})(?:(?:\s*[{_COLONS}{_TIMES}]\s*|-)({_DECIMAL})|\s+([1-9][0-9]?))?{_END}",
    re.IGNORECASE,
)
# Shapes by name, as width / height. The last are as good as nothing said.
_SHAPES = {
    "square": 1.0,
    **dict.fromkeys(("landscape", "horizontal"), 3 / 2),
    **dict.fromkeys(("portrait", "vertical"), 2 / 3),
    **dict.fromkeys(("wide", "widescreen"), 16 / 9),
    "tall": 9 / 16,
}
_NO_SHAPE = ("auto", "any", "default")
# Midjourney's --w is for weird, ours for the width.
_WEIRD = re.compile(r"\s*=?\s*([0-9]{1,4})(?!\S)")
# An equals sign or a colon between an option and its value.
_JOINT = re.compile(r"\s*=|\s+:(?=\s)")
# Numbers are written in groups, and followed by what they count.
_GROUPS = re.compile(r"\s*([0-9]{1,3}(?:[\s,.'\u2019_][0-9]{3})+)(?![\w.,])")
_COUNTED = {
    "num_inference_steps": re.compile(r"\s+steps?[.,;]?(?!\S)", re.IGNORECASE),
    "num_images": re.compile(r"\s+(?:images?|pictures?)[.,;]?(?!\S)", re.IGNORECASE),
    **dict.fromkeys(
        ("width", "height"), re.compile(r"\s+(?:px|pixels?)[.,;]?(?!\S)", re.IGNORECASE)
    ),
}
_LAST = re.compile(rf"\s*(?:$|[{_DASHES}])")
_NOTHING = re.compile(r"(?!)")
# Options of /imagine, to say of one that another command doesn't take it.
_SPELLINGS = IMAGINE.spellings
_MANY_WORDS = ("prompt", "negative_prompt")

_QUOTES = _DOUBLE + "\u300c\u300d\u300e\u300f"
_ESCAPED = re.compile(rf"\\([\\{_QUOTES}{_SINGLE}])")
_TO_ESCAPE = re.compile(rf"[\\{_QUOTES}]")
_ANY_QUOTE = re.compile(rf"[{_QUOTES}]")


def _quoted_in(quotes: str) -> re.Pattern[str]:
    """A pattern of a value in `quotes`, which close at a word's end. Possessive: linear time."""
    inner = rf"(?:[^\\{quotes}]|\\.|[{quotes}](?=\S))*+"
    return re.compile(rf"[{quotes}]({inner})[{quotes}](?!\S)", re.DOTALL)


_QUOTED = {
    **dict.fromkeys(_DOUBLE, _quoted_in(_DOUBLE)),
    **dict.fromkeys(_SINGLE, _quoted_in(_SINGLE)),
}


class FlagReader:
    """Reads one text from left to right.

    Values of options end up in `fields` as typed, what belongs to no option in `words`.
    """

    def __init__(self, command: Command, text: str) -> None:
        self.fields: dict[str, Any] = {}
        self.words: list[str] = []
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self._ignored: list[str] = []
        self._tools: set[str] = set()
        self._kept: list[str] = []
        self._loras: list[str] = []
        self._shape: tuple[str, float] | None = None
        self._command = f"/{command.name}"
        self._known = {**_translated(command.spellings), **command.spellings}
        self._text = text = unwrapped(text)
        self._narrow = text.translate(_NARROW)  # place by place the same
        self._quotations = [found.span() for found in _QUOTATION.finditer(text)]
        self._at = 0
        self._doubts = 0
        self._quotes_close = True
        meant = (found for found in _OPENING.finditer(text) if not found["slashes"])
        openings = list(islice(meant, _OPENINGS_MAX + 1))
        if len(openings) > _OPENINGS_MAX:
            self.problems.append(Problem("", "too_many_options", {"limit": _OPENINGS_MAX}))
            openings = []
        self._openings = deque(filter(self._is_option, openings))

    def read(self) -> None:
        while self._openings and len(self.problems) < _PROBLEMS_MAX:
            opening = self._openings.popleft()
            if opening.start() < self._at:
                continue  # inside a quoted value
            self._read_words(opening.start())
            name, self._at = self._name_of(opening)
            self._read_option(name)
        self._read_words(len(self._text))
        if self._ignored:
            tool = self._tools.pop() if len(self._tools) == 1 else ""
            self.notes.append(
                Note("foreign_flags", {"flags": self._ignored[:_PROBLEMS_MAX], "tool": tool})
            )
        if self._shape:
            self._take_shape(*self._shape)
        if self._loras:
            self._take_loras()
        if self._kept:
            self.notes.append(Note("kept_as_words", {"words": self._kept[:_PROBLEMS_MAX]}))

    def _take_loras(self) -> None:
        """One, and whole; the others and its weight are named: --lora moon:0.8 --lora ink."""
        (taken, weight), *others = map(foreign_syntax.lora_and_weight, self._loras)
        self.fields["lora"] = taken
        left = [name for name, _ in others if name != taken]
        self.notes += foreign_syntax.notes_on_loras(taken, weight, left)

    def _read_words(self, end: int) -> None:
        text = self._text[self._at : end]
        self._kept += [
            " ".join(found.group().split())
            for found in _NEARLY.finditer(text)
            if self._is_nearly(found["name"].lower())
        ]
        self.words.append(unescaped(text).strip())

    def _is_nearly(self, name: str) -> bool:
        return name in self._known or is_foreign(name) or name[0].isdecimal()

    def _is_quoted(self, at: int) -> bool:
        place = bisect(self._quotations, (at, len(self._text)))
        return bool(place) and at < self._quotations[place - 1][1]

    def _is_option(self, opening: re.Match[str]) -> bool:
        if self._is_quoted(opening.start("dashes")):
            return False
        name, end = self._name_of(opening)
        is_sure = _TWO_HYPHENS.fullmatch(opening["dashes"]) is not None
        before = self._text[opening.start() - 1] if opening.start() else " "
        if not before.isspace():
            if before in "0123456789)]}>" and len(opening["dashes"] + name) < _SURE_CHARS:
                return False  # a dash between a number and a word
            return name in self._known or (is_sure and is_foreign(name))
        if name in self._known or is_sure:
            return True
        if is_foreign(name):  # "a house —old and creaky" has none
            _, value_at = value_of(name, self._narrow, end, len(self._text))
            return value_at > end or _LAST.match(self._text, end) is not None
        self._doubts += 1
        return self._doubts <= _DOUBTS_MAX and self._nearest(name) is not None

    def _name_of(self, opening: re.Match[str]) -> tuple[str, int]:
        """The name of an option, and where it ends: "ar" of --ar16:9 and of --ar:16:9."""
        name = _ANY_UNSEEN.sub("", opening["name"].translate(_NARROW))
        name = _ANY_DASH.sub("_", name).lower().rstrip(_PUNCTUATION + _QUOTES + "*`")
        if name in self._known or is_foreign(name):
            return name, opening.end()
        head = _HEAD.match(self._narrow, opening.start("name"))
        short = head.group().lower().rstrip("_") if head else name
        if head is None or not _takes_number(short, self._known):
            return name, opening.end()
        value_at = head.end() + self._narrow.startswith(":", head.end())
        if not _GLUED_VALUE.match(self._narrow, value_at):
            return name, opening.end()
        return short, value_at

    def _nearest(self, name: str) -> str | None:
        one_more = (each for each in self._known if name[:-1] == each)  # --nn
        part = (
            each
            for each in self._known
            if min(len(each), len(name)) >= _PART_MIN_CHARS
            and (each.startswith(name) or name.startswith(each))
        )  # --stre, --negprompt
        near = nearest(name, self._known) or next(one_more, None) or next(part, None)
        if near is None and name.startswith("no_"):
            near = "no"
        return None if near not in self._known else f"--{self._known[near].short}"

    def _read_option(self, name: str) -> None:
        flag = f"--{name}"
        if name == "w" and (weird := self._weird()):
            self._at = weird.end()
            self.notes.append(Note("weird", {"got": f"--w {weird[1]}"}))
            return
        if name in self._known:
            self._read_known(self._known[name], flag)
        elif name in _SPELLINGS:
            data = {"command": self._command}
            self.problems.append(Problem(_SPELLINGS[name].name, "option_not_here", data))
        elif is_foreign(name):
            self._ignore(name, flag)
        else:
            guess = {"got": shown(flag), "nearest": self._nearest(name)}
            self.problems.append(Problem("", "unknown_option", guess))

    def _ignore(self, name: str, flag: str) -> None:
        start = self._at
        tool, self._at = value_of(name, self._narrow, start, self._next_start())
        if self._at == start and (self._narrow[start : start + 1] in "=0123456789"):  # --v6
            self._at = start + self._narrow.startswith("=", start)
            self._value(many=False)
        words = " ".join((flag + self._text[start : self._at]).split()).rstrip(_PUNCTUATION)
        self._ignored.append(shown(words))
        self._tools.add(tool)

    def _read_known(self, option: Option, flag: str) -> None:
        joint = _JOINT.match(self._narrow, self._at)
        is_joined = joint is not None and (option.type is not bool or joint[0] == "=")
        if joint is not None and is_joined:
            self._at = joint.end()
        if option.type is bool:
            self._switch(option, is_joined=is_joined)
        elif option is SIZE:
            self._read_shape(flag, "not_a_size", _SIZE, _RATIO)
        elif option is RATIO:
            self._read_shape(flag, "not_a_ratio", _RATIO)
        elif option.name == "seed" and (digits := self._grouped()):
            self.fields[option.name] = digits
        elif (value := self._value(many=option.name in _MANY_WORDS)) is None:
            self.problems.append(Problem(option.name, "no_value", {"flag": flag}))
        else:
            self._take(option, value)

    def _take(self, option: Option, value: str) -> None:
        if option.type is bytes:
            self.problems.append(Problem(option.name, "image_in_text", {}))
        elif not option.chat:
            self.problems.append(Problem(option.name, "not_in_chat", {}))
        elif option.name in _MANY_WORDS and option.name in self.fields:
            self.fields[option.name] += f", {value}"
        elif option.name == "lora":
            self._loras.append(value)
        else:
            self.fields[option.name] = self._number(option, value) if option.is_number else value

    def _value(self, *, many: bool) -> str | None:
        """The words after an option, without their quotes; None if there are none."""
        start = self._after_space()
        quoted = _QUOTED.get(self._text[start : start + 1])
        if quoted is not None and self._quotes_close:
            if found := quoted.match(self._text, start):
                self._at = found.end()
                return _ESCAPED.sub(r"\1", found[1])
            # Then no later quote closes either; searching again each time would be quadratic.
            self._quotes_close = False
        if quoted is not None:
            start += 1
        end = self._next_start()
        if not many:
            word = _WORD.match(self._text, start, end)
            end = word.end() if word else start
        self._at = end
        value = unescaped(self._text[start:end]).strip()
        return (value if many else _bare(value)) or None

    def _number(self, option: Option, value: str) -> str:
        """`value` in digits of ours; what it counts is read as well: "20 steps"."""
        counted = _COUNTED.get(option.name, _NOTHING).match(self._text, self._at)
        if counted and not self._text[counted.end() : self._next_start()].strip():
            self._at = counted.end()
        return value.translate(_NARROW)

    def _grouped(self) -> str | None:
        """A whole number in groups, like 4 294 967 295."""
        found = _GROUPS.match(self._narrow, self._at)
        if found is None or self._text[found.end() : self._next_start()].strip():
            return None
        self._at = found.end()
        return re.sub(r"\D", "", found[1])

    def _switch(self, option: Option, *, is_joined: bool) -> None:
        """Read a yes/no option: it needs no value; "no cats" after it are words of the prompt."""
        found = _YES_OR_NO.match(self._text, self._at if is_joined else self._after_space())
        if found and (is_joined or not self._text[found.end() : self._next_start()].strip()):
            self._at = found.end()
            self.fields[option.name] = found[1] is not None
        elif is_joined:
            got = shown(self._value(many=False) or "")
            self.problems.append(Problem(option.name, "not_yes_or_no", {"got": got}))
        else:
            self.fields[option.name] = True

    def _read_shape(self, flag: str, code: str, *patterns: re.Pattern[str]) -> None:
        at = self._after_space()
        found = next(filter(None, (each.match(self._narrow, at) for each in patterns)), None)
        if found is not None:  # it may contain blanks: 768 x 512
            self._at = found.end()
            got: str | None = found.group()
        else:
            got = self._value(many=False)
            plain = (got or "").translate(_NARROW).lower()
            if plain in _NO_SHAPE:
                return
            if plain in _SHAPES:
                self._set_shape(plain, _SHAPES[plain])
                return
            found = next(filter(None, (each.fullmatch(plain) for each in patterns)), None)
        if got is None:
            self.problems.append(Problem("width", "no_value", {"flag": flag}))
        elif found is None or not self._set(found, code):
            got = got.rstrip(_PUNCTUATION)
            self.problems.append(Problem("width", code, {"got": shown(got)}))

    def _set(self, found: re.Match[str], code: str) -> bool:
        """Take a size, or the size of a ratio; False for what is neither."""
        if found.re is _SIZE:
            self.fields |= {"width": int(found[1]), "height": int(found[2])}
            self._shape = None
            return True
        down = found[2] or found[3]
        if code == "not_a_size" and down is None:  # one number is no size
            return False
        across_by_down = float(found[1]) / (float(down or 1) or 1)
        if not across_by_down or (down and not float(down)):
            return False
        self._set_shape(found.group().rstrip(_PUNCTUATION), across_by_down)
        return True

    def _set_shape(self, asked: str, ratio: float) -> None:
        self._shape = asked, ratio
        self.fields.pop("width", None)
        self.fields.pop("height", None)

    def _take_shape(self, asked: str, ratio: float) -> None:
        """Looking for the nearest size takes longer than to read an option, so it is done once."""
        width_px, height_px = nearest_size(ratio)
        self.fields = {"width": width_px, "height": height_px, **self.fields}
        if not is_near(width_px / height_px, ratio):
            data = {"asked": asked, "width": width_px, "height": height_px}
            self.notes.append(Note("nearest_shape", data))

    def _weird(self) -> re.Match[str] | None:
        found = _WEIRD.match(self._narrow, self._at)
        return None if found is None or int(found[1]) in SIDES_PX else found

    def _after_space(self) -> int:
        found = _SPACE.match(self._text, self._at)
        assert found is not None
        return found.end()

    def _next_start(self) -> int:
        """Where the next option begins, at or after the place that was reached."""
        return next((o.start() for o in self._openings if o.start() >= self._at), len(self._text))


def _bare(value: str) -> str:
    """A value of one word, without what only stands around it."""
    bare = _ANY_UNSEEN.sub("", value).rstrip(_PUNCTUATION + "*`|")
    if bare and _AROUND.get(bare[0]) == bare[-1]:
        return bare[1:-1]
    for first, last in _AROUND.items():
        if bare.endswith(last) and first not in bare:
            return bare[:-1].rstrip(_PUNCTUATION)
    return bare


def unwrapped(text: str) -> str:
    """`text` without what is around all of it, if there are options inside."""
    found = _WRAPPED.fullmatch(text)
    inner = found and next(filter(None, (found["bold"], found["marked"], found["quoted"])), "")
    if inner and any(not opening["slashes"] for opening in _OPENING.finditer(inner)):
        return inner
    return text


def unescaped(text: str) -> str:
    r"""`text` with `\--steps` as --steps."""
    return _OPENING.sub(lambda found: found.group().removeprefix("\\"), text)


def escaped(text: str) -> str:
    r"""`text` in which nothing reads as an option: the inverse of `unescaped`."""
    return _OPENING.sub(lambda found: "\\" + found.group(), text)


def written(option: Option, value: Any) -> str:
    """`--option value` as it would be typed; "" for what needs no words."""
    flag = f"--{option.short}"
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return flag if value else f"{flag}=false"
    if isinstance(value, float):
        value = repr(value).removesuffix(".0")
    text = str(value)
    if option.name == "lora" and foreign_syntax.lora_and_weight(text)[1]:
        text += ":1"
    is_one_word = option.name in _MANY_WORDS or (_WORD.fullmatch(text) and _bare(text) == text)
    is_plain = text[0] not in _QUOTED and text[0] not in "=:" and not _ANY_QUOTE.search(text)
    if is_one_word and is_plain and not _OPENING.search(text):
        return f"{flag} {text}"
    quoted = _TO_ESCAPE.sub(lambda found: f"\\{found.group()}", text)
    return f'{flag} "{quoted}"'


def _translated(spellings: Mapping[str, Option]) -> dict[str, Option]:
    return {theirs: spellings[ours] for theirs, ours in TRANSLATED.items() if ours in spellings}


def _takes_number(name: str, known: Mapping[str, Option]) -> bool:
    return is_foreign(name) or (
        name in known and (known[name].is_number or known[name] in (SIZE, RATIO))
    )
