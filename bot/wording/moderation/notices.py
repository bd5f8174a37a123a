"""What the bot tells by itself: whoever asked for pictures, the moderators, the owner."""

from collections.abc import Callable, Mapping
from datetime import datetime
from re import sub
from string import Formatter

from bot.domain.case import Category
from bot.wording.installation import REPAIR_NOTICES
from bot.wording.moderation.reports import CATEGORIES
from bot.wording.parts import Code, Link, Sentence, When, Words, say


def notice(code: str, detail: Mapping[str, str]) -> Sentence:
    """The words of one notice of the outbox."""
    words = _NOTICES.get(code, "A moderator decided about {job}.")
    if code == "ended":
        words = _ENDS.get(detail.get("phase", ""), "{job} has ended.") + "{url}"
    if code == "struck":
        words = _struck(detail)
    names = [name for _, name, _, _ in Formatter().parse(words) if name]
    return say(sub(r"{\w+}", "{}", words), *(_part(name, detail) for name in names))


def _struck(detail: Mapping[str, str]) -> str:
    if detail.get("count") == "1":
        return "This is your first strike.{reason} More of them suspend you."
    if not detail.get("until"):
        return "That was one strike too many, so you can't draw here any more.{reason}"
    return "You have {count} strikes now, so you can't draw until {until}.{reason}"


def _part(name: str, detail: Mapping[str, str]) -> Sentence | str | Code | When:
    value = detail.get(name, "")
    shown = _SHOWN.get(name, Code)
    return shown(value) if value else ""


def _category(value: str) -> Sentence | str:
    known = Category(value)
    return "" if known is Category.OTHER else say(" ({})", CATEGORIES[known])


_KINDS = {
    "pictures": "A picture",
    "report": "A report",
    "words": "Somebody whose words were refused",
}
_SHOWN: Mapping[str, Callable[[str], Sentence | str | Code | When]] = {
    "reason": lambda value: say(" They say: {}", Words(value)),
    "until": lambda value: When(datetime.fromisoformat(value)),
    "category": _category,
    "words": lambda value: say(": {}", Code(value)),
    "kind": lambda value: _KINDS.get(value, "Something"),
    "count": str,
    "outside": lambda _: " from outside",
    "url": lambda value: say(" {}", Link("Here it is.", value)),
}
# To whoever wanted to know of a job's end, by its phase.
_ENDS = {
    "done": "{job} is done.",
    "in_review": "{job} is drawn, and a moderator looks at it before it is shown.",
    "withheld": "{job} was drawn, but it can't be shown.",
    "failed": "{job} couldn't be drawn.",
    "lost": "{job} couldn't be drawn.",
    "cancelled": "{job} was cancelled.",
    "removed": "{job} was drawn and deleted.",
}
_NOTICES = {
    # To whoever asked for the pictures.
    "approve": "A moderator looked at {job}: it is shown now.{reason}",
    "blur": "A moderator looked at {job}: it is shown behind a blur.{reason}",
    "remove": "A moderator removed {job}.{reason} You may ask once for a second look, "
    "by another moderator.",
    "strike": "A moderator removed {job}.{reason} You may ask once for a second look, "
    "by another moderator.",
    "kept_removed": "Another moderator looked at {job}: it stays removed.{reason}",
    "words_approve": "A moderator looked at your refused requests: you can draw again.{reason}",
    "words_remove": "A moderator looked at your refused requests: it stays as it was.{reason}",
    "words_strike": "A moderator looked at your refused requests, and you get a strike.{reason}",
    "expired": "Nobody looked at {job} within 48 hours, so it stays hidden. "
    "What it cost was given back.",
    "suspended": "Your requests were refused too often, so you can't draw until {until}. "
    "A moderator will look at it.",
    # To the moderators.
    "opened": "{kind} waits for a moderator: case {case}.",
    "reported": "{job} was reported{outside}{category}{words}, case {case}.",
    "card_deleted": "Somebody deleted my message with {job}, so I don't post it again. "
    "Whoever has its id or a link still sees its pictures.",
    "second_look": "Somebody asks for a second look: case {case}. Another moderator decides.",
    # To the owner.
    "frozen": "Case {case} was escalated and frozen. Nothing of it is shown, and nothing is "
    "deleted. Look at it with: limner case show {case}",
    "no_verdict": "{job} was drawn and can't be judged, so it is shown to nobody. Others may share "
    "its fate; the log says why. It is tried again at growing intervals.",
    **REPAIR_NOTICES,
}
