"""Counters for /metrics, in Prometheus' text format.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any


class Metrics:
    def __init__(self) -> None:
        self._answers: Counter[int] = Counter()
        self._drawings: Counter[str] = Counter()
        self._pictures = 0
        self._runtime_ms = 0
        self._webhooks: Counter[str] = Counter()

    def answered(self, status: int) -> None:
        self._answers[status] += 1

    def count(self, outcome: str) -> None:
        self._drawings[outcome] += 1

    def drawn(self, pictures: int, runtime_ms: int) -> None:
        self._drawings["succeeded"] += 1
        self._pictures += pictures
        self._runtime_ms += runtime_ms

    def webhook(self, outcome: str) -> None:
        self._webhooks[outcome] += 1

    def text(self, gauges: Mapping[str, float], engine: Mapping[str, Any]) -> str:
        lines = [
            *_family("limner_answers_total", "counter", "status", self._answers),
            *_family("limner_drawings_total", "counter", "outcome", self._drawings),
            *_family("limner_webhooks_total", "counter", "outcome", self._webhooks),
            *_single("limner_pictures_total", "counter", self._pictures),
            *_single("limner_drawing_seconds_total", "counter", self._runtime_ms / 1_000),
        ]
        for name, value in gauges.items():
            lines += _single(f"limner_{name}", "gauge", value)
        for name, value in engine.items():
            if isinstance(value, int | float):
                lines += _single(f"limner_engine_{name}", "gauge", float(value))
        return "\n".join(lines) + "\n"


def _family(name: str, kind: str, label: str, values: Mapping[Any, float]) -> list[str]:
    found = [f'{name}{{{label}="{key}"}} {value:g}' for key, value in sorted(values.items())]
    return [f"# TYPE {name} {kind}", *found] if found else []


def _single(name: str, kind: str, value: float) -> list[str]:
    return [f"# TYPE {name} {kind}", f"{name} {value:.10g}"]
