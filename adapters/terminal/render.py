"""What the terminal shows of a job. Pure."""

from adapters.terminal.order import Report
from bot.view import Phase
from bot.wording import Money, explain, plain

BAR_CHARS = 24


def status(report: Report) -> str:
    """One line on how far the job is, for a terminal that can overwrite it."""
    if report.phase is Phase.WAITING:
        return " · ".join(("Waiting", *_waiting(report)))
    if report.fraction is not None:
        return f"Drawing {_bar(report.fraction)} {report.fraction:4.0%}  {report.elapsed_s:.0f} s"
    expected = "" if report.expected_s is None else f" of about {report.expected_s:.0f} s"
    return f"Drawing · {report.elapsed_s:.0f} s{expected}"


def step(report: Report) -> str:
    """The same for a log or a pipe, where only a change of phase is worth a line."""
    if report.phase is Phase.WAITING:
        return status(report)
    return f"Drawing with {report.model}"


def summary(report: Report) -> tuple[str, ...]:
    """What is said once the job is over; the files are listed apart."""
    if report.phase is not Phase.DONE:
        return (ending(report),)
    drawn, asked = len(report.numbers), report.asked_pictures
    facts = [
        f"{drawn} of {asked} pictures" if drawn < asked else _pictures(drawn),
        cost(report),
        f"seed {report.seed}",
        report.model + (" (sketch)" if report.sketch else ""),
        report.public_id,
    ]
    review = (f"{_pictures(report.in_review)} in review.",) if report.in_review else ()
    return (" · ".join(facts), *review)


def ending(report: Report) -> str:
    """Why there is no picture."""
    if report.failure is not None:
        return plain(explain(report.failure))
    return {
        Phase.IN_REVIEW: f"In review: a moderator looks at it first (id {report.public_id}).",
        Phase.WITHHELD: "Drawn, but not shown under the rules here.",
        Phase.CANCELLED: "Cancelled. Nothing was charged.",
        Phase.REMOVED: "The pictures have been deleted.",
    }.get(report.phase, "It could not be drawn.")


def cost(report: Report) -> str:
    micros = report.cost_micros or 0
    return f"cost {plain((Money(micros),))}" if micros else "free"


def _waiting(report: Report) -> list[str]:
    facts = [] if report.place is None else [f"place {report.place}"]
    if report.eta_s is not None:
        facts.append(f"about {report.eta_s:.0f} s")
    return facts


def _bar(fraction: float) -> str:
    full = round(min(max(fraction, 0.0), 1.0) * BAR_CHARS)
    return "█" * full + "░" * (BAR_CHARS - full)


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"
