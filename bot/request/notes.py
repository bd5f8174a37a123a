"""Remarks about what people typed."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about text that was understood; `wording/` has the sentence."""

    code: str
    data: dict[str, Any]
