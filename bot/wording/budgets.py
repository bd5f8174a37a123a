"""Budgets: what is left, what is used up, and when it opens again."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.asker import DISCORD, SLACK
from bot.domain.budgets import Balance, Quota
from bot.errors import QuotaExceeded
from bot.wording.labels import DRAW
from bot.wording.parts import Money, PicturesLeft, Sentence, When, money, pictures, say


def quota_line(quota: Quota) -> Sentence:
    """How many pictures are left, as the first line of an answer."""
    if quota.free:
        return say("Drawing is free here.")
    if quota.pictures_left is None:
        return say("There is no limit for you here.")
    return say("You have {}.", PicturesLeft(quota.pictures_left))


def price_line(count: int, micros: int, pictures_left: int | None) -> Sentence:
    """What a request costs at most, and what is left before it is drawn."""
    cost = say("at most {}", Money(micros)) if micros else "free"
    left = "" if pictures_left is None else say(" · {}", PicturesLeft(pictures_left))
    return say("{}: {}{}", pictures(count).capitalize(), cost, left)


def cost(micros: int) -> Sentence:
    """A line for the one who paid."""
    return say("It cost {}.", Money(micros))


def nearly_used(window: Balance) -> Sentence:
    """To a person, once a window, when most of a budget of their own is used."""
    budget = say("{}{}", _budget("person", ""), _FOR[window.window])
    left, limit = Money(window.left_micros or 0), Money(window.limit_micros or 0)
    again = say(" It is new on {}.", When(window.closes_at)) if window.closes_at else ""
    return say("{} is nearly used up: {} of {} are left.{}", budget, left, limit, again)


def draw_for(micros: int) -> str:
    """The label of the button that draws, with what it costs at most."""
    return f"{DRAW} · {money(micros)}" if micros else DRAW


def window_line(window: Balance, *, platform: str = "") -> Sentence:
    """One budget in dollars: what is used, what is reserved, when it opens again."""
    name = say("{}{}", _budget(window.level, platform), _FOR.get(window.window, ""))
    used = say("{} used, no limit", Money(window.posted_micros))
    if window.limit_micros is not None:
        used = say("{} of {} used", Money(window.posted_micros), Money(window.limit_micros))
    if window.limit_micros == 0:
        return say("{}: $0, so nothing can be drawn.", name)
    reserved = say(", {} reserved", Money(window.held_micros)) if window.held_micros else ""
    again = say(", new on {}", When(window.closes_at)) if window.closes_at else ""
    return say("{}: {}{}{}.", name, used, reserved, again)


def budget_warning(detail: Mapping[str, str], *, platform: str = "") -> Sentence:
    """To the admins, once for each step and window; `detail` is what BudgetWatch stored."""
    name = say("{}{}", _budget("community", platform), _FOR.get(detail["window"], ""))
    if int(detail["percent"]) >= _ALL_PERCENT:
        at = detail["opens_at"]
        again = say("It opens again on {}.", When(datetime.fromisoformat(at))) if at else ""
        return say("{} is used up, so nobody can draw. {}", name, again)
    used, limit = Money(int(detail["used_micros"])), Money(int(detail["limit_micros"]))
    return say("{}: {} percent are used, {} of {}.", name, detail["percent"], used, limit)


_ALL_PERCENT = 100


def quota_exceeded(error: QuotaExceeded, platform: str) -> Sentence:
    budget = say("{}{}", _budget(error.level, platform), _FOR.get(error.window, ""))
    if error.limit_micros == 0:
        return say("{} is $0, so nothing can be drawn. {}", budget, _who_sets(error.level))
    if error.left_micros > 0:
        full = say("{} has too little left for this.", budget)
        advice = " Fewer or smaller pictures may still fit."
    else:
        full, advice = say("{} is used up.", budget), ""
    if error.opens_at is None:
        by_hand = "It doesn't open again by itself."
        return say("{}{} {} {}", full, advice, by_hand, _who_sets(error.level))
    return say("{}{} It opens again on {}.", full, advice, When(error.opens_at))


def _who_sets(level: str) -> str:
    if level == "operator":
        return "The bot owner can change that."
    return "An admin or the bot owner can change that."


def _budget(level: str, platform: str) -> str:
    if level == "person":
        return "Your own budget"
    if level == "community":
        shared = {DISCORD: "This server's budget", SLACK: "This workspace's budget"}
        return shared.get(platform, "The shared budget")
    return "The bot owner's budget"


_FOR = {"day": " for today", "month": " for this month", "life": ""}


def allowance(day_micros: int | None, month_micros: int | None) -> str:
    """The limits that admins set for a day and a month; None where the owner's holds."""
    if day_micros is None and month_micros is None:
        return "as the bot owner set it"
    known = [f"{money(day_micros)} a day"] if day_micros is not None else []
    known += [f"{money(month_micros)} a month"] if month_micros is not None else []
    return ", ".join(known)
