"""Shortening text, and showing it where characters are commands."""

import re


def shortened(text: str, max_chars: int) -> str:
    return text if len(text) <= max_chars else text[: max_chars - 1] + "…"


def one_line(text: str, max_chars: int) -> str:
    """`text` in one line, runs of white space as one blank, cut to `max_chars`.

    Of a text that is much longer only the beginning is read.
    """
    read = text[: _READ * max_chars]
    line = " ".join(read.split())
    return shortened(line if len(read) == len(text) else f"{line}…", max_chars)


# White space may be this many times as long as the words.
_READ = 16

# C0, DEL and C1, among them what moves a terminal's cursor; line ends besides; half pairs, which no
# file takes.
_COMMANDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def escaped(text: str, keep: str = "") -> str:
    """`text` with control characters, but those in `keep`, as Python writes them: for logs and
    terminals.
    """

    def written(found: re.Match[str]) -> str:
        return found[0] if found[0] in keep else found[0].encode("unicode_escape").decode()

    return _COMMANDS.sub(written, text)
