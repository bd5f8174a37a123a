"""The pages Terms and Privacy, as the owner's settings fill them."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.config.settings import Settings
from bot.errors import Misconfigured
from bot.wording.legal import TITLES, Block, filled, kept_for, own_text

# A text of the owner's that is longer is a mistake.
TEXT_MAX_CHARS = 200_000


def legal_pages(settings: Settings) -> Mapping[str, tuple[Block, ...]]:
    """The blocks of each page by name; none until it is known who runs the bot.

    Raises Misconfigured for texts of the owner's that can't be read.
    """
    if missing_for_legal(settings):
        return {}
    facts = _facts(settings)
    return {name: filled(_text(settings, name), facts) for name in TITLES}


def missing_for_legal(settings: Settings) -> tuple[str, ...]:
    """The variables without which there are no such pages."""
    wanted = ("operator_name", "operator_contact")
    return tuple(name.upper() for name in wanted if not getattr(settings, name))


def _text(settings: Settings, name: str) -> str:
    """The owner's own text, or the one that comes with the bot."""
    if settings.legal_dir is None:
        return own_text(name)
    path = settings.legal_dir / f"{name}.txt"
    try:
        return path.read_text("utf-8")[:TEXT_MAX_CHARS]
    except FileNotFoundError:
        return own_text(name)
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured((f"LEGAL_DIR: {path} can't be read ({error}).",)) from None


def _facts(settings: Settings) -> Mapping[str, str]:
    """What fills the blanks; "" where there is nothing to say."""
    hosts = {urlsplit(endpoint.url).hostname or "" for endpoint in settings.endpoints}
    return {
        "name": settings.operator_name,
        "contact": settings.operator_contact,
        "law": settings.operator_law,
        "results": kept_for(settings.retention_days),
        "refused": kept_for(settings.refused_retention_days),
        "cases": kept_for(settings.case_retention_days),
        "audit": kept_for(settings.audit_retention_days),
        "left": kept_for(settings.left_retention_days),
        "drawing": " and ".join(sorted(hosts)) if settings.resolved_backend == "api" else "",
        "looking": settings.moderation_host,
    }
