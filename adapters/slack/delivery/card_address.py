"""Where a card is on Slack, as the small JSON record that is stored with its job."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

_TIMES = ("attempted_at",)


class Attempt(StrEnum):
    """A send whose end is unknown.

    NONE → NEW → DM, each stored before it is tried; → NONE once a message was delivered.
    """

    NONE = ""
    NEW = "new"  # a message in the channel
    DM = "dm"  # one in the person's private messages


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAddress:
    """Ids are Slack's; "" is unknown, or none. `ts` names a message in its channel."""

    team: str
    person: str
    channel: str = ""
    ts: str = ""
    closed_ts: str = ""  # of a card before it, which can't be changed any more
    thread: str = ""  # the message in whose thread the card is
    private: bool = False
    attempt: Attempt = Attempt.NONE
    attempted_at: datetime | None = None
    posted: bool = False  # the final card was delivered
    asked_in: str = ""  # of a private result: where it can be shared
    asked_under: str = ""  # the message in whose thread that was
    only_here: bool = False  # nowhere else, not even in private
    waits_for: str = ""  # the Repair that the card says it waits for
    # File ids by the picture's number: for the card, and shared in the thread as plain files.
    files: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Self:
        values = {name: record[name] for name in cls.__dataclass_fields__ if name in record}
        for name in _TIMES:
            if values.get(name):
                values[name] = datetime.fromisoformat(values[name])
        if "attempt" in values:
            values["attempt"] = Attempt(values["attempt"])
        return cls(**values)

    def to_record(self) -> dict[str, Any]:
        record = asdict(self)
        for name in _TIMES:
            value = record[name]
            record[name] = value.isoformat() if value else None
        return record
