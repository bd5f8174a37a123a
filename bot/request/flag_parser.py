r"""Options inside a text: where they begin, and which words are their value.

- An option begins a word: "rock--n--roll" and "noir -- moody" hold none. A backslash before the
  dashes makes them words of the prompt: `\--steps`. Scripts without blanks and punctuation may
  stand right before one that is known: `猫--ar 16:9`.
- Phones and Slack turn "--" into a dash and curl quotes, keyboards write wide and unseen
  characters; all of them are understood. As a dash is also punctuation, a word after one is an
  option only if it names one, or nearly.
- Quotes matter only at the beginning of an option's value; elsewhere they are words.
- `--no` takes every word up to the next option, the others take one.
"""

import re
from collections import deque
from collections.abc import Mapping
from itertools import islice
from typing import Any

from bot.errors import Problem
from bot.request.aspect_ratio import is_near, nearest_size
from bot.request.commands import IMAGINE, RATIO, SIZE, Command
from bot.request.foreign_flags import is_foreign, tool_of, value_end
from bot.request.image_request import SIDES_PX
from bot.request.notes import Note
from bot.request.options import Option, shown
from bot.spelling import nearest

# Comparing spellings takes 0.1 ms a word, so only the first words after a dash are compared.
_DOUBTS_MAX = 8
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
_DASHES = _HYPHENS + _LONG_DASHES
# Soft hyphen, zero-width blanks and joiners, marks of direction, byte order mark.
_UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
# What may stand right before an option besides blanks: punctuation, scripts without blanks between
# words (Thai to Khmer; Chinese, Japanese and Korean), symbols and emoji.
_BEFORE = (
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
_TIMES = "x*\N{MULTIPLICATION SIGN}"

_OPENING = re.compile(
    rf"(?:(?<!\S)|(?<=[{_BEFORE}]))(?P<slashes>\\*)"
    rf"(?P<dashes>[{_DASHES}]{{2,}}|[{_LONG_DASHES}\N{{FULLWIDTH HYPHEN-MINUS}}])[{_UNSEEN}]*"
    r"(?P<name>[A-Za-z\uff21-\uff3a\uff41-\uff5a][^\s=\uff1d]*)"
)
# Nearly an option: one hyphen, or two right after a letter. Stays words, and is named.
_NEARLY = re.compile(
    rf"(?:(?:(?<!\S)|(?<=[{_BEFORE}]))[{_HYPHENS}]"
    rf"|(?<=[^\s\\{_DASHES}])(?=[{_LONG_DASHES}]*[{_HYPHENS}])[{_DASHES}]{{2,}})"
    r"(?P<name>[a-z_]{2,})(?=(?:\s+|=|:\s*|)[\w.-]|\s*$)"
)
_TWO_HYPHENS = re.compile(f"[{_HYPHENS}]{{2}}")
# After a name without a blank, but in --c4d.
_GLUED_VALUE = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:x[0-9]+)?(?:px)?(?!\w)", re.IGNORECASE)
_HEAD = re.compile(r"[A-Za-z_]+")
_ANY_DASH = re.compile(f"[{_DASHES}]")
_ANY_UNSEEN = re.compile(f"[{_UNSEEN}]")
# Full-width forms of ASCII, one to one.
_NARROW = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}
# After a name or a value these belong to the sentence.
_PUNCTUATION = ".,;:!?\u3001\u3002\uff0c\uff1b\uff1a"
_WORD = re.compile(r"\S+")
_SPACE = re.compile(r"\s*")
_YES_OR_NO = re.compile(r"(?:(true|yes|on|1)|(?:false|no|off|0))(?!\S)", re.IGNORECASE)
# A comma or a full stop after a value belongs to neither it nor the prompt.
_END = r"(?:[,;\u3001\u3002]+|[.!?]*(?!\S))"
_SIZE = re.compile(
    rf"([0-9]{{1,5}})(?:\s*[{_TIMES}]\s*|\s+(?=[0-9]{{3}}))([0-9]{{1,5}})(?:px)?{_END}",
    re.IGNORECASE,
)
_DECIMAL = r"[0-9]{1,5}(?:\.[0-9]{1,5})?"
_RATIO = re.compile(
    rf"({_DECIMAL})(?:\s*[:/{_TIMES}]\s*({_DECIMAL})|\s+([1-9][0-9]?))?{_END}", re.IGNORECASE
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
# Options of /imagine, to say of one that another command doesn't take it.
_SPELLINGS = IMAGINE.spellings
_MANY_WORDS = ("prompt", "negative_prompt")

_ESCAPED = re.compile(rf"\\([\\{_DOUBLE}{_SINGLE}])")
_TO_ESCAPE = re.compile(rf"[\\{_DOUBLE}]")


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
        self._command = f"/{command.name}"
        self._known = command.spellings
        self._text = text
        self._narrow = text.translate(_NARROW)  # place by place the same
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
        if self._kept:
            self.notes.append(Note("kept_as_words", {"words": self._kept[:_PROBLEMS_MAX]}))

    def _read_words(self, end: int) -> None:
        text = self._text[self._at : end]
        self._kept += [
            found.group() for found in _NEARLY.finditer(text) if found["name"] in self._known
        ]
        self.words.append(unescaped(text).strip())

    def _is_option(self, opening: re.Match[str]) -> bool:
        name, _ = self._name_of(opening)
        is_sure = _TWO_HYPHENS.fullmatch(opening["dashes"]) is not None
        if opening.start() and not self._text[opening.start() - 1].isspace():
            return name in self._known or (is_sure and is_foreign(name))
        if name in self._known or is_foreign(name) or is_sure:
            return True
        self._doubts += 1
        return self._doubts <= _DOUBTS_MAX and self._nearest(name) is not None

    def _name_of(self, opening: re.Match[str]) -> tuple[str, int]:
        """The name of an option, and where it ends: "ar" of --ar16:9 and of --ar:16:9."""
        name = _ANY_UNSEEN.sub("", opening["name"].translate(_NARROW))
        name = _ANY_DASH.sub("_", name).lower().rstrip(_PUNCTUATION)
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
        near = nearest(name, self._known) or next(one_more, None)
        return None if near is None else f"--{self._known[near].short}"

    def _read_option(self, name: str) -> None:
        flag = f"--{name}"
        is_joined = self._narrow.startswith("=", self._at)
        if name == "w" and (weird := self._weird()):
            self._at = weird.end()
            self.notes.append(Note("weird", {"got": f"--w {weird[1]}"}))
            return
        self._at += is_joined
        if name in self._known:
            self._read_known(self._known[name], flag, is_joined=is_joined)
        elif name in _SPELLINGS:
            data = {"command": self._command}
            self.problems.append(Problem(_SPELLINGS[name].name, "option_not_here", data))
        elif is_foreign(name):
            self._ignore(name, flag, is_joined=is_joined)
        else:
            guess = {"got": shown(flag), "nearest": self._nearest(name)}
            self.problems.append(Problem("", "unknown_option", guess))

    def _ignore(self, name: str, flag: str, *, is_joined: bool) -> None:
        start = self._at - is_joined
        if is_joined or self._text[start : start + 1].isdecimal():  # --v6
            self._value(many=False)
        else:
            self._at = value_end(name, self._narrow, start)
        words = " ".join((flag + self._text[start : self._at]).split()).rstrip(_PUNCTUATION)
        self._ignored.append(shown(words))
        self._tools.add(tool_of(name))

    def _read_known(self, option: Option, flag: str, *, is_joined: bool) -> None:
        if option.type is bool:
            self._switch(option, is_joined=is_joined)
        elif option is SIZE:
            self._read_shape(flag, "not_a_size", _SIZE, _RATIO)
        elif option is RATIO:
            self._read_shape(flag, "not_a_ratio", _RATIO)
        elif (value := self._value(many=option.name in _MANY_WORDS)) is None:
            self.problems.append(Problem(option.name, "no_value", {"flag": flag}))
        elif option.type is bytes:
            self.problems.append(Problem(option.name, "image_in_text", {}))
        elif not option.chat:
            self.problems.append(Problem(option.name, "not_in_chat", {}))
        elif option.name in _MANY_WORDS and option.name in self.fields:
            self.fields[option.name] += f", {value}"
        else:
            self.fields[option.name] = value.translate(_NARROW) if option.is_number else value

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
        width_px, height_px = nearest_size(ratio)
        self.fields |= {"width": width_px, "height": height_px}
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
    return _ANY_UNSEEN.sub("", value).rstrip(_PUNCTUATION)


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
    is_one_word = option.name in _MANY_WORDS or (_WORD.fullmatch(text) and _bare(text) == text)
    if is_one_word and text[0] not in _QUOTED and not _OPENING.search(text):
        return f"{flag} {text}"
    quoted = _TO_ESCAPE.sub(lambda found: f"\\{found.group()}", text)
    return f'{flag} "{quoted}"'


def _takes_number(name: str, known: Mapping[str, Option]) -> bool:
    return is_foreign(name) or (
        name in known and (known[name].is_number or known[name] in (SIZE, RATIO))
    )
