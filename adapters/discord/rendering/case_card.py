"""A case → the exact payload of its card. Pure. It shows neither the picture nor the prompt."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from discord import ButtonStyle, ui

from adapters.chat import case_controls
from adapters.chat.custom_ids import CustomId
from adapters.discord.platform.channels import message_url
from adapters.discord.rendering import job_card
from adapters.discord.rendering.markup import sentence
from bot.domain.case import Case, CaseState
from bot.wording import labels
from bot.wording.moderation import cases
from bot.wording.parts import lines

_COLOURS = {
    CaseState.OPEN: job_card.REVIEW,
    CaseState.DECIDED: job_card.DONE,
    CaseState.FROZEN: job_card.FAILED,
}


def card(case: Case, now: datetime, *, with_words: bool = True, mark: int = 0) -> ui.LayoutView:
    """A case as it stands, for the moderators' channel or for one of them.

    `with_words` is False if the server's AutoMod blocks what people wrote. `mark` is an id of the
    card's own, by which it is found again.
    """
    reports = cases.reports(case) if with_words else ()
    reason = cases.reason(case) if with_words else ()
    box: ui.Container[Any] = ui.Container(
        ui.TextDisplay(sentence(lines(cases.head(case), *reports, cases.facts(case, _url(case))))),
        ui.Separator(),
        ui.TextDisplay(sentence(lines(cases.state(case, now), reason))),
        *rows(case_controls.rows(case, now)),
        accent_colour=_COLOURS.get(case.state, job_card.WAITING),
        id=mark or None,
    )
    return job_card.closed(ui.LayoutView(timeout=None).add_item(box))


def _url(case: Case) -> str:
    """Of the message that the case is about, if it hangs where others see it."""
    at = case.card
    if at.get("dm") or not (at.get("guild") and at.get("message")):
        return ""
    return message_url(at["guild"], at["channel"], at["message"])


def rows(shown: Iterable[case_controls.Row]) -> list[ui.ActionRow[Any]]:
    return [ui.ActionRow(*map(_button, row)) for row in shown if row]


def take_down(job: str) -> ui.ActionRow[Any]:
    """Below a notice about a result: one press for all places where it can be seen."""
    return ui.ActionRow(
        ui.Button(
            label=labels.TAKE_DOWN,
            style=ButtonStyle.danger,
            custom_id=str(CustomId("takedown", job)),
        )
    )


def _button(control: case_controls.Control) -> ui.Button[Any]:
    style = ButtonStyle[control.style or "secondary"]
    return ui.Button(label=control.label, style=style, custom_id=control.custom_id)
