"""Forms that ask why: a report, and a decision about a case."""

from typing import Any

import discord
from discord import SelectOption, ui

from adapters.discord.forms.modals import CATEGORY, REASON, Form
from adapters.discord.rendering.form_ids import FormId
from bot.domain.case import REASON_MAX_CHARS, Category
from bot.wording.moderation import CATEGORIES

# The order in the form: the gravest last, so that nobody picks it by accident.
_AS_LISTED = (
    Category.INDECENT,
    Category.HATE,
    Category.VIOLENCE,
    Category.REAL_PERSON,
    Category.OTHER,
    Category.MINORS,
)


def report_form(job: str) -> Form:
    """The form that asks why a result is reported."""
    categories = [SelectOption(label=CATEGORIES[each], value=each) for each in _AS_LISTED]
    return Form(
        "Report this result",
        FormId("report", job),
        ui.Label(
            text="What is wrong with it?",
            component=ui.Select(custom_id=CATEGORY, options=categories),
        ),
        ui.Label(
            text="In your own words",
            description="The moderators read this. They don't see who wrote it.",
            component=_reason(),
        ),
    )


def decision_form(title: str, form: FormId, brings: str, read_by: str) -> Form:
    """The form that says what a decision brings and asks for its reason."""
    why: ui.Label[Any] = ui.Label(text="Why?", description=read_by, component=_reason())
    return Form(title, form, ui.TextDisplay(brings), why)


def _reason() -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id=REASON,
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=REASON_MAX_CHARS,
    )
