"""The settings of a server or workspace as sentences."""

from collections.abc import Sequence, Sized
from dataclasses import replace

from bot.domain.asker import DISCORD, SLACK, Asker
from bot.domain.community_settings import CommunitySettings, Hearing, Sharing, sharing_at
from bot.domain.moderation_policy import Flagged, has_age_gate, policy_for
from bot.wording.budgets import allowance
from bot.wording.parts import (
    Channel,
    Code,
    Part,
    Person,
    Role,
    Sentence,
    Small,
    Strong,
    counted,
    joined,
    lines,
    say,
)
from bot.wording.settings.policies import REFUNDS, RULES, SHARINGS, outcome

# What a community is called on each platform, and what the platform is called.
PLACES = {DISCORD: "server", SLACK: "workspace"}
PLATFORMS = {DISCORD: "Discord", SLACK: "Slack"}
# Of channels, roles and models that are listed: as many as fit into a message.
SHOWN = 15


def this(platform: str) -> str:
    return f"This {PLACES[platform]}"


def holding(settings: CommunitySettings, platform: str, hearing: Hearing) -> Sentence:
    """One setting a line; most that have their default are left out."""
    channel = settings.moderator_channel
    return lines(
        _fact("Drawing", _drawing(settings, platform)),
        _fact("Reports and warnings", Channel(channel) if channel else "nowhere yet"),
        unheard(settings, platform, hearing),
        _fact("Moderators", _moderators(settings, platform)),
        *_moderation(settings, platform),
        _shared(settings, platform),
        _follow_ups(settings),
        budgets(settings, platform),
        _newcomers(settings),
    )


def unheard(settings: CommunitySettings, platform: str, hearing: Hearing) -> Sentence:
    """What is wrong with the moderators' channel, and what helps; () if nothing is."""
    chosen, choose = settings.moderator_channel, Code(_CHOOSES[platform])
    if hearing is Hearing.LOST_CHANNEL:
        why = say("⚠ I can't post in {}: it is gone, or closed to me.", Channel(chosen))
        return say("{} {} Let me in, or choose another: {}", why, _NOBODY_HEARS, choose)
    if hearing is Hearing.NO_CHANNEL:
        return say("⚠ {} Choose a channel: {}", _NOBODY_HEARS, choose)
    return ()


def unheard_told(settings: CommunitySettings, platform: str, hearing: Hearing) -> Sentence:
    """To admins, once something came up; in a place where others may read it as well."""
    listing = Code("/limner mod review" if platform == SLACK else "/mod review")
    words = "For the admins: there is something for your moderators. {} lists what waits."
    now = say(words, listing)
    return lines(now, unheard(settings, platform, hearing))


_NOBODY_HEARS = "Nobody hears of pictures that wait for a moderator, of reports and of budgets."
_CHOOSES = {DISCORD: "/limner settings moderators:", SLACK: "/limner setup"}


def _fact(name: str, value: Part | str | Sentence) -> Sentence:
    return say("{} {}", Strong(name), value)


def _drawing(settings: CommunitySettings, platform: str) -> Sentence:
    places = some([Channel(id_) for id_ in settings.channels]) or "everywhere that I can post"
    paused = " (paused)" if settings.paused else ""
    if platform != SLACK:
        return say("{}{}", places, paused)
    who = "everybody, guests too" if settings.outsiders else "members, no guests"
    return say("{}{}, for {}", places, paused, who)


def _moderators(settings: CommunitySettings, platform: str) -> Sentence:
    role = settings.moderator_role
    people = [Person(id_) for id_ in settings.moderators]
    chosen: list[Part] = [Role(role), *people] if role else [*people]
    return joined(", ", (some(chosen), _MODERATE_ANYWAY[platform]))


_MODERATE_ANYWAY = {DISCORD: "those who may time out members", SLACK: "the admins"}


def _shared(settings: CommunitySettings, platform: str) -> Sentence:
    holds = sharing_at(platform, settings)
    if holds is Sharing.MEMBERS:
        return ()
    return _fact("Results on the page", SHARINGS[holds].outcome)


def _follow_ups(settings: CommunitySettings) -> Sentence:
    return _fact("Again, Vary and Edit", "posts of their own") if settings.own_posts else ()


def _newcomers(settings: CommunitySettings) -> Sentence:
    account, member = settings.account_age_days, settings.membership_days
    if not account and not member:
        return ()
    return _fact(
        "Newcomers",
        f"accounts from {counted(account, 'day')}, members from {counted(member, 'day')}",
    )


def _moderation(settings: CommunitySettings, platform: str) -> Sequence[Sentence]:
    """The rule for indecent pictures, and settings of moderation that differ from the defaults."""
    outside = Asker(platform=platform, community="", channel="", person="")
    inside = replace(outside, age_restricted=has_age_gate(platform))
    usual, adult = policy_for(outside, settings), policy_for(inside, settings)
    unknown = _outcomes(usual.unknown, adult.unknown)
    return [
        _fact(RULES["flagged"], _outcomes(usual.flagged, adult.flagged)),
        *_single_channels(settings, inside),
        _fact(RULES["unknown"], unknown) if unknown != outcome(Flagged.REVIEW) else (),
        _fact(RULES["soft_words"], _outcomes(usual.soft_words, adult.soft_words))
        if settings.soft_words
        else (),
        *_after_review(settings),
        _trusted(settings, platform),
    ]


def _outcomes(usual: Flagged, adult: Flagged) -> str:
    if adult is usual:
        return outcome(usual)
    return f"{outcome(usual)}; in age-restricted channels {outcome(adult)}"


def _single_channels(settings: CommunitySettings, inside: Asker) -> Sequence[Sentence]:
    found: dict[Flagged, list[Part]] = {}
    for channel in list(settings.flagged_channels)[:SHOWN]:
        rule = policy_for(replace(inside, channel=channel), settings).flagged
        found.setdefault(rule, []).append(Channel(channel))
    known = [_fact("In", say("{} {}", some(found[r]), outcome(r))) for r in Flagged if r in found]
    return [*known, _left_out(settings.flagged_channels)]


def _after_review(settings: CommunitySettings) -> Sequence[Sentence]:
    usual, days = CommunitySettings(), settings.strike_days
    refunded = _fact("Withheld pictures", REFUNDS[settings.withheld_cost].outcome)
    return [
        refunded if settings.withheld_cost is not usual.withheld_cost else (),
        _fact("Strikes", f"forgotten after {counted(days, 'day')}")
        if days != usual.strike_days
        else (),
    ]


def _trusted(settings: CommunitySettings, platform: str) -> Sentence:
    if not settings.trusted_roles:
        return ()
    # Slack has no blur, so that pictures are hidden behind a button there.
    done = "covered" if platform == SLACK else outcome(Flagged.SPOILER)
    trusted = some([Role(id_) for id_ in settings.trusted_roles])
    return _fact("Doubtful pictures", say("{} at once for {}", done, trusted))


def budgets(settings: CommunitySettings, platform: str) -> Sentence:
    """The budgets of all together, of each member, and of members with a role."""
    days, months = settings.role_day_micros, settings.role_month_micros
    roles = sorted({*days, *months})
    own = allowance(settings.person_day_micros, settings.person_month_micros)
    return lines(
        _fact(f"The {PLACES[platform]}", allowance(settings.day_micros, settings.month_micros)),
        _fact("Each member", own),
        *(say("{} {}", Role(r), allowance(days.get(r), months.get(r))) for r in roles[:SHOWN]),
        _left_out(roles),
    )


def some(parts: Sequence[Part]) -> Sentence:
    """The first SHOWN of `parts`, and how many more there are."""
    left = len(parts) - SHOWN
    more = f" and {left} more" if left > 0 else ""
    return say("{}{}", joined(", ", [(part,) for part in parts[:SHOWN]]), more)


def _left_out(known: Sized) -> Sentence:
    left = len(known) - SHOWN
    return (Small(say(f"and {left} more")),) if left > 0 else ()
