"""What whoever installs the bot into a Slack workspace reads."""

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


def installed(workspace: str) -> str:
    return _DONE.format(workspace or "Your workspace")


def not_installed(reason: str, again: str) -> str:
    """`again` is the address to begin anew."""
    return NOT_INSTALLED.get(reason, _OTHER).format(again)
