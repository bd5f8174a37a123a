"""The ids of buttons, menus and forms: a verb, an id, perhaps one word more; nothing else."""

import re
from dataclasses import dataclass
from typing import Self

TEMPLATE = (
    r"(?P<verb>again|edit|files|cancel|more|vary|look)"
    r":(?P<job>[0-9a-z]{8})(?::(?P<picture>[1-9]))?"
)
CASE_TEMPLATE = (
    r"case:(?P<verb>claim|release|reveal|bare|approve|blur|remove|strike|escalate|undo)"
    r":(?P<case>[0-9a-z]{8})(?::(?P<picture>[1-9]))?"
)
# The member to purge, and since when, in Unix time.
PURGE_TEMPLATE = r"purge:(?P<person>[0-9]{1,20}):(?P<since_s>[0-9]{1,10})"
# The menu of the queue, whose values are ids of cases.
QUEUE = "cases:open"
FORM_TEMPLATE = (
    r"form:(?P<verb>edit|start|upload|report|remove|strike|escalate):(?P<id>[0-9a-z]{1,20})"
)


@dataclass(frozen=True, slots=True)
class CustomId:
    """Of a result. `job` is its public id."""

    verb: str
    job: str
    picture: int | None = None

    def __str__(self) -> str:
        return _joined(self.verb, self.job, self.picture)


@dataclass(frozen=True, slots=True)
class CaseId:
    """Of a case that moderators decide."""

    verb: str
    case: str
    picture: int | None = None

    def __str__(self) -> str:
        return _joined(f"case:{self.verb}", self.case, self.picture)


@dataclass(frozen=True, slots=True)
class FormId:
    """Of a form. `id` is that of a result, of an uploaded picture, or of a case to decide."""

    verb: str
    id: str

    def __str__(self) -> str:
        return f"form:{self.verb}:{self.id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        found = re.fullmatch(FORM_TEMPLATE, text)
        return cls(found["verb"], found["id"]) if found else None


def _joined(verb: str, id_: str, picture: int | None) -> str:
    return ":".join((verb, id_, *([str(picture)] if picture is not None else [])))
