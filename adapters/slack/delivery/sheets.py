"""How a result's pictures are shown: one as it is, several as one numbered grid.

Slack's client stacks several image blocks, and names each by its file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from adapters.slack.delivery.uploads import FILE_MAX_BYTES, FILE_TYPES
from bot.domain.asker import Asker
from bot.domain.job_view import JobView, PictureView
from bot.jobs.studio import Studio
from bot.picture_file import File


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What one file shows. `name` is its name among the files of its card, and stored: "2" is a
    picture, "1,3/4" a grid of four whose others are covered.
    """

    name: str
    numbers: tuple[int, ...]
    alt: str
    key: str  # the same for the same content

    @classmethod
    def of(cls, view: JobView, shown: Sequence[PictureView]) -> Self | None:
        """None where none is shown."""
        if not shown:
            return None
        drawn = view.drawn_pictures or 0
        if drawn <= 1:
            return cls.alone(shown[0])
        numbers = tuple(each.number for each in shown)
        name = f"{','.join(map(str, numbers))}/{drawn}"
        return cls(name=name, numbers=numbers, alt=shown[0].alt, key=f"{view.key} {name}")

    @classmethod
    def alone(cls, picture: PictureView) -> Self:
        number = picture.number
        return cls(name=str(number), numbers=(number,), alt=picture.alt, key=picture.sha256)

    @property
    def is_grid(self) -> bool:
        return "/" in self.name


def numbers_in(name: str) -> set[int]:
    """The pictures that a file of this name shows, as in a Sheet."""
    return {int(number) for number in name.partition("/")[0].split(",")}


def file_shown(files: Mapping[str, str], sheet: Sheet | None) -> str:
    """The file of a card that shows `sheet`, or its first picture as older cards have it, or ""."""
    if sheet is None:
        return ""
    return files.get(sheet.name) or files.get(str(sheet.numbers[0]), "")


async def file_of(studio: Studio, asker: Asker, view: JobView, sheet: Sheet) -> File:
    """The bytes to upload, within Slack's limits. Raises BotError, PictureRefused."""
    if sheet.is_grid:
        return await studio.grid(asker, view.public_id, sheet.numbers)
    file, _ = await studio.file_within(
        asker, view.public_id, sheet.numbers[0], FILE_MAX_BYTES, types=FILE_TYPES
    )
    return file
