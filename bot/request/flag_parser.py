r"""Options inside a text: where they begin, and which words are their value.

- An option begins a word: "rock--n--roll" and "noir -- moody" hold none. A backslash before the
  dashes makes them words of the prompt: `\--steps`.
- Phones and Slack turn "--" into a dash and curl quotes; all of them are understood. As a dash is
  also punctuation, a word after one is an option only if it names one, or nearly.
- Quotes matter only at the beginning of an option's value; elsewhere they are words.
- `--no` takes every word up to the next option, the others take one.
"""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bot.errors import Problem
from bot.request.aspect_ratio import is_near, nearest_size
from bot.request.commands import IMAGINE, RATIO, SIZE, Command
from bot.request.foreign_flags import is_foreign, value_end
from bot.request.options import Option, shown
from bot.spelling import nearest

# Comparing spellings takes 0.1 ms a word, so only the first words after a dash are compared.
_DOUBTS_MAX = 8
# More unescaped words with dashes than anybody means; each takes a few microseconds.
_OPENINGS_MAX = 250
# No more problems than this are reported at once.
_PROBLEMS_MAX = 8

# What phones and Slack make of two hyphens.
_DASHES = "\N{EN DASH}\N{EM DASH}\N{FIGURE DASH}\N{HORIZONTAL BAR}\N{MINUS SIGN}"
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
    rf"(?<!\S)(?P<slashes>\\*)(?P<dashes>--+|[{_DASHES}]+-*)(?P<name>[A-Za-z][^\s=]*)"
)
_WORD = re.compile(r"\S+")
_SPACE = re.compile(r"\s*")
_YES_OR_NO = re.compile(r"(?:(true|yes|on|1)|(?:false|no|off|0))(?!\S)", re.IGNORECASE)
_SIZE = re.compile(rf"([0-9]{{1,5}})\s*[{_TIMES}]\s*([0-9]{{1,5}})(?:px)?(?!\S)", re.IGNORECASE)
_DECIMAL = r"[0-9]{1,5}(?:\.[0-9]{1,5})?"
_RATIO = re.compile(rf"({_DECIMAL})(?:\s*[:/{_TIMES}]\s*({_DECIMAL}))?(?!\S)", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about text that was understood; `wording/` has the sentence."""

    code: str
    data: dict[str, Any]


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
        self._command = f"/{command.name}"
        self._known = command.spellings
        self._text = text
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
            self.words.append(unescaped(self._text[self._at : opening.start()]).strip())
            self._at = opening.end()
            self._read_option(_name(opening))
        self.words.append(unescaped(self._text[self._at :]).strip())
        if self._ignored:
            self.notes.append(Note("foreign_flags", {"flags": self._ignored}))

    def _is_option(self, opening: re.Match[str]) -> bool:
        name = _name(opening)
        if name in self._known or is_foreign(name) or opening["dashes"] == "--":
            return True
        self._doubts += 1
        return self._doubts <= _DOUBTS_MAX and self._nearest(name) is not None

    def _nearest(self, name: str) -> str | None:
        near = nearest(name, self._known)
        return None if near is None else f"--{self._known[near].short}"

    def _read_option(self, name: str) -> None:
        flag = f"--{name}"
        is_joined = self._text.startswith("=", self._at)
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
        if is_joined:
            self._value(many=False)
        else:
            self._at = value_end(name, self._text, start)
        self._ignored.append(shown(" ".join((flag + self._text[start : self._at]).split())))

    def _read_known(self, option: Option, flag: str, *, is_joined: bool) -> None:
        if option.type is bool:
            self._switch(option, is_joined=is_joined)
        elif option is SIZE:
            self._read_shorthand(_SIZE, "not_a_size", flag, self._set_size)
        elif option is RATIO:
            self._read_shorthand(_RATIO, "not_a_ratio", flag, self._set_shape)
        elif (value := self._value(many=option.name in _MANY_WORDS)) is None:
            self.problems.append(Problem(option.name, "no_value", {"flag": flag}))
        elif option.type is bytes:
            self.problems.append(Problem(option.name, "image_in_text", {}))
        elif not option.chat:
            self.problems.append(Problem(option.name, "not_in_chat", {}))
        elif option.name in _MANY_WORDS and option.name in self.fields:
            self.fields[option.name] += f", {value}"
        else:
            self.fields[option.name] = value

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
        return unescaped(self._text[start:end]).strip() or None

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

    def _read_shorthand(
        self,
        pattern: re.Pattern[str],
        code: str,
        flag: str,
        use: Callable[[re.Match[str]], bool],
    ) -> None:
        found = pattern.match(self._text, self._after_space())
        if found is not None:  # it may contain blanks: 768 x 512
            self._at = found.end()
            got: str | None = found.group()
        else:
            got = self._value(many=False)
            found = pattern.fullmatch(got or "")
        if got is None:
            self.problems.append(Problem("width", "no_value", {"flag": flag}))
        elif found is None or not use(found):
            self.problems.append(Problem("width", code, {"got": shown(got)}))

    def _set_size(self, found: re.Match[str]) -> bool:
        self.fields |= {"width": int(found[1]), "height": int(found[2])}
        return True

    def _set_shape(self, found: re.Match[str]) -> bool:
        across, down = float(found[1]), float(found[2] or 1)
        if not across or not down:
            return False
        width_px, height_px = nearest_size(across / down)
        self.fields |= {"width": width_px, "height": height_px}
        if not is_near(width_px / height_px, across / down):
            data = {"asked": found.group(), "width": width_px, "height": height_px}
            self.notes.append(Note("nearest_shape", data))
        return True

    def _after_space(self) -> int:
        found = _SPACE.match(self._text, self._at)
        assert found is not None
        return found.end()

    def _next_start(self) -> int:
        """Where the next option begins, at or after the place that was reached."""
        return next((o.start() for o in self._openings if o.start() >= self._at), len(self._text))


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
    is_one_word = option.name in _MANY_WORDS or _WORD.fullmatch(text)
    if is_one_word and text[0] not in _QUOTED and not _OPENING.search(text):
        return f"{flag} {text}"
    quoted = _TO_ESCAPE.sub(lambda found: f"\\{found.group()}", text)
    return f'{flag} "{quoted}"'


def _name(opening: re.Match[str]) -> str:
    return opening["name"].lower().replace("-", "_").rstrip(".,;:!?")
