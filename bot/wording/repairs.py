"""What has to be mended at a platform, and by whom, before a result can be shown there."""

from bot import errors
from bot.domain.repair import Repair
from bot.wording.parts import Code, Link, Sentence, joined, say

_CAUSES = {
    Repair.UPLOADS: "Slack takes no files here: the workspace doesn't allow them.",
    Repair.STORAGE: "Slack takes no files here: the workspace has no room left for them.",
    Repair.SCOPE: "Slack takes no files of mine: I lack a permission.",
    Repair.TOKEN: "Slack doesn't let me in: it refuses my token.",
    Repair.APP: "Slack doesn't let me in: the app was taken off.",
}
_REMEDIES = {
    Repair.UPLOADS: "An owner of the workspace can allow uploads in its settings, "
    "under Permissions.",
    Repair.STORAGE: "An admin of the workspace can delete old files, or choose a larger plan.",
    Repair.SCOPE: "An admin of the workspace has to install the app again, with what "
    "limner slack manifest prints.",
    Repair.TOKEN: "The bot owner has to install the app again, and put its new token in.",
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
    said = [say(_CAUSES[why]), say("Nothing was charged for this. {}", _REMEDIES[why])]
    return joined(" ", [*said, page] if page else said)


# To the admins of a workspace, and to the owner.
REPAIR_NOTICES = {
    f"repair_{why}": f"Results wait in workspace {{community}}. {_CAUSES[why]} {_REMEDIES[why]} "
    "Then they come by themselves."
    for why in Repair
}
