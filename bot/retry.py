"""When to send again what a platform did not take."""

from datetime import datetime, timedelta

# About a day in all: longer than a platform's outage, and an end for a deleted channel.
ATTEMPTS_MAX = 24
BACKOFF_MAX = timedelta(hours=1)


def retry_at(failed: int, now: datetime) -> datetime | None:
    """When to try again after attempt `failed` (from 0) has failed; None is never again."""
    if failed + 1 >= ATTEMPTS_MAX:
        return None
    return now + min(timedelta(seconds=2**failed), BACKOFF_MAX)
