"""The parts of the bot that a chat platform's adapter may use."""

from dataclasses import dataclass

from bot.accounts.administration import Administration
from bot.accounts.community_claims import CommunityClaims
from bot.accounts.presets import Presets
from bot.accounts.privacy import Privacy
from bot.jobs.reactions import Reactions
from bot.jobs.sharing import SharedResults
from bot.jobs.studio import Studio
from bot.moderation.review_links import ReviewLinks
from bot.moderation.reviews import Reviews
from bot.moderation.sanctions import Sanctions
from bot.moderation.word_lists import CommunityWords
from bot.platforms import Platforms
from bot.ports import Clock
from bot.store import (
    CardStore,
    ChatStore,
    CommunityStore,
    InstallationStore,
    OwnerStore,
    PendingCardStore,
    RemoteFileStore,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    platforms: Platforms  # where the adapter adds itself
    studio: Studio
    administration: Administration
    privacy: Privacy
    presets: Presets
    reactions: Reactions
    reviews: Reviews
    sanctions: Sanctions
    words: CommunityWords
    claims: CommunityClaims
    shared: SharedResults
    communities: CommunityStore
    notes: OwnerStore
    chat: ChatStore
    cards: CardStore
    pending_cards: PendingCardStore
    remote_files: RemoteFileStore
    installations: InstallationStore
    clock: Clock
    contact: str = ""
    links: ReviewLinks | None = None  # to the page for moderators; None where nobody reaches it
