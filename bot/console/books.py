"""Backup, restore, and a look at the books; they read the file, also beside a running bot."""

import csv
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.console.voice import answer, refuse
from bot.settings import Settings
from bot.wording import pictures
from storage import backup
from storage.books import open_for_reading
from storage.check import problems
from storage.export import COLUMNS, entries


def back_up(settings: Settings, folder: Path) -> None:
    count = backup.back_up(settings.database_path, settings.pictures_dir, folder)
    answer(f"{folder}: the database and {pictures(count)}.")


def restore(settings: Settings, folder: Path) -> None:
    kept = backup.restore(folder, settings.database_path, settings.pictures_dir, datetime.now(UTC))
    answer(f"Restored from {folder}.")
    if kept is not None:
        answer(f"What was there before is kept as {kept}.")


def check_ledger(settings: Settings) -> int:
    with closing(_books(settings)) as con:
        found = [f"{rule}: {where}" for rule, where in problems(con)]
    answer(*(found or ["The books add up."]))
    return 1 if found else 0


def export_ledger(settings: Settings) -> None:
    with closing(_books(settings)) as con:
        table = csv.writer(sys.stdout)
        table.writerow(COLUMNS)
        table.writerows(entries(con))


def _books(settings: Settings) -> sqlite3.Connection:
    if not settings.database_path.exists():
        refuse(f"There are no books yet: {settings.database_path} does not exist.")
    return open_for_reading(settings.database_path)
