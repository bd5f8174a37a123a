"""The form of a request: what to draw, and how."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import SelectOption, ui

from adapters.discord.forms.modals import OPTIONS, OPTIONS_MAX_CHARS, PICTURE, PROMPT, WITHOUT, Form
from adapters.discord.platform.limits import TEXT_INPUT_MAX_CHARS
from adapters.discord.rendering.form_ids import FormId
from bot.request.forms import written_options
from bot.request.image_request import PROMPT_MAX_CHARS, ImageRequest
from bot.wording import labels


def request_form(
    title: str, form: FormId, before: ImageRequest | None = None, pictures: Sequence[int] = ()
) -> Form:
    """Prompt, what to keep out, and the other options as one types them.

    `before` fills it in; `pictures` are the numbers of those to choose from.
    """
    items: list[ui.Item[Any]] = [
        ui.Label(text=labels.FIELDS["prompt"], component=_prompt(before)),
        ui.Label(text=labels.FIELDS["negative_prompt"], component=_without(before)),
        ui.Label(
            text=labels.OPTIONS,
            description=labels.OPTIONS_HINT,
            component=_options(before),
        ),
    ]
    if len(pictures) > 1:
        items.insert(0, ui.Label(text=labels.START_FROM_FIELD, component=_picture(pictures)))
    return Form(title, form, *items)


def _prompt(before: ImageRequest | None) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id=PROMPT,
        style=discord.TextStyle.paragraph,
        max_length=min(PROMPT_MAX_CHARS, TEXT_INPUT_MAX_CHARS),
        default=before.prompt if before else None,
    )


def _without(before: ImageRequest | None) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id=WITHOUT,
        required=False,
        max_length=min(PROMPT_MAX_CHARS, TEXT_INPUT_MAX_CHARS),
        default=(before.negative_prompt or None) if before else None,
    )


def _options(before: ImageRequest | None) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id=OPTIONS,
        required=False,
        max_length=OPTIONS_MAX_CHARS,
        default=(written_options(before) or None) if before else None,
        placeholder=labels.OPTIONS_EXAMPLE,
    )


def _picture(numbers: Sequence[int]) -> ui.Select[Any]:
    first = min(numbers)
    choices = [
        SelectOption(label=labels.picture(number), value=str(number), default=number == first)
        for number in numbers
    ]
    return ui.Select(custom_id=PICTURE, options=choices)
