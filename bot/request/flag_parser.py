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
from bot.request import foreign_syntax, patterns
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

# Options of /imagine, to say of one that another command doesn't take it.
_SPELLINGS = IMAGINE.spellings
_MANY_WORDS = ("prompt", "negative_prompt")


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
        self._narrow = text.translate(patterns.NARROW)  # place by place the same
        self._quotations = [found.span() for found in patterns.QUOTATION.finditer(text)]
        self._at = 0
        self._doubts = 0
        self._quotes_close = True
        meant = (found for found in patterns.OPENING.finditer(text) if not found["slashes"])
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
            for found in patterns.NEARLY.finditer(text)
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
        is_sure = patterns.TWO_HYPHENS.fullmatch(opening["dashes"]) is not None
        before = self._text[opening.start() - 1] if opening.start() else " "
        if not before.isspace():
            if before in "0123456789)]}>" and len(opening["dashes"] + name) < _SURE_CHARS:
                return False  # a dash between a number and a word
            return name in self._known or (is_sure and is_foreign(name))
        if name in self._known or is_sure:
            return True
        if is_foreign(name):  # "a house —old and creaky" has none
            _, value_at = value_of(name, self._narrow, end, len(self._text))
            return value_at > end or patterns.LAST.match(self._text, end) is not None
        self._doubts += 1
        return self._doubts <= _DOUBTS_MAX and self._nearest(name) is not None

    def _name_of(self, opening: re.Match[str]) -> tuple[str, int]:
        """The name of an option, and where it ends: "ar" of --ar16:9 and of --ar:16:9."""
        name = patterns.ANY_UNSEEN.sub("", opening["name"].translate(patterns.NARROW))
        name = (
            patterns.ANY_DASH.sub("_", name)
            .lower()
            .rstrip(patterns.PUNCTUATION + patterns.QUOTES + "*`")
        )
        if name in self._known or is_foreign(name):
            return name, opening.end()
        head = patterns.HEAD.match(self._narrow, opening.start("name"))
        short = head.group().lower().rstrip("_") if head else name
        if head is None or not _takes_number(short, self._known):
            return name, opening.end()
        value_at = head.end() + self._narrow.startswith(":", head.end())
        if not patterns.GLUED_VALUE.match(self._narrow, value_at):
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
        words = " ".join((flag + self._text[start : self._at]).split()).rstrip(patterns.PUNCTUATION)
        self._ignored.append(shown(words))
        self._tools.add(tool)

    def _read_known(self, option: Option, flag: str) -> None:
        joint = patterns.JOINT.match(self._narrow, self._at)
        is_joined = joint is not None and (option.type is not bool or joint[0] == "=")
        if joint is not None and is_joined:
            self._at = joint.end()
        if option.type is bool:
            self._switch(option, is_joined=is_joined)
        elif option is SIZE:
            self._read_shape(flag, "not_a_size", patterns.SIZE, patterns.RATIO)
        elif option is RATIO:
            self._read_shape(flag, "not_a_ratio", patterns.RATIO)
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
        quoted = patterns.QUOTED.get(self._text[start : start + 1])
        if quoted is not None and self._quotes_close:
            if found := quoted.match(self._text, start):
                self._at = found.end()
                return patterns.ESCAPED.sub(r"\1", found[1])
            # Then no later quote closes either; searching again each time would be quadratic.
            self._quotes_close = False
        if quoted is not None:
            start += 1
        end = self._next_start()
        if not many:
            word = patterns.WORD.match(self._text, start, end)
            end = word.end() if word else start
        self._at = end
        value = unescaped(self._text[start:end]).strip()
        return (value if many else _bare(value)) or None

    def _number(self, option: Option, value: str) -> str:
        """`value` in digits of ours; what it counts is read as well: "20 steps"."""
        counted = patterns.COUNTED.get(option.name, patterns.NOTHING).match(self._text, self._at)
        if counted and not self._text[counted.end() : self._next_start()].strip():
            self._at = counted.end()
        return value.translate(patterns.NARROW)

    def _grouped(self) -> str | None:
        """A whole number in groups, like 4 294 967 295."""
        found = patterns.GROUPS.match(self._narrow, self._at)
        if found is None or self._text[found.end() : self._next_start()].strip():
            return None
        self._at = found.end()
        return re.sub(r"\D", "", found[1])

    def _switch(self, option: Option, *, is_joined: bool) -> None:
        """Read a yes/no option: it needs no value; "no cats" after it are words of the prompt."""
        found = patterns.YES_OR_NO.match(self._text, self._at if is_joined else self._after_space())
        if found and (is_joined or not self._text[found.end() : self._next_start()].strip()):
            self._at = found.end()
            self.fields[option.name] = found[1] is not None
        elif is_joined:
            got = shown(self._value(many=False) or "")
            self.problems.append(Problem(option.name, "not_yes_or_no", {"got": got}))
        else:
            self.fields[option.name] = True

    def _read_shape(self, flag: str, code: str, *kinds: re.Pattern[str]) -> None:
        at = self._after_space()
        found = next(filter(None, (each.match(self._narrow, at) for each in kinds)), None)
        if found is not None:  # it may contain blanks: 768 x 512
            self._at = found.end()
            got: str | None = found.group()
        else:
            got = self._value(many=False)
            plain = (got or "").translate(patterns.NARROW).lower()
            if plain in patterns.NO_SHAPE:
                return
            if plain in patterns.SHAPES:
                self._set_shape(plain, patterns.SHAPES[plain])
                return
            found = next(filter(None, (each.fullmatch(plain) for each in kinds)), None)
        if got is None:
            self.problems.append(Problem("width", "no_value", {"flag": flag}))
        elif found is None or not self._set(found, code):
            got = got.rstrip(patterns.PUNCTUATION)
            self.problems.append(Problem("width", code, {"got": shown(got)}))

    def _set(self, found: re.Match[str], code: str) -> bool:
        """Take a size, or the size of a ratio; False for what is neither."""
        if found.re is patterns.SIZE:
            self.fields |= {"width": int(found[1]), "height": int(found[2])}
            self._shape = None
            return True
        down = found[2] or found[3]
        if code == "not_a_size" and down is None:  # one number is no size
            return False
        across_by_down = float(found[1]) / (float(down or 1) or 1)
        if not across_by_down or (down and not float(down)):
            return False
        self._set_shape(found.group().rstrip(patterns.PUNCTUATION), across_by_down)
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
        found = patterns.WEIRD.match(self._narrow, self._at)
        return None if found is None or int(found[1]) in SIDES_PX else found

    def _after_space(self) -> int:
        found = patterns.SPACE.match(self._text, self._at)
        assert found is not None
        return found.end()

    def _next_start(self) -> int:
        """Where the next option begins, at or after the place that was reached."""
        return next((o.start() for o in self._openings if o.start() >= self._at), len(self._text))


def _bare(value: str) -> str:
    """A value of one word, without what only stands around it."""
    bare = patterns.ANY_UNSEEN.sub("", value).rstrip(patterns.PUNCTUATION + "*`|")
    if bare and patterns.AROUND.get(bare[0]) == bare[-1]:
        return bare[1:-1]
    for first, last in patterns.AROUND.items():
        if bare.endswith(last) and first not in bare:
            return bare[:-1].rstrip(patterns.PUNCTUATION)
    return bare


def unwrapped(text: str) -> str:
    """`text` without what is around all of it, if there are options inside."""
    found = patterns.WRAPPED.fullmatch(text)
    inner = found and next(filter(None, (found["bold"], found["marked"], found["quoted"])), "")
    if inner and any(not opening["slashes"] for opening in patterns.OPENING.finditer(inner)):
        return inner
    return text


def unescaped(text: str) -> str:
    r"""`text` with `\--steps` as --steps."""
    return patterns.OPENING.sub(lambda found: found.group().removeprefix("\\"), text)


def escaped(text: str) -> str:
    r"""`text` in which nothing reads as an option: the inverse of `unescaped`."""
    return patterns.OPENING.sub(lambda found: "\\" + found.group(), text)


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
    is_word = patterns.WORD.fullmatch(text) is not None and _bare(text) == text
    is_one_word = option.name in _MANY_WORDS or is_word
    begins_value = text[0] in patterns.QUOTED or text[0] in "=:"
    is_plain = not begins_value and not patterns.ANY_QUOTE.search(text)
    if is_one_word and is_plain and not patterns.OPENING.search(text):
        return f"{flag} {text}"
    quoted = patterns.TO_ESCAPE.sub(lambda found: f"\\{found.group()}", text)
    return f'{flag} "{quoted}"'


def _translated(spellings: Mapping[str, Option]) -> dict[str, Option]:
    return {theirs: spellings[ours] for theirs, ours in TRANSLATED.items() if ours in spellings}


def _takes_number(name: str, known: Mapping[str, Option]) -> bool:
    return is_foreign(name) or (
        name in known and (known[name].is_number or known[name] in (SIZE, RATIO))
    )
