"""Parses what people type after a subcommand of /limner. Pure; all raise BadRequest."""

import re
from typing import Any

from adapters.chat.admin_input import DOLLARS_MAX
from bot.domain.pricing import MICROS_PER_DOLLAR
from bot.errors import BadRequest, Problem

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_DOLLARS = re.compile(r"\$?([0-9]{1,6}(?:[.,][0-9]{1,6})?)")


def whom(text: str) -> tuple[str, list[str]]:
    """The id of the person that `text` mentions, and the words after."""
    found = _PERSON.search(text)
    if found is None:
        raise wrong("", "no_person")
    return found[1], text[found.end() :].split()


def wrong(option: str, code: str, **data: Any) -> BadRequest:
    return BadRequest((Problem(option, code, data),))


def micros_of(text: str, name: str) -> int:
    """Dollars as people write them, as micro-dollars."""
    found = _DOLLARS.fullmatch(text.strip())
    if found is None:
        raise wrong(name, "not_a_number", got=text[:40])
    dollars = float(found[1].replace(",", "."))
    if dollars > DOLLARS_MAX:
        raise wrong(name, "out_of_range", minimum=0, maximum=DOLLARS_MAX, got=text[:40])
    return round(dollars * MICROS_PER_DOLLAR)
