"""What moderators can do with a case: its buttons, in rows."""

from dataclasses import dataclass
from datetime import datetime

from adapters.chat.custom_ids import CaseId
from bot.domain.case import Case, CaseKind, CaseState
from bot.wording.moderation.cases import BUTTONS, BUTTONS_OF_WORDS, show_bare

Row = list["Control"]


@dataclass(frozen=True, slots=True)
class Control:
    """A button. `style` is "" or primary, success or danger."""

    custom_id: str
    label: str
    style: str = ""


def rows(case: Case, now: datetime) -> list[Row]:
    """Below a card."""
    if case.is_pending(now):
        return [[control(case, "undo")]]
    if case.state is not CaseState.OPEN:
        return []
    claimed = case.is_claimed(now, by_others_than="")
    look = [control(case, "release" if claimed else "claim")]
    # Refused words are shown to nobody, and a picture has to be there still.
    if case.kind is not CaseKind.WORDS and any(picture.there for picture in case.pictures):
        look.append(control(case, "reveal", style="primary"))
    return [look, *decisions(case)]


def decisions(case: Case) -> list[Row]:
    """What a moderator may decide, while it is undecided."""
    if case.state is not CaseState.OPEN:
        return []
    if case.kind is CaseKind.WORDS:
        shown = [control(case, "approve", style="success"), control(case, "remove")]
    else:
        shown = [
            control(case, "approve", style="success"),
            control(case, "blur"),
            control(case, "remove", style="danger"),
        ]
    grave = [control(case, verb, style="danger") for verb in ("strike", "escalate")]
    return [[*shown, *grave]]


def bare(case: Case) -> Row:
    """To see the pictures as they are, one at a time."""
    numbers = [picture.number for picture in case.pictures if picture.there]
    alone = len(numbers) == 1
    return [
        Control(str(CaseId("bare", case.id, n)), show_bare(None if alone else n)) for n in numbers
    ]


def control(case: Case, verb: str, label: str = "", style: str = "") -> Control:
    known = BUTTONS_OF_WORDS if case.kind is CaseKind.WORDS else BUTTONS
    return Control(str(CaseId(verb, case.id)), label or known[verb], style)
