"""Where a card of Slack is: the small JSON record that the bot keeps for us."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

_TIMES = ("attempted_at",)


class Attempt(StrEnum):
    """What may have arrived without our hearing of it.

    NONE → NEW → DM, each written down before it is tried; → NONE once a message was seen.
    """

    NONE = ""
    NEW = "new"  # a message in the channel
    DM = "dm"  # one in the person's private messages


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAddress:
    """Ids are those of Slack; "" is unknown. `ts` names a message in its channel."""

    team: str
    person: str
    channel: str = ""
    ts: str = ""
    private: bool = False
    attempt: Attempt = Attempt.NONE
    attempted_at: datetime | None = None
    posted: bool = False  # the final card was seen in its place
    cost_told: bool = False
    # File ids by the number of their picture: uploaded, and shared as they are in the thread.
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
