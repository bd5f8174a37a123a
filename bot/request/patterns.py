"""Patterns of options inside a text: what begins one, what its values look like, and quotes.

What may repeat is bounded or possessive, so that none takes more than linear time;
benchmarks/typing.py measures it.
"""

import re

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
OPENING = re.compile(
    rf"{_FREE}(?P<slashes>\\*)"
    rf"(?P<dashes>[{_DASHES}](?:[{_UNSEEN}]{{0,2}}+[{_DASHES}]){{1,7}}+"
    rf"|[{_LONG_DASHES}\N{{FULLWIDTH HYPHEN-MINUS}}])[{_UNSEEN}]*"
    r"(?P<name>[A-Za-z\uff21-\uff3a\uff41-\uff5a][^\s=\uff1d]*)"
)
# Nearly an option: one hyphen, two right after a letter, or a blank or a digit after them. Stays
# words, and is named.
NEARLY = re.compile(
    rf"(?:{_FREE}(?:[{_HYPHENS}]{{1,2}}|[{_DASHES}]{{1,2}}(?:\s|(?=[0-9])))"
    rf"|(?<=[^\s\\{_DASHES}])(?=[{_LONG_DASHES}]*[{_HYPHENS}{_ODD_DASHES}])[{_DASHES}]{{2,}}\s?)"
    r"(?P<name>[A-Za-z_]{2,}|[A-Za-z](?=\s*=?\s*[0-9])"
    rf"|(?<=[{_DASHES}][{_DASHES}])[0-9]+[A-Za-z]+)(?=\s*+(?:[=:]\s*+)?(?:[\w.(*\"\u201d\u300d-]|$))"
)
TWO_HYPHENS = re.compile(f"[{_HYPHENS}][{_UNSEEN}]*[{_HYPHENS}]")
# Words in quotes, which begin and end words. `written` gives a value no quotes that could be taken
# for the end of such words in the prompt.
QUOTATION = re.compile(
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
WRAPPED = re.compile(
    r"\s*(?:\*\*(?P<bold>.*)\*\*(?:\s*-\s[^*]{0,100})?"
    r"|(?P<mark>`{1,3}|\|\|)(?P<marked>.*)(?P=mark)"
    rf"|[{_DOUBLE}\u300c](?P<quoted>[^{_DOUBLE}\u300c\u300d]*)[{_DOUBLE}\u300d])\s*",
    re.DOTALL,
)
# What people put around a value.
AROUND = {"(": ")", "[": "]", "{": "}", "<": ">", "\u300c": "\u300d", "\u300e": "\u300f"}
# After a name without a blank, but in --c4d.
GLUED_VALUE = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:x[0-9]+)?(?:px)?(?!\w)", re.IGNORECASE)
HEAD = re.compile(r"[A-Za-z_]+")
ANY_DASH = re.compile(f"[{_DASHES}]")
ANY_UNSEEN = re.compile(f"[{_UNSEEN}]")
# Full-width forms of ASCII, and the digits of other scripts (Arabic, Persian, Devanagari, Bengali,
# Thai, Burmese, Khmer), one to one.
NARROW = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20, 0x066B: ord(".")}
NARROW |= {
    zero + n: 0x30 + n
    for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0x1040, 0x17E0)
    for n in range(10)
}
# After a name or a value these belong to the sentence.
PUNCTUATION = ".,;:!?\u3001\u3002\uff0c\uff1b\uff1a"
WORD = re.compile(r"\S+")
SPACE = re.compile(r"\s*")
YES_OR_NO = re.compile(r"(?:(true|yes|on|1)|(?:false|no|off|0))(?!\S)", re.IGNORECASE)
# A comma or a full stop after a value belongs to neither it nor the prompt.
_END = r"(?:[,;\u3001\u3002]+|[.!?]*(?!\S))"
SIZE = re.compile(
    rf"([0-9]{{1,5}})w?(?:\s*(?:[{_TIMES}]|by)\s*|(?:\s+|,\s*|(?<=w))(?=[0-9]{{3}}))"
    rf"([0-9]{{1,5}})(?:px|h)?{_END}",
    re.IGNORECASE,
)
_DECIMAL = r"[0-9]{1,5}(?:\.[0-9]{1,5})?"
RATIO = re.compile(
    rf"({_DECIMAL})(?:(?:\s*[{_COLONS}{_TIMES}]\s*|-)({_DECIMAL})|\s+([1-9][0-9]?))?{_END}",
    re.IGNORECASE,
)
# Shapes by name, as width / height. The last are as good as nothing said.
SHAPES = {
    "square": 1.0,
    **dict.fromkeys(("landscape", "horizontal"), 3 / 2),
    **dict.fromkeys(("portrait", "vertical"), 2 / 3),
    **dict.fromkeys(("wide", "widescreen"), 16 / 9),
    "tall": 9 / 16,
}
NO_SHAPE = ("auto", "any", "default")
# Midjourney's --w is for weird, ours for the width.
WEIRD = re.compile(r"\s*=?\s*([0-9]{1,4})(?!\S)")
# An equals sign or a colon between an option and its value.
JOINT = re.compile(r"\s*=|\s+:(?=\s)")
# Numbers are written in groups, and followed by what they count.
GROUPS = re.compile(r"\s*([0-9]{1,3}(?:[\s,.'\u2019_][0-9]{3})+)(?![\w.,])")
COUNTED = {
    "num_inference_steps": re.compile(r"\s+steps?[.,;]?(?!\S)", re.IGNORECASE),
    "num_images": re.compile(r"\s+(?:images?|pictures?)[.,;]?(?!\S)", re.IGNORECASE),
    **dict.fromkeys(
        ("width", "height"), re.compile(r"\s+(?:px|pixels?)[.,;]?(?!\S)", re.IGNORECASE)
    ),
}
LAST = re.compile(rf"\s*(?:$|[{_DASHES}])")
NOTHING = re.compile(r"(?!)")
QUOTES = _DOUBLE + "\u300c\u300d\u300e\u300f"
ESCAPED = re.compile(rf"\\([\\{QUOTES}{_SINGLE}])")
TO_ESCAPE = re.compile(rf"[\\{QUOTES}]")
ANY_QUOTE = re.compile(rf"[{QUOTES}]")


def _quoted_in(quotes: str) -> re.Pattern[str]:
    """A pattern of a value in `quotes`, which close at a word's end. Possessive: linear time."""
    inner = rf"(?:[^\\{quotes}]|\\.|[{quotes}](?=\S))*+"
    return re.compile(rf"[{quotes}]({inner})[{quotes}](?!\S)", re.DOTALL)


QUOTED = {
    **dict.fromkeys(_DOUBLE, _quoted_in(_DOUBLE)),
    **dict.fromkeys(_SINGLE, _quoted_in(_SINGLE)),
}
