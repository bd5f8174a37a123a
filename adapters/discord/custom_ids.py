"""What a button or menu carries: `verb:public id[:picture]`, and nothing else."""

from dataclasses import dataclass

TEMPLATE = (
    r"(?P<verb>again|edit|files|cancel|more|vary)"
    r":(?P<job>[0-9a-z]{8})(?::(?P<picture>[1-9]))?"
)


@dataclass(frozen=True, slots=True)
class CustomId:
    verb: str
    job: str  # public id
    picture: int | None = None

    def __str__(self) -> str:
        return ":".join(
            (self.verb, self.job, *([str(self.picture)] if self.picture is not None else []))
        )
