"""What holds in a workspace, one fact a line. Pure."""

from adapters.slack.forms.policy_fields import policy_lines
from adapters.slack.rendering.markup import entities
from bot.domain.community_settings import CommunitySettings
from bot.wording import allowance


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
        f"*The workspace* {allowance(settings.day_micros, settings.month_micros)}",
        f"*Each member* {allowance(settings.person_day_micros, settings.person_month_micros)}",
    ]
    for group in sorted({*settings.role_day_micros, *settings.role_month_micros}):
        day, month = settings.role_day_micros.get(group), settings.role_month_micros.get(group)
        lines.append(f"*<!subteam^{entities(group)}>* {allowance(day, month)}")
    return lines


def _moderators(settings: CommunitySettings) -> str:
    people = [f"<@{person}>" for person in settings.moderators]
    group = settings.moderator_role
    groups = [f"<!subteam^{entities(group)}>"] if group else []
    return ", ".join((*groups, *people, "the admins"))
