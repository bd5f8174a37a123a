"""A backup every night, by setting, beside the running bot.

It is a folder limner-YEAR-MONTH-DAY in BACKUP_DIR. Whether one is due is asked of the disk and the
clock every few minutes, so that neither a restart nor a clock that is set forgets or repeats one.
"""

import asyncio
import logging
import shutil
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.errors import Misconfigured
from bot.ports import Alerts, Clock
from storage.backup import BackedUp, back_up

BACKUPS_LOOK_S = 300.0
PREFIX = "limner-"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupPlan:
    """What is backed up where, from which hour on in which time zone, and how many are kept."""

    database: Path
    pictures: Path
    folder: Path
    kept: int
    hour: int
    timezone: str


class NightlyBackups:
    def __init__(self, plan: BackupPlan, alerts: Alerts, clock: Clock) -> None:
        self._plan = plan
        self._alerts = alerts
        self._clock = clock

    async def look(self) -> None:
        """Make today's backup if it is time and it isn't there; a failure alerts the owner."""
        target = self._due()
        if target is None:
            return
        stop = threading.Event()
        work = asyncio.create_task(asyncio.to_thread(self._back_up, target, stop))
        try:
            report = await asyncio.shield(work)
        except asyncio.CancelledError:
            stop.set()
            await asyncio.wait([work])
            raise
        except Exception as trouble:
            log.exception("the nightly backup failed; it will be tried again")
            await self._alerts.alert("backup_failed", _failed(self._plan.folder, trouble))
            return
        log.info("backed up to %s: %d pictures", target, report.pictures)
        if report.damaged:
            await self._alerts.alert("pictures_damaged", _damaged(report))

    def _due(self) -> Path | None:
        now = self._clock.now().astimezone(ZoneInfo(self._plan.timezone))
        target = self._plan.folder / _name(now)
        return None if now.hour < self._plan.hour or target.exists() else target

    def _back_up(self, target: Path, stop: threading.Event) -> BackedUp:
        folder = self._plan.folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for half in folder.glob(f".{PREFIX}*"):  # of a process that is gone
            shutil.rmtree(half)
        made = _backups_in(folder)
        report = back_up(
            self._plan.database,
            self._plan.pictures,
            target,
            previous=made[-1] if made else None,
            check=lambda: _refuse_if(stop),
        )
        for old in _backups_in(folder)[: -self._plan.kept]:
            half = old.with_name(f".{old.name}.old")  # never half a backup under a whole one's name
            old.rename(half)
            shutil.rmtree(half)
        return report


class Stopped(Exception):
    """The bot stops; nothing is left of the backup that was being made."""


def _refuse_if(stop: threading.Event) -> None:
    if stop.is_set():
        raise Stopped


def _name(day: datetime) -> str:
    return f"{PREFIX}{day:%Y-%m-%d}"


def _backups_in(folder: Path) -> list[Path]:
    """The nightly backups, the oldest first; nothing else that lies there."""
    return sorted(folder.glob(f"{PREFIX}[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"))


def _failed(folder: Path, trouble: Exception) -> str:
    why = " ".join(trouble.problems) if isinstance(trouble, Misconfigured) else str(trouble)
    return f"The nightly backup to {folder} failed: {why} It is tried again in a few minutes."


def _damaged(report: BackedUp) -> str:
    return (
        f"{len(report.damaged)} pictures in the store are damaged, and in no new backup. "
        "`limner check --pictures` names them; an older backup may have them."
    )
