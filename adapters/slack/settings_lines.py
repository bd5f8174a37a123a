"""What holds in a workspace, one fact a line. Pure."""

from adapters.slack.markup import entities
from bot.communities import CommunitySettings, Withheld
from bot.rules import Rules, rules_of
from bot.wording import money

_SAID = {"review": "reviewed first", "block": "not shown"}
_REFUNDED = {
    Withheld.ALWAYS: "given back",
    Withheld.UNLESS_CONFIRMED: "given back unless a moderator confirms it",
    Withheld.NEVER: "not given back",
}
# What is as usual needs no line.
_USUAL = rules_of("slack", CommunitySettings())


def settings_lines(settings: CommunitySettings) -> list[str]:
    places = ", ".join(f"<#{channel}>" for channel in settings.channels) or "everywhere that I am"
    told = f"<#{settings.moderator_channel}>" if settings.moderator_channel else "nowhere yet"
    rules = rules_of("slack", settings)
    who = "everybody, guests too" if settings.outsiders else "members, no guests"
    return [
        f"*Drawing* {places}{' (paused)' if settings.paused else ''}, for {who}",
        f"*Reports and warnings* {told}",
        f"*Moderators* {_moderators(settings)}",
        f"*Indecent pictures* {_SAID[rules.flagged]}",
        *_unusual(rules),
        *budget_lines(settings),
    ]


def _unusual(rules: Rules) -> list[str]:
    lines = []
    if rules.withheld_cost is not _USUAL.withheld_cost:
        lines.append(f"*Pictures nobody may see* {_REFUNDED[rules.withheld_cost]}")
    if rules.strike_days != _USUAL.strike_days:
        lines.append(f"*Strikes* forgotten after {rules.strike_days} days")
    return lines


def budget_lines(settings: CommunitySettings) -> list[str]:
    lines = [
        f"*The workspace* {_span(settings.day_micros, settings.month_micros)}",
        f"*Each member* {_span(settings.person_day_micros, settings.person_month_micros)}",
    ]
    for group in sorted({*settings.role_day_micros, *settings.role_month_micros}):
        day, month = settings.role_day_micros.get(group), settings.role_month_micros.get(group)
        lines.append(f"*<!subteam^{entities(group)}>* {_span(day, month)}")
    return lines


def _moderators(settings: CommunitySettings) -> str:
    people = [f"<@{person}>" for person in settings.moderators]
    group = settings.moderator_role
    groups = [f"<!subteam^{entities(group)}>"] if group else []
    return ", ".join((*groups, *people, "the admins"))


def _span(day: int | None, month: int | None) -> str:
    if day is None and month is None:
        return "as the bot owner set it"
    known = [f"{money(day)} a day"] if day is not None else []
    known += [f"{money(month)} a month"] if month is not None else []
    return ", ".join(known)
