"""Backup, restore, and a look at the ledger; they read the file, also beside a running bot."""

import csv
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cli.output import answer, refuse, say, telling
from bot.config.settings import Settings
from bot.domain.case import Case
from bot.text import escaped
from bot.wording import pictures
from storage import backup, transparency
from storage.integrity import picture_problems, problems
from storage.ledger_export import COLUMNS, entries
from storage.sqlite_store import open_for_reading
from storage.tables import audit, case_rows, job_rows


def back_up(settings: Settings, folder: Path) -> None:
    made = backup.back_up(settings.database_path, settings.pictures_dir, folder)
    answer(f"{folder}: the database and {pictures(made.pictures)}.")
    for name in made.damaged:
        say(f"Left out, as it is damaged: {settings.pictures_dir / name}")


def restore(settings: Settings, folder: Path) -> None:
    kept = backup.restore(folder, settings.database_path, settings.pictures_dir, datetime.now(UTC))
    answer(f"Restored from {folder}.")
    if kept is not None:
        answer(f"What was there before is kept as {kept}.")


def check_ledger(settings: Settings) -> int:
    with closing(_store(settings)) as con:
        found = [f"{rule}: {where}" for rule, where in problems(con)]
    answer(*(found or ["The books add up."]))
    return 1 if found else 0


def check(settings: Settings, *, look_at_pictures: bool) -> int:
    """Everything that can be held against something else: database, books, audit, files."""
    with closing(_store(settings)) as con:
        found = [f"{rule}: {where}" for rule, where in problems(con)]
        answer(*(found or ["The database is whole, and the books add up."]))
        count = 0
        if look_at_pictures:
            for rule, where in picture_problems(con, settings.pictures_dir):
                answer(f"{rule}: {where}")
                count += 1
            if not count:
                answer("Every picture is there and whole.")
    return 1 if found or count else 0


def export_ledger(settings: Settings) -> None:
    with closing(_store(settings)) as con:
        table = csv.writer(sys.stdout)
        table.writerow(COLUMNS)
        table.writerows(entries(con))


def verify_audit(settings: Settings) -> int:
    with closing(_store(settings)) as con:
        found = audit.verified(con)
    if found.broken is not None:
        answer(f"The chain breaks at row {found.broken}.")
        return 1
    answer("The audit is whole.")
    if found.blanked:
        answer(f"{found.blanked} rows lost words or a name when somebody was erased.")
    return 0


def export_audit(settings: Settings) -> None:
    with closing(_store(settings)) as con:
        table = csv.writer(sys.stdout)
        table.writerow(audit.COLUMNS)
        table.writerows(audit.rows(con))


def print_report(settings: Settings, first: datetime, last: datetime) -> None:
    """What moderation did from the day `first` to the day `last`, both included, in UTC."""
    since, until = (day.replace(tzinfo=UTC) for day in (first, last + timedelta(days=1)))
    if since >= until:
        refuse("--to is before --from.")
    with closing(_store(settings)) as con:
        table = csv.writer(sys.stdout)
        table.writerow(transparency.COLUMNS)
        table.writerows(transparency.figures(con, since, until))


def show_case(settings: Settings, case_id: str) -> None:
    """Print everything that is known of a case; a frozen one only the owner can see."""
    with telling(), closing(_store(settings)) as con:
        case = case_rows.load(con, case_id, datetime.now(UTC))
        answer(*map(escaped, [*case_lines(case), *_words_of(con, case)]))
    for file in sorted((settings.data_dir / "restricted").glob(f"{case.id}-*")):
        answer(f"file        {file}")


def case_lines(case: Case) -> list[str]:
    decided = f"{case.decision} by {case.decided_by}" if case.decision else "not yet"
    lines = [
        f"case        {case.id}, {case.kind}, {case.state}",
        f"about       {case.subject or 'somebody erased'} on {case.platform}, {case.community}",
        f"opened      {case.opened_at:%Y-%m-%d %H:%M} UTC",
        f"decided     {decided}",
        f"reason      {case.reason}",
        f"result      {case.job_id or ''}",
    ]
    reports = [f"report      {report.category}: {report.reason}" for report in case.reports]
    return [*lines, *reports]


def _words_of(con: sqlite3.Connection, case: Case) -> list[str]:
    if case.job is not None:
        return [f"prompt      {job_rows.load(con, case.job).request.prompt}"]
    rows = con.execute(
        "SELECT prompt FROM refused_prompt JOIN review_case c ON c.id = case_id"
        " WHERE c.public_id = ? AND prompt IS NOT NULL",
        (case.id,),
    ).fetchall()
    return [f"refused     {prompt}" for (prompt,) in rows]


def _store(settings: Settings) -> sqlite3.Connection:
    if not settings.database_path.exists():
        refuse(f"There are no books yet: {settings.database_path} does not exist.")
    return open_for_reading(settings.database_path)
