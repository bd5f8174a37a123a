"""Windows tile time: every instant is in exactly one, whatever the zone does to its clocks."""

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.budgets import period

# Half-hour summer time, a day that never was, summer time that starts at midnight, odd offsets.
PECULIAR = (
    "Africa/Cairo",
    "America/Asuncion",
    "America/Havana",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "UTC",
)
zones = st.one_of(st.sampled_from(PECULIAR), st.sampled_from(sorted(available_timezones())))
instants = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  (bounds are naive by contract)
windows = st.sampled_from(["day", "month"])

INSTANT = timedelta(microseconds=1)


@settings(max_examples=500, derandomize=True, database=None)
@given(now=instants, zone=zones, window=windows)
def test_windows_tile_time_in_every_zone(
    now: datetime, zone: str, window: Literal["day", "month"]
) -> None:
    check_tiles(now, zone, window)


@pytest.mark.parametrize("zone", PECULIAR)
def test_windows_tile_time_around_every_change_of_the_clocks(zone: str) -> None:
    for change in clock_changes(zone):
        for beside in (-25, -24, -2, -1, -0.5, 0, 0.5, 1, 2, 24, 25):
            at = change + timedelta(hours=beside)
            check_tiles(at - INSTANT, zone, "day")
            check_tiles(at, zone, "day")


def test_a_day_may_begin_in_the_middle_of_the_night() -> None:
    # Toronto's clocks jumped from 23:30 to 00:30 on 30 March 1919.
    change = datetime(1919, 3, 31, 4, 30, tzinfo=UTC)
    for beside_min in (-61, -31, -1, 0, 1, 29, 30, 31, 61):
        check_tiles(change + timedelta(minutes=beside_min), "America/Toronto", "day")


def check_tiles(now: datetime, zone: str, window: Literal["day", "month"]) -> None:
    here = period(window, now, zone)
    assert here.starts_at is not None
    assert here.ends_at is not None
    assert here.starts_at <= now < here.ends_at
    # The same window from its first instant to its last, another one right before and after.
    assert period(window, here.starts_at, zone) == here
    assert period(window, here.ends_at - INSTANT, zone) == here
    before = period(window, here.starts_at - INSTANT, zone)
    after = period(window, here.ends_at, zone)
    assert before.ends_at == here.starts_at
    assert after.starts_at == here.ends_at
    assert len({before.name, here.name, after.name}) == 3


def clock_changes(zone: str) -> list[datetime]:
    """Every instant of these years at which the zone's offset jumps, to the second."""
    clock, found = ZoneInfo(zone), []
    early, late = datetime(2000, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    while early < late:
        after = early + timedelta(days=7)
        low, high = early, after
        while high - low > timedelta(seconds=1) and offset(low, clock) != offset(after, clock):
            middle = low + (high - low) // 2
            unchanged = offset(middle, clock) == offset(early, clock)
            low, high = (middle, high) if unchanged else (low, middle)
        if high < after:
            found.append(high.replace(microsecond=0))
        early = after
    return found


def offset(at: datetime, clock: ZoneInfo) -> timedelta | None:
    return at.astimezone(clock).utcoffset()


def test_the_changes_of_the_clocks_are_found() -> None:
    changes = clock_changes("Pacific/Apia")
    assert datetime(2011, 12, 30, 10, tzinfo=UTC) in changes
    assert len(clock_changes("Europe/Berlin")) == 54
    assert clock_changes("UTC") == []


@settings(max_examples=500, derandomize=True, database=None)
@given(now=instants, zone=zones)
def test_a_window_begins_where_the_calendar_of_the_zone_turns(now: datetime, zone: str) -> None:
    day, month = period("day", now, zone), period("month", now, zone)
    assert day.starts_at is not None
    assert month.starts_at is not None
    begins = day.starts_at.astimezone(ZoneInfo(zone))
    ended = (day.starts_at - INSTANT).astimezone(ZoneInfo(zone))
    # Where midnight is repeated or skipped, the day begins up to an hour beside it.
    assert (begins.hour, begins.minute) == (0, 0) or begins.hour in (0, 1, 23)
    assert ended.date() < begins.date() or begins.hour == 23
    assert month.starts_at.astimezone(ZoneInfo(zone)).day == 1
    assert month.starts_at <= day.starts_at


@pytest.mark.parametrize(
    ("zone", "window", "now", "name", "starts_at", "ends_at"),
    [
        ("UTC", "day", "2026-11-22T12:00", "2026-11-22", "2026-11-22T00:00", "2026-11-23T00:00"),
        ("UTC", "month", "2026-12-31T23:59", "2026-12-01", "2026-12-01T00:00", "2027-01-01T00:00"),
        # A day of 23 hours and one of 25.
        (
            *("Europe/Berlin", "day", "2026-03-29T12:00"),
            *("2026-03-29", "2026-03-28T23:00", "2026-03-29T22:00"),
        ),
        (
            *("Europe/Berlin", "day", "2026-10-25T12:00"),
            *("2026-10-25", "2026-10-24T22:00", "2026-10-25T23:00"),
        ),
        # Half an hour of summer time.
        (
            *("Australia/Lord_Howe", "day", "2026-04-04T20:00"),
            *("2026-04-05", "2026-04-04T13:00", "2026-04-05T13:30"),
        ),
        # A day that begins at one o'clock.
        (
            *("Africa/Cairo", "day", "2026-04-24T12:00"),
            *("2026-04-24", "2026-04-23T22:00", "2026-04-24T21:00"),
        ),
        # 30 December 2011 never was.
        (
            *("Pacific/Apia", "day", "2011-12-30T09:59"),
            *("2011-12-29", "2011-12-29T10:00", "2011-12-30T10:00"),
        ),
    ],
)
def test_a_window_has_a_name_and_two_ends(
    zone: str,
    window: Literal["day", "month"],
    now: str,
    name: str,
    starts_at: str,
    ends_at: str,
) -> None:
    found = period(window, datetime.fromisoformat(now + "Z"), zone)
    assert found.name == f"{window}:{name}@{zone}"
    assert found.starts_at == datetime.fromisoformat(starts_at + "Z")
    assert found.ends_at == datetime.fromisoformat(ends_at + "Z")


def test_a_life_never_ends() -> None:
    found = period("life", datetime(2026, 11, 22, tzinfo=UTC), "Europe/Berlin")
    assert (found.name, found.starts_at, found.ends_at) == ("life", None, None)
