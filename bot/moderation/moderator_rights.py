"""Who moderates what, by the rights that the platform confirmed just now."""

from bot.domain.asker import Asker
from bot.errors import NotAllowed, NotYours


def moderators_only(asker: Asker) -> None:
    if not (asker.is_moderator or asker.is_admin or asker.is_owner):
        raise NotAllowed("moderators_only")


def not_oneself(asker: Asker, person: str) -> None:
    if person == asker.person:
        raise NotYours("about_you")


def place_of(asker: Asker) -> tuple[str | None, str | None]:
    """The platform and community whose cases the asker sees; (None, None) is all of them."""
    return (None, None) if asker.is_owner else (asker.platform, asker.community)


def member_of(asker: Asker, person: str) -> Asker:
    """A member of the moderator's own community, as an Asker."""
    return Asker(platform=asker.platform, community=asker.community, channel="", person=person)
