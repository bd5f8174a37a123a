"""Errors survive a job's row."""

import json
from datetime import UTC, datetime

import pytest

from bot import errors
from bot.errors import BotError, Problem, from_record, to_record

MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)
PROBLEM = Problem("width", "not_listed", {"choices": [512, 768], "got": 600, "nearest": 512})


@pytest.mark.parametrize(
    "error",
    [
        errors.BadRequest((PROBLEM, PROBLEM)),
        errors.NotFound("model", "x/y"),
        errors.NotAllowed("admins_only"),
        errors.Blocked(why="spam", until=MIDNIGHT),
        errors.Blocked(),
        errors.Paused(everywhere=True),
        errors.TooNew(open_at=MIDNIGHT),
        errors.QuotaExceeded("person", "day", 3, 5, MIDNIGHT),
        errors.QuotaExceeded("person", "life", 3, 5, None),
        errors.TooManyWaiting(3),
        errors.Conflict("open"),
        errors.NoSpace(),
        errors.BackendTimedOut(billed_micros=7, detail="HTTP 504"),
    ],
)
def test_an_error_comes_back_as_it_was(error: BotError) -> None:
    again = from_record(json.loads(json.dumps(to_record(error))))
    assert type(again) is type(error)
    assert vars(again) == vars(error)


def test_a_kind_that_is_no_longer_known_is_broken() -> None:
    assert type(from_record({"kind": "Melted", "heat": 3})) is errors.Broken


def test_data_that_a_kind_no_longer_has_is_left_out() -> None:
    again = from_record({"kind": "TooManyWaiting", "limit": 3, "mood": "calm"})
    assert vars(again) == {"limit": 3}


def test_only_outcomes_after_the_request_went_out_are_unknown() -> None:
    kinds = {*errors.BotError.__subclasses__(), *errors.BackendFailed.__subclasses__()}
    unknown = {kind.__name__ for kind in kinds if kind.outcome_unknown}
    assert unknown == {"BackendTimedOut", "BackendCutOff", "Broken"}
