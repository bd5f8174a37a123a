"""Shortening text."""


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
