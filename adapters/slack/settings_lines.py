"""What holds in a workspace, one fact a line. Pure."""

from adapters.slack.markup import entities
from adapters.slack.policy_fields import policy_lines
from bot.communities import CommunitySettings
from bot.wording import money


def settings_lines(settings: CommunitySettings) -> list[str]:
    places = ", ".join(f"<#{channel}>" for channel in settings.channels) or "everywhere that I am"
    told = f"<#{settings.moderator_channel}>" if settings.moderator_channel else "nowhere yet"
    who = "everybody, guests too" if settings.outsiders else "members, no guests"
    return [
        f"*Drawing* {places}{' (paused)' if settings.paused else ''}, for {who}",
        f"*Reports and warnings* {told}",
        f"*Moderators* {_moderators(settings)}",
        *policy_lines(settings),
        *budget_lines(settings),
    ]


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
