"""What somebody has to mend at a platform before a result can be shown there."""

from enum import StrEnum


class Repair(StrEnum):
    """Stored as the trouble of cards: values must not change."""

    UPLOADS = "uploads"  # the platform takes no files there
    STORAGE = "storage"  # there is no room left for files
    SCOPE = "scope"  # the bot lacks a permission
    TOKEN = "token"  # noqa: S105  (the platform refuses the bot's token)
    APP = "app"  # the bot was taken off


# Whom it is told to; nobody of what somebody did on purpose.
TOLD_TO_ADMINS = frozenset({Repair.UPLOADS, Repair.STORAGE, Repair.SCOPE})
TOLD_TO_OWNER = TOLD_TO_ADMINS | {Repair.TOKEN}
