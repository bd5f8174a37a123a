"""The store of moderation over SQLite."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from bot.domain.asker import Asker
from bot.domain.case import (
    Case,
    CaseState,
    Category,
    Decision,
    DueEvidence,
    DueHash,
    DueNotice,
    Figures,
    Past,
    Purge,
    Strike,
)
from bot.domain.job import Job
from bot.domain.retention import Retention
from bot.errors import NotFound
from bot.store import EVERYTHING, Wanted
from storage.database.columns import FOR_GOOD_US, from_json, from_us, maybe_from_us, to_us
from storage.database.reader import Reader
from storage.database.writer import Writer
from storage.tables import audit, case_rows, exports, hashes, job_rows, notices
from storage.tables.principals import asker_id, community_of
from storage.tables.wanted import as_values
from storage.transactions import (
    cases,
    effects,
    evidence,
    reports,
    retention,
    sanctions,
)
from storage.transactions.lineage import lifting, starting_images, withholding

# Cases read at once: usually a few are open, but a raid must not fill the memory.
QUEUE_MAX = 200
PAST_CASES_MAX = 20


class SqliteCaseStore:
    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._write = writer.run
        self._reader = reader

    # --- writes ------------------------------------------------------------------------------

    async def report(
        self, asker: Asker, job: str, reason: str, category: Category, now: datetime
    ) -> str | None:
        return await self._write(reports.report, asker, job, reason, category, now)

    async def refuse_prompt(self, asker: Asker, prompt: str, now: datetime) -> str | None:
        return await self._write(reports.refuse_prompt, asker, prompt, now)

    async def claim(self, case: str, asker: Asker, now: datetime) -> Case:
        return await self._write(cases.claim, case, asker, now)

    async def release(self, case: str, asker: Asker, now: datetime) -> Case:
        return await self._write(cases.release, case, asker, now)

    async def decide(
        self, case: str, decision: Decision, reason: str, asker: Asker, now: datetime
    ) -> tuple[Case, list[Job]]:
        def body(con: Any) -> tuple[Case, list[Job]]:
            decided = cases.decide(con, case, decision, reason, asker, now)
            if decision.waits:
                return decided, []
            changed = effects.apply(con, case, now)
            return case_rows.load(con, case, now), changed

        return await self._write(body)

    async def take_back(self, case: str, asker: Asker, now: datetime) -> Case:
        return await self._write(cases.take_back, case, asker, now)

    async def second_look(self, asker: Asker, job: str, now: datetime) -> Case:
        return await self._write(cases.second_look, asker, job, now)

    async def apply_due(self, now: datetime, limit: int) -> list[Job]:
        return await self._write(effects.apply_due, now, limit)

    async def expire(self, before: datetime, limit: int, now: datetime) -> list[Job]:
        return await self._write(effects.expire, before, limit, now)

    async def take_down(self, asker: Asker, job: str, now: datetime) -> Job:
        return await self._write(effects.take_down, asker, job, now)

    async def purge(
        self, asker: Asker, person: str, since: datetime, now: datetime
    ) -> tuple[Purge, list[Job]]:
        return await self._write(effects.purge, asker, person, since, now)

    async def strike(
        self, member: Asker, reason: str, lasts: timedelta, actor: str, now: datetime
    ) -> int:
        def body(con: Any) -> int:
            person = asker_id(con, member)
            return sanctions.strike(
                con, person, case=None, reason=reason, lasts=lasts, actor=actor, now=now
            )

        return await self._write(body)

    async def lift_strike(
        self, platform: str, community: str, strike: int, actor: str, now: datetime
    ) -> None:
        def body(con: Any) -> None:
            place = community_of(con, platform, community)
            sanctions.lift_strike(con, place, strike, actor, now)

        await self._write(body)

    async def trace(self, limit: int, now: datetime) -> tuple[list[Job], bool]:
        def body(con: Any) -> tuple[list[Job], bool]:
            changed = withholding.trace(con, limit, now) | lifting.give_back(con, limit, now)
            jobs = [job_rows.load(con, key) for key in sorted(changed)]
            return jobs, withholding.is_unfinished(con)

        # Asked first, so that nothing is written while there is nothing to do.
        if not await self._reader.row(withholding.UNFINISHED_SQL):
            return [], False
        return await self._write(body)

    async def hashed(self, file: DueHash, alike: Sequence[str], pdq: bytes, now: datetime) -> None:
        await self._write(starting_images.hashed, file.case, file.sha256, alike, pdq, now)

    async def secured(self, case: int, position: int, now: datetime) -> None:
        await self._write(evidence.secured, case, position, now)

    async def close_frozen(
        self, case: str, *, unlock: bool, drop: bool, actor: str, now: datetime
    ) -> None:
        await self._write(
            evidence.close_frozen, case, unlock=unlock, drop=drop, actor=actor, now=now
        )

    async def said(self, notice: int) -> None:
        await self._write(notices.said, notice)

    async def not_said(self, notice: int, retry_at: datetime | None) -> None:
        await self._write(notices.failed, notice, retry_at)

    async def record(
        self, actor: str, action: str, subject: str, detail: dict[str, Any], now: datetime
    ) -> None:
        await self._write(audit.record, actor, action, subject, detail, now)

    async def block_hash(self, pdq: bytes, source: str, now: datetime) -> None:
        await self._write(hashes.block_known, pdq, source, now)

    async def keep_to_retention(self, keep: Retention, limit: int, now: datetime) -> int:
        return await self._write(retention.sweep, keep, limit, now)

    # --- reads -------------------------------------------------------------------------------

    async def case(self, public_id: str, now: datetime) -> Case:
        found = await self._cases("WHERE c.public_id = ?", (public_id,), now)
        if not found:
            raise NotFound("case", public_id)
        return found[0]

    async def queue(
        self,
        platform: str | None,
        community: str | None,
        states: Sequence[CaseState],
        now: datetime,
    ) -> list[Case]:
        """Cases in any of `states`, the oldest first; of every community if `platform` is None.

        Decided ones come in the order of their decisions, the newest first.
        """
        marks = ", ".join("?" * len(states))
        where = f"WHERE c.state IN ({marks})"
        values: list[Any] = list(states)
        if platform is not None:
            where += " AND place.platform = ? AND place.community = ?"
            values += [platform, community]
        waits = CaseState.OPEN in states
        decided_at = "coalesce(c.decided_at, c.opened_at)"
        order = "c.opened_at, c.id" if waits else f"{decided_at} DESC, c.id DESC"
        return await self._cases(f"{where} ORDER BY {order} LIMIT {QUEUE_MAX}", values, now)

    async def past(self, platform: str, community: str, person: str, now: datetime) -> Past:
        who = (platform, community, person)
        row = await self._reader.row(_PAST_SQL, (*who, to_us(now)))
        if row is None:
            raise NotFound("person", person)
        strikes = await self._reader.rows(_STRIKES_SQL, who)
        mine = (
            "WHERE who.platform = ? AND who.community = ? AND who.person = ?"
            f" ORDER BY c.opened_at DESC LIMIT {PAST_CASES_MAX}"
        )
        return Past(
            results=row[0],
            refused_prompts=row[1],
            blocked=bool(row[2]),
            blocked_until=None if row[3] == FOR_GOOD_US else maybe_from_us(row[3]),
            locked=bool(row[4]),
            strikes=tuple(map(_strike_of, strikes)),
            cases=tuple(await self._cases(mine, who, now)),
        )

    async def purgeable(self, platform: str, community: str, person: str, since: datetime) -> Purge:
        row = await self._reader.row(
            effects.PURGEABLE_SQL, (platform, community, person, to_us(since))
        )
        if row is None:
            raise NotFound("person", person)
        return Purge(results=row[0], pictures=row[1], since=since)

    async def figures(self, platform: str | None, community: str | None, now: datetime) -> Figures:
        where, values = "", []
        if platform is not None:
            where = " AND place.platform = ? AND place.community = ?"
            values = [platform, community]
        opened = await self._reader.rows(_OPENED_SQL.format(where=where), values)
        counts = await self._reader.row(_FIGURES_SQL.format(where=where), values)
        ages_s = [(to_us(now) - at) / 1_000_000 for (at,) in opened]
        return Figures(
            open=len(ages_s),
            median_age_s=median(ages_s) if ages_s else None,
            decided=counts[0],
            second_looks=counts[1],
            overturned=counts[2],
        )

    async def due_notices(
        self, now: datetime, limit: int, wanted: Wanted = EVERYTHING
    ) -> list[DueNotice]:
        rows = await self._reader.rows(notices.DUE_SQL, (to_us(now), limit, *as_values(wanted)))
        return [
            DueNotice(
                id=row[0],
                topic=row[1],
                place=row[2],
                platform=row[3],
                community=row[4],
                person=row[5],
                code=row[6],
                detail=from_json(row[7]),
                attempts=row[8],
            )
            for row in rows
        ]

    async def due_evidence(self, limit: int) -> list[DueEvidence]:
        rows = await self._reader.rows(evidence.EVIDENCE_SQL, (limit,))
        return [
            DueEvidence(
                case=row[0], case_id=row[1], position=row[2], sha256=row[3], media_type=row[4]
            )
            for row in rows
        ]

    async def due_hashes(self, limit: int) -> list[DueHash]:
        rows = await self._reader.rows(starting_images.TO_HASH_SQL, (limit,))
        return [DueHash(case=row[0], sha256=row[1], media_type=row[2]) for row in rows]

    async def starting_hashes(self, after: str, limit: int) -> list[tuple[str, str, bytes]]:
        rows = await self._reader.rows(starting_images.STARTING_HASHES_SQL, (after, limit))
        return [(row[0], row[1], row[2]) for row in rows]

    async def next_effect_at(self) -> datetime | None:
        """When the next decision takes effect."""
        row = await self._reader.row(
            "SELECT min(effect_at) FROM review_case WHERE effect_at IS NOT NULL"
        )
        return maybe_from_us(row[0])

    async def hashes_after(self, number: int, limit: int) -> list[tuple[int, str, str, bytes]]:
        """(number, platform, community, eight hashes); platform "" is everywhere."""
        rows = await self._reader.rows(
            "SELECT h.id, coalesce(place.platform, ''), coalesce(place.community, ''), h.pdq"
            " FROM blocked_hash h LEFT JOIN principal place ON place.id = h.community_id"
            " WHERE h.id > ? ORDER BY h.id LIMIT ?",
            (number, limit),
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    async def hash_count(self) -> int:
        return int((await self._reader.row("SELECT count(*) FROM blocked_hash"))[0])

    async def moderation_of(self, asker: Asker) -> dict[str, Any]:
        """What is kept about one person besides their results, for them to take along."""
        return await self._exported(asker, exports.MODERATION)

    async def records_of(self, asker: Asker) -> dict[str, Any]:
        """Their messages, what was seen in their pictures, entries, and deeds as a moderator."""
        return await self._exported(asker, exports.RECORDS)

    async def _exported(self, asker: Asker, of: exports.Exports) -> dict[str, Any]:
        who = (asker.platform, asker.community, asker.person)
        return {
            table: [
                dict(zip(names, row, strict=True)) for row in await self._reader.rows(query, who)
            ]
            for table, names, query in exports.queries(of)
        }

    async def _cases(self, where: str, values: Sequence[Any], now: datetime) -> list[Case]:
        rows = await self._reader.rows(f"{case_rows.CASE_SQL} {where}", (to_us(now), *values))
        if not rows:
            return []
        numbers = [row[0] for row in rows]
        marks = ", ".join("?" * len(numbers))
        pictures = await self._reader.rows(
            f"{case_rows.PICTURES_SQL} WHERE cp.case_id IN ({marks}) ORDER BY cp.position", numbers
        )
        reports = await self._reader.rows(
            f"{case_rows.REPORTS_SQL} WHERE case_id IN ({marks}) ORDER BY id", numbers
        )
        return [
            case_rows.case_of(
                row,
                [picture for picture in pictures if picture[-1] == row[0]],
                [report for report in reports if report[-1] == row[0]],
            )
            for row in rows
        ]


_PAST_SQL = f"""
SELECT (SELECT count(*) FROM job WHERE person_id = who.id AND state IN ('produced', 'refunded')),
  (SELECT count(*) FROM refused_prompt WHERE principal_id = who.id),
  count(block.id), max(coalesce(until, {FOR_GOOD_US})), max(coalesce(locked, 0))
FROM principal who LEFT JOIN block ON principal_id = who.id AND lifted_at IS NULL
  AND (until IS NULL OR until > ?4)
WHERE who.kind = 'person' AND who.platform = ?1 AND who.community = ?2 AND who.person = ?3
GROUP BY who.id
"""  # noqa: S608  (our own number)
_STRIKES_SQL = """
SELECT strike.id, c.public_id, strike.reason, at, expires_at, lifted_at IS NOT NULL
FROM strike JOIN principal who ON who.id = principal_id
  LEFT JOIN review_case c ON c.id = strike.case_id
WHERE who.kind = 'person' AND who.platform = ? AND who.community = ? AND who.person = ?
ORDER BY strike.id DESC
"""
_OPENED_SQL = """
SELECT opened_at FROM review_case c JOIN principal place ON place.id = c.community_id
WHERE c.state = 'open'{where}
"""
_FIGURES_SQL = """
SELECT count(*) FILTER (WHERE decided_at IS NOT NULL),
  count(*) FILTER (WHERE round > 1 AND decided_at IS NOT NULL),
  count(*) FILTER (WHERE round > 1 AND decided_at IS NOT NULL AND decision IN ('approve', 'blur'))
FROM review_case c JOIN principal place ON place.id = c.community_id WHERE 1{where}
"""


def _strike_of(row: Sequence[Any]) -> Strike:
    return Strike(
        id=row[0],
        case=row[1],
        reason=row[2],
        at=from_us(row[3]),
        expires_at=from_us(row[4]),
        lifted=bool(row[5]),
    )
