"""What people can do with a result: its buttons, and its menu of rarer actions."""

from dataclasses import dataclass

from adapters.chat.custom_ids import CustomId
from bot.domain.job_view import JobView, Phase
from bot.jobs.drafts import Again, Plan, Upscale, Vary, enlarged
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
        return [Control("cancel", labels.CANCEL), Control("tell", labels.TELL_ME)]
    if not view.prompt or view.phase is Phase.IN_REVIEW:
        return []
    edit = Control("edit", labels.EDIT)
    if view.phase is not Phase.DONE:
        look = [Control("look", labels.SECOND_LOOK)] if view.second_look else []
        return [Control("again", labels.TRY_AGAIN, is_main=True), edit, *look]
    again = Control("again", labels.AGAIN, is_main=True)
    return [again, *_of_each(view), edit, Control("files", labels.FILES)]


def rows(view: JobView) -> list[list[Control]]:
    """The buttons; what has one for each picture stands in a row of its own, in their order."""
    found: dict[str, list[Control]] = {"": []}
    for each in controls(view):
        has_row = each.picture is not None and not is_alone(view)
        found.setdefault(each.verb if has_row else "", []).append(each)
    return [row for row in found.values() if row]


def has_menu(view: JobView) -> bool:
    return view.phase is Phase.DONE and bool(view.prompt)


def menu(view: JobView) -> list[Choice]:
    numbered = len(view.pictures) > 1
    numbers = [picture.number for picture in view.pictures]
    found = [
        Choice("favourite", labels.FAVOURITE),
        Choice("parameters", labels.PARAMETERS),
        Choice("report", labels.REPORT, labels.REPORT_MEANS),
    ]
    if view.second_look:
        found.append(Choice("look", labels.SECOND_LOOK, labels.SECOND_LOOK_MEANS))
    if numbered:
        found += [Choice(f"delete:{n}", labels.delete(n)) for n in numbers]
    return [*found, Choice("delete", labels.DELETE_ALL if numbered else labels.DELETE)]


def _of_each(view: JobView) -> list[Control]:
    """Vary and Enlarge of each picture, where the model starts from pictures at all."""
    if "image" not in view.takes:
        return []
    words = {"vary": labels.vary}
    if enlarged(view.width_px, view.height_px):
        words["enlarge"] = labels.enlarge
    return [
        Control(verb, word(None if is_alone(view) else picture.number), picture.number)
        for verb, word in words.items()
        for picture in view.pictures
    ]


def plan_of(pressed: CustomId) -> Plan | None:
    """What a pressed button draws; None where it does something else."""
    match pressed.verb:
        case "again":
            return Again(pressed.job)
        case "vary":
            return Vary(pressed.job, pressed.picture or 1)
        case "enlarge":
            return Upscale(pressed.job, pressed.picture or 1)
        case _:
            return None


def is_alone(view: JobView) -> bool:
    """Whether there never was another picture, so that it needs no number."""
    return view.asked_pictures == len(view.pictures) == 1
