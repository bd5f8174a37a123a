"""/limner: descriptions of its commands, and their answers."""

from collections.abc import Iterable, Mapping

from bot.domain.asker import DISCORD, SLACK
from bot.domain.budgets import Spend, Window
from bot.domain.community_settings import CommunitySettings, Hearing
from bot.wording import commands
from bot.wording.budgets import window_line
from bot.wording.cards import short_model
from bot.wording.commands import Command
from bot.wording.parts import (
    Channel,
    Code,
    Heading,
    Money,
    Person,
    Sentence,
    Small,
    Words,
    lines,
    say,
)
from bot.wording.settings import community
from bot.wording.settings.community import holding, some, this

# In Discord's five languages: keys of adapters/discord/platform/words.json.
LIMNER = "set up and run the bot on this server"
_MODERATORS = "the channel where reports and warnings go"
_ROLE = "the role of those who moderate"
_FLAGGED = "what becomes of pictures that look indecent"
COMMANDS = {
    "setup": Command(
        "let this server use the bot",
        options={
            "channel": "the only channel where members may draw; empty is everywhere",
            "moderators": _MODERATORS,
            "role": _ROLE,
            "day_budget": "dollars that this server may spend a day",
            "month_budget": "dollars that this server may spend a month",
            "flagged": _FLAGGED,
            "code": "the code that the bot's terminal shows, the first time",
        },
    ),
    "settings": Command(
        "see or change what holds on this server",
        options={
            "channel": "add a channel where members may draw, or take it out again",
            "moderators": _MODERATORS,
            "role": _ROLE,
            "flagged": _FLAGGED,
            "flagged_age_restricted": "the same in age-restricted channels",
            "account_age": "days that an account must be old",
            "membership": "days that somebody must be a member",
            "flagged_here": "what becomes of indecent pictures in this very channel",
            "unknown": "what becomes of pictures that nobody could look at",
            "indecent_words": "what becomes of requests with indecent words",
            "trusted": "add a role whose doubtful pictures are blurred at once, or drop it",
            "strike_days": "days until a strike is forgotten",
            "refund": "when a picture that nobody may see is given back",
            "sharing": "who can see results on the bot's page",
        },
    ),
    "budget": Command(
        "set what may be spent, in dollars",
        "[member | @group] [day DOLLARS] [month DOLLARS]",
        {
            "whose": "the whole server's, or each member's",
            "role": "the budget of those with this role; the best role counts",
            "day": "dollars a day",
            "month": "dollars a month",
        },
    ),
    "models": Command(
        "choose which models members may use",
        options={
            "model": "add a model to those that are allowed, or take it out again",
            "every": "allow every model that the bot owner offers",
        },
    ),
    "grant": Command(
        "give a member more for today or this month",
        "@person DOLLARS [day | month]",
        {
            "member": "who gets it",
            "amount": "dollars; the server's own budget stays as it is",
            "window": "for how long",
        },
    ),
    "block": Command(
        "keep a member from drawing",
        "@person [DAYS] [REASON]",
        {
            "member": "who",
            "days": "for how many days; empty is for good",
            "reason": "why; the other admins read it",
        },
    ),
    "reset": Command(
        "take back what was set, so that the bot owner's default holds",
        options={
            "what": "what is taken back",
            "role": "only the budget of this role",
        },
    ),
    "undo": Command("take back the last block or change of settings"),
    "spend": Command("see what was spent, and by whom"),
    "pause": Command("stop drawing on this server for now"),
    "resume": Command("let members draw again"),
}
RESETS = {
    "server_budget": "the server's budget",
    "member_budget": "each member's budget",
    "role_budgets": "budgets of roles",
    "channels": "the channels for drawing",
    "moderators": "the moderators' channel",
    "role": "the moderators' role",
    "trusted": "trusted roles",
    "flagged_here": "rules of single channels",
}
WHOSE = {"server": "the server", "member": "each member"}
WINDOWS: Mapping[Window, str] = {"day": "today", "month": "this month"}
_ON_SLACK = {
    "setup": Command("the form with everything that can be chosen here"),
    "workspace": Command("see what holds here"),
    **{name: COMMANDS[name] for name in ("budget", "grant", "block", "undo", "spend")},
    "allow": Command(COMMANDS["models"].options["model"], "[MODEL | all]"),
    "pause": Command("stop drawing for now"),
    "resume": COMMANDS["resume"],
}
BUDGET_USAGE = "/limner budget [member | @group] day 5 month 50"


def overview() -> Sentence:
    """What can be typed into Slack."""
    return commands.overview("For admins", "/limner", _ON_SLACK)


# --- what holds -----------------------------------------------------------------------------------


def set_up(
    settings: CommunitySettings,
    platform: str,
    hearing: Hearing,
    warnings: Iterable[Sentence] = (),
) -> Sentence:
    return lines(
        (Heading("Limner is set up here"),),
        holding(settings, platform, hearing),
        *warnings,
        (Small(say("Type {} to draw. {}", Code("/imagine"), _CHANGES[platform])),),
    )


def waiting(count: int, platform: str) -> Sentence:
    """For an admin who chose a moderators' channel: it hears of new cases only; () for none."""
    if not count:
        return ()
    cases = "1 case waits" if count == 1 else f"{count} cases wait"
    listing = Code("/limner mod review" if platform == SLACK else "/mod review")
    return say("{} for a moderator already: {}", cases, listing)


def shown(
    settings: CommunitySettings, platform: str, hearing: Hearing, news: Sentence = ()
) -> Sentence:
    changes = (Small(_CHANGES[platform]),)
    return lines((Heading(this(platform)),), holding(settings, platform, hearing), news, changes)


_CHANGES = {
    DISCORD: say(
        "{} and {} change this; {} takes it back.",
        Code("/limner settings"),
        Code("/limner budget"),
        Code("/limner reset"),
    ),
    SLACK: say("{} changes this.", Code("/limner setup")),
}


def mute(channel: str, missing: Iterable[str]) -> Sentence:
    """For an admin who chose a channel where the bot can't post."""
    wanted = ", ".join(missing)
    return say("⚠ I can't post in {}. Please allow me: {}.", Channel(channel), wanted)


def readable(channel: str) -> Sentence:
    """For an admin who chose a moderators' channel that everybody can read."""
    words = "⚠ Everybody can read {}. Reports belong where only moderators can."
    return say(words, Channel(channel))


def budgets(settings: CommunitySettings, platform: str) -> Sentence:
    usage = Code(BUDGET_USAGE)
    how = say("Change it: {}, or {} in the place of a number.", usage, Code("default"))
    more = how if platform == SLACK else ""
    return lines((Heading("Budgets"),), community.budgets(settings, platform), more)


def models(settings: CommunitySettings) -> Sentence:
    names = [Words(short_model(name)) for name in settings.models]
    return lines((Heading("Models"),), some(names) or "All that the bot owner offers.")


def granted(person: str, micros: int, window: Window) -> Sentence:
    return say("{} may spend {} more {}.", Person(person), Money(micros), WINDOWS[window])


def spent(found: Spend, platform: str) -> Sentence:
    people = [
        say("{} {}", _spender(each.person), Money(each.posted_micros)) for each in found.people
    ]
    return lines(
        (Heading("Spent"),),
        *(window_line(window, platform=platform) for window in found.windows),
        (Heading("This month"),),
        *(people or [say("Nobody has spent anything yet.")]),
    )


def _spender(person: str) -> Person:
    return Person(person, "" if person else "somebody who was erased")


def blocked(person: str, days: int | None) -> Sentence:
    return commands.blocked(person, days, "/limner undo")


UNDONE = {
    "block": say("The last block is lifted."),
    "settings": say("The settings are as before."),
}
PAUSED = say("Paused. What is being drawn is finished.")
RESUMED = say("Members can draw again.")
