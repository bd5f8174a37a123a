"""Forms that ask why: a report, and a decision about a case."""

from typing import Any

import discord
from discord import SelectOption, ui

from adapters.discord.forms.modals import CATEGORY, REASON, Form
from adapters.discord.rendering.form_ids import FormId
from adapters.discord.rendering.markup import sentence
from bot.domain.case import REASON_MAX_CHARS, Case, Decision
from bot.wording.moderation import decisions, reports


def report_form(job: str) -> Form:
    """Why somebody reports a result."""
    categories = [SelectOption(label=label, value=value) for label, value in reports.choices()]
    what = ui.Select[Any](custom_id=CATEGORY, options=categories)
    return Form(
        reports.TITLE,
        FormId("report", job),
        ui.Label(text=reports.CATEGORY, component=what),
        _reason(reports.REASON, reports.READ_BY),
    )


def decision_form(case: Case, decision: Decision) -> Form:
    """What a decision brings, once more, and why it is made."""
    title, brings = decisions.question(case, decision)
    why = _reason(decisions.WHY, decisions.read_by(decision))
    return Form(title, FormId(decision, case.id), ui.TextDisplay(sentence(brings)), why)


def _reason(label: str, read_by: str) -> ui.Label[Any]:
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=REASON,
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=REASON_MAX_CHARS,
    )
    return ui.Label(text=label, description=read_by, component=field)
