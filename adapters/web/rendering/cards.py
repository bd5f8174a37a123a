"""The texts of a job's card, without markup."""

from dataclasses import dataclass
from math import exp
from typing import Any

from bot.domain.job_view import JobView, Phase, PictureView
from bot.request.options import BY_NAME
from bot.wording import Sentence, money, notes_of, pictures, plain, status
from bot.wording.cards import SOMEBODY
from bot.wording.corrections import value_text
from bot.wording.page import LEADS

# The sizes of thumbnails that cards use; requests for others are rounded up.
THUMBNAIL_SIDES_PX = (256, 512, 1024)
# An estimated bar stops here when its time is over, as only the result ends it.
_ESTIMATE_END = 0.9
_SPOKEN_MAX_CHARS = 120
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Bar:
    """`value` from 0 to 1, None while unknown; `estimated` if the progress isn't measured."""

    value: float | None
    estimated: bool
    text: str


def bar(view: JobView) -> Bar:
    now, text = view.progress, plain(status(view))
    if view.phase is Phase.DRAWING and now.fraction is not None:
        return Bar(round(now.fraction, 3), estimated=False, text=text)
    if view.phase is Phase.DRAWING and now.expected_s:
        part = now.elapsed_s / now.expected_s
        value = _ESTIMATE_END * (1 - exp(-2 * part)) / (1 - exp(-2))
        return Bar(round(min(value, 0.99), 3), estimated=True, text=text)
    return Bar(None, estimated=False, text=text)


def messages(view: JobView) -> list[Sentence]:
    """Messages besides the pictures and the facts below them."""
    if not view.phase.is_final:
        return []
    own = [] if view.phase is Phase.DONE else [status(view)]
    # The first note is about the sketch, which has a badge instead.
    return own + list(notes_of(view)[1 if view.sketch else 0 :])


def announcement(view: JobView) -> str:
    """The text for screen readers when the card appears or changes."""
    return f"{plain(status(view))} {view.prompt[:_SPOKEN_MAX_CHARS]}"


def who(view: JobView) -> str:
    return "You" if view.platform == "web" else view.name or view.person


def by_name(view: JobView) -> str:
    """Whoever asked for it, for people who aren't the owner: by name, never by id."""
    return view.name or SOMEBODY


def lead(view: JobView) -> str:
    """The line above the prompt of a job that came from another."""
    return LEADS[view.action]


def cost(view: JobView) -> str:
    if view.sketch or not (view.quote_micros or view.cost_micros):
        return "free"
    if view.cost_micros is not None:
        return money(view.cost_micros)
    return "" if view.phase.is_final else f"{money(view.quote_micros)} at most"


def chosen(view: JobView) -> list[str]:
    """The options that differ from the model's defaults, as people typed them."""
    return [f"{flag} {value_text(value)}" for flag, value in _asked(view)]


def details(view: JobView) -> list[tuple[str, str]]:
    """Everything that was asked, for the job's own page."""
    lines = [
        ("Model", view.model),
        ("Asked for", "" if view.asked_model == view.model else view.asked_model),
        ("Size", size(view)),
        ("Pictures", str(view.asked_pictures)),
        ("Seed", str(view.seed)),
        *((flag.capitalize(), value_text(value)) for flag, value in _asked(view)),
        ("Starting image", "yes" if view.from_image else ""),
        ("Cost", cost(view)),
        ("Private", "yes" if view.private else ""),
    ]
    return [(name, value) for name, value in lines if value]


def _asked(view: JobView) -> list[tuple[str, Any]]:
    shown_elsewhere = {"width", "height", "num_images"}
    return [
        (BY_NAME[name].short, value)
        for name, value in view.options.items()
        if name not in shown_elsewhere
    ]


def size(view: JobView) -> str:
    return f"{view.width_px} \N{MULTIPLICATION SIGN} {view.height_px}"


def shape(view: JobView) -> str:
    return "tall" if view.height_px > view.width_px else "wide"


def sizes(view: JobView) -> str:
    """The `sizes` attribute of the card's pictures, for the browser's choice of a thumbnail."""
    many = view.asked_pictures > 1
    return f"(min-width: 52rem) {'21rem' if many else '35rem'}, {'46vw' if many else '92vw'}"


def srcset(picture: PictureView, public_id: str) -> str:
    narrow = min(1.0, picture.width_px / picture.height_px)
    return ", ".join(
        f"/t/{public_id}/{picture.number}/{side} {max(1, round(side * narrow))}w"
        for side in THUMBNAIL_SIDES_PX
    )


def file_facts(picture: PictureView) -> str:
    kind = picture.media_type.rpartition("/")[2].upper()
    kibibytes = picture.size_bytes / _KIB
    big = kibibytes >= _KIB
    return f"{kind}, {kibibytes / _KIB:.1f} MiB" if big else f"{kind}, {kibibytes:.0f} KiB"


FILTERS = {
    "announcement": announcement,
    "bar": bar,
    "by_name": by_name,
    "chosen": chosen,
    "cost": cost,
    "details": details,
    "file_facts": file_facts,
    "lead": lead,
    "messages": messages,
    "pictures": pictures,
    "shape": shape,
    "size": size,
    "sizes": sizes,
    "srcset": srcset,
    "who": who,
}
