"""The forms, and what people write into them.

All that a form needs when it is sent is in its id: it may have been opened before a restart, so
discord.py is not asked to remember it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import discord
from discord import SelectOption, ui

from adapters.discord.context import Interaction
from adapters.discord.platform.limits import TEXT_INPUT_MAX_CHARS
from adapters.discord.rendering.custom_ids import FormId
from bot.domain.case import REASON_MAX_CHARS, Category
from bot.request.commands import PRIVATE
from bot.request.forms import read_options, written_options
from bot.request.image_request import PROMPT_MAX_CHARS, ImageRequest
from bot.wording.moderation import CATEGORIES

OPTIONS_MAX_CHARS = 1_000
# The fields, by their custom ids.
PROMPT = "prompt"
WITHOUT = "no"
OPTIONS = "options"
PICTURE = "picture"
CATEGORY = "category"
REASON = "reason"
# The gravest last, so that nobody picks it by accident.
_AS_LISTED = (
    Category.INDECENT,
    Category.HATE,
    Category.VIOLENCE,
    Category.REAL_PERSON,
    Category.OTHER,
    Category.MINORS,
)


class Form(ui.Modal):
    def __init__(self, title: str, form: FormId, *items: ui.Item[Any]) -> None:
        super().__init__(title=title, custom_id=str(form))
        for item in items:
            self.add_item(item)
        self.stop()


def wish_form(
    title: str, form: FormId, before: ImageRequest | None = None, pictures: Sequence[int] = ()
) -> Form:
    """Prompt, what to keep out, and the other options as one types them.

    `before` fills it in; `pictures` are the numbers of those to choose from.
    """
    items: list[ui.Item[Any]] = [
        ui.Label(text="What to draw", component=_prompt(before)),
        ui.Label(text="What to keep out", component=_without(before)),
        ui.Label(
            text="Options",
            description="As in text: --size 768x512 --seed 7 --model NAME",
            component=_options(before),
        ),
    ]
    if len(pictures) > 1:
        items.insert(0, ui.Label(text="Start from", component=_picture(pictures)))
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
        placeholder="--size 768x512 --steps 30 --images 2",
    )


def _picture(numbers: Sequence[int]) -> ui.Select[Any]:
    first = min(numbers)
    choices = [
        SelectOption(label=f"Picture {number}", value=str(number), default=number == first)
        for number in numbers
    ]
    return ui.Select(custom_id=PICTURE, options=choices)


def report_form(job: str) -> Form:
    """Why somebody reports a result."""
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
    """What a decision brings, once more, and why it is made."""
    why: ui.Label[Any] = ui.Label(text="Why?", description=read_by, component=_reason())
    return Form(title, form, ui.TextDisplay(brings), why)


def _reason() -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id=REASON,
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=REASON_MAX_CHARS,
    )


# --- what came back -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote and chose, by field."""

    form: str  # its custom id
    texts: Mapping[str, str]
    chosen: Mapping[str, str]

    @classmethod
    def of(cls, interaction: Interaction) -> Self:
        """As Discord sends it, also of forms that no version of ours knows."""
        data: Any = interaction.data
        fields = list(_fields(data["components"]))
        texts = {e["custom_id"]: e["value"] for e in fields if isinstance(e.get("value"), str)}
        chosen = {each["custom_id"]: each["values"][0] for each in fields if each.get("values")}
        return cls(data["custom_id"], texts, chosen)

    @property
    def words(self) -> str:
        """Everything that was typed, to be given back where nothing came of it."""
        return "\n".join(filter(None, self.texts.values()))

    def wish(self) -> dict[str, Any]:
        """The fields of a request, and `private`. Raises BadRequest."""
        fields, private = read_options(self.texts.get(OPTIONS, ""))
        fields["prompt"] = self.texts.get(PROMPT, "")
        if without := self.texts.get(WITHOUT):
            fields["negative_prompt"] = without
        return {**fields, PRIVATE.short: private}

    @property
    def number(self) -> int:
        return int(self.chosen.get(PICTURE, "1"))

    @property
    def reason(self) -> str:
        return self.texts.get(REASON, "")

    @property
    def category(self) -> Category:
        return Category(self.chosen[CATEGORY])


def _fields(components: Sequence[Any]) -> list[Any]:
    """What has an id of its own, however deep it lies."""
    found: list[Any] = []
    for each in components:
        inner = [*each.get("components", ()), *filter(None, [each.get("component")])]
        found += _fields(inner) if inner else [each]
    return [each for each in found if each.get("custom_id")]
