"""What follows of a call to Slack that failed: whether to repeat it, what is to be mended, and what
is told to the one who asked. The codes and their classes are in platform/limits.py.
"""

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.platform import limits
from adapters.slack.platform.web_api import NotInstalled, code_of
from bot.domain.repair import Repair
from bot.errors import BotError, Broken, CantPost, PlatformAway, PlatformRefuses
from bot.ports import Unreachable

_SERVER_ERROR = 500
_TOO_MANY_REQUESTS = 429


def may_work_later(error: BaseException) -> bool:
    """Whether a retry may succeed by itself: it is Slack's own trouble, or the network's."""
    if isinstance(error, SlackApiError):
        code = code_of(error)
        if not code or code in limits.PASSING:
            return True
        status: int = error.response.status_code
        return status >= _SERVER_ERROR or status == _TOO_MANY_REQUESTS
    return isinstance(error, aiohttp.ClientError | OSError | TimeoutError)


def repair_of(error: BaseException) -> Repair | None:
    """What has to be mended before the same can succeed; None where that isn't the trouble."""
    match error:
        case PlatformRefuses():
            return Repair(error.why)
        case NotInstalled():
            return Repair.APP
        case _:
            return limits.REPAIRS.get(code_of(error))


def is_to_repeat(error: BaseException) -> bool:
    """Whether what is due stays so: until Slack is well again, or takes the token again."""
    return may_work_later(error) or repair_of(error) is Repair.TOKEN


def as_told(error: BaseException) -> BotError:
    """What the one who asked is told of `error`; Broken where the fault is ours."""
    code = code_of(error)
    if why := repair_of(error):
        return PlatformRefuses(why, missing=_needed(error) if code == "missing_scope" else ())
    if isinstance(error, Unreachable):
        return PlatformRefuses(Repair.APP)
    if code in limits.NO_WAY_IN:  # cards have words of their own, and all else is said in private
        return CantPost("direct")
    if code == "ratelimited":
        return PlatformAway(busy=True)
    return PlatformAway() if may_work_later(error) else Broken()


def _needed(error: BaseException) -> tuple[str, ...]:
    assert isinstance(error, SlackApiError)
    return tuple(filter(None, str(error.response.get("needed") or "").split(",")))
