"""Words → Discord's markdown. Pure. Everything that people wrote is escaped here."""

import re
from datetime import datetime

from adapters.chat.markup import Markup, longest, marked
from bot.wording import Sentence

# Markdown, mentions, custom emoji, time stamps and bare addresses: none of them may do anything.
_MARKS = re.compile(r"([\\`*_~|>\[\]<@]|:(?=//)|^\s*(?:#|-|\+)|(?<=\d)\.(?=\s))", re.MULTILINE)
_ZERO_WIDTH_SPACE = "\u200b"


def escaped(text: str) -> str:
    """`text` as people wrote it: no markup, no mention, no link."""
    marked = _MARKS.sub(lambda found: _behind_space(found[1]), text)
    # The client doesn't respect a backslash before these two everywhere.
    for word in ("@everyone", "@here"):
        marked = marked.replace("\\" + word, f"@{_ZERO_WIDTH_SPACE}{word[1:]}")
    return marked


def _behind_space(mark: str) -> str:
    stripped = mark.lstrip()
    return mark[: len(mark) - len(stripped)] + "\\" + stripped


def code(text: str) -> str:
    """`text` between back ticks, which can't hold one."""
    return f"`{text.replace('`', chr(0x2CB)).replace(chr(10), ' ')}`" if text else ""


def code_block(text: str) -> str:
    """`text` on lines of its own, to be copied."""
    return f"```\n{text.replace('```', chr(0x2CB) * 3)}\n```"


def quoted(text: str, max_chars: int) -> str:
    """`text` as a block quote, cut to `max_chars` of markup."""
    return longest(text, _quote, lambda quote: len(quote) <= max_chars)


def _quote(text: str) -> str:
    return "\n".join(f"> {line}" for line in escaped(text).split("\n"))


def sentence(parts: Sentence) -> str:
    return marked(parts, _MARKUP)


def person(id_: str, name: str = "") -> str:
    return f"<@{id_}>" if id_.isascii() and id_.isdecimal() else escaped(name or id_)


def when(at: datetime) -> str:
    """A time, which Discord's client shows in the reader's own zone."""
    return f"<t:{int(at.timestamp())}:f>"


def ago(at: datetime) -> str:
    """A relative time, which Discord's client keeps up to date: "3 minutes ago"."""
    return f"<t:{int(at.timestamp())}:R>"


def strong(text: str) -> str:
    return f"**{escaped(text)}**"


_MARKUP = Markup(
    text=str,
    words=escaped,
    strong=strong,
    code=code,
    link=lambda text, url: f"[{text}](<{url}>)",
    heading=lambda marked: f"### {marked}",
    small=lambda marked: f"-# {marked}",
    quoted=quoted,
    when=when,
    ago=ago,
    person=person,
    channel=lambda id_: f"<#{id_}>",
    role=lambda id_: f"<@&{id_}>",
)
