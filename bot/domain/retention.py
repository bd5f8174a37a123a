"""How long each kind of thing is kept."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Zero keeps a kind for ever. What moderators look into is exempt from all limits."""

    results: timedelta = timedelta(days=90)  # pictures and prompts
    refused: timedelta = timedelta(days=7)
    cases: timedelta = timedelta(days=180)
    left: timedelta = timedelta(days=30)  # communities that took the bot off
    audit: timedelta = timedelta(days=730)
