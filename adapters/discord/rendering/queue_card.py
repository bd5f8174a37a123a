"""Lists for moderators → the payloads of messages: the queue, and what one person did. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from discord import ButtonStyle, SelectOption, ui

from adapters.chat.custom_ids import QUEUE
from adapters.discord.platform.limits import SELECT_OPTION_MAX_CHARS, SELECT_OPTIONS_MAX
from adapters.discord.rendering import job_card
from adapters.discord.rendering.case_card import is_claimed, moderator, one_line, person
from adapters.discord.rendering.markup import ago, code, sentence, when
from bot.domain.asker import Asker
from bot.domain.case import Case, CaseState, Figures, Past, Strike
from bot.wording import duration, plain
from bot.wording.moderation import about, figures_line, outcome

QUEUE_SHOWN = 10
PAST_SHOWN = 7


def queue(
    cases: Sequence[Case], figures: Figures, asker: Asker, now: datetime, *, page_url: str = ""
) -> ui.LayoutView:
    """The oldest cases with a menu to open one; `page_url` signs its reader in, and is secret."""
    lines = [f"### Waiting for a moderator\n-# {sentence(figures_line(figures))}"]
    lines += [_line(case, asker, now) for case in cases[:QUEUE_SHOWN]]
    if not cases:
        lines.append("Nothing waits. Everything that was reported or withheld is decided.")
    if len(cases) > QUEUE_SHOWN:
        lines.append(f"-# and {len(cases) - QUEUE_SHOWN} more, newer ones")
    return _listed(lines, cases, asker, now, page_url)


def decided(cases: Sequence[Case], asker: Asker, now: datetime) -> ui.LayoutView:
    """The cases decided last, the newest first."""
    lines = ["### Decided", *(_past_case(case) for case in cases[:QUEUE_SHOWN])]
    if not cases:
        lines.append("Nothing was decided yet.")
    return _listed(lines, cases, asker, now, "")


def _listed(
    lines: Sequence[str], cases: Sequence[Case], asker: Asker, now: datetime, page_url: str
) -> ui.LayoutView:
    rows: list[ui.ActionRow[Any]] = []
    if openable := [case for case in cases if not case.is_about(asker)]:
        rows.append(ui.ActionRow(_menu(openable[:SELECT_OPTIONS_MAX], now)))
    if page_url:
        rows.append(
            ui.ActionRow(
                ui.Button(label="Open the page", style=ButtonStyle.link, url=page_url),
            )
        )
    return job_card.notice("\n".join(lines), job_card.REVIEW if cases else job_card.DONE, *rows)


def _line(case: Case, asker: Asker, now: datetime) -> str:
    notes = [f"opened {ago(case.opened_at)}"]
    if case.round > 1:
        notes.append("second look")
    if case.is_about(asker):
        notes.append("yours, so others decide")
    elif is_claimed(case, now):
        notes.append(f"{moderator(case.claimed_by)} looks at it")
    return f"{code(case.id)} {sentence(about(case))}\n-# {' · '.join(notes)}"


def _menu(cases: Sequence[Case], now: datetime) -> ui.Select[Any]:
    choices = [
        SelectOption(
            label=f"{case.id}: {plain(about(case))}"[:SELECT_OPTION_MAX_CHARS],
            description=f"opened {duration((now - case.opened_at).total_seconds())} ago",
            value=case.id,
        )
        for case in cases
    ]
    return ui.Select(custom_id=QUEUE, placeholder="Open a case …", options=choices)


# --- one person -----------------------------------------------------------------------------------


def history(member: str, past: Past, now: datetime) -> str:
    """What moderators may know of one person's past."""
    strikes = [_strike(strike, now) for strike in past.strikes[:PAST_SHOWN]]
    cases = [_past_case(case) for case in past.cases[:PAST_SHOWN]]
    results = "1 result" if past.results == 1 else f"{past.results} results"
    refused = "1 prompt" if past.refused_prompts == 1 else f"{past.refused_prompts} prompts"
    counts = f"{results}, {refused} refused, {_blocked(past)}"
    lines = [f"### {person(member)}", counts, "**Strikes**", *(strikes or ["None."])]
    return "\n".join([*lines, "**Cases**", *(cases or ["None."])])


def _blocked(past: Past) -> str:
    if past.locked:
        return "**locked by an escalation**"
    if not past.blocked:
        return "not blocked"
    return f"**blocked until {when(past.blocked_until)}**" if past.blocked_until else "**blocked**"


def _strike(strike: Strike, now: datetime) -> str:
    if strike.lifted:
        stands = "lifted"
    else:
        stands = f"{'ended' if strike.expires_at <= now else 'ends'} {ago(strike.expires_at)}"
    case = f", case {code(strike.case)}" if strike.case else ""
    line = f"{code(str(strike.id))} {ago(strike.at)}{case}, {stands}"
    return f"{line}\n-# {one_line(strike.reason)}" if strike.reason else line


def _past_case(case: Case) -> str:
    line = f"{code(case.id)} {sentence(about(case))}"
    if case.state is CaseState.DECIDED:
        at = f" {ago(case.decided_at)}" if case.decided_at else ""
        return f"{line}\n-# {outcome(case)} by {moderator(case.decided_by)}{at}"
    return f"{line}\n-# {_STATES[case.state]}, opened {ago(case.opened_at)}"


_STATES = {
    CaseState.OPEN: "Open",
    CaseState.DECIDED: "Decided",
    CaseState.EXPIRED: "Nobody decided in time",
    CaseState.FROZEN: "Frozen",
    CaseState.CLOSED: "Closed",
}
