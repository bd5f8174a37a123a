"""Where a card is on Slack, as the small JSON record that is stored with its job."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

_TIMES = ("attempted_at",)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAddress:
    """Ids are Slack's; "" is unknown. `ts` names a message in its channel.

    `attempt` is a send whose end is unknown: "" none, "new" a message in `channel`, "dm" one in
    the person's private messages.
    """

    team: str
    person: str
    channel: str = ""
    ts: str = ""
    private: bool = False
    attempt: str = ""
    attempted_at: datetime | None = None
    posted: bool = False  # the final card was delivered
    cost_told: bool = False
    # File ids by the picture's number: for the card, and shared in the thread as plain files.
    files: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Self:
        values = {name: record[name] for name in cls.__dataclass_fields__ if name in record}
        for name in _TIMES:
            if values.get(name):
                values[name] = datetime.fromisoformat(values[name])
        return cls(**values)

    def to_record(self) -> dict[str, Any]:
        record = asdict(self)
        for name in _TIMES:
            value = record[name]
            record[name] = value.isoformat() if value else None
        return record
