"""Values → HTML. Pure; escaping happens here and in the templates, nowhere else."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from adapters.web.rendering import cards, review_text, rules_text, tables
from bot.wording import (
    Code,
    Part,
    Person,
    Sentence,
    Strong,
    When,
    money,
    plain,
    short_model,
)

_FLAG = re.compile(r"(--\w+(?: [^\s-]\S*)?)")


class Templates:
    """The page's templates, all read at the start, so that the event loop never reads a file."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("adapters.web"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(_FILTERS)
        self._environment.globals.update(rules_text.GLOBALS)
        for name in self._environment.list_templates():
            self._environment.get_template(name)

    def page(self, name: str, values: Mapping[str, Any]) -> str:
        return self._environment.get_template(name).render(values)

    def part(self, name: str, macro: str, *values: Any) -> str:
        """One macro of a template, as a part of a page."""
        module = self._environment.get_template(name).module
        return str(getattr(module, macro)(*values))


def sentence(parts: Sentence) -> Markup:
    return Markup("").join(_part(part) for part in parts)


def _part(part: Part) -> Markup:
    match part:
        case Strong(text):
            return Markup("<strong>{}</strong>").format(text)
        case Code(text):
            return Markup('<code dir="auto">{}</code>').format(text)
        case When(at):
            return when(at)
        case Person(id_, name):
            return Markup("<bdi>{}</bdi>").format(name or id_)
        case _:
            return escape(plain((part,)))


def when(at: datetime) -> Markup:
    """A time; the page's script shows it in the reader's own zone."""
    return Markup('<time datetime="{}">{}</time>').format(
        at.isoformat(timespec="seconds"), at.strftime("%d %b %Y, %H:%M UTC")
    )


def typed(command: str) -> Markup:
    """A command to be read, whose lines break between options only."""
    pieces = _FLAG.split(command)
    kept = Markup('<span class="keep">{}</span>')
    return Markup("").join(
        kept.format(piece) if number % 2 else escape(piece) for number, piece in enumerate(pieces)
    )


_FILTERS = {
    "sentence": sentence,
    "when": when,
    "typed": typed,
    "money": money,
    "short_model": short_model,
    **cards.FILTERS,
    **tables.FILTERS,
    **review_text.FILTERS,
    **rules_text.FILTERS,
}
