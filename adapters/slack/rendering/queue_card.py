"""Lists for moderators → blocks: the queue, and the history of one person. Pure."""

from collections.abc import Sequence
from datetime import datetime

from adapters.chat.custom_ids import PAGE, QUEUE
from adapters.slack.platform.limits import SELECT_OPTIONS_MAX
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block
from adapters.slack.rendering.markup import code, person, quoted, sentence, when
from bot.domain.asker import Asker
from bot.domain.case import Case, CaseState, Figures, Past, Strike
from bot.wording import plain, say
from bot.wording.moderation import about, figures_line, moderator, outcome

QUEUE_SHOWN = 10
PAST_SHOWN = 8
REASON_SHOWN_MAX_CHARS = 120


def queue(
    cases: Sequence[Case], figures: Figures, asker: Asker, now: datetime, *, page_url: str = ""
) -> list[Block]:
    """The oldest cases with a menu to open one; `page_url` is secret, as it signs its reader in."""
    lines = [f"*Waiting for a moderator*\n{sentence(figures_line(figures))}"]
    lines += [_line(case, asker, now) for case in cases[:QUEUE_SHOWN]]
    if not cases:
        lines.append("Nothing waits. Everything that was reported or withheld is decided.")
    if len(cases) > QUEUE_SHOWN:
        lines.append(f"and {len(cases) - QUEUE_SHOWN} more, newer ones")
    return _listed(lines, cases, asker, page_url)


def decided(cases: Sequence[Case], asker: Asker) -> list[Block]:
    """The cases decided last, newest first."""
    lines = ["*Decided*", *(_past_case(case) for case in cases[:QUEUE_SHOWN])]
    if not cases:
        lines.append("Nothing was decided yet.")
    return _listed(lines, cases, asker, "")


def _listed(
    lines: Sequence[str], cases: Sequence[Case], asker: Asker, page_url: str
) -> list[Block]:
    controls = []
    if openable := [case for case in cases if not case.is_about(asker)]:
        offered = [
            blocks.option(f"{case.id}: {plain(about(case))}", case.id)
            for case in openable[:SELECT_OPTIONS_MAX]
        ]
        controls.append(blocks.select(QUEUE, offered, placeholder="Open a case …"))
    if page_url:
        controls.append({**blocks.button("Open the page", PAGE), "url": page_url})
    return [*blocks.sections(lines), *([blocks.actions(controls)] if controls else [])]


def _line(case: Case, asker: Asker, now: datetime) -> str:
    notes = [f"opened {when(case.opened_at)}"]
    if case.round > 1:
        notes.append("second look")
    if case.is_about(asker):
        notes.append("yours, so others decide")
    elif case.is_claimed(now, by_others_than=""):
        notes.append(sentence(say("{} looks at it", moderator(case.claimed_by))))
    return f"{code(case.id)} {sentence(about(case))}\n{' · '.join(notes)}"


# --- one person -----------------------------------------------------------------------------------


def history(member: str, past: Past, now: datetime) -> list[str]:
    """What moderators may know about one person."""
    strikes = [_strike(strike, now) for strike in past.strikes[:PAST_SHOWN]]
    cases = [_past_case(case) for case in past.cases[:PAST_SHOWN]]
    counts = f"{past.results} results, {past.refused_prompts} prompts refused, {_blocked(past)}"
    lines = [f"*{person(member)}*", counts, "*Strikes*", *(strikes or ["None."])]
    return [*lines, "*Cases*", *(cases or ["None."])]


def _blocked(past: Past) -> str:
    if past.locked:
        return "*locked by an escalation*"
    if not past.blocked:
        return "not blocked"
    return f"*blocked until {when(past.blocked_until)}*" if past.blocked_until else "*blocked*"


def _strike(strike: Strike, now: datetime) -> str:
    if strike.lifted:
        stands = "lifted"
    else:
        stands = f"{'ended' if strike.expires_at <= now else 'ends'} {when(strike.expires_at)}"
    case = f", case {code(strike.case)}" if strike.case else ""
    line = f"{code(str(strike.id))} {when(strike.at)}{case}, {stands}"
    return f"{line}\n{quoted(strike.reason, REASON_SHOWN_MAX_CHARS)}" if strike.reason else line


def _past_case(case: Case) -> str:
    line = f"{code(case.id)} {sentence(about(case))}"
    if case.state is CaseState.DECIDED:
        at = f", {when(case.decided_at)}" if case.decided_at else ""
        by = sentence(say("{} by {}", outcome(case), moderator(case.decided_by)))
        return f"{line}\n{by}{at}"
    return f"{line}\n{_STATES[case.state]}, opened {when(case.opened_at)}"


_STATES = {
    CaseState.OPEN: "Open",
    CaseState.DECIDED: "Decided",
    CaseState.EXPIRED: "Nobody decided in time",
    CaseState.FROZEN: "Frozen",
    CaseState.CLOSED: "Closed",
}
