"""A case → the exact payload of its card. Pure. It shows neither the picture nor the prompt."""

from datetime import datetime
from typing import Any

from discord import ButtonStyle, ui

from adapters.chat.custom_ids import CaseId
from adapters.discord.rendering import job_card
from adapters.discord.rendering.markup import ago, code, escaped, quoted, sentence, when
from bot import text
from bot.domain.asker import DISCORD
from bot.domain.case import Case, CaseKind, CaseState, Report
from bot.wording.moderation import CATEGORIES, about, outcome, seen_by

REPORTS_SHOWN = 5
REASON_SHOWN_MAX_CHARS = 600
WORDS_MAX_CHARS = 200
_COLOURS = {
    CaseState.OPEN: job_card.REVIEW,
    CaseState.DECIDED: job_card.DONE,
    CaseState.FROZEN: job_card.FAILED,
}


def card(case: Case, now: datetime, *, with_words: bool = True, mark: int = 0) -> ui.LayoutView:
    """A case as it stands, for the moderators' channel or for one of them.

    `with_words` is False if the server's AutoMod blocks what people wrote. `mark` is an id of the
    card's own, by which it is found again.
    """
    lines = [f"{heading(case.id)}{' · second look' if case.round > 1 else ''}"]
    lines.append(sentence(about(case)))
    if with_words:
        lines += [_report(report) for report in case.reports[:REPORTS_SHOWN] if report.reason]
    lines += _facts(case)
    box: ui.Container[Any] = ui.Container(
        ui.TextDisplay("\n".join(lines)),
        ui.Separator(),
        ui.TextDisplay(state(case, now, with_words=with_words)),
        *_rows(case, now),
        accent_colour=_COLOURS.get(case.state, job_card.WAITING),
        id=mark or None,
    )
    return job_card.closed(ui.LayoutView(timeout=None).add_item(box))


def heading(case: str) -> str:
    """The first line of a case's card, by which cards are found again."""
    return f"### Case {code(case)}"


def _facts(case: Case) -> list[str]:
    """Small print: whose it is and how long they are here, where it was, and who saw what."""
    strikes = {0: "no strikes", 1: "1 strike"}.get(case.strikes, f"{case.strikes} strikes")
    who = [person(case.subject), strikes]
    if case.account_created_at:
        who.append(f"account made {ago(case.account_created_at)}")
    if case.joined_at:
        who.append(f"joined {ago(case.joined_at)}")
    where = [f"opened {ago(case.opened_at)}"]
    if case.private:
        where.append("private")
    elif case.channel.isdigit():
        where.append(f"<#{case.channel}>")
    seen = [
        f"picture {picture.number}: {seen_by(picture)}, "
        f"{'hidden' if picture.hidden else 'still shown'}"
        for picture in case.pictures
    ]
    return [f"-# {line}" for line in (" · ".join(who), " · ".join(where), *seen)]


def _report(report: Report) -> str:
    counts = "" if report.counts else " (doesn't count: too new here, or wrong too often)"
    return f"• {CATEGORIES[report.category]}: {one_line(report.reason)}{counts}"


def one_line(words: str) -> str:
    """What somebody wrote in one line, cut, with its markup escaped."""
    return escaped(text.one_line(words, WORDS_MAX_CHARS))


# --- how it stands ------------------------------------------------------------------------------


def state(case: Case, now: datetime, *, with_words: bool = True) -> str:
    """How a case stands, and who decided it."""
    match case.state:
        case CaseState.OPEN if is_claimed(case, now) and case.claimed_until is not None:
            return f"{moderator(case.claimed_by)} looks at it, until {when(case.claimed_until)}."
        case CaseState.OPEN:
            return "Nobody looks at it yet."
        case CaseState.DECIDED:
            return _decided(case, now, with_words=with_words)
        case CaseState.FROZEN:
            return f"**Frozen** by {moderator(case.decided_by)}. Only the bot owner can open it."
        case CaseState.EXPIRED:
            return "Nobody decided within 48 hours, so it stays hidden."
        case _:
            return "Closed."


def _decided(case: Case, now: datetime, *, with_words: bool) -> str:
    lines = [f"**{outcome(case)}** by {moderator(case.decided_by)}"]
    if case.decided_at:
        lines[0] += f" {ago(case.decided_at)}"
    if case.is_pending(now):
        lines.append("-# It takes effect after 5 seconds, unless they take it back.")
    if case.reason and with_words:
        lines.append(quoted(case.reason, REASON_SHOWN_MAX_CHARS))
    return "\n".join(lines)


def is_claimed(case: Case, now: datetime) -> bool:
    return case.is_claimed(now, by_others_than="")


def moderator(actor: str | None) -> str:
    """The person named by an actor of the audit, `platform:community:person`, or the bot."""
    platform, _, rest = (actor or "").partition(":")
    name = rest.rpartition(":")[2]
    if platform == DISCORD:
        return person(name)
    return escaped(name) or "Limner"


def person(id_: str) -> str:
    return f"<@{id_}>" if id_.isdigit() else escaped(id_) or "somebody who was erased"


# --- buttons ------------------------------------------------------------------------------------


def _rows(case: Case, now: datetime) -> list[ui.ActionRow[Any]]:
    if case.is_pending(now):
        return [ui.ActionRow(_button(case, "undo", "Undo"))]
    if case.state is not CaseState.OPEN:
        return []
    claimed = is_claimed(case, now)
    look = [_button(case, "release", "Release") if claimed else _button(case, "claim", "Claim")]
    if can_reveal(case):
        look.append(_button(case, "reveal", "Reveal", ButtonStyle.primary))
    return [ui.ActionRow(*look), decisions(case)]


def can_reveal(case: Case) -> bool:
    """Whether a case has pictures left to reveal; refused words are shown to nobody."""
    return case.kind is not CaseKind.WORDS and any(picture.there for picture in case.pictures)


def decisions(case: Case) -> ui.ActionRow[Any]:
    """Buttons for the decisions of a moderator."""
    if case.kind is CaseKind.WORDS:
        shown = [
            _button(case, "approve", "Lift suspension", ButtonStyle.success),
            _button(case, "remove", "Leave suspended"),
        ]
    else:
        shown = [
            _button(case, "approve", "Approve", ButtonStyle.success),
            _button(case, "blur", "Blur"),
            _button(case, "remove", "Remove", ButtonStyle.danger),
        ]
    shown += [
        _button(case, "strike", "Strike", ButtonStyle.danger),
        _button(case, "escalate", "Escalate", ButtonStyle.danger),
    ]
    return ui.ActionRow(*shown)


def bare_buttons(case: Case) -> ui.ActionRow[Any]:
    """Buttons to see the pictures unblurred, one at a time."""
    numbers = [picture.number for picture in case.pictures if picture.there]
    labels = {n: f"Show {n} as it is" if len(numbers) > 1 else "Show as it is" for n in numbers}
    return ui.ActionRow(*(_button(case, "bare", labels[n], picture=n) for n in numbers))


def _button(
    case: Case,
    verb: str,
    label: str,
    style: ButtonStyle = ButtonStyle.secondary,
    picture: int | None = None,
) -> ui.Button[Any]:
    return ui.Button(label=label, style=style, custom_id=str(CaseId(verb, case.id, picture)))
