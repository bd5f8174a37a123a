"""A community's own lists of words: indecent ones, and allowed ones."""

from dataclasses import dataclass
from functools import partial

from bot.domain.asker import Asker
from bot.domain.case import actor_of
from bot.domain.community_settings import WORDS_MAX, CommunitySettings
from bot.domain.moderation_policy import Tier
from bot.errors import BadRequest, Problem
from bot.moderation.moderator_rights import moderators_only
from bot.moderation.screen.prompt_screen import tier_of_text
from bot.ports import Clock
from bot.request.image_request import PROMPT_MAX_CHARS
from bot.store import PeopleStore

WORD_MAX_CHARS = 80


@dataclass(frozen=True, slots=True)
class WordLists:
    added: tuple[str, ...]
    allowed: tuple[str, ...]


class CommunityWords:
    """Every method raises NotAllowed for whoever is no moderator."""

    def __init__(self, store: PeopleStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def lists(self, asker: Asker) -> WordLists:
        """The community's own lists."""
        moderators_only(asker)
        settings = await self._settings(asker)
        return WordLists(settings.words_added, settings.words_allowed)

    async def add(self, asker: Asker, word: str) -> WordLists:
        """Add a word or phrase to the soft tier, or remove it if it is there."""
        return await self._change_words(asker, "words_added", word)

    async def allow(self, asker: Asker, word: str) -> WordLists:
        """Allow a word or phrase, or remove it if it is allowed already."""
        return await self._change_words(asker, "words_allowed", word)

    async def test(self, asker: Asker, text: str) -> Tier:
        """The tier of a prompt by this community's lists. Nothing is stored."""
        moderators_only(asker)
        if not 0 < len(text) <= PROMPT_MAX_CHARS or not (text := text.strip()):
            raise wrong_length("text", PROMPT_MAX_CHARS, len(text))
        return await tier_of_text(text, await self._settings(asker))

    async def _change_words(self, asker: Asker, name: str, word: str) -> WordLists:
        moderators_only(asker)
        if len(word) <= PROMPT_MAX_CHARS:  # of what is longer nobody looks at the characters
            word = " ".join(word.split()).casefold()
        if not word or len(word) > WORD_MAX_CHARS:
            raise wrong_length("word", WORD_MAX_CHARS, len(word))
        settings = await self._store.change_community(
            asker.platform,
            asker.community,
            partial(_with_or_without, name, word),
            actor_of(asker),
            self._clock.now(),
        )
        return WordLists(settings.words_added, settings.words_allowed)

    async def _settings(self, asker: Asker) -> CommunitySettings:
        return await self._store.community(asker.platform, asker.community)


def _with_or_without(name: str, word: str, known: CommunitySettings) -> CommunitySettings:
    """Raises BadRequest for a list that is full."""
    words: tuple[str, ...] = getattr(known, name)
    changed = tuple(w for w in words if w != word) if word in words else (*words, word)
    if len(changed) > WORDS_MAX:
        raise BadRequest((Problem("word", "too_many_words", {"limit": WORDS_MAX}),))
    return known.model_copy(update={name: changed})


def wrong_length(field: str, limit: int, got: int) -> BadRequest:
    data = {"limit": limit, "got": got}
    return BadRequest((Problem(field, "too_long" if got else "missing", data),))
