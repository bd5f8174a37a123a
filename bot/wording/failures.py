"""Failures: which sentence stands for which error.

Each says what happened, whether anything was charged, and what to do now.
"""

from collections.abc import Mapping

from bot import errors
from bot.domain.asker import DISCORD, SLACK
from bot.errors import BotError
from bot.wording.budgets import quota_exceeded
from bot.wording.corrections import explain_problem
from bot.wording.installation import platform_refuses
from bot.wording.parts import Code, Explained, Sentence, joined, say, without_charge
from bot.wording.refusals import REFUSALS
from bot.wording.service import OWNERS_TROUBLE, SERVICE
from bot.wording.settings.community import PLATFORMS


def explain(error: BotError, *, platform: str = "", free: bool = False) -> Sentence:
    """What the person who asked reads when `error` ended their request.

    In a chat everybody reads it, so the owner's own troubles aren't named there. `free` is where
    nothing could have been charged, and so nothing is said of it.
    """
    kinds = [kind for kind in type(error).__mro__ if kind in _EXPLAINED]
    is_owners = platform in (DISCORD, SLACK) and isinstance(error, _OWNERS_TROUBLES)
    words = OWNERS_TROUBLE if is_owners else _EXPLAINED[kinds[0]]
    said = say(words) if isinstance(words, str) else words(error, platform)
    return without_charge(said) if free else said


_OWNERS_TROUBLES = (
    errors.BackendKeyRefused,
    errors.BackendNeedsMoney,
    errors.BackendUnkept,
    errors.NoSpace,
)


def _bad_request(error: errors.BadRequest, _: str) -> Sentence:
    if not error.problems:
        return say("I can't draw that as it is. Please check the options.")
    sentences = [explain_problem(problem) for problem in error.problems]
    return joined(" ", sentences)


def _away(error: errors.PlatformAway, platform: str) -> Sentence:
    name = PLATFORMS.get(platform, "The platform")
    if error.busy:
        return say(
            f"{name} takes nothing more from me for now: too much happens here at once. "
            "Please try again in a few minutes."
        )
    return say(
        f"{name} didn't answer as it should, so this didn't work. Please try again in a minute."
    )


def _refuses(error: errors.PlatformRefuses, platform: str) -> Sentence:
    if not error.missing:
        return platform_refuses(error, platform)
    wanted = joined(", ", [(Code(each),) for each in error.missing])
    return say(
        "I lack a permission here that this needs ({}). Please ask an admin to install me again.",
        wanted,
    )


_EXPLAINED: Mapping[type[BotError], Explained] = {
    BotError: "That didn't work, and I don't know why. You weren't charged. Please try again.",
    errors.BadRequest: _bad_request,
    errors.QuotaExceeded: quota_exceeded,
    errors.NoSpace: "There is no room left to store pictures, so nothing was drawn. "
    "Nothing was charged. The bot owner has to free some space on the disk.",
    errors.WaitedTooLong: "This waited too long in line, so I took it out. "
    "Nothing was charged. Please try again when fewer people are drawing.",
    errors.Cancelled: "You cancelled this. Nothing was charged. Draw it again whenever you like.",
    errors.Interrupted: "I was stopped in the middle of this, so I don't know whether it was "
    "drawn. You weren't charged. Please ask again.",
    errors.ShuttingDown: "I am about to restart, so I took nothing on. "
    "Please try again in a minute.",
    errors.PlatformAway: _away,
    errors.PlatformRefuses: _refuses,
    errors.Broken: "Something broke on my side. You weren't charged. "
    "Please try again, and tell the bot owner if it happens twice.",
    **REFUSALS,
    **SERVICE,
}
