"""Action ids of buttons and menus: a verb, an id, and perhaps the number of a picture."""

import re
from dataclasses import dataclass
from typing import Self

# Anchored, as bolt would otherwise find these anywhere in an action id.
TEMPLATE = re.compile(
    r"^(?P<verb>again|edit|files|cancel|more|vary|reveal|show|look)"
    r":(?P<id>[0-9a-z]{8})(?::(?P<picture>[1-9]))?$"
)
CASE_TEMPLATE = re.compile(
    r"^case:(?P<verb>claim|release|reveal|bare|approve|blur|remove|strike|escalate|undo)"
    r":(?P<id>[0-9a-z]{8})(?::(?P<picture>[1-9]))?$"
)
# A member's id, and since when, in seconds of Unix time.
PURGE_TEMPLATE = re.compile(r"^purge:(?P<person>[A-Z0-9]{1,30}):(?P<since_s>[0-9]{1,10})$")
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
        """The parts of an action id; None for any other text."""
        found = TEMPLATE.fullmatch(text)
        return None if found is None else cls(found["verb"], found["id"], _picture(found))


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
        """The parts of an action id; None for any other text."""
        found = CASE_TEMPLATE.fullmatch(text)
        return None if found is None else cls(found["verb"], found["id"], _picture(found))


def _joined(verb: str, id_: str, picture: int | None) -> str:
    return ":".join((verb, id_, *([str(picture)] if picture is not None else [])))


def _picture(found: re.Match[str]) -> int | None:
    return int(found["picture"]) if found["picture"] else None
