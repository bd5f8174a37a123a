"""The parts of all forms, and reading what people wrote into them.

All that a form needs when it is sent is in its id: it may have been opened before a restart, so
discord.py is not asked to remember it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from discord import ui

from adapters.discord.context import Interaction
from adapters.discord.rendering.form_ids import FormId
from bot.domain.case import Category
from bot.request.commands import PRIVATE
from bot.request.forms import read_options

OPTIONS_MAX_CHARS = 1_000
# The fields, by their custom ids.
PROMPT = "prompt"
WITHOUT = "no"
OPTIONS = "options"
PICTURE = "picture"
CATEGORY = "category"
REASON = "reason"


class Form(ui.Modal):
    def __init__(self, title: str, form: FormId, *items: ui.Item[Any]) -> None:
        super().__init__(title=title, custom_id=str(form))
        for item in items:
            self.add_item(item)
        self.stop()


# --- what came back -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote and chose in a form, by field."""

    form: str  # its custom id
    texts: Mapping[str, str]
    chosen: Mapping[str, str]

    @classmethod
    def of(cls, interaction: Interaction) -> Self:
        """Read a sent form, also one with fields that are unknown here."""
        data: Any = interaction.data
        fields = list(_fields(data["components"]))
        texts = {e["custom_id"]: e["value"] for e in fields if isinstance(e.get("value"), str)}
        chosen = {each["custom_id"]: each["values"][0] for each in fields if each.get("values")}
        return cls(data["custom_id"], texts, chosen)

    @property
    def words(self) -> str:
        """Everything that was typed, to be given back if the request is refused."""
        return "\n".join(filter(None, self.texts.values()))

    def request_values(self) -> dict[str, Any]:
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
    """All components with an id, at any depth."""
    found: list[Any] = []
    for each in components:
        inner = [*each.get("components", ()), *filter(None, [each.get("component")])]
        found += _fields(inner) if inner else [each]
    return [each for each in found if each.get("custom_id")]
