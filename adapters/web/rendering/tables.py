"""Budgets, models, options and mistakes as rows of text."""

from collections.abc import Mapping
from typing import Any

from bot.domain.budgets import Balance, Quota
from bot.domain.model import Model, Price
from bot.errors import BadRequest, Problem
from bot.jobs.admission import Quote
from bot.request.options import BY_NAME, Option
from bot.wording import (
    Sentence,
    explain_note,
    explain_problem,
    money,
    option_default,
    option_range,
    pictures_left,
    quota_line,
)
from bot.wording.corrections import value_text

_WHOSE = {"person": "You", "community": "Here", "operator": "The whole bot"}
_WINDOWS = {"day": "today", "month": "this month", "life": "in all"}


def price_line(quote: Quote) -> str:
    """The line while people type: "about $0.0113 · about 8 pictures left"."""
    price = "free" if quote.micros == 0 else f"about {money(quote.micros)}"
    if quote.pictures_left is None:
        return price
    return f"{price} · {pictures_left(quote.pictures_left)}"


def left_line(quota: Quota) -> str:
    return "" if quota.pictures_left is None else pictures_left(quota.pictures_left)


def windows_that_matter(quota: Quota) -> list[Balance]:
    """The budgets to show: those with a limit, and those in which something was spent."""
    return [w for w in quota.windows if w.limit_micros is not None or w.posted_micros]


def window_name(window: Balance) -> str:
    whose = _WHOSE.get(window.level, window.level)
    return f"{whose}, {_WINDOWS.get(window.window, window.window)}"


def price(tariff: Price) -> str:
    if tariff.kind == "free" or not tariff.micros:
        return "free"
    if tariff.kind == "time":
        return f"{money(tariff.micros)} a second"
    of = f" of {tariff.width_px} by {tariff.height_px}" if tariff.width_px else ""
    steps = f", {tariff.steps} step{'s' * (tariff.steps > 1)}" if tariff.steps else ""
    return f"{money(tariff.micros)} a picture{of}{steps}"


def range_of(model: Model, name: str) -> str:
    """The range that `model` takes for the option `name`, and its default."""
    if name not in model.options:
        return "fixed"
    bounds = model.options[name]
    low = bounds.allowed[0] if bounds.allowed else bounds.minimum
    high = bounds.allowed[-1] if bounds.allowed else bounds.maximum
    if low is None or high is None:
        return "any"
    usual = "" if bounds.default is None else f" (usually {bounds.default:g})"
    return f"{low:g} to {high:g}{usual}"


def capfirst(text: str) -> str:
    return text[:1].upper() + text[1:]


def short_range(option: Option) -> str:
    """The range in a few characters; of a long list only the ends."""
    if option.choices and option.type is int:
        return f"{option.choices[0]} to {option.choices[-1]}"
    return option_range(option)


def range_and_default(option: Option) -> str:
    return "; ".join(filter(None, (short_range(option), option_default(option))))


def setting_lines(defaults: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(BY_NAME[name].short, value_text(value)) for name, value in defaults.items()]


def problem_lines(error: BadRequest) -> list[tuple[str, Sentence]]:
    """Each mistake with the flag at fault, "" if there is no single one."""
    return [(_flag(problem), explain_problem(problem)) for problem in error.problems]


def _flag(problem: Problem) -> str:
    option = BY_NAME.get(problem.option)
    return option.short if option is not None and not option.required else ""


FILTERS = {
    "capfirst": capfirst,
    "explain_note": explain_note,
    "left_line": left_line,
    "price": price,
    "price_line": price_line,
    "problem_lines": problem_lines,
    "quota_line": quota_line,
    "range_and_default": range_and_default,
    "range_of": range_of,
    "setting_lines": setting_lines,
    "window_name": window_name,
    "windows_that_matter": windows_that_matter,
}
