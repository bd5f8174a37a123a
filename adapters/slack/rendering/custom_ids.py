"""What a button or menu carries: a verb, an id, perhaps the number of a picture; nothing else."""

import re
from dataclasses import dataclass
from typing import Self

# bolt looks for these anywhere in a control's name, so that each says where it begins and ends.
TEMPLATE = re.compile(
    r"^(?P<verb>again|edit|files|cancel|more|vary|reveal|show|look)"
    r":(?P<id>[0-9a-z]{8})(?::(?P<picture>[1-9]))?$"
)
CASE_TEMPLATE = re.compile(
    r"^case:(?P<verb>claim|release|reveal|bare|approve|blur|remove|strike|escalate|undo)"
    r":(?P<id>[0-9a-z]{8})(?::(?P<picture>[1-9]))?$"
)
# Of a member, and since when, in seconds of Unix time.
PURGE_TEMPLATE = re.compile(r"^purge:(?P<person>[A-Z0-9]{1,30}):(?P<since_s>[0-9]{1,10})$")
# The menu of the queue, whose values are ids of cases, and the way to the page.
QUEUE = "cases:open"
PAGE = "cases:page"


@dataclass(frozen=True, slots=True)
class CustomId:
    """Of a result. `job` is its public id."""

    verb: str
    job: str
    picture: int | None = None

    def __str__(self) -> str:
        return _joined(self.verb, self.job, self.picture)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for what is none of ours."""
        found = TEMPLATE.fullmatch(text)
        return None if found is None else cls(found["verb"], found["id"], _picture(found))


@dataclass(frozen=True, slots=True)
class CaseId:
    """Of a case that moderators decide."""

    verb: str
    case: str
    picture: int | None = None

    def __str__(self) -> str:
        return _joined(f"case:{self.verb}", self.case, self.picture)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for what is none of ours."""
        found = CASE_TEMPLATE.fullmatch(text)
        return None if found is None else cls(found["verb"], found["id"], _picture(found))


def _joined(verb: str, id_: str, picture: int | None) -> str:
    return ":".join((verb, id_, *([str(picture)] if picture is not None else [])))


def _picture(found: re.Match[str]) -> int | None:
    return int(found["picture"]) if found["picture"] else None
