"""Every sentence that people read, apart from what to mend (`mending.py`).

A sentence about a failure says what happened, whether anything was charged, and what to do now.
To people we say server or workspace, bot owner, reserved, in review.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot import errors
from bot.errors import BackendFailed, BotError
from bot.flags import Note
from bot.mending import explain_problem, fill, value_text
from bot.options import Option
from bot.parts import (
    Code,
    Money,
    Part,
    Person,
    PicturesLeft,
    Sentence,
    Strong,
    Text,
    When,
    Words,
    duration,
    money,
    pictures,
    pictures_left,
    plain,
    say,
)
from bot.request import SEED_MAX
from bot.view import JobView, Phase

if TYPE_CHECKING:  # studio.py imports the ports, which import this module
    from bot.admission import Quota
    from bot.books import Balance

__all__ = [
    "CONFLICTS",
    "NOT_ALLOWED",
    "NOT_FOUND",
    "Code",
    "Money",
    "Part",
    "Person",
    "PicturesLeft",
    "Sentence",
    "Strong",
    "Text",
    "When",
    "Words",
    "budget_warning",
    "duration",
    "explain",
    "explain_note",
    "explain_problem",
    "money",
    "notes_of",
    "option_default",
    "option_facts",
    "option_help",
    "option_range",
    "pictures",
    "pictures_left",
    "plain",
    "quota_line",
    "say",
    "short_model",
    "status",
    "window_line",
]


def explain(error: BotError, *, platform: str = "") -> Sentence:
    """What the person who asked reads when `error` ended their request."""
    kind = next(kind for kind in type(error).__mro__ if kind in _EXPLAINED)
    words = _EXPLAINED[kind]
    return say(words) if isinstance(words, str) else words(error, platform)


def _bad_request(error: errors.BadRequest, _: str) -> Sentence:
    if not error.problems:
        return say("I can't draw that as it is. Nothing was charged. Please check the options.")
    sentences = [explain_problem(problem) for problem in error.problems]
    return say("{} " * len(sentences) + "Nothing was charged.", *sentences)


def _not_found(error: errors.NotFound, _: str) -> Sentence:
    words = NOT_FOUND.get(error.what, "I can't find that{}. Nothing was charged.")
    return say(words, say(": {}", Code(error.name)) if error.name else "")


NOT_FOUND = {
    "job": "There is no result with this id{}. Nothing was charged. "
    "You find the id under each result.",
    "result_there": "There is no result of mine in this message{}. Nothing was charged. "
    "Please choose a message with pictures that I drew.",
    "picture": "There is no such picture{}. Nothing was charged. It may have been deleted.",
    "model": "I know no model of this name{}. Nothing was charged. "
    "The models command lists those I know.",
    "person": "I know nobody of this name{}. Please check the spelling.",
    "command": "I know no command of this name{}. Nothing was charged. "
    "The help command lists them.",
    "page": "There is no such page{}. Nothing was charged. The address may be incomplete.",
    "case": "There is no such case here{}. Nothing was charged. The queue lists those that wait.",
    "community": "I know no server or workspace of this id{}. Nothing was charged. "
    "It has to use the bot first.",
    "strike": "There is no such strike{}. Nothing was charged. It may have been lifted already.",
    "prompt": "There are no words to show here{}. Nothing was charged. "
    "Refused words are shown to nobody.",
    "change": "There is no change that I could take back{}. Nothing was charged.",
    "preset": "I know no style of this name{}. Nothing was charged. "
    "Pick one from the list, or save your own with the settings command.",
    "open_job": "Nothing of yours is waiting or being drawn{}, so there is nothing to cancel. "
    "Nothing was charged.",
}


def _not_allowed(error: errors.NotAllowed, platform: str) -> Sentence:
    words = NOT_ALLOWED.get(error.why, "You can't do that here. Nothing was charged. {}")
    return say(words, f"An admin {_PLACE.get(platform, 'here')} can change that.")


NOT_ALLOWED = {
    "model_not_allowed": "This model isn't offered here. Nothing was charged. "
    "The models command lists those that are. {}",
    "replacement_costs_more": "The service has replaced this model by one that costs more, and "
    "the bot owner hasn't agreed to that. Nothing was charged. Please choose another model.",
    "admins_only": "Only admins can do that. Nothing was charged. Please ask one of them.",
    "moderators_only": "Only moderators can do that. Nothing was charged. "
    "Please ask one of them. {}",
    "own_decision": "This is a second look at your own decision, so another moderator decides. "
    "Nothing was charged.",
    "frozen": "This case is frozen: only the bot owner can open it. Nothing was charged.",
    "not_revealed": "Refused words are shown to nobody. Nothing was charged. "
    "The case says how many there were, and when.",
    "not_set_up": "I am not set up here yet. Nothing was charged. "
    "Please ask an admin to run /limner setup. {}",
    "not_claimed": "I don't belong to anybody yet, so I draw for nobody. Nothing was charged. "
    "Whoever runs me finds a code in the terminal; /limner setup takes it.",
    "private_bot": "This bot is private, so I can't draw for you here. Nothing was charged. "
    "It works in the servers that its owner chose.",
    "wrong_code": "This is not the code that the terminal shows. Nothing was charged. "
    "Please copy it once more.",
    "too_many_tries": "That was the wrong code too often. Nothing was charged. "
    "Please restart the bot for a fresh one.",
    "outsiders": "I draw for the members of this workspace, not for guests or people from outside. "
    "Nothing was charged. {}",
    "other_channel": "I don't draw in this channel. Nothing was charged. "
    "Please try another channel. {}",
}
_PLACE = {"discord": "of this server", "slack": "of this workspace"}


def _blocked(error: errors.Blocked, platform: str) -> Sentence:
    whom = f"A moderator {_PLACE.get(platform, 'here')} can tell you why."
    if error.until is None:
        return say("You are blocked from drawing here. Nothing was charged. {}", whom)
    return say("You can't draw here until {}. Nothing was charged. {}", When(error.until), whom)


def _prompt_refused(error: errors.PromptRefused, _: str) -> Sentence:
    """What was found is never repeated, so that nobody learns the list from it."""
    if error.hard:
        return say(
            "I don't draw this, here or anywhere. Nothing was charged. Repeated tries suspend you."
        )
    return say(
        "I can't draw this: the words are against the rules here. "
        "Nothing was charged. Please describe it differently."
    )


def _paused(error: errors.Paused, platform: str) -> Sentence:
    if error.everywhere:
        return say(
            "The bot owner has paused drawing everywhere. Nothing was charged. "
            "Please try again later."
        )
    where = {"discord": "on this server", "slack": "in this workspace"}.get(platform, "here")
    return say("Drawing is paused {} for now. Nothing was charged. Please try again later.", where)


def _not_yours(error: errors.NotYours, _: str) -> Sentence:
    if error.why == "about_you":
        return say(
            "This is about yourself, so another moderator decides. Nothing was charged. "
            "Please ask one of them."
        )
    return say(
        "This belongs to somebody else, so only they or a moderator can do that. "
        "Nothing was charged. You can always draw your own."
    )


def _too_new(error: errors.TooNew, _: str) -> Sentence:
    then = say("You can draw from {}.", When(error.open_at)) if error.open_at else ""
    return say(
        "Your account, or your time here, is too young to draw yet. Nothing was charged. {}",
        then or "Please try again in some days.",
    )


def _cant_post(error: errors.CantPost, platform: str) -> Sentence:
    if platform == "slack":
        invite = Code(f"/invite {error.missing[0]}") if error.missing else Code("/invite")
        return say(
            "I can't post in this channel. Nothing was charged. "
            "Type {} there, or add {} to get the result in our direct messages.",
            invite,
            Code("--private"),
        )
    wanted = ", ".join(error.missing) or "to post here"
    return say(
        "I couldn't show the result in this channel. Nothing was charged. "
        "Please ask an admin to allow me: {}.",
        wanted,
    )


def _quota_exceeded(error: errors.QuotaExceeded, platform: str) -> Sentence:
    budget = say("{}{}", _budget(error.level, platform), _FOR.get(error.window, ""))
    if error.left_micros > 0:
        full = say("{} has too little left for this. Nothing was charged.", budget)
        advice = " Fewer or smaller pictures may still fit."
    else:
        full, advice = say("{} is used up. Nothing was charged.", budget), ""
    if error.opens_at is None:
        return say("{}{} It doesn't open again by itself; please ask the bot owner.", full, advice)
    return say("{}{} It opens again on {}.", full, advice, When(error.opens_at))


def _budget(level: str, platform: str) -> str:
    if level == "person":
        return "Your own budget"
    if level == "community":
        shared = {"discord": "This server's budget", "slack": "This workspace's budget"}
        return shared.get(platform, "The shared budget")
    return "The bot owner's budget"


_FOR = {"day": " for today", "month": " for this month", "life": ""}


def _too_many_waiting(error: errors.TooManyWaiting, _: str) -> Sentence:
    most = "1 request" if error.limit == 1 else f"{error.limit} requests"
    return say(
        "You already have {} under way, and that is the most at once. Nothing was charged. "
        "Please wait for one, or cancel one.",
        most,
    )


def _conflict(error: errors.Conflict, _: str) -> Sentence:
    return say(CONFLICTS.get(error.why, CONFLICTS[""]))


CONFLICTS = {
    "": "This has changed in the meantime, so I left it as it is. Nothing was charged. "
    "Please look at it again.",
    "open": "This is still being drawn. Nothing was charged yet. "
    "Please cancel it, or wait until it is done.",
    "replay": "The same message arrived twice with different words, and the first one counts. "
    "The second was not charged. Please send it once more.",
    "largest": "This picture is as large as I can draw. Nothing was charged. "
    "The Files button gives you the original.",
    "decided": "Another moderator has decided this already. Nothing was charged. "
    "The case says how; its requester may ask for a second look.",
    "claimed": "Another moderator is looking at this just now. Nothing was charged. "
    "Please take the next one, or come back in ten minutes.",
    "too_late": "This has taken effect, so it can't be taken back any more. Nothing was charged. "
    "A second look can still change it.",
    "second_look": "There can be no second look at this, or there was one already. "
    "Nothing was charged.",
    "in_review": "A moderator is looking at this, so it stays as it is until they have decided. "
    "Nothing was charged. Please try again then.",
    "nothing_to_blur": "There is no picture in this case to blur. Nothing was charged. "
    "Please choose something else.",
    "form": "I don't know this form any more, so I did nothing. Nothing was charged. "
    "Please open it once more.",
    "rules": "Somebody else has changed the rules meanwhile, so I left them as they are. "
    "Nothing was charged. Please reload this page, and choose again.",
    "open_jobs": "Some pictures of this person are still being drawn, so nothing was erased. "
    "Nothing was charged. Please try again when they are done.",
    **dict.fromkeys(
        ("produced", "failed", "cancelled", "lost", "refunded"),
        "This is over already, so there is nothing left to stop. "
        "Nothing more was charged. The result shows how it ended.",
    ),
}


def _service(words: str) -> Callable[[BackendFailed, str], Sentence]:
    """`words` with what was charged in the place of {}."""

    def sentence(error: BackendFailed, _: str) -> Sentence:
        sure = not error.outcome_unknown and not error.billed_micros
        return say(words, "Nothing was charged." if sure else "You weren't charged.")

    return sentence


def _rejected(error: errors.BackendRejected, _: str) -> Sentence:
    reason = _cut(error.detail.partition(": ")[2] or error.detail, _SERVICE_WORDS_MAX_CHARS)
    told = say(" and said: {}", Code(reason)) if reason else ""
    charged = "You weren't charged." if error.billed_micros else "Nothing was charged."
    return say(
        "The image service didn't accept this request{}. {} Please change it and try again.",
        told,
        charged,
    )


_SERVICE_WORDS_MAX_CHARS = 200

_EXPLAINED: Mapping[type, str | Callable[[Any, str], Sentence]] = {
    BotError: "That didn't work, and I don't know why. You weren't charged. Please try again.",
    errors.BadRequest: _bad_request,
    errors.NotFound: _not_found,
    errors.NotAllowed: _not_allowed,
    errors.Blocked: _blocked,
    errors.Paused: _paused,
    errors.PromptRefused: _prompt_refused,
    errors.NotYours: _not_yours,
    errors.CantPost: _cant_post,
    errors.SignInNeeded: "Please sign in first. Nothing was charged. "
    "The bot owner finds the link in the terminal that runs the bot.",
    errors.TooNew: _too_new,
    errors.QuotaExceeded: _quota_exceeded,
    errors.TooManyWaiting: _too_many_waiting,
    errors.QueueFull: "Too many pictures are waiting already, so I took no more. "
    "Nothing was charged. Please try again in a few minutes.",
    errors.Conflict: _conflict,
    errors.NoSpace: "There is no room left to store pictures, so nothing was drawn. "
    "Nothing was charged. The bot owner has to free some space on the disk.",
    errors.WaitedTooLong: "This waited too long in line, so I took it out. "
    "Nothing was charged. Please try again when fewer people are drawing.",
    errors.Cancelled: "You cancelled this. Nothing was charged. Draw it again whenever you like.",
    errors.Interrupted: "I was stopped in the middle of this, so I don't know whether it was "
    "drawn. You weren't charged. Please ask again.",
    errors.ShuttingDown: "I am about to restart, so I took nothing on. Nothing was charged. "
    "Please try again in a minute.",
    errors.Broken: "Something broke on my side. You weren't charged. "
    "Please try again, and tell the bot owner if it happens twice.",
    errors.BackendFailed: _service("The image service failed. {} Please try again."),
    errors.BackendBusy: _service(
        "The image service is too busy and started nothing. {} Please try again in a minute."
    ),
    errors.BackendUnreachable: _service(
        "I couldn't reach the image service. {} Please try again in a few minutes."
    ),
    # No advice: it is shown while the bot tries again by itself.
    errors.BackendResting: "The image service isn't answering. Nothing was charged.",
    errors.BackendTimedOut: _service(
        "The image service took too long, so I stopped waiting. {} "
        "Please try again, perhaps with fewer steps."
    ),
    errors.BackendCutOff: _service(
        "The connection to the image service broke in the middle. {} Please try again."
    ),
    errors.BackendKeyRefused: _service(
        "The image service refused the bot's key. {} The bot owner has to put in a valid one."
    ),
    errors.BackendNeedsMoney: _service(
        "The bot's account at the image service is empty. {} The bot owner has to top it up."
    ),
    errors.BackendModelMissing: _service(
        "The image service doesn't have this model any more. {} Please choose another model."
    ),
    errors.BackendLocked: _service(
        "The image service has locked this model. {} Please choose another one, or try again later."
    ),
    errors.BackendRejected: _rejected,
    errors.BackendModerated: _service(
        "The image service declined to draw this. {} Please describe it differently."
    ),
    errors.BackendBroken: _service(
        "The image service had a fault of its own. {} Please try again in a minute."
    ),
    errors.BackendGarbled: _service(
        "The image service sent something I can't read. {} Please try again."
    ),
    errors.BackendEmpty: _service(
        "The image service answered without a picture. {} Please try again."
    ),
}


# --- notes and cards -------------------------------------------------------------------------


def explain_note(note: Note) -> Sentence:
    """Something worth saying about a command that was understood."""
    if note.code == "foreign_flags":
        flags = note.data["flags"]
        owned = "it belongs" if len(flags) == 1 else "they belong"
        return say("I ignored {}: {} to another bot.", _listed(flags), owned)
    words = "The nearest I can draw to {asked} is {width} by {height} pixels."
    return fill(words, note.data)


def _listed(flags: Sequence[str]) -> Sentence:
    if len(flags) == 1:
        return (Code(flags[0]),)
    *first, last = map(Code, flags[:_FLAGS_SHOWN])
    if len(flags) > _FLAGS_SHOWN:
        return say(", ".join(["{}"] * _FLAGS_SHOWN) + " and others", *first, last)
    return say(", ".join(["{}"] * len(first)) + " and {}", *first, last)


_FLAGS_SHOWN = 5


def status(view: JobView) -> Sentence:
    """How far a job is, in one line for its card."""
    now = view.progress
    match view.phase:
        case Phase.WAITING:
            return say(_waiting(now.place, now.eta_s))
        case Phase.DRAWING:
            return say(_drawing(now.fraction, now.elapsed_s, now.expected_s))
        case Phase.DONE:
            return say("Done: {}.", pictures(len(view.pictures)))
        case Phase.FAILED | Phase.LOST if view.failure is not None:
            return explain(view.failure, platform=view.platform)
        case _:
            return say(_STATUS[view.phase])


_STATUS = {
    Phase.IN_REVIEW: "In review: a moderator looks at it before it is shown. "
    "You will see the outcome here.",
    Phase.WITHHELD: "This was drawn, but it can't be shown here. Please describe it differently.",
    Phase.FAILED: "This couldn't be drawn. You weren't charged. Please try again.",
    Phase.LOST: "I don't know whether this was drawn. You weren't charged. Please ask again.",
    Phase.CANCELLED: "Cancelled. Nothing was charged.",
    Phase.REMOVED: "Deleted.",
}


def _waiting(place: int | None, eta_s: float | None) -> str:
    where = (
        "Waiting" if place is None else "Next in line" if place == 1 else f"Place {place} in line"
    )
    return where if eta_s is None else f"{where}, starts in about {duration(eta_s)}"


def _drawing(fraction: float | None, elapsed_s: float, expected_s: float | None) -> str:
    if fraction is not None:
        return f"Drawing, {min(max(fraction, 0.0), 1.0):.0%}"
    if expected_s is None:
        return f"Drawing for {duration(elapsed_s)}"
    if elapsed_s >= expected_s:
        return f"Drawing for {duration(elapsed_s)}, longer than the estimate"
    return f"Drawing, about {duration(expected_s - elapsed_s)} left (an estimate)"


def notes_of(view: JobView) -> tuple[Sentence, ...]:
    """What the person should know about a job besides its pictures."""
    notes: list[Sentence] = []
    if view.sketch:
        notes.append(say("A sketch: drawn by the bot itself, without an image model."))
    elif view.model != view.asked_model:
        asked, drawn_by = Code(short_model(view.asked_model)), Code(short_model(view.model))
        notes.append(say("You asked for {}; the service draws with {} now.", asked, drawn_by))
    drawn = view.drawn_pictures or 0
    if 0 < drawn < view.asked_pictures:
        notes.append(say("The service sent {} of {}.", f"{drawn}", pictures(view.asked_pictures)))
    if view.phase is Phase.DONE:
        hidden = drawn - len(view.pictures) - view.in_review - view.deleted
        if view.in_review:
            more = "1 more picture is" if view.in_review == 1 else f"{view.in_review} more are"
            notes.append(say("{} in review: a moderator looks first.", more))
        if hidden > 0:
            notes.append(say("{} can't be shown here.", pictures(hidden)))
        if view.deleted:
            was = "was" if view.deleted == 1 else "were"
            notes.append(say("{} {} deleted.", pictures(view.deleted), was))
    if view.refunded:
        notes.append(say("What it cost was given back."))
    return tuple(notes)


def short_model(name: str) -> str:
    """The model's own name, without whose it is."""
    return name.rpartition("/")[2]


# --- budgets ---------------------------------------------------------------------------------


def quota_line(quota: "Quota") -> Sentence:
    """What people want to know first."""
    if quota.free:
        return say("Drawing is free here.")
    if quota.pictures_left is None:
        return say("There is no limit for you here.")
    return say("You have {}.", PicturesLeft(quota.pictures_left))


def window_line(window: "Balance", *, platform: str = "") -> Sentence:
    """One budget in dollars: what is used, what is reserved, when it opens again."""
    name = say("{}{}", _budget(window.level, platform), _FOR.get(window.window, ""))
    used = say("{} used, no limit", Money(window.posted_micros))
    if window.limit_micros is not None:
        used = say("{} of {} used", Money(window.posted_micros), Money(window.limit_micros))
    reserved = say(", {} reserved", Money(window.held_micros)) if window.held_micros else ""
    again = say(", new on {}", When(window.closes_at)) if window.closes_at else ""
    return say("{}: {}{}{}.", name, used, reserved, again)


def budget_warning(detail: Mapping[str, str], *, platform: str = "") -> Sentence:
    """To the admins, once for each step and window; `detail` is what BudgetWatch wrote down."""
    name = say("{}{}", _budget("community", platform), _FOR.get(detail["window"], ""))
    if int(detail["percent"]) >= _ALL_PERCENT:
        at = detail["opens_at"]
        again = say("It opens again on {}.", When(datetime.fromisoformat(at))) if at else ""
        return say("{} is used up, so nobody can draw. {}", name, again)
    used, limit = Money(int(detail["used_micros"])), Money(int(detail["limit_micros"]))
    return say("{}: {} percent are used, {} of {}.", name, detail["percent"], used, limit)


_ALL_PERCENT = 100

# --- options ---------------------------------------------------------------------------------


def option_range(option: Option) -> str:
    """What an option takes, in a few words; "" where anything goes."""
    if option.choices:
        return f"{option.choices[0]} to {option.choices[-1]}, as listed"
    if option.type is bool:
        return "on or off"
    if option.minimum is None:
        return "" if option.max_length is None else f"up to {option.max_length:,} characters"
    if option.maximum is None or option.maximum >= SEED_MAX:
        return f"{option.minimum:g} or more"
    return f"{option.minimum:g} to {option.maximum:g}"


def option_help(option: Option) -> Sentence:
    """One line of help: flag, meaning, range and default."""
    spellings = [Code(f"--{spelling}") for spelling in (option.short, *option.also)]
    listed = say("{}" + ", {}" * (len(spellings) - 1), *spellings)
    known = option_facts(option)
    return say("{}: {}{}", listed, option.help, f" ({known})" if known else "")


def option_facts(option: Option) -> str:
    """Range and default, "" where there is neither."""
    return "; ".join(filter(None, (option_range(option), option_default(option))))


def option_default(option: Option) -> str:
    """What happens when nobody asks, "" where that is nothing."""
    return "" if option.default in (None, "", False) else f"default {value_text(option.default)}"


def _cut(text: str, max_chars: int) -> str:
    return text if len(text) <= max_chars else text[: max_chars - 1] + "…"
