"""Cards: how far a job is, and what to know about it besides its pictures."""

from collections.abc import Sequence
from typing import Any

from bot.domain.job import Action
from bot.domain.job_view import JobView, Phase
from bot.request.options import BY_NAME
from bot.text import shortened
from bot.wording.failures import explain
from bot.wording.options import explain_note
from bot.wording.parts import (
    Code,
    Link,
    Person,
    Sentence,
    Small,
    Text,
    Words,
    duration,
    joined,
    pictures,
    say,
    without_charge,
)

VALUE_MAX_CHARS = 120
SOMEBODY = "Somebody"
NO_PROMPT = (Small(say("The prompt isn't shown: this server's AutoMod blocked it.")),)


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
            return explain(view.failure, platform=view.platform, free=_is_free(view))
        case _:
            words = say(_STATUS[view.phase])
            return without_charge(words) if _is_free(view) else words


def _is_free(view: JobView) -> bool:
    return not view.quote_micros


_STATUS = {
    Phase.IN_REVIEW: "In review: a moderator looks at it before it is shown. "
    "You will see the outcome here.",
    Phase.WITHHELD: "This was drawn, but it can't be shown here. Please describe it differently.",
    Phase.FAILED: "This couldn't be drawn. You weren't charged. Please try again.",
    Phase.LOST: "I don't know whether this was drawn. You weren't charged. Please ask again.",
    Phase.CANCELLED: "Cancelled. Nothing was charged.",
    Phase.REMOVED: "Deleted.",
}


def waits_for_channel(ahead: int, wait_s: float) -> Sentence:
    """Why a card isn't there yet: Slack takes about one message a second in a channel."""
    return say(
        f"Many people draw in this channel at once. Place {ahead + 1} in line: your picture shows "
        f"up in about {duration(wait_s)}. There is nothing to do."
    )


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
    if view.first_frame:
        notes.append(say("The starting image moves; its first frame was taken."))
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
    return (*notes, *map(explain_note, view.notes))


def headline(view: JobView) -> Sentence:
    """The line above the prompt: who did what."""
    parent = (Text(" "), Code(view.parent_id)) if view.parent_id else ()
    return (Person(view.person, view.name), Text(f" {deed(view)}"), *parent)


def title(view: JobView) -> Sentence:
    """`headline` without a mention, for notifications."""
    return (Words(view.name or SOMEBODY), Text(f" {deed(view)}"))


def opening_title(name: str) -> Sentence:
    return (Words(name or SOMEBODY), Text(" asked for"))


def opening(person: str) -> Sentence:
    """The line above the prompt before there is a job."""
    return (Person(person), Text(" asked for"))


LOST_WITH_A_RESTART = say(
    "I was restarted just when you asked me for a picture, and your request got lost. Nothing was "
    "drawn, and nothing was charged. Please ask once more."
)
LOOKING_FOR_A_PLACE = say("Looking for a place in line …")


def facts(view: JobView, *, with_words: bool = True) -> Sentence:
    """Options that differ from the defaults, model, seed, id.

    `with_words` False leaves out everything that people wrote.
    """
    said: list[Sentence] = []
    if {"width", "height"} & set(view.options):
        said.append(say(f"{view.width_px} × {view.height_px}"))
    for name, value in view.options.items():
        if name not in _ELSEWHERE and (with_words or not isinstance(value, str)):
            said.append(_option(BY_NAME[name].short, value))
    if view.from_image:
        said.append(say("from a picture"))
    said += [say("seed {}", Code(str(view.seed))), (Words(short_model(view.model)),)]
    public_id = Link(view.public_id, view.link) if view.link else Code(view.public_id)
    return joined(" · ", [*said, (public_id,)])


# Not listed: the card shows these in other ways.
_ELSEWHERE = frozenset({"width", "height", "num_images"})


def _option(short: str, value: Any) -> Sentence:
    if isinstance(value, bool):
        return say(short if value else f"no {short}")
    if isinstance(value, str):
        return say("{} {}", short, Code(shortened(value, VALUE_MAX_CHARS)))
    return say(f"{short} {value:g}" if isinstance(value, float) else f"{short} {value}")


def covered(count: int) -> Sentence:
    """For pictures that are shown only to those who ask."""
    is_or_are = "is" if count == 1 else "are"
    words = f"{pictures(count).capitalize()} {is_or_are} covered: perhaps not for everyone."
    return say(words)


def order(numbers: Sequence[int]) -> Sentence:
    """Which picture is which, where several are shown as one grid; their buttons have numbers."""
    if not numbers:
        return ()
    if len(numbers) == 1:
        return say("This is picture {}.", f"{numbers[0]}")
    *first, last = map(str, numbers)
    in_a_row = len(first) > 1 and numbers[-1] - numbers[0] == len(first)
    which = f"{first[0]} to {last}" if in_a_row else f"{', '.join(first)} and {last}"
    return say(f"Pictures {which}, from left to right, then down.")


def squeezed(numbers: Sequence[int], count: int) -> Sentence:
    """Which pictures of `count` were compressed so that they fit into a message."""
    if len(numbers) == count:
        return say("Made lighter to fit into a message.")
    which = ", ".join(map(str, numbers))
    return say("Made lighter to fit into a message: {}.", f"picture {which}")


def unsure(job: str) -> Sentence:
    """For a result of which nobody knows whether it arrived."""
    return say(
        "I don't know whether the result of {} arrived, so I don't post it again. {} shows it to "
        "you.",
        Code(job),
        Code(f"/limner show {job}"),
    )


IN_THREAD = say("The pictures are in the thread.")


def short_model(name: str) -> str:
    """The model's name without its organisation."""
    return name.rpartition("/")[2]


def deed(view: JobView) -> str:
    """What somebody did, or asked for while there is no result; it follows their name."""
    is_done = view.phase in (Phase.DONE, Phase.REMOVED)
    return (_DEEDS if is_done else _WISHES)[view.action]


_DEEDS = {
    Action.IMAGINE: "drew",
    Action.AGAIN: "drew again",
    Action.VARY: "varied",
    Action.EDIT: "changed",
    Action.UPSCALE: "enlarged",
}
_WISHES = {
    Action.IMAGINE: "asked for",
    Action.AGAIN: "asked again for",
    Action.VARY: "asked for a variation of",
    Action.EDIT: "asked for a change of",
    Action.UPSCALE: "asked to enlarge",
}
