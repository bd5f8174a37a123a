"""Ids of forms: what the form is for, and an id."""

import re
from dataclasses import dataclass
from typing import Self

FORM = r"form:(?P<verb>edit|start|upload|report|remove|strike|escalate):(?P<id>[0-9a-z]{1,20})"


@dataclass(frozen=True, slots=True)
class FormId:
    """`id` is the id of a result, of an uploaded picture, or of a case to decide."""

    verb: str
    id: str

    def __str__(self) -> str:
        return f"form:{self.verb}:{self.id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        found = re.fullmatch(FORM, text)
        return cls(found["verb"], found["id"]) if found else None
