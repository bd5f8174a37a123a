"""A job's beginning: money is held, and the job written with its cards, or nothing at all."""

import sqlite3
from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any

from bot.domain.budgets import Gate
from bot.domain.job import Job, NewJob, public_id_of
from bot.domain.moderation_policy import Look
from bot.errors import Broken, Conflict, QueueFull, TooManyWaiting
from storage.database.columns import maybe_iso, to_json, to_us
from storage.tables import blobs, hashes, ledger, pending_cards
from storage.tables.cards import add_card
from storage.tables.job_rows import load
from storage.tables.principals import asker_id
from storage.transactions import people
from storage.transactions.jobs import refuse_withheld_source

_PUBLIC_ID_TRIES = 8


def reserve(
    con: sqlite3.Connection,
    new: NewJob,
    gates: Sequence[Gate],
    now: datetime,
    *,
    open_per_person: int,
    open_at_all: int,
) -> Job:
    """Hold the quote on every level and write the job and its card, or nothing at all.

    A key that was reserved before returns its job. Raises Conflict if that job was another
    request; BadRequest for a starting image that was removed; QuotaExceeded, TooManyWaiting,
    QueueFull, Blocked or Paused.
    """
    row = con.execute("SELECT fingerprint FROM job WHERE key = ?", (new.key,)).fetchone()
    if row is not None:
        if row[0] != new.fingerprint:
            raise Conflict("replay")
        return load(con, new.key)
    # The person first: this brings an erased person's row, and so their blocks, back.
    person = asker_id(con, new.asker)
    people.refuse_if_blocked_or_paused(con, new.asker, now)
    _refuse_if_crowded(con, person, open_per_person, open_at_all)
    if new.image is not None:
        blobs.keep(con, new.image, now)
    _insert(con, new, person, now)
    refuse_withheld_source(con, new.key)
    ledger.hold(con, new.key, gates, new.quote_micros, now)
    for surface, address in new.cards:
        add_card(con, new.key, surface, address, now)
    pending_cards.forget(con, new.key)
    return load(con, new.key)


def _insert(con: sqlite3.Connection, new: NewJob, person: int, now: datetime) -> None:
    asker = {
        "name": new.asker.name,
        "age_restricted": new.asker.age_restricted,
        "direct": new.asker.direct,
        "locale": new.asker.locale,
        "roles": sorted(new.asker.roles),
        "account_created_at": maybe_iso(new.asker.account_created_at),
        "joined_at": maybe_iso(new.asker.joined_at),
    }
    con.execute(
        "INSERT INTO job (key, public_id, person_id, channel, asker, fingerprint, state, request,"
        " asked_model, image_sha256, private, action, parent, parent_picture, quote, backend, seed,"
        " acked_at, created_at, deadline_at, first_frame, epoch)"
        " VALUES (?, ?, ?, ?, ?, ?, 'reserved', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " this_epoch())",
        (
            new.key,
            _free_public_id(con, new.key),
            person,
            new.asker.channel,
            to_json(asker),
            new.fingerprint,
            to_json(_record_of(new)),
            new.asked_model,
            new.image and new.image.sha256,
            new.private,
            new.action,
            new.parent,
            new.parent_picture,
            new.quote_micros,
            new.backend,
            new.request.seed,
            to_us(now),
            to_us(now),
            to_us(new.waits_until),
            new.first_frame,
        ),
    )
    if new.image_pdq:
        look = Look(pdq=new.image_pdq)
        hashes.keep_one(con, new.key, hashes.STARTING_IMAGE, look, now)


def _record_of(new: NewJob) -> dict[str, Any]:
    """The request, with what was noted when it was asked."""
    takes = None if new.takes is None else sorted(new.takes)
    notes = [astuple(note) for note in new.notes]
    return {**new.request.to_record(), "takes": takes, "notes": notes}


def _free_public_id(con: sqlite3.Connection, key: str) -> str:
    for attempt in range(_PUBLIC_ID_TRIES):
        candidate = public_id_of(key, attempt)
        taken = con.execute("SELECT 1 FROM job WHERE public_id = ?", (candidate,)).fetchone()
        if taken is None:
            return candidate
    raise Broken


def _refuse_if_crowded(
    con: sqlite3.Connection, person: int, open_per_person: int, open_at_all: int
) -> None:
    mine = con.execute(
        "SELECT count(*) FROM job WHERE person_id = ? AND state IN ('reserved', 'submitted')",
        (person,),
    ).fetchone()[0]
    if mine >= open_per_person:
        raise TooManyWaiting(open_per_person)
    every = con.execute(
        "SELECT count(*) FROM job WHERE state IN ('reserved', 'submitted')"
    ).fetchone()[0]
    if every >= open_at_all:
        raise QueueFull
