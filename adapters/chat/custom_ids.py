"""Ids of buttons, menus and forms: a verb, an id, and perhaps one word more."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

# Ids of controls of a result, and of a case.
RESULT = (
    r"(?P<verb>again|edit|files|cancel|more|vary|enlarge|tell|look|reveal|show|share|takedown)"
    r":(?P<id>[0-9a-z]{8})(?::(?P<picture>[1-9]))?"
)
CASE = (
    r"case:(?P<verb>claim|release|reveal|bare|approve|blur|remove|strike|escalate|undo)"
    r":(?P<id>[0-9a-z]{8})(?::(?P<picture>[1-9]))?"
)
# A member's id, and since when, in seconds of Unix time.
PURGE = r"purge:(?P<person>[A-Z0-9]{1,30}):(?P<since_s>[0-9]{1,10})"
# The queue's menu, whose values are ids of cases, and its link to the page.
QUEUE = "cases:open"
PAGE = "cases:page"


@dataclass(frozen=True, slots=True)
class CustomId:
    """The action id of a control of a result. `job` is its public id."""

    verb: str
    job: str
    picture: int | None = None

    def __str__(self) -> str:
        return _joined(self.verb, self.job, self.picture)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The parts of an id; None for any other text."""
        found = re.fullmatch(RESULT, text)
        return None if found is None else cls.of(found)

    @classmethod
    def of(cls, found: re.Match[str]) -> Self:
        return cls(found["verb"], found["id"], _picture(found))


@dataclass(frozen=True, slots=True)
class CaseId:
    """The action id of a control of a case."""

    verb: str
    case: str
    picture: int | None = None

    def __str__(self) -> str:
        return _joined(f"case:{self.verb}", self.case, self.picture)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The parts of an id; None for any other text."""
        found = re.fullmatch(CASE, text)
        return None if found is None else cls.of(found)

    @classmethod
    def of(cls, found: re.Match[str]) -> Self:
        return cls(found["verb"], found["id"], _picture(found))


@dataclass(frozen=True, slots=True)
class PurgeId:
    """Of a member, and since when to the second."""

    person: str
    since: datetime

    def __str__(self) -> str:
        return f"purge:{self.person}:{int(self.since.timestamp())}"

    @classmethod
    def of(cls, found: re.Match[str]) -> Self:
        return cls(found["person"], datetime.fromtimestamp(int(found["since_s"]), UTC))


def _joined(verb: str, id_: str, picture: int | None) -> str:
    return ":".join((verb, id_, *([str(picture)] if picture is not None else [])))


def _picture(found: re.Match[str]) -> int | None:
    return int(found["picture"]) if found["picture"] else None
