"""When something is tried again that a platform would not take."""

from datetime import datetime, timedelta

# About a day in all: a platform's outage is outlived, a deleted channel is given up.
ATTEMPTS_MAX = 24
BACKOFF_MAX = timedelta(hours=1)


def retry_at(failed: int, now: datetime) -> datetime | None:
    """After one more attempt than `failed` has failed; None gives it up."""
    if failed + 1 >= ATTEMPTS_MAX:
        return None
    return now + min(timedelta(seconds=2**failed), BACKOFF_MAX)
