"""Shortening text."""


def shortened(text: str, max_chars: int) -> str:
    return text if len(text) <= max_chars else text[: max_chars - 1] + "…"


def one_line(text: str, max_chars: int) -> str:
    """`text` in one line, runs of white space as one blank, cut to `max_chars`."""
    return shortened(" ".join(text.split()), max_chars)
