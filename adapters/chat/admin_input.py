"""Limits and helpers for what admins type."""

DOLLARS_MAX = 100_000.0
BLOCK_MAX_DAYS = 3_650
BLOCK_REASON_MAX_CHARS = 200


def toggled(known: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(each for each in known if each != one) if one in known else (*known, one)
