"""Lists for moderators: what waits, what was decided, and what one person did."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.asker import Asker
from bot.domain.case import Case, CaseState, Figures, Past, Strike
from bot.text import one_line
from bot.wording.moderation.cases import about, moderator, outcome, verdict
from bot.wording.parts import (
    Ago,
    Code,
    Heading,
    Person,
    Quote,
    Sentence,
    Strong,
    When,
    counted,
    duration,
    joined,
    lines,
    say,
    small,
)

QUEUE_SHOWN = 10
PAST_SHOWN = 7
REASON_SHOWN_MAX_CHARS = 200
WAITING = "Waiting for a moderator"
DECIDED = "Decided"
OPEN_A_CASE = "Open a case …"
OPEN_THE_PAGE = "Open the page"
_NOTHING_WAITS = say("Nothing waits. Everything that was reported or withheld is decided.")
_NONE = say("None.")


def queue(cases: Sequence[Case], figures: Figures, asker: Asker, now: datetime) -> Sentence:
    """The oldest cases."""
    shown = [_waiting(case, asker, now) for case in cases[:QUEUE_SHOWN]]
    more = len(cases) - QUEUE_SHOWN
    return lines(
        (Heading(WAITING),),
        small(figures_line(figures)),
        *(shown or [_NOTHING_WAITS]),
        small(f"and {more} more, newer ones" if more > 0 else ""),
    )


def figures_line(figures: Figures) -> Sentence:
    """How the moderators are doing."""
    said = [f"{figures.open} open"]
    if figures.median_age_s is not None:
        said.append(f"median age {duration(figures.median_age_s)}")
    if (share := figures.overturned_share) is not None:
        said.append(f"{share:.0%} of second looks changed the outcome")
    return say(" · ".join(said))


def _waiting(case: Case, asker: Asker, now: datetime) -> Sentence:
    second = "second look" if case.round > 1 else ""
    who: str | Sentence = ""
    if case.is_about(asker):
        who = "yours, so others decide"
    elif case.is_claimed(now, by_others_than=""):
        who = say("{} looks at it", moderator(case.claimed_by))
    return _listed(case, joined(" · ", (say("opened {}", Ago(case.opened_at)), second, who)))


def opened_ago(case: Case, now: datetime) -> str:
    return f"opened {duration((now - case.opened_at).total_seconds())} ago"


def decided(cases: Sequence[Case]) -> Sentence:
    """Those decided last, the newest first."""
    shown = [_past_case(case) for case in cases[:QUEUE_SHOWN]]
    return lines((Heading(DECIDED),), *(shown or [say("Nothing was decided yet.")]))


def _past_case(case: Case) -> Sentence:
    if case.state is CaseState.DECIDED:
        return _listed(case, verdict(case))
    stands = say("{}, opened {}", outcome(case).capitalize(), Ago(case.opened_at))
    return _listed(case, stands)


def _listed(case: Case, facts: Sentence) -> Sentence:
    return lines(say("{} {}", Code(case.id), about(case)), small(facts))


# --- one person -----------------------------------------------------------------------------------


def history(member: str, past: Past, now: datetime) -> Sentence:
    """Everything by one person that moderators may know of."""
    strikes = [_strike(strike, now) for strike in past.strikes[:PAST_SHOWN]]
    cases = [_past_case(case) for case in past.cases[:PAST_SHOWN]]
    return lines(
        (Heading((Person(member),)),),
        record(past),
        (Strong("Strikes"),),
        *(strikes or [_NONE]),
        (Strong("Cases"),),
        *(cases or [_NONE]),
    )


def record(past: Past) -> Sentence:
    """How much it was, and what holds this person back now."""
    results, refused = counted(past.results, "result"), counted(past.refused_prompts, "prompt")
    return say("{}, {} refused, {}", results, refused, _standing(past))


def _standing(past: Past) -> Sentence:
    if past.locked:
        return (Strong("locked by an escalation"),)
    if not past.blocked:
        return say("not blocked")
    until = say(" until {}", When(past.blocked_until)) if past.blocked_until else ""
    return say("{}{}", Strong("blocked"), until)


def _strike(strike: Strike, now: datetime) -> Sentence:
    ends = "ended" if strike.expires_at <= now else "ends"
    stands = "lifted" if strike.lifted else say("{} {}", ends, Ago(strike.expires_at))
    case = say(", case {}", Code(strike.case)) if strike.case else ""
    reason = one_line(strike.reason, REASON_SHOWN_MAX_CHARS)
    return lines(
        say("{} {}{}, {}", Code(str(strike.id)), Ago(strike.at), case, stands),
        (Quote(reason, REASON_SHOWN_MAX_CHARS),) if reason else "",
    )
