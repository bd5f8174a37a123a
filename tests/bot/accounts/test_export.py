"""A person's export has everything about them, and each column says why it is in it or not."""

import io
import json
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.asker import DISCORD
from bot.domain.case import Category, Decision
from storage.database.database import open_for_writing
from storage.tables.exports import MODERATION, RECORDS, queries
from tests.bot.accounts.test_forgetting import (
    PERSON,
    Marks,
    a_bot,
    decide_all,
    files,
    use_everything,
)
from tests.support.bot_harness import ANN, BOB, prompted
from tests.support.clock import NOON

# Why a column of a table about people isn't in their export. A new one is sorted in here, or
# exported; and if it is about somebody, forgotten in storage/transactions/forgetting.py.
INSIDE = "numbers and times by which the bot finds and does things"
OTHERS = "who decided or reported: somebody else"
FROZEN = "of what is frozen nobody is told"
OTHERWISE = "bot/accounts/privacy.py reads it by other means"
SECRET = "an erased person's hash, or a key"

COLUMNS: dict[str, dict[str, str]] = {
    "principal": {OTHERWISE: "kind platform community person", INSIDE: "id", SECRET: "erased_hash"},
    "account": {
        OTHERWISE: "period credits held posted",
        INSIDE: "id principal_id starts_at ends_at gated granted",
    },
    "job": {
        OTHERWISE: "public_id channel asker state request asked_model image_sha256 private action"
        " parent parent_picture seed drawn_by failure created_at bill",
        INSIDE: "key person_id fingerprint revision quote backend address repeatable request_id"
        " acked_at submitted_at closed_at deadline_at reported epoch called_in stray"
        " judge_failures judge_at first_frame",
        FROZEN: "frozen",
    },
    "picture": {
        OTHERWISE: "position sha256 type size_bytes width_px height_px flagged verdict job_key"
    },
    "card": {INSIDE: "id shown_revision due_at attempts"},
    "look": {INSIDE: "threshold pdq"},
    "person": {OTHERWISE: "defaults", INSIDE: "principal_id"},
    "preset": {OTHERWISE: "name options", INSIDE: "principal_id"},
    "favourite": {INSIDE: "principal_id"},
    "entry": {INSIDE: "id account_id ref_id key", OTHERS: "actor"},
    "report": {INSIDE: "id job_key principal_id closed_at case_id counts upheld"},
    "refused_prompt": {INSIDE: "id principal_id case_id"},
    "strike": {
        INSIDE: "id principal_id case_id block_id",
        OTHERS: "actor lifted_by",
    },
    "block": {
        INSIDE: "id principal_id case_id",
        OTHERS: "actor lifted_by",
        FROZEN: "locked",
    },
    "review_case": {
        INSIDE: "id community_id subject_id job_key round effect_at announced_at closed_at"
        " forgotten_at claimed_until decided_at first_decision reach",
        OTHERS: "claimed_by decided_by first_decided_by",
    },
    "notice": {INSIDE: "id topic place principal_id due_at attempts"},
    "audit": {
        INSIDE: "id hash",
        OTHERWISE: "actor",
        SECRET: "actor_key actor_digest detail_key detail_digest",
    },
    "erasure": {INSIDE: "principal_id"},
    "opening": {
        INSIDE: "key platform community channel due_at tries person thread",
        SECRET: "address",
    },
    "remote_file": {
        INSIDE: "platform community file holder seen_by job_key positions principal_id at due_at"
        " tries"
    },
    "home": {OTHERWISE: "platform community person"},
    "undelivered": {OTHERWISE: "platform person"},
}
# Tables that hold nothing about a person, or only keys of rows that do.
NOBODY = {
    *("blob", "community", "model", "note", "told", "installation", "once_ticket", "delivered"),
    *("case_picture", "blocked_hash", "evidence", "audit_anchor", "epoch", "erased"),
    *("derived", "blocked_file", "migration", "admittance", "departure"),
}


@pytest.fixture
def schema(tmp_path: Path) -> dict[str, set[str]]:
    with closing(open_for_writing(tmp_path / "limner.db", NOON)) as con:
        tables = [name for (name,) in con.execute(_TABLES_SQL)]
        return {
            table: {row[1] for row in con.execute(f"PRAGMA table_info({table})")}
            for table in tables
        }


_TABLES_SQL = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def test_every_column_is_exported_or_says_why_not(schema: dict[str, set[str]]) -> None:
    assert set(schema) == {*COLUMNS, *NOBODY}
    exported = {
        table: set(names) for of in (MODERATION, RECORDS) for table, names, _ in queries(of)
    }
    for table, reasons in COLUMNS.items():
        named = [name for names in reasons.values() for name in names.split()]
        assert sorted([*named, *exported.get(table, ())]) == sorted(schema[table]), table


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


async def test_the_export_of_somebody_who_used_everything_has_each_of_their_marks(
    tmp_path: Path,
) -> None:
    marks = Marks()
    async with a_bot(tmp_path / "data") as core:
        await use_everything(core, marks)
        await core.privacy.export(DISCORD, PERSON, tmp_path / "export")
        text = (tmp_path / "export" / "data.json").read_bytes()
        # What others wrote when they reported them is not theirs.
        assert set(marks.words) - set(marks.found_in(text)) == {
            word for word in marks.words if word.endswith("about-them")
        }
        data = json.loads(text)
        names = [job["starting_image"] for job in data["places"][0]["jobs"]]
        starts = [each for each in names if each]
        assert [size_of(tmp_path / "export" / each) for each in starts] == [(64, 64)]
        assert {each.name for each in files(tmp_path / "export")} >= set(starts)


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (9, 99, 9)).save(file, "PNG")
    return file.getvalue()


async def test_what_a_removed_picture_was_drawn_from_stays_here(tmp_path: Path) -> None:
    async with a_bot(tmp_path / "data") as core:
        wish = prompted(image=png(), webhook="https://example.org/hook")
        view = await core.finished(await core.imagine(ANN, wish))
        (job,) = await core.store.jobs.jobs_of(ANN, None, 10)
        await core.reactions.report(BOB, view.public_id, "no", Category.HATE)
        await decide_all(core, Decision.REMOVE, "no")
        await core.privacy.export(DISCORD, "ann", tmp_path / "export")
        assert [each.name for each in files(tmp_path / "export")] == ["data.json"]
        assert job.image is not None
