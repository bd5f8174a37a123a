"""Case → blocks of its card, which shows neither the picture nor the prompt. Pure."""

from collections.abc import Sequence
from datetime import datetime

from adapters.chat.custom_ids import CaseId
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block, Element
from adapters.slack.rendering.markup import code, person, quoted, sentence, when
from bot.domain.case import Case, CaseKind, CaseState, Report
from bot.wording import plain
from bot.wording.moderation import CATEGORIES, about, seen_by, state

REPORTS_SHOWN = 5
REASON_SHOWN_MAX_CHARS = 300


def card(case: Case, now: datetime, *, headline: str = "") -> list[Block]:
    """The card of a case in its present state, for the channel or for one moderator.

    `headline` is mrkdwn, and names the case.
    """
    title = headline or f"*Case {code(case.id)}*{' · second look' if case.round > 1 else ''}"
    made = [blocks.section(f"{title}\n{sentence(about(case))}")]
    made.append(blocks.small(*_facts(case)))
    made += [blocks.section(_report(each)) for each in _told(case)]
    made.append(blocks.section(_state(case, now)))
    return [*made, *_rows(case, now)]


def summary(case: Case) -> str:
    """The card as one line, for notifications."""
    return f"Case {case.id}: {plain(about(case))}"


def _facts(case: Case) -> list[str]:
    """Small print: about the person, where and when it was, and who saw which picture."""
    strikes = {0: "no strikes", 1: "1 strike"}.get(case.strikes, f"{case.strikes} strikes")
    who = [person(case.subject, case.subject_name) or "somebody who was erased", strikes]
    if case.account_created_at:
        who.append(f"account made {when(case.account_created_at)}")
    if case.joined_at:
        who.append(f"joined {when(case.joined_at)}")
    where = [f"opened {when(case.opened_at)}"]
    if case.private:
        where.append("private")
    elif case.channel.startswith(("C", "G")):
        where.append(f"<#{case.channel}>")
    seen = [
        f"picture {picture.number}: {seen_by(picture)}, "
        f"{'hidden' if picture.hidden else 'still shown'}"
        for picture in case.pictures
    ]
    return [" · ".join(who), " · ".join(where), *seen]


def _told(case: Case) -> Sequence[Report]:
    return [report for report in case.reports[:REPORTS_SHOWN] if report.reason]


def _report(report: Report) -> str:
    counts = "" if report.counts else "; doesn't count: too new, or wrong too often"
    words = quoted(report.reason, REASON_SHOWN_MAX_CHARS)
    return f"{words}\nas {CATEGORIES[report.category]}{counts}"


def _state(case: Case, now: datetime) -> str:
    lines = [f"*{sentence(state(case, now))}*" if case.is_pending(now) else _plainly(case, now)]
    if case.reason:
        lines.append(quoted(case.reason, REASON_SHOWN_MAX_CHARS))
    if case.is_pending(now):
        lines.append("It takes effect after 5 seconds, unless they take it back.")
    return "\n".join(lines)


def _plainly(case: Case, now: datetime) -> str:
    return sentence(state(case, now))


# --- buttons --------------------------------------------------------------------------------------


def _rows(case: Case, now: datetime) -> list[Block]:
    if case.is_pending(now):
        return [blocks.actions([button(case, "undo", "Undo")])]
    if case.state is not CaseState.OPEN:
        return []
    claimed = case.is_claimed(now, by_others_than="")
    look = [button(case, "release", "Release") if claimed else button(case, "claim", "Claim")]
    if can_reveal(case):
        look.append(button(case, "reveal", "Reveal", "primary"))
    return [blocks.actions(look), blocks.actions(decisions(case))]


def can_reveal(case: Case) -> bool:
    """Whether a picture is left to show; refused words are shown to nobody."""
    return case.kind is not CaseKind.WORDS and any(picture.there for picture in case.pictures)


def decisions(case: Case) -> list[Element]:
    """The buttons for what a moderator may decide."""
    if case.kind is CaseKind.WORDS:
        shown = [
            button(case, "approve", "Lift suspension"),
            button(case, "remove", "Leave suspended"),
        ]
    else:
        shown = [
            button(case, "approve", "Approve"),
            button(case, "blur", "Blur"),
            button(case, "remove", "Remove", "danger"),
        ]
    shown += [
        button(case, "strike", "Strike", "danger"),
        button(case, "escalate", "Escalate", "danger"),
    ]
    return shown


def button(
    case: Case, verb: str, label: str, style: str = "", picture: int | None = None
) -> Element:
    return blocks.button(label, str(CaseId(verb, case.id, picture)), style=style)
