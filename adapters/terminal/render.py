"""What the terminal shows of a job. Pure."""

from adapters.terminal.protocol import Report
from bot.domain.job_view import Phase
from bot.wording import money, pictures

BAR_CHARS = 24


def progress(report: Report) -> str:
    """The job's progress in one line, for a terminal that can overwrite it."""
    if report.phase is Phase.DRAWING and report.fraction is not None:
        return f"{_bar(report.fraction)} {report.line}"
    return report.line


def summary(report: Report) -> tuple[str, ...]:
    """The lines at the end of a job; its files are listed apart."""
    if report.phase is not Phase.DONE:
        return (f"{report.line} (id {report.public_id})", *report.notes)
    facts = (
        pictures(len(report.numbers)),
        f"cost {money(report.cost_micros)}" if report.cost_micros else "free",
        f"seed {report.seed}",
        report.model,
        f"id {report.public_id}",
    )
    return (" · ".join(facts), *report.notes)


def _bar(fraction: float) -> str:
    full = round(min(max(fraction, 0.0), 1.0) * BAR_CHARS)
    return "█" * full + "░" * (BAR_CHARS - full)
