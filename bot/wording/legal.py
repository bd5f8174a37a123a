"""Terms and Privacy: texts with blanks, which the owner's settings fill.

A text is paragraphs with empty lines between them. Lines that begin with "# " are headings, with
"- " items of a list. A paragraph or an item whose blank has nothing to be filled with is left out.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

TITLES = {"terms": "Terms", "privacy": "Privacy"}
_BLANK = re.compile(r"\{([a-z]+)\}")
_OWN = Path(__file__).parent / "texts"


class Block(NamedTuple):
    """One heading, paragraph or item of a list."""

    kind: Literal["heading", "paragraph", "item"]
    text: str


def own_text(name: str) -> str:
    """The text that comes with the bot, with its blanks."""
    return (_OWN / f"{name}.txt").read_text("utf-8")


def filled(text: str, facts: Mapping[str, str]) -> tuple[Block, ...]:
    """`text` with its blanks filled; those that nobody knows stay as they are."""
    return tuple(
        Block(kind, _BLANK.sub(lambda blank: facts.get(blank[1], blank[0]), words))
        for kind, words in _blocks(text)
        if all(facts.get(name, "?") for name in _BLANK.findall(words))
    )


def _blocks(text: str) -> Iterator[tuple[Literal["heading", "paragraph", "item"], str]]:
    paragraph: list[str] = []
    for line in (*text.splitlines(), ""):
        words = line.strip()
        if words and not words.startswith(("# ", "- ")):
            paragraph.append(words)
            continue
        if paragraph:
            yield "paragraph", " ".join(paragraph)
            paragraph = []
        if words:
            yield ("heading" if words[0] == "#" else "item"), words[2:]


def kept_for(days: int) -> str:
    """How long something is kept; 0 is for ever."""
    if days == 0:
        return "until it is deleted"
    return "1 day" if days == 1 else f"{days} days"
