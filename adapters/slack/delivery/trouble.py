"""Whose fault it was when a call to Slack failed: Slack's, the installation's, or ours."""

from slack_sdk.errors import SlackApiError

from adapters.slack.delivery.send_once import may_work_later
from adapters.slack.delivery.uploads import UploadFailed
from adapters.slack.platform import limits
from adapters.slack.platform.web_api import code_of
from bot.domain.repair import Repair
from bot.errors import BotError, Broken, PlatformAway, PlatformRefuses
from bot.ports import Unreachable


def as_told(error: BaseException) -> BotError:
    """What the one who asked is told of `error`; Broken where the fault is ours."""
    code = code_of(error)
    if isinstance(error, Unreachable):
        return PlatformRefuses(Repair.APP)
    if code in limits.TOKEN_REFUSED:
        return PlatformRefuses(Repair.TOKEN)
    if code == "missing_scope":
        assert isinstance(error, SlackApiError)
        needed = str(error.response.get("needed", "")).split(",")
        return PlatformRefuses(Repair.SCOPE, missing=tuple(needed))
    if code == "ratelimited":
        return PlatformAway(busy=True)
    if may_work_later(error) or isinstance(error, UploadFailed):
        return PlatformAway()
    return Broken()
