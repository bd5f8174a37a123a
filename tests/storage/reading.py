"""A stored DATA_DIR put back, and everything that the store reads in it as plain values."""

import base64
import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bot.domain.asker import Asker
from bot.domain.budgets import Budgets, gates
from bot.domain.case import CaseState
from bot.errors import BotError
from storage import ledger_export
from storage.sqlite_store import SqliteStore, open_for_reading
from storage.tables import audit

ALWAYS = timedelta(days=365)


def restore(stored: Path, data_dir: Path) -> None:
    """What `make_database.pack` took apart."""
    with closing(sqlite3.connect(data_dir / "limner.db")) as con:
        con.executescript((stored / "limner.sql").read_text("utf-8"))
    for name, data in json.loads((stored / "files.json").read_text("utf-8")).items():
        path = data_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(data))


async def rendering(data_dir: Path, now: datetime) -> dict[str, Any]:
    """Everything that can be read, by what it is; JSON-ready, without what is empty or false."""
    store = SqliteStore.open(data_dir / "limner.db", now)
    try:
        read = {**await _things(store, now), **await _people(store, data_dir, now)}
    finally:
        await store.close()
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        read["audit"] = [row[1:-1] for row in audit.rows(con)]
        read["ledger"] = Counter(f"{row[2]} {row[4]}" for row in ledger_export.entries(con))
    plain = _plain(read)
    assert isinstance(plain, dict)
    return plain


async def _things(store: SqliteStore, now: datetime) -> dict[str, Any]:
    known = await store.people.communities()
    return {
        "jobs": [
            await store.jobs.job(key)
            for (key,) in await _rows(store, "SELECT key FROM job ORDER BY created_at, key")
        ],
        "cases": await store.cases.queue(None, None, list(CaseState), now),
        "cards": await store.cards.due(now + ALWAYS, 1_000),
        "openings": await store.pending_cards.due("slack", now + ALWAYS, 1_000),
        "files elsewhere": await store.remote_files.due("slack", now + ALWAYS, 1_000),
        "notices": await store.cases.due_notices(now + ALWAYS, 1_000),
        "evidence": await store.cases.due_evidence(1_000),
        "hashes": await store.cases.hashes_after(0, 1_000),
        "next effect": await store.cases.next_effect_at(),
        "settings": {f"{p}:{c}": await store.people.community(p, c) for p, c in known},
        "installations": await store.installations.installed("slack"),
        "models": await store.owner.models(),
        "unused files": await store.owner.unused_files("", 1_000),
        "notes": {
            name: await store.owner.note(name)
            for name in ("paused", "claimed", "discord_commands:7")
        },
    }


async def _people(store: SqliteStore, data_dir: Path, now: datetime) -> dict[str, Any]:
    found = await _rows(
        store,
        "SELECT platform, community, person FROM principal"
        " WHERE kind = 'person' AND person IS NOT NULL ORDER BY platform, community, person",
    )
    return {"people": {":".join(who): await _person(store, *who, now=now) for who in found}}


async def _person(
    store: SqliteStore, platform: str, community: str, person: str, *, now: datetime
) -> dict[str, Any]:
    who = Asker(platform=platform, community=community, channel="", person=person)
    past = await store.cases.past(platform, community, person, now)
    return {
        "standing": await _standing(store, who, now),
        "defaults": await store.people.defaults(who),
        "presets": await store.chat.presets(who),
        "favourites": [job.public_id for job in await store.chat.favourites(who, 99)],
        "accounts": await store.people.accounts_of(who),
        "balances": [
            f"{b.level} {b.window} {b.granted_micros} {b.held_micros} {b.posted_micros}"
            for b in await store.jobs.balances(gates(who, Budgets(), "UTC"), now)
        ],
        "past": (past.results, past.refused_prompts, past.blocked_until, past.locked),
        "strikes": past.strikes,
        "cases": [case.id for case in past.cases],
        "moderation": await store.cases.moderation_of(who),
    }


async def _standing(store: SqliteStore, who: Asker, now: datetime) -> BotError | None:
    return (await store.people.standing(who, lambda _: (), now)).bar


async def _rows(store: SqliteStore, sql: str) -> Sequence[Any]:
    return await store._reader.rows(sql)


def _plain(value: Any) -> Any:
    if isinstance(value, BotError):  # its kind is looked at where rows keep one
        value = vars(value)
    elif isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    elif is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): p for name, v in value.items() if not _empty(p := _plain(v))}
    if isinstance(value, frozenset):
        value = sorted(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return _leaf(value)


def _leaf(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case bytes():
            return hashlib.sha256(value).hexdigest()
    return value


def _empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {})
