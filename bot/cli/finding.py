"""One line of `limner doctor`, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    GOOD = "✓"
    NOTE = "!"  # works, but somebody should know
    BAD = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    mark: Mark
    text: str
    advice: str = ""

    def __str__(self) -> str:
        line = f"{self.mark} {self.text}"
        return f"{line}\n  → {self.advice}" if self.advice else line


def good(text: str, advice: str = "") -> Finding:
    return Finding(Mark.GOOD, text, advice)


def note(text: str, advice: str = "") -> Finding:
    return Finding(Mark.NOTE, text, advice)


def bad(text: str, advice: str) -> Finding:
    return Finding(Mark.BAD, text, advice)
