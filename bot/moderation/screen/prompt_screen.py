"""The prompt screen: words that are always refused, and words that the policy decides about.

Three tiers. Hard: sexual terms together with minors; refused everywhere, without exception, and
never repeated to anybody. Unsure: such a pair that may mean something else; drawn, and shown to
nobody before a moderator looked. Soft: sexual terms alone, and gore; the policy of the place
decides. It reads English, German, Spanish, French and Japanese, the languages that the commands
speak, in any mixture. The terms, each with its reason, are in terms.json.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from bot.domain.moderation_policy import Tier
from bot.moderation.screen.lexicon import Kind, Phrases, compatible
from bot.moderation.screen.reading import Reading
from bot.moderation.screen.spelling import is_loaded, load
from bot.request.image_request import ImageRequest

# Reading this much takes about a millisecond; longer texts are read in a thread.
READ_AT_ONCE_MAX_CHARS = 200

# Sexual terms, by how sure it is that they mean it.
_CERTAIN = (Kind.EXPLICIT,)
_AMBIGUOUS = (Kind.NUDITY, Kind.SEX, Kind.ORGAN)
_SOFT = frozenset({*_CERTAIN, *_AMBIGUOUS, Kind.SUGGESTIVE, Kind.GORE})
_TRAITS = (Kind.SEX, Kind.ORGAN)
_YOUNG = (Kind.MINOR, Kind.YOUTH, Kind.PERHAPS)
# Prompts about these write of organs and of sex as a trait.
_FACTUAL = frozenset({"figures", "health", "learning"})
# And these show naked bodies that are nobody's nudity.
_OF_BODIES = frozenset({"health", "art history", "tales"})


def screen(
    prompt: str,
    negative: str = "",
    *,
    added: Sequence[str] = (),
    allowed: Sequence[str] = (),
) -> Tier:
    """The tier of a prompt. `added` and `allowed` are the community's own words.

    An allowed phrase excuses soft terms that lie wholly within it, the screen's own and the
    community's; longer terms count, and so do the other tiers. The negative prompt is read for
    the hard tier only, because it names what shall not be drawn; clothes there are an evasion.
    """
    wanted, avoided = Reading(prompt), Reading(negative)
    tiers = [_tier(wanted), _tier_of_negative(wanted, avoided)]
    if (tier := max(tiers, key=_ORDER.index)) in (Tier.HARD, Tier.UNSURE):
        return tier
    if not added and not allowed:
        return tier
    own = wanted.has_own(Phrases(added), Phrases(allowed))
    sexual = _is_soft(wanted, wanted.kinds_outside(Phrases(allowed)))
    return Tier.SOFT if own or sexual else Tier.NONE


_ORDER = (Tier.NONE, Tier.SOFT, Tier.UNSURE, Tier.HARD)


def _tier(text: Reading) -> Tier:
    pairs = [_pair(text, young, sexual) for young in _young(text) for sexual in _sexual(text)]
    alone = Tier.SOFT if _is_soft(text, text.kinds) else Tier.NONE
    if text.is_hard:
        return Tier.HARD
    if text.kinds & {Kind.HARD, Kind.OFFENDER}:
        hard = bool(text.kinds & {*_CERTAIN, *_AMBIGUOUS}) and not text.topics & _FACTUAL
        pairs.append(Tier.HARD if hard else Tier.UNSURE)
    return max([alone, *pairs], key=_ORDER.index)


def _young(text: Reading) -> list[Kind]:
    found = [kind for kind in _YOUNG if kind in text.kinds]
    if text.ages.perhaps:
        found.append(Kind.PERHAPS)
    return [Kind.MINOR, *found] if text.ages.minor else found


def _sexual(text: Reading) -> list[Kind]:
    return [k for k in (*_CERTAIN, *_AMBIGUOUS, Kind.SUGGESTIVE, Kind.FAINT) if k in text.kinds]


def _pair(text: Reading, young: Kind, sexual: Kind) -> Tier:
    """What a word for youth and a sexual one mean together."""
    if young is Kind.PERHAPS:
        return _perhaps(text, sexual)
    if sexual is Kind.FAINT:
        return Tier.UNSURE if text.near(young, sexual) else Tier.NONE
    if sexual in _TRAITS and text.topics & _FACTUAL:
        return Tier.UNSURE
    return Tier.UNSURE if _may_be_harmless(text, young, sexual) else Tier.HARD


def _may_be_harmless(text: Reading, young: Kind, sexual: Kind) -> bool:
    """Whether a pair may be of a tale, a painting, a newborn at the doctor's, or an adult."""
    if sexual is Kind.NUDITY and text.topics & _OF_BODIES and not text.ages.minor:
        at_the_doctor = "health" in text.topics and text.only_infants
        if at_the_doctor or not text.near(sexual, young):
            return True
    adult = young is Kind.YOUTH and (text.ages.grown or sexual is Kind.SUGGESTIVE)
    return adult or not text.firm(sexual)


def _perhaps(text: Reading, sexual: Kind) -> Tier:
    """With a word that is said of adults as often."""
    if sexual in (Kind.FAINT, Kind.SUGGESTIVE) or not text.firm(sexual):
        return Tier.NONE
    factual = sexual in _TRAITS and bool(text.topics & _FACTUAL)
    return Tier.NONE if factual or text.ages.grown else Tier.UNSURE


def _is_soft(text: Reading, kinds: frozenset[Kind]) -> bool:
    soft = {kind for kind in kinds & _SOFT if text.firm(kind)}
    if text.topics & _FACTUAL:
        soft -= set(_TRAITS)
    return bool(soft)


def _tier_of_negative(wanted: Reading, avoided: Reading) -> Tier:
    """Hard, if the negative prompt is, or makes the prompt so: no clothes on a minor, no adults."""
    if _tier(avoided) is Tier.HARD:
        return Tier.HARD
    minor = Kind.MINOR in wanted.kinds or wanted.ages.minor
    undressed = Kind.COVER in avoided.kinds
    sexual = any(map(wanted.firm, (*_CERTAIN, *_AMBIGUOUS)))
    if (minor and undressed) or (sexual and Kind.GROWN in avoided.kinds):
        return Tier.HARD
    return Tier.UNSURE if undressed and Kind.YOUTH in wanted.kinds else Tier.NONE


class OwnWords(Protocol):
    """A community's own lists."""

    @property
    def words_added(self) -> tuple[str, ...]: ...
    @property
    def words_allowed(self) -> tuple[str, ...]: ...


async def tier_of(request: ImageRequest, words: OwnWords) -> Tier:
    """The tier of a request, with the names of its model and LoRA; read off the event loop."""
    wanted = "\n".join(filter(None, (request.prompt, request.lora, request.model)))
    return await tier_of_text(wanted, words, request.negative_prompt)


async def tier_of_text(prompt: str, words: OwnWords, negative: str = "") -> Tier:
    """As `tier_of`, of texts that are no request."""
    added, allowed = words.words_added, words.words_allowed
    read = partial(screen, prompt, negative, added=added, allowed=allowed)
    if not is_loaded():
        await asyncio.to_thread(load)
    if added or allowed or _is_long(prompt + negative):
        return await asyncio.to_thread(read)
    return read()


def _is_long(text: str) -> bool:
    """Whether it is long, also once normalised: NFKC makes 18 letters of the ligature U+FDFA."""
    limit = READ_AT_ONCE_MAX_CHARS
    return len(text) > limit or len(compatible(text)) > limit
