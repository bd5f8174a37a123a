"""What a button or menu carries: `verb:public id[:picture]`, and nothing else."""

import re
from dataclasses import dataclass
from typing import Self

TEMPLATE = re.compile(
    r"(?P<verb>again|edit|files|cancel|more|vary|reveal|show)"
    r":(?P<job>[0-9a-z]{8})(?::(?P<picture>[1-9]))?"
)


@dataclass(frozen=True, slots=True)
class CustomId:
    verb: str
    job: str  # public id
    picture: int | None = None

    def __str__(self) -> str:
        picture = [str(self.picture)] if self.picture is not None else []
        return ":".join((self.verb, self.job, *picture))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for what is none of ours."""
        found = TEMPLATE.fullmatch(text)
        if found is None:
            return None
        picture = int(found["picture"]) if found["picture"] else None
        return cls(found["verb"], found["job"], picture)
