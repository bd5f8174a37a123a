"""What owners and admins mend outside: refused tokens, installations, what a platform refuses."""

from collections.abc import Iterable

from bot import errors
from bot.domain.repair import Repair
from bot.wording.parts import Code, Link, Sentence, joined, say

# For Discord's developer portal: at most 400 characters, and five tags of at most 20.
# https://docs.discord.com/developers/resources/application#application-object
DISCORD_DESCRIPTION = (
    "Describe a picture, and Limner draws it: /imagine. Everybody sees the result with its seed, "
    "model and cost, and draws it again, varies or edits it by buttons. Servers set budgets, "
    "channels and roles; doubtful pictures wait for your moderators. Everything kept about you is "
    "yours to take along or erase: /privacy."
)
DISCORD_TAGS = ("Art", "Image generation", "AI", "Moderation", "Creativity")

DISCORD_REFUSES = (
    "Discord refuses DISCORD_TOKEN. Copy the bot's token anew from "
    "https://discord.com/developers/applications (Bot, Reset Token)."
)
DISCORD_VERSION = (
    "Discord has given up the version of its gateway that Limner speaks (4012). Update it."
)
DISCORD_INTENTS = "Discord doesn't know the intents that Limner names (4013). Update it."
DISCORD_PRIVILEGED = (
    "Discord refuses the intents that Limner names (4014). It needs none of the privileged "
    "ones: update it, and see https://discord.com/developers/applications (Bot)."
)
# Begins within a sentence and ends without its full stop, and so does `no_logins`.
DISCORD_SHARDS = (
    "Discord wants the servers spread over more shards (4011). Limner asks how many and takes them "
    "by itself. If this goes on, stop any other bot that runs with this token, then restart Limner"
)
SLACK_REFUSES_APP = (
    "Slack refuses SLACK_APP_TOKEN. Make a new one at https://api.slack.com/apps (Basic "
    "Information, App-Level Tokens) with the scope connections:write."
)
SLACK_REFUSES_BOT = (
    "Slack refuses SLACK_BOT_TOKEN. Copy it anew from https://api.slack.com/apps (OAuth & "
    "Permissions, Bot User OAuth Token)."
)

SLACK_ORGANIZATION = (
    "SLACK_BOT_TOKEN is of an installation in a whole organization. Install the app in one "
    "workspace at https://api.slack.com/apps (Install App) and take that token."
)


def older_app(missing: Iterable[str]) -> Sentence:
    """To the admins, in their Home on Slack."""
    return say(
        "⚠ The app on Slack is older than I am and lacks {}, so that not everything works. Whoever "
        "runs the bot puts what {} prints in the place of its manifest at {}, and installs it "
        "again. Nothing that you set or drew is lost.",
        joined(", ", [(Code(scope),) for scope in missing]),
        Code("limner slack manifest"),
        Link("api.slack.com/apps", "https://api.slack.com/apps"),
    )


_DONE = "{} can draw now. Invite the bot to a channel with /invite, and type /imagine there."
NOT_INSTALLED = {
    "access_denied": "Nothing was installed. To try again, open {}.",
    "invalid_browser": "This is not the browser that began the installation, or it keeps no "
    "cookies. Please open {} and go through it in one go.",
    "invalid_state": "That took too long, or the page was used before. Please open {} again.",
    "missing_code": "Slack sent no code along. Please open {} again.",
    "invalid_code": "Slack doesn't take that code any more. Please open {} again.",
    "organization": "The bot can be installed in a workspace, not in a whole organization. Please "
    "open {} and choose one.",
}
_OTHER = "The installation didn't work. Please open {} again; if it goes on, tell the bot's owner."
UNINSTALLED = "I am not installed in this workspace any more. An admin can install me again"


def no_logins(left: int, needed: int, minutes: int) -> str:
    return (
        f"Discord allows {left} more logins with this token for {minutes} min, and it takes "
        f"{needed}. Limner waits. Something logs in again and again: stop any other bot that runs "
        "with this token"
    )


def installed(workspace: str) -> str:
    return _DONE.format(workspace or "Your workspace")


def not_installed(reason: str, again: str) -> str:
    """`again` is the address where the installation starts."""
    return NOT_INSTALLED.get(reason, _OTHER).format(again)


# --- what a platform refuses until somebody mends it ---------------------------------------------

_CAUSES = {
    Repair.UPLOADS: "Slack takes no files here: the workspace doesn't allow them.",
    Repair.STORAGE: "Slack takes no files here: the workspace has no room left for them.",
    Repair.SCOPE: "Slack doesn't let me do this: I lack a permission.",
    Repair.TOKEN: "Slack doesn't let me in: it refuses my token.",
    Repair.APP: "Slack doesn't let me in: the app was taken off.",
}
_REMEDIES = {
    Repair.UPLOADS: "An owner of the workspace can allow uploads in its settings, "
    "under Permissions.",
    Repair.STORAGE: "An admin of the workspace can delete old files, or choose a larger plan.",
    Repair.SCOPE: "An admin of the workspace has to install the app again, with what "
    "limner slack manifest prints.",
    Repair.TOKEN: "The app has to be installed again: by an admin of the workspace, or by the bot "
    "owner where the token is the owner's own.",
    Repair.APP: "An admin of the workspace has to install the app again.",
}


def result_waits(why: Repair, job: str) -> Sentence:
    """For the card of a result that can't be shown yet."""
    return say(
        "{} The pictures are kept, and come here by themselves once that is mended. {} "
        "{} tries at once.",
        _CAUSES[why],
        _REMEDIES[why],
        Code(f"/limner show {job}"),
    )


def platform_refuses(error: errors.PlatformRefuses, _: str) -> Sentence:
    why = Repair(error.why)
    page = say("See it {}, for a day.", Link("on my page", error.link)) if error.link else ""
    said = [say(_CAUSES[why]), say(_REMEDIES[why])]
    return joined(" ", [*said, page] if page else said)


# To the admins of a workspace, and to the owner.
REPAIR_NOTICES = {
    f"repair_{why}": f"Results wait in workspace {{community}}. {_CAUSES[why]} {_REMEDIES[why]} "
    "Then they come by themselves."
    for why in Repair
}
