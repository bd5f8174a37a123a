"""Conversions between values and columns: times, JSON."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# SQLite's largest integer stands for "never ends" where NULLs can't be compared.
FOR_GOOD_US = 2**63 - 1


def to_us(at: datetime) -> int:
    """Microseconds since 1970, computed in integers, so that no time is rounded."""
    return (at - _EPOCH) // _MICROSECOND


def from_us(at_us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at_us)


def maybe_us(at: datetime | None) -> int | None:
    return None if at is None else to_us(at)


def maybe_from_us(at_us: int | None) -> datetime | None:
    return None if at_us is None else from_us(at_us)


def to_json(value: Any) -> str:
    """`value` as JSON; equal values give equal texts, so that these can be compared and hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_json(text: str) -> Any:
    return json.loads(text)


def maybe_from_iso(text: str | None) -> datetime | None:
    """A time that was stored inside JSON."""
    return None if text is None else datetime.fromisoformat(text)


def maybe_iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
