"""/help on each chat platform: what can be done, and how it is typed."""

from bot.domain.asker import SLACK
from bot.request.commands import BY_NAME, IMAGINE, SHORTHANDS
from bot.wording.answers import command
from bot.wording.moderation.commands import MOD
from bot.wording.options import option_help
from bot.wording.parts import Code, Heading, Sentence, Small, Strong, Words, lines, say
from bot.wording.settings.commands import LIMNER

OFFERED = ("show", "quota", "models", "cancel", "settings", "help")
# The id is optional: without one, the newest results are listed.
_USAGE = {"show": " [ID]"}


def overview(platform: str, *, contact: str, admin: bool, moderator: bool) -> Sentence:
    """`admin` and `moderator`: what the reader is. `contact`: the owner's, or ""."""
    slack = platform == SLACK
    return lines(
        (Heading("What I can do"),),
        say("{} {}{}", Strong("/imagine"), IMAGINE.help, "; alone it opens a form" * slack),
        *(usage(name, platform) for name in OFFERED if slack or name != "help"),
        _MENTIONED if slack else "",
        _STYLE if slack else "",
        say("{} take along or erase what is kept about you", Strong(command("privacy", platform))),
        _ADMINS if admin and not slack else "",
        _MODERATORS if moderator and not slack else "",
        (Small(_UNDER_SLACK if slack else _UNDER_DISCORD),),
        (Small(_MORE),) if slack else "",
        (Small(say("The bot owner: {}", Words(contact))),) if contact else "",
    )


_MENTIONED = say("Or mention me with what you want to see, or write it to me alone.")
_STYLE = say(
    "{} [NAME OPTIONS] see the styles, or keep options under a name", Strong("/limner style")
)
_ADMINS = say("{} {}", Strong("/limner"), LIMNER)
_MODERATORS = say("{} {}", Strong("/mod"), MOD)
_UNDER = "Under each result: Again, Vary, Edit, Files, and more in the menu. "
_UNDER_DISCORD = say(_UNDER + "Under any message: Apps → Use as starting image.")
_UNDER_SLACK = say(_UNDER + "On a message of yours with a picture: ⋮ → Use as starting image.")
_MORE = say(
    "{} explains the options, {} what admins can do, {} what moderators can.",
    Code("/limner help imagine"),
    Code("/limner help admin"),
    Code("/limner mod"),
)


def usage(name: str, platform: str) -> Sentence:
    """One command in a line; for Slack with its options, which it doesn't show while one types."""
    words = _USAGE.get(name) or BY_NAME[name].usage.removeprefix(f"/{name}")
    known = Words(words if platform == SLACK else "")
    return say("{}{} {}", Strong(command(name, platform)), known, BY_NAME[name].help)


def imagine() -> Sentence:
    """What can be typed after /imagine on Slack; a starting image can't be."""
    known = (*IMAGINE.options, *SHORTHANDS)
    typed = [option for option in known if option.chat and option.type is not bytes]
    return lines(
        say("{} PROMPT --option value …", Strong("/imagine")),
        *(option_help(option) for option in typed if option.name != "prompt"),
        "A starting image comes with the form, or with ⋮ → Use as starting image.",
    )
