"""Text cut to what fits."""


def shortened(text: str, max_chars: int) -> str:
    return text if len(text) <= max_chars else text[: max_chars - 1] + "…"


def one_line(text: str, max_chars: int) -> str:
    """Without the breaks and the wide spaces that people write."""
    return shortened(" ".join(text.split()), max_chars)
