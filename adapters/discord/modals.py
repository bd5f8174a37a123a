"""The forms: change a request, draw from a picture, report, decide."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord
from discord import SelectOption, ui

from adapters.discord.context import Interaction
from adapters.discord.limits import TEXT_INPUT_MAX_CHARS
from adapters.discord.replies import guarded
from bot import grammar
from bot.cases import REASON_MAX_CHARS, Category
from bot.errors import BadRequest, Problem
from bot.request import PROMPT_MAX_CHARS, ImageRequest
from bot.review_words import CATEGORIES

# What stands for the prompt where only the options are written or read.
_PICTURE = "picture"
# A form that nobody sends is forgotten.
FORM_TIMEOUT_S = 3_600.0
OPTIONS_MAX_CHARS = 1_000

Submit = Callable[[Interaction, Mapping[str, Any]], Awaitable[None]]


class WishForm(ui.Modal):
    """Prompt, what to keep out, and the other options as one types them."""

    def __init__(self, title: str, submit: Submit, before: ImageRequest | None = None) -> None:
        super().__init__(title=title, timeout=FORM_TIMEOUT_S)
        self._submit = submit
        self.prompt: ui.TextInput[Any] = ui.TextInput(
            style=discord.TextStyle.paragraph,
            max_length=min(PROMPT_MAX_CHARS, TEXT_INPUT_MAX_CHARS),
            default=before.prompt if before else None,
        )
        self.without: ui.TextInput[Any] = ui.TextInput(
            required=False,
            max_length=min(PROMPT_MAX_CHARS, TEXT_INPUT_MAX_CHARS),
            default=(before.negative_prompt or None) if before else None,
        )
        self.others: ui.TextInput[Any] = ui.TextInput(
            required=False,
            max_length=OPTIONS_MAX_CHARS,
            default=(written_options(before) or None) if before else None,
            placeholder="--size 768x512 --steps 30 --images 2",
        )
        self.add_item(ui.Label(text="What to draw", component=self.prompt))
        self.add_item(ui.Label(text="What to keep out", component=self.without))
        self.add_item(
            ui.Label(
                text="Options",
                description="As in text: --size 768x512 --seed 7 --model NAME",
                component=self.others,
            )
        )

    async def on_submit(self, interaction: Interaction) -> None:
        async def act() -> None:
            fields = {
                **read_options(self.others.value),
                "prompt": self.prompt.value,
                "negative_prompt": self.without.value,
            }
            await self._submit(interaction, fields)

        await guarded(interaction, act)


class ReportForm(ui.Modal):
    """Why somebody reports a result."""

    def __init__(self, submit: Callable[[Interaction, str, Category], Awaitable[None]]) -> None:
        super().__init__(title="Report this result", timeout=FORM_TIMEOUT_S)
        self._submit = submit
        self.category: ui.Select[Any] = ui.Select(
            options=[SelectOption(label=CATEGORIES[each], value=each) for each in _AS_LISTED]
        )
        self.reason: ui.TextInput[Any] = ui.TextInput(
            style=discord.TextStyle.paragraph, required=False, max_length=REASON_MAX_CHARS
        )
        self.add_item(ui.Label(text="What is wrong with it?", component=self.category))
        self.add_item(
            ui.Label(
                text="In your own words",
                description="The moderators read this. They don't see who wrote it.",
                component=self.reason,
            )
        )

    async def on_submit(self, interaction: Interaction) -> None:
        category = Category(self.category.values[0])
        await guarded(interaction, lambda: self._submit(interaction, self.reason.value, category))


# The gravest last, so that nobody picks it by accident.
_AS_LISTED = (
    Category.INDECENT,
    Category.HATE,
    Category.VIOLENCE,
    Category.REAL_PERSON,
    Category.OTHER,
    Category.MINORS,
)


class DecisionForm(ui.Modal):
    """What a decision brings, once more, and why it is made."""

    def __init__(
        self,
        title: str,
        brings: str,
        read_by: str,
        submit: Callable[[Interaction, str], Awaitable[None]],
    ) -> None:
        super().__init__(title=title, timeout=FORM_TIMEOUT_S)
        self._submit = submit
        self.reason: ui.TextInput[Any] = ui.TextInput(
            style=discord.TextStyle.paragraph, required=False, max_length=REASON_MAX_CHARS
        )
        self.add_item(ui.TextDisplay(brings))
        self.add_item(ui.Label(text="Why?", description=read_by, component=self.reason))

    async def on_submit(self, interaction: Interaction) -> None:
        await guarded(interaction, lambda: self._submit(interaction, self.reason.value))


def written_options(request: ImageRequest) -> str:
    """The options of `request` as text, without its words."""
    bare = request.fitted({"prompt": _PICTURE})
    kept = bare.model_fields_set - {"negative_prompt", "image", "webhook"}
    values = {name: getattr(bare, name) for name in kept}
    wordless = ImageRequest.model_construct(_fields_set=kept, **values)
    return grammar.format(wordless).removeprefix(f"/imagine {_PICTURE}").strip()


def read_options(text: str) -> dict[str, Any]:
    """Options as people type them, by field name. Raises BadRequest."""
    parsed = grammar.parse(f"/imagine {_PICTURE} {text}")
    fields = dict(parsed.fields)
    if (words := fields.pop("prompt", _PICTURE)) != _PICTURE:
        got = words.removeprefix(_PICTURE).strip()
        data = {"got": got[:40], "usage": "--size 768x512 --steps 30"}
        raise BadRequest((Problem("", "extra_words", data),))
    return fields


def read_size(text: str) -> dict[str, Any]:
    """A size like 768x512 or a shape like 3:2, by field name. Raises BadRequest."""
    flag = "ar" if ":" in text else "size"
    return read_options(f"--{flag} {text.strip().split(' ')[0]}")
