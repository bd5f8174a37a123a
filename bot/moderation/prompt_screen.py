"""The prompt screen: words that are always refused, and words that the policy decides about.

Two tiers. Hard: sexual terms together with minors; refused everywhere, without exception, and
never repeated to anybody. Soft: sexual terms alone; the policy of the place decides. It reads
English, German, Spanish, French and Japanese, the languages that the commands speak, in any
mixture. The terms are in screen_terms.json.
"""

import asyncio
import unicodedata
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from bot.domain.moderation_policy import Tier
from bot.moderation.screen_lexicon import SOFT, Phrases
from bot.moderation.screen_reading import Reading
from bot.request.image_request import ImageRequest

# Reading this much takes about a millisecond; longer texts are read in a thread.
READ_AT_ONCE_MAX_CHARS = 400


def screen(
    prompt: str,
    negative: str = "",
    *,
    added: Sequence[str] = (),
    allowed: Sequence[str] = (),
) -> Tier:
    """The tier of a prompt. `added` and `allowed` are the community's own words.

    An allowed phrase excuses soft terms that lie wholly within it, the screen's own and the
    community's; longer terms count, and so do all of the hard tier. The negative prompt is read
    for the hard tier only, because it names what shall not be drawn; clothes there are an evasion.
    """
    wanted, avoided = Reading(prompt), Reading(negative)
    if wanted.is_hard or avoided.is_hard or _evades(wanted, avoided):
        return Tier.HARD
    if not added and not (allowed and wanted.kinds & SOFT):
        return Tier.SOFT if wanted.kinds & SOFT else Tier.NONE
    is_soft = wanted.is_soft(Phrases(added), Phrases(allowed))
    return Tier.SOFT if is_soft else Tier.NONE


class OwnWords(Protocol):
    """A community's own lists."""

    @property
    def words_added(self) -> tuple[str, ...]: ...
    @property
    def words_allowed(self) -> tuple[str, ...]: ...


async def tier_of(request: ImageRequest, words: OwnWords) -> Tier:
    """The tier of a request; long texts are read off the event loop."""
    return await tier_of_text(request.prompt, words, request.negative_prompt)


async def tier_of_text(prompt: str, words: OwnWords, negative: str = "") -> Tier:
    """As `tier_of`, of texts that are no request."""
    added, allowed = words.words_added, words.words_allowed
    read = partial(screen, prompt, negative, added=added, allowed=allowed)
    if added or allowed or _is_long(prompt + negative):
        return await asyncio.to_thread(read)
    return read()


def _is_long(text: str) -> bool:
    """Whether it is long, also once normalised: NFKC makes 18 letters of the ligature U+FDFA."""
    limit = READ_AT_ONCE_MAX_CHARS
    return len(text) > limit or len(unicodedata.normalize("NFKC", text)) > limit


def _evades(wanted: "Reading", avoided: "Reading") -> bool:
    """Whether the negative prompt makes the prompt hard: no clothes on a minor, or no adults."""
    undressed = wanted.has_minor and "cover" in avoided.kinds
    made_younger = "explicit" in wanted.kinds and "grown" in avoided.kinds
    return undressed or made_younger
