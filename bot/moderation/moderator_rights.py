"""Who moderates what. Rights are those that the platform vouches for at this very moment."""

from bot.domain.asker import Asker
from bot.errors import NotAllowed, NotYours


def moderators_only(asker: Asker) -> None:
    if not (asker.is_moderator or asker.is_admin or asker.is_owner):
        raise NotAllowed("moderators_only")


def not_oneself(asker: Asker, person: str) -> None:
    if person == asker.person:
        raise NotYours("about_you")


def place_of(asker: Asker) -> tuple[str | None, str | None]:
    """The owner sees every community."""
    return (None, None) if asker.is_owner else (asker.platform, asker.community)


def member_of(asker: Asker, person: str) -> Asker:
    """Somebody in the moderator's own community."""
    return Asker(platform=asker.platform, community=asker.community, channel="", person=person)
