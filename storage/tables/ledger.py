"""Money: holds on windowed accounts, resolved at most once. Transaction bodies only.

The terms are TigerBeetle's: a hold is pending; a post or a void resolves it; entries are never
changed, a correction is a new one. Each body is called inside one writer transaction.

Always true, for every job on each of its levels:
    what the backend billed, for all of its calls = posted on that level + posted on the house
The owner pays for the house. So what it paid counts on the owner's own levels when a hold asks for
room there, or whoever cancels what is being drawn, or has it given back, would get past them.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.budgets import Gate, period
from bot.errors import Conflict
from storage.database.columns import maybe_us, to_us
from storage.tables.balances import read_balances
from storage.tables.principals import (
    find_principal_of_gate,
    house_of,
    know_actor,
    principal_of_gate,
)


class Kind(StrEnum):
    """The kind of an entry. HOLD → POST → REFUND, or HOLD → VOID; others stand alone."""

    HOLD = "hold"
    POST = "post"
    VOID = "void"
    REFUND = "refund"
    GRANT = "grant"
    ADJUST = "adjust"  # what changed a limit, or the house's share, afterwards


class OnHouse(StrEnum):
    """Why the owner pays for a job."""

    OVERRUN = "overrun"  # the bill exceeded the quote
    BILLED = "billed"  # the service charged for what can't be shown
    UNKNOWN = "unknown"  # nobody knows whether it charged: the quote counts as the bill
    ABSORB = "absorb"  # it was given back
    STRAY = "stray"  # a call of an earlier epoch, whose job is somebody else's by now


@dataclass(frozen=True, slots=True)
class Account:
    """The account of one window. `gated` ones never exceed `credits`; the others only count."""

    id: int
    gated: bool
    credits: int
    granted: int
    held: int
    posted: int

    def credits_under(self, limit: int) -> int:
        """What was granted comes on top, and what is posted and held stays covered."""
        return max(limit + self.granted, self.posted + self.held)


def hold(
    con: sqlite3.Connection, job: str, gates: Iterable[Gate], amount: int, now: datetime
) -> None:
    """Hold `amount` on every level. Raises QuotaExceeded; the caller's savepoint is rolled back."""
    wanted = tuple(gates)
    for balance in read_balances(con, wanted, now):
        balance.refuse(amount)
    for gate in wanted:
        account = open_account(con, gate, now)
        con.execute("UPDATE account SET held = held + ? WHERE id = ?", (amount, account.id))
        _write(con, Kind.HOLD, account.id, amount, f"{job}:hold:{account.id}", now, job=job)


def post(con: sqlite3.Connection, job: str, bill: int, now: datetime) -> None:
    """Resolve the job's holds by the bill; the house pays what exceeds the quote."""
    charge = bill
    for hold_id, account_id, held in _holds(con, job):
        charge = min(bill, held)
        _settle(con, job, hold_id, account_id, held, charge, now)
    if bill > charge:
        post_on_house(con, job, bill - charge, OnHouse.OVERRUN, now)


def _settle(
    con: sqlite3.Connection,
    job: str,
    hold_id: int,
    account_id: int,
    held: int,
    charge: int,
    now: datetime,
) -> None:
    """One level pays `charge` of what was held on it."""
    con.execute(
        "UPDATE account SET held = held - ?, posted = posted + ? WHERE id = ?",
        (held, charge, account_id),
    )
    key = f"{job}:post:{account_id}"
    _write(con, Kind.POST, account_id, charge, key, now, job=job, ref=hold_id)


def void(con: sqlite3.Connection, job: str, now: datetime) -> None:
    """Resolve the job's holds without a charge."""
    for hold_id, account_id, held in _holds(con, job):
        con.execute("UPDATE account SET held = held - ? WHERE id = ?", (held, account_id))
        key = f"{job}:void:{account_id}"
        _write(con, Kind.VOID, account_id, held, key, now, job=job, ref=hold_id)


def post_on_house(con: sqlite3.Connection, job: str, amount: int, why: str, now: datetime) -> None:
    """Post `amount` of a job, which no person is charged for, on the owner's house account."""
    if not amount:
        return
    house = _house_account(con, job)
    con.execute("UPDATE account SET posted = posted + ? WHERE id = ?", (amount, house))
    _write(con, Kind.POST, house, amount, f"{job}:{why}", now, job=job)


def post_stray(con: sqlite3.Connection, job: str, epoch: int, amount: int, now: datetime) -> bool:
    """Post on the house what the job's call of `epoch` cost; False if it was posted before.

    Raises Conflict if that was another amount.
    """
    why = f"{OnHouse.STRAY}:{epoch}"
    row = con.execute("SELECT amount FROM entry WHERE key = ?", (f"{job}:{why}",)).fetchone()
    if row is None:
        post_on_house(con, job, amount, why, now)
    elif row[0] != amount:
        raise Conflict("bill")
    return row is None


def booked_on_house(con: sqlite3.Connection, job: str) -> int:
    """What the house pays for the call that the job's row speaks of."""
    row = con.execute(
        "SELECT coalesce(sum(amount), 0) - (SELECT stray FROM job WHERE key = ?1) FROM entry"
        " WHERE job_key = ?1 AND kind = 'post' AND ref_id IS NULL",
        (job,),
    ).fetchone()
    return int(row[0])


def correct_house(con: sqlite3.Connection, job: str, amount: int, now: datetime) -> None:
    """Adjust the house by `amount`, which may be negative, once a late bill is known."""
    if not amount:
        return
    house = _house_account(con, job)
    con.execute("UPDATE account SET posted = posted + ? WHERE id = ?", (amount, house))
    _write(con, Kind.ADJUST, house, amount, f"{job}:late", now, job=job)


def _house_account(con: sqlite3.Connection, job: str) -> int:
    """The account of the house that pays for `job`: the one that did before, or that of the window
    of the owner's budget that the job holds on, for strangers one of their own.
    """
    row = con.execute(_HOUSE_SQL, (job,)).fetchone()
    if row is not None:
        return int(row[0])
    (whose, *window), *_ = [*con.execute(_OWNERS_WINDOW_SQL, (job,)), ("", "life", None, None)]
    con.execute(
        "INSERT INTO account (principal_id, period, starts_at, ends_at, gated)"
        " VALUES (?, ?, ?, ?, 0) ON CONFLICT DO NOTHING",
        (principal := house_of(con, whose), *window),
    )
    found = _find(con, principal, window[0])
    assert found is not None
    return found.id


_HOUSE_SQL = """
SELECT account_id FROM entry JOIN account ON account.id = account_id
  JOIN principal who ON who.id = principal_id
WHERE job_key = ? AND who.kind = 'house' LIMIT 1
"""
# That of all strangers before that of everybody.
_OWNERS_WINDOW_SQL = """
SELECT who.community, period, starts_at, ends_at FROM entry
  JOIN account ON account.id = account_id JOIN principal who ON who.id = principal_id
WHERE job_key = ? AND entry.kind = 'hold' AND who.kind = 'operator'
ORDER BY who.community DESC LIMIT 1
"""


def refund(con: sqlite3.Connection, job: str, actor: str, now: datetime) -> None:
    """Give back what was posted, on every level; the house pays it instead."""
    paid = 0
    for post_id, account_id, amount in _posts(con, job):
        paid = amount
        con.execute("UPDATE account SET posted = posted - ? WHERE id = ?", (amount, account_id))
        key = f"{job}:refund:{account_id}"
        _write(con, Kind.REFUND, account_id, amount, key, now, job=job, ref=post_id, actor=actor)
    post_on_house(con, job, paid, OnHouse.ABSORB, now)


def grant(
    con: sqlite3.Connection, gate: Gate, amount: int, key: str, actor: str, now: datetime
) -> bool:
    """Add credits to the current window. The same key again changes nothing and returns False."""
    row = con.execute("SELECT account_id, amount FROM entry WHERE key = ?", (key,)).fetchone()
    if row is not None:
        principal = find_principal_of_gate(con, gate)
        window = period(gate.window, now, gate.timezone)
        known = _find(con, principal, window.name) if principal else None
        if known is None or row != (known.id, amount):
            raise Conflict("grant")
        return False
    know_actor(con, actor)
    account = open_account(con, gate, now)
    con.execute(
        "UPDATE account SET credits = credits + ?, granted = granted + ? WHERE id = ?",
        (amount, amount, account.id),
    )
    _write(con, Kind.GRANT, account.id, amount, key, now, actor=actor)
    open_account(con, gate, now)  # applies a limit that lies below what is used
    return True


def open_account(con: sqlite3.Connection, gate: Gate, now: datetime) -> Account:
    """The account of `gate` for the window that holds `now`, with the limit that is in force.

    A new window is a new row, opened here. A limit that changed within the window is adjusted,
    never below what is already posted and held.
    """
    principal = principal_of_gate(con, gate)
    window = period(gate.window, now, gate.timezone)
    account = _find(con, principal, window.name)
    if account is not None:
        return _with_limit(con, account, gate.limit_micros, now)
    row = con.execute(
        "INSERT INTO account (principal_id, period, starts_at, ends_at, gated, credits)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (
            principal,
            window.name,
            maybe_us(window.starts_at),
            maybe_us(window.ends_at),
            gate.limit_micros is not None,
            gate.limit_micros or 0,
        ),
    ).fetchone()
    if gate.limit_micros:
        _write(con, Kind.GRANT, row[0], gate.limit_micros, f"allowance:{row[0]}", now)
    account = _find(con, principal, window.name)
    assert account is not None
    return account


def _with_limit(
    con: sqlite3.Connection, account: Account, limit: int | None, now: datetime
) -> Account:
    gated = limit is not None
    wanted = account.credits
    if limit is not None:
        wanted = account.credits_under(limit)
    if (gated, wanted) == (account.gated, account.credits):
        return account
    con.execute(
        "UPDATE account SET gated = ?, credits = ? WHERE id = ?", (gated, wanted, account.id)
    )
    if wanted != account.credits:
        last = con.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()[0]
        key = f"limit:{account.id}:{last}"
        _write(con, Kind.ADJUST, account.id, wanted - account.credits, key, now)
    return replace(account, gated=gated, credits=wanted)


def _find(con: sqlite3.Connection, principal: int, name: str) -> Account | None:
    row = con.execute(
        "SELECT id, gated, credits, granted, held, posted FROM account"
        " WHERE principal_id = ? AND period = ?",
        (principal, name),
    ).fetchone()
    if row is None:
        return None
    number, gated, credit, granted, held, posted = row
    return Account(number, bool(gated), credit, granted, held, posted)


def _holds(con: sqlite3.Connection, job: str) -> list[tuple[int, int, int]]:
    """(entry, account, amount) of every hold of `job`, in the order they were taken."""
    return con.execute(
        "SELECT id, account_id, amount FROM entry WHERE job_key = ? AND kind = 'hold' ORDER BY id",
        (job,),
    ).fetchall()


def _posts(con: sqlite3.Connection, job: str) -> list[tuple[int, int, int]]:
    """(entry, account, amount) of everything that somebody paid for `job`; not the house."""
    return con.execute(
        "SELECT id, account_id, amount FROM entry"
        " WHERE job_key = ? AND kind = 'post' AND ref_id IS NOT NULL AND amount > 0",
        (job,),
    ).fetchall()


def _write(
    con: sqlite3.Connection,
    kind: str,
    account: int,
    amount: int,
    key: str,
    now: datetime,
    *,
    job: str | None = None,
    ref: int | None = None,
    actor: str = "limner",
) -> None:
    con.execute(
        "INSERT INTO entry (job_key, account_id, kind, amount, ref_id, key, actor, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (job, account, kind, amount, ref, key, actor, to_us(now)),
    )
