"""What Discord's developer portal asks for, in the order of its pages; and the bot's invitation."""

from collections.abc import Iterator

from bot.app.legal_pages import legal_pages, missing_for_legal
from bot.cli.output import answer
from bot.config.settings import Settings
from bot.wording.installation import DISCORD_DESCRIPTION, DISCORD_TAGS
from bot.wording.legal import TITLES

_NO_LINK = "which this prints once DISCORD_TOKEN is set (Bot, Reset Token)"

# Where the portal's name is not the API's.
_CALLED = {"read_messages": "View Channels", "send_messages_in_threads": "Send Messages in Threads"}


def discord_invite(token: str) -> str:
    """The link with which an admin adds the bot, with the permissions that it needs; "" if the
    token has no application id.
    """
    from adapters.discord.app import application_id_of, invite_url  # noqa: PLC0415  (heavy)

    application_id = application_id_of(token)
    return invite_url(application_id) if application_id else ""


def print_manifest(settings: Settings) -> None:
    """Lines to copy from. Raises Misconfigured."""
    answer(*_general(settings), "", *_installation(settings), "", *_bot(settings))


def _general(settings: Settings) -> Iterator[str]:
    yield "General Information"
    yield f"  Description: {DISCORD_DESCRIPTION}"
    yield f"  Tags: {', '.join(DISCORD_TAGS)}"
    yield "  Interactions Endpoint URL: empty; the bot connects by itself"
    labels = {"terms": "Terms of Service URL", "privacy": "Privacy Policy URL"}
    for name in TITLES:
        yield f"  {labels[name]}: {_legal_address(settings, name)}"
    if legal_pages(settings):
        yield "  Read both pages first, and ask somebody who knows your law: they are a start."


def _legal_address(settings: Settings, name: str) -> str:
    missing = list(missing_for_legal(settings))
    if not (settings.public_url or "").startswith("https://"):
        missing.append("PUBLIC_URL (with https)")
    if missing:
        return f"an address of yours, or set {', '.join(missing)}: then the page has one"
    return f"{settings.page_url}/{name}"


def _installation(settings: Settings) -> Iterator[str]:
    from adapters.discord.app import PERMISSIONS, SCOPES  # noqa: PLC0415  (heavy)

    held = [_CALLED.get(n, n.replace("_", " ").title()) for n, wanted in PERMISSIONS if wanted]
    token = settings.discord_token
    link = discord_invite(token.get_secret_value()) if token else ""
    user = " and User Install" if settings.user_installs else ""
    yield "Installation"
    yield f"  Installation Contexts: Guild Install{user}"
    private = "" if settings.public else "None, if only you add it; else "
    yield f"  Install Link: {private}Custom URL, {link or _NO_LINK}"
    yield f"  Guild Install, Scopes: {', '.join(sorted(SCOPES))}"
    yield f"  Guild Install, Permissions: {', '.join(sorted(held))}"
    if settings.user_installs:
        yield "  User Install, Scopes: applications.commands"


def _bot(settings: Settings) -> Iterator[str]:
    yield "Bot"
    if settings.public:
        yield "  Public Bot: on, because PUBLIC lets any server use it"
    else:
        yield "  Public Bot: off, if only you add it; with an Install Link it can't be"
    yield "  Requires OAuth2 Code Grant: off"
    yield "  Privileged Gateway Intents: none"
