"""What people can do with a result: its buttons, and its menu of rarer actions."""

from dataclasses import dataclass

from bot.domain.job_view import JobView, Phase
from bot.jobs.drafts import enlarged
from bot.wording import labels


@dataclass(frozen=True, slots=True)
class Control:
    """A button. `verb` and `picture` make its custom id."""

    verb: str
    label: str
    picture: int | None = None
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the menu; `value` is `verb[:picture]`."""

    value: str
    label: str
    description: str = ""


def controls(view: JobView) -> list[Control]:
    """The buttons of a result, in the order in which they are shown."""
    if view.phase in (Phase.WAITING, Phase.DRAWING):
        return [Control("cancel", labels.CANCEL)]
    if not view.prompt or view.phase is Phase.IN_REVIEW:
        return []
    edit = Control("edit", labels.EDIT)
    if view.phase is not Phase.DONE:
        look = [Control("look", labels.SECOND_LOOK)] if view.second_look else []
        return [Control("again", labels.TRY_AGAIN, is_main=True), edit, *look]
    again = Control("again", labels.AGAIN, is_main=True)
    return [again, *_variations(view), edit, Control("files", labels.FILES)]


def has_menu(view: JobView) -> bool:
    return view.phase is Phase.DONE and bool(view.prompt)


def menu(view: JobView) -> list[Choice]:
    numbered = len(view.pictures) > 1
    numbers = [picture.number for picture in view.pictures]
    found: list[Choice] = []
    if "image" in view.takes and enlarged(view.width_px, view.height_px):
        found += [
            Choice(f"upscale:{n}", labels.enlarge(n if numbered else None), labels.ENLARGE_MEANS)
            for n in numbers
        ]
    found += [
        Choice("favourite", labels.FAVOURITE),
        Choice("parameters", labels.PARAMETERS),
        Choice("report", labels.REPORT, labels.REPORT_MEANS),
    ]
    if view.second_look:
        found.append(Choice("look", labels.SECOND_LOOK, labels.SECOND_LOOK_MEANS))
    if numbered:
        found += [Choice(f"delete:{n}", labels.delete(n)) for n in numbers]
    return [*found, Choice("delete", labels.DELETE_ALL if numbered else labels.DELETE)]


def _variations(view: JobView) -> list[Control]:
    """One for each picture, where the model starts from pictures at all."""
    if "image" not in view.takes:
        return []
    return [
        Control("vary", labels.vary(None if is_alone(view) else p.number), p.number)
        for p in view.pictures
    ]


def is_alone(view: JobView) -> bool:
    """Whether there never was another picture, so that it needs no number."""
    return view.asked_pictures == len(view.pictures) == 1
